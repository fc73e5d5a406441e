//! Tweets per span of time.

use crate::error::Result;
use crate::matches::Matches;
use crate::reader::Reader;
use crate::schema::column;
use crate::view::View;
use model::Timestamp;
use model::explore::{Bucket, Histogram};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::zone::Zone;
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
    zone: &Zone,
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
    let grid = Grid::new(from, to.max(from), zone);
    let histogram = Histogram {
        interval: grid.width,
        from: Timestamp(grid.start()),
        to: Timestamp(grid.end()),
        buckets: grid.count(view, matches)?,
        split: None,
        previous: Vec::new(),
    };
    Ok((histogram, newest))
}

/// The matches by the buckets of a histogram of that zone; all of them must lie in its span, or in that moved by
/// `offset`.
pub(crate) fn buckets(
    view: &View,
    matches: &Matches,
    of: &Histogram,
    (zone, offset): (&Zone, i64),
) -> Result<Vec<Bucket>> {
    let mut grid = Grid::between(of.from, of.to, of.interval, zone);
    grid.edges.iter_mut().for_each(|edge| *edge += offset);
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

/// Buckets of one width by the clocks of a zone, aligned to multiples of it there.
struct Grid {
    width: i64,
    /// Where buckets begin, and at last where the last one ends.
    edges: Vec<i64>,
    per_microsecond: f64,
}

impl Grid {
    fn new(from: i64, to: i64, zone: &Zone) -> Self {
        let (from, civil) = (Timestamp(from), zone.civil(Timestamp(from)));
        let ahead = civil - from;
        let last = |width: i64| match width {
            ..=HOUR => to + ahead,
            _ => zone.civil(Timestamp(to)).0,
        };
        let spans = |width: i64| last(width).div_euclid(width) - civil.0.div_euclid(width) < MOST_BUCKETS;
        let width = widths().find(|width| spans(*width)).unwrap_or(i64::MAX / 2);
        let start = zone.floor(from, width, Timestamp(civil.floor(width).0 - ahead));
        let end = zone.after(zone.floor(Timestamp(to), width, start), width);
        Self::between(start, end, width, zone)
    }

    fn between(start: Timestamp, end: Timestamp, width: i64, zone: &Zone) -> Self {
        let next = |edge: &Timestamp| Some(zone.after(*edge, width)).filter(|next| *next <= end && next > edge);
        let edges = std::iter::successors(Some(start), next).map(|edge| edge.0).collect();
        Self { width, edges, per_microsecond: 1.0 / width as f64 }
    }

    fn start(&self) -> i64 {
        self.edges.first().copied().unwrap_or_default()
    }

    fn end(&self) -> i64 {
        self.edges.last().copied().unwrap_or_default()
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
        self.edges.len() - 1
    }

    /// Divides by multiplication, which is several times as fast, and mends what rounding and clocks make of it.
    #[inline]
    fn bucket(&self, time: i64) -> usize {
        let guess = ((time - self.edges[0]) as f64 * self.per_microsecond) as usize;
        let mut bucket = guess.min(self.edges.len() - 2);
        while self.edges[bucket] > time {
            bucket -= 1;
        }
        while self.edges[bucket + 1] <= time {
            bucket += 1;
        }
        bucket
    }

    fn start_of(&self, bucket: usize) -> Timestamp {
        Timestamp(self.edges[bucket])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::zone::UTC;
    use proptest::prelude::*;

    fn berlin() -> Zone {
        Zone::from_text("Europe/Berlin 60 29579100:120 29881500:60").unwrap()
    }

    #[test]
    fn the_width_is_the_least_that_fits() {
        let day = Timestamp::from_day(2026, 1, 1).unwrap().0;
        assert_eq!(Grid::new(day, day, &UTC).width, SECOND);
        assert_eq!(Grid::new(day, day + DAY - 1, &UTC).width, 30 * MINUTE);
        assert_eq!(Grid::new(day, day + 31 * DAY - 1, &UTC).width, DAY);
        assert_eq!(Grid::new(0, 40 * 365 * DAY, &UTC).width, 365 * DAY);
    }

    #[test]
    fn days_begin_at_midnight_of_the_zone_when_clocks_change_too() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap().0;
        let grid = Grid::new(at("2026-03-10T12:00:00Z"), at("2026-04-10T12:00:00Z"), &berlin());
        assert_eq!(
            (grid.width, grid.start(), grid.end()),
            (DAY, at("2026-03-09T23:00:00Z"), at("2026-04-10T22:00:00Z"))
        );
        let day = |time: &str| {
            let bucket = grid.bucket(at(time));
            (grid.edges[bucket + 1] - grid.edges[bucket]) / HOUR
        };
        assert_eq!(day("2026-03-28T22:59:59Z"), 24);
        assert_eq!(day("2026-03-28T23:00:00Z"), 23);
        assert_eq!(day("2026-03-29T21:59:59Z"), 23);
        assert_eq!(day("2026-03-29T22:00:00Z"), 24);
    }

    proptest! {
        #[test]
        fn every_moment_is_in_its_bucket(
            from in -4_000_000_000_000_000_i64..4_000_000_000_000_000,
            span in 0_i64..3_000_000_000_000_000,
            at in 0.0..1.0_f64,
            in_berlin in any::<bool>(),
        ) {
            let berlin = berlin();
            let zone = if in_berlin { &berlin } else { &UTC };
            let grid = Grid::new(from, from + span, zone);
            let time = from + (span as f64 * at) as i64;
            for time in [from, from + span, time, time / grid.width * grid.width] {
                if time < from || time > from + span { continue; }
                let bucket = grid.bucket(time);
                let start = grid.start_of(bucket);
                prop_assert!(start.0 <= time && time < grid.edges[bucket + 1]);
                prop_assert_eq!(zone.after(start, grid.width).0, grid.edges[bucket + 1]);
                prop_assert_eq!(zone.civil(start).0.rem_euclid(grid.width), 0);
            }
            prop_assert!(grid.buckets() as i64 <= MOST_BUCKETS);
            let again = Grid::between(Timestamp(grid.start()), Timestamp(grid.end()), grid.width, zone);
            prop_assert_eq!(again.edges, grid.edges);
        }
    }
}
