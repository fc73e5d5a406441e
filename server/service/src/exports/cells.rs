//! What a row has in a column, as text.

use model::Row;
use model::columns::{Column, Value};

/// Between the values of a column that has several.
const BETWEEN: &str = "; ";

/// The values of a row in a column; empty without any.
pub fn text(row: &Row, column: &Column) -> String {
    let mut text = String::new();
    let mut is_first = true;
    (column.values)(row, &mut |value| {
        if !is_first {
            text.push_str(BETWEEN);
        }
        is_first = false;
        text.push_str(&one(value));
    });
    text
}

/// A value, written as the filter language reads it.
pub fn one(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Date(at) => at.to_rfc3339(),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
    }
}
