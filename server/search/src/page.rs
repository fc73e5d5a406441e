//! One page of ids in an order: those next to a cursor, and how many rows stand before them.

use crate::cursor::{Cursor, Order, SortValue};
use crate::error::Result;
use crate::matches::{Docs, Matches};
use crate::reader::Reader;
use crate::schema::column;
use crate::view::{Cells, View};
use std::collections::BinaryHeap;
use tantivy::columnar::{StrColumn, TermOrdHit};

/// The place of a row within a segment, ascending in the direction in which rows are taken: the place of its
/// value, then its id, each turned round where the direction asks it.
///
/// Values are doubled, so that a cursor's word can stand between two words of the segment. Rows without a value
/// have the place [`LAST`], or 0 when they come first: no value or cursor's word has either.
type Rank = (u128, u64);

/// Beyond every value.
const LAST: u128 = 1 << 66;

/// What rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct PageAsk {
    pub order: Order,
    /// Where the page begins (or ends, if `backwards`); its own row is left out.
    pub from: Option<Cursor>,
    pub backwards: bool,
    pub limit: usize,
}

/// The page found, in the order asked for.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Page {
    pub rows: Vec<Cursor>,
    /// Rows before and after these.
    pub before: u64,
    pub after: u64,
}

pub(crate) fn find(view: &View, matches: &Matches, ask: &PageAsk) -> Result<Page> {
    let mut rows = Vec::new();
    let mut passed = 0;
    for (segment, docs) in matches.docs.iter().enumerate() {
        let taken = take(view, segment, docs, ask)?;
        passed += taken.passed;
        rows.extend(taken.rows);
    }
    rows.sort_unstable_by(|a, b| ask.order.compare(a, b));
    if ask.backwards {
        rows.drain(..rows.len().saturating_sub(ask.limit));
    } else {
        rows.truncate(ask.limit);
    }
    let rest = matches.total - passed - rows.len() as u64;
    let (before, after) = if ask.backwards { (rest, passed) } else { (passed, rest) };
    Ok(Page { rows, before, after })
}

/// What one segment has to offer.
struct Taken {
    rows: Vec<Cursor>,
    /// Rows on the other side of the cursor, and its own.
    passed: u64,
}

fn take(view: &View, segment: usize, docs: &Docs, ask: &PageAsk) -> Result<Taken> {
    let cells = view.cells(segment, ask.order.column)?;
    let ids = &view.cells(segment, column("id"))?.values.values;
    let direction = Direction::of(ask);
    let start = ask.from.as_ref().map(|cursor| direction.rank_of(cells, cursor)).transpose()?;
    let mut best = Best { heap: BinaryHeap::new(), limit: ask.limit, start, passed: 0 };
    let mut reader = Reader::new(&cells.values);
    docs.for_each_chunk(|chunk| {
        let (owners, values) = reader.read(chunk);
        let rows = owners.iter().zip(values).map(|(doc, value)| (*doc, direction.turned(*value)));
        let offer = |(doc, place)| best.offer(place, || direction.id(ids.get_val(doc)));
        // The best first, if values rise or fall with the documents: then all others are turned down at once.
        match (values.first(), values.last()) {
            (Some(first), Some(last)) if direction.turned(*last) < direction.turned(*first) => {
                rows.rev().for_each(offer)
            }
            _ => rows.for_each(offer),
        }
        if owners.len() < chunk.len() {
            let mut owners = owners.iter().peekable();
            for doc in chunk.iter().filter(|doc| owners.next_if_eq(doc).is_none()) {
                best.offer(direction.missing(), || direction.id(ids.get_val(*doc)));
            }
        }
    });
    let ranks = best.heap.into_vec();
    let rows = ranks.into_iter().map(|rank| direction.cursor(cells, rank)).collect::<Result<_>>()?;
    Ok(Taken { rows, passed: best.passed })
}

/// The rows of a segment that come first beyond the start.
struct Best {
    heap: BinaryHeap<Rank>,
    limit: usize,
    start: Option<Rank>,
    passed: u64,
}

impl Best {
    /// The id is read only for rows that may be taken: most are not.
    #[inline]
    fn offer(&mut self, place: u128, id: impl FnOnce() -> u64) {
        if let Some(start) = self.start {
            if place < start.0 {
                self.passed += 1;
                return;
            }
            if place == start.0 {
                let rank = (place, id());
                if rank <= start {
                    self.passed += 1;
                } else {
                    self.put(rank);
                }
                return;
            }
        }
        if self.heap.len() < self.limit || self.heap.peek().is_some_and(|worst| place <= worst.0) {
            self.put((place, id()));
        }
    }

    fn put(&mut self, rank: Rank) {
        if self.heap.len() < self.limit {
            self.heap.push(rank);
        } else if let Some(mut worst) = self.heap.peek_mut()
            && rank < *worst
        {
            *worst = rank;
        }
    }
}

/// Turns values so that the rows wanted first have the least ranks.
#[derive(Clone, Copy)]
struct Direction {
    /// Greater values and ids come first.
    falling: bool,
    /// Rows without a value come first.
    missing_first: bool,
}

impl Direction {
    fn of(ask: &PageAsk) -> Self {
        Self { falling: ask.order.descending != ask.backwards, missing_first: ask.backwards }
    }

    /// The place of rows without a value.
    fn missing(self) -> u128 {
        if self.missing_first { 0 } else { LAST }
    }

    fn turned(self, value: u64) -> u128 {
        self.turned_place(value_place(value))
    }

    /// Turns a place round, and back.
    fn turned_place(self, place: u128) -> u128 {
        if self.falling { LAST - place } else { place }
    }

    fn value_at(self, turned_place: u128) -> u64 {
        (self.turned_place(turned_place) / 2 - 1) as u64
    }

    fn id(self, id: u64) -> u64 {
        if self.falling { !id } else { id }
    }

    /// The rank that the row of a cursor has, or would have, in this segment.
    fn rank_of(self, cells: &Cells, cursor: &Cursor) -> Result<Rank> {
        let place = match &cursor.value {
            SortValue::Missing => return Ok((self.missing(), self.id(cursor.id))),
            SortValue::Number(number) => value_place(*number),
            SortValue::Word(word) => match &cells.words {
                None => 1,
                Some(words) => word_place(words, word)?,
            },
        };
        Ok((self.turned_place(place), self.id(cursor.id)))
    }

    fn cursor(self, cells: &Cells, (place, id): Rank) -> Result<Cursor> {
        let value = match &cells.words {
            _ if place == self.missing() => SortValue::Missing,
            None => SortValue::Number(self.value_at(place)),
            Some(words) => {
                let mut word = Vec::new();
                words.ord_to_bytes(self.value_at(place), &mut word)?;
                SortValue::Word(word)
            }
        };
        Ok(Cursor { value, id: self.id(id) })
    }
}

fn value_place(value: u64) -> u128 {
    u128::from(value) * 2 + 2
}

/// Where a word stands among those of a segment: even at a word, odd between two.
fn word_place(words: &StrColumn, word: &[u8]) -> Result<u128> {
    Ok(match words.dictionary().term_ord_or_next(word)? {
        TermOrdHit::Exact(place) => value_place(place),
        TermOrdHit::Next(place) => value_place(place) - 1,
    })
}
