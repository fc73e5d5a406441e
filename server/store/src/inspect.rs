//! A look at a database that changes nothing in it: no schema is brought up to date, no key is made, no file is touched.
//! For what must be sure of that: backups, and whoever asks what is wrong.

use crate::audit::HeadFile;
use crate::entity::{audit, collections, counters, data_keys, runs, tweets, users};
use crate::error::Result;
use crate::vault::{self, Vault};
use crate::{Settings, Store, StoreError};
use migrations::{Migrator, MigratorTrait};
use model::Timestamp;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, EntityTrait, PaginatorTrait,
    QueryOrder, Statement,
};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Problems of a damaged file that are told.
const MOST_PROBLEMS: u32 = 10;

/// A connection that can only read. While it is open, others write as usual.
pub struct Inspection {
    database: DatabaseConnection,
    data: PathBuf,
}

/// How much a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// The number of the last change of a tweet.
    pub last_change: u64,
    /// With those that are only context of others.
    pub tweets: u64,
    pub collections: u64,
    pub users: u64,
    /// Entries of the audit.
    pub audit: u64,
}

/// The steps of the schema that a database has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub steps: Vec<String>,
}

impl Schema {
    /// Steps that this version of Roost would add.
    pub fn pending(&self) -> Vec<String> {
        known_steps().into_iter().filter(|step| !self.steps.contains(step)).collect()
    }

    /// Steps that only a newer version knows.
    pub fn unknown(&self) -> Vec<String> {
        let known = known_steps();
        self.steps.iter().filter(|step| !known.contains(step)).cloned().collect()
    }
}

fn known_steps() -> Vec<String> {
    Migrator::migrations().iter().map(|step| step.name().to_owned()).collect()
}

/// Where the database's file is, if it is one.
pub fn database_file(data: &Path) -> PathBuf {
    data.join("roost.db")
}

/// Where the key is.
pub fn key_file(data: &Path) -> PathBuf {
    data.join("key")
}

/// Where the head of the audit is noted.
pub fn audit_head_file(data: &Path) -> PathBuf {
    data.join("audit.head")
}

impl Inspection {
    /// Of the data that a server may be working on.
    ///
    /// # Errors
    /// Where there is no database, or it cannot be opened.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let options = match &settings.database_url {
            Some(url) => {
                let mut options = ConnectOptions::new(url);
                options.max_connections(1).sqlx_logging(false);
                options.map_sqlx_postgres_opts(|options| options.options([("default_transaction_read_only", "on")]));
                options
            }
            None => sqlite(&database_file(&settings.data), false),
        };
        Ok(Self { database: Database::connect(options).await?, data: settings.data.clone() })
    }

    /// Of an SQLite file that nobody changes, such as that of a backup; it may stand on a medium that cannot be written.
    ///
    /// # Errors
    /// Where it is not there or cannot be opened.
    pub async fn open_copy(file: &Path) -> Result<Self> {
        let data = file.parent().unwrap_or(Path::new(".")).to_owned();
        Ok(Self { database: Database::connect(sqlite(file, true)).await?, data })
    }

    pub fn is_sqlite(&self) -> bool {
        self.database.get_database_backend() == DatabaseBackend::Sqlite
    }

    /// What is wrong with the file, read from end to end; nothing if it is whole. PostgreSQL looks after its own files.
    pub async fn damage(&self) -> Vec<String> {
        if !self.is_sqlite() {
            return Vec::new();
        }
        match self.texts(&format!("PRAGMA integrity_check({MOST_PROBLEMS})")).await {
            Ok(answer) => answer.into_iter().filter(|line| line != "ok").collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    /// Which steps of the schema it has taken.
    pub async fn schema(&self) -> Result<Schema> {
        let steps = self.texts("SELECT version FROM seaql_migrations ORDER BY version").await?;
        Ok(Schema { steps })
    }

    /// Opens everything that the key of this file must open. Returns how many data keys that are.
    ///
    /// # Errors
    /// `KeyFile` if the file is no key; `Sealed` if it is another's.
    pub async fn check_key(&self, key: &Path) -> Result<u64> {
        let rows = data_keys::Entity::find().all(&self.database).await?;
        vault::check_key(key, &rows)?;
        Ok(rows.len() as u64)
    }

    pub async fn counts(&self) -> Result<Counts> {
        let change = counters::Entity::find_by_id("change".to_owned()).one(&self.database).await?;
        Ok(Counts {
            last_change: change.map_or(0, |counter| counter.value.unsigned_abs()),
            tweets: tweets::Entity::find().count(&self.database).await?,
            collections: collections::Entity::find().count(&self.database).await?,
            users: users::Entity::find().count(&self.database).await?,
            audit: audit::Entity::find().count(&self.database).await?,
        })
    }

    /// Bytes that the tables and their indexes take, without what is free in the file.
    pub async fn bytes(&self) -> Result<u64> {
        let text = match self.is_sqlite() {
            true => {
                "SELECT CAST((page_count - freelist_count) * page_size AS TEXT)
                FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
            }
            false => "SELECT CAST(pg_database_size(current_database()) AS TEXT)",
        };
        let bytes = self.texts(text).await?;
        bytes.first().and_then(|bytes| bytes.parse().ok()).ok_or_else(|| StoreError::Damaged("its size".to_owned()))
    }

    /// Copies an SQLite database, as it is at one moment, to a file that is not there yet or is empty.
    ///
    /// Writers go on meanwhile. The write-ahead log grows by what they write, for it cannot start anew below the reader.
    pub async fn copy_to(&self, file: &Path) -> Result<()> {
        let copy = [file.to_string_lossy().into_owned().into()];
        let copy = Statement::from_sql_and_values(DatabaseBackend::Sqlite, "VACUUM INTO ?", copy);
        self.database.execute_raw(copy).await?;
        Ok(())
    }

    /// The same database as a store whose every attempt to write fails. The schema must be that of this version.
    ///
    /// # Errors
    /// Those of [`Inspection::check_key`].
    pub async fn store(&self) -> Result<Store> {
        self.check_key(&key_file(&self.data)).await?;
        Ok(Store {
            writer: self.database.clone(),
            reader: self.database.clone(),
            vault: Arc::new(Vault::open(&key_file(&self.data), &self.database).await?),
            audit_head: Arc::new(HeadFile::in_folder(&self.data)),
        })
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.database.close().await?)
    }

    async fn texts(&self, query: &str) -> Result<Vec<String>> {
        let query = Statement::from_string(self.database.get_database_backend(), query);
        let rows = self.database.query_all_raw(query).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }
}

/// The latest time that this installation has noted of something that it did.
pub async fn latest_noted(store: &Store) -> Result<Option<Timestamp>> {
    let audited = audit::Entity::find().order_by_desc(audit::Column::Number).one(store.reader()).await?;
    let run = runs::Entity::find().order_by_desc(runs::Column::Id).one(store.reader()).await?;
    let times = [audited.map(|entry| entry.at), run.map(|run| run.finished_at.unwrap_or(run.started_at))];
    Ok(times.into_iter().flatten().max().map(Timestamp))
}

fn sqlite(file: &Path, is_copy: bool) -> ConnectOptions {
    // The path stands not in the address, where some of its signs would mean something.
    let mut options = ConnectOptions::new("sqlite://given-below");
    let file = file.to_owned();
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |options| {
        options.filename(&file).read_only(true).immutable(is_copy).busy_timeout(Duration::from_secs(10))
    });
    options
}
