//! Batches as the rows of an answer.

use crate::error::Result;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, SchemaRef, UInt64Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use model::sql::{Answer, AnswerColumn, Cell, CellKind};
use std::sync::Arc;

/// The columns, which stand in the head of an answer.
pub fn columns(schema: &SchemaRef) -> Vec<AnswerColumn> {
    let column = |field: &Arc<Field>| AnswerColumn {
        name: field.name().clone(),
        data_type: field.data_type().to_string(),
        kind: kind(field.data_type()),
    };
    schema.fields().iter().map(column).collect()
}

fn kind(data_type: &DataType) -> CellKind {
    match data_type {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => CellKind::Text,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => CellKind::Decimal,
        DataType::Boolean => CellKind::Flag,
        DataType::Timestamp(..) => CellKind::Time,
        DataType::Date32 => CellKind::Day,
        DataType::List(_) => CellKind::List,
        whole if whole.is_integer() => CellKind::Whole,
        _ => CellKind::Other,
    }
}

/// Puts the rows of the batch behind those of the answer. Returns about how much memory they take.
pub fn push(answer: &mut Answer, batch: &RecordBatch) -> Result<usize> {
    let columns = batch.columns().iter().map(|column| cells(column)).collect::<Result<Vec<_>>>()?;
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    let mut bytes = 0;
    for _ in 0..batch.num_rows() {
        let row: Vec<Cell> = columns.iter_mut().filter_map(Iterator::next).collect();
        bytes += row.iter().map(size).sum::<usize>();
        answer.rows.push(row);
    }
    Ok(bytes)
}

fn cells(array: &dyn Array) -> Result<Vec<Cell>> {
    let or_none = |at: usize, cell: &dyn Fn(usize) -> Cell| if array.is_null(at) { Cell::None } else { cell(at) };
    let all = |cell: &dyn Fn(usize) -> Cell| (0..array.len()).map(|at| or_none(at, cell)).collect();
    match array.data_type() {
        DataType::Boolean => Ok(all(&|at| Cell::Flag(array.as_boolean().value(at)))),
        DataType::Int64 => Ok(all(&|at| Cell::Whole(array.as_primitive::<Int64Type>().value(at)))),
        DataType::Float64 => Ok(all(&|at| Cell::Decimal(array.as_primitive::<Float64Type>().value(at)))),
        DataType::Float16 | DataType::Float32 => cells(&arrow::compute::cast(array, &DataType::Float64)?),
        DataType::UInt64 => {
            let values = array.as_primitive::<UInt64Type>();
            let whole = |at| {
                i64::try_from(values.value(at)).map_or_else(|_| Cell::Text(values.value(at).to_string()), Cell::Whole)
            };
            Ok(all(&whole))
        }
        whole if whole.is_integer() => cells(&arrow::compute::cast(array, &DataType::Int64)?),
        DataType::List(_) => {
            let lists = array.as_list::<i32>();
            let list = |at| if array.is_null(at) { Ok(Cell::None) } else { cells(&lists.value(at)).map(Cell::List) };
            (0..array.len()).map(list).collect()
        }
        _ => {
            let shown = ArrayFormatter::try_new(array, &FormatOptions::default())?;
            Ok(all(&|at| Cell::Text(shown.value(at).to_string())))
        }
    }
}

/// About how much memory it takes.
fn size(cell: &Cell) -> usize {
    let within = match cell {
        Cell::Text(text) => text.len(),
        Cell::List(cells) => cells.iter().map(size).sum(),
        _ => 0,
    };
    size_of::<Cell>() + within
}
