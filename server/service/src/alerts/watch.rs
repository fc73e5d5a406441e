//! The rules at work: one fold over matches in the order of time. Live evaluation goes on with it where it left off;
//! the back-test runs it over the past.
//!
//! The fold depends on the matches alone and not on how often it is gone on with: however the time is cut into
//! pieces, the same moments come out. So what a back-test says is what would have been told.

use super::usual::{Hours, hour_of};
use model::Timestamp;
use model::alert::{Moment, Pace, Rule};
use model::time::{DAY, HOUR, SECOND};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Hours that a late match can still make a spike.
const HOURS_KEPT: i64 = 26;

/// Matches of one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matches {
    /// When they count: the start of the second.
    pub at: Timestamp,
    /// When they were posted, which is earlier if they came late.
    pub posted: Timestamp,
    pub count: u64,
}

/// How far an alert has come. It is stored with each notice, in one transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// All matches before it have been counted.
    pub until: Timestamp,
    /// Matches posted before are history and never counted.
    pub history: Timestamp,
    pub last_fired: Option<Timestamp>,
    /// Notices on the day (UTC) of the last one.
    pub fired_on_day: u32,
    /// Matches that nobody has been told of, and the first of them.
    pub waiting: u64,
    pub waiting_since: Option<Timestamp>,
    pub last_match: Timestamp,
    pub told_silence: bool,
    /// Whether that silence was told, so that its end is too.
    #[serde(default)]
    pub silent: bool,
    /// The spike that was told and is not over.
    #[serde(default)]
    pub spike: Option<Spike>,
    /// Hours (since 1970) that may become spikes, or are.
    pub hours: BTreeMap<i64, Hour>,
}

/// The first and the last hour (since 1970) of a spike so far, and the matches of those before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spike {
    pub first: i64,
    pub last: i64,
    pub count: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    pub count: u64,
    pub usual: u64,
    pub spike_from: u64,
}

impl Hour {
    fn is_spike(self) -> bool {
        self.count >= self.spike_from
    }
}

impl Progress {
    /// Beginning at that moment, a whole second; what was posted up to a day before may still come in.
    pub fn beginning(at: Timestamp) -> Self {
        Self {
            until: at,
            history: Timestamp(at.0 - DAY),
            last_fired: None,
            fired_on_day: 0,
            waiting: 0,
            waiting_since: None,
            last_match: at,
            told_silence: false,
            silent: false,
            spike: None,
            hours: BTreeMap::new(),
        }
    }

    /// The hours among those of the matches that it does not yet know what is usual for.
    pub fn unknown_hours(&self, matches: &[Matches]) -> Vec<i64> {
        let mut hours: Vec<i64> = matches.iter().map(|of| hour_of(of.posted)).collect();
        hours.dedup();
        hours.retain(|hour| !self.hours.contains_key(hour));
        hours
    }
}

/// What a fold needs besides the matches.
pub struct Watch<'a> {
    pub rule: &'a Rule,
    pub pace: Pace,
    /// The past of a spike's hours.
    pub hours: &'a Hours,
}

impl Watch<'_> {
    /// Goes on to `until`, a whole second, over the matches from where it was to there, in order of time. Returns the
    /// moments at which it fires.
    pub fn go_on(&self, progress: &mut Progress, matches: &[Matches], until: Timestamp) -> Vec<Moment> {
        let mut moments = Vec::new();
        for of_second in matches {
            self.pass(progress, of_second.at, &mut moments);
            self.take(progress, of_second, &mut moments);
        }
        self.pass(progress, until, &mut moments);
        progress.until = until;
        progress.hours = progress.hours.split_off(&(hour_of(until) - HOURS_KEPT));
        moments
    }

    /// Where to begin at that moment: nothing has been told, and nobody is told of what is there already.
    ///
    /// `earlier` are the matches of the hours that are still open then, and `newest` is the last match before it.
    pub fn begin(&self, at: Timestamp, earlier: &[Matches], newest: Option<Timestamp>) -> Progress {
        let mut progress = Progress::beginning(at);
        if let Rule::Spike { .. } = self.rule {
            self.go_on(&mut progress, earlier, at);
            (progress.last_fired, progress.fired_on_day, progress.spike) = (None, 0, None);
        }
        if let Rule::Silence { hours } = self.rule {
            progress.last_match = newest.unwrap_or(at);
            // Where nothing has ever matched, or not for long, it is silent already: the next silence is told.
            progress.told_silence = newest.is_none_or(|newest| newest.0 + i64::from(*hours) * HOUR < at.0);
        }
        progress
    }

    /// What the time alone brings about, before that moment.
    fn pass(&self, progress: &mut Progress, before: Timestamp, moments: &mut Vec<Moment>) {
        let free = self.free_from(progress);
        match self.rule {
            Rule::NewMatches { .. } | Rule::Threshold { .. } => {
                if progress.waiting >= self.enough() && free < before {
                    moments.push(self.tell_waiting(progress, free, free));
                }
            }
            Rule::Silence { hours } => {
                let at = Timestamp(progress.last_match.0 + i64::from(*hours) * HOUR).max(free);
                if !progress.told_silence && at < before {
                    progress.told_silence = true;
                    progress.silent = true;
                    let from = progress.last_match;
                    let moment = Moment { at, count: 0, from, to: at, usual: None, all_clear: false };
                    moments.push(self.fire(progress, moment));
                }
            }
            Rule::Spike { .. } => moments.extend(self.spike_over(progress, before)),
        }
    }

    /// The spike that was told is over, before that moment: an hour has ended that is none.
    fn spike_over(&self, progress: &mut Progress, before: Timestamp) -> Option<Moment> {
        let mut spike = progress.spike?;
        loop {
            let (next, at) = (spike.last + 1, Timestamp((spike.last + 2) * HOUR));
            if at >= before {
                progress.spike = Some(spike);
                return None;
            }
            spike.count += progress.hours.get(&spike.last).map_or(0, |hour| hour.count);
            if progress.hours.get(&next).is_some_and(|hour| hour.is_spike()) {
                spike.last = next;
                continue;
            }
            progress.spike = None;
            let (from, to) = (Timestamp(spike.first * HOUR), Timestamp(next * HOUR));
            let moment = Moment { at, count: spike.count, from, to, usual: None, all_clear: true };
            return self.pace.all_clear.then_some(moment);
        }
    }

    fn take(&self, progress: &mut Progress, matches: &Matches, moments: &mut Vec<Moment>) {
        let is_free = matches.at >= self.free_from(progress);
        match self.rule {
            Rule::NewMatches { .. } | Rule::Threshold { .. } => {
                progress.waiting += matches.count;
                progress.waiting_since.get_or_insert(matches.at);
                if progress.waiting >= self.enough() && is_free {
                    let to = Timestamp(matches.at.0 + SECOND);
                    moments.push(self.tell_waiting(progress, matches.at, to));
                }
            }
            Rule::Silence { .. } => {
                progress.last_match = progress.last_match.max(matches.at);
                progress.told_silence = false;
                if std::mem::take(&mut progress.silent) && self.pace.all_clear {
                    let (from, to) = (matches.posted, Timestamp(matches.posted.0 + SECOND));
                    let (at, count) = (matches.at, matches.count);
                    moments.push(Moment { at, count, from, to, usual: None, all_clear: true });
                }
            }
            Rule::Spike { sensitivity, at_least } => {
                let number = hour_of(matches.posted);
                let hour = progress.hours.entry(number).or_insert_with(|| {
                    let usual = self.hours.usual(number, *sensitivity, *at_least);
                    Hour { count: 0, usual: usual.median, spike_from: usual.spike_from }
                });
                let was_spike = hour.is_spike();
                hour.count += matches.count;
                let hour = *hour;
                // The next hour of a spike is the same spike.
                let goes_on = progress.hours.get(&(number - 1)).is_some_and(|before| before.is_spike());
                if hour.is_spike() && !was_spike && !goes_on && is_free {
                    let from = Timestamp(number * HOUR);
                    // What comes in the rest of the hour is not what it tells.
                    let to = Timestamp((matches.at.0 + SECOND).min(from.0 + HOUR));
                    progress.spike = Some(Spike { first: number, last: number, count: 0 });
                    let (at, count, usual) = (matches.at, hour.count, Some(hour.usual));
                    moments.push(self.fire(progress, Moment { at, count, from, to, usual, all_clear: false }));
                }
            }
        }
    }

    fn enough(&self) -> u64 {
        match self.rule {
            Rule::NewMatches { at_least } => u64::from(*at_least),
            _ => 1,
        }
    }

    /// Tells all that was waiting, up to `to`.
    fn tell_waiting(&self, progress: &mut Progress, at: Timestamp, to: Timestamp) -> Moment {
        let from = progress.waiting_since.take().unwrap_or(at);
        let count = std::mem::take(&mut progress.waiting);
        self.fire(progress, Moment { at, count, from, to, usual: None, all_clear: false })
    }

    fn fire(&self, progress: &mut Progress, moment: Moment) -> Moment {
        let same_day = progress.last_fired.is_some_and(|last| last.day_number() == moment.at.day_number());
        progress.fired_on_day = if same_day { progress.fired_on_day + 1 } else { 1 };
        progress.last_fired = Some(moment.at);
        moment
    }

    /// From when it may fire again: after the cool-down, and on the next day if the day has had its notices.
    fn free_from(&self, progress: &Progress) -> Timestamp {
        let Some(last) = progress.last_fired else { return Timestamp(i64::MIN) };
        let cooled = Timestamp(last.0 + self.pace.cool_down());
        if progress.fired_on_day < self.pace.max_per_day {
            return cooled;
        }
        cooled.max(Timestamp(last.floor(DAY).0 + DAY))
    }
}

/// From when on matches are needed to begin at that moment: a spike may have begun in the hour before.
pub fn open_hours(at: Timestamp) -> Timestamp {
    Timestamp(at.floor(HOUR).0 - HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::alert::Sensitivity;
    use model::time::MINUTE;
    use proptest::prelude::*;

    const START: i64 = 1_790_000_000 * SECOND;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(START + seconds * SECOND)
    }

    fn matches(seconds: i64, count: u64) -> Matches {
        Matches { at: at(seconds), posted: at(seconds), count }
    }

    fn fired(rule: &Rule, pace: Pace, events: &[(i64, u64)], until: i64) -> Vec<(i64, u64)> {
        let events: Vec<Matches> = events.iter().map(|(seconds, count)| matches(*seconds, *count)).collect();
        let watch = Watch { rule, pace, hours: &Hours::default() };
        let mut progress = watch.begin(at(0), &[], Some(at(0)));
        let moments = watch.go_on(&mut progress, &events, at(until));
        moments.into_iter().map(|moment| ((moment.at.0 - START) / SECOND, moment.count)).collect()
    }

    fn pace(cool_down_minutes: u32, max_per_day: u32) -> Pace {
        Pace { cool_down_minutes, max_per_day, ..Pace::default() }
    }

    #[test]
    fn new_matches_wait_for_the_cool_down_and_none_is_lost() {
        let rule = Rule::NewMatches { at_least: 3 };
        let events = [(10, 2), (20, 1), (30, 400), (4000, 1)];
        assert_eq!(fired(&rule, pace(60, 10), &events, 9000), [(20, 3), (3620, 400)], "the last one is not enough");
        assert_eq!(fired(&rule, pace(0, 10), &events, 9000), [(20, 3), (30, 400)]);
        assert_eq!(fired(&rule, pace(60, 10), &events[..3], 3620), [(20, 3)], "the cool-down is not over yet");
    }

    #[test]
    fn a_day_has_its_most_notices_and_the_next_day_tells_the_rest() {
        let midnight = (Timestamp(START).floor(DAY).0 + DAY - START) / SECOND;
        let events = [(10, 1), (20, 1), (30, 1), (40, 1)];
        let rule = Rule::NewMatches { at_least: 1 };
        assert_eq!(fired(&rule, pace(0, 2), &events, midnight + 9), [(10, 1), (20, 1), (midnight, 2)]);
    }

    #[test]
    fn a_spike_is_told_when_it_begins_and_once_while_it_goes_on() {
        let hour = (Timestamp(START).floor(HOUR).0 + HOUR - START) / SECOND;
        let rule = Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 };
        let events = [(hour, 19), (hour + 60, 5), (hour + 90, 90), (hour + 3600, 50), (hour + 3 * 3600, 30)];
        let moments = fired(&rule, pace(0, 10), &events, hour + 5 * 3600);
        assert_eq!(moments, [(hour + 60, 24), (hour + 3 * 3600, 30)]);
        let told = fired(&rule, pace(600, 10), &events, hour + 5 * 3600);
        assert_eq!(told, [(hour + 60, 24)], "nothing is told in the cool-down, and not afterwards");
    }

    #[test]
    fn matches_that_come_late_belong_to_the_hour_in_which_they_were_posted() {
        let rule = Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 };
        let watch = Watch { rule: &rule, pace: pace(0, 10), hours: &Hours::default() };
        let mut progress = watch.begin(at(0), &[], None);
        // Five hours of an outage come at once: 15 in each hour.
        let late = (1..=5).map(|hour| Matches { at: at(18_000), posted: at(hour * 3600), count: 15 });
        let late: Vec<Matches> = late.collect();
        assert!(watch.go_on(&mut progress, &late, at(18_001)).is_empty());
    }

    #[test]
    fn where_it_is_silent_already_the_next_silence_is_told() {
        let rule = Rule::Silence { hours: 1 };
        let watch = Watch { rule: &rule, pace: pace(0, 10), hours: &Hours::default() };
        for newest in [None, Some(at(-4000))] {
            let mut progress = watch.begin(at(0), &[], newest);
            assert!(watch.go_on(&mut progress, &[], at(9000)).is_empty());
            let moments = watch.go_on(&mut progress, &[matches(9000, 1)], at(20_000));
            assert_eq!(moments.iter().map(|moment| moment.at).collect::<Vec<_>>(), [at(12_600)]);
        }
    }

    #[test]
    fn silence_is_told_once_until_something_matches_again() {
        let rule = Rule::Silence { hours: 1 };
        let events = [(600, 1), (20_000, 1)];
        assert_eq!(fired(&rule, pace(0, 10), &events, 40_000), [(4200, 0), (23_600, 0)]);
    }

    #[test]
    fn the_end_of_what_was_told_is_told_once() {
        let told = |rule: &Rule, pace: Pace, events: &[(i64, u64)], until: i64| {
            let events = events.iter().filter(|(seconds, _)| *seconds < until);
            let events: Vec<Matches> = events.map(|(seconds, count)| matches(*seconds, *count)).collect();
            let watch = Watch { rule, pace: Pace { all_clear: true, ..pace }, hours: &Hours::default() };
            let mut progress = watch.begin(at(0), &[], None);
            let moments = watch.go_on(&mut progress, &events, at(until)).into_iter();
            let seconds = |time: Timestamp| (time.0 - START) / SECOND;
            moments
                .filter(|moment| moment.all_clear)
                .map(|moment| (seconds(moment.at), moment.count))
                .collect::<Vec<_>>()
        };
        let silence = Rule::Silence { hours: 1 };
        let events = [(600, 1), (20_000, 3), (20_001, 1), (30_000, 2)];
        assert_eq!(told(&silence, pace(0, 10), &events, 40_000), [(20_000, 3), (30_000, 2)]);
        assert_eq!(told(&silence, pace(600, 10), &events, 40_000), [(20_000, 3)], "the other was not told");

        let hour = (Timestamp(START).floor(HOUR).0 + HOUR - START) / SECOND;
        let spike = Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 };
        let events = [(hour, 19), (hour + 60, 5), (hour + 3700, 50), (hour + 2 * 3600, 3), (hour + 4 * 3600, 30)];
        let over = hour + 3 * 3600;
        assert_eq!(told(&spike, pace(0, 10), &events, over), [(0, 0); 0], "it goes on for two hours, and one more");
        assert_eq!(told(&spike, pace(0, 10), &events, over + 1), [(over, 74)]);
        assert_eq!(told(&spike, pace(600, 10), &events, over + 20_000), [(over, 74)], "the second was not told");
    }

    fn any_rule() -> impl Strategy<Value = Rule> {
        prop_oneof![
            (1_u32..30).prop_map(|at_least| Rule::NewMatches { at_least }),
            (1_u32..30).prop_map(|at_least| Rule::Spike { sensitivity: Sensitivity::High, at_least }),
            (1_u32..9).prop_map(|hours| Rule::Silence { hours }),
            Just(Rule::Threshold { column: "likes".to_owned(), at_least: 1 }),
        ]
    }

    proptest! {
        #[test]
        fn however_the_time_is_cut_the_same_moments_come_out(
            rule in any_rule(),
            (cool_down, most) in (0_u32..200, 1_u32..5),
            mut events in prop::collection::vec((0_i64..200_000, 1_u64..12), 0..60),
            mut cuts in prop::collection::vec(0_i64..210_000, 0..40),
        ) {
            events.sort_unstable();
            events.dedup_by_key(|event| event.0);
            let events: Vec<Matches> = events.into_iter().map(|(seconds, count)| matches(seconds, count)).collect();
            let pace = Pace { all_clear: true, ..pace(cool_down, most) };
            let watch = Watch { rule: &rule, pace, hours: &Hours::default() };
            let mut at_once = watch.begin(at(0), &[], None);
            let moments = watch.go_on(&mut at_once, &events, at(210_000));
            let fired: Vec<&Moment> = moments.iter().filter(|moment| !moment.all_clear).collect();
            for pair in fired.windows(2) {
                prop_assert!(pair[1].at.0 - pair[0].at.0 >= i64::from(cool_down) * MINUTE);
            }

            cuts.push(210_000);
            cuts.sort_unstable();
            let mut in_pieces = watch.begin(at(0), &[], None);
            let mut told = Vec::new();
            for cut in cuts {
                let from = in_pieces.until;
                let piece: Vec<Matches> =
                    events.iter().filter(|of| of.at >= from && of.at < at(cut)).copied().collect();
                // What is stored between two evaluations is JSON.
                let stored = serde_json::to_string(&in_pieces).unwrap();
                in_pieces = serde_json::from_str(&stored).unwrap();
                told.extend(watch.go_on(&mut in_pieces, &piece, at(cut)));
            }
            prop_assert_eq!(told, moments);
            prop_assert_eq!(in_pieces, at_once);
        }
    }
}
