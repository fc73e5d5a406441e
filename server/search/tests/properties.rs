//! The index against the plain way, on random rows and questions.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::any::{any_filter, any_index, built};
use common::*;
use model::columns::{COLUMNS, Kind, Row};
use model::explore::{FacetValue, Sort};
use model::filter::{Choice, Filter, Predicate, Test, facet_test};
use model::time::{HOUR, MINUTE};
use model::{Timestamp, TweetId};
use proptest::prelude::*;
use proptest::sample::select;
use search::{Ask, At, ValuesAsk};

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

/// The time of each row, to the minute, leads to the first row of that minute, and its neighbours to what comes next.
fn check_times(index: &search::Index, rows: &[Row], sort: &[Sort], limit: usize) -> Result<(), TestCaseError> {
    let sorted = naive::sorted(rows, &Filter::All, sort, NOW);
    for at in rows.iter().map(|row| row.tweet.created_at.floor(MINUTE)) {
        for start in [-MINUTE, 0, MINUTE].map(|by| Timestamp(at.0 + by)) {
            let end = Timestamp(start.0 + MINUTE);
            let is_before = |row: &&&Row| match sort[0].descending {
                true => row.tweet.created_at >= end,
                false => row.tweet.created_at < start,
            };
            let before = sorted.iter().take_while(is_before).count();
            let from = if before < sorted.len() { before } else { sorted.len().saturating_sub(limit) };
            let expected: Vec<TweetId> = sorted[from..].iter().take(limit).map(|row| row.tweet.id).collect();
            let page = index.ids(&Filter::All, sort, &At::Time { start, end }, limit, NOW).unwrap();
            prop_assert_eq!(page.ids, expected, "{} of {:?}", start, sort);
            prop_assert_eq!(page.first_position, Some(from as u64 + 1));
        }
    }
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
    fn counts_by_time_add_up_the_rows_of_each_span(
        (commits, removed) in any_index(), filters in prop::collection::vec(any_filter(), 4),
        width in select(vec![MINUTE, HOUR, 9 * HOUR]),
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        for filter in &filters {
            let mut expected = std::collections::BTreeMap::new();
            for row in rows.iter().filter(|row| naive::matches(filter, row, NOW)) {
                *expected.entry(row.tweet.created_at.floor(width)).or_insert(0_u64) += 1;
            }
            let counts = index.counts(filter, column("created"), width, NOW).unwrap();
            let counted: Vec<_> = counts.iter().map(|bucket| (bucket.start, bucket.count)).collect();
            prop_assert_eq!(counted, expected.into_iter().collect::<Vec<_>>(), "{}", filter);
        }
        prop_assert!(index.counts(&Filter::All, column("lang"), HOUR, NOW).is_err());
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
    fn a_time_leads_to_its_first_row_in_orders_by_time(
        (commits, removed) in any_index(), limit in 1_usize..9, descending in any::<bool>(),
    ) {
        let (_dir, index, rows) = built(&commits, &removed);
        check_times(&index, &rows, &[sort("created", descending)], limit)?;
        check_times(&index, &rows, &[sort("created", descending), sort("lang", descending)], limit)?;
        let by_likes = [sort("likes", descending)];
        let page = |at: At| index.ids(&Filter::All, &by_likes, &at, limit, NOW).unwrap();
        prop_assert_eq!(page(At::Time { start: NOW, end: NOW }), page(At::First));
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
