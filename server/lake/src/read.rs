//! Reading files of rows.

use crate::columns::{self, FIRST_SEEN, ID, VERSION};
use crate::delta::DataFile;
use crate::error::{LakeError, Result};
use crate::storage::Files;
use arrow::array::{AsArray, Int64Array, RecordBatch};
use arrow::datatypes::{Int64Type, SchemaRef, TimestampMicrosecondType};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;
use object_store::path::Path;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::{AsyncFileReader, ParquetRecordBatchStream, ParquetRecordBatchStreamBuilder};
use parquet::errors::Result as Parquet;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use std::ops::Range;
use std::sync::Arc;

/// Rows that are read at a time.
const ROWS: usize = 4096;
/// Bytes at the end of a file that are read at once: its metadata, mostly.
const TAIL: usize = 64 << 10;

/// Rows in the order of their ids.
pub type Rows = futures::stream::BoxStream<'static, Result<RecordBatch>>;

/// A file in the lake, read piece by piece.
struct Reader {
    files: Files,
    path: Path,
    size: u64,
}

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Parquet<Bytes>> {
        async move { Ok(self.files.store().get_range(&self.path, range).await?) }.boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Parquet<Vec<Bytes>>> {
        async move { Ok(self.files.store().get_ranges(&self.path, &ranges).await?) }.boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Parquet<Arc<ParquetMetaData>>> {
        async move {
            let size = self.size;
            let reader = ParquetMetaDataReader::new().with_prefetch_hint(Some(TAIL));
            Ok(Arc::new(reader.load_and_finish(self, size).await?))
        }
        .boxed()
    }
}

async fn open(files: &Files, file: &DataFile) -> Result<ParquetRecordBatchStreamBuilder<Reader>> {
    let reader = Reader { files: files.clone(), path: Path::from(file.path.as_str()), size: file.bytes };
    Ok(ParquetRecordBatchStreamBuilder::new(reader).await?.with_batch_size(ROWS))
}

/// The rows of a file, with the columns of that schema, but for those whose ids (in order) are left out.
pub async fn rows(files: &Files, file: &DataFile, schema: SchemaRef, left_out: Vec<i64>) -> Result<Rows> {
    let stream = open(files, file).await?.build()?;
    let kept = move |batch: RecordBatch| -> Result<RecordBatch> {
        let batch = columns::align(&batch, &schema)?;
        if left_out.is_empty() {
            return Ok(batch);
        }
        let keep = ids(&batch).values().iter().map(|id| Some(left_out.binary_search(id).is_err())).collect();
        Ok(arrow::compute::filter_record_batch(&batch, &keep)?)
    };
    Ok(stream.map(move |batch| kept(batch?)).boxed())
}

/// The ids of a batch of rows.
pub fn ids(batch: &RecordBatch) -> &Int64Array {
    batch[ID].as_primitive::<Int64Type>()
}

/// The rows of a file with these ids, which are in order.
pub async fn rows_of(files: &Files, file: &DataFile, schema: SchemaRef, wanted: Arc<[i64]>) -> Result<Rows> {
    let builder = open(files, file).await?;
    let groups = groups_with(builder.metadata(), &wanted);
    let stream = builder.with_row_groups(groups).build()?;
    let kept = move |batch: RecordBatch| -> Result<RecordBatch> {
        let batch = columns::align(&batch, &schema)?;
        let keep = ids(&batch).values().iter().map(|id| Some(wanted.binary_search(id).is_ok())).collect();
        Ok(arrow::compute::filter_record_batch(&batch, &keep)?)
    };
    Ok(stream.map(move |batch| kept(batch?)).boxed())
}

/// Those of the ids (which are in order) that are in a file, with their versions.
pub async fn versions(files: &Files, file: &DataFile, wanted: &[i64]) -> Result<Vec<(i64, i64)>> {
    let builder = open(files, file).await?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), [ID, VERSION]);
    let groups = groups_with(builder.metadata(), wanted);
    let stream: ParquetRecordBatchStream<_> = builder.with_projection(mask).with_row_groups(groups).build()?;
    let mut found = Vec::new();
    let mut stream = stream.map_err(LakeError::from);
    while let Some(batch) = stream.try_next().await? {
        let versions = batch[VERSION].as_primitive::<Int64Type>();
        let pairs = ids(&batch).values().iter().copied().zip(versions.values().iter().copied());
        found.extend(pairs.filter(|(id, _)| wanted.binary_search(id).is_ok()));
    }
    Ok(found)
}

/// The ids in a file with their versions and first sights. The file must be as it was written and hold what the log says.
///
/// # Errors
/// `Damaged` if it is not so.
pub async fn checked(files: &Files, file: &DataFile) -> Result<Vec<[i64; 3]>> {
    let damaged = |what: &str| LakeError::damaged(format!("{} {what}", file.path));
    if let Some(written) = file.checksum
        && files.checksum(&Path::from(file.path.as_str())).await?.is_some_and(|found| found != written)
    {
        return Err(damaged("is not as it was written"));
    }
    let builder = open(files, file).await?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), [ID, VERSION, FIRST_SEEN]);
    let mut stream = builder.with_projection(mask).build()?;
    let mut found = Vec::new();
    while let Some(batch) = stream.try_next().await? {
        let versions = batch[VERSION].as_primitive::<Int64Type>().values();
        let first_seen = batch[FIRST_SEEN].as_primitive::<TimestampMicrosecondType>().values();
        let times = versions.iter().zip(first_seen);
        found.extend(ids(&batch).values().iter().zip(times).map(|(id, (version, first))| [*id, *version, *first]));
    }
    let (min, max) = (found.iter().map(|[id, ..]| *id).min(), found.iter().map(|[id, ..]| *id).max());
    if (found.len() as u64, min, max) != (file.rows, Some(file.min_id), Some(file.max_id)) {
        return Err(damaged("does not hold what the log says of it"));
    }
    Ok(found)
}

/// The groups of rows that may hold one of the ids.
fn groups_with(metadata: &ParquetMetaData, ids: &[i64]) -> Vec<usize> {
    let groups = metadata.row_groups().iter().enumerate();
    groups.filter(|(_, group)| may_hold(group, ids)).map(|(number, _)| number).collect()
}

/// Whether one of the ids lies between the smallest and the largest of the group.
fn may_hold(group: &RowGroupMetaData, ids: &[i64]) -> bool {
    let column = group.columns().iter().find(|column| column.column_path().string() == ID);
    match column.and_then(|column| column.statistics()) {
        Some(Statistics::Int64(stats)) => match (stats.min_opt(), stats.max_opt()) {
            (Some(min), Some(max)) => any_within(ids, *min, *max),
            _ => true,
        },
        _ => true,
    }
}

/// Whether one of the ids, which are in order, lies between the two.
pub fn any_within(ids: &[i64], min: i64, max: i64) -> bool {
    ids.get(ids.partition_point(|id| *id < min)).is_some_and(|id| *id <= max)
}
