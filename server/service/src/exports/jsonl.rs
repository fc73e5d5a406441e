//! A JSON object per line: ids as strings, times by RFC 3339, several values as an array, none as null.

use super::failed;
use super::look::Look;
use crate::Error;
use model::Row;
use model::columns::{Column, Value};
use serde_json::{Map, Value as Json};

/// Writes blocks of rows.
pub struct Writer {
    columns: Vec<&'static Column>,
}

impl Writer {
    pub fn new(columns: Vec<&'static Column>) -> Self {
        Self { columns }
    }

    pub fn write(&self, rows: &[Row]) -> Result<Vec<u8>, Error> {
        let mut lines = Vec::new();
        for row in rows {
            serde_json::to_writer(&mut lines, &object(row, self.columns.iter().copied())).map_err(failed)?;
            lines.push(b'\n');
        }
        Ok(lines)
    }
}

/// A row as an object with a field for each column.
pub fn object(row: &Row, columns: impl Iterator<Item = &'static Column>) -> Map<String, Json> {
    columns.map(|column| (column.name.to_owned(), cell(row, column))).collect()
}

fn cell(row: &Row, column: &Column) -> Json {
    let mut values = Vec::new();
    (column.values)(row, &mut |value| values.push(one(value)));
    if column.multi { Json::Array(values) } else { values.pop().unwrap_or_default() }
}

fn one(value: Value<'_>) -> Json {
    match value {
        Value::Number(number) => number.into(),
        Value::Decimal(number) => number.into(),
        Value::Flag(flag) => flag.into(),
        Value::Text(_) | Value::Id(_) | Value::Date(_) => Look::Exact.one(value).into(),
    }
}
