//! Apache Parquet: typed columns, compressed by zstd, with the provenance among the metadata of the file.
//!
//! Ids are text, as everywhere outside Roost. As numbers they would fit, but many readers turn a column of numbers
//! with gaps into floating point, and round them. A column that may have several values is a list.

use super::about::{About, Totals};
use super::failed;
use crate::Error;
use model::Row;
use model::columns::{Column, Kind, Value};
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows that are held until they are written: readers take a group at a time, and so does memory.
const GROUP: u64 = 20_000;
/// The key under which each line of the provenance stands begins so.
const PREFIX: &str = "roost.";

/// Collects rows into groups.
pub struct Writer {
    file: SerializedFileWriter<Pipe>,
    pipe: Pipe,
    about: About,
    cells: Vec<Cells>,
    /// Rows in the cells.
    held: u64,
}

impl Writer {
    pub fn new(about: &About) -> std::result::Result<Self, Error> {
        let (pipe, about) = (Pipe::default(), about.clone());
        let level = ZstdLevel::try_new(3).map_err(failed)?;
        let settings = WriterProperties::builder().set_compression(Compression::ZSTD(level));
        let settings = settings.set_created_by(format!("Roost {}", env!("CARGO_PKG_VERSION"))).build();
        let schema = schema(&about.columns).map_err(failed)?;
        let file = SerializedFileWriter::new(pipe.clone(), schema, Arc::new(settings)).map_err(failed)?;
        let cells = about.columns.iter().map(|column| Cells::new(column)).collect();
        Ok(Self { file, pipe, about, cells, held: 0 })
    }

    /// Takes the rows in. Returns what of the file is ready.
    pub fn write(&mut self, rows: &[Row]) -> std::result::Result<Vec<u8>, Error> {
        for row in rows {
            for (cells, column) in self.cells.iter_mut().zip(&self.about.columns) {
                cells.push(row, column).map_err(failed)?;
            }
            self.held += 1;
            if self.held == GROUP {
                self.end_group().map_err(failed)?;
            }
        }
        Ok(self.pipe.take())
    }

    /// The rest of the file.
    pub fn finish(mut self, totals: Totals) -> std::result::Result<Vec<u8>, Error> {
        if self.held > 0 {
            self.end_group().map_err(failed)?;
        }
        for (name, text) in self.about.lines(totals) {
            let key = format!("{PREFIX}{}", name.to_lowercase().replace(' ', "_"));
            self.file.append_key_value_metadata(KeyValue::new(key, text));
        }
        for (name, help) in self.about.dictionary() {
            self.file.append_key_value_metadata(KeyValue::new(format!("{PREFIX}column.{name}"), help.to_owned()));
        }
        self.file.close().map_err(failed)?;
        Ok(self.pipe.take())
    }

    fn end_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for cells in &mut self.cells {
            let column = group.next_column()?;
            let column = column.ok_or_else(|| ParquetError::General("the schema has too few columns".into()))?;
            cells.write(column)?;
        }
        group.close()?;
        self.held = 0;
        Ok(())
    }
}

/// The columns as types: values that may be missing, or lists that may be empty.
fn schema(columns: &[&'static Column]) -> Result<TypePtr> {
    let fields = columns.iter().map(|column| field(column)).collect::<Result<_>>()?;
    Ok(Arc::new(Type::group_type_builder("tweets").with_fields(fields).build()?))
}

fn field(column: &Column) -> Result<TypePtr> {
    if !column.multi {
        return value(column.name, column.kind, Repetition::OPTIONAL);
    }
    let element = value("element", column.kind, Repetition::REQUIRED)?;
    let list = Type::group_type_builder("list").with_repetition(Repetition::REPEATED).with_fields(vec![element]);
    let outer = Type::group_type_builder(column.name).with_repetition(Repetition::REQUIRED);
    let outer = outer.with_logical_type(Some(LogicalType::List)).with_converted_type(ConvertedType::LIST);
    Ok(Arc::new(outer.with_fields(vec![Arc::new(list.build()?)]).build()?))
}

fn value(name: &str, kind: Kind, repetition: Repetition) -> Result<TypePtr> {
    let (physical, logical) = match kind {
        Kind::Text | Kind::Keyword | Kind::Id => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Number => (Physical::INT64, None),
        Kind::Decimal => (Physical::DOUBLE, None),
        Kind::Date => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Kind::Flag => (Physical::BOOLEAN, None),
    };
    let built = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    Ok(Arc::new(built.with_logical_type(logical).build()?))
}

/// The values of a column, and where rows begin and values are missing among them.
struct Cells {
    values: Values,
    is_list: bool,
    /// 1 for a value, 0 for none.
    defined: Vec<i16>,
    /// 0 where a row begins, 1 where its list goes on.
    repeated: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Decimal(Vec<f64>),
    Flag(Vec<bool>),
}

impl Cells {
    fn new(column: &Column) -> Self {
        let values = match column.kind {
            Kind::Text | Kind::Keyword | Kind::Id => Values::Text(Vec::new()),
            Kind::Number | Kind::Date => Values::Whole(Vec::new()),
            Kind::Decimal => Values::Decimal(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
        };
        Self { values, is_list: column.multi, defined: Vec::new(), repeated: Vec::new() }
    }

    fn push(&mut self, row: &Row, column: &Column) -> Result<()> {
        let (mut count, mut fits) = (0, true);
        (column.values)(row, &mut |value| {
            fits &= self.values.push(value);
            self.defined.push(1);
            self.repeated.push(i16::from(count > 0));
            count += 1;
        });
        if count == 0 {
            self.defined.push(0);
            self.repeated.push(0);
        }
        if fits && (self.is_list || count <= 1) {
            return Ok(());
        }
        Err(ParquetError::General(format!("the values of {} are not what the table of columns says", column.name)))
    }

    /// Writes the column of a group, and forgets it.
    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> Result<()> {
        let (defined, repeated) = (Some(self.defined.as_slice()), self.is_list.then_some(self.repeated.as_slice()));
        match &self.values {
            Values::Text(values) => column.typed::<ByteArrayType>().write_batch(values, defined, repeated)?,
            Values::Whole(values) => column.typed::<Int64Type>().write_batch(values, defined, repeated)?,
            Values::Decimal(values) => column.typed::<DoubleType>().write_batch(values, defined, repeated)?,
            Values::Flag(values) => column.typed::<BoolType>().write_batch(values, defined, repeated)?,
        };
        column.close()?;
        self.values.clear();
        self.defined.clear();
        self.repeated.clear();
        Ok(())
    }
}

impl Values {
    /// Takes a value in, if it is of the column's kind.
    fn push(&mut self, value: Value<'_>) -> bool {
        match (self, value) {
            (Values::Text(values), Value::Text(text)) => values.push(text.as_bytes().to_vec().into()),
            (Values::Text(values), Value::Id(id)) => values.push(id.to_string().into_bytes().into()),
            (Values::Whole(values), Value::Number(number)) => values.push(number),
            (Values::Whole(values), Value::Date(at)) => values.push(at.0),
            (Values::Decimal(values), Value::Decimal(number)) => values.push(number),
            (Values::Flag(values), Value::Flag(flag)) => values.push(flag),
            _ => return false,
        }
        true
    }

    fn clear(&mut self) {
        match self {
            Values::Text(values) => values.clear(),
            Values::Whole(values) => values.clear(),
            Values::Decimal(values) => values.clear(),
            Values::Flag(values) => values.clear(),
        }
    }
}

/// What was written and not yet taken away.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Vec<u8>>>);

impl Pipe {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
