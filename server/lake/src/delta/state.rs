//! What a table holds after a commit.

use super::Version;
use super::action::{Add, CommitInfo, Line, MetaData, PartitionValues, Protocol, Remove, Stats, Txn};
use super::schema;
use crate::columns;
use crate::error::{LakeError, Result};
use arrow::datatypes::{Schema, SchemaRef};
use model::Timestamp;
use model::time::DAY;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the versions of the protocol are that every reader knows: no deletion vectors, no mapping of columns.
const PROTOCOL: Protocol = Protocol { min_reader_version: 1, min_writer_version: 2 };
/// Who notes how far the lake has come.
const APP: &str = "roost";
const ENGINE: &str = concat!("Roost ", env!("CARGO_PKG_VERSION"));

/// The tag with the CRC-32 of a file, in hexadecimal digits.
const CHECKSUM: &str = "roost.crc32";

/// The ids in a file, of which the log tells the smallest and the largest.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct IdStat {
    id: i64,
}

/// A file of rows, all of one UTC day, in the order of their ids.
#[derive(Clone, Debug)]
pub struct DataFile {
    pub path: String,
    /// Number of the day since 1970.
    pub day: i64,
    pub bytes: u64,
    pub rows: u64,
    pub min_id: i64,
    pub max_id: i64,
    /// In milliseconds since 1970.
    pub written: i64,
    /// Of all its bytes. Files of early versions have none.
    pub checksum: Option<u32>,
}

impl DataFile {
    fn read(add: &Add) -> Result<Self> {
        let day = add.partition_values.get(columns::DAY).and_then(|day| day_number(day.as_deref()?));
        let stats = add.stats.as_deref().and_then(|stats| serde_json::from_str::<Stats<IdStat>>(stats).ok());
        let (Some(day), Some(stats)) = (day, stats) else {
            return Err(LakeError::damaged(format!("{} is not a file of Roost's", add.path)));
        };
        Ok(Self {
            path: add.path.clone(),
            day,
            bytes: add.size.unsigned_abs(),
            rows: stats.num_records,
            min_id: stats.min_values.id,
            max_id: stats.max_values.id,
            written: add.modification_time,
            checksum: match add.tags.as_ref().and_then(|tags| tags.get(CHECKSUM)?.as_deref()) {
                Some(digits) => Some(u32::from_str_radix(digits, 16).map_err(LakeError::damaged)?),
                None => None,
            },
        })
    }

    pub fn to_add(&self, data_change: bool) -> Result<Add> {
        let (min_values, max_values) = (IdStat { id: self.min_id }, IdStat { id: self.max_id });
        let stats = Stats { num_records: self.rows, min_values, max_values, null_count: IdStat { id: 0 } };
        Ok(Add {
            path: self.path.clone(),
            partition_values: partition(self.day),
            size: self.bytes as i64,
            modification_time: self.written,
            data_change,
            stats: Some(serde_json::to_string(&stats).map_err(LakeError::damaged)?),
            tags: self.checksum.map(|checksum| [(CHECKSUM.to_owned(), Some(format!("{checksum:08x}")))].into()),
        })
    }
}

/// The folder of the files of a day.
pub fn day_name(day: i64) -> String {
    Timestamp(day * DAY).format("%Y-%m-%d")
}

fn day_number(name: &str) -> Option<i64> {
    Timestamp::parse_rfc3339(&format!("{name}T00:00:00Z")).map(Timestamp::day_number)
}

fn partition(day: i64) -> PartitionValues {
    BTreeMap::from([(columns::DAY.to_owned(), Some(day_name(day)))])
}

/// What a commit changes.
#[derive(Debug, Default)]
pub struct Edit {
    /// For people: `WRITE`, `OPTIMIZE`.
    pub operation: &'static str,
    /// Paths.
    pub remove: Vec<String>,
    pub add: Vec<DataFile>,
    /// Whether rows change, and not only the files that they are in.
    pub data_change: bool,
    pub position: Option<u64>,
    /// Whether all files go.
    pub clear: bool,
    pub schema: Option<SchemaRef>,
}

/// A table after a commit.
#[derive(Clone, Debug)]
pub struct State {
    pub version: Version,
    pub meta: MetaData,
    pub schema: SchemaRef,
    /// The schema without the day.
    pub file_schema: SchemaRef,
    /// The version of the last checkpoint that this process knows of.
    pub checkpoint: Option<Version>,
    /// By path.
    pub files: BTreeMap<String, Arc<DataFile>>,
    /// What counts no more, but is not yet forgotten.
    pub removed: BTreeMap<String, Remove>,
    pub position: u64,
}

impl State {
    /// From the lines of a checkpoint, or of the first commit.
    pub fn begin(version: Version, lines: Vec<Line>) -> Result<Self> {
        let meta = lines.iter().find_map(|line| line.meta_data.clone());
        let meta = meta.ok_or_else(|| LakeError::damaged("its log does not begin with a schema"))?;
        let schema = Arc::new(schema::from_json(&meta.schema_string)?);
        let file_schema = columns::file_schema(&schema);
        let (checkpoint, files, removed, position) = Default::default();
        let mut state = Self { version, meta, schema, file_schema, checkpoint, files, removed, position };
        state.apply(version, lines)?;
        Ok(state)
    }

    /// Takes the next commit in.
    pub fn apply(&mut self, version: Version, lines: Vec<Line>) -> Result<()> {
        for line in lines {
            self.take(line)?;
        }
        self.version = version;
        Ok(())
    }

    fn take(&mut self, line: Line) -> Result<()> {
        if let Some(protocol) = line.protocol
            && protocol.min_reader_version > PROTOCOL.min_reader_version
        {
            return Err(LakeError::damaged("something else has made it a table of a newer protocol"));
        }
        if let Some(meta) = line.meta_data {
            self.schema = Arc::new(schema::from_json(&meta.schema_string)?);
            self.file_schema = columns::file_schema(&self.schema);
            self.meta = meta;
        }
        if let Some(txn) = line.txn.filter(|txn| txn.app_id == APP) {
            self.position = txn.version.unsigned_abs();
        }
        if let Some(remove) = line.remove {
            self.files.remove(&remove.path);
            self.removed.insert(remove.path.clone(), remove);
        }
        if let Some(add) = line.add {
            self.removed.remove(&add.path);
            self.files.insert(add.path.clone(), Arc::new(DataFile::read(&add)?));
        }
        Ok(())
    }

    /// The lines that say the same as all commits so far.
    pub fn summary(&self) -> Result<Vec<Line>> {
        let mut lines = vec![
            Line { protocol: Some(PROTOCOL), ..Line::default() },
            Line { meta_data: Some(self.meta.clone()), ..Line::default() },
            Line { txn: Some(txn(self.position, None)), ..Line::default() },
        ];
        lines.extend(self.removed.values().map(|remove| Line { remove: Some(remove.clone()), ..Line::default() }));
        for file in self.files.values() {
            lines.push(Line { add: Some(file.to_add(false)?), ..Line::default() });
        }
        Ok(lines)
    }

    /// The lines of the commit that makes this change.
    pub fn lines(&self, edit: &Edit, now: Timestamp) -> Result<Vec<Line>> {
        let millis = now.0 / 1000;
        let mut lines = vec![info(edit.operation, now)];
        if let Some(schema) = &edit.schema {
            let meta = MetaData { schema_string: schema_string(schema)?, ..self.meta.clone() };
            lines.push(Line { meta_data: Some(meta), ..Line::default() });
        }
        if let Some(position) = edit.position {
            lines.push(Line { txn: Some(txn(position, Some(millis))), ..Line::default() });
        }
        let all = self.files.keys().filter(|_| edit.clear);
        for path in all.chain(&edit.remove) {
            let file = self.files.get(path).ok_or_else(|| LakeError::damaged(format!("{path} is not in it")))?;
            let remove = Remove {
                path: path.clone(),
                deletion_timestamp: Some(millis),
                data_change: edit.data_change,
                extended_file_metadata: true,
                partition_values: partition(file.day),
                size: Some(file.bytes as i64),
            };
            lines.push(Line { remove: Some(remove), ..Line::default() });
        }
        for file in &edit.add {
            lines.push(Line { add: Some(file.to_add(edit.data_change)?), ..Line::default() });
        }
        Ok(lines)
    }
}

/// The first commit of a table.
pub fn first_lines(name: &str, schema: &Schema, now: Timestamp) -> Result<Vec<Line>> {
    let keep = format!("interval {} hours", super::log::KEPT_HOURS);
    let meta = MetaData {
        id: uuid::Uuid::new_v4().to_string(),
        name: Some(name.to_owned()),
        format: super::action::Format { provider: "parquet".to_owned(), options: BTreeMap::new() },
        schema_string: schema_string(schema)?,
        partition_columns: vec![columns::DAY.to_owned()],
        configuration: BTreeMap::from([
            ("delta.deletedFileRetentionDuration".to_owned(), keep.clone()),
            ("delta.logRetentionDuration".to_owned(), keep),
            ("delta.checkpointInterval".to_owned(), super::log::CHECKPOINT_EVERY.to_string()),
        ]),
        created_time: Some(now.0 / 1000),
    };
    Ok(vec![
        info("CREATE TABLE", now),
        Line { protocol: Some(PROTOCOL), ..Line::default() },
        Line { meta_data: Some(meta), ..Line::default() },
    ])
}

fn schema_string(schema: &Schema) -> Result<String> {
    schema::to_json(schema)
}

fn info(operation: &str, now: Timestamp) -> Line {
    let info = CommitInfo { timestamp: now.0 / 1000, operation: operation.to_owned(), engine_info: ENGINE.to_owned() };
    Line { commit_info: Some(info), ..Line::default() }
}

fn txn(position: u64, last_updated: Option<i64>) -> Txn {
    Txn { app_id: APP.to_owned(), version: position as i64, last_updated }
}
