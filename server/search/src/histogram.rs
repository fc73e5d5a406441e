//! Tweets per span of time.

use crate::error::Result;
use crate::matches::Matches;
use crate::reader::Reader;
use crate::schema::column;
use crate::view::View;
use model::Timestamp;
use model::explore::{Bucket, Histogram};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use tantivy::u64_to_i64;

/// Most buckets that a histogram may span.
pub(crate) const MOST_BUCKETS: i64 = 60;

/// Widths that people can name. Beyond the last they double.
const WIDTHS: [i64; 18] = [
    SECOND,
    5 * SECOND,
    15 * SECOND,
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
];

/// The widths that there are, ascending.
pub(crate) fn widths() -> impl Iterator<Item = i64> {
    WIDTHS.into_iter().chain(std::iter::successors(Some(730 * DAY), |width| width.checked_mul(2)))
}

/// The histogram of the matches, and the time of the newest.
///
/// It spans from the first to the last match, or to the limits where some are given.
pub(crate) fn histogram(
    view: &View,
    matches: &Matches,
    limits: (Option<i64>, Option<i64>),
) -> Result<(Histogram, Option<Timestamp>)> {
    let (mut first, mut last) = (u64::MAX, u64::MIN);
    each_value(view, matches, |values| {
        for value in values {
            first = first.min(*value);
            last = last.max(*value);
        }
    })?;
    let found = (first <= last).then(|| (u64_to_i64(first), u64_to_i64(last)));
    let newest = found.map(|(_, last)| Timestamp(last));
    let from = limits.0.or(found.map(|(first, _)| first));
    let to = limits.1.map(|end| end.saturating_sub(1)).or(found.map(|(_, last)| last));
    let (Some(from), Some(to)) = (from, to) else { return Ok((Histogram::default(), newest)) };
    let grid = Grid::new(from, to.max(from));
    let histogram = Histogram {
        interval: grid.width,
        from: Timestamp(grid.start),
        to: Timestamp(grid.end),
        buckets: grid.count(view, matches)?,
        split: None,
        previous: Vec::new(),
    };
    Ok((histogram, newest))
}

/// The matches by the buckets of a histogram; all of them must lie in its span, or in that moved by `offset`.
pub(crate) fn buckets(view: &View, matches: &Matches, of: &Histogram, offset: i64) -> Result<Vec<Bucket>> {
    let grid = Grid {
        start: of.from.0 + offset,
        end: of.to.0 + offset,
        width: of.interval,
        per_microsecond: 1.0 / of.interval as f64,
    };
    let mut buckets = grid.count(view, matches)?;
    buckets.iter_mut().for_each(|bucket| bucket.start.0 -= offset);
    Ok(buckets)
}

fn each_value(view: &View, matches: &Matches, mut visit: impl FnMut(&[u64])) -> Result<()> {
    for (segment, docs) in matches.docs.iter().enumerate() {
        let mut reader = Reader::new(&view.cells(segment, column("created"))?.values);
        docs.for_each_chunk(|chunk| visit(reader.read(chunk).1));
    }
    Ok(())
}

/// Buckets of one width, aligned to multiples of it.
struct Grid {
    start: i64,
    end: i64,
    width: i64,
    per_microsecond: f64,
}

impl Grid {
    fn new(from: i64, to: i64) -> Self {
        let spans = |width: i64| to.div_euclid(width) - from.div_euclid(width) < MOST_BUCKETS;
        let width = widths().find(|width| spans(*width)).unwrap_or(i64::MAX / 2);
        let start = from.div_euclid(width).saturating_mul(width);
        let end = (to.div_euclid(width) + 1).saturating_mul(width);
        Self { start, end, width, per_microsecond: 1.0 / width as f64 }
    }

    /// The buckets that have any of the matches.
    fn count(&self, view: &View, matches: &Matches) -> Result<Vec<Bucket>> {
        let mut counts = vec![0_u64; self.buckets()];
        each_value(view, matches, |values| {
            values.iter().for_each(|value| counts[self.bucket(u64_to_i64(*value))] += 1);
        })?;
        let counted = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
        Ok(counted.map(|(place, count)| Bucket { start: self.start_of(place), count }).collect())
    }

    fn buckets(&self) -> usize {
        ((self.end - self.start) / self.width) as usize
    }

    /// Divides by multiplication, which is several times as fast, and mends the rounding at the edges.
    #[inline]
    fn bucket(&self, time: i64) -> usize {
        let offset = time - self.start;
        let guess = (offset as f64 * self.per_microsecond) as i64;
        let guess = guess - i64::from(guess * self.width > offset);
        (guess + i64::from((guess + 1) * self.width <= offset)) as usize
    }

    fn start_of(&self, bucket: usize) -> Timestamp {
        Timestamp(self.start + bucket as i64 * self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_width_is_the_least_that_fits() {
        let day = Timestamp::from_day(2026, 1, 1).unwrap().0;
        assert_eq!(Grid::new(day, day).width, SECOND);
        assert_eq!(Grid::new(day, day + DAY - 1).width, 30 * MINUTE);
        assert_eq!(Grid::new(day, day + 31 * DAY - 1).width, DAY);
        assert_eq!(Grid::new(0, 40 * 365 * DAY).width, 365 * DAY);
    }

    proptest! {
        #[test]
        fn every_moment_is_in_its_bucket(from in -4_000_000_000_000_000_i64..4_000_000_000_000_000, span in 0_i64..3_000_000_000_000_000, at in 0.0..1.0_f64) {
            let grid = Grid::new(from, from + span);
            let time = from + (span as f64 * at) as i64;
            for time in [from, from + span, time, time / grid.width * grid.width] {
                if time < from || time > from + span { continue; }
                let start = grid.start_of(grid.bucket(time)).0;
                prop_assert!(start <= time && time < start + grid.width);
                prop_assert_eq!(start.rem_euclid(grid.width), 0);
            }
            prop_assert!(grid.buckets() as i64 <= MOST_BUCKETS);
        }
    }
}
