//! The index against the plain way, on random rows and questions.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::*;
use model::columns::{COLUMNS, Kind, Row};
use model::explore::{FacetValue, Sort};
use model::filter::{Choice, Compare, DateValue, Filter, Predicate, Scalar, Test, Unit, facet_test};
use model::stats::{Quantity, Spread};
use model::time::{HOUR, MINUTE};
use model::tweet::{Media, Metrics, Place, Reference, ReferenceKind};
use model::{Timestamp, TweetId};
use proptest::prelude::*;
use proptest::sample::select;
use search::{Ask, At, Change, ExplainAsk, StatsAsk, ValuesAsk};

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
    predicate.prop_map(move |predicate| Filter::from(Test { column: self::column(column), predicate })).boxed()
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

fn any_filter() -> impl Strategy<Value = Filter> {
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
fn any_index() -> impl Strategy<Value = (Vec<Vec<Row>>, Vec<u64>)> {
    (prop::collection::vec(prop::collection::vec(any_row(), 0..25), 1..4), prop::collection::vec(1_u64..60, 0..10))
}

fn built(commits: &[Vec<Row>], removed: &[u64]) -> (tempfile::TempDir, search::Index, Vec<Row>) {
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

fn check_facets(index: &search::Index, rows: &[Row], filter: &Filter, size: usize) -> Result<(), TestCaseError> {
    let facets: Vec<_> = COLUMNS.iter().filter(|column| column.facet).collect();
    let ask = Ask { facets: facets.clone(), facet_size: size, ..ask(filter.clone()) };
    let answer = index.explore(&ask).unwrap();
    prop_assert_eq!(answer.facets.len(), facets.len());
    for (facet, column) in answer.facets.iter().zip(facets) {
        let plain = naive::facet(rows, filter, column, NOW);
        prop_assert_eq!((facet.missing, facet.total), (plain.missing, plain.total), "{}", column.name);
        prop_assert_eq!(facet.distinct, plain.values.len() as u64);
        let chosen: Vec<String> = [filter.included(column), filter.excluded(column)]
            .concat()
            .iter()
            .map(|word| word.to_lowercase())
            .collect();
        let listed: Vec<_> = facet.values.iter().map(|value| (value.value.to_lowercase(), value.count)).collect();
        let mut expected: Vec<_> = plain.values.iter().map(|value| (value.value.clone(), value.count)).collect();
        let rest = expected.split_off(size.min(expected.len()));
        expected.extend(rest.into_iter().filter(|(value, _)| chosen.contains(value)));
        for value in chosen {
            let place = expected.iter().position(|(known, _)| *known == value).unwrap_or(expected.len());
            if place == expected.len() {
                expected.push((value.clone(), 0));
            }
            if column.multi && filter.choice(column, &value) == Choice::Excluded {
                let freed = filter.toggled(column, &value).without_choice(column);
                expected[place].1 = naive::with_value(rows, &freed, column, &value, NOW);
            }
        }
        let by_value = |mut list: Vec<(String, u64)>| {
            list.sort();
            list
        };
        // Upper case sorts before lower case: among places of equal count others may be listed.
        if column.name == "place" {
            let true_count = |(value, count): &(String, u64)| {
                plain.values.iter().find(|plain| plain.value == *value).map_or(0, |plain| plain.count) == *count
            };
            prop_assert!(listed.iter().all(true_count) && listed.len() >= size.min(plain.values.len()));
        } else {
            prop_assert_eq!(by_value(listed), by_value(expected), "{}", column.name);
        }
    }
    check_clicks(rows, filter, &answer.facets)?;
    check_split(index, rows, filter)?;
    check_values(index, rows, filter, size)?;
    let matching: Vec<&Row> = rows.iter().filter(|row| naive::matches(filter, row, NOW)).collect();
    let mut distinct: Vec<_> = matching.iter().filter_map(|row| row.tweet.author).collect();
    distinct.sort();
    distinct.dedup();
    prop_assert_eq!(answer.authors, distinct.len() as u64);
    prop_assert_eq!(answer.newest, matching.iter().map(|row| row.tweet.created_at).max());
    prop_assert_eq!(answer.histogram.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), matching.len() as u64);
    for bucket in &answer.histogram.buckets {
        let inside =
            matching.iter().filter(|row| row.tweet.created_at.floor(answer.histogram.interval) == bucket.start);
        prop_assert_eq!(inside.count() as u64, bucket.count);
    }
    Ok(())
}

/// The parts of a divided histogram, and the time before.
fn check_split(index: &search::Index, rows: &[Row], filter: &Filter) -> Result<(), TestCaseError> {
    for name in ["lang", "hashtag", "sensitive"] {
        let column = column(name);
        let ask = Ask { split: Some(column), previous: true, ..ask(filter.clone()) };
        let whole = index.explore(&ask).unwrap().histogram;
        if whole.interval == 0 {
            continue;
        }
        let bucket_of = |row: &Row| row.tweet.created_at.floor(whole.interval);
        let mut rest = filter.clone();
        for part in whole.split.unwrap().parts {
            let test = facet_test(column, &part.value);
            let of_part = rest.clone().with(test.clone());
            for bucket in &part.buckets {
                let counted = |row: &&Row| naive::matches(&of_part, row, NOW) && bucket_of(row) == bucket.start;
                prop_assert_eq!(rows.iter().filter(counted).count() as u64, bucket.count);
            }
            let all = rows.iter().filter(|row| naive::matches(&of_part, row, NOW)).count() as u64;
            prop_assert_eq!(part.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), all, "{}", part.value);
            rest = rest.with(test.negate());
        }
        let length = whole.to - whole.from;
        let earlier = filter.with_span(self::column("created"), Timestamp(whole.from.0 - length), whole.from);
        let expected = rows.iter().filter(|row| naive::matches(&earlier, row, NOW)).count() as u64;
        prop_assert_eq!(whole.previous.iter().map(|bucket| bucket.count).sum::<u64>(), expected);
        prop_assert!(whole.previous.iter().all(|bucket| whole.from <= bucket.start && bucket.start < whole.to));
    }
    Ok(())
}

/// The count beside a value is the number of rows with it that a click leads to.
fn check_clicks(rows: &[Row], filter: &Filter, facets: &[model::explore::Facet]) -> Result<(), TestCaseError> {
    for facet in facets {
        let column = column(&facet.column);
        for FacetValue { value, count } in &facet.values {
            let none = Filter::from(Test { column, predicate: Predicate::Present }).negate();
            let contradicts = !filter.excluded(column).is_empty() || filter.conjuncts().contains(&none);
            if filter.choice(column, value) == Choice::Included && contradicts {
                // Chosen and excluded at once: no click leads here.
                continue;
            }
            let clicked = match filter.choice(column, value) {
                Choice::Free => filter.toggled(column, value),
                Choice::Included => filter.clone(),
                Choice::Excluded => continue,
            };
            let found = naive::with_value(rows, &clicked, column, &value.to_lowercase(), NOW);
            prop_assert_eq!(found, *count, "{}: {} under {}", &facet.column, value, filter);
        }
        let missing = filter.toggled_missing(column);
        if missing.size() > filter.size() {
            let found = rows.iter().filter(|row| naive::matches(&missing, row, NOW)).count() as u64;
            prop_assert_eq!(found, facet.missing, "{}: none under {}", &facet.column, filter);
        }
    }
    Ok(())
}

/// The values that contain something: exactly these, those that begin so first, then by count.
fn check_values(index: &search::Index, rows: &[Row], filter: &Filter, limit: usize) -> Result<(), TestCaseError> {
    let column = column("hashtag");
    let reduced = filter.without_choice(column);
    let ask = ValuesAsk { filter: reduced, column, containing: "M".into(), by_name: false, limit, now: NOW };
    let listed = index.values(ask).unwrap();
    let mut expected = naive::facet(rows, filter, column, NOW).values;
    expected.retain(|value| value.value.contains('m'));
    expected.sort_by_key(|value| (!value.value.starts_with('m'), std::cmp::Reverse(value.count), value.value.clone()));
    prop_assert_eq!(listed.found, expected.len() as u64);
    expected.truncate(limit);
    prop_assert_eq!(listed.values, expected);
    Ok(())
}

fn check_pages(
    index: &search::Index,
    rows: &[Row],
    filter: &Filter,
    sort: &[Sort],
    limit: usize,
) -> Result<(), TestCaseError> {
    let expected: Vec<u64> = naive::sorted(rows, filter, sort, NOW).iter().map(|row| row.tweet.id.0).collect();
    let page = |at: At| index.ids(filter, sort, &at, limit, NOW).unwrap();
    let mut forwards = Vec::new();
    let mut current = page(At::First);
    prop_assert_eq!(&current.previous, &None);
    loop {
        prop_assert_eq!(current.total, expected.len() as u64);
        prop_assert_eq!(current.first_position, (!current.ids.is_empty()).then_some(forwards.len() as u64 + 1));
        forwards.extend(current.ids.iter().map(|id| id.0));
        let Some(next) = current.next.clone() else { break };
        current = page(At::After(next));
    }
    prop_assert_eq!(&forwards, &expected, "{:?}", sort);
    let mut backwards: Vec<u64> = current.ids.iter().map(|id| id.0).collect();
    while let Some(previous) = current.previous.clone() {
        current = page(At::Before(previous));
        prop_assert!(current.next.is_some());
        backwards.splice(0..0, current.ids.iter().map(|id| id.0));
        prop_assert_eq!(current.first_position, Some((expected.len() - backwards.len()) as u64 + 1));
    }
    prop_assert_eq!(&backwards, &expected);
    for number in 1..=expected.len() as u64 + 2 {
        let page = page(At::Number(number));
        let from = (number as usize - 1).min(expected.len().saturating_sub(limit));
        let from = if number as usize > expected.len() { from } else { number as usize - 1 };
        let ids: Vec<u64> = page.ids.iter().map(|id| id.0).collect();
        prop_assert_eq!(&ids, &expected[from..expected.len().min(from + limit)], "{} of {:?}", number, sort);
    }
    Ok(())
}

/// What stands out in a range, counted and ordered as the plain way does.
fn check_explanation(
    index: &search::Index,
    rows: &[Row],
    filter: &Filter,
    range: std::ops::Range<Timestamp>,
) -> Result<(), TestCaseError> {
    let (from, to) = (range.start, range.end);
    for size in [2, 50] {
        let ask = ExplainAsk { filter: filter.clone(), from, to, size, now: NOW };
        let explained = index.explain(&ask).unwrap();
        let matching = || rows.iter().filter(|row| naive::matches(filter, row, NOW));
        let inside = matching().filter(|row| range.contains(&row.tweet.created_at)).count();
        prop_assert_eq!((explained.inside, explained.outside), (inside as u64, (matching().count() - inside) as u64));
        for section in &explained.sections {
            let expected = naive::standouts(rows, filter, column(&section.column), range.clone(), NOW);
            prop_assert_eq!(section.values.len(), expected.len().min(size), "{}", section.column);
            let scores = section.values.iter().zip(&expected).map(|(listed, plain)| (listed.score, plain.3));
            for (score, plain) in scores {
                prop_assert!((score - plain).abs() < 1e-9, "{}: {score} is not {plain}", section.column);
            }
            for listed in &section.values {
                let name = listed.value.to_lowercase();
                let plain = expected.iter().find(|(value, ..)| *value == name);
                prop_assert_eq!(
                    plain.map(|plain| (plain.1, plain.2)),
                    Some((listed.inside, listed.outside)),
                    "{}",
                    name
                );
            }
        }
    }
    Ok(())
}

/// What the values of every column are like, and when and by whom the tweets were posted.
fn check_stats(index: &search::Index, rows: &[Row], filter: &Filter) -> Result<(), TestCaseError> {
    let matching: Vec<&Row> = rows.iter().filter(|row| naive::matches(filter, row, NOW)).collect();
    for column in COLUMNS {
        let stats = index.stats(&StatsAsk { filter: filter.clone(), column, top: 3, now: NOW }).unwrap();
        let filled = matching.iter().filter(|row| !naive::cells(row, column).is_empty()).count();
        prop_assert_eq!((stats.total, stats.filled), (matching.len() as u64, filled as u64), "{}", column.name);
        if column.ordered() {
            check_spread(stats.spread.as_ref(), &naive::sorted_cells(rows, filter, column, NOW), column.kind)?;
        } else if column.kind != Kind::Text {
            let plain = naive::facet(rows, &filter.without_choice(column), column, NOW);
            if filter.without_choice(column) == *filter {
                prop_assert_eq!(stats.distinct, Some(plain.values.len() as u64));
                let most = |values: &[FacetValue]| values.iter().map(|value| value.count).collect::<Vec<_>>();
                prop_assert_eq!(most(&stats.top), most(&plain.values[..plain.values.len().min(3)]));
            }
        }
    }
    for offset in [0, 330, -210] {
        let week = index.week(filter, offset, NOW).unwrap();
        let mut hours = [[0; 24]; 7];
        for row in &matching {
            let local = Timestamp(row.tweet.created_at.0 + i64::from(offset) * MINUTE);
            let part = |code: &str| local.format(code).parse::<usize>().unwrap();
            hours[part("%u") - 1][part("%H")] += 1;
        }
        prop_assert_eq!(week.hours, hours);
    }
    check_activity(index, &matching, filter)
}

fn check_activity(index: &search::Index, matching: &[&Row], filter: &Filter) -> Result<(), TestCaseError> {
    let activity = index.activity(filter, NOW).unwrap();
    let mut authors = std::collections::BTreeMap::<_, u64>::new();
    for row in matching {
        *authors.entry(row.tweet.author).or_default() += 1;
    }
    prop_assert_eq!(activity.unknown, authors.remove(&None).unwrap_or_default());
    let mut last = 0;
    for group in activity.groups {
        prop_assert_eq!(group.from, last + 1);
        last = group.to;
        let of_group: Vec<u64> =
            authors.values().copied().filter(|tweets| (group.from..=group.to).contains(tweets)).collect();
        prop_assert_eq!((group.authors, group.tweets), (of_group.len() as u64, of_group.iter().sum()));
    }
    prop_assert!(authors.values().all(|tweets| *tweets <= last));
    Ok(())
}

fn check_spread(spread: Option<&Spread>, cells: &[naive::Cell], kind: Kind) -> Result<(), TestCaseError> {
    let Some(spread) = spread else {
        prop_assert!(cells.is_empty());
        return Ok(());
    };
    let quantity = |cell: &naive::Cell| match cell {
        naive::Cell::Number(time) if kind == Kind::Date => Quantity::Date(Timestamp(*time)),
        naive::Cell::Number(number) => Quantity::Number(*number),
        naive::Cell::Decimal(number) => Quantity::Decimal(*number),
        naive::Cell::Id(id) => Quantity::Id(*id),
        other => panic!("{other:?} has no order"),
    };
    let values: Vec<Quantity> = cells.iter().map(quantity).collect();
    let reached = |share: f64| {
        let enough = |value: &&Quantity| {
            values.iter().filter(|other| other <= value).count() as f64 >= values.len() as f64 * share
        };
        *values.iter().find(enough).unwrap()
    };
    let five = [spread.least, spread.first_quartile, spread.median, spread.third_quartile, spread.most];
    prop_assert_eq!(five, [values[0], reached(0.25), reached(0.5), reached(0.75), *values.last().unwrap()]);
    prop_assert!(spread.ranges.len() <= 24);
    for range in &spread.ranges {
        let inside = values.iter().filter(|value| range.from <= **value && **value < range.to).count();
        prop_assert_eq!(range.count, inside as u64);
    }
    let counted = spread.ranges.iter().map(|range| range.count).sum::<u64>();
    prop_assert_eq!(counted, if kind == Kind::Id { 0 } else { values.len() as u64 }, "{:?}", spread);
    prop_assert!(spread.ranges.windows(2).all(|pair| pair[0].to == pair[1].from));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn filters_and_facets_are_those_of_the_plain_way(
        (commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 12), size in 0_usize..8,
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        for filter in &filters {
            let mut expected: Vec<u64> =
                rows.iter().filter(|row| naive::matches(filter, row, NOW)).map(|row| row.tweet.id.0).collect();
            expected.sort_unstable();
            let page = index.ids(filter, &[sort("id", false)], &At::First, 1000, NOW).unwrap();
            let ids: Vec<u64> = page.ids.iter().map(|id| id.0).collect();
            prop_assert_eq!(ids, expected, "{}", filter);
            prop_assert_eq!(index.count(filter, NOW).unwrap(), page.total);
            check_facets(&index, &rows, filter, size)?;
        }
    }

    #[test]
    fn pages_show_every_row_once_in_order_both_ways(
        (commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 2), limit in 1_usize..9, descending in any::<bool>(),
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        for column in COLUMNS.iter().filter(|column| column.sortable && column.kind != Kind::Text) {
            check_pages(&index, &rows, &Filter::All, &[sort(column.name, descending)], limit)?;
            check_pages(&index, &rows, &filters[0], &[sort(column.name, !descending), sort("lang", descending)], limit)?;
        }
    }

    #[test]
    fn the_values_of_columns_are_described_as_the_plain_way_does(
        (commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 4),
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        check_stats(&index, &rows, &Filter::All)?;
        for filter in &filters {
            check_stats(&index, &rows, filter)?;
        }
    }

    #[test]
    fn what_stands_out_is_what_the_plain_way_finds(
        (mut commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 4), start in 0_i64..300, length in 1_i64..400,
    ) {
        let range = Timestamp(NOW.0 - start * 7 * MINUTE)..Timestamp(NOW.0 - start * 7 * MINUTE + length * 7 * MINUTE);
        for row in commits.iter_mut().flatten().filter(|row| range.contains(&row.tweet.created_at)) {
            if row.tweet.id.0 % 4 > 0 {
                row.tweet.text += " surge #wave";
                row.tweet.entities.hashtags.push(tag("wave"));
            }
        }
        let (_dir, index, rows) = built(&commits, &removed);
        check_explanation(&index, &rows, &Filter::All, range.clone())?;
        for filter in &filters {
            check_explanation(&index, &rows, filter, range.clone())?;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "takes minutes"]
    fn ten_thousand_filters_count_as_the_plain_way_does(
        (commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 250), size in 0_usize..8,
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        for filter in &filters {
            prop_assert_eq!(index.count(filter, NOW).unwrap(), rows.iter().filter(|row| naive::matches(filter, row, NOW)).count() as u64);
            check_facets(&index, &rows, filter, size)?;
        }
    }
}
