//! Where a page begins or ends: the sort value and the id of a row.

use crate::error::{Result, SearchError};
use model::columns::Column;
use std::cmp::Ordering;

/// Hex digits of the longest keyword that the index holds.
const MAX_TEXT: usize = 2 * 1000;

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
    pub value: SortValue,
    pub id: u64,
}

/// An order of rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub column: &'static Column,
    pub descending: bool,
}

impl Order {
    /// Rows without a value come last in both directions; ties go by id, in the direction of the values.
    pub fn compare(self, a: &Cursor, b: &Cursor) -> Ordering {
        let directed = |ordering: Ordering| if self.descending { ordering.reverse() } else { ordering };
        let values = match (&a.value, &b.value) {
            (SortValue::Missing, SortValue::Missing) => Ordering::Equal,
            (SortValue::Missing, _) => Ordering::Greater,
            (_, SortValue::Missing) => Ordering::Less,
            (SortValue::Number(a), SortValue::Number(b)) => directed(a.cmp(b)),
            (SortValue::Word(a), SortValue::Word(b)) => directed(a.cmp(b)),
            // A column has one kind of value.
            (SortValue::Number(_), SortValue::Word(_)) => Ordering::Less,
            (SortValue::Word(_), SortValue::Number(_)) => Ordering::Greater,
        };
        values.then_with(|| directed(a.id.cmp(&b.id)))
    }

    /// The cursor as a text of letters, digits, `-` and `_`.
    pub fn print(self, cursor: &Cursor) -> String {
        let direction = if self.descending { 'd' } else { 'a' };
        let value = match &cursor.value {
            SortValue::Number(number) => format!("n{number:x}"),
            SortValue::Word(word) => word.iter().fold("w".to_owned(), |text, byte| text + &format!("{byte:02x}")),
            SortValue::Missing => "m".to_owned(),
        };
        format!("{}-{direction}-{value}-{:x}", self.column.name, cursor.id)
    }

    /// Reads what [`Order::print`] wrote for the same order.
    pub fn parse(self, text: &str) -> Result<Cursor> {
        self.parsed(text).ok_or_else(|| SearchError::BadCursor(text.chars().take(60).collect()))
    }

    fn parsed(self, text: &str) -> Option<Cursor> {
        let mut parts = text.split('-');
        let (column, direction, value, id) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let same_order = column == self.column.name && direction == if self.descending { "d" } else { "a" };
        if !same_order || parts.next().is_some() {
            return None;
        }
        let is_word = self.column.kind == model::columns::Kind::Keyword;
        let value = match (value.split_at_checked(1)?, is_word) {
            (("n", number), false) => SortValue::Number(hex(number)?),
            (("w", word), true) => SortValue::Word(bytes(word)?),
            (("m", ""), _) => SortValue::Missing,
            _ => return None,
        };
        Some(Cursor { value, id: hex(id)? })
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

    #[test]
    fn a_cursor_survives_its_text_and_no_other_order_takes_it() {
        let likes = Order { column: column("likes"), descending: true };
        let author = Order { column: column("author"), descending: false };
        let cursor = |value| Cursor { value, id: 1_750_000_000_000_000_000 };
        for (order, cursor) in [
            (likes, cursor(SortValue::Number(u64::MAX))),
            (likes, cursor(SortValue::Missing)),
            (author, cursor(SortValue::Word("é-_".into()))),
        ] {
            let text = order.print(&cursor);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
            assert_eq!(order.parse(&text).unwrap(), cursor);
            for other in [Order { descending: !order.descending, ..order }, Order { column: column("lang"), ..order }] {
                assert!(other.parse(&text).is_err());
            }
            assert!(order.parse(&text[..text.len() / 3]).is_err());
        }
        for text in ["", "likes", "likes-d-n-1", "likes-d-w41-1", "likes-d-n1-1-1", "likes-d-n1-+1", "author-a-wé-1"] {
            assert!(likes.parse(text).is_err() && author.parse(text).is_err(), "{text}");
        }
    }
}
