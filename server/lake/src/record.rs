//! What a table of the lake holds. All else that the lake does with tables is the same for each.

use crate::columns;
use crate::error::Result;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use model::{Row, Timestamp, TweetId};
use parquet::file::properties::WriterPropertiesBuilder;
use parquet::schema::types::ColumnPath;

/// Rows that readers take at a time; it also bounds the memory of whoever writes.
const GROUP: usize = 64 << 10;
/// Columns in which nearly every value is another: a dictionary of them would only be given up.
const DISTINCT: [&str; 6] = ["id", "version", "created", "refreshed", "text", "url.list.element"];

/// What a table has of a tweet.
pub trait Record: Send + Sync + Sized + 'static {
    /// The table's name, which is also that of its folder.
    const TABLE: &'static str;

    fn id(&self) -> TweetId;

    /// When it was observed.
    fn version(&self) -> Timestamp;

    /// Its UTC day is the table's partition.
    fn created(&self) -> Timestamp;

    /// The columns of the table's files, of which `id`, `version` and `first_seen` are three.
    fn schema() -> SchemaRef;

    /// The records as columns, in their order.
    fn batch(records: &[Self]) -> Result<RecordBatch>;

    /// How files of them are written.
    fn properties(writer: WriterPropertiesBuilder) -> WriterPropertiesBuilder;
}

impl Record for Row {
    const TABLE: &'static str = "tweets";

    fn id(&self) -> TweetId {
        self.tweet.id
    }

    fn version(&self) -> Timestamp {
        self.tweet.version
    }

    fn created(&self) -> Timestamp {
        self.tweet.created_at
    }

    fn schema() -> SchemaRef {
        columns::schema()
    }

    fn batch(records: &[Self]) -> Result<RecordBatch> {
        columns::batch(records)
    }

    fn properties(writer: WriterPropertiesBuilder) -> WriterPropertiesBuilder {
        let writer = writer.set_max_row_group_row_count(Some(GROUP));
        DISTINCT.into_iter().fold(writer, |writer, column| writer.set_column_dictionary_enabled(path(column), false))
    }
}

/// A column within the file's schema.
pub fn path(column: &str) -> ColumnPath {
    ColumnPath::new(column.split('.').map(str::to_owned).collect())
}
