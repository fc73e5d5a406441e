//! The words of a text column that stand out in some documents.
//!
//! Texts are not stored in the index, so it goes through the dictionaries and reads who has each word. Two facts
//! keep that short without making any count inexact:
//!
//! - A word that enough of the documents have is in a fair share of them in at least one segment. Words that are not
//!   are passed over without reading who has them, and segments without any of the documents are not gone through.
//! - The score falls as a word becomes more frequent outside. So the words are counted outside in the order of what
//!   they would score if nobody there had them, until the next could not enter the list.

use crate::error::Result;
use crate::explain::{Best, Contrast};
use crate::explore::Desk;
use crate::matches::{Docs, Matches, in_parallel};
use model::columns::Column;
use model::explain::Standout;
use model::symbol::is_symbol;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};

const OTHER: u8 = 0;
const INSIDE: u8 = 1;
const OUTSIDE: u8 = 2;

/// Words counted outside at a time, by all threads.
const ROUND: usize = 64;

/// One segment: its words, and for each document on which side it is.
struct Segment {
    index: Arc<InvertedIndexReader>,
    side: Vec<u8>,
    inside: usize,
}

/// The words that stand out, without those that begin with a sign: tags and names have columns of their own.
pub(crate) fn standouts(desk: &Desk<'_>, contrast: &Contrast<'_>, column: &Column) -> Result<Vec<Standout>> {
    let segments = segments(desk, contrast, desk.layout.of(column).main)?;
    let sides = contrast.sides();
    let mut words: Vec<(f64, Vec<u8>)> = frequent_inside(desk, &segments, sides.least())?
        .into_iter()
        .map(|word| (sides.score(word.1, 0), word.0))
        .collect();
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut best = Best::new(contrast.size);
    for round in words.chunks(ROUND) {
        if round.first().is_none_or(|(highest, _)| *highest < best.least()) {
            break;
        }
        let counts = in_parallel(desk.threads(), round.len(), |at| count(&segments, &round[at].1))?;
        for ((_, word), (inside, outside)) in round.iter().zip(counts) {
            if inside >= sides.least() {
                best.offer(word, inside, outside, sides.score(inside, outside));
            }
        }
    }
    best.named(|word| Ok(Some(String::from_utf8_lossy(word).into_owned())))
}

fn segments(desk: &Desk<'_>, contrast: &Contrast<'_>, field: Field) -> Result<Vec<Segment>> {
    let readers = desk.view.segments().iter().enumerate();
    let segment = |(number, reader): (usize, &tantivy::SegmentReader)| {
        let mut side = vec![OTHER; reader.max_doc() as usize];
        mark(&mut side, contrast.outside, number, OUTSIDE);
        mark(&mut side, contrast.inside, number, INSIDE);
        Ok(Segment { index: reader.inverted_index(field)?, side, inside: contrast.inside.docs[number].len() })
    };
    readers.map(segment).collect()
}

fn mark(sides: &mut [u8], matches: &Matches, segment: usize, side: u8) {
    match &matches.docs[segment] {
        Docs::All(_) => sides.fill(side),
        Docs::Some(docs) => docs.iter().for_each(|doc| sides[*doc as usize] = side),
    }
}

/// The words that at least so many of the documents inside may have, each with the most that it may be.
fn frequent_inside(desk: &Desk<'_>, segments: &[Segment], least: u64) -> Result<HashMap<Vec<u8>, u64>> {
    let searched: Vec<&Segment> = segments.iter().filter(|segment| segment.inside > 0).collect();
    let share = least.div_ceil(searched.len().max(1) as u64);
    let found = in_parallel(desk.threads(), searched.len(), |number| frequent(searched[number], share))?;
    let mut words: HashMap<Vec<u8>, (u64, u64)> = HashMap::new();
    for (word, count) in found.into_iter().flatten() {
        let (counted, segments) = words.entry(word).or_default();
        *counted += u64::from(count);
        *segments += 1;
    }
    // In a segment where it was passed over, fewer than `share` have it.
    let most = |(counted, in_segments)| counted + (searched.len() as u64 - in_segments) * (share - 1);
    Ok(words.into_iter().map(|(word, counts)| (word, most(counts))).filter(|(_, most)| *most >= least).collect())
}

/// The words that at least so many of a segment's documents inside have.
fn frequent(segment: &Segment, least: u64) -> Result<Vec<(Vec<u8>, u32)>> {
    let mut found = Vec::new();
    let mut terms = segment.index.terms().stream()?;
    let mut postings: Option<BlockSegmentPostings> = None;
    while terms.advance() {
        let info = terms.value();
        if u64::from(info.doc_freq) < least || !is_told(terms.key()) {
            continue;
        }
        let postings = opened(&segment.index, info, &mut postings)?;
        let mut count = 0;
        each_block(postings, |docs| {
            count += docs.iter().filter(|doc| segment.side[**doc as usize] == INSIDE).count() as u32;
        });
        if u64::from(count) >= least {
            found.push((terms.key().to_vec(), count));
        }
    }
    Ok(found)
}

/// The documents that have the word, in the memory of those read before.
fn opened<'a>(
    index: &InvertedIndexReader,
    info: &TermInfo,
    memory: &'a mut Option<BlockSegmentPostings>,
) -> Result<&'a mut BlockSegmentPostings> {
    match memory {
        Some(postings) => {
            index.reset_block_postings_from_terminfo(info, postings)?;
            Ok(postings)
        }
        none => Ok(none.insert(index.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?)),
    }
}

fn each_block(postings: &mut BlockSegmentPostings, mut visit: impl FnMut(&[u32])) {
    while !postings.docs().is_empty() {
        visit(postings.docs());
        postings.advance();
    }
}

/// How many documents inside and outside have the word.
fn count(segments: &[Segment], word: &[u8]) -> Result<(u64, u64)> {
    let mut counts = [0; 3];
    for segment in segments {
        let Some(info) = segment.index.terms().get(word)? else { continue };
        let mut postings = segment.index.read_block_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
        each_block(&mut postings, |docs| docs.iter().for_each(|doc| counts[segment.side[*doc as usize] as usize] += 1));
    }
    Ok((counts[usize::from(INSIDE)], counts[usize::from(OUTSIDE)]))
}

/// Whether the word may be listed: no tag or name, and not a single letter (of scripts without spaces the index has
/// every letter beside every pair).
fn is_told(word: &[u8]) -> bool {
    let Ok(word) = std::str::from_utf8(word) else { return false };
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (Some('#' | '@' | '$'), _) | (None, _) => false,
        (Some(only), None) => is_symbol(only),
        _ => true,
    }
}
