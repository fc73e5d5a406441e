#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::*;
use model::digest::DayDigest;
use model::explore::{FacetValue, Sort};
use model::tweet::{Link, Reference, ReferenceKind};
use model::{Filter, Timestamp, TweetId};
use search::{Ask, At, Change, Index, SearchError, Settings, ValuesAsk};

fn values(facet: &model::explore::Facet) -> Vec<(&str, u64)> {
    facet.values.iter().map(|FacetValue { value, count }| (value.as_str(), *count)).collect()
}

/// Ten posts: six German, four English; five replies, four of them German and one English.
fn ten() -> Vec<model::Row> {
    let reply = |mut row: model::Row| {
        row.tweet.references = vec![Reference { kind: ReferenceKind::RepliedTo, id: TweetId(99) }];
        row
    };
    let row = |id| with_lang(row(id, "x"), if id <= 6 { "de" } else { "en" });
    (1..=10).map(|id| if id <= 4 || id == 7 { reply(row(id)) } else { row(id) }).collect()
}

#[test]
fn a_facet_ignores_its_own_choice_and_follows_the_others() {
    let (_dir, index) = index_of(ten());
    let answer = explore(&index, "lang:de", &["lang", "type"]);
    assert_eq!(values(&answer.facets[0]), [("de", 6), ("en", 4)]);
    assert_eq!(values(&answer.facets[1]), [("reply", 4), ("original", 2)]);
    let answer = explore(&index, "lang:de type:reply", &["lang", "type"]);
    assert_eq!(values(&answer.facets[0]), [("de", 4), ("en", 1)]);
    assert_eq!(values(&answer.facets[1]), [("reply", 4), ("original", 2)]);
    assert_eq!(answer.total, 4);
    let answer = explore(&index, "-lang:de", &["lang", "type"]);
    assert_eq!(values(&answer.facets[0]), [("de", 6), ("en", 4)]);
    assert_eq!(values(&answer.facets[1]), [("original", 3), ("reply", 1)]);
}

#[test]
fn a_chosen_value_stays_listed_at_zero_and_beyond_the_size() {
    let (_dir, index) = index_of(ten());
    let ask = Ask { facets: vec![column("lang")], facet_size: 1, ..ask(parse("lang:(en OR FR) type:quote")) };
    let answer = index.explore(&ask).unwrap();
    assert_eq!(values(&answer.facets[0]), [("en", 0), ("fr", 0)]);
    let ask = Ask { filter: parse("lang:EN"), ..ask };
    assert_eq!(values(&index.explore(&ask).unwrap().facets[0]), [("de", 6), ("en", 4)]);
}

#[test]
fn facets_count_tweets_not_mentions_and_tell_who_has_none() {
    let mut twice = row(1, "#Moon #moon");
    twice.tweet.entities.hashtags = vec![tag("Moon"), tag("moon")];
    let mut flagged = row(2, "x");
    flagged.tweet.sensitive = Some(true);
    let (_dir, index) = index_of([twice, flagged, row(3, "y")]);
    let answer = explore(&index, "", &["hashtag", "sensitive"]);
    assert_eq!(values(&answer.facets[0]), [("moon", 1)]);
    assert_eq!((answer.facets[0].missing, answer.facets[0].total, answer.facets[0].distinct), (2, 3, 1));
    assert_eq!(values(&answer.facets[1]), [("yes", 1)]);
    assert_eq!(answer.facets[1].missing, 2);
}

#[test]
fn of_equal_counts_the_alphabetically_first_are_listed() {
    let rows = (0..500_u64).map(|n| with_lang(row(n + 1, "x"), &format!("l{:03}", (n * 7) % 500)));
    let (_dir, index) = index_of(rows);
    let answer = explore(&index, "", &["lang"]);
    let expected: Vec<String> = (0..10).map(|n| format!("l{n:03}")).collect();
    assert_eq!(answer.facets[0].values.iter().map(|value| value.value.clone()).collect::<Vec<_>>(), expected);
    assert_eq!(answer.facets[0].distinct, 500);
}

#[test]
fn all_values_of_a_column_can_be_listed_and_searched() {
    let rows = (0..500_u64).map(|n| with_lang(row(n + 1, "x"), &format!("l{:03}", (n * 7) % 250)));
    let one_more = [with_lang(row(900, "x"), "xl001"), with_lang(row(901, "x"), "l001")];
    let (_dir, index) = index_of(rows.chain(one_more));
    let page = |containing: &str, by_name| {
        let (filter, containing) = (Filter::All, containing.to_owned());
        let ask = ValuesAsk { filter, column: column("lang"), containing, by_name, limit: 3, now: NOW };
        let page = index.values(ask).unwrap();
        let values = page.values.into_iter().map(|value| (value.value, value.count)).collect::<Vec<_>>();
        (values, page.found, page.total)
    };
    let value = |value: &str, count| (value.to_owned(), count);
    assert_eq!(page("", false), (vec![value("l001", 3), value("l000", 2), value("l002", 2)], 251, 502));
    assert_eq!(page("", true), (vec![value("l000", 2), value("l001", 3), value("l002", 2)], 251, 502));
    assert_eq!(page("L001", false), (vec![value("l001", 3), value("xl001", 1)], 2, 502), "beginning so first");
    assert_eq!(page("nothing", false), (vec![], 0, 502));
}

#[test]
fn words_phrases_tags_scripts_and_emoji_are_found() {
    let (_dir, index) = index_of([
        row(1, "The Launch Day of #Artemis by @NASA 🚀"),
        row(2, "the day of the launch: café https://www.nasa.gov/artemis"),
        row(3, "次の宇宙開発計画"),
        row(4, "วันนี้อากาศดี 한국어 소식 ❤️"),
    ]);
    for (filter, ids) in [
        ("launch", vec![1, 2]),
        ("\"launch day\"", vec![1]),
        ("\"#artemis\"", vec![1]),
        ("artemis", vec![1, 2]),
        ("\"@nasa\"", vec![1]),
        ("nasa", vec![1, 2]),
        ("CAFE", vec![2]),
        ("cafe\u{301}", vec![2]),
        ("🚀", vec![1]),
        ("❤", vec![4]),
        ("宇宙開発", vec![3]),
        ("開発計", vec![3]),
        ("宙", vec![3]),
        ("宇開", vec![]),
        ("อากาศ", vec![4]),
        ("한국어", vec![4]),
        ("laun*", vec![1, 2]),
        ("\"launch da\"*", vec![1]),
        ("宇宙*", vec![3]),
        ("-launch", vec![3, 4]),
        ("-launch -nasa -宇宙", vec![4]),
        ("launch -\"launch day\"", vec![2]),
        ("text:*", vec![1, 2, 3, 4]),
    ] {
        assert_eq!(found(&index, filter), ids, "{filter}");
    }
}

#[test]
fn a_search_for_nothing_is_refused_not_empty() {
    let (_dir, index) = index_of([row(1, "x")]);
    let filter = Filter::from(model::filter::Test {
        column: column("text"),
        predicate: model::filter::Predicate::Matches("…".into()),
    });
    let error = index.count(&filter, NOW).unwrap_err();
    assert!(matches!(error, SearchError::NothingToSearch(_)), "{error}");
}

#[test]
fn links_are_found_by_word_and_presence_is_known_for_every_kind() {
    let mut linked = row(1, "");
    let url = "https://example.org/deep/Impact-mission?x=1".to_owned();
    linked.tweet.entities.links =
        vec![Link { start: 0, end: 0, url: "https://t.co/1".into(), expanded: Some(url), display: None, title: None }];
    linked.tweet.metrics.likes = Some(0);
    let (_dir, index) = index_of([linked, row(2, "plain")]);
    for (filter, ids) in [
        ("url:impact", vec![1]),
        ("url:\"deep impact\"", vec![1]),
        ("url:*", vec![1]),
        ("-url:*", vec![2]),
        ("text:*", vec![2]),
        ("likes:*", vec![1]),
        ("-likes:*", vec![2]),
        ("domain:Example.org", vec![1]),
        ("domain:exam*", vec![1]),
        ("account_created:*", vec![]),
        ("sensitive:*", vec![]),
        ("created:*", vec![1, 2]),
    ] {
        assert_eq!(found(&index, filter), ids, "{filter}");
    }
}

#[test]
fn an_upsert_replaces_and_a_removal_removes() {
    let (_dir, index) = index_of((1..=100).map(|id| row(id, "first")));
    put(&index, (1..=50).map(|id| row(id, "second")), 2);
    assert_eq!(index.len(), 100);
    assert_eq!((found(&index, "first").len(), found(&index, "second").len()), (50, 50));
    put(&index, [row(7, "third"), row(7, "fourth")], 3);
    assert_eq!((index.len(), found(&index, "third").len(), found(&index, "fourth").len()), (100, 0, 1));
    let gone = [1, 2, 3, 1000].map(|id| Change::Remove(TweetId(id)));
    index.apply(gone.to_vec()).unwrap();
    assert_eq!(index.len(), 100, "not before the commit");
    index.commit(4).unwrap();
    assert_eq!((index.len(), found(&index, "second").len()), (97, 46));
}

#[test]
fn the_position_lives_with_the_commit() {
    let (dir, index) = index_of([row(1, "x")]);
    assert_eq!(index.position(), 1);
    put(&index, [row(2, "x")], 77);
    index.apply(vec![Change::Put(row(3, "x"))]).unwrap();
    assert_eq!((index.position(), index.len()), (77, 2));
    drop(index);
    let index = leading(dir.path());
    assert_eq!((index.position(), index.len()), (77, 2));
    put(&index, [row(1, "y")], 78);
    assert_eq!(index.len(), 2, "ids of earlier runs are known");
    index.purge().unwrap();
    assert_eq!((index.position(), index.len()), (78, 2));
    index.clear().unwrap();
    assert_eq!((index.position(), index.len()), (0, 2), "what was there is seen until the next commit");
    put(&index, [row(1, "y")], 5);
    assert_eq!(index.len(), 1);
    drop(index);
    assert_eq!(Index::open(dir.path(), SMALL).unwrap().position(), 5);
}

#[test]
fn an_index_of_another_version_is_replaced() {
    let (dir, index) = index_of([row(1, "x")]);
    drop(index);
    std::fs::write(dir.path().join("VERSION"), "older").unwrap();
    let index = leading(dir.path());
    assert_eq!((index.position(), index.len()), (0, 0));
    put(&index, [row(1, "x")], 3);
    assert_eq!((index.position(), index.len()), (3, 1));
}

#[test]
fn an_index_of_another_version_is_left_alone_while_another_process_changes_it() {
    let (dir, index) = index_of([row(1, "x")]);
    std::fs::write(dir.path().join("VERSION"), "older").unwrap();
    assert!(matches!(Index::open(dir.path(), SMALL), Err(SearchError::Locked)));
    put(&index, [row(2, "x")], 2);
    assert_eq!(index.len(), 2);
}

#[test]
fn one_process_leads_and_the_others_follow() {
    let (dir, first) = index_of([row(1, "x")]);
    let second = Index::open(dir.path(), SMALL).unwrap();
    assert!(!second.lead().unwrap());
    assert!(matches!(second.commit(2), Err(SearchError::Locked)));
    put(&first, [row(2, "x")], 2);
    assert_eq!((second.position(), second.len()), (1, 1), "not before a look");
    second.refresh().unwrap();
    assert_eq!((second.position(), second.len()), (2, 2));
}

#[test]
fn who_leads_next_goes_on_from_what_the_last_one_left() {
    let (dir, first) = empty();
    let second = Index::open(dir.path(), SMALL).unwrap();
    put(&first, (1..=100).map(|id| row(id, "x")), 100);
    drop(first);
    assert!(second.lead().unwrap());
    assert_eq!((second.position(), second.len()), (100, 100));
    put(&second, (1..=100).map(|id| row(id, "y")), 101);
    assert_eq!(second.len(), 100, "ids that the other has put are known");
}

#[test]
fn a_bad_cursor_or_column_is_a_clear_error() {
    let (_dir, index) = index_of((1..=9).map(|id| row(id, "x")));
    let ids = |sort: &Sort, after: &str| {
        index.ids(&Filter::All, std::slice::from_ref(sort), &At::After(after.to_owned()), 3, NOW)
    };
    let newest = Sort::default();
    let next = index.ids(&Filter::All, &[], &At::First, 3, NOW).unwrap().next.unwrap();
    assert!(ids(&newest, &next).is_ok());
    for (sort, cursor) in [(sort("created", false), next.as_str()), (sort("likes", true), &next), (newest, "nonsense")]
    {
        let error = ids(&sort, cursor).unwrap_err();
        assert!(matches!(error, SearchError::BadCursor(_)), "{error}");
    }
    for column in ["hashtag", "text", "nonsense"] {
        assert!(matches!(ids(&sort(column, true), ""), Err(SearchError::WrongColumn { .. })));
    }
    let four: Vec<Sort> = ["likes", "lang", "views", "id"].iter().map(|name| sort(name, true)).collect();
    assert!(matches!(index.ids(&Filter::All, &four, &At::First, 3, NOW), Err(SearchError::WrongColumn { .. })));
    let facets = vec![column("likes")];
    assert!(matches!(index.explore(&Ask { facets, ..ask(Filter::All) }), Err(SearchError::WrongColumn { .. })));
}

#[test]
fn the_histogram_spans_the_filters_own_time() {
    let rows = (0..48).map(|hour| {
        let mut row = row(hour + 1, "x");
        row.tweet.created_at = Timestamp::from_day(2026, 1, 10).unwrap();
        row.tweet.created_at.0 += hour as i64 * model::time::HOUR;
        row
    });
    let (_dir, index) = index_of(rows);
    let day = |day| Timestamp::from_day(2026, 1, day).unwrap();
    let histogram = explore(&index, "", &[]).histogram;
    assert_eq!((histogram.interval, histogram.buckets.len()), (model::time::HOUR, 48));
    let histogram = explore(&index, "created:2026-01", &[]).histogram;
    assert_eq!(
        (histogram.interval, histogram.from, histogram.to),
        (model::time::DAY, day(1), Timestamp(day(31).0 + model::time::DAY))
    );
    assert_eq!(
        histogram.buckets.iter().map(|bucket| (bucket.start, bucket.count)).collect::<Vec<_>>(),
        [(day(10), 24), (day(11), 24)]
    );
    let answer = explore(&index, "created>=2026-01-11T12:00", &[]);
    assert_eq!((answer.total, answer.histogram.from.day_number()), (12, day(11).day_number()));
    let none = explore(&index, "created:2025", &[]);
    assert_eq!((none.total, none.newest, none.first_position, none.histogram.buckets.len()), (0, None, None, 0));
}

#[test]
fn days_tell_what_is_held_in_which_version() {
    let rows: Vec<_> = (1..=50).map(|id| row(id * 40_000, "x")).collect();
    let (_dir, index) = index_of(rows.clone());
    let mut expected = std::collections::BTreeMap::<i64, DayDigest>::new();
    for row in &rows {
        expected.entry(row.tweet.created_at.day_number()).or_default().add(
            row.tweet.id,
            row.tweet.version,
            row.first_seen,
        );
    }
    assert!(expected.len() > 10);
    assert_eq!(index.days().unwrap(), expected);
    index.apply(vec![Change::Remove(rows[3].tweet.id)]).unwrap();
    index.commit(2).unwrap();
    assert_ne!(index.days().unwrap(), expected);
}

#[test]
fn a_page_whose_rows_are_gone_gives_way_to_the_nearest() {
    let (_dir, index) = index_of((1..=9).map(|id| row(id, "x")));
    let second = |after: &str| Ask { at: At::After(after.to_owned()), limit: 3, ..ask(Filter::All) };
    let first = index.explore(&Ask { limit: 3, ..ask(Filter::All) }).unwrap();
    let next = first.next.unwrap();
    assert_eq!(index.explore(&second(&next)).unwrap().ids.len(), 3);
    // The newest are first: of what came after them nothing is left.
    index.apply((1..=6).map(|id| Change::Remove(TweetId(id))).collect()).unwrap();
    index.commit(2).unwrap();
    let answer = index.explore(&second(&next)).unwrap();
    assert_eq!((answer.total, answer.first_position, answer.next, answer.previous), (3, Some(1), None, None));
    assert_eq!(answer.ids, [9, 8, 7].map(TweetId));
}

#[test]
fn a_phrase_whose_end_is_too_open_is_refused() {
    let (_dir, index) = index_of((1..=3000).map(|id| row(id, &format!("the d{id}"))));
    let ask = |text: &str| index.count(&parse(text), NOW);
    assert!(matches!(ask("\"the d\"*"), Err(SearchError::TooManyWords(_))));
    assert_eq!(ask("\"the d11\"*").unwrap(), 111);
    assert_eq!(ask("d1*").unwrap(), 1111, "one word may begin as many");
}

#[test]
fn an_empty_index_answers() {
    let (_dir, index) = empty();
    let answer = explore(&index, "lang:de moon", &["lang", "author", "sensitive"]);
    assert_eq!((answer.total, answer.authors, answer.ids.len()), (0, 0, 0));
    assert_eq!(values(&answer.facets[0]), [("de", 0)]);
    assert!(index.is_empty() && index.days().unwrap().is_empty());
}

#[test]
fn what_was_removed_leaves_the_disk() {
    // A language, because dictionaries of whole values keep them in one piece.
    let dir = tempfile::tempdir().unwrap();
    let one_thread = Settings { threads: 1, ..SMALL };
    let index = Index::open(dir.path(), one_thread).unwrap();
    assert!(index.lead().unwrap());
    put(&index, [with_lang(row(1, "x"), "unforgettable"), row(2, "x")], 1);
    put(&index, (3..50).map(|id| row(id, "filler")), 2);
    let is_on_disk = || {
        std::fs::read_dir(dir.path().join("tantivy")).unwrap().any(|entry| {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            bytes.windows(13).any(|window| window == b"unforgettable")
        })
    };
    assert!(is_on_disk());
    index.apply(vec![Change::Remove(TweetId(1))]).unwrap();
    index.commit(3).unwrap();
    assert!(is_on_disk() && index.waste() > 0.0);
    index.purge().unwrap();
    assert!(!is_on_disk() && index.waste() == 0.0);
    assert_eq!((index.len(), index.position()), (48, 3));
}
