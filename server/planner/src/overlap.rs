//! Reads what is new a second time: X's index is complete only after some minutes.
//!
//! X bills a post once in a day (UTC), so a second look on the same day costs requests, but no money. A schedule therefore
//! looks again at what has been read for [`SETTLE`] × 2, and once more right before midnight; what is from yesterday is let
//! be.

use model::time::{DAY, MINUTE};
use model::{Timestamp, TweetId};

/// After so long nothing is expected to appear any more.
pub const SETTLE: i64 = 15 * MINUTE;
/// So long before midnight begins the last look of the day.
pub const CLOSING: i64 = 5 * MINUTE;

/// How far a schedule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// All below it was read.
    pub read: TweetId,
    /// All below it is not read again.
    pub settled: TweetId,
    /// When the first of what lies between was read.
    pub since: Timestamp,
}

/// What the next run reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// From this id on.
    pub from: TweetId,
    /// Whether some of it was read before, on this day.
    pub is_overlap: bool,
}

impl Marks {
    /// Where a run begins that starts now.
    pub fn start(&self, now: Timestamp) -> Start {
        let is_due = now - self.since >= 2 * SETTLE || (self.since < closing(now) && closing(now) <= now);
        let is_free = self.since.day_number() == now.day_number();
        let is_overlap = is_due && is_free && self.settled < self.read;
        Start { from: if is_overlap { self.settled } else { self.read }, is_overlap }
    }

    /// After a run that began at `now` and read from `start` up to `to`.
    #[must_use]
    pub fn after(self, start: Start, to: TweetId, now: Timestamp) -> Self {
        let read = self.read.max(to);
        if start.is_overlap {
            let settled = self.settled.max(TweetId::first_at(Timestamp(now.0 - SETTLE)).min(read));
            return Self { read, settled, since: now };
        }
        let is_free = self.since.day_number() == now.day_number();
        let is_settled = !is_free || self.settled >= self.read;
        // What was old enough when it was read is not looked at again.
        let old = TweetId::first_at(Timestamp(now.0 - SETTLE)).max(self.read).min(read);
        let (settled, since) = if is_settled { (old, now) } else { (self.settled, self.since) };
        Self { read, settled, since }
    }

    /// When a run has to begin for the last free look of this day; none if there is nothing to look at again.
    pub fn closing_run(&self, now: Timestamp) -> Option<Timestamp> {
        let at = closing(now);
        let is_open = self.settled < self.read && self.since < at && self.since.day_number() == now.day_number();
        is_open.then_some(at)
    }

    /// Time between what is settled and what is read.
    pub fn unsettled(&self) -> i64 {
        self.read.time() - self.settled.time()
    }
}

/// When the last look of this moment's day (UTC) begins.
fn closing(now: Timestamp) -> Timestamp {
    Timestamp((now.day_number() + 1) * DAY - CLOSING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::{HOUR, SECOND};
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(&format!("2026-11-{text}Z")).unwrap()
    }

    fn run(marks: Marks, now: Timestamp) -> (Marks, Start) {
        let start = marks.start(now);
        (marks.after(start, TweetId::first_at(Timestamp(now.0 - 30 * SECOND)), now), start)
    }

    fn begun(now: Timestamp) -> Marks {
        let read = TweetId::first_at(Timestamp(now.0 - 30 * SECOND));
        Marks { read, settled: TweetId::first_at(Timestamp(now.0 - HOUR)), since: now }
    }

    #[test]
    fn each_hour_looks_again_at_the_last_quarter_of_an_hour() {
        let (marks, start) = run(begun(at("23T10:00:00")), at("23T11:00:00"));
        assert!(start.is_overlap);
        let (_, start) = run(marks, at("23T12:00:00"));
        assert_eq!(start.from.time(), at("23T10:45:00"));
    }

    #[test]
    fn a_run_each_minute_does_not_read_all_fifteen_times() {
        let mut marks = begun(at("23T10:00:00"));
        let mut read = 0;
        for minute in 1..=600 {
            let now = Timestamp(at("23T10:00:00").0 + minute * MINUTE);
            let (after, start) = run(marks, now);
            read += after.read.time() - start.from.time();
            marks = after;
        }
        assert!(read < 600 * MINUTE * 26 / 10, "{} minutes read", read / MINUTE);
        assert!(marks.unsettled() <= 3 * SETTLE);
    }

    #[test]
    fn what_is_new_before_midnight_is_looked_at_again_before_it_costs() {
        let (marks, start) = run(begun(at("23T23:40:00")), at("23T23:50:00"));
        assert!(!start.is_overlap, "too early");
        assert_eq!(marks.closing_run(at("23T23:50:00")), Some(at("23T23:55:00")));
        let (marks, start) = run(marks, at("23T23:55:00"));
        assert!(start.is_overlap);
        assert_eq!(marks.closing_run(at("23T23:55:30")), None, "once is enough");
        let (_, start) = run(marks, at("24T00:30:00"));
        assert_eq!((start.is_overlap, start.from), (false, marks.read), "it would cost again");
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_and_nothing_costs_twice(gaps in prop::collection::vec(1_i64..10_000, 1..200)) {
            let mut now = at("23T08:00:00");
            let mut marks = begun(now);
            let mut reads = vec![(marks.settled, marks.read, now)];
            for gap in gaps {
                now = Timestamp(now.0 + gap * SECOND);
                let (after, start) = run(marks, now);
                prop_assert!(start.from <= marks.read, "a hole below {:?}", start.from);
                prop_assert!(after.settled <= after.read && after.read >= marks.read);
                for (from, to, when) in &reads {
                    let is_again = *from < marks.read && start.from < *to;
                    prop_assert!(!is_again || when.day_number() == now.day_number(), "billed on two days");
                }
                reads.push((start.from, after.read, now));
                marks = after;
            }
        }
    }
}
