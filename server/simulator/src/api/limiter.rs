//! X's request window: it opens with the first request and lasts 15 minutes.

use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, HeaderValue};

use tweetgen::time::{MINUTE, SECOND};

const WINDOW: i64 = 15 * MINUTE;

pub struct Limiter {
    limit: u32,
    window: Mutex<Window>,
}

#[derive(Clone, Copy)]
struct Window {
    ends_at: i64,
    used: u32,
}

/// The state of the window after a request.
#[derive(Clone, Copy)]
pub struct Quota {
    limit: u32,
    remaining: u32,
    resets_at: i64,
}

impl Limiter {
    pub fn new(limit: u32) -> Self {
        Self { limit, window: Mutex::new(Window { ends_at: i64::MIN, used: 0 }) }
    }

    /// Takes one request; the second value is false if there was none left.
    pub fn take(&self, now: i64) -> (Quota, bool) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= window.ends_at {
            // X tells the end in whole seconds, so it is one
            *window = Window { ends_at: (now + WINDOW + SECOND - 1).div_euclid(SECOND) * SECOND, used: 0 };
        }
        let allowed = window.used < self.limit;
        window.used += u32::from(allowed);
        (self.quota(*window), allowed)
    }

    /// The window as it is, taking nothing.
    pub fn peek(&self, now: i64) -> Quota {
        let window = *self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now < window.ends_at {
            return self.quota(window);
        }
        self.quota(Window { ends_at: now + WINDOW, used: 0 })
    }

    fn quota(&self, window: Window) -> Quota {
        Quota { limit: self.limit, remaining: self.limit - window.used, resets_at: window.ends_at }
    }
}

impl Quota {
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert("x-rate-limit-limit", HeaderValue::from(self.limit));
        headers.insert("x-rate-limit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-rate-limit-reset", HeaderValue::from(self.resets_at.div_euclid(SECOND)));
    }
}
