//! Years on machines that sleep, are off for weeks, and whose clocks step back and forth.

use crate::{ZONES, walk};
use model::Timestamp;
use model::time::{DAY, HOUR, MINUTE, SECOND};
use planner::cadence::Calendar;
use planner::{Cadence, Due};
use std::sync::LazyLock;

/// 8 zones, 10,080 days in all.
const DAYS: i64 = 1_260;
/// So far a clock is off after a step, at most.
const STEP: i64 = 28 * MINUTE;
/// So far a clock that is wrong is ahead, at most.
const WRONG: i64 = 400 * DAY;

const CALENDARS: [&str; 5] = [
    "at 02:00, 02:30 and 03:00 every day",
    "at 00:00, 00:10, 01:59, 17:30 and 23:30 on weekdays",
    "at 01:15 and 02:15 on Sundays",
    "at 02:15 on the 1st, 29th and last day of the month",
    "at 09:00 on Fridays",
];
const INTERVALS: [(&str, i64); 3] =
    [("every 15 minutes", 15 * MINUTE), ("every 7 hours", 7 * HOUR), ("every 90 seconds", 90 * SECOND)];

/// Numbers as if by chance, the same for a seed.
struct Random(u64);

impl Random {
    /// From 0 to before `end`.
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as i64
    }
}

/// A schedule with all its ticks, of which each has to be begun by one run, or stood for by one.
struct Schedule {
    cadence: &'static Cadence,
    ticks: &'static [Timestamp],
    last: Timestamp,
    /// Ticks that are begun or stood for.
    begun: usize,
    runs: u64,
    rewinds: u64,
}

impl Schedule {
    fn new(cadence: &'static Cadence, ticks: &'static [Timestamp], start: Timestamp) -> Self {
        Self { cadence, ticks, last: start, begun: 0, runs: 0, rewinds: 0 }
    }

    /// Does what is due, and compares it with what is left of the ticks.
    fn look(&mut self, now: Timestamp) {
        let passed = self.ticks.partition_point(|tick| *tick <= now);
        match self.cadence.due(Some(self.last), now) {
            Some(Due::Run { tick, ticks }) => {
                assert!(passed > self.begun, "{}: {tick} is doubled", self.cadence);
                let missed = &self.ticks[self.begun..passed];
                assert_eq!((Some(&tick), ticks), (missed.last(), missed.len() as u64), "{} at {now}", self.cadence);
                (self.last, self.begun) = (tick, passed);
                self.runs += 1;
            }
            Some(Due::Rewind(tick)) => {
                assert!(self.last - now > HOUR && self.begun > passed + 1, "{} at {now}: {}", self.cadence, self.last);
                let is_latest = passed.checked_sub(1).is_none_or(|latest| tick == self.ticks[latest]);
                assert!(is_latest, "{}: {tick} at {now}", self.cadence);
                (self.last, self.begun) = (tick, passed);
                self.rewinds += 1;
            }
            None => {
                assert!(self.begun >= passed, "{} at {now}: a tick is missed", self.cadence);
                let is_short = self.last - now <= HOUR || self.begun == passed + 1;
                assert!(is_short, "{} at {now} waits until {}", self.cadence, self.last);
            }
        }
    }
}

/// When the days begin in a zone; in Apia they are those around the one that it skipped.
fn start(number: usize, zone: &str) -> Timestamp {
    let year = if zone == "Pacific/Apia" { 2010 } else { 2022 + number as i32 };
    Timestamp::from_day(year, 2, 3).unwrap()
}

/// Cadences with all their ticks.
type Ticks = Vec<(Cadence, Vec<Timestamp>)>;

/// Those of each zone, up to where a clock may be wrong.
static TICKS: LazyLock<Vec<Ticks>> = LazyLock::new(|| {
    let of_zone = |(number, zone): (usize, &&str)| ticks(zone, start(number, zone));
    ZONES.iter().enumerate().map(of_zone).collect()
});

fn ticks(zone: &str, start: Timestamp) -> Ticks {
    let end = Timestamp(start.0 + DAYS * DAY + WRONG);
    let calendar = |text: &&str| match format!("{text}, {zone}").parse() {
        Ok(Cadence::At(calendar)) => calendar,
        other => panic!("{text}: {other:?}"),
    };
    let calendars: Vec<Calendar> = CALENDARS.iter().map(calendar).collect();
    let walked = walk::ticks(&calendars, start, end);
    let by_interval = INTERVALS.iter().map(|(text, length)| {
        // From a Monday on.
        let first = (start.0 - 4 * DAY) / length + 1;
        let all = (first..).map(|number| Timestamp(4 * DAY + number * length));
        (text.parse().unwrap(), all.take_while(|tick| *tick <= end).collect())
    });
    calendars.into_iter().map(Cadence::At).zip(walked).chain(by_interval).collect()
}

/// How long until somebody looks again: minutes mostly, a night now and then, some weeks a few times.
fn pause(random: &mut Random) -> i64 {
    match random.below(1_000) {
        0 => random.below(50 * DAY),
        1..=20 => HOUR + random.below(3 * DAY),
        _ => SECOND + random.below(40 * MINUTE),
    }
}

/// Lives through the days in each zone. How far the clock is off is told by `skew`, now and then anew.
fn live(seed: u64, mut skew: impl FnMut(&mut Random) -> Option<i64>) -> Vec<Schedule> {
    let mut lived = Vec::new();
    for (number, (zone, ticks)) in ZONES.iter().zip(TICKS.iter()).enumerate() {
        let start = start(number, zone);
        let mut schedules: Vec<Schedule> =
            ticks.iter().map(|(cadence, ticks)| Schedule::new(cadence, ticks, start)).collect();
        let mut random = Random(seed + number as u64);
        let (mut passed, mut off) = (0, 0);
        while passed < DAYS * DAY {
            off = skew(&mut random).unwrap_or(off);
            let now = Timestamp(start.0 + passed + off);
            schedules.iter_mut().for_each(|schedule| schedule.look(now));
            passed += pause(&mut random);
        }
        lived.extend(schedules);
    }
    lived
}

/// Each tick up to the last is begun by one run, or stood for by exactly one: 0 missed, 0 doubled.
#[test]
fn ten_thousand_days_of_clocks_that_step_miss_no_tick_and_double_none() {
    let lived = live(1, |random| (random.below(20) == 0).then(|| random.below(2 * STEP) - STEP));
    for Schedule { cadence, ticks, begun, runs, rewinds, .. } in &lived {
        assert_eq!(*rewinds, 0, "{cadence}");
        assert!(*begun > 0 && *runs > 0 && *runs <= *begun as u64, "{cadence}");
        let left = ticks[*begun] - ticks[0];
        assert!(left > (DAYS - 60) * DAY, "{cadence} ends after {} days", left / DAY);
    }
    assert!(lived.iter().map(|schedule| schedule.runs).sum::<u64>() > 100_000);
}

/// A clock that is ahead by hours or a year, for some looks, begins a tick of its own time. Once it is right again, what it
/// stood for too early is given back: those that come are begun each at its time, those that are past are not.
#[test]
fn ten_thousand_days_of_clocks_that_are_wrong_stop_no_schedule() {
    let mut wrong_for = 0;
    let lived = live(2, |random| {
        wrong_for -= 1;
        let goes_wrong = wrong_for < -100 && random.below(300) == 0;
        if goes_wrong {
            wrong_for = 1 + random.below(20);
            let most = if random.below(2) == 0 { 5 * HOUR } else { WRONG };
            return Some(random.below(most));
        }
        (wrong_for == 0).then_some(0)
    });
    for cadence in ["every 15 minutes", "at 02:00, 02:30 and 03:00 every day, Europe/Vienna"] {
        let schedule = lived.iter().find(|schedule| schedule.cadence.to_string() == cadence).unwrap();
        assert!(schedule.rewinds > 10, "{cadence}: {}", schedule.rewinds);
    }
}
