//! When a schedule's runs are due.
//!
//! A [`Cadence`] is an [`Interval`] or a [`Calendar`]. What it gives are *ticks*: moments, each known by itself. A schedule
//! keeps the tick that it began last, and [`Cadence::due`] compares that with the clock: nothing else has to be kept, and no
//! tick begins twice because a clock stepped back. `docs/planner.md` has the rules.

mod calendar;
mod error;
mod interval;
mod parse;
mod print;

pub use calendar::{Calendar, Days, MOST_TIMES, MonthDay, TimeOfDay, Weekday};
pub use error::{BadCadence, BadText};
pub use interval::{ANCHOR, Interval, LONGEST, SHORTEST};

use model::Timestamp;
use model::time::HOUR;
use serde::{Deserialize, Serialize};
use std::iter;

/// So far the last tick may lie ahead of the clock, as after the clock was put back. Who is further ahead and has ticks
/// between is taken to have begun by a clock that was wrong.
pub const PATIENCE: i64 = HOUR;

/// When a schedule runs. As text, it reads `every 15 minutes` or `at 09:00 and 17:30 on weekdays, Europe/Vienna`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// At equal distances.
    Every(Interval),
    /// By the clocks of a place.
    At(Calendar),
}

/// What a schedule has to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Begin a run, and keep `tick` as the last that was begun.
    Run {
        /// The latest one.
        tick: Timestamp,
        /// How many the run stands for: itself, and those that were missed since the last.
        ticks: u64,
    },
    /// The last tick was begun by a clock that was far ahead. Begin nothing, and keep this one instead: the latest that is
    /// past.
    Rewind(Timestamp),
}

impl Cadence {
    /// The first tick after this moment; none where the calendar ends.
    pub fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Every(interval) => interval.next_after(time),
            Self::At(calendar) => calendar.ticks_after(time).next(),
        }
    }

    /// The last tick that is not after this moment; none where the calendar begins.
    pub fn last_until(&self, time: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Every(interval) => interval.last_until(time),
            Self::At(calendar) => calendar.last_until(time),
        }
    }

    /// The next ticks after this moment, so many.
    pub fn next_runs(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        iter::successors(self.next_after(after), |tick| self.next_after(*tick)).take(count).collect()
    }

    /// What to do at `now` where `last` is the tick that was last begun.
    ///
    /// Without one, the tick before now is due, for itself alone. Who is to wait for the next has the moment of its making
    /// as its last; so has who is switched on again, or whose cadence is changed.
    pub fn due(&self, last: Option<Timestamp>, now: Timestamp) -> Option<Due> {
        let tick = self.last_until(now)?;
        let Some(last) = last else { return Some(Due::Run { tick, ticks: 1 }) };
        if self.is_far_ahead(last, now) {
            return Some(Due::Rewind(tick));
        }
        (tick > last).then(|| Due::Run { tick, ticks: self.count(last, tick) })
    }

    /// Whether to wait for that tick to be past would stop the schedule for long: for more than an hour, and at least one
    /// tick.
    fn is_far_ahead(&self, last: Timestamp, now: Timestamp) -> bool {
        last.0.saturating_sub(now.0) > PATIENCE && self.next_after(now).is_some_and(|next| next < last)
    }

    /// How many ticks there are after `from`, up to and with `to`.
    fn count(&self, from: Timestamp, to: Timestamp) -> u64 {
        match self {
            Self::Every(interval) => interval.count(from, to),
            Self::At(calendar) => calendar.ticks_after(from).take_while(|tick| *tick <= to).count() as u64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::{DAY, MINUTE, SECOND};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(&format!("{text}Z")).unwrap()
    }

    fn cadence(text: &str) -> Cadence {
        text.parse().unwrap()
    }

    fn run(tick: &str, ticks: u64) -> Option<Due> {
        Some(Due::Run { tick: at(tick), ticks })
    }

    #[test]
    fn a_run_that_begins_late_does_not_put_the_next_one_off() {
        let quarters = cadence("every 15 minutes");
        let late = at("2026-11-27T10:00:07");
        assert_eq!(quarters.due(Some(at("2026-11-27T09:45:00")), late), run("2026-11-27T10:00:00", 1));
        assert_eq!(quarters.next_after(late), Some(at("2026-11-27T10:15:00")));
    }

    #[test]
    fn a_week_begins_on_monday_and_a_grid_may_be_counted_from_elsewhere() {
        let now = at("2026-11-27T10:00:00");
        assert_eq!(cadence("every week").next_after(now), Some(at("2026-11-30T00:00:00")));
        let other = cadence("every 2 days, counted from 2026-12-24T18:30:00Z");
        assert_eq!(other.next_runs(now, 2), [at("2026-11-28T18:30:00"), at("2026-11-30T18:30:00")]);
    }

    #[test]
    fn after_a_suspend_one_run_stands_for_all_that_was_missed() {
        let mornings = cadence("at 09:00 on weekdays, Europe/Vienna");
        let (last, now) = (Some(at("2026-11-20T08:00:00")), at("2026-11-27T12:00:00"));
        assert_eq!(mornings.due(last, now), run("2026-11-27T08:00:00", 5));
        assert_eq!(mornings.due(Some(at("2026-11-27T08:00:00")), now), None);
        let often = cadence("every 5 seconds").due(Some(at("1970-01-01T00:00:00")), now);
        assert_eq!(often, run("2026-11-27T12:00:00", (now.0 / SECOND / 5) as u64));
    }

    #[test]
    fn a_new_schedule_begins_at_once_or_waits_for_its_first_tick() {
        let (mornings, now) = (cadence("at 09:00 every day, Europe/Vienna"), at("2026-11-27T12:00:00"));
        assert_eq!(mornings.due(None, now), run("2026-11-27T08:00:00", 1));
        assert_eq!(mornings.due(Some(now), now), None);
        assert_eq!(mornings.due(Some(now), at("2026-11-28T08:00:00")), run("2026-11-28T08:00:00", 1));
    }

    #[test]
    fn where_the_clock_steps_back_no_tick_begins_again() {
        let minutes = cadence("every minute");
        let last = at("2026-11-27T10:30:00");
        for back in 0..=60 {
            assert_eq!(minutes.due(Some(last), Timestamp(last.0 - back * MINUTE)), None, "{back} minutes");
        }
        assert_eq!(minutes.due(Some(last), at("2026-11-27T10:31:00")), run("2026-11-27T10:31:00", 1));
        let daily = cadence("at 09:00 every day, UTC");
        let last = at("2026-11-27T09:00:00");
        assert_eq!(daily.due(Some(last), at("2026-11-26T09:00:00")), None, "it had its run, a day too early");
        assert_eq!(daily.due(Some(last), at("2026-11-28T09:00:00")), run("2026-11-28T09:00:00", 1));
    }

    #[test]
    fn a_clock_that_was_far_ahead_does_not_stop_a_schedule() {
        for (text, past, next) in [
            ("every minute", "2026-11-27T10:30:00", "2026-11-27T10:31:00"),
            ("at 09:00 every day, UTC", "2026-11-27T09:00:00", "2026-11-28T09:00:00"),
        ] {
            let (cadence, now) = (cadence(text), at("2026-11-27T10:30:20"));
            let wrong = at("2031-05-01T12:00:00");
            let Some(Due::Run { tick, .. }) = cadence.due(Some(at(past)), wrong) else { panic!("{text}") };
            assert_eq!(cadence.due(Some(tick), now), Some(Due::Rewind(at(past))), "{text}");
            assert_eq!(cadence.due(Some(at(past)), now), None, "{text}: the run of the wrong clock stood for it");
            assert_eq!(cadence.due(Some(at(past)), at(next)), run(next, 1), "{text}");
        }
    }

    #[test]
    fn it_waits_for_an_hour_or_a_tick_and_no_longer() {
        let last = at("2026-11-27T12:00:00");
        let due = |text: &str, ahead: i64| cadence(text).due(Some(last), Timestamp(last.0 - ahead));
        assert_eq!(due("every minute", HOUR), None);
        assert_eq!(due("every minute", HOUR + 1), Some(Due::Rewind(at("2026-11-27T10:59:00"))));
        assert_eq!(due("every 12 hours", 12 * HOUR), None, "no tick lies between");
        assert_eq!(due("every 12 hours", 12 * HOUR + 1), Some(Due::Rewind(at("2026-11-26T12:00:00"))));
    }

    #[test]
    fn at_the_ends_of_time_there_are_no_ticks_and_no_panics() {
        for text in ["every 5 seconds", "every 31 days", "at 09:00 on the last day of the month, Africa/Casablanca"] {
            let year_10_000 = 253_402_300_800 * SECOND;
            for time in [i64::MIN, i64::MIN + DAY, -year_10_000, 0, year_10_000 - 2 * DAY, year_10_000, i64::MAX] {
                let (cadence, time) = (cadence(text), Timestamp(time));
                assert!(cadence.next_after(time).is_none_or(|next| next > time), "{text} {time:?}");
                assert!(cadence.last_until(time).is_none_or(|past| past <= time), "{text} {time:?}");
                for last in [None, Some(Timestamp(time.0.saturating_sub(DAY))), Some(Timestamp(i64::MAX))] {
                    let is_nothing = matches!(cadence.due(last, time), Some(Due::Run { ticks: 0, .. }));
                    assert!(!is_nothing, "{text} {last:?} {time:?}");
                }
            }
        }
    }
}
