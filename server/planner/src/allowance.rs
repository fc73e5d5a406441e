//! The requests that X lets a credential make at an endpoint: so many in each window of 15 minutes.

use model::Timestamp;
use model::time::{MINUTE, SECOND};

/// Length of X's windows.
const WINDOW: i64 = 15 * MINUTE;
/// X tells the end of a window in whole seconds; where it tells none, this much longer is waited.
const ROUNDING: i64 = SECOND;
/// Ends that differ by less are of one window: those of two differ by its length, but an answer that was long on its way
/// seems to come from a clock that is behind.
const SAME_WINDOW: i64 = WINDOW / 2;
/// A refusal that says it is over already: clocks differ.
const AT_LEAST: i64 = 10 * SECOND;

/// What X says of its window with an answer. Times are those of our clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub limit: u32,
    pub remaining: u32,
    pub reset: Timestamp,
}

/// One bucket: requests of one credential at one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Requests in a window.
    pub limit: u32,
    /// Requests left until `reset`.
    pub remaining: u32,
    /// When the window ends that is open now.
    pub reset: Timestamp,
    /// Whether X told the limit; else it is that of the access tier.
    pub is_limit_told: bool,
    /// No request before then: X refused one, or a cap of a day or a month is reached.
    pub closed_until: Option<Timestamp>,
    /// When the last request was made.
    last: Option<Timestamp>,
    /// Microseconds from a request to the next.
    spacing: i64,
    /// Requests without an answer.
    in_flight: u32,
    /// The least that X has said to be left of this window.
    told: u32,
    /// Whether X told when the window ends.
    is_told: bool,
}

impl Allowance {
    /// A bucket that nobody has asked yet, with the limit of its access tier.
    pub fn new(limit: u32, spacing: i64) -> Self {
        Self {
            limit,
            remaining: limit,
            reset: Timestamp(i64::MIN),
            is_limit_told: false,
            closed_until: None,
            last: None,
            spacing,
            in_flight: 0,
            told: limit,
            is_told: false,
        }
    }

    /// As it was noted before a restart. What was spent then may never have been sent: the first answer tells.
    pub fn resume(limits: Limits, is_limit_told: bool, spacing: i64, closed_until: Option<Timestamp>) -> Self {
        let Limits { limit, remaining, reset } = limits;
        Self { remaining, reset, is_limit_told, closed_until, told: remaining, ..Self::new(limit, spacing) }
    }

    /// The access tier is another, or its limits are. X's own word on the limit stands; what was spent stays spent.
    pub fn assume(&mut self, limit: u32, spacing: i64) {
        self.spacing = spacing;
        if !self.is_limit_told {
            self.remaining = (limit + self.remaining).saturating_sub(self.limit);
            self.limit = limit;
        }
    }

    /// When the next request may be made; now or earlier means now.
    pub fn opens_at(&self, now: Timestamp) -> Timestamp {
        let is_used_up = self.remaining == 0 && now < self.reset;
        let window = if is_used_up { self.reset } else { now };
        let closed = self.closed_until.unwrap_or(now);
        let spaced = self.last.map_or(now, |last| Timestamp(last.0 + self.spacing));
        window.max(closed).max(spaced).max(if self.limit == 0 { Timestamp(now.0 + WINDOW) } else { now })
    }

    /// Takes a request, which is made now. Must be open.
    pub fn spend(&mut self, now: Timestamp) {
        debug_assert!(self.opens_at(now) <= now, "a request in a closed window");
        if now >= self.reset {
            self.remaining = self.limit;
            self.reset = Timestamp(now.0 + WINDOW + ROUNDING);
            self.is_told = false;
        }
        self.remaining = self.remaining.saturating_sub(1);
        self.last = Some(now);
        self.in_flight += 1;
    }

    /// An answer came, or will not come. X may leave out what it says of its limits.
    pub fn answered(&mut self, limits: Option<Limits>, now: Timestamp) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(Limits { limit, remaining, reset }) = limits else { return };
        // Nonsense and windows that are over already say nothing of this one.
        if limit == 0 || remaining > limit || reset <= now || reset.0 > now.0 + WINDOW + MINUTE {
            return;
        }
        (self.limit, self.is_limit_told) = (limit, true);
        let is_same = self.is_told && (reset - self.reset).abs() < SAME_WINDOW;
        // Answers may come in another order than X gave them: within a window the count only falls.
        self.told = if is_same { self.told.min(remaining) } else { remaining };
        // Those on their way may be counted already, or not.
        self.remaining = self.told.saturating_sub(self.in_flight);
        self.reset = reset;
        self.is_told = true;
    }

    /// X refused a request: none before `until`, and not at once where that is over already.
    pub fn close(&mut self, until: Timestamp, now: Timestamp) {
        let until = until.max(Timestamp(now.0 + AT_LEAST));
        self.closed_until = Some(self.closed_until.map_or(until, |closed| closed.max(until)));
    }

    /// Requests in a microsecond, in the long run.
    pub fn rate(&self) -> f64 {
        let rate = f64::from(self.limit) / WINDOW as f64;
        if self.spacing > 0 { rate.min(1.0 / self.spacing as f64) } else { rate }
    }

    /// When the request after `ahead` others can be made, if each is made as soon as it may be.
    pub fn forecast(&self, ahead: u32, now: Timestamp) -> Timestamp {
        let open = self.opens_at(now).max(now);
        let left = if open >= self.reset { self.limit } else { self.remaining };
        let limit = self.limit.max(1);
        let spaced = |number: u32| i64::from(number) * self.spacing;
        match ahead.checked_sub(left) {
            None => Timestamp(open.0 + spaced(ahead)),
            Some(beyond) => {
                let first = if open >= self.reset { Timestamp(open.0 + WINDOW + ROUNDING) } else { self.reset };
                let windows = i64::from(beyond / limit) * (WINDOW + ROUNDING);
                Timestamp(first.0 + windows + spaced(beyond % limit))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_435_200 * SECOND);

    fn at(micros: i64) -> Timestamp {
        Timestamp(NOW.0 + micros)
    }

    #[test]
    fn a_window_without_headers_lasts_fifteen_minutes_from_its_first_request() {
        let mut allowance = Allowance::new(2, 0);
        allowance.spend(NOW);
        allowance.answered(None, at(SECOND));
        allowance.spend(at(MINUTE));
        allowance.answered(None, at(MINUTE));
        assert_eq!(allowance.opens_at(at(2 * MINUTE)), at(15 * MINUTE + SECOND));
        let again = at(15 * MINUTE + SECOND);
        assert_eq!(allowance.opens_at(again), again);
        allowance.spend(again);
        assert_eq!(allowance.remaining, 1);
    }

    #[test]
    fn what_x_says_counts_whatever_the_order_of_its_answers() {
        let mut allowance = Allowance::new(450, 0);
        let said = |remaining| Some(Limits { limit: 300, remaining, reset: at(10 * MINUTE) });
        for _ in 0..3 {
            allowance.spend(NOW);
        }
        allowance.answered(said(5), NOW);
        assert_eq!((allowance.limit, allowance.remaining), (300, 3), "two are on their way");
        allowance.answered(said(3), NOW);
        allowance.answered(said(4), NOW);
        assert_eq!(allowance.remaining, 3, "all have come");
    }

    #[test]
    fn what_was_spent_before_a_restart_and_never_sent_comes_back_with_the_first_answer() {
        let noted = Limits { limit: 450, remaining: 2, reset: at(10 * MINUTE) };
        let mut allowance = Allowance::resume(noted, true, 0, None);
        allowance.spend(NOW);
        allowance.spend(NOW);
        assert_eq!(allowance.opens_at(NOW), at(10 * MINUTE), "until then what was noted counts");
        allowance.answered(Some(Limits { remaining: 5, ..noted }), NOW);
        assert_eq!(allowance.remaining, 4, "one is on its way");
        allowance.answered(Some(Limits { remaining: 4, ..noted }), NOW);
        allowance.answered(Some(Limits { remaining: 6, ..noted }), NOW);
        assert_eq!(allowance.remaining, 4, "from then on it only falls");
    }

    #[test]
    fn another_tier_counts_until_x_says_how_many_there_are() {
        let mut allowance = Allowance::new(450, 0);
        for _ in 0..10 {
            allowance.spend(NOW);
        }
        allowance.assume(15, SECOND);
        assert_eq!((allowance.remaining, allowance.opens_at(NOW)), (5, at(SECOND)));
        allowance.assume(8, 0);
        assert_eq!((allowance.remaining, allowance.opens_at(NOW)), (0, at(15 * MINUTE + SECOND)));
        allowance.assume(450, 0);
        assert_eq!(allowance.remaining, 442, "what was spent beyond a limit is forgotten");
        allowance.answered(Some(Limits { limit: 60, remaining: 50, reset: at(10 * MINUTE) }), NOW);
        allowance.assume(15, SECOND);
        assert_eq!((allowance.limit, allowance.opens_at(NOW)), (60, at(SECOND)));
    }

    #[test]
    fn an_answer_that_was_long_on_its_way_gives_nothing_back() {
        let mut allowance = Allowance::new(450, 0);
        allowance.spend(NOW);
        allowance.spend(NOW);
        let said = |remaining, reset| Some(Limits { limit: 12, remaining, reset });
        allowance.answered(said(2, at(10 * MINUTE)), NOW);
        allowance.answered(said(8, at(10 * MINUTE + 5 * SECOND)), at(5 * SECOND));
        assert_eq!(allowance.remaining, 2);
        allowance.answered(said(11, at(25 * MINUTE)), at(10 * MINUTE));
        assert_eq!(allowance.remaining, 11, "the next window");
    }

    #[test]
    fn odd_headers_are_no_headers() {
        let mut allowance = Allowance::new(450, 0);
        allowance.spend(NOW);
        let known = Allowance { in_flight: 0, ..allowance.clone() };
        for odd in [
            Limits { limit: 0, remaining: 0, reset: at(MINUTE) },
            Limits { limit: 450, remaining: 451, reset: at(MINUTE) },
            Limits { limit: 450, remaining: 3, reset: NOW },
            Limits { limit: 450, remaining: 0, reset: at(24 * 60 * MINUTE) },
        ] {
            let mut told = allowance.clone();
            told.answered(Some(odd), NOW);
            assert_eq!(told, known, "{odd:?}");
        }
    }

    #[test]
    fn a_refusal_closes_it_for_ten_seconds_at_least() {
        let mut allowance = Allowance::new(450, 0);
        allowance.close(at(-MINUTE), NOW);
        assert_eq!(allowance.opens_at(NOW), at(10 * SECOND));
        allowance.close(at(60 * MINUTE), NOW);
        allowance.close(at(MINUTE), NOW);
        assert_eq!(allowance.opens_at(NOW), at(60 * MINUTE), "the longest counts");
    }

    #[test]
    fn a_forecast_is_what_happens() {
        for spacing in [0, SECOND] {
            let mut allowance = Allowance::new(7, spacing);
            allowance.spend(at(-3 * MINUTE));
            let foreseen: Vec<Timestamp> = (0..30).map(|ahead| allowance.forecast(ahead, NOW)).collect();
            let mut now = NOW;
            for (number, foreseen) in foreseen.into_iter().enumerate() {
                now = now.max(allowance.opens_at(now));
                assert_eq!(foreseen, now, "request {number}");
                allowance.spend(now);
            }
        }
    }
}
