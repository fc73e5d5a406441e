//! X's request windows: each endpoint has one for the app and one for each user, which opens with the first request and
//! lasts 15 minutes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, HeaderValue};

use super::auth::Caller;
use super::endpoints::Endpoint;
use crate::Tier;
use tweetgen::time::{MINUTE, SECOND};

const WINDOW: i64 = 15 * MINUTE;

pub struct Limiter {
    tier: Tier,
    /// No endpoint takes more than this.
    most: u32,
    windows: Mutex<HashMap<Key, Window>>,
}

/// Method, path and whose request it is.
type Key = (&'static str, &'static str, Caller);

#[derive(Clone, Copy)]
struct Window {
    ends_at: i64,
    used: u32,
    /// When the last request was let in.
    last: i64,
}

/// The state of the window after a request.
#[derive(Clone, Copy)]
pub struct Quota {
    pub limit: u32,
    pub remaining: u32,
    /// µs UTC.
    pub resets_at: i64,
}

impl Limiter {
    pub fn new(tier: Tier, most: u32) -> Self {
        Self { tier, most, windows: Mutex::default() }
    }

    /// Takes one request; the second value is false if there was none left, or if it came within a second of another
    /// where that is too soon. Endpoints without a limit have no quota.
    pub fn take(&self, endpoint: &'static Endpoint, caller: Caller, now: i64) -> (Option<Quota>, bool) {
        let Some(limit) = self.limit(endpoint, caller) else { return (None, true) };
        let mut windows = self.windows();
        let window = windows.entry(key(endpoint, caller)).or_insert(Window { ends_at: i64::MIN, used: 0, last: 0 });
        if now >= window.ends_at {
            // X tells the end in whole seconds, so it is one
            let ends_at = (now + WINDOW + SECOND - 1).div_euclid(SECOND) * SECOND;
            *window = Window { ends_at, used: 0, ..*window };
        }
        let is_too_soon = endpoint.limits.is_slow && (0..SECOND).contains(&(now - window.last));
        let is_allowed = window.used < limit && !is_too_soon;
        if is_allowed {
            window.used += 1;
            window.last = now;
        }
        (Some(quota(limit, *window)), is_allowed)
    }

    /// The window as it is, taking nothing.
    pub fn peek(&self, endpoint: &'static Endpoint, caller: Caller, now: i64) -> Option<Quota> {
        let limit = self.limit(endpoint, caller)?;
        let window = self.windows().get(&key(endpoint, caller)).copied().filter(|window| now < window.ends_at);
        Some(quota(limit, window.unwrap_or(Window { ends_at: now + WINDOW, used: 0, last: 0 })))
    }

    fn limit(&self, endpoint: &Endpoint, caller: Caller) -> Option<u32> {
        let limits = endpoint.limits;
        let own = match caller {
            Caller::App if self.tier == Tier::Basic => limits.basic.unwrap_or(limits.app),
            Caller::App => limits.app,
            Caller::User(_) => limits.user,
        };
        (own > 0).then(|| own.min(self.most))
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<Key, Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(endpoint: &'static Endpoint, caller: Caller) -> Key {
    (endpoint.method.as_str(), endpoint.path, caller)
}

fn quota(limit: u32, window: Window) -> Quota {
    Quota { limit, remaining: limit - window.used, resets_at: window.ends_at }
}

impl Quota {
    pub fn write(self, headers: &mut HeaderMap) {
        headers.insert("x-rate-limit-limit", HeaderValue::from(self.limit));
        headers.insert("x-rate-limit-remaining", HeaderValue::from(self.remaining));
        headers.insert("x-rate-limit-reset", HeaderValue::from(self.resets_at.div_euclid(SECOND)));
    }
}
