//! When tweets are written: a rate that breathes with day and week and jumps at events.
//!
//! Tweet `k` is written when the expected number of tweets reaches `k` plus a fraction drawn
//! for `k`. So the n-th tweet and the tweets of a time range are both found directly, and a
//! week of the axis costs one table whatever the number of tweets.

use std::collections::BTreeMap;
use std::f64::consts::TAU;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use libm::sin;

use super::dice::{Dice, Domain};
use crate::time::{DAY, SECOND, WEEK};

const BUCKET: i64 = 30 * SECOND;
const BUCKETS: usize = (WEEK / BUCKET) as usize;
const GUIDES: usize = 4_096;
/// Weeks that are kept, each of 200 KB; one is made in a few milliseconds.
const WEEKS: usize = 64;
const SPIKES_PER_WEEK: f64 = 3.0;
const SPIKE_PEAK: f64 = 24.0; // on top of the usual rate
const SPIKE_DECAY: f64 = 240.0 * SECOND as f64;
const SPIKE_END: i64 = 3_600 * SECOND;

pub struct Timeline {
    seed: u64,
    origin: i64,
    before: u64,
    weekly_after: f64,
    /// The week before the origin, which is asked for most.
    past: OnceLock<Arc<Week>>,
    others: RwLock<BTreeMap<i64, Arc<Week>>>,
}

struct Week {
    /// Share of the week's tweets written before the end of each bucket.
    cumulative: Vec<f64>,
    /// For each of [`GUIDES`] equal shares the bucket it begins in.
    guides: Vec<usize>,
    spikes: Vec<Spike>,
    /// Between which shares of the week's tweets each spike lies.
    events: Vec<(f64, f64)>,
}

struct Spike {
    starts_at: i64,
    number: u64,
}

impl Timeline {
    /// `before` tweets lie in the seven days before `origin` (µs); after it come
    /// `rate_per_second` on average.
    pub fn new(seed: u64, origin: i64, before: u64, rate_per_second: f64) -> Self {
        Self {
            seed,
            origin,
            before,
            weekly_after: rate_per_second.max(0.0) * (WEEK / SECOND) as f64,
            past: OnceLock::new(),
            others: RwLock::default(),
        }
    }

    /// The number of tweets in the seven days before the origin.
    pub fn before(&self) -> u64 {
        self.before
    }

    /// The moment (µs) tweet `ordinal` is written; grows with `ordinal`.
    pub fn micros_of(&self, ordinal: i64) -> i64 {
        let position = ordinal as f64 + Dice::new(self.seed, Domain::Time, ordinal).unit().min(0.999_9);
        let number = self.week_at(position);
        let (first, amount) = self.extent(number);
        let share = ((position - first) / amount).clamp(0.0, 1.0);
        self.origin + number * WEEK + self.week(number).offset(share)
    }

    /// The number of the first tweet written at or after `micros`; numbers start at 0 seven
    /// days before the origin and may be negative.
    pub fn ordinal_at(&self, micros: i64) -> i64 {
        let elapsed = micros - self.origin;
        let number = elapsed.div_euclid(WEEK);
        let (first, amount) = self.extent(number);
        if amount <= 0.0 {
            return first.ceil() as i64;
        }
        let share = self.week(number).share(elapsed.rem_euclid(WEEK));
        let mut ordinal = (first + amount * share).floor() as i64 - 1;
        while self.exists(ordinal) && self.micros_of(ordinal) < micros {
            ordinal += 1;
        }
        ordinal
    }

    /// The event that made this tweet, if it was one: the number of the spike.
    pub fn spike(&self, ordinal: i64, dice: &mut Dice) -> Option<u64> {
        if self.is_quiet(ordinal) {
            return None;
        }
        let micros = self.micros_of(ordinal);
        let week = self.week((micros - self.origin).div_euclid(WEEK));
        let spike = week.spikes.iter().find(|spike| (0..SPIKE_END).contains(&(micros - spike.starts_at)))?;
        let extra = spike.extra(micros);
        dice.chance(extra / (1.0 + extra)).then_some(spike.number)
    }

    /// Surely no event was going on: cheaper than to look for one.
    fn is_quiet(&self, ordinal: i64) -> bool {
        if !(0..self.before as i64).contains(&ordinal) {
            return false;
        }
        let week = self.week(-1);
        let share = ordinal as f64 / self.before as f64;
        let width = 1.0 / self.before as f64;
        week.events.iter().all(|&(from, to)| share < from - width || share > to)
    }

    fn exists(&self, ordinal: i64) -> bool {
        self.weekly_after > 0.0 || ordinal < self.before as i64
    }

    fn past_weekly(&self) -> f64 {
        self.before.max(1) as f64
    }

    fn week_at(&self, position: f64) -> i64 {
        if position < 0.0 {
            -1 - (-position / self.past_weekly()).ceil() as i64
        } else if position < self.before as f64 {
            -1
        } else {
            ((position - self.before as f64) / self.weekly_after).floor() as i64
        }
    }

    /// Number of tweets before the week, and in it.
    fn extent(&self, number: i64) -> (f64, f64) {
        match number {
            ..-1 => ((number + 1) as f64 * self.past_weekly(), self.past_weekly()),
            -1 => (0.0, self.before as f64),
            0.. => (self.before as f64 + number as f64 * self.weekly_after, self.weekly_after),
        }
    }

    fn week(&self, number: i64) -> Arc<Week> {
        if number == -1 {
            return Arc::clone(self.past.get_or_init(|| Arc::new(self.make_week(number))));
        }
        let weeks = self.others.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(week) = weeks.get(&number) {
            return Arc::clone(week);
        }
        drop(weeks);
        let week = Arc::new(self.make_week(number));
        let mut weeks = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if weeks.len() >= WEEKS {
            weeks.clear();
        }
        Arc::clone(weeks.entry(number).or_insert(week))
    }

    fn make_week(&self, number: i64) -> Week {
        Week::new(self.seed, number, self.origin + number * WEEK)
    }
}

impl Spike {
    fn extra(&self, micros: i64) -> f64 {
        SPIKE_PEAK * libm::exp(-((micros - self.starts_at) as f64) / SPIKE_DECAY)
    }
}

impl Week {
    fn new(seed: u64, number: i64, starts_at: i64) -> Self {
        let mut dice = Dice::new(seed, Domain::Week, number);
        let mut spikes = Vec::new();
        let mut at = dice.exponential() / SPIKES_PER_WEEK;
        while at < 1.0 {
            let starts_at = starts_at + (at * WEEK as f64) as i64;
            spikes.push(Spike { starts_at, number: dice.next() });
            at += dice.exponential() / SPIKES_PER_WEEK;
        }
        let mut total = 0.0;
        let mut cumulative: Vec<f64> = (0..BUCKETS as i64)
            .map(|bucket| {
                total += weight(starts_at + bucket * BUCKET, &spikes);
                total
            })
            .collect();
        cumulative.iter_mut().for_each(|sum| *sum /= total);
        let guide = |guide| bucket_of(&cumulative, guide as f64 / GUIDES as f64, 0);
        let guides = (0..GUIDES).map(guide).collect();
        let mut week = Self { cumulative, guides, spikes, events: Vec::new() };
        let last = WEEK - 1;
        let share = |micros: i64| week.share((micros - starts_at).min(last));
        week.events =
            week.spikes.iter().map(|spike| (share(spike.starts_at), share(spike.starts_at + SPIKE_END))).collect();
        week
    }

    fn bounds(&self, bucket: usize) -> (f64, f64) {
        let low = if bucket == 0 { 0.0 } else { self.cumulative[bucket - 1] };
        (low, self.cumulative[bucket])
    }

    fn offset(&self, share: f64) -> i64 {
        let guide = self.guides[((share * GUIDES as f64) as usize).min(GUIDES - 1)];
        let bucket = bucket_of(&self.cumulative, share, guide);
        let (low, high) = self.bounds(bucket);
        let part = ((share - low) / (high - low)).min(0.999_999);
        bucket as i64 * BUCKET + (part * BUCKET as f64) as i64
    }

    fn share(&self, offset: i64) -> f64 {
        let (low, high) = self.bounds((offset / BUCKET) as usize);
        low + (high - low) * (offset % BUCKET) as f64 / BUCKET as f64
    }
}

/// The first bucket from `start` on that ends after `share`.
fn bucket_of(cumulative: &[f64], share: f64, start: usize) -> usize {
    let further = cumulative[start..].iter().position(|&sum| sum > share);
    further.map_or(BUCKETS - 1, |further| start + further)
}

fn weight(micros: i64, spikes: &[Spike]) -> f64 {
    let day = micros.rem_euclid(DAY) as f64 / DAY as f64;
    let week = micros.rem_euclid(WEEK) as f64 / WEEK as f64;
    let wave = 1.0 + 0.55 * sin(TAU * (day - 0.375)) + 0.1 * sin(2.0 * TAU * day) + 0.1 * sin(TAU * week);
    let extra: f64 = spikes
        .iter()
        .filter(|spike| (0..SPIKE_END).contains(&(micros - spike.starts_at)))
        .map(|spike| spike.extra(micros))
        .sum();
    wave * (1.0 + extra)
}
