//! One page of ids in an order: those next to a cursor, and how many rows stand before them.

use crate::cursor::{Cursor, Order, SortValue};
use crate::error::Result;
use crate::matches::{Docs, Matches};
use crate::reader::Reader;
use crate::schema::column;
use crate::view::{Cells, View};
use std::collections::BinaryHeap;
use tantivy::columnar::{StrColumn, TermOrdHit};

/// The place of a row within a segment: ascending is the direction in which rows are taken.
///
/// First whether there is no value, then the value, then the id, each turned round where the direction asks it.
/// Values are doubled and odd, so that a cursor's word can stand between two words of the segment.
type Rank = (bool, u128, u64);

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
        for (doc, value) in owners.iter().zip(values) {
            best.offer(direction.missing(false), direction.turned(*value), || direction.id(ids.get_val(*doc)));
        }
        if owners.len() < chunk.len() {
            let mut owners = owners.iter().peekable();
            for doc in chunk {
                if owners.next_if_eq(&doc).is_none() {
                    best.offer(direction.missing(true), 0, || direction.id(ids.get_val(*doc)));
                }
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
    fn offer(&mut self, missing: bool, value: u128, id: impl FnOnce() -> u64) {
        if let Some(start) = self.start {
            if (missing, value) < (start.0, start.1) {
                self.passed += 1;
                return;
            }
            if (missing, value) == (start.0, start.1) {
                let rank = (missing, value, id());
                if rank <= start {
                    self.passed += 1;
                } else {
                    self.put(rank);
                }
                return;
            }
        }
        if self.heap.len() < self.limit || self.heap.peek().is_some_and(|worst| (missing, value) <= (worst.0, worst.1)) {
            self.put((missing, value, id()));
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

    fn missing(self, missing: bool) -> bool {
        missing != self.missing_first
    }

    fn turned(self, value: u64) -> u128 {
        self.turned_place(u128::from(value) * 2 + 1)
    }

    fn turned_place(self, place: u128) -> u128 {
        if self.falling { !place } else { place }
    }

    fn id(self, id: u64) -> u64 {
        if self.falling { !id } else { id }
    }

    /// The rank that the row of a cursor has, or would have, in this segment.
    fn rank_of(self, cells: &Cells, cursor: &Cursor) -> Result<Rank> {
        let place = match &cursor.value {
            SortValue::Missing => return Ok((self.missing(true), 0, self.id(cursor.id))),
            SortValue::Number(number) => u128::from(*number) * 2 + 1,
            SortValue::Word(word) => match &cells.words {
                None => 0,
                Some(words) => word_place(words, word)?,
            },
        };
        Ok((self.missing(false), self.turned_place(place), self.id(cursor.id)))
    }

    fn cursor(self, cells: &Cells, (missing, place, id): Rank) -> Result<Cursor> {
        let value = match &cells.words {
            _ if missing != self.missing_first => SortValue::Missing,
            None => SortValue::Number((self.turned_place(place) / 2) as u64),
            Some(words) => {
                let mut word = Vec::new();
                words.ord_to_bytes((self.turned_place(place) / 2) as u64, &mut word)?;
                SortValue::Word(word)
            }
        };
        Ok(Cursor { value, id: self.id(id) })
    }
}

/// Where a word stands among those of a segment: odd at a word, even between two.
fn word_place(words: &StrColumn, word: &[u8]) -> Result<u128> {
    Ok(match words.dictionary().term_ord_or_next(word)? {
        TermOrdHit::Exact(place) => u128::from(place) * 2 + 1,
        TermOrdHit::Next(place) => u128::from(place) * 2,
    })
}
