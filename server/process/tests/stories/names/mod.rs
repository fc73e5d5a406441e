//! Whatever a revision of X's specification calls things, the same becomes of them.
//!
//! Nowhere is written which names are understood. From each specification a page is made that has all that it
//! describes, and a name is understood if something else becomes of the page without it. So a revision with a name that
//! Roost does not know fails here, until it is read, or stands among what is not stored.

mod not_stored;
mod page;
mod specification;

use crate::common::NOW;
use not_stored::{NOT_STORED, not_stored};
use page::{Name, Page, one_word};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use specification::Specification;
use std::collections::{BTreeMap, BTreeSet};

/// What is stored, and not in all specifications: of what, which property, since or until when.
const OF_SOME: [(&str, &str, &str); 4] = [
    ("posts", "paid_partnership", "since 2026"),
    ("posts", "entities.annotations.normalized_text", "until posts are called so"),
    ("posts", "note_post.entities.urls.title", "until posts are called so"),
    ("answer", "meta.previous_token", "since posts are called so"),
];

#[test]
fn every_name_of_every_specification_is_understood() {
    let Some(specifications) = Specification::all() else { return };
    let (mut unknown, mut stored, mut met) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut known = BTreeSet::new();
    for specification in &specifications {
        for page in specification.pages() {
            let whole = outcome(&page.answer);
            // Each name once: most are the same in all.
            for name in page.names.iter().filter(|name| known.insert(name.pointer.replace("/0", ""))) {
                let is_missed = outcome(&page.without([name])) != whole;
                match not_stored(name) {
                    Some(entry) => {
                        met.insert(entry);
                        stored.extend(is_missed.then_some(entry));
                    }
                    None if is_missed || is_missed_beside(&page, name) => {}
                    None => _ = unknown.insert(format!("{}: {}", specification.file, name.pointer)),
                }
            }
        }
    }
    assert!(unknown.is_empty(), "nothing becomes of these: {unknown:#?}");
    assert!(stored.is_empty(), "these are stored: {stored:#?}");
    let listed = NOT_STORED.iter().flat_map(|(object, names, _)| names.iter().map(move |name| (*object, *name)));
    let needless: Vec<_> = listed.filter(|entry| !met.contains(entry)).collect();
    assert!(needless.is_empty(), "no specification has these: {needless:#?}");
}

#[test]
fn the_names_of_each_specification_give_the_same_tweets() {
    let Some(specifications) = Specification::all() else { return };
    let (current, older) = specifications.split_last().unwrap();
    let current = current.page();
    for specification in older {
        let older = specification.page();
        let (own, others) = (only_in(&older, &current), only_in(&current, &older));
        assert_eq!(outcome(&older.without(own)), outcome(&current.without(others)), "{}", specification.file);
    }
}

#[test]
fn any_mixture_of_the_names_gives_the_same_tweets() {
    let Some(specifications) = Specification::all() else { return };
    let (current, older) = specifications.split_last().unwrap();
    let current = current.page();
    let expected = outcome(&current.answer);
    let mut renamed = BTreeSet::new();
    for specification in older {
        let spellings = spellings(&current, &specification.page());
        renamed.extend(
            spellings.iter().map(|(pointer, older)| (pointer.rsplit('/').next().unwrap().to_owned(), older.clone())),
        );
        for alone in spellings.keys() {
            let mixed = respelled(&current.answer, "", &spellings, &mut |pointer| pointer == alone);
            assert_eq!(outcome(&mixed), expected, "{}: {}", specification.file, spellings[alone]);
        }
        let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
        let drawn = vec(any::<bool>(), spellings.len());
        let mixtures = runner.run(&drawn, |drawn| {
            let mut drawn = drawn.into_iter();
            let mixed = respelled(&current.answer, "", &spellings, &mut |_| drawn.next().unwrap_or_default());
            proptest::prop_assert_eq!(outcome(&mixed), expected.clone());
            Ok(())
        });
        mixtures.unwrap();
    }
    assert!(renamed.len() >= 8, "posts were tweets once: {renamed:?}");
}

/// All that becomes of an answer, but for the tweets as they came.
fn outcome(answer: &Value) -> Value {
    let page = process::decode_page(answer.to_string().as_bytes(), NOW).unwrap();
    let tweets = page.batch.tweets.iter().map(|observed| {
        let ids = [observed.author_id, observed.reply_to_user_id];
        json!({ "tweet": observed.tweet, "role": format!("{:?}", observed.role), "ids": ids })
    });
    let authors = page.batch.authors.iter().map(|author| json!([author.id, author.identity, author.stats]));
    json!({
        "tweets": tweets.collect::<Vec<_>>(),
        "authors": authors.collect::<Vec<_>>(),
        "meta": format!("{:?}", page.meta),
        "errors": page.partial_errors,
        "rejected": page.rejected.len(),
    })
}

/// Whether a name is missed where another of its object is missing as well: a note goes before a text.
fn is_missed_beside(page: &Page, name: &Name) -> bool {
    let mut others = page.names.iter().filter(|other| other.root == name.root && other.pointer != name.pointer);
    others.any(|other| outcome(&page.without([other])) != outcome(&page.without([other, name])))
}

/// What is stored of a page and has no counterpart in another.
fn only_in<'p>(page: &'p Page, other: &Page) -> Vec<&'p Name> {
    let known: BTreeSet<String> = other.names.iter().map(|name| one_word(&name.pointer)).collect();
    let own = page.names.iter().filter(|name| !known.contains(&one_word(&name.pointer)) && not_stored(name).is_none());
    own.inspect(|name| {
        let is_listed = OF_SOME.iter().any(|(object, path, _)| (*object, *path) == (&name.object, &name.path));
        assert!(is_listed, "{} has no counterpart", name.pointer);
    })
    .collect()
}

/// Where a name is another one in `older`, and which.
fn spellings(current: &Page, older: &Page) -> BTreeMap<String, String> {
    let (mut names, mut older_names) = (BTreeMap::new(), BTreeMap::new());
    spell(&current.answer, "", &mut names);
    spell(&older.answer, "", &mut older_names);
    older_names
        .into_iter()
        .filter(|(pointer, name)| names.get(pointer).is_some_and(|current| current != name))
        .collect()
}

fn spell(value: &Value, pointer: &str, names: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let pointer = format!("{pointer}/{}", one_word(name));
            spell(value, &pointer, names);
            names.insert(pointer, name.clone());
        }),
        Value::Array(items) => items.iter().for_each(|item| spell(item, pointer, names)),
        _ => {}
    }
}

/// The same with other names where it is wanted.
fn respelled(
    value: &Value,
    pointer: &str,
    spellings: &BTreeMap<String, String>,
    is_wanted: &mut dyn FnMut(&str) -> bool,
) -> Value {
    match value {
        Value::Object(fields) => {
            let mut respell = |(name, value): (&String, &Value)| {
                let pointer = format!("{pointer}/{}", one_word(name));
                let older = spellings.get(&pointer).filter(|_| is_wanted(&pointer));
                (older.unwrap_or(name).clone(), respelled(value, &pointer, spellings, is_wanted))
            };
            Value::Object(fields.iter().map(&mut respell).collect())
        }
        Value::Array(items) => items.iter().map(|item| respelled(item, pointer, spellings, is_wanted)).collect(),
        other => other.clone(),
    }
}
