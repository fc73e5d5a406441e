//! Where a page begins or ends: the sort value and the id of a row.

use crate::error::{Result, SearchError};
use model::Timestamp;
use model::columns::Column;
use std::cmp::Ordering;
use tantivy::i64_to_u64;

/// Hex digits of the longest keyword that the index holds.
const MAX_TEXT: usize = 2 * 1000;

pub(crate) use model::explore::MOST_SORTS as MOST_KEYS;

/// A sort value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SortValue {
    /// A number in the order-preserving form of tantivy's columns.
    Number(u64),
    Word(Vec<u8>),
    Missing,
}

/// The place of a row in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// One for each key of the order.
    pub values: Vec<SortValue>,
    pub id: u64,
}

/// A column to order by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Key {
    pub column: &'static Column,
    pub descending: bool,
}

impl Key {
    /// Rows without a value come last in both directions.
    fn compare(self, a: &SortValue, b: &SortValue) -> Ordering {
        let directed = |ordering: Ordering| if self.descending { ordering.reverse() } else { ordering };
        match (a, b) {
            (SortValue::Missing, SortValue::Missing) => Ordering::Equal,
            (SortValue::Missing, _) => Ordering::Greater,
            (_, SortValue::Missing) => Ordering::Less,
            (SortValue::Number(a), SortValue::Number(b)) => directed(a.cmp(b)),
            (SortValue::Word(a), SortValue::Word(b)) => directed(a.cmp(b)),
            // A column has one kind of value.
            (SortValue::Number(_), SortValue::Word(_)) => Ordering::Less,
            (SortValue::Word(_), SortValue::Number(_)) => Ordering::Greater,
        }
    }

    fn print(self, value: &SortValue) -> String {
        let direction = if self.descending { 'd' } else { 'a' };
        let value = match value {
            SortValue::Number(number) => format!("n{number:x}"),
            SortValue::Word(word) => word.iter().fold("w".to_owned(), |text, byte| text + &format!("{byte:02x}")),
            SortValue::Missing => "m".to_owned(),
        };
        format!("{}-{direction}-{value}-", self.column.name)
    }

    fn parse(self, column: &str, direction: &str, value: &str) -> Option<SortValue> {
        if column != self.column.name || direction != if self.descending { "d" } else { "a" } {
            return None;
        }
        let is_word = self.column.kind == model::columns::Kind::Keyword;
        match (value.split_at_checked(1)?, is_word) {
            (("n", number), false) => hex(number).map(SortValue::Number),
            (("w", word), true) => bytes(word).map(SortValue::Word),
            (("m", ""), _) => Some(SortValue::Missing),
            _ => None,
        }
    }
}

/// An order of rows: by the first key, where that is equal by the next, and at last by id, in the direction of the
/// first key.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// At least one, at most [`MOST_KEYS`].
    pub keys: Vec<Key>,
}

impl Order {
    /// Whether greater ids come first.
    pub fn ids_descend(&self) -> bool {
        self.keys.first().is_some_and(|key| key.descending)
    }

    pub fn compare(&self, a: &Cursor, b: &Cursor) -> Ordering {
        let values = self.keys.iter().zip(a.values.iter().zip(&b.values));
        let unequal = values.map(|(key, (a, b))| key.compare(a, b)).find(|ordering| ordering.is_ne());
        let by_id = || if self.ids_descend() { b.id.cmp(&a.id) } else { a.id.cmp(&b.id) };
        unequal.unwrap_or_else(by_id)
    }

    /// The place right before the rows of a time, if the order is by time first: no row needs to have it.
    pub fn before_time(&self, start: Timestamp, end: Timestamp) -> Option<Cursor> {
        let by_time = self.keys.first().filter(|key| key.column.name == "created")?;
        // The last of what stands before: without a value by all other keys, and by id the last.
        let (time, id) = if by_time.descending { (end.0, 0) } else { (start.0.saturating_sub(1), u64::MAX) };
        let mut values = vec![SortValue::Missing; self.keys.len()];
        values[0] = SortValue::Number(i64_to_u64(time));
        Some(Cursor { values, id })
    }

    /// The cursor as a text of letters, digits, `-` and `_`.
    pub fn print(&self, cursor: &Cursor) -> String {
        let values: String = self.keys.iter().zip(&cursor.values).map(|(key, value)| key.print(value)).collect();
        format!("{values}{:x}", cursor.id)
    }

    /// Reads what [`Order::print`] wrote for the same order.
    pub fn parse(&self, text: &str) -> Result<Cursor> {
        self.parsed(text).ok_or_else(|| SearchError::BadCursor(text.chars().take(60).collect()))
    }

    fn parsed(&self, text: &str) -> Option<Cursor> {
        let mut parts = text.split('-');
        let mut values = Vec::with_capacity(self.keys.len());
        for key in &self.keys {
            values.push(key.parse(parts.next()?, parts.next()?, parts.next()?)?);
        }
        let id = hex(parts.next()?)?;
        parts.next().is_none().then_some(Cursor { values, id })
    }
}

fn hex(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u64::from_str_radix(text, 16).ok())?
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || text.len() > MAX_TEXT || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| hex(&text[at..at + 2]).map(|byte| byte as u8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::column;

    fn order(keys: &[(&str, bool)]) -> Order {
        Order {
            keys: keys.iter().map(|(name, descending)| Key { column: column(name), descending: *descending }).collect(),
        }
    }

    #[test]
    fn a_cursor_survives_its_text_and_no_other_order_takes_it() {
        let cursor = |values: &[SortValue]| Cursor { values: values.to_vec(), id: 1_750_000_000_000_000_000 };
        let others = [order(&[("likes", false)]), order(&[("lang", true)]), order(&[("likes", true), ("lang", true)])];
        for (order, cursor) in [
            (order(&[("likes", true)]), cursor(&[SortValue::Number(u64::MAX)])),
            (order(&[("likes", true)]), cursor(&[SortValue::Missing])),
            (order(&[("author", false)]), cursor(&[SortValue::Word("é-_".into())])),
            (order(&[("lang", false), ("likes", true)]), cursor(&[SortValue::Word("de".into()), SortValue::Number(5)])),
        ] {
            let text = order.print(&cursor);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
            assert_eq!(order.parse(&text).unwrap(), cursor);
            assert!(others.iter().all(|other| other.parse(&text).is_err()));
            assert!(order.parse(&text[..text.len() / 3]).is_err());
        }
        let (likes, author) = (order(&[("likes", true)]), order(&[("author", false)]));
        for text in ["", "likes", "likes-d-n-1", "likes-d-w41-1", "likes-d-n1-1-1", "likes-d-n1-+1", "author-a-wé-1"] {
            assert!(likes.parse(text).is_err() && author.parse(text).is_err(), "{text}");
        }
    }
}
