//! What X says of its limits with an answer, as far as it can be understood.

use model::Timestamp;
use model::time::{DAY, HOUR, MINUTE, SECOND};
use reqwest::header::{DATE, HeaderMap};

/// A window of X, where X does not say when it ends.
pub const WINDOW: i64 = 15 * MINUTE;

/// Clocks that differ by less are taken as equal: X writes whole seconds, and answers take time.
const SAME_TIME: i64 = 2 * SECOND;

/// One bucket of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Requests in a window.
    pub limit: Option<u32>,
    /// Requests left in this window.
    pub remaining: u32,
    /// When the next window begins, by our clock.
    pub reset: Option<Timestamp>,
}

/// All buckets that an answer tells of. X leaves out what does not apply, and at times what does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// That of 15 minutes.
    pub window: Option<RateLimits>,
    /// Those of 24 hours, which some endpoints have beside it.
    pub app_day: Option<RateLimits>,
    pub user_day: Option<RateLimits>,
}

impl Limits {
    /// Reads `x-rate-limit-*` and `x-*-limit-24hour-*`. X's times are turned into ours by its header `date`; `now` is
    /// when the answer came.
    pub(crate) fn from_headers(headers: &HeaderMap, now: Timestamp) -> Self {
        let clock = XClock { now, ahead: ahead(headers, now) };
        Self {
            window: bucket(headers, "x-rate-limit", clock, WINDOW),
            app_day: bucket(headers, "x-app-limit-24hour", clock, DAY),
            user_day: bucket(headers, "x-user-limit-24hour", clock, DAY),
        }
    }

    /// Until when no request is left, if none is.
    pub fn closed_until(&self, now: Timestamp) -> Option<Timestamp> {
        let of = |bucket: Option<RateLimits>, length| bucket.and_then(|bucket| bucket.closed_until(now, length));
        of(self.window, WINDOW).max(of(self.app_day, DAY)).max(of(self.user_day, DAY))
    }

    /// The least that any bucket has left, if one says so.
    pub fn remaining(&self) -> Option<u32> {
        [self.window, self.app_day, self.user_day].into_iter().flatten().map(|bucket| bucket.remaining).min()
    }
}

impl RateLimits {
    fn closed_until(&self, now: Timestamp, length: i64) -> Option<Timestamp> {
        (self.remaining == 0).then(|| self.reset.unwrap_or(Timestamp(now.0 + length)))
    }
}

/// What X's clock shows, seen from here.
#[derive(Clone, Copy)]
struct XClock {
    now: Timestamp,
    /// By how much X's clock is ahead of ours; none if X does not say what time it has.
    ahead: Option<i64>,
}

/// A bucket whose number of requests left can be read; the rest of it may be missing or nonsense.
fn bucket(headers: &HeaderMap, name: &str, clock: XClock, length: i64) -> Option<RateLimits> {
    let number = |what: &str| headers.get(format!("{name}-{what}"))?.to_str().ok()?.trim().parse::<i64>().ok();
    let reset = number("reset").and_then(|seconds| seconds.checked_mul(SECOND));
    Some(RateLimits {
        limit: number("limit").and_then(|limit| u32::try_from(limit).ok()),
        remaining: u32::try_from(number("remaining")?).ok()?,
        reset: reset.and_then(|reset| clock.reset(reset, length)),
    })
}

impl XClock {
    /// When a window ends by our clock. None where what X says cannot be: it would end in the past, or later than any
    /// window. Without X's time, one cannot tell a long window from clocks that differ, and takes the shorter.
    fn reset(self, reset: i64, length: i64) -> Option<Timestamp> {
        let wait = reset.checked_sub(self.ahead.unwrap_or(0))?.checked_sub(self.now.0)?;
        let longest = if self.ahead.is_some() { DAY + MINUTE } else { length + SECOND };
        (0..=longest).contains(&wait).then_some(Timestamp(self.now.0 + wait))
    }
}

fn ahead(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let date = http_date(headers.get(DATE)?.to_str().ok()?)?;
    let ahead = date - now;
    Some(if ahead.abs() < SAME_TIME { 0 } else { ahead })
}

/// `Mon, 23 Nov 2026 12:00:00 GMT`, and with `UTC` as X has it. The day of the week says nothing new.
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, time, "GMT" | "UTC"] = words[..] else { return None };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let midnight = Timestamp::from_day(year.parse().ok()?, u32::try_from(month).ok()?, day.parse().ok()?)?;
    let parts: Option<Vec<i64>> = time.split(':').map(|part| part.parse().ok()).collect();
    let [hours @ 0..=23, minutes @ 0..=59, seconds @ 0..=60] = parts?[..] else { return None };
    Some(Timestamp(midnight.0 + hours * HOUR + minutes * MINUTE + seconds * SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn limits(pairs: &[(&'static str, &str)]) -> Limits {
        Limits::from_headers(&headers(pairs), NOW)
    }

    #[test]
    fn limits_are_read_or_absent_but_never_guessed() {
        assert_eq!(limits(&[("x-rate-limit-limit", "450")]), Limits::default());
        let read = limits(&[
            ("x-rate-limit-limit", "450"),
            ("x-rate-limit-remaining", "449"),
            ("x-rate-limit-reset", "1795435500"),
        ]);
        let reset = Some(Timestamp::from_seconds(1_795_435_500));
        assert_eq!(read.window, Some(RateLimits { limit: Some(450), remaining: 449, reset }));
        assert_eq!((read.remaining(), read.closed_until(NOW)), (Some(449), None));
    }

    #[test]
    fn a_used_up_window_without_a_time_is_as_long_as_windows_are() {
        let closed = |reset: &str| {
            let limits = limits(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", reset)]);
            limits.closed_until(NOW).unwrap() - NOW
        };
        for odd in ["", "soon", "NaN", "-1", "1795435199", "99999999999999999", "9223372036854775807"] {
            assert_eq!(closed(odd), WINDOW, "{odd}");
        }
        assert_eq!(closed("1795435210"), 10 * SECOND);
    }

    #[test]
    fn a_day_that_is_used_up_closes_longer_than_the_window() {
        let limits = limits(&[
            ("x-rate-limit-remaining", "12"),
            ("x-user-limit-24hour-remaining", "0"),
            ("x-user-limit-24hour-reset", "1795438800"),
            ("date", "Mon, 23 Nov 2026 12:00:00 GMT"),
        ]);
        assert_eq!(limits.closed_until(NOW), Some(Timestamp::from_seconds(1_795_438_800)));
        assert_eq!(limits.remaining(), Some(0));
    }

    #[test]
    fn a_window_is_as_long_for_a_clock_that_is_hours_off() {
        let skewed = |date: &str, reset: &str| {
            let answer = limits(&[("x-rate-limit-remaining", "0"), ("x-rate-limit-reset", reset), ("date", date)]);
            answer.closed_until(NOW).unwrap() - NOW
        };
        assert_eq!(skewed("Mon, 23 Nov 2026 14:00:00 GMT", "1795443000"), 10 * MINUTE, "X is two hours ahead");
        assert_eq!(skewed("Mon, 23 Nov 2026 10:00:00 UTC", "1795428600"), 10 * MINUTE, "and two hours behind");
        assert_eq!(skewed("Mon, 23 Nov 2026 11:59:59 GMT", "1795435800"), 10 * MINUTE, "a second is no difference");
        assert_eq!(skewed("yesterday", "1795443000"), WINDOW, "nobody knows");
    }

    proptest! {
        #[test]
        fn no_header_makes_anyone_wait_longer_than_a_day(
            remaining in "\\PC{0,6}|0", reset in "\\PC{0,22}|[0-9]{10}", date in "\\PC{0,30}|Mon, [0-9]{2} Nov 20[0-9]{2} 12:00:00 GMT",
        ) {
            let mut headers = HeaderMap::new();
            for (name, value) in
                [("x-rate-limit-remaining", &remaining), ("x-rate-limit-reset", &reset), ("date", &date)]
            {
                if let Ok(value) = value.parse() {
                    headers.insert(name, value);
                }
            }
            if let Some(until) = Limits::from_headers(&headers, NOW).closed_until(NOW) {
                prop_assert!((0..=DAY + MINUTE).contains(&(until - NOW)));
            }
        }
    }
}
