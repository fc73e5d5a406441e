//! A checkpoint says in one Parquet file what all commits so far say.
//!
//! Its rows are the lines of commits with a column per kind, so they are made from the same JSON and read as it.

use super::action::Line;
use crate::error::Result;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use bytes::Bytes;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::io::Write;
use std::sync::Arc;

const ROWS: usize = 8192;

/// Writes the lines to a file.
pub fn write(lines: &[Line], file: impl Write + Send) -> Result<()> {
    let schema = schema();
    let mut decoder = arrow::json::ReaderBuilder::new(schema.clone()).with_batch_size(ROWS).build_decoder()?;
    let mut writer = ArrowWriter::try_new(file, schema, None)?;
    for lines in lines.chunks(ROWS) {
        decoder.serialize(lines)?;
        if let Some(batch) = decoder.flush()? {
            writer.write(&batch)?;
        }
    }
    writer.close()?;
    Ok(())
}

pub fn read(file: Bytes) -> Result<Vec<Line>> {
    let mut json = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(file)?.build()? {
        let mut writer = arrow::json::LineDelimitedWriter::new(&mut json);
        writer.write(&batch?)?;
        writer.finish()?;
    }
    super::log::parse(&json)
}

fn schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, true);
    let whole = |name: &str| Field::new(name, DataType::Int64, true);
    let flag = |name: &str| Field::new(name, DataType::Boolean, true);
    let small = |name: &str| Field::new(name, DataType::Int32, true);
    let group = |name: &str, fields: Vec<Field>| Field::new(name, DataType::Struct(fields.into()), true);
    let format = group("format", vec![text("provider"), map("options")]);
    let columns = DataType::List(Arc::new(Field::new("element", DataType::Utf8, true)));
    let columns = Field::new("partitionColumns", columns, true);
    Arc::new(Schema::new(vec![
        group("txn", vec![text("appId"), whole("version"), whole("lastUpdated")]),
        group(
            "add",
            vec![
                text("path"),
                map("partitionValues"),
                whole("size"),
                whole("modificationTime"),
                flag("dataChange"),
                text("stats"),
                map("tags"),
            ],
        ),
        group(
            "remove",
            vec![
                text("path"),
                whole("deletionTimestamp"),
                flag("dataChange"),
                flag("extendedFileMetadata"),
                map("partitionValues"),
                whole("size"),
            ],
        ),
        group(
            "metaData",
            vec![
                text("id"),
                text("name"),
                format,
                text("schemaString"),
                columns,
                map("configuration"),
                whole("createdTime"),
            ],
        ),
        group("protocol", vec![small("minReaderVersion"), small("minWriterVersion")]),
    ]))
}

fn map(name: &str) -> Field {
    let entry = vec![Field::new("key", DataType::Utf8, false), Field::new("value", DataType::Utf8, true)];
    let entries = Field::new("key_value", DataType::Struct(Fields::from(entry)), false);
    Field::new(name, DataType::Map(Arc::new(entries), false), true)
}
