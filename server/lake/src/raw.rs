//! Tweets as they came, sealed as the store has them. The lake has no key: what it reads and writes are bytes.

use crate::columns::{self, FIRST_SEEN, ID, VERSION};
use crate::delta::DataFile;
use crate::error::{LakeError, Result};
use crate::lake::Lake;
use crate::read::{self, Rows};
use crate::record::{Record, path};
use crate::storage::Files;
use crate::write::Merge;
use arrow::array::{ArrayRef, AsArray, BinaryArray, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType};
use futures::{FutureExt, StreamExt, TryStreamExt};
use model::{Timestamp, TweetId};
use parquet::basic::Compression;
use parquet::file::properties::{EnabledStatistics, WriterPropertiesBuilder};
use std::sync::Arc;

const CREATED: &str = "created";
const RAW: &str = "raw";
const KEY: &str = "key";

/// Rows that readers take at a time. They are larger than those of the typed table, and as many bytes are to be in memory.
const GROUP: usize = 4 << 10;
/// Bytes after which a group of rows ends, if a few tweets are very large.
const GROUP_BYTES: usize = 8 << 20;

/// A tweet as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawTweet {
    pub id: TweetId,
    pub version: Timestamp,
    pub created_at: Timestamp,
    pub first_seen: Timestamp,
    /// Its JSON, compressed and sealed; empty where what it came with was removed.
    pub sealed: Vec<u8>,
    /// What of the data key that sealed it is in the database: the key, wrapped by that of the installation.
    pub key: Vec<u8>,
}

impl Record for RawTweet {
    const TABLE: &'static str = "raw";

    fn id(&self) -> TweetId {
        self.id
    }

    fn version(&self) -> Timestamp {
        self.version
    }

    fn created(&self) -> Timestamp {
        self.created_at
    }

    fn schema() -> SchemaRef {
        let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        Arc::new(Schema::new(vec![
            Field::new(ID, DataType::Int64, false),
            Field::new(VERSION, DataType::Int64, false),
            Field::new(CREATED, time(), false),
            Field::new(FIRST_SEEN, time(), false),
            Field::new(RAW, DataType::Binary, false),
            Field::new(KEY, DataType::Binary, false),
        ]))
    }

    fn batch(records: &[Self]) -> Result<RecordBatch> {
        let times = |time: fn(&Self) -> Timestamp| {
            let times = TimestampMicrosecondArray::from_iter_values(records.iter().map(|tweet| time(tweet).0));
            Arc::new(times.with_timezone("UTC")) as ArrayRef
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(records.iter().map(|tweet| columns::number(tweet.id.0)))),
            Arc::new(Int64Array::from_iter_values(records.iter().map(|tweet| tweet.version.0))),
            times(|tweet| tweet.created_at),
            times(|tweet| tweet.first_seen),
            Arc::new(BinaryArray::from_iter_values(records.iter().map(|tweet| &tweet.sealed))),
            Arc::new(BinaryArray::from_iter_values(records.iter().map(|tweet| &tweet.key))),
        ];
        Ok(RecordBatch::try_new(Self::schema(), columns)?)
    }

    fn properties(writer: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
        let writer = [ID, VERSION, CREATED, RAW]
            .into_iter()
            .fold(writer, |writer, column| writer.set_column_dictionary_enabled(path(column), false));
        // What is sealed looks like chance: nothing makes it smaller, and its smallest value says nothing.
        [RAW, KEY]
            .into_iter()
            .fold(writer, |writer, column| writer.set_column_statistics_enabled(path(column), EnabledStatistics::None))
            .set_column_compression(path(RAW), Compression::UNCOMPRESSED)
            .set_max_row_group_row_count(Some(GROUP))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
    }
}

impl Lake<RawTweet> {
    /// Reads the tweets as of the last commit that is known here, in the order of their ids: those of one UTC day (its
    /// number since 1970) or of all, and those with these ids or all.
    pub fn read(&self, day: Option<i64>, ids: Option<&[TweetId]>) -> RawTweets {
        let ids: Option<Arc<[i64]>> = ids.map(|ids| {
            let mut ids: Vec<i64> = ids.iter().map(|id| columns::number(id.0)).collect();
            ids.sort_unstable();
            ids.into()
        });
        let is_wanted = |file: &Arc<DataFile>| {
            day.is_none_or(|day| file.day == day)
                && ids.as_ref().is_none_or(|ids| read::any_within(ids, file.min_id, file.max_id))
        };
        let known = self.known();
        let files = known.iter().flat_map(|state| state.files.values().cloned());
        let mut files: Vec<Arc<DataFile>> = files.filter(is_wanted).collect();
        files.sort_by_key(|file| file.min_id);
        let mut merge = Merge::new(RawTweet::schema());
        for file in files {
            merge.add(file.min_id, rows(self.table().files.clone(), file, ids.clone()).boxed());
        }
        RawTweets(merge)
    }

    /// The file that holds a tweet, for messages.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub async fn file_of(&self, tweet: TweetId) -> Result<Option<String>> {
        let id = columns::number(tweet.0);
        let Some(known) = self.known() else { return Ok(None) };
        for file in known.files.values().filter(|file| (file.min_id..=file.max_id).contains(&id)) {
            if !read::versions(&self.table().files, file, &[id]).await?.is_empty() {
                return Ok(Some(format!("{}/{}", RawTweet::TABLE, file.path)));
            }
        }
        Ok(None)
    }
}

/// The rows of a file, all or those with these ids. An error tells the file.
async fn rows(place: Files, file: Arc<DataFile>, ids: Option<Arc<[i64]>>) -> Result<Rows> {
    let rows = match ids {
        Some(ids) => read::rows_of(&place, &file, RawTweet::schema(), ids).await,
        None => read::rows(&place, &file, RawTweet::schema(), Vec::new()).await,
    };
    let told = move |error: LakeError| match error.is_damage() {
        true => LakeError::damaged(format!("{}/{}: {}", RawTweet::TABLE, file.path, error.cause())),
        false => error,
    };
    match rows {
        Ok(rows) => Ok(rows.map_err(told).boxed()),
        Err(error) => Err(told(error)),
    }
}

/// Tweets that are read piece by piece: of files that overlap, a piece of each is in memory.
pub struct RawTweets(Merge);

impl RawTweets {
    /// The next tweets; `None` after the last.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<RawTweet>>> {
        self.0.next().await?.map(|batch| tweets(&batch)).transpose()
    }
}

fn tweets(batch: &RecordBatch) -> Result<Vec<RawTweet>> {
    let damaged = || LakeError::damaged("the table of raw tweets has other columns");
    let column = |name: &str| batch.column_by_name(name).ok_or_else(damaged);
    let whole = |name| column(name)?.as_primitive_opt::<Int64Type>().ok_or_else(damaged);
    let time = |name| column(name)?.as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(damaged);
    let binary = |name| column(name)?.as_binary_opt::<i32>().ok_or_else(damaged);
    let (ids, versions) = (whole(ID)?, whole(VERSION)?);
    let (created, first_seen) = (time(CREATED)?, time(FIRST_SEEN)?);
    let (sealed, keys) = (binary(RAW)?, binary(KEY)?);
    let tweet = |at: usize| RawTweet {
        id: TweetId(ids.value(at).unsigned_abs()),
        version: Timestamp(versions.value(at)),
        created_at: Timestamp(created.value(at)),
        first_seen: Timestamp(first_seen.value(at)),
        sealed: sealed.value(at).to_vec(),
        key: keys.value(at).to_vec(),
    };
    Ok((0..ids.len()).map(tweet).collect())
}
