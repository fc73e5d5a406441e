//! Random rows, filters and indexes.

use super::{NOW, empty, pid, put, row, tag};
use model::columns::{Row, WEEKDAYS};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Test, Unit};
use model::time::{HOUR, MINUTE};
use model::tweet::{Media, Metrics, Place, Reference, ReferenceKind};
use model::{Timestamp, TweetId};
use proptest::prelude::*;
use proptest::sample::select;
use search::Change;

const WORDS: [&str; 8] = ["rocket", "launch", "day", "Moon", "rock", "#moon", "#Rocket", "lander"];
const LANGS: [&str; 4] = ["de", "en", "ja", "und"];
const TAGS: [&str; 6] = ["moon", "mars", "marsrover", "apollo", "art", "a"];
const PLACES: [&str; 4] = ["Berlin, Germany", "Bern", "bergen", "Ürümqi"];

fn any_row() -> impl Strategy<Value = Row> {
    let text = prop::collection::vec(select(&WORDS[..]), 0..6);
    let words = (
        prop::option::of(select(&LANGS[..])),
        prop::collection::vec(select(&TAGS[..]), 0..4),
        prop::option::of(select(&PLACES[..])),
        prop::option::of(1_u8..6),
        prop::collection::vec(select(vec!["photo", "video"]), 0..3),
    );
    let numbers = (
        prop::option::of(0_u64..5),
        prop::option::of(0_u64..1000),
        prop::option::of(any::<bool>()),
        0_i64..400,
        prop::collection::vec(0_u8..3, 0..3),
    );
    (1_u64..60, text, words, numbers).prop_map(|(id, text, (lang, tags, place, author, media), numbers)| {
        let (likes, views, sensitive, minutes, references) = numbers;
        let mut row = row(id, &text.join(" "));
        row.tweet.created_at = Timestamp(NOW.0 - minutes * 7 * MINUTE);
        row.tweet.lang = lang.map(str::to_owned);
        row.tweet.author = author.map(pid);
        row.tweet.entities.hashtags = tags.into_iter().map(tag).collect();
        row.tweet.place = place.map(|name| Place { name: name.into(), country: None });
        let kind =
            |kind: &str| Media { key: "k".into(), kind: kind.into(), alt_text: None, url: None, duration_ms: None };
        row.tweet.media = media.into_iter().map(kind).collect();
        row.tweet.metrics = Metrics { likes, views, ..Metrics::default() };
        row.tweet.sensitive = sensitive;
        let kinds = [ReferenceKind::RepliedTo, ReferenceKind::Quoted, ReferenceKind::Retweeted];
        let reference = |kind: u8| Reference { kind: kinds[usize::from(kind)], id: TweetId(7) };
        row.tweet.references = references.into_iter().map(reference).collect();
        row
    })
}

fn test_of(column: &'static str, predicate: impl Strategy<Value = Predicate> + 'static) -> BoxedStrategy<Filter> {
    predicate.prop_map(move |predicate| Filter::from(Test { column: super::column(column), predicate })).boxed()
}

fn words(list: &'static [&'static str]) -> impl Strategy<Value = Predicate> {
    select(list).prop_flat_map(|word| {
        let prefix: String = word.chars().take(2).collect();
        prop_oneof![
            4 => Just(Predicate::Equals(Scalar::Word(word.to_uppercase()))),
            1 => Just(Predicate::Prefix(prefix)),
            1 => Just(Predicate::Present),
        ]
    })
}

fn prose() -> impl Strategy<Value = Predicate> {
    let words = prop::collection::vec(select(&["rocket", "LAUNCH", "day", "moon", "rock", "lander"][..]), 1..3);
    (words, any::<bool>()).prop_map(|(words, prefix)| {
        let text = words.join(" ");
        if prefix { Predicate::Prefix(text[..text.len() - 1].to_owned()) } else { Predicate::Matches(text) }
    })
}

fn ordered(value: impl Strategy<Value = Scalar> + Clone + 'static) -> impl Strategy<Value = Predicate> {
    let compares = select(vec![Compare::Less, Compare::AtMost, Compare::Greater, Compare::AtLeast]);
    prop_oneof![
        value.clone().prop_map(Predicate::Equals),
        (compares, value.clone()).prop_map(|(compare, value)| Predicate::Compare(compare, value)),
        (value.clone(), value).prop_map(|(from, to)| Predicate::Between(from, to)),
        Just(Predicate::Present),
    ]
}

fn moment() -> impl Strategy<Value = Scalar> + Clone {
    prop_oneof![
        (0_i64..50).prop_map(|hours| Scalar::Date(DateValue::moment(Timestamp(NOW.0 - hours * HOUR)))),
        (1_u32..50).prop_map(|count| Scalar::Date(DateValue::Ago { count, unit: Unit::Hour })),
        (0_i64..3).prop_map(|days| {
            Scalar::Date(DateValue::parse(&Timestamp(NOW.0 - days * 24 * HOUR).format("%Y-%m-%d")).unwrap())
        }),
    ]
}

pub fn any_filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        test_of("text", prose()),
        test_of("text", Just(Predicate::Present)),
        test_of("lang", words(&LANGS)),
        test_of("hashtag", words(&TAGS)),
        test_of("place", words(&PLACES)),
        test_of("type", words(&["original", "reply", "quote", "retweet"])),
        test_of("author", (1_u8..6).prop_map(|number| Predicate::Equals(Scalar::Word(pid(number).to_string())))),
        test_of("likes", ordered((0_i64..5).prop_map(Scalar::Number))),
        test_of("views", ordered((0_i64..1000).prop_map(Scalar::Number))),
        test_of("created", ordered(moment())),
        test_of("weekday", words(&WEEKDAYS)),
        test_of("hour", ordered((0_i64..24).prop_map(Scalar::Number))),
        test_of("engagement", ordered((0_u32..50).prop_map(|n| Scalar::Decimal(f64::from(n) / 1000.0)))),
        test_of("id", ordered((1_u64..60).prop_map(Scalar::Id))),
        test_of("sensitive", any::<bool>().prop_map(|flag| Predicate::Equals(Scalar::Flag(flag)))),
        Just(Filter::All),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::and),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Filter::or),
            inner.prop_map(Filter::negate),
        ]
    })
}

/// The rows left after changes in their order, several commits and some removals.
pub fn any_index() -> impl Strategy<Value = (Vec<Vec<Row>>, Vec<u64>)> {
    (prop::collection::vec(prop::collection::vec(any_row(), 0..25), 1..4), prop::collection::vec(1_u64..60, 0..10))
}

pub fn built(commits: &[Vec<Row>], removed: &[u64]) -> (tempfile::TempDir, search::Index, Vec<Row>) {
    let (dir, index) = empty();
    let mut rows: Vec<Row> = Vec::new();
    for (position, commit) in commits.iter().enumerate() {
        for row in commit {
            rows.retain(|other| other.tweet.id != row.tweet.id);
            rows.push(row.clone());
        }
        put(&index, commit.clone(), position as u64 + 1);
    }
    rows.retain(|row| !removed.contains(&row.tweet.id.0));
    index.apply(removed.iter().map(|id| Change::Remove(TweetId(*id))).collect()).unwrap();
    index.commit(99).unwrap();
    assert_eq!(index.len(), rows.len() as u64);
    (dir, index, rows)
}
