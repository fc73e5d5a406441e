//! The targets of `benchmarks`: each against what was measured.

use std::collections::HashMap;

use super::Row;
use super::laws::{quantile, sorted_counts, zipf_slope};
use super::measure::{HEAPS, Measure, Repeats};
use super::seen::{Tweet, each_tweet};
use crate::corpus::LANGUAGES;
use crate::pages::each_page;
use crate::{Canary, Corpus, Planted, Profile, Transport};

/// Words in a text of these many words: 87,733 English tweets.
const DIFFERENT: [f64; 5] = [551.0, 3_443.0, 17_730.0, 37_506.0, 73_831.0];
/// Slopes are judged from this many words on: then the last rank was seen some fifty times.
const WORDS_FOR_SLOPES: usize = 1_500_000;
/// Medians are those of large samples.
const TWEETS_FOR_MEDIANS: usize = 20_000;
const TWEETS_FOR_PEAK: usize = 100_000;
const TWEETS_FOR_SHARES: usize = 20_000;

fn row(what: impl Into<String>, target: impl Into<String>, found: impl Into<String>, ok: Option<bool>) -> Row {
    Row { what: what.into(), target: target.into(), found: found.into(), ok }
}

/// Within `tolerance` (a share) of `target`.
fn near(what: &str, target: f64, tolerance: f64, found: Option<f64>) -> Row {
    let ok = found.map(|found| (found / target - 1.0).abs() <= tolerance);
    let found = found.map_or_else(|| "-".to_owned(), |found| format!("{found:.0}"));
    row(what, format!("{target:.0} ± {:.0} %", tolerance * 100.0), found, ok)
}

/// Sizes of tweets (bytes), and how well pages are compressed.
pub fn sizes(measure: &mut Measure, profile: Profile) -> Vec<Row> {
    measure.sizes.sort_unstable();
    // 200 real tweets with all fields; 474 with few, whose mean was 720 instead of 750
    let targets = if profile == Profile::Full { [1_658.0, 2_895.0, 4_321.0] } else { [669.0, 1_050.0, 2_118.0] };
    let quantiles = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)];
    let mut rows: Vec<Row> = quantiles
        .iter()
        .zip(targets)
        .map(|((name, share), target)| {
            near(&format!("bytes of a tweet, {name}"), target, 0.15, Some(f64::from(quantile(&measure.sizes, *share))))
        })
        .collect();
    let ratio = measure.gzip_ratio();
    rows.push(row("gzip of pages", "4 to 6.5", format!("{ratio:.2}"), Some((4.0..=6.5).contains(&ratio))));
    rows
}

/// Frequencies and number of English words.
pub fn words(measure: &Measure) -> Vec<Row> {
    let ascending = sorted_counts(&measure.words);
    let mut rows = Vec::new();
    for (from, to, target) in [(1, 100, 0.87), (100, 3_000, 1.07)] {
        let slope = zipf_slope(&ascending, from, to).filter(|_| measure.tokens >= WORDS_FOR_SLOPES);
        let found = slope.map_or_else(|| "-".to_owned(), |slope| format!("{slope:.2}"));
        let ok = slope.map(|slope| (slope - target).abs() <= 0.1);
        rows.push(row(format!("Zipf slope, ranks {from} to {to}"), format!("{target} ± 0.1"), found, ok));
    }
    for (index, (point, target)) in HEAPS.iter().zip(DIFFERENT).enumerate() {
        let found = measure.heaps.get(index).map(|&different| different as f64);
        rows.push(near(&format!("different words of {point}"), target, 0.2, found));
    }
    rows
}

/// How much people write, and how often tags are used.
pub fn people(measure: &Measure) -> Vec<Row> {
    let median = |what: &str, target: u32, counts: Vec<u32>| {
        let found = quantile(&counts, 0.5);
        let ok = (measure.tweets >= TWEETS_FOR_MEDIANS).then_some(found == target);
        row(what, target.to_string(), found.to_string(), ok)
    };
    let mean = measure.tweets as f64 / measure.authors.len().max(1) as f64;
    let ok = (measure.tweets >= TWEETS_FOR_MEDIANS).then_some((6.0..=10.0).contains(&mean));
    let ratio = measure.peak();
    let is_peak = (measure.tweets >= TWEETS_FOR_PEAK).then_some((8.0..=45.0).contains(&ratio));
    vec![
        median("tweets of an author, median", 2, sorted_counts(&measure.authors)),
        row("tweets of an author, mean", "6 to 10", format!("{mean:.2}"), ok),
        median("uses of a tag, median", 1, sorted_counts(&measure.tags)),
        row("busiest minute by the mean", "8 to 45", format!("{ratio:.1}"), is_peak),
    ]
}

/// Kinds and languages, in percent of the tweets outside of events.
pub fn shares(measure: &Measure) -> Vec<Row> {
    let shares = measure.usual_shares();
    let share = |what: &str, name: &str, target: f64| {
        let found = shares.get(name).copied().unwrap_or_default();
        let ok = (measure.tweets >= TWEETS_FOR_SHARES).then_some((found - target).abs() <= 1.0);
        row(format!("{what} {name}"), format!("{target} % ± 1 point"), format!("{found:.2} %"), ok)
    };
    let kinds = [("retweeted", 40.0), ("original", 30.0), ("replied_to", 22.0), ("quoted", 8.0)];
    let kinds = kinds.map(|(name, target)| share("kind", name, target));
    let languages = LANGUAGES.iter().map(|language| share("lang", language.code, language.weight as f64));
    kinds.into_iter().chain(languages).collect()
}

/// What comes twice, and whether entities are in their places.
pub fn transport(whole: &Measure, repeats: &Repeats) -> Vec<Row> {
    let (percent, misplaced) = (repeats.percent(), whole.misplaced);
    vec![
        row("duplicates of 100 tweets", "8", percent.to_string(), Some(percent == 8.0)),
        row("entities out of place", "0", misplaced.to_string(), Some(misplaced == 0)),
    ]
}

/// One of 500.
pub fn hostile(measure: &Measure) -> Row {
    let wanted = measure.tweets / 500;
    let ok = (measure.tweets.is_multiple_of(500)).then_some(measure.hostile == wanted);
    row("hostile texts", wanted.to_string(), measure.hostile.to_string(), ok)
}

/// Marks in texts that were written.
pub fn canaries(corpus: &Corpus) -> anyhow::Result<Row> {
    let text = |canary: Canary| match canary.place {
        Planted::Text(id) => Some((id.0, canary.marker)),
        Planted::Name(_) => None,
    };
    let planted: HashMap<u64, String> = corpus.canaries().filter_map(text).collect();
    let mut found = 0;
    each_page(corpus, Transport::Clean, |page| {
        each_tweet(page, |tweet: &Tweet<'_>, _| {
            found += usize::from(planted.get(&tweet.number()).is_some_and(|marker| tweet.text.contains(marker)));
        })
    })?;
    Ok(row("canaries in texts", planted.len().to_string(), found.to_string(), Some(found == planted.len())))
}
