//! What holds for every filter and for every text.

mod generator;

use generator::{any_text, filter, language, word};
use model::Timestamp;
use model::columns::{COLUMNS, find};
use model::filter::{Choice, Compare, Filter, Predicate, Scalar, Test, describe, parse};
use model::time::DAY;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back(filter in filter()) {
        let text = filter.to_string();
        let read = parse(&text);
        prop_assert_eq!(read.as_ref(), Ok(&filter), "{}", text);
        prop_assert_eq!(read.unwrap().to_string(), text);
    }

    #[test]
    fn every_filter_has_words(filter in filter()) {
        prop_assert!(!describe(&filter).is_empty());
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place(text in prop_oneof![any_text(), language(), any::<String>()]) {
        match parse(&text) {
            Ok(filter) => {
                let printed = filter.to_string();
                prop_assert_eq!(parse(&printed), Ok(filter), "{}", printed);
            }
            Err(error) => {
                prop_assert!(text.get(error.at.clone()).is_some(), "{:?}", error);
                prop_assert!(error.message.ends_with(['.', '?']), "{:?}", error);
            }
        }
    }

    #[test]
    fn what_is_suggested_is_a_filter(text in prop_oneof![any_text(), language(), any::<String>()]) {
        if let Err(error) = parse(&text)
            && let Some(corrected) = error.corrected(&text)
        {
            prop_assert_ne!(&corrected, &text, "{:?}", error);
            prop_assert!(parse(&corrected).is_ok(), "{} became {}", text, corrected);
        }
    }

    #[test]
    fn a_choice_made_twice_is_none(filter in filter(), choices in prop::collection::vec(0..4_usize, 0..4), value in 0..4_usize) {
        let (column, codes) = (find("hashtag").unwrap(), ["moon", "mars", "a b", "東京"]);
        let chosen = choices.iter().fold(filter.without_column(column), |filter, at| filter.toggled(column, codes[*at]));
        let set = |filter: &Filter| {
            let mut values: Vec<String> = filter.included(column).into_iter().map(str::to_owned).collect();
            values.sort();
            values
        };
        let once = chosen.toggled(column, codes[value]);
        prop_assert_ne!(once.choice(column, codes[value]), chosen.choice(column, codes[value]));
        prop_assert_eq!(set(&once.toggled(column, codes[value])), set(&chosen));
        let excluded = chosen.excluding(column, codes[value]);
        prop_assert_eq!(excluded.choice(column, codes[value]), Choice::Excluded);
        prop_assert_eq!(excluded.toggled(column, codes[value]).choice(column, codes[value]), Choice::Free);
    }

    #[test]
    fn clicks_leave_a_filter_that_can_be_read(filter in filter(), value in word(find("lang").unwrap()), clicks in prop::collection::vec(0..3, 1..4)) {
        let lang = find("lang").unwrap();
        let clicked = clicks.iter().fold(filter.without_column(lang), |filter, click| match click {
            0 => filter.toggled(lang, &value),
            1 => filter.toggled(lang, "de"),
            _ => filter.excluding(lang, "en"),
        });
        prop_assert_eq!(parse(&clicked.to_string()), Ok(clicked));
    }

    #[test]
    fn a_column_given_up_is_gone(filter in filter(), at in 0..COLUMNS.len()) {
        let without = filter.without_column(&COLUMNS[at]);
        prop_assert!(!without.selects(&COLUMNS[at]));
        prop_assert!(without.size() <= filter.size());
        prop_assert_eq!(without.without_column(&COLUMNS[at]), without);
    }

    #[test]
    fn a_span_is_read_back(filter in filter(), start in -100_000_000_i64..100_000_000, days in 1..1000_i64) {
        let created = find("created").unwrap();
        let (start, end) = (Timestamp(start * 1000), Timestamp(start * 1000 + days * DAY));
        let zoomed = filter.with_span(created, start, end);
        let read = parse(&zoomed.to_string());
        prop_assert_eq!(read.as_ref(), Ok(&zoomed));
        let [.., from, to] = zoomed.conjuncts() else { panic!("{zoomed} lacks a span") };
        prop_assert_eq!(limit(from), Some((Compare::AtLeast, start)));
        prop_assert_eq!(limit(to), Some((Compare::Less, end)));
        prop_assert_eq!(zoomed.with_span(created, start, end), zoomed);
    }
}

fn limit(filter: &Filter) -> Option<(Compare, Timestamp)> {
    match filter {
        Filter::Test(Test { predicate: Predicate::Compare(compare, Scalar::Date(date)), .. }) => {
            Some((*compare, date.span(Timestamp(0)).0))
        }
        _ => None,
    }
}
