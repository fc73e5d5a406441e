//! Random filters in normal form, and random texts.

use model::Timestamp;
use model::columns::{COLUMNS, Column, Format, Kind};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Test, Unit};
use model::time::{MINUTE, SECOND};
use proptest::prelude::*;

/// Words that look like something else.
const ODD: &[&str] = &[
    "OR",
    "and",
    "Not",
    "a..b",
    "..",
    "-a",
    "–",
    "*",
    "a*",
    "\\",
    "\"",
    "“",
    "a b",
    "(",
    "lang:de",
    ">=5",
    "#",
    "#a",
    "@a",
    "$a",
    "$5",
    "!a",
    "a!=b",
    "http://x.y",
    ",",
    "a,b",
    "now",
    "12:30",
    ":)",
    "東京",
    "صاروخ",
    "👩‍🚀",
    "हिन्दी",
    "yes",
    "rt",
    "images",
    "x.com/a",
];

pub fn any_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD).prop_map(str::to_owned);
    let piece = prop_oneof![3 => odd, 2 => "[a-z]{1,8}", 2 => "\\PC{0,6}", 1 => any::<String>()];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

/// A word as the column keeps it.
pub fn word(column: &'static Column) -> BoxedStrategy<String> {
    any_text()
        .prop_map(move |text| match (column.format, column.name) {
            (Format::Sign(sign), _) => text.trim_start_matches(sign).to_lowercase(),
            (Format::Author, _) => text.trim_start_matches('@').to_lowercase(),
            (_, "domain") => text.to_lowercase(),
            _ => text,
        })
        .prop_filter("empty", |text| !text.trim().is_empty())
        .boxed()
}

fn date() -> impl Strategy<Value = DateValue> {
    let units = [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Week];
    let ago = (1..999_999_u32, prop::sample::select(units.to_vec()));
    let calendar = (0..250_000_000_i64, 0..4_usize)
        .prop_map(|(time, step)| DateValue::moment(Timestamp(time * [1000, SECOND, MINUTE, 10 * MINUTE][step])));
    let named = (1..=9999, 1..=12, 1..=28_usize).prop_map(|(year, month, day)| {
        let date = format!("{year:04}-{month:02}-{day:02}");
        let clocks = ["+05:30", "-03:30", "Z"][day % 3];
        [format!("{year:04}"), format!("{year:04}-{month:02}"), date.clone(), format!("{date}{clocks}")]
    });
    prop_oneof![
        1 => Just(DateValue::NOW),
        2 => ago.prop_map(|(count, unit)| DateValue::Ago { count, unit }),
        2 => calendar,
        2 => (named, 0..4_usize).prop_map(|(texts, which)| DateValue::parse(&texts[which]).expect("a date")),
    ]
}

fn scalar(column: &'static Column) -> BoxedStrategy<Scalar> {
    match column.kind {
        Kind::Text | Kind::Keyword => word(column).prop_map(Scalar::Word).boxed(),
        Kind::Number if column.name == "hour" => (0..24_i64).prop_map(Scalar::Number).boxed(),
        Kind::Number => prop_oneof![-5..50_i64, any::<i64>()].prop_map(Scalar::Number).boxed(),
        // Those that people can write: at most 15 digits.
        Kind::Decimal => (-1_000_000_000_000_000_i64 + 1..1_000_000_000_000_000, 0..16_u32)
            .prop_map(|(digits, places)| Scalar::Decimal(digits as f64 / 10_u64.pow(places) as f64))
            .boxed(),
        Kind::Id => (0..=i64::MAX as u64).prop_map(Scalar::Id).boxed(),
        Kind::Date => date().prop_map(Scalar::Date).boxed(),
        Kind::Flag => any::<bool>().prop_map(Scalar::Flag).boxed(),
    }
}

fn predicate(column: &'static Column) -> BoxedStrategy<Predicate> {
    let present = Just(Predicate::Present);
    let found = |text: &String| text.chars().any(char::is_alphanumeric);
    let prefix = word(column)
        .prop_filter("too short", move |text| text.chars().count() >= 2 && (column.kind != Kind::Text || found(text)))
        .prop_map(Predicate::Prefix);
    let equals = scalar(column).prop_map(Predicate::Equals);
    match column.kind {
        Kind::Text => {
            let matches = word(column).prop_filter("signs alone", found).prop_map(Predicate::Matches);
            prop_oneof![1 => present, 5 => matches, 2 => prefix].boxed()
        }
        // Of an author no beginning can be looked for.
        Kind::Keyword if column.format == Format::Author => prop_oneof![1 => present, 5 => equals].boxed(),
        Kind::Keyword => prop_oneof![1 => present, 5 => equals, 2 => prefix].boxed(),
        Kind::Flag => prop_oneof![1 => present, 3 => equals].boxed(),
        _ => {
            let signs = vec![Compare::Less, Compare::AtMost, Compare::Greater, Compare::AtLeast];
            let compare =
                (prop::sample::select(signs), scalar(column)).prop_map(|(sign, value)| Predicate::Compare(sign, value));
            let between = (scalar(column), scalar(column)).prop_map(|(from, to)| {
                if in_order(&from, &to) { Predicate::Between(from, to) } else { Predicate::Between(to, from) }
            });
            let moment =
                |predicate: &Predicate| matches!(predicate, Predicate::Equals(Scalar::Date(DateValue::Ago { .. })));
            let equals = equals.prop_filter("no single moment", move |predicate| !moment(predicate));
            prop_oneof![1 => present, 3 => equals, 3 => compare, 2 => between].boxed()
        }
    }
}

fn in_order(from: &Scalar, to: &Scalar) -> bool {
    match (from, to) {
        (Scalar::Number(from), Scalar::Number(to)) => from <= to,
        (Scalar::Decimal(from), Scalar::Decimal(to)) => from <= to,
        (Scalar::Id(from), Scalar::Id(to)) => from <= to,
        (Scalar::Date(from), Scalar::Date(to)) => from.span(Timestamp(0)).0 <= to.span(Timestamp(0)).0,
        _ => true,
    }
}

fn test() -> impl Strategy<Value = Filter> {
    prop::sample::select(COLUMNS.iter().collect::<Vec<_>>())
        .prop_flat_map(|column| predicate(column).prop_map(move |predicate| Filter::from(Test { column, predicate })))
}

/// Several values of one column, as facets choose them.
fn values() -> impl Strategy<Value = Filter> {
    let columns: Vec<_> = COLUMNS.iter().filter(|column| column.facet).collect();
    prop::sample::select(columns).prop_flat_map(|column| {
        let equals =
            scalar(column).prop_map(move |value| Filter::from(Test { column, predicate: Predicate::Equals(value) }));
        prop::collection::vec(equals, 2..4).prop_map(Filter::or)
    })
}

pub fn filter() -> impl Strategy<Value = Filter> {
    prop_oneof![4 => test(), 1 => values()]
        .prop_recursive(4, 24, 4, |inner| {
            let parts = || prop::collection::vec(inner.clone(), 0..4);
            prop_oneof![
                parts().prop_map(Filter::and),
                parts().prop_map(Filter::or),
                inner.clone().prop_map(Filter::negate),
            ]
        })
        .prop_filter("asks one column for two values", |filter| !contradicts(filter))
        .prop_filter("too long", |filter| filter.to_string().len() <= 4096)
}

/// Whether somewhere two conjuncts ask a column that has one value for two.
fn contradicts(filter: &Filter) -> bool {
    match filter {
        Filter::All | Filter::Test(_) => false,
        Filter::Not(inner) => contradicts(inner),
        Filter::Or(parts) => parts.iter().any(contradicts),
        Filter::And(parts) => {
            let asked = |part: &Filter| match part {
                Filter::Test(test) => matches!(test.predicate, Predicate::Equals(_)).then_some(test.column),
                Filter::Or(parts) => match parts.first() {
                    Some(Filter::Test(test)) => Some(test.column),
                    _ => None,
                },
                _ => None,
            };
            let columns: Vec<_> = parts.iter().filter_map(asked).filter(|column| !column.multi).collect();
            let twice = (1..columns.len()).any(|at| columns[..at].contains(&columns[at]));
            twice || parts.iter().any(contradicts)
        }
    }
}

/// Pieces of the language in any order.
pub fn language() -> impl Strategy<Value = String> {
    let pieces = [
        " ",
        " ",
        " ",
        "(",
        ")",
        "\"",
        "OR",
        "AND",
        "NOT",
        "-",
        "or",
        "lang:",
        "likes>=",
        "likes",
        ">=",
        "is:",
        "created:",
        "now-7d",
        "..",
        "50",
        "de",
        "lang:de",
        "lang:en",
        "from:",
        "#",
        "@nasa",
        "*",
        "text:",
        "min_likes:",
        "1,000",
        "2026-01",
        "date:",
        "foo:",
        "http://",
        "filter:",
        "retweets",
        ",",
        "“",
        "”",
        "!=",
        ":)",
        "\\",
        "|",
        "type:",
        "é",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 1..14).prop_map(|pieces| pieces.concat())
}
