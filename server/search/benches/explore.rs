//! How fast the index takes tweets in and answers, on a made-up corpus of a million.
//!
//! `cargo bench -p search --bench explore [-- ROWS [DIR]]` prints a table; it asserts nothing. An index that is in
//! DIR already is asked as it is.

use model::columns::{self, DEFAULT_FACETS, Row};
use model::explore::Sort;
use model::filter;
use model::time::SECOND;
use model::tweet::{AuthorStats, Link, Media, Metrics, Reference, ReferenceKind, Tag};
use model::zone::UTC;
use model::{Pid, Timestamp, Tweet, TweetId};
use search::{Ask, At, Change, ExplainAsk, Index, Settings, StatsAsk};
use std::path::Path;
use std::time::Instant;

const NOW: Timestamp = Timestamp(1_780_000_000 * SECOND);
const BATCH: u64 = 2_000;
const COMMIT_EVERY: u64 = 100_000;
const RUNS: usize = 40;
const LANGS: [&str; 30] = [
    "en", "ja", "es", "pt", "ar", "in", "fr", "tr", "und", "ko", "th", "de", "it", "nl", "hi", "ru", "pl", "tl", "fa",
    "ur", "ca", "sv", "fi", "zh", "el", "cs", "da", "no", "uk", "he",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    let rows = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let temporary = tempfile::tempdir().expect("a folder");
    let dir = arguments.get(1).map_or(temporary.path(), |dir| Path::new(dir));
    let index = Index::open(dir, Settings::default()).expect("an index");
    assert!(index.lead().expect("the lock"), "another process changes the index");
    if index.is_empty() {
        fill(&index, rows);
    }
    println!("\n{:<28} {:>8} {:>8} {:>8} {:>8} {:>10}", "explore", "p50 ms", "p95 ms", "max ms", "CPU ms", "matches");
    ask_all(&index);
    explain_all(&index);
    describe_all(&index);
    if arguments.get(1).is_none() {
        change(&index, rows);
        println!("\nafter the changes");
        ask_all(&index);
    }
    println!("\npeak memory {} MB", peak_megabytes());
}

fn fill(index: &Index, rows: u64) {
    let mut made = 0.0;
    let (start, cpu) = (Instant::now(), cpu_seconds());
    for first in (0..rows).step_by(BATCH as usize) {
        let making = cpu_seconds();
        let batch: Vec<Change> = (first..(first + BATCH).min(rows)).map(|n| Change::Put(row(n, 0))).collect();
        made += (cpu_seconds() - making) / 2.0;
        index.apply(batch).expect("applied");
        if (first + BATCH).is_multiple_of(COMMIT_EVERY) {
            index.commit(first + BATCH).expect("committed");
        }
    }
    index.commit(rows).expect("committed");
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    println!(
        "in: {rows} rows in {wall:.1} s, {cpu:.1} CPU-s (about {made:.1} of them to make the rows): {:.0} rows/s, {:.0} rows/CPU-s, peak {} MB",
        rows as f64 / wall,
        rows as f64 / (cpu - made),
        peak_megabytes()
    );
}

fn change(index: &Index, rows: u64) {
    let start = Instant::now();
    let changes: Vec<Change> = (0..rows / 20).map(|n| Change::Put(row(n * 20, 1))).collect();
    let count = changes.len();
    index.apply(changes).expect("applied");
    index.commit(rows + 1).expect("committed");
    let seconds = start.elapsed().as_secs_f64();
    println!("\nupserts: {count} in {seconds:.1} s: {:.0}/s; {} rows left", count as f64 / seconds, index.len());
}

fn ask_all(index: &Index) {
    let by_likes = Sort { column: "likes".into(), descending: true };
    let by_author = Sort { column: "author".into(), descending: false };
    for (name, text, sort) in [
        ("no filter", "", Sort::default()),
        ("collection of all", "collection:bench", Sort::default()),
        ("one frequent word", "collection:bench w3", Sort::default()),
        ("one rare word", "collection:bench w3000", Sort::default()),
        ("phrase", "collection:bench \"w3 w5\"", Sort::default()),
        ("lang filter", "collection:bench lang:en", Sort::default()),
        ("two facets chosen", "collection:bench lang:(en OR ja) hashtag:h5", Sort::default()),
        ("three facets chosen", "collection:bench lang:en type:original media:photo", Sort::default()),
        ("not a retweet, many likes", "collection:bench -is:retweet likes>=50", Sort::default()),
        ("a month", "collection:bench created:2025-06", Sort::default()),
        ("sort by likes", "collection:bench", by_likes),
        ("sort by author", "collection:bench", by_author),
    ] {
        measure(index, name, &ask(text, sort.clone(), None));
    }
    for column in DEFAULT_FACETS {
        let only =
            |text| Ask { facets: columns::find(column).into_iter().collect(), ..ask(text, Sort::default(), None) };
        measure(index, &format!("only {column}"), &only("collection:bench"));
        measure(index, &format!("only {column}, one word"), &only("collection:bench w3"));
    }
    let first = index.explore(&ask("collection:bench", Sort::default(), None)).expect("an answer");
    measure(index, "page 2", &ask("collection:bench", Sort::default(), first.next));
}

/// How long it takes to tell what sets a part of all tweets apart: the newest, by time.
fn explain_all(index: &Index) {
    println!("\n{:<28} {:>8} {:>8} {:>8} {:>8} {:>10}", "explain", "p50 ms", "p95 ms", "max ms", "CPU ms", "inside");
    let everything = ask("collection:bench", Sort::default(), None);
    let whole = index.explore(&everything).expect("an answer").histogram;
    for (name, part) in [("a thousandth", 1000), ("a hundredth", 100), ("a tenth", 10), ("half", 2)] {
        let from = Timestamp(whole.to.0 - (whole.to - whole.from) / part);
        let ask = ExplainAsk { filter: everything.filter.clone(), from, to: whole.to, size: 10, now: NOW };
        timed(name, || index.explain(&ask).expect("an explanation").inside);
    }
}

/// How long it takes to describe a column, and the hours of the week.
fn describe_all(index: &Index) {
    println!("\n{:<28} {:>8} {:>8} {:>8} {:>8} {:>10}", "describe", "p50 ms", "p95 ms", "max ms", "CPU ms", "filled");
    let everything = filter::parse("collection:bench").expect("a filter");
    for name in ["likes", "created", "engagement", "lang", "hashtag"] {
        let column = columns::find(name).expect("a column");
        let ask = StatsAsk { filter: everything.clone(), column, top: 10, now: NOW };
        timed(name, || index.stats(&ask).expect("an answer").filled);
    }
    timed("week", || index.week(&everything, &UTC, NOW).expect("an answer").hours.iter().flatten().sum());
    timed("activity", || index.activity(&everything, NOW).expect("an answer").groups.iter().map(|g| g.tweets).sum());
}

fn ask(text: &str, sort: Sort, after: Option<String>) -> Ask {
    let facets = DEFAULT_FACETS.iter().filter_map(|name| columns::find(name)).collect();
    let filter = filter::parse(text).expect("a filter");
    Ask {
        filter,
        sort: vec![sort],
        at: after.map_or(At::First, At::After),
        limit: 50,
        facets,
        facet_size: 10,
        split: None,
        previous: false,
        zone: &UTC,
        now: NOW,
    }
}

fn measure(index: &Index, name: &str, ask: &Ask) {
    timed(name, || index.explore(ask).expect("an answer").total);
}

fn timed(name: &str, answer: impl Fn() -> u64) {
    let mut times = Vec::new();
    let mut total = 0;
    let cpu = cpu_seconds();
    for _ in 0..RUNS {
        let start = Instant::now();
        total = answer();
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let cpu = (cpu_seconds() - cpu) * 1000.0 / RUNS as f64;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    println!("{name:<28} {:>8.1} {:>8.1} {:>8.1} {cpu:>8.1} {total:>10}", at(0.5), at(0.95), at(1.0));
}

/// Tweet number `n` of the corpus in that version.
fn row(n: u64, version: i64) -> Row {
    let mut random = Random(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678);
    let created = Timestamp(NOW.0 - 400 * 86_400 * SECOND + (n as i64) * 30 * SECOND);
    let words = 6 + random.below(18);
    let mut text: String = (0..words).map(|_| format!("w{} ", random.zipf(60_000))).collect();
    let mut tweet =
        Tweet::new(TweetId(1_500_000_000_000_000_000 + n * 7919), Timestamp(created.0 + version), created, "");
    for _ in 0..random.below(4).saturating_sub(1) {
        let tag = format!("h{}", random.zipf(100_000));
        text += &format!("#{tag} ");
        tweet.entities.hashtags.push(Tag { start: 0, end: 0, tag });
    }
    if random.below(3) == 0 {
        let tag = format!("user{}", random.zipf(150_000));
        text += &format!("@{tag} ");
        tweet.entities.mentions.push(Tag { start: 0, end: 0, tag });
    }
    if random.below(3) == 0 {
        let url = format!("https://site{}.example/{}", random.zipf(20_000), random.below(1_000_000));
        tweet.entities.links.push(Link {
            start: 0,
            end: 0,
            url: "https://t.co/x".into(),
            expanded: Some(url),
            display: None,
            title: None,
        });
    }
    if random.below(4) == 0 {
        let kind = ["photo", "video", "animated_gif"][random.below(3) as usize].into();
        tweet.media.push(Media { key: n.to_string(), kind, alt_text: None, url: None, duration_ms: None });
    }
    if random.below(2) == 0 {
        let kind =
            [ReferenceKind::RepliedTo, ReferenceKind::Quoted, ReferenceKind::Retweeted][random.below(3) as usize];
        tweet.references.push(Reference { kind, id: TweetId(random.below(1 << 40)) });
    }
    let author = random.zipf(250_000).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    tweet.author = Some(Pid((u128::from(author) * 0xd6e8_feb8_6659_fd93).to_be_bytes()));
    tweet.text = text;
    tweet.lang = Some(LANGS[random.zipf(30) as usize - 1].into());
    tweet.conversation = Some(tweet.id);
    tweet.metrics = Metrics {
        likes: Some(random.zipf(100_000)),
        reposts: Some(random.zipf(10_000)),
        replies: Some(random.zipf(1_000)),
        quotes: Some(random.zipf(100)),
        bookmarks: None,
        views: Some(random.zipf(1_000_000)),
    };
    let stats = AuthorStats {
        followers: Some(author >> 44),
        verified: Some(author.is_multiple_of(10)),
        ..AuthorStats::default()
    };
    let queries = vec![format!("q{}", random.zipf(20))];
    Row {
        tweet,
        author_stats: stats,
        collections: vec!["bench".into()],
        queries,
        first_seen: created,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// 1 to `limit`, the smaller the likelier (by Zipf's law).
    fn zipf(&mut self, limit: u64) -> u64 {
        let uniform = self.next() as f64 / u64::MAX as f64;
        (limit as f64).powf(uniform) as u64
    }
}

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |place: usize| fields.get(place).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1024
}
