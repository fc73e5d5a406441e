//! How many posts are expected when: X's counts, or what was observed so far.

use crate::span::Span;
use model::Timestamp;

/// A bucket of X's counts: posts from `start` to before `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub start: Timestamp,
    pub end: Timestamp,
    pub count: u64,
}

/// Expected posts over time: even within each bucket, and of a mean density outside of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// In order, none overlaps another.
    buckets: Vec<Bucket>,
    /// Posts before each bucket, and before the end of the last: one more than there are buckets. Between buckets lies
    /// what the mean density gives.
    before: Vec<f64>,
    /// Posts in a microsecond where nothing was counted.
    elsewhere: f64,
    /// How many posts come for each that was counted.
    factor: f64,
}

impl Density {
    /// From X's counts, in any order. Where two buckets overlap, the one that begins first counts.
    pub fn counted(mut buckets: Vec<Bucket>) -> Self {
        buckets.sort_by_key(|bucket| (bucket.start, bucket.end));
        let mut end = Timestamp(i64::MIN);
        buckets.retain_mut(|bucket| {
            bucket.start = bucket.start.max(end);
            end = end.max(bucket.end);
            bucket.start < bucket.end
        });
        let posts: f64 = buckets.iter().map(|bucket| bucket.count as f64).sum();
        let micros: f64 = buckets.iter().map(|bucket| (bucket.end - bucket.start) as f64).sum();
        let elsewhere = if micros > 0.0 { posts / micros } else { 0.0 };
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for (number, bucket) in buckets.iter().enumerate() {
            sum += bucket.count as f64;
            let hole = buckets.get(number + 1).map_or(0, |next| next.start - bucket.end);
            sum += hole as f64 * elsewhere;
            before.push(sum);
        }
        Self { buckets, before, elsewhere, factor: 1.0 }
    }

    /// As many posts at all times, where there are no counts: so many were seen in so many microseconds.
    pub fn observed(posts: u64, micros: i64) -> Self {
        let elsewhere = posts as f64 / micros.max(1) as f64;
        Self { buckets: Vec::new(), before: vec![0.0], elsewhere, factor: 1.0 }
    }

    /// Whether X has counted anything, be it that there is nothing.
    pub(crate) fn is_counted(&self) -> bool {
        !self.buckets.is_empty()
    }

    /// X counts more than it gives (what is gone is taken out of searches only): `factor` posts come for each counted.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { factor: self.factor * factor, ..self }
    }

    /// Expected posts in a span.
    pub fn expected(&self, span: Span) -> f64 {
        (self.posts_until(span.ends_at()) - self.posts_until(span.starts_at())).max(0.0)
    }

    /// Posts from the start of the first bucket until `time`; less than none before it.
    pub(crate) fn posts_until(&self, time: Timestamp) -> f64 {
        self.factor * self.counted_until(time)
    }

    fn counted_until(&self, time: Timestamp) -> f64 {
        let Some(first) = self.buckets.first() else { return time.0 as f64 * self.elsewhere };
        if time < first.start {
            return (time - first.start) as f64 * self.elsewhere;
        }
        let number = self.buckets.partition_point(|bucket| bucket.start <= time) - 1;
        let Bucket { start, end, count } = self.buckets[number];
        let share = (time.min(end) - start) as f64 / (end - start) as f64;
        self.before[number] + share * count as f64 + (time - end).max(0) as f64 * self.elsewhere
    }

    /// The last moment at which a bucket begins or ends and no more than `posts` have come; the inverse of
    /// [`Self::posts_until`] at the edges. After `after` only.
    pub(crate) fn last_edge(&self, posts: f64, after: Timestamp) -> Option<Timestamp> {
        let number = self.before.partition_point(|before| before * self.factor <= posts).checked_sub(1)?;
        let edge = self.buckets.get(number).map(|bucket| bucket.start).or(self.buckets.last().map(|last| last.end));
        edge.filter(|edge| *edge > after)
    }

    /// The last millisecond between two moments at whose start no more than `posts` have come.
    pub(crate) fn moment(&self, posts: f64, (mut low, mut high): (Timestamp, Timestamp)) -> Timestamp {
        while high - low > 1_000 {
            let middle = Timestamp(low.0 + (high - low) / 2).floor(1_000).max(Timestamp(low.0 + 1_000));
            if self.posts_until(middle) <= posts {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::{HOUR, MINUTE};

    const START: i64 = 1_795_435_200_000_000;

    fn hours(counts: &[u64]) -> Density {
        let bucket = |(hour, count): (usize, &u64)| {
            let start = START + hour as i64 * HOUR;
            Bucket { start: Timestamp(start), end: Timestamp(start + HOUR), count: *count }
        };
        Density::counted(counts.iter().enumerate().map(bucket).collect())
    }

    fn between(from: i64, to: i64) -> Span {
        Span::between(Timestamp(START + from), Timestamp(START + to))
    }

    #[test]
    fn posts_are_spread_evenly_over_their_bucket() {
        let density = hours(&[60, 0, 600]);
        assert!((density.expected(between(0, 3 * HOUR)) - 660.0).abs() < 1e-6);
        assert!((density.expected(between(30 * MINUTE, HOUR)) - 30.0).abs() < 1e-6);
        assert!((density.expected(between(2 * HOUR, 2 * HOUR + MINUTE)) - 10.0).abs() < 1e-6);
        assert!((density.expected(between(3 * HOUR, 4 * HOUR)) - 220.0).abs() < 1e-6, "outside: the mean");
        assert!((density.expected(between(-HOUR, 0)) - 220.0).abs() < 1e-6);
        assert!((density.scaled(0.5).expected(between(0, HOUR)) - 30.0).abs() < 1e-6);
    }

    #[test]
    fn counts_may_come_newest_first_and_twice() {
        let at = |hour: i64, count| Bucket {
            start: Timestamp(START + hour * HOUR),
            end: Timestamp(START + (hour + 1) * HOUR),
            count,
        };
        let density = Density::counted(vec![at(1, 7), at(0, 5), at(1, 7)]);
        assert!((density.expected(between(0, 2 * HOUR)) - 12.0).abs() < 1e-6);
    }

    #[test]
    fn without_counts_the_observed_density_holds_everywhere() {
        let density = Density::observed(300, HOUR);
        assert!((density.expected(between(-HOUR, HOUR)) - 600.0).abs() < 1e-3);
        assert_eq!(density.last_edge(1e9, Timestamp(0)), None);
    }

    #[test]
    fn edges_and_moments_are_the_inverse() {
        let density = hours(&[60, 0, 600]);
        let at = |time: i64| Timestamp(START + time);
        assert_eq!(density.last_edge(60.0, at(0)), Some(at(2 * HOUR)), "an hour without posts costs nothing");
        assert_eq!(density.last_edge(59.0, at(0)), None, "the start itself is no place to cut");
        assert_eq!(density.last_edge(660.0, at(0)), Some(at(3 * HOUR)));
        assert_eq!(density.moment(70.0, (at(2 * HOUR), at(3 * HOUR))), at(2 * HOUR + MINUTE));
    }
}
