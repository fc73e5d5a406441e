//! A corpus as a file of search pages, or as the lines of a stream.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;

use crate::deliveries::{Delivery, Transport, as_they_arrive, in_order};
use crate::faults::{Fault, spoil};
use crate::includes::Collector;
use crate::wire::{Id, Meta, Tweet};
use crate::written::Library;
use crate::{Corpus, Expansions, Profile, Record, token};

const PAGE: usize = 100;
/// After so many lines of a stream comes an empty one, which keeps the connection alive.
const ALIVE: usize = 200;

/// Writes the tweets of the seven days before the origin as X search pages with all fields and expansions of
/// the profile, in the `tweet` vocabulary: one JSON page a line, 100 tweets each, oldest page first, newest
/// tweet first within a page. Memory does not grow with the tweets.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_pages(out: &mut impl Write, corpus: &Corpus, transport: Transport) -> anyhow::Result<()> {
    each_page(corpus, transport, |page| out.write_all(page).context("cannot write a page"))
}

/// The same pages one after the other.
pub fn each_page(
    corpus: &Corpus,
    transport: Transport,
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut deliveries = in_order(corpus, transport);
    let mut library = Library::new(corpus);
    let mut page = Vec::new();
    for number in 0.. {
        let mut tweets: Vec<Delivery> = deliveries.by_ref().take(PAGE).collect();
        if tweets.is_empty() {
            break;
        }
        tweets.sort_unstable_by(|a, b| b.cmp(a));
        let records: Vec<Arc<Record>> = tweets.into_iter().map(|tweet| record(&mut library, tweet)).collect();
        let fault = Fault::of(corpus, number).filter(|_| transport == Transport::Faulty);
        page.clear();
        let writer = Writer { corpus, transport, fault };
        writer.page(&mut page, &mut library, &records, number > 0).context("cannot write a page")?;
        take(&page)?;
    }
    Ok(())
}

/// Writes the same tweets as the lines of a filtered stream: in the order in which they arrive, each with what it
/// refers to, ended by `\r\n`. Earlier versions of an edited tweet come just before it.
///
/// # Errors
/// When `out` cannot be written.
pub fn write_lines(out: &mut impl Write, corpus: &Corpus, transport: Transport) -> anyhow::Result<()> {
    let mut library = Library::new(corpus);
    let writer = Writer { corpus, transport, fault: None };
    let mut line = Vec::new();
    for (number, delivery) in as_they_arrive(corpus, transport).enumerate() {
        let record = record(&mut library, delivery);
        line.clear();
        let versions = if delivery.again { Vec::new() } else { record.earlier_versions() };
        for version in versions.iter().chain([&record.tweet]) {
            writer.line(&mut line, &mut library, version, &record).context("cannot write a line")?;
        }
        if number % ALIVE == ALIVE - 1 {
            line.extend(b"\r\n");
        }
        out.write_all(&line).context("cannot write a line")?;
    }
    Ok(())
}

fn record(library: &mut Library<'_>, delivery: Delivery) -> Arc<Record> {
    let mut record = library.record(delivery.ordinal);
    if delivery.again {
        record.seen_again();
    }
    Arc::new(record)
}

struct Writer<'a> {
    corpus: &'a Corpus,
    transport: Transport,
    fault: Option<Fault>,
}

impl Writer<'_> {
    fn page(
        &self,
        page: &mut Vec<u8>,
        library: &mut Library<'_>,
        records: &[Arc<Record>],
        older_follow: bool,
    ) -> serde_json::Result<()> {
        page.extend(b"{\"data\":[");
        for (index, record) in records.iter().enumerate() {
            if index > 0 {
                page.push(b',');
            }
            self.tweet(page, &record.tweet, record.ordinal)?;
        }
        page.push(b']');
        let mut collector = Collector::new(library.shelf());
        records.iter().for_each(|record| collector.add(record, self.expansions()));
        let problem = self.fault.and_then(|fault| fault.thin(&mut collector.shelf));
        collector.shelf.write(page);
        if let Some(problem) = problem {
            page.extend(b",\"errors\":");
            serde_json::to_writer(&mut *page, &[problem])?;
        }
        page.extend(b",\"meta\":");
        serde_json::to_writer(&mut *page, &meta(records, older_follow))?;
        page.extend(b"}\n");
        Ok(())
    }

    fn line(
        &self,
        line: &mut Vec<u8>,
        library: &mut Library<'_>,
        version: &Tweet,
        record: &Arc<Record>,
    ) -> serde_json::Result<()> {
        line.extend(b"{\"data\":");
        self.tweet(line, version, record.ordinal)?;
        let mut collector = Collector::new(library.shelf());
        collector.add(record, self.expansions());
        collector.shelf.write(line);
        line.extend(b",\"matching_rules\":[{\"id\":\"1760000000000000001\",\"tag\":\"everything\"}]}\r\n");
        Ok(())
    }

    fn tweet(&self, bytes: &mut Vec<u8>, tweet: &Tweet, ordinal: i64) -> serde_json::Result<()> {
        let start = bytes.len();
        match self.fault {
            Some(Fault::Absent) => serde_json::to_writer(&mut *bytes, &Fault::bare(tweet.clone()))?,
            _ => serde_json::to_writer(&mut *bytes, tweet)?,
        }
        if let Some(fault) = self.fault {
            fault.blow_up(tweet, bytes, start);
        }
        if self.transport == Transport::Faulty && self.corpus.is_hostile(ordinal) {
            spoil(self.corpus, ordinal, bytes, start);
        }
        Ok(())
    }

    /// A lean answer is one that was asked for no more than the tweets.
    fn expansions(&self) -> Expansions {
        match self.corpus.world().profile {
            Profile::Lean => Expansions::default(),
            Profile::Demo | Profile::Full => Expansions::ALL,
        }
    }
}

fn meta(records: &[Arc<Record>], older_follow: bool) -> Meta {
    let id = |record: &Arc<Record>| -> Id { record.tweet.id };
    let oldest_id = records.last().map(id);
    Meta {
        newest_id: records.first().map(id),
        oldest_id,
        result_count: records.len(),
        next_token: oldest_id.filter(|_| older_follow).map(|id| token::encode(id.0, "")),
    }
}
