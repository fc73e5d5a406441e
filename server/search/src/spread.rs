//! How sorted values are spread: quartiles, and counts by ranges whose limits are round.

use crate::histogram::widths;
use model::Timestamp;
use model::columns::Kind;
use model::stats::{Quantity, Range, Scale, Spread};
use tantivy::{u64_to_f64, u64_to_i64};

/// Most ranges.
const MOST_RANGES: usize = 24;

/// Least width of a range of decimals: they are shares.
const LEAST_WIDTH: f64 = 0.0001;

/// The steps of round numbers within a power of ten.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

/// The spread of values in tantivy's order-preserving form, ascending; `None` if there are none.
pub(crate) fn of(sorted: &[u64], kind: Kind) -> Option<Spread> {
    let value = |encoded: u64| match kind {
        Kind::Decimal => Quantity::Decimal(u64_to_f64(encoded)),
        Kind::Id => Quantity::Id(encoded),
        Kind::Date => Quantity::Date(Timestamp(u64_to_i64(encoded))),
        _ => Quantity::Number(u64_to_i64(encoded)),
    };
    let last = sorted.len().checked_sub(1)?;
    // The least value that so many quarters do not exceed.
    let quartile = |quarters: usize| value(sorted[(sorted.len() * quarters).div_ceil(4) - 1]);
    let five = [value(sorted[0]), quartile(1), quartile(2), quartile(3), value(sorted[last])];
    let (scale, limits) = limits(five);
    let mut counted = 0;
    let ranges = limits.windows(2).enumerate().map(|(place, pair)| {
        let is_last = place + 2 == limits.len();
        let below = if is_last { sorted.len() } else { sorted.partition_point(|encoded| value(*encoded) < pair[1]) };
        let count = (below - counted) as u64;
        counted = below;
        Range { from: pair[0], to: pair[1], count }
    });
    let ranges = ranges.collect();
    let [least, first_quartile, median, third_quartile, most] = five;
    Some(Spread { least, first_quartile, median, third_quartile, most, scale, ranges })
}

/// The limits of the ranges, ascending: the first is at most the least value, the last above the greatest.
fn limits([least, first, median, third, most]: [Quantity; 5]) -> (Scale, Vec<Quantity>) {
    match (least, most) {
        (Quantity::Number(least), Quantity::Number(most)) => {
            let (least, most) = (least as f64, most as f64);
            let is_wide = most - least >= MOST_RANGES as f64;
            let is_skewed = is_wide && matches!(third, Quantity::Number(third) if is_skewed(least, third as f64, most));
            let number = |limit: f64| Quantity::Number(limit as i64);
            let (scale, limits) =
                if is_skewed { (Scale::Growing, growing(1.0, most)) } else { (Scale::Even, even(least, most, 1.0)) };
            (scale, limits.into_iter().map(number).collect())
        }
        (Quantity::Decimal(least), Quantity::Decimal(most)) => {
            let is_skewed = matches!(third, Quantity::Decimal(third) if is_skewed(least, third, most));
            let start = [first, median, third].into_iter().find_map(|value| match value {
                Quantity::Decimal(value) if value > 0.0 => Some(value),
                _ => None,
            });
            let (scale, limits) = match start.filter(|_| is_skewed) {
                Some(start) => (Scale::Growing, growing(start, most)),
                None => (Scale::Even, even(least, most, LEAST_WIDTH)),
            };
            (scale, limits.into_iter().map(Quantity::Decimal).collect())
        }
        (Quantity::Date(least), Quantity::Date(most)) => (Scale::Even, dates(least, most)),
        _ => (Scale::Even, Vec::new()),
    }
}

/// Whether three quarters of the values lie in the first twentieth of their span.
fn is_skewed(least: f64, third: f64, most: f64) -> bool {
    least >= 0.0 && third - least < (most - least) / 20.0
}

/// From 0, then 1, 2, 5, 10 and so on, from the power of ten at or below `start`; coarser where that were too many.
fn growing(start: f64, most: f64) -> Vec<f64> {
    let first = start.log10().floor() as i32;
    let with = |steps: &[f64]| {
        let mut limits = vec![0.0];
        for power in first.. {
            for step in steps {
                // Divided where the power is negative: 0.2 is 2 / 10, not 2 × 0.1.
                let limit = if power < 0 { step / 10_f64.powi(-power) } else { step * 10_f64.powi(power) };
                limits.push(limit);
                if limit > most || !limit.is_finite() {
                    return limits;
                }
            }
        }
        limits
    };
    let fine = with(&STEPS);
    if fine.len() <= MOST_RANGES + 1 { fine } else { with(&STEPS[..1]) }
}

/// Multiples of a round width that is at least `least_width`.
fn even(least: f64, most: f64, least_width: f64) -> Vec<f64> {
    let span = (most - least).max(least_width);
    let mut power = (span / MOST_RANGES as f64).log10().floor() as i32;
    loop {
        for step in STEPS {
            let multiple = |count: f64| {
                if power < 0 { count * step / 10_f64.powi(-power) } else { count * step * 10_f64.powi(power) }
            };
            let width = multiple(1.0);
            let (from, to) = ((least / width).floor(), (most / width).floor() + 1.0);
            if width >= least_width && to - from <= MOST_RANGES as f64 {
                return (0..=(to - from) as usize).map(|place| multiple(from + place as f64)).collect();
            }
        }
        power += 1;
    }
}

fn dates(least: Timestamp, most: Timestamp) -> Vec<Quantity> {
    let spans = |width: i64| most.0.div_euclid(width) - least.0.div_euclid(width) < MOST_RANGES as i64;
    let width = widths().find(|width| spans(*width)).unwrap_or(i64::MAX / 2);
    let first = least.0.div_euclid(width);
    let last = most.0.div_euclid(width) + 1;
    (first..=last).map(|place| Quantity::Date(Timestamp(place.saturating_mul(width)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::{f64_to_u64, i64_to_u64};

    fn numbers(values: &[i64]) -> Spread {
        let mut encoded: Vec<u64> = values.iter().map(|value| i64_to_u64(*value)).collect();
        encoded.sort_unstable();
        of(&encoded, Kind::Number).unwrap()
    }

    fn limits_of(spread: &Spread) -> Vec<String> {
        let shown = |quantity: Quantity| match quantity {
            Quantity::Number(number) => number.to_string(),
            Quantity::Decimal(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        let last = spread.ranges.last().map(|range| range.to);
        spread.ranges.iter().map(|range| range.from).chain(last).map(shown).collect()
    }

    #[test]
    fn few_numbers_stand_alone_many_get_a_round_width_and_skewed_ones_growing_ranges() {
        let few = numbers(&[2, 3, 3, 9]);
        assert_eq!((few.scale, limits_of(&few).join(" ")), (Scale::Even, "2 3 4 5 6 7 8 9 10".to_owned()));
        assert_eq!(few.ranges[1].count, 2);
        let lengths = numbers(&(20..280).collect::<Vec<_>>());
        assert_eq!(limits_of(&lengths)[..3], ["20", "40", "60"]);
        let likes: Vec<i64> = (0..90).map(|n| n % 3).chain([70, 15_000]).collect();
        let likes = numbers(&likes);
        assert_eq!(likes.scale, Scale::Growing);
        assert_eq!(limits_of(&likes).join(" "), "0 1 2 5 10 20 50 100 200 500 1000 2000 5000 10000 20000");
        assert_eq!((likes.median, likes.most), (Quantity::Number(1), Quantity::Number(15_000)));
    }

    #[test]
    fn shares_get_ranges_of_their_own_size() {
        let rates: Vec<u64> = (1..100).map(|n| f64_to_u64(f64::from(n) / 5000.0)).chain([f64_to_u64(3.0)]).collect();
        let spread = of(&rates, Kind::Decimal).unwrap();
        assert_eq!(limits_of(&spread)[..5], ["0", "0.001", "0.002", "0.005", "0.01"]);
        assert_eq!(spread.ranges.iter().map(|range| range.count).sum::<u64>(), 100);
    }

    #[test]
    fn of_one_value_and_of_the_greatest_there_is_one_range_too() {
        assert_eq!(limits_of(&numbers(&[7, 7])), ["7", "8"]);
        let huge = numbers(&[0, 0, 0, 0, 0, i64::MAX]);
        assert_eq!(huge.ranges.iter().map(|range| range.count).sum::<u64>(), 6);
        assert_eq!(of(&[], Kind::Number), None);
    }
}
