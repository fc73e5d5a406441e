//! Time as an argument: the only place that asks the system for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the current time in µs since 1970 UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is where the clock argument comes from")]
pub fn system_clock() -> Clock {
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros() as i64))
}

/// A clock that can be put forward, and stopped.
pub struct Hands {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Clone, Copy)]
enum State {
    /// It goes, and is so many µs ahead.
    Goes(i64),
    StandsAt(i64),
}

impl Hands {
    pub fn of(clock: Clock) -> Self {
        Self { clock, state: Mutex::new(State::Goes(0)) }
    }

    pub fn now(&self) -> i64 {
        match *self.state() {
            State::Goes(ahead) => (self.clock)() + ahead,
            State::StandsAt(time) => time,
        }
    }

    /// From now on it moves only where it is told to.
    pub fn set(&self, time: i64) {
        *self.state() = State::StandsAt(time);
    }

    pub fn advance(&self, micros: i64) {
        let mut state = self.state();
        *state = match *state {
            State::Goes(ahead) => State::Goes(ahead + micros),
            State::StandsAt(time) => State::StandsAt(time + micros),
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
