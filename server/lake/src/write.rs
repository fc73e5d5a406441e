//! Writing files of rows.

use crate::delta::{DataFile, Table, day_name};
use crate::error::Result;
use crate::read::{Rows, ids};
use crate::record::Record;
use arrow::array::RecordBatch;
use arrow::compute::{concat_batches, sort_to_indices, take_record_batch};
use arrow::datatypes::SchemaRef;
use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use model::Timestamp;
use object_store::path::Path;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::collections::VecDeque;
use std::io::Read;
use tempfile::NamedTempFile;

/// Of zstd: files are a tenth smaller than at level 1, for a third of a microsecond a tweet (docs/decisions/008-delta.md).
const LEVEL: i32 = 3;

/// Files of one day, of about one size.
pub struct Output<'a> {
    table: &'a Table,
    schema: SchemaRef,
    properties: WriterProperties,
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
    pub fn new<R: Record>(table: &'a Table, schema: SchemaRef, day: i64, most: u64, now: Timestamp) -> Result<Self> {
        let properties = WriterProperties::builder()
            .set_created_by(format!("Roost {}", env!("CARGO_PKG_VERSION")))
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(LEVEL)?))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(vec![SortingColumn { column_idx: 0, descending: false, nulls_first: false }]));
        let properties = R::properties(properties).build();
        Ok(Self { table, schema, properties, day, most, now, current: None, finished: Vec::new() })
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
        Ok(ArrowWriter::try_new(self.table.new_file()?, self.schema.clone(), Some(self.properties.clone()))?)
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

/// Writes the rows of all sources in the order of their ids. Each source is in that order, and no id is in two.
pub async fn merge(sources: Vec<Rows>, output: &mut Output<'_>) -> Result<()> {
    let mut merge = Merge::new(output.schema.clone());
    merge.heads.extend(sources.into_iter().map(Head::new));
    while let Some(batch) = merge.next().await? {
        output.write(&batch).await?;
    }
    Ok(())
}

/// The rows of several sources, in the order of their ids. Each source is in that order, and no id is in two.
pub struct Merge {
    schema: SchemaRef,
    heads: Vec<Head>,
    /// Sources that are opened when their turn comes, in the order of their smallest ids.
    later: VecDeque<(i64, BoxFuture<'static, Result<Rows>>)>,
}

impl Merge {
    pub fn new(schema: SchemaRef) -> Self {
        Self { schema, heads: Vec::new(), later: VecDeque::new() }
    }

    /// Adds a source that has no id below `first`, and none below those of the sources that were added before.
    pub fn add(&mut self, first: i64, source: BoxFuture<'static, Result<Rows>>) {
        self.later.push_back((first, source));
    }

    /// The next rows; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            let mut filled = Vec::with_capacity(self.heads.len());
            for mut head in self.heads.drain(..) {
                if head.fill().await? {
                    filled.push(head);
                }
            }
            self.heads = filled;
            // Up to here every source that is open is known.
            let bound = self.heads.iter().filter_map(Head::last).min();
            let is_due =
                |(first, _): &mut (i64, BoxFuture<'static, Result<Rows>>)| bound.is_none_or(|bound| *first <= bound);
            match (self.later.pop_front_if(is_due), bound) {
                (Some((_, source)), _) => self.heads.push(Head::new(source.await?)),
                (None, Some(bound)) => return self.take(bound).map(Some),
                (None, None) => return Ok(None),
            }
        }
    }

    /// The rows up to that id, of which there are some.
    fn take(&mut self, bound: i64) -> Result<RecordBatch> {
        let mut parts: Vec<RecordBatch> = self.heads.iter_mut().filter_map(|head| head.take(bound)).collect();
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let batch = concat_batches(&self.schema, &parts)?;
        let order = sort_to_indices(ids(&batch), None, None)?;
        Ok(take_record_batch(&batch, &order)?)
    }
}

/// A source, and what of it was read and not yet written.
struct Head {
    rows: Rows,
    batch: Option<RecordBatch>,
}

impl Head {
    fn new(rows: Rows) -> Self {
        Self { rows, batch: None }
    }

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
