//! What holds for every cadence, at every moment.

use crate::any::{cadences, calendars, intervals};
use crate::walk;
use jiff::tz::TimeZone;
use model::Timestamp;
use model::time::{DAY, HOUR, MINUTE, SECOND};
use planner::cadence::Calendar;
use planner::{Cadence, Due};
use proptest::prelude::*;

/// 2005-01-01 and 2035-01-01.
const TIMES: std::ops::Range<i64> = 1_104_537_600 * SECOND..2_051_222_400 * SECOND;

fn times() -> impl Strategy<Value = Timestamp> {
    TIMES.prop_map(Timestamp)
}

/// A whole minute, mostly one at which the clocks of the zone are changed.
fn change(zone: &str, number: usize) -> Timestamp {
    let start = jiff::Timestamp::from_microsecond(TIMES.start).unwrap();
    let zone = TimeZone::get(zone).unwrap();
    let changes: Vec<i64> = zone
        .following(start)
        .map(|change| change.timestamp().as_microsecond())
        .take_while(|at| *at < TIMES.end)
        .collect();
    let any = Timestamp(TIMES.start + number as i64 * 7919 * MINUTE);
    if changes.is_empty() { any } else { Timestamp(changes[number % changes.len()]).floor(MINUTE) }
}

fn until(cadence: &Cadence, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let ticks = std::iter::successors(cadence.next_after(from), |tick| cadence.next_after(*tick));
    ticks.take_while(|tick| *tick <= to).collect()
}

proptest! {
    #[test]
    fn ticks_are_those_that_a_walk_through_the_minutes_finds(calendar in calendars(), number in 0_usize..1_000, days in 1_i64..4) {
        let change = change(calendar.zone(), number);
        let (from, to) = (Timestamp(change.0 - days * DAY), Timestamp(change.0 + days * DAY));
        let walked = walk::ticks(std::slice::from_ref(&calendar), from, to).remove(0);
        let cadence = Cadence::At(calendar);
        prop_assert_eq!(&until(&cadence, from, to), &walked, "{} around {}", cadence, change);
        for minutes in (0..=(to - from) / MINUTE).step_by(17) {
            let now = Timestamp(from.0 + minutes * MINUTE);
            let passed = walked.partition_point(|tick| *tick <= now);
            let run = passed.checked_sub(1).map(|latest| Due::Run { tick: walked[latest], ticks: passed as u64 });
            prop_assert_eq!(cadence.due(Some(from), now), run, "{} at {}", cadence, now);
        }
    }

    #[test]
    fn the_next_tick_is_later_and_nothing_lies_between(cadence in cadences(), one in times(), other in times()) {
        for time in [one, other] {
            let (past, next) = (cadence.last_until(time).unwrap(), cadence.next_after(time).unwrap());
            prop_assert!(past <= time && time < next);
            prop_assert_eq!(cadence.next_after(past), Some(next));
            prop_assert_eq!(cadence.next_after(Timestamp(next.0 - 1)), Some(next));
            prop_assert_eq!(cadence.last_until(next), Some(next));
            prop_assert_eq!(cadence.last_until(Timestamp(next.0 - 1)), Some(past));
            prop_assert!(next - past <= 62 * DAY + HOUR, "{cadence}");
        }
        let (early, late) = (one.min(other), one.max(other));
        prop_assert!(cadence.next_after(early) <= cadence.next_after(late));
        prop_assert!(cadence.last_until(early) <= cadence.last_until(late));
    }

    #[test]
    fn an_interval_is_a_grid(interval in intervals(), time in times()) {
        let length = i64::from(interval.seconds()) * SECOND;
        let next = Cadence::Every(interval).next_runs(time, 5);
        prop_assert!(next[0] > time && next[0] - time <= length);
        for (number, tick) in next.iter().enumerate() {
            prop_assert_eq!(*tick - next[0], number as i64 * length);
            prop_assert_eq!((*tick - interval.anchor()) % length, 0);
        }
        prop_assert_eq!(Cadence::Every(interval).due(Some(time), next[4]), Some(Due::Run { tick: next[4], ticks: 5 }));
    }

    #[test]
    fn the_next_runs_are_one_after_the_other(cadence in cadences(), now in times()) {
        let next = cadence.next_runs(now, 5);
        prop_assert_eq!(next.len(), 5);
        prop_assert_eq!(&until(&cadence, now, next[4]), &next);
        prop_assert_eq!(cadence.due(Some(now), next[4]), Some(Due::Run { tick: next[4], ticks: 5 }));
    }

    /// Whatever the last tick is: what is done is done, and nobody waits longer than for an hour or one tick.
    #[test]
    fn one_thing_at_most_is_to_be_done_and_no_wait_is_long(cadence in cadences(), last in times(), now in times(), near in -3 * DAY..3 * DAY, is_near: bool) {
        let now = if is_near { Timestamp(last.0 + near) } else { now };
        let past = cadence.last_until(now).unwrap();
        let left = match cadence.due(Some(last), now) {
            Some(Due::Run { tick, ticks }) => {
                prop_assert!(last < tick && tick <= now && ticks > 0 && cadence.next_after(tick).unwrap() > now);
                tick
            }
            Some(Due::Rewind(tick)) => {
                prop_assert!(tick == past && last - now > HOUR && cadence.next_after(now).unwrap() < last);
                tick
            }
            None => {
                prop_assert!(past <= last && last.0 <= (now.0 + HOUR).max(cadence.next_after(now).unwrap().0));
                last
            }
        };
        prop_assert_eq!(cadence.due(Some(left), now), None);
    }

    #[test]
    fn what_is_written_is_read_as_the_same(cadence in cadences()) {
        let text = cadence.to_string();
        prop_assert_eq!(text.parse::<Cadence>().unwrap(), cadence.clone(), "{}", text);
        prop_assert_eq!(text.to_uppercase().parse::<Cadence>().unwrap(), cadence.clone(), "{}", text);
        let data = serde_json::to_string(&cadence).unwrap();
        prop_assert_eq!(serde_json::from_str::<Cadence>(&data).unwrap(), cadence, "{}", data);
    }

    #[test]
    fn what_is_wrong_in_a_text_is_in_it(cadence in cadences(), cut in 0_usize..80, put in "[ ,.:a-z0-9äß]{0,3}") {
        let mut text = cadence.to_string();
        let at = cut.min(text.len());
        text.replace_range(at..(at + 2).min(text.len()), &put);
        match text.parse::<Cadence>() {
            Ok(read) => prop_assert_eq!(read.to_string().parse::<Cadence>().unwrap(), read),
            Err(bad) => {
                prop_assert!(text.get(bad.at.clone()).is_some(), "{text}: {bad:?}");
                prop_assert_eq!(text[..bad.at.start].chars().count() + 1, bad.character);
            }
        }
    }
}

#[test]
fn every_zone_that_there_is_takes_times_of_day() {
    for zone in jiff::tz::db().available() {
        let calendar = Calendar::new(["09:00".parse().unwrap()].into(), planner::cadence::Days::every(), zone.as_str());
        let Ok(calendar) = calendar else { panic!("{zone}") };
        let text = Cadence::At(calendar).to_string();
        assert_eq!(text.parse::<Cadence>().unwrap().to_string(), text);
        let next = text.parse::<Cadence>().unwrap().next_runs(Timestamp(TIMES.end - DAY), 2);
        assert!((next[1] - next[0] - DAY).abs() <= 2 * HOUR, "{zone}");
    }
}
