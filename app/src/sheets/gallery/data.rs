//! What the gallery shows: made by hand, so that each part is seen in its states.

use crate::components::Here;
use crate::url::ExploreUrl;
use model::columns::DEFAULT_FACETS;
use model::explore::{Bucket, ExplorePage, Facet, FacetValue, Fired, Histogram, Part, Split};
use model::plot::{Plot, PlotKind};
use model::stats::{Activity, ActivityGroup, ColumnStats, Quantity, Range, Scale, Spread, Week};
use model::tweet::{AuthorStats, Media, Metrics, Tag};
use model::{CollectionId, Pid, Row, Timestamp, Tweet, TweetId, collection::Collection, time};
use service::plots::{Data, Plotted};

/// 18 November 2026.
pub const NOW: Timestamp = Timestamp::from_seconds(1_795_000_000);

/// Texts that are hard to show.
const TEXTS: [&str; 6] = [
    "Second launch this week went without a hitch. The booster is back on the pad 🚀 #moon",
    "تم تأجيل إطلاق الصاروخ مرة أخرى بسبب الرياح القوية",
    "打ち上げは成功しました。ロケットは無事に着陸しました。",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft #moon",
    "evil \u{202e}txt.exe\u{202c} & <b>not bold</b>",
    "👩‍🚀",
];

/// A place on the explore page, with this filter and these conditions switched off.
pub fn here(query: &str) -> Here {
    Here { now: NOW, ..Here::at(ExploreUrl::parse("space", query), None) }
}

pub fn row(index: u64) -> Row {
    let text = TEXTS[index as usize % TEXTS.len()];
    let created = Timestamp(NOW.0 - (index * index + 3) as i64 * 7 * time::MINUTE);
    let mut tweet = Tweet::new(TweetId(1_992_240_117_330_288_640 - index), NOW, created, text);
    tweet.author = (index != 4).then(|| pid(index));
    tweet.lang = Some(["en", "ar", "ja", "de", "en", "und"][index as usize % 6].into());
    let known = |number: u64| (index != 2).then_some(number);
    tweet.metrics = Metrics {
        likes: Some(index * 7919 % 2500),
        reposts: known(index * 104_729 % 600),
        replies: Some(index),
        views: known(index * 15_485_863 % 300_000),
        ..Metrics::default()
    };
    if let Some(at) = text.find("#moon") {
        let start = text[..at].chars().count() as u32;
        tweet.entities.hashtags.push(Tag { start, end: start + 5, tag: "moon".into() });
    }
    if index == 0 {
        let alt_text = Some("A rocket on its pad".into());
        tweet.media.push(Media { key: "m".into(), kind: "photo".into(), alt_text, url: None, duration_ms: None });
    }
    let author_stats = AuthorStats { followers: Some(48_112), verified: Some(false), ..AuthorStats::default() };
    Row {
        tweet,
        author_stats,
        collections: vec!["space".into()],
        queries: vec!["launch".into()],
        first_seen: NOW,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

/// A pseudonym; its last number decides its colour.
pub fn pid(index: u64) -> Pid {
    let mut pid = [0u8; 16];
    pid[0] = (index * 37 + 0x7f) as u8;
    pid[15] = index as u8;
    Pid(pid)
}

fn values(values: &[(&str, u64)]) -> Vec<FacetValue> {
    values.iter().map(|(value, count)| FacetValue { value: (*value).to_owned(), count: *count }).collect()
}

fn facet(name: &str) -> Facet {
    let values = values(match name {
        "lang" => &[("en", 7990), ("de", 4102), ("ja", 2214), ("es", 1880), ("ar", 902), ("und", 411), ("pt", 12)],
        "type" => &[("original", 6310), ("reply", 3702), ("quote", 2468), ("retweet", 0)],
        "hashtag" => &[("gpu", 2114), ("launch", 1930), ("moon", 811), ("إطلاق", 90)],
        "domain" => &[("spacenews.example", 640), ("a-very-long-domain-name-that-goes-on.example", 512)],
        _ => &[],
    });
    let (missing, distinct) = if name == "hashtag" { (5202, 1204) } else { (0, values.len() as u64) };
    Facet { column: name.into(), values, missing, total: 12_480, distinct }
}

/// Bars of three hours, with a gap and a peak; in parts by language or not.
pub fn histogram(in_parts: bool) -> Histogram {
    let interval = 3 * time::HOUR;
    let from = NOW.floor(interval).0 - 55 * interval;
    let bars = |share: u64| -> Vec<Bucket> {
        let height = |index: i64| 22 + index * 7919 % 17 + if (39..45).contains(&index) { 40 } else { 0 };
        let bar =
            |index: i64| Bucket { start: Timestamp(from + index * interval), count: height(index) as u64 * share };
        (0..56).filter(|index| !(24..26).contains(index)).map(bar).collect()
    };
    let part = |(value, share): (&str, u64)| Part { value: value.to_owned(), buckets: bars(share) };
    let parts = [("en", 2), ("de", 1), ("ja", 1)].map(part).into();
    Histogram {
        interval,
        from: Timestamp(from),
        to: Timestamp(from + 56 * interval),
        buckets: bars(5),
        split: in_parts.then(|| Split { column: "lang".to_owned(), parts }),
        previous: Vec::new(),
    }
}

/// Two moments at which an alert fired.
pub fn fired() -> Vec<Fired> {
    let fired = |hours: i64| Fired {
        at: Timestamp(NOW.0 - hours * time::HOUR),
        alert: "Launch week".to_owned(),
        reason: "310 tweets since 2026-11-22 14:00 UTC; usual for the whole hour: 40 tweets.".to_owned(),
        query: "q=launch".to_owned(),
    };
    vec![fired(50), fired(4)]
}

pub fn page() -> ExplorePage {
    let (slug, title) = ("space".to_owned(), "Launch week".to_owned());
    ExplorePage {
        collection: Collection { id: CollectionId(1), slug, title, created_at: NOW },
        total: 12_480,
        authors: 3102,
        newest: Some(Timestamp(NOW.0 - 6 * time::MINUTE)),
        first_position: Some(1),
        rows: (0..6).map(row).collect(),
        next: Some("next".into()),
        previous: None,
        facets: DEFAULT_FACETS.iter().map(|name| facet(name)).collect(),
        histogram: histogram(false),
        fired: fired(),
        handles: Default::default(),
        without: Vec::new(),
        views: Vec::new(),
        answered_at: NOW,
        behind: 0,
    }
}

/// A plot of each kind, and one of nothing.
pub fn plots() -> Vec<Plotted> {
    let top = values(&[("en", 900), ("de", 160), ("ja", 100), ("und", 30)]);
    let words = || ColumnStats { total: 1203, filled: 1200, distinct: Some(9), top: top.clone(), spread: None };
    let of = |kind, column, data| {
        let newest = Some(Timestamp(NOW.0 - time::HOUR));
        Plotted { plot: Plot::new(kind, column), total: 1203, newest, as_of: NOW, data }
    };
    vec![
        of(PlotKind::Volume, None, Data::Volume(histogram(false))),
        of(PlotKind::Volume, Some("lang"), Data::Volume(histogram(true))),
        of(PlotKind::Top, Some("lang"), Data::Column(words())),
        of(PlotKind::Share, Some("lang"), Data::Column(words())),
        of(PlotKind::Week, None, Data::Week(Box::new(week()))),
        of(PlotKind::Spread, Some("likes"), Data::Column(likes())),
        of(PlotKind::Activity, None, Data::Activity(activity())),
        of(PlotKind::Top, Some("hashtag"), Data::Column(ColumnStats::default())),
    ]
}

fn week() -> Week {
    let mut week = Week::default();
    for (day, hours) in week.hours.iter_mut().enumerate() {
        for (hour, count) in hours.iter_mut().enumerate() {
            *count = (7 - day as u64) * (12 - (hour as u64).abs_diff(14).min(12));
        }
    }
    week
}

fn likes() -> ColumnStats {
    let [number, quartile, most] = [1, 4, 40].map(Quantity::Number);
    let range = |(from, to, count)| Range { from: Quantity::Number(from), to: Quantity::Number(to), count };
    let ranges = [(0, 1, 500), (1, 2, 320), (2, 5, 280), (5, 10, 80), (10, 20, 20), (20, 50, 3)].map(range).into();
    let spread = Spread {
        least: Quantity::Number(0),
        first_quartile: Quantity::Number(0),
        median: number,
        third_quartile: quartile,
        most,
        scale: Scale::Growing,
        ranges,
    };
    ColumnStats { total: 1203, filled: 1203, spread: Some(spread), ..ColumnStats::default() }
}

fn activity() -> Activity {
    let group = |(from, to, authors, tweets)| ActivityGroup { from, to, authors, tweets };
    let groups = [(1, 1, 420, 420), (2, 2, 110, 220), (3, 5, 60, 230), (6, 10, 20, 150), (11, 20, 12, 183)];
    Activity { groups: groups.map(group).into(), unknown: 0 }
}
