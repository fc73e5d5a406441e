//! What a time is set apart by, and what columns are like, against the plain way.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::any::{any_filter, any_index, built};
use common::*;
use model::Timestamp;
use model::columns::{COLUMNS, Kind, Row};
use model::explore::FacetValue;
use model::filter::Filter;
use model::stats::{Quantity, Spread};
use model::time::MINUTE;
use model::zone::Zone;
use proptest::prelude::*;
use search::{ExplainAsk, StatsAsk};

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
        let week = index.week(filter, &Zone::new("-".to_owned(), offset, Vec::new()), NOW).unwrap();
        let mut hours = [[0; 24]; 7];
        for row in &matching {
            let local = Timestamp(row.tweet.created_at.0 + i64::from(offset) * MINUTE);
            let part = |code: &str| local.format(code).parse::<usize>().unwrap();
            hours[part("%u") - 1][part("%H")] += 1;
        }
        prop_assert_eq!(week.hours, hours);
    }
    check_hours(index, &matching, filter)?;
    check_activity(index, &matching, filter)
}

/// The tweets that a weekday and an hour in the filter find are those of that hour of the week.
fn check_hours(index: &search::Index, matching: &[&Row], filter: &Filter) -> Result<(), TestCaseError> {
    // The filter's own conditions on these would give way.
    let (Some(first), false) = (matching.first(), ["weekday", "hour"].iter().any(|name| filter.selects(column(name))))
    else {
        return Ok(());
    };
    let part = |row: &Row, code: &str| row.tweet.created_at.format(code).parse::<usize>().unwrap();
    let (day, hour) = (part(first, "%u") - 1, part(first, "%H") as i64);
    for (weekday, hour) in [(Some(day), Some(hour)), (Some(day), None), (None, Some(hour)), (Some(6 - day), Some(0))] {
        let filter = filter.with_hour_of_week(weekday, hour);
        let expected = matching.iter().filter(|row| {
            let is_day = weekday.is_none_or(|day| part(row, "%u") - 1 == day);
            is_day && hour.is_none_or(|hour| part(row, "%H") as i64 == hour)
        });
        prop_assert_eq!(index.count(&filter, NOW).unwrap(), expected.count() as u64, "{}", filter);
    }
    Ok(())
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
