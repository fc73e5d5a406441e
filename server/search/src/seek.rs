//! The row at a number of an order, without walking there.
//!
//! Rows are narrowed down key by key: counts by ranges of values tell in which range the row stands, until few enough
//! rows are left to be sorted. Each step goes once through the rows that are left.

use crate::cursor::{Cursor, Key, Order, SortValue};
use crate::error::Result;
use crate::matches::{Docs, Matches};
use crate::reader::Reader;
use crate::schema::column;
use crate::view::View;
use model::columns::Kind;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::DocId;
use tantivy::columnar::StrColumn;

/// Ranges that values are counted by in one step.
const RANGES: u64 = 1 << 14;

/// The place of the row with that number, from 0; `None` beyond the last.
///
/// Once no more than `few` rows are left, they are sorted.
pub(crate) fn nth(view: &View, matches: &Matches, order: &Order, number: u64, few: u64) -> Result<Option<Cursor>> {
    if number >= matches.total {
        return Ok(None);
    }
    let id = Key { column: column("id"), descending: order.ids_descend() };
    let keys: Vec<Key> = order.keys.iter().copied().chain([id]).collect();
    let mut left = Left { view, docs: matches.docs.iter().map(Docs::to_vec).collect(), number };
    for key in keys {
        while left.count() > few && left.narrow(key)? {}
    }
    left.pick(order).map(Some)
}

/// The rows among which the wanted one is.
struct Left<'a> {
    view: &'a View,
    /// By segment, ascending.
    docs: Vec<Vec<DocId>>,
    /// The wanted one's among these.
    number: u64,
}

/// What of the rows is kept: those whose value is missing, one word, or within a range.
enum Kept {
    Missing,
    /// The word's place in the dictionary of each segment.
    Word(Vec<Option<u64>>),
    Range(u64, u64),
}

impl Left<'_> {
    fn count(&self) -> u64 {
        self.docs.iter().map(|docs| docs.len() as u64).sum()
    }

    /// Keeps the rows that are near the wanted one by this key. Returns whether narrowing by it again may help.
    fn narrow(&mut self, key: Key) -> Result<bool> {
        let with_value = self.with_value(key)?;
        if self.number >= with_value {
            self.number -= with_value;
            self.keep(key, &Kept::Missing)?;
            return Ok(false);
        }
        let before = self.count();
        let is_word = key.column.kind == Kind::Keyword;
        let kept = if is_word { self.word(key, with_value)? } else { self.range(key)? };
        self.keep(key, &kept)?;
        Ok(match kept {
            Kept::Range(least, most) => least < most && self.count() < before,
            _ => false,
        })
    }

    fn with_value(&self, key: Key) -> Result<u64> {
        let mut count = 0;
        self.each(key, |_, owners, _| count += owners.len() as u64)?;
        Ok(count)
    }

    /// Hands the documents that have a value, and their values, by segment and piece by piece.
    fn each(&self, key: Key, mut visit: impl FnMut(usize, &[DocId], &[u64])) -> Result<()> {
        for (segment, docs) in self.docs.iter().enumerate() {
            let mut reader = Reader::new(&self.view.cells(segment, key.column)?.values);
            for chunk in docs.chunks(2048) {
                let (owners, values) = reader.read(chunk);
                visit(segment, owners, values);
            }
        }
        Ok(())
    }

    /// The range of values in which the wanted row stands.
    fn range(&mut self, key: Key) -> Result<Kept> {
        let (mut least, mut most) = (u64::MAX, u64::MIN);
        self.each(key, |_, _, values| {
            for value in values {
                least = least.min(*value);
                most = most.max(*value);
            }
        })?;
        let width = (most - least) / RANGES + 1;
        let mut counts = vec![0_u64; ((most - least) / width + 1) as usize];
        self.each(key, |_, _, values| {
            values.iter().for_each(|value| counts[((value - least) / width) as usize] += 1);
        })?;
        let place = self.pass(counts.iter().copied(), key.descending) as u64;
        let start = least + place * width;
        Ok(Kept::Range(start, most.min(start + (width - 1))))
    }

    /// Takes what comes before the wanted row off its number. Returns the place of the count in which it is.
    fn pass(&mut self, counts: impl DoubleEndedIterator<Item = u64> + ExactSizeIterator, backwards: bool) -> usize {
        let last = counts.len().saturating_sub(1);
        let mut in_order: Box<dyn Iterator<Item = (usize, u64)>> =
            if backwards { Box::new(counts.enumerate().rev()) } else { Box::new(counts.enumerate()) };
        let found = in_order.find(|(_, count)| {
            let is_here = self.number < *count;
            self.number -= if is_here { 0 } else { *count };
            is_here
        });
        found.map_or(last, |(place, _)| place)
    }

    /// The word of the wanted row.
    fn word(&mut self, key: Key, with_value: u64) -> Result<Kept> {
        let mut counts: Vec<Vec<u64>> = Vec::with_capacity(self.docs.len());
        let mut words = Vec::with_capacity(self.docs.len());
        for segment in 0..self.docs.len() {
            let column = self.view.cells(segment, key.column)?.words.as_ref();
            counts.push(vec![0; column.map_or(0, |column| column.num_terms())]);
            words.push(column);
        }
        self.each(key, |segment, _, places| places.iter().for_each(|place| counts[segment][*place as usize] += 1))?;
        // Dictionaries are read upwards only.
        let mut above = if key.descending { with_value - 1 - self.number } else { self.number };
        let mut merged = Merged::of(&words, &counts)?;
        while let Some((count, places)) = merged.next_word() {
            if above < count {
                self.number = if key.descending { count - 1 - above } else { above };
                return Ok(Kept::Word(places));
            }
            above -= count;
        }
        Ok(Kept::Word(Vec::new()))
    }

    fn keep(&mut self, key: Key, kept: &Kept) -> Result<()> {
        for (segment, docs) in self.docs.iter_mut().enumerate() {
            let mut reader = Reader::new(&self.view.cells(segment, key.column)?.values);
            let mut left = Vec::new();
            for chunk in docs.chunks(2048) {
                let (owners, values) = reader.read(chunk);
                let pairs = owners.iter().zip(values);
                match kept {
                    Kept::Missing => {
                        let mut owners = owners.iter().peekable();
                        left.extend(chunk.iter().filter(|doc| owners.next_if_eq(doc).is_none()));
                    }
                    Kept::Word(places) => {
                        let place = places.get(segment).copied().flatten();
                        left.extend(pairs.filter(|(_, value)| Some(**value) == place).map(|(doc, _)| doc));
                    }
                    Kept::Range(least, most) => {
                        left.extend(pairs.filter(|(_, value)| (least..=most).contains(value)).map(|(doc, _)| doc));
                    }
                }
            }
            *docs = left;
        }
        Ok(())
    }

    /// The wanted one of what is left.
    fn pick(mut self, order: &Order) -> Result<Cursor> {
        let mut cursors = Vec::with_capacity(self.count() as usize);
        for (segment, docs) in self.docs.iter().enumerate() {
            for doc in docs {
                cursors.push(cursor(self.view, segment, *doc, order)?);
            }
        }
        self.number = self.number.min(cursors.len().saturating_sub(1) as u64);
        let (_, picked, _) = cursors.select_nth_unstable_by(self.number as usize, |a, b| order.compare(a, b));
        Ok(picked.clone())
    }
}

fn cursor(view: &View, segment: usize, doc: DocId, order: &Order) -> Result<Cursor> {
    let mut values = Vec::with_capacity(order.keys.len());
    for key in &order.keys {
        let cells = view.cells(segment, key.column)?;
        values.push(match (cells.values.first(doc), &cells.words) {
            (None, _) => SortValue::Missing,
            (Some(number), None) => SortValue::Number(number),
            (Some(place), Some(words)) => {
                let mut word = Vec::new();
                words.ord_to_bytes(place, &mut word)?;
                SortValue::Word(word)
            }
        });
    }
    let id = view.cells(segment, column("id"))?.values.first(doc).unwrap_or(0);
    Ok(Cursor { values, id })
}

/// The next word of a dictionary that some row has, and its place there.
type Words<'a> = Box<dyn FnMut() -> Option<(Vec<u8>, u64)> + 'a>;

fn counted_words<'a>(column: Option<&'a StrColumn>, counts: &'a [u64]) -> Result<Words<'a>> {
    let Some(column) = column else { return Ok(Box::new(|| None)) };
    let mut stream = column.dictionary().stream()?;
    Ok(Box::new(move || {
        while stream.advance() {
            if counts[stream.term_ord() as usize] > 0 {
                return Some((stream.key().to_vec(), stream.term_ord()));
            }
        }
        None
    }))
}

/// The words that some row has, upwards, from the dictionaries of all segments.
struct Merged<'a> {
    counts: &'a [Vec<u64>],
    words: Vec<Words<'a>>,
    /// The next word of each segment, with its place there.
    heads: BinaryHeap<Reverse<(Vec<u8>, usize, u64)>>,
}

impl<'a> Merged<'a> {
    fn of(columns: &[Option<&'a StrColumn>], counts: &'a [Vec<u64>]) -> Result<Self> {
        let words = columns.iter().zip(counts).map(|(column, counts)| counted_words(*column, counts));
        let mut merged = Self { counts, words: words.collect::<Result<_>>()?, heads: BinaryHeap::new() };
        (0..columns.len()).for_each(|segment| merged.advance(segment));
        Ok(merged)
    }

    fn advance(&mut self, segment: usize) {
        self.heads.extend(self.words[segment]().map(|(word, place)| Reverse((word, segment, place))));
    }

    /// How many rows have the next word, and its place in the dictionary of each segment.
    fn next_word(&mut self) -> Option<(u64, Vec<Option<u64>>)> {
        let mut places = vec![None; self.words.len()];
        let Reverse((word, ..)) = self.heads.peek()?.clone();
        let mut count = 0;
        while let Some(Reverse((next, segment, place))) = self.heads.pop() {
            if next != word {
                self.heads.push(Reverse((next, segment, place)));
                break;
            }
            count += self.counts[segment][place as usize];
            places[segment] = Some(place);
            self.advance(segment);
        }
        Some((count, places))
    }
}
