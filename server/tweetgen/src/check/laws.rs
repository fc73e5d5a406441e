//! Figures of samples.

use std::collections::HashMap;
use std::hash::Hash;

/// The value below which `share` of the sorted values lie.
pub fn quantile(sorted: &[u32], share: f64) -> u32 {
    let index = (sorted.len() as f64 * share) as usize;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// How often each occurs, ascending.
pub fn sorted_counts<K: Eq + Hash>(counts: &HashMap<K, u32>) -> Vec<u32> {
    let mut sorted: Vec<u32> = counts.values().copied().collect();
    sorted.sort_unstable();
    sorted
}

/// By what power the frequency falls from rank `from` to rank `to`: the slope of a line through the ranks, which
/// are taken in equal steps of their logarithm. `ascending` are all frequencies.
pub fn zipf_slope(ascending: &[u32], from: usize, to: usize) -> Option<f64> {
    const STEPS: usize = 40;
    let points: Vec<(f64, f64)> = (0..=STEPS)
        .map(|step| {
            let rank = from as f64 * libm::pow(to as f64 / from as f64, step as f64 / STEPS as f64);
            let count = ascending.len().checked_sub(rank as usize).map(|index| ascending[index]);
            count.map(|count| (libm::log(rank.trunc()), libm::log(f64::from(count))))
        })
        .collect::<Option<_>>()?;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let rise: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let run: f64 = points.iter().map(|point| (point.0 - x) * (point.0 - x)).sum();
    Some(-rise / run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slope_of_a_zipf_law_is_its_exponent() {
        let mut counts: Vec<u32> = (1..=5_000).map(|rank| (1e9 * libm::pow(f64::from(rank), -1.07)) as u32).collect();
        counts.reverse();
        let slope = zipf_slope(&counts, 100, 3_000).unwrap();
        assert!((slope - 1.07).abs() < 0.001, "{slope}");
        assert!(zipf_slope(&counts, 100, 6_000).is_none(), "there are no such ranks");
    }
}
