//! The columns of the lake. Those of the table of tweets follow from the table of columns in `model`.
//!
//! Ids are numbers here, unlike in exports: files are found by the smallest and largest id in them, and joins
//! (`reply_to = id`) need one type. X's ids fit 63 bits. `version` is the moment of the observation in microseconds.

use crate::error::{LakeError, Result};
use crate::record::Record;
use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Array, Int64Builder, ListBuilder, RecordBatch, RecordBatchOptions,
    StringBuilder, TimestampMicrosecondBuilder, new_null_array,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use model::Row;
use model::columns::{COLUMNS, Column, Kind, Value};
use std::sync::Arc;

pub const ID: &str = "id";
pub const VERSION: &str = "version";
pub const FIRST_SEEN: &str = "first_seen";
/// The UTC day of creation. It stands in the path of a file and not within it.
pub const DAY: &str = "day";

/// The columns of a file of tweets.
pub fn schema() -> SchemaRef {
    let mut fields = vec![Field::new(ID, DataType::Int64, false), Field::new(VERSION, DataType::Int64, false)];
    fields.extend(own_columns().map(|column| Field::new(column.name, data_type(column), true)));
    Arc::new(Schema::new(fields))
}

/// The columns of a table: those of its files, and their day.
pub fn table_schema<R: Record>() -> SchemaRef {
    let day = Field::new(DAY, DataType::Date32, false);
    let fields = R::schema().fields().iter().cloned().chain([Arc::new(day)]).collect::<Vec<_>>();
    Arc::new(Schema::new(fields))
}

/// The table's columns without the day, as they stand in its files.
pub fn file_schema(table: &Schema) -> SchemaRef {
    let fields = table.fields().iter().filter(|field| field.name() != DAY).cloned().collect::<Vec<_>>();
    Arc::new(Schema::new(fields))
}

/// What the schema of a table has to become so that all columns fit in: itself with those that it lacks. `None` if a
/// column of it is now of another type, so that it must be made anew.
pub fn evolved<R: Record>(table: &Schema) -> Option<SchemaRef> {
    let (today, mut lacking) = (table_schema::<R>(), Vec::new());
    for field in today.fields() {
        match table.field_with_name(field.name()) {
            Ok(known) if known.data_type() == field.data_type() => {}
            Ok(_) => return None,
            Err(_) => lacking.push(field.clone()),
        }
    }
    Some(Arc::new(Schema::new(table.fields().iter().cloned().chain(lacking).collect::<Vec<_>>())))
}

/// All but the id, which comes first.
fn own_columns() -> impl Iterator<Item = &'static Column> {
    COLUMNS.iter().filter(|column| column.name != ID)
}

fn data_type(column: &Column) -> DataType {
    let value = match column.kind {
        Kind::Text | Kind::Keyword => DataType::Utf8,
        Kind::Number | Kind::Id => DataType::Int64,
        Kind::Decimal => DataType::Float64,
        Kind::Date => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Flag => DataType::Boolean,
    };
    if column.multi { DataType::List(Arc::new(element(value))) } else { value }
}

pub fn element(value: DataType) -> Field {
    Field::new("element", value, true)
}

/// The rows as columns, in their order.
pub fn batch(rows: &[Row]) -> Result<RecordBatch> {
    let ids = Int64Array::from_iter_values(rows.iter().map(|row| number(row.tweet.id.0)));
    let versions = Int64Array::from_iter_values(rows.iter().map(|row| row.tweet.version.0));
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(ids), Arc::new(versions)];
    for column in own_columns() {
        let mut cells = Cells::new(column, rows.len());
        for row in rows {
            cells.push(row, column)?;
        }
        arrays.push(cells.finish());
    }
    Ok(RecordBatch::try_new(schema(), arrays)?)
}

/// An id as the lake writes it.
pub fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// The batch with the columns of that schema; those that it lacks are without values.
pub fn align(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let column = |field: &Arc<Field>| match batch.column_by_name(field.name()) {
        Some(column) => column.clone(),
        None => new_null_array(field.data_type(), batch.num_rows()),
    };
    let columns = schema.fields().iter().map(column).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?)
}

/// The values of a column, as they are collected.
enum Cells {
    Text(StringBuilder),
    Texts(ListBuilder<StringBuilder>),
    Whole(Int64Builder),
    Time(TimestampMicrosecondBuilder),
    Decimal(Float64Builder),
    Flag(BooleanBuilder),
}

impl Cells {
    fn new(column: &Column, rows: usize) -> Self {
        match column.kind {
            _ if column.multi => {
                let list = ListBuilder::with_capacity(StringBuilder::new(), rows);
                Self::Texts(list.with_field(element(DataType::Utf8)))
            }
            Kind::Text | Kind::Keyword => Self::Text(StringBuilder::with_capacity(rows, rows * 8)),
            Kind::Number | Kind::Id => Self::Whole(Int64Builder::with_capacity(rows)),
            Kind::Decimal => Self::Decimal(Float64Builder::with_capacity(rows)),
            Kind::Date => {
                Self::Time(TimestampMicrosecondBuilder::with_capacity(rows).with_data_type(data_type(column)))
            }
            Kind::Flag => Self::Flag(BooleanBuilder::with_capacity(rows)),
        }
    }

    fn push(&mut self, row: &Row, column: &Column) -> Result<()> {
        let (mut count, mut fits) = (0, true);
        (column.values)(row, &mut |value| {
            fits &= self.push_value(value);
            count += 1;
        });
        if let Self::Texts(list) = self {
            list.append(true);
        } else if count == 0 {
            self.push_null();
        } else {
            fits &= count == 1;
        }
        match fits {
            true => Ok(()),
            false => Err(LakeError::damaged(format!(
                "the values of the column {} are not what the table of columns says",
                column.name
            ))),
        }
    }

    /// Takes a value in, if it is of the column's kind.
    fn push_value(&mut self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Text(cells), Value::Text(text)) => cells.append_value(text),
            (Self::Texts(cells), Value::Text(text)) => cells.values().append_value(text),
            (Self::Whole(cells), Value::Number(value)) => cells.append_value(value),
            (Self::Whole(cells), Value::Id(id)) => cells.append_value(number(id)),
            (Self::Time(cells), Value::Date(at)) => cells.append_value(at.0),
            (Self::Decimal(cells), Value::Decimal(value)) => cells.append_value(value),
            (Self::Flag(cells), Value::Flag(flag)) => cells.append_value(flag),
            _ => return false,
        }
        true
    }

    fn push_null(&mut self) {
        match self {
            Self::Text(cells) => cells.append_null(),
            Self::Texts(cells) => cells.append_null(),
            Self::Whole(cells) => cells.append_null(),
            Self::Time(cells) => cells.append_null(),
            Self::Decimal(cells) => cells.append_null(),
            Self::Flag(cells) => cells.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Text(mut cells) => Arc::new(cells.finish()),
            Self::Texts(mut cells) => Arc::new(cells.finish()),
            Self::Whole(mut cells) => Arc::new(cells.finish()),
            Self::Time(mut cells) => Arc::new(cells.finish()),
            Self::Decimal(mut cells) => Arc::new(cells.finish()),
            Self::Flag(mut cells) => Arc::new(cells.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_added_and_one_of_another_type_makes_the_table_anew() {
        let today = table_schema::<Row>();
        let without =
            |name: &str| today.fields().iter().filter(|field| field.name() != name).cloned().collect::<Vec<_>>();
        let older = Schema::new(without("likes"));
        let grown = evolved::<Row>(&older).unwrap();
        assert_eq!(
            (grown.fields().len(), grown.fields().last().unwrap().name().as_str()),
            (today.fields().len(), "likes")
        );
        assert_eq!(evolved::<Row>(&grown).unwrap(), grown);
        let mut other = without("likes");
        other.push(Arc::new(Field::new("likes", DataType::Utf8, true)));
        assert_eq!(evolved::<Row>(&Schema::new(other)), None);
    }

    #[test]
    fn only_words_come_as_lists() {
        // `Cells::new` makes lists of texts.
        let words = |column: &Column| matches!(column.kind, Kind::Text | Kind::Keyword);
        assert!(COLUMNS.iter().all(|column| !column.multi || words(column)));
    }
}
