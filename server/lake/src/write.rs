//! Writing files of rows.

use crate::delta::{DataFile, Table, day_name};
use crate::error::Result;
use crate::read::{Rows, ids};
use arrow::array::RecordBatch;
use arrow::compute::{concat_batches, sort_to_indices, take_record_batch};
use arrow::datatypes::SchemaRef;
use futures::{StreamExt, TryStreamExt};
use model::Timestamp;
use object_store::path::Path;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::Read;
use tempfile::NamedTempFile;

/// Rows that readers take at a time; it also bounds the memory of whoever writes.
const GROUP: usize = 64 << 10;
/// Columns in which nearly every value is another: a dictionary of them would only be given up.
const DISTINCT: [&str; 6] = ["id", "version", "created", "refreshed", "text", "url.list.element"];
/// Of zstd: files are a tenth smaller than at level 1, for a third of a microsecond a tweet (docs/decisions/008-delta.md).
const LEVEL: i32 = 3;

/// Files of one day, of about one size.
pub struct Output<'a> {
    table: &'a Table,
    schema: SchemaRef,
    day: i64,
    /// Bytes after which the next file begins.
    most: u64,
    now: Timestamp,
    current: Option<Current>,
    finished: Vec<DataFile>,
}

struct Current {
    writer: ArrowWriter<NamedTempFile>,
    rows: u64,
    min_id: i64,
    max_id: i64,
}

impl<'a> Output<'a> {
    pub fn new(table: &'a Table, schema: SchemaRef, day: i64, most: u64, now: Timestamp) -> Self {
        Self { table, schema, day, most, now, current: None, finished: Vec::new() }
    }

    /// Writes rows whose ids are above those of all before.
    pub async fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let ids = ids(batch).values();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(()) };
        let mut current = match self.current.take() {
            Some(current) => current,
            None => Current { writer: self.writer()?, rows: 0, min_id: *first, max_id: *first },
        };
        current.writer.write(batch)?;
        current.rows += batch.num_rows() as u64;
        current.max_id = *last;
        let written = current.writer.bytes_written() + current.writer.in_progress_size();
        self.current = Some(current);
        if written as u64 >= self.most { self.end_file().await } else { Ok(()) }
    }

    /// The files, each in its place, but not yet part of the table.
    pub async fn finish(mut self) -> Result<Vec<DataFile>> {
        self.end_file().await?;
        Ok(self.finished)
    }

    async fn end_file(&mut self) -> Result<()> {
        let Some(Current { writer, rows, min_id, max_id }) = self.current.take() else { return Ok(()) };
        let file = writer.into_inner()?;
        let bytes = file.as_file().metadata()?.len();
        let checksum = Some(checksum(file.reopen()?)?);
        let path = format!("day={}/{}.parquet", day_name(self.day), uuid::Uuid::new_v4());
        self.table.files.place(&Path::from(path.as_str()), file).await?;
        let written = self.now.0 / 1000;
        self.finished.push(DataFile { path, day: self.day, bytes, rows, min_id, max_id, written, checksum });
        Ok(())
    }

    fn writer(&self) -> Result<ArrowWriter<NamedTempFile>> {
        let mut properties = WriterProperties::builder()
            .set_created_by(format!("Roost {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
            .set_max_row_group_row_count(Some(GROUP))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(vec![SortingColumn { column_idx: 0, descending: false, nulls_first: false }]));
        for column in DISTINCT {
            properties = properties.set_column_dictionary_enabled(path(column), false);
        }
        Ok(ArrowWriter::try_new(self.table.new_file()?, self.schema.clone(), Some(properties.build()))?)
    }
}

/// Of a file from its beginning to its end.
fn checksum(mut file: std::fs::File) -> Result<u32> {
    let (mut hash, mut piece) = (crc32fast::Hasher::new(), vec![0; 64 << 10]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hash.finalize()),
            read => hash.update(&piece[..read]),
        }
    }
}

fn path(column: &str) -> ColumnPath {
    ColumnPath::new(column.split('.').map(str::to_owned).collect())
}

/// Writes the rows of all sources in the order of their ids. Each source is in that order, and no id is in two.
pub async fn merge(sources: Vec<Rows>, output: &mut Output<'_>) -> Result<()> {
    let schema = output.schema.clone();
    let mut heads: Vec<Head> = sources.into_iter().map(|rows| Head { rows, batch: None }).collect();
    loop {
        let mut filled = Vec::with_capacity(heads.len());
        for mut head in heads {
            if head.fill().await? {
                filled.push(head);
            }
        }
        heads = filled;
        // Up to here every source is known.
        let Some(bound) = heads.iter().filter_map(Head::last).min() else { return Ok(()) };
        let parts: Vec<RecordBatch> = heads.iter_mut().filter_map(|head| head.take(bound)).collect();
        match parts.as_slice() {
            [part] => output.write(part).await?,
            parts => {
                let batch = concat_batches(&schema, parts)?;
                let order = sort_to_indices(ids(&batch), None, None)?;
                output.write(&take_record_batch(&batch, &order)?).await?;
            }
        }
    }
}

/// A source, and what of it was read and not yet written.
struct Head {
    rows: Rows,
    batch: Option<RecordBatch>,
}

impl Head {
    /// Reads on if nothing is left. Returns whether there is something.
    async fn fill(&mut self) -> Result<bool> {
        while self.batch.as_ref().is_none_or(|batch| batch.num_rows() == 0) {
            match self.rows.try_next().await? {
                Some(batch) => self.batch = Some(batch),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn last(&self) -> Option<i64> {
        self.batch.as_ref().and_then(|batch| ids(batch).values().last().copied())
    }

    /// The rows up to that id.
    fn take(&mut self, bound: i64) -> Option<RecordBatch> {
        let batch = self.batch.take()?;
        let count = ids(&batch).values().partition_point(|id| *id <= bound);
        self.batch = Some(batch.slice(count, batch.num_rows() - count));
        (count > 0).then(|| batch.slice(0, count))
    }
}

/// Rows that are in memory.
pub fn in_memory(batch: RecordBatch) -> Rows {
    futures::stream::once(async move { Ok(batch) }).boxed()
}
