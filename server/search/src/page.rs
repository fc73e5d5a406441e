//! One page of ids in an order: those next to a cursor, and how many rows stand before them.

use crate::cursor::{Cursor, Key, MOST_KEYS, Order, SortValue};
use crate::error::Result;
use crate::matches::{Docs, Matches};
use crate::reader::Reader;
use crate::schema::column;
use crate::view::{Cells, View};
use std::collections::BinaryHeap;
use tantivy::DocId;
use tantivy::columnar::{StrColumn, TermOrdHit};

/// The place of a row within a segment, ascending in the direction in which rows are taken: the places of its values
/// (0 where the order has no more keys), then its id, each turned round where the direction asks it.
///
/// Values are doubled, so that a cursor's word can stand between two words of the segment. Rows without a value
/// have the place [`LAST`], or 0 when they come first: no value or cursor's word has either.
type Rank = ([u128; MOST_KEYS], u64);

/// Beyond every value.
const LAST: u128 = 1 << 66;

/// What rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    pub order: &'a Order,
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

pub(crate) fn find(view: &View, matches: &Matches, ask: &Rows<'_>) -> Result<Page> {
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

fn take(view: &View, segment: usize, docs: &Docs, ask: &Rows<'_>) -> Result<Taken> {
    let ranks = Ranks::new(view, segment, ask)?;
    let first = ranks.keys[0];
    let start = ask.from.as_ref().map(|cursor| ranks.of_cursor(cursor)).transpose()?;
    let mut best = Best { heap: BinaryHeap::new(), limit: ask.limit, start, passed: 0 };
    let mut reader = Reader::new(&first.cells.values);
    docs.for_each_chunk(|chunk| {
        let (owners, values) = reader.read(chunk);
        let rows = owners.iter().zip(values).map(|(doc, value)| (*doc, first.turned(*value)));
        let offer = |(doc, place)| best.offer(place, || ranks.of_row(place, doc));
        // The best first, if values rise or fall with the documents: then all others are turned down at once.
        match (values.first(), values.last()) {
            (Some(least), Some(most)) if first.turned(*most) < first.turned(*least) => rows.rev().for_each(offer),
            _ => rows.for_each(offer),
        }
        if owners.len() < chunk.len() {
            let mut owners = owners.iter().peekable();
            for doc in chunk.iter().filter(|doc| owners.next_if_eq(doc).is_none()) {
                best.offer(first.missing(), || ranks.of_row(first.missing(), *doc));
            }
        }
    });
    let rows = best.heap.into_vec().into_iter().map(|rank| ranks.cursor(rank)).collect::<Result<_>>()?;
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
    /// `place` is that of the first key. The rest is read only for rows that may be taken: most are not.
    #[inline]
    fn offer(&mut self, place: u128, rank: impl FnOnce() -> Rank) {
        if let Some(start) = self.start {
            if place < start.0[0] {
                self.passed += 1;
                return;
            }
            if place == start.0[0] {
                let rank = rank();
                if rank <= start {
                    self.passed += 1;
                } else {
                    self.put(rank);
                }
                return;
            }
        }
        if self.heap.len() < self.limit || self.heap.peek().is_some_and(|worst| place <= worst.0[0]) {
            self.put(rank());
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

/// The ranks of a segment's rows.
struct Ranks<'a> {
    keys: Vec<KeyPlaces<'a>>,
    ids: &'a Cells,
    /// Greater ids come first.
    ids_fall: bool,
}

impl<'a> Ranks<'a> {
    fn new(view: &'a View, segment: usize, ask: &Rows<'_>) -> Result<Self> {
        let places = |key: &Key| {
            let cells = view.cells(segment, key.column)?;
            Ok(KeyPlaces { cells, falling: key.descending != ask.backwards, missing_first: ask.backwards })
        };
        Ok(Self {
            keys: ask.order.keys.iter().map(places).collect::<Result<_>>()?,
            ids: view.cells(segment, column("id"))?,
            ids_fall: ask.order.ids_descend() != ask.backwards,
        })
    }

    /// The rank of the row that has this place by the first key.
    fn of_row(&self, first: u128, doc: DocId) -> Rank {
        let mut places = [0; MOST_KEYS];
        places[0] = first;
        for (place, key) in places.iter_mut().zip(&self.keys).skip(1) {
            *place = key.cells.values.first(doc).map_or(key.missing(), |value| key.turned(value));
        }
        (places, self.turned_id(self.ids.values.first(doc).unwrap_or(0)))
    }

    /// The rank that the row of a cursor has, or would have, in this segment.
    fn of_cursor(&self, cursor: &Cursor) -> Result<Rank> {
        let mut places = [0; MOST_KEYS];
        for ((place, key), value) in places.iter_mut().zip(&self.keys).zip(&cursor.values) {
            *place = key.place_of(value)?;
        }
        Ok((places, self.turned_id(cursor.id)))
    }

    fn cursor(&self, (places, id): Rank) -> Result<Cursor> {
        let values = self.keys.iter().zip(places).map(|(key, place)| key.value_at(place));
        Ok(Cursor { values: values.collect::<Result<_>>()?, id: self.turned_id(id) })
    }

    /// Turns an id round, and back.
    fn turned_id(&self, id: u64) -> u64 {
        if self.ids_fall { !id } else { id }
    }
}

/// The places of a segment's rows by one key: the least for those that are wanted first.
#[derive(Clone, Copy)]
struct KeyPlaces<'a> {
    cells: &'a Cells,
    /// Greater values come first.
    falling: bool,
    /// Rows without a value come first.
    missing_first: bool,
}

impl KeyPlaces<'_> {
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

    fn place_of(self, value: &SortValue) -> Result<u128> {
        let place = match value {
            SortValue::Missing => return Ok(self.missing()),
            SortValue::Number(number) => value_place(*number),
            SortValue::Word(word) => match &self.cells.words {
                None => 1,
                Some(words) => word_place(words, word)?,
            },
        };
        Ok(self.turned_place(place))
    }

    fn value_at(self, place: u128) -> Result<SortValue> {
        if place == self.missing() {
            return Ok(SortValue::Missing);
        }
        let value = (self.turned_place(place) / 2 - 1) as u64;
        let Some(words) = &self.cells.words else { return Ok(SortValue::Number(value)) };
        let mut word = Vec::new();
        words.ord_to_bytes(value, &mut word)?;
        Ok(SortValue::Word(word))
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
