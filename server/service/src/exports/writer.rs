//! Rows as a file of a format: the one place that knows them all.

use super::about::{About, Totals};
use super::look::Look;
use super::{csv, jsonl, parquet, xlsx};
use crate::Error;
use model::Row;
use model::export::ExportFormat;
use std::fs::File;
use std::path::Path;

/// Turns blocks of rows into pieces of a file.
pub enum Writer {
    Csv(Box<csv::Writer>),
    Xlsx(Box<xlsx::Writer>),
    Jsonl(jsonl::Writer),
    Parquet(Box<parquet::Writer>),
    Ids,
}

/// What comes after the last row.
pub enum End {
    Bytes(Vec<u8>),
    /// All of the file: nothing was written before.
    File(File),
}

impl Writer {
    /// `has_begun` if it goes on in a file that has its beginning already: only where [`resumes`]. `folder` is for files
    /// without names.
    pub fn new(about: &About, folder: &Path, has_begun: bool) -> Result<Self, Error> {
        let look = Look::of(&about.query)?;
        Ok(match about.query.format {
            ExportFormat::Csv | ExportFormat::CsvExact => {
                Writer::Csv(Box::new(csv::Writer::new(about, look, has_begun)))
            }
            ExportFormat::Xlsx => Writer::Xlsx(Box::new(xlsx::Writer::new(about, look, folder)?)),
            ExportFormat::Jsonl => Writer::Jsonl(jsonl::Writer::new(about.columns.clone())),
            ExportFormat::Parquet => Writer::Parquet(Box::new(parquet::Writer::new(about)?)),
            ExportFormat::Ids => Writer::Ids,
        })
    }

    pub fn write(&mut self, rows: &[Row]) -> Result<Vec<u8>, Error> {
        match self {
            Writer::Csv(writer) => writer.write(rows),
            Writer::Xlsx(writer) => writer.write(rows).map(|()| Vec::new()),
            Writer::Jsonl(writer) => writer.write(rows),
            Writer::Parquet(writer) => writer.write(rows),
            Writer::Ids => Ok(rows.iter().flat_map(|row| format!("{}\n", row.tweet.id.0).into_bytes()).collect()),
        }
    }

    pub fn finish(self, totals: Totals) -> Result<End, Error> {
        match self {
            Writer::Csv(writer) => writer.finish(totals).map(End::Bytes),
            Writer::Xlsx(writer) => writer.finish(totals).map(End::File),
            Writer::Parquet(writer) => writer.finish(totals).map(End::Bytes),
            Writer::Jsonl(_) | Writer::Ids => Ok(End::Bytes(Vec::new())),
        }
    }
}

/// Whether a file of the format can be gone on with after a crash. A workbook is packed at its end, and what a Parquet
/// file holds of its beginning stands at its end: these start again.
pub fn resumes(format: ExportFormat) -> bool {
    match format {
        ExportFormat::Csv | ExportFormat::CsvExact | ExportFormat::Jsonl | ExportFormat::Ids => true,
        ExportFormat::Xlsx | ExportFormat::Parquet => false,
    }
}
