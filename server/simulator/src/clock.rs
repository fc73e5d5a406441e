//! Time as an argument: the only place that asks the system for it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the current time in µs since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is where the clock argument comes from")]
pub fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros() as i64))
}
