//! Walking through all rows while tweets arrive.
//!
//! A cursor is a place in the order, not a number of rows: what arrives before it moves nothing, and what arrives
//! after it is shown when the walk comes there. So a row that was there when the walk began, and does not change its
//! place, is shown exactly once, and one that arrives at most once.

#![expect(clippy::unwrap_used, reason = "a helper of tests may fail them")]

mod common;

use common::*;
use model::Filter;
use model::columns::Row;
use search::{At, IdPage, Index};

/// Ids that are there from the beginning are even, those that arrive odd.
fn numbered(number: u64) -> Row {
    row(1_000_000 + 2 * number, "moon")
}

/// Tweets that are newer than all others, and tweets from all of the time before.
fn arriving(round: u64, rows: u64) -> impl Iterator<Item = Row> {
    (0..10).map(move |n| {
        let number = round * 10 + n;
        let place = if n < 5 { rows + number } else { number.wrapping_mul(7_919) % rows };
        row(1_000_001 + 2 * place, "moon")
    })
}

fn first_seen(ids: &[u64]) -> Vec<u64> {
    ids.iter().copied().filter(|id| id % 2 == 0).collect()
}

fn walk(rows: u64, limit: usize) {
    let (_dir, index) = empty();
    for start in (0..rows).step_by(50_000) {
        put(&index, (start..rows.min(start + 50_000)).map(numbered), start + 1);
    }
    let expected: Vec<u64> = (0..rows).rev().map(|number| numbered(number).tweet.id.0).collect();
    let page = |at: At| index.ids(&Filter::All, &[], &at, limit, NOW).unwrap();
    let mut position = rows;
    let mut arrive = |index: &Index| {
        position += 1;
        put(index, arriving(position - rows, rows), position);
    };

    let ids_of = |page: &IdPage| page.ids.iter().map(|id| id.0).collect::<Vec<u64>>();
    let mut current = page(At::First);
    let mut forwards = ids_of(&current);
    while let Some(next) = current.next.take() {
        arrive(&index);
        current = page(At::After(next));
        forwards.extend(ids_of(&current));
    }
    assert!(first_seen(&forwards) == expected, "forwards, not every row was shown once and in order");
    assert_eq!(forwards.windows(2).position(|pair| pair[0] <= pair[1]), None, "a row was shown twice");

    let mut backwards: Vec<u64> = ids_of(&current).into_iter().rev().collect();
    while let Some(previous) = current.previous.take() {
        arrive(&index);
        current = page(At::Before(previous));
        backwards.extend(ids_of(&current).into_iter().rev());
    }
    backwards.reverse();
    assert!(first_seen(&backwards) == expected, "backwards, not every row was shown once and in order");
    assert_eq!(backwards.windows(2).position(|pair| pair[0] <= pair[1]), None, "a row was shown twice");
    assert!(backwards.len() as u64 > rows, "what arrived in between is shown on the way back");
}

#[test]
fn a_walk_shows_every_row_once_while_tweets_arrive() {
    walk(3_000, 97);
}

#[test]
#[ignore = "takes minutes"]
fn a_walk_through_a_million_rows_shows_every_row_once_while_tweets_arrive() {
    walk(1_000_000, 2_000);
}
