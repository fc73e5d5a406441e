//! A corpus as a file of search pages.

use std::io::Write;

use anyhow::Context;
use serde::Serialize;

use crate::wire::{Id, Includes, Meta, Tweet};
use crate::{Corpus, Expansions, Record, token};

const PAGE: i64 = 100;

#[derive(Serialize)]
struct Page<'a> {
    data: Vec<&'a Tweet>,
    includes: Includes,
    meta: Meta,
}

/// Writes `tweets` tweets of the seven days before `end_micros` (µs UTC) as X search pages with
/// all fields and expansions, in the `tweet` vocabulary: one JSON page a line, 100 tweets each,
/// oldest page first, newest tweet first within a page. Memory does not grow with `tweets`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_pages(out: &mut impl Write, seed: u64, tweets: u64, end_micros: i64) -> anyhow::Result<()> {
    let corpus = Corpus::new(seed, tweets, end_micros, 0.0);
    let all = corpus.first_week();
    let mut first = all.start;
    while first < all.end {
        let last = (first + PAGE).min(all.end);
        let records: Vec<Record> = (first..last).rev().map(|ordinal| corpus.record(ordinal)).collect();
        let page = Page {
            data: records.iter().map(|record| &record.tweet).collect(),
            includes: Includes::of(&records, &corpus, Expansions::ALL),
            meta: meta(&records, first > all.start),
        };
        serde_json::to_writer(&mut *out, &page).context("cannot write a page")?;
        out.write_all(b"\n").context("cannot write a page")?;
        first = last;
    }
    Ok(())
}

fn meta(records: &[Record], older_follow: bool) -> Meta {
    let id = |record: &Record| -> Id { record.tweet.id };
    let oldest_id = records.last().map(id);
    Meta {
        newest_id: records.first().map(id),
        oldest_id,
        result_count: records.len(),
        next_token: oldest_id.filter(|_| older_follow).map(|id| token::encode(id.0, "")),
    }
}
