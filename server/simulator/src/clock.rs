//! Time as an argument: the only place that asks the system for it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const DAY: i64 = 24 * 60 * MINUTE;
pub const WEEK: i64 = 7 * DAY;

/// Tells the current time in µs since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is where the clock argument comes from")]
pub fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros() as i64))
}

/// `2026-11-23T18:25:43.000Z`: X cuts times to the second but prints milliseconds.
pub fn timestamp(micros: i64) -> String {
    DateTime::from_timestamp(micros.div_euclid(SECOND), 0)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
