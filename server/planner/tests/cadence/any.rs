//! Cadences, as anybody may give them.

use crate::ZONES;
use model::Timestamp;
use model::time::SECOND;
use planner::Cadence;
use planner::cadence::{ANCHOR, Calendar, Days, Interval, LONGEST, MonthDay, SHORTEST, TimeOfDay, Weekday};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub fn cadences() -> impl Strategy<Value = Cadence> {
    prop_oneof![intervals().prop_map(Cadence::Every), calendars().prop_map(Cadence::At)]
}

pub fn intervals() -> impl Strategy<Value = Interval> {
    let seconds = prop_oneof![
        SHORTEST..=LONGEST,
        (1_u32..=31).prop_map(|days| days * 86_400),
        (1_u32..=60).prop_map(|minutes| minutes * 60)
    ];
    let anchor = prop_oneof![Just(ANCHOR), (0_i64..4_000_000_000).prop_map(|seconds| Timestamp(seconds * SECOND))];
    (seconds, anchor).prop_map(|(seconds, anchor)| Interval::new(seconds, anchor).unwrap())
}

pub fn calendars() -> impl Strategy<Value = Calendar> {
    (times(), days(), prop::sample::select(&ZONES[..]))
        .prop_map(|(times, days, zone)| Calendar::new(times, days, zone).unwrap())
}

/// Clocks change mostly in the first hours of a day.
fn times() -> impl Strategy<Value = BTreeSet<TimeOfDay>> {
    let time = prop_oneof![(0_u32..4, 0_u32..60), (0_u32..24, 0_u32..60)];
    prop::collection::btree_set(time.prop_map(|(hour, minute)| format!("{hour}:{minute:02}").parse().unwrap()), 1..8)
}

fn days() -> impl Strategy<Value = Days> {
    let weekdays =
        prop::sample::subsequence(&Weekday::ALL[..], 1..=7).prop_map(|days| Days::Week(days.into_iter().collect()));
    let day = prop_oneof![4 => (1_u8..=31).prop_map(MonthDay::Day), 1 => Just(MonthDay::Last)];
    let month = prop::collection::btree_set(day, 1..20).prop_map(Days::Month);
    prop_oneof![Just(Days::every()), weekdays, month]
}
