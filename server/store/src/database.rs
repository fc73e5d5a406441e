use crate::audit::HeadFile;
use crate::error::{Result, StoreError};
use crate::vault::Vault;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Connections that read at the same time.
const READERS: u32 = 4;

/// Where the data are.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of everything that is kept; it is made if it is missing.
    pub data: PathBuf,
    /// `postgres://…`; without it the database is a SQLite file in the data folder.
    pub database_url: Option<String>,
}

impl Settings {
    pub fn sqlite(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), database_url: None }
    }
}

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    /// One writer: SQLite takes one at a time anyway, and so nobody waits for a lock.
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    pub(crate) vault: Arc<Vault>,
    pub(crate) audit_head: Arc<HeadFile>,
}

impl Store {
    /// Opens the database, brings its schema up to date and loads (or makes) the key.
    pub async fn open(settings: &Settings) -> Result<Self> {
        make_folder(&settings.data).map_err(|error| folder_error(&settings.data, &error))?;
        let (writer, reader) = match &settings.database_url {
            Some(url) => {
                let mut options = ConnectOptions::new(url);
                options.max_connections(READERS + 1).sqlx_logging(false);
                let pool = Database::connect(options).await?;
                (pool.clone(), pool)
            }
            None => connect_sqlite(settings).await?,
        };
        Migrator::up(&writer, None).await?;
        let vault = Arc::new(Vault::open(&crate::inspect::key_file(&settings.data), &writer).await?);
        let audit_head = Arc::new(HeadFile::in_folder(&settings.data));
        Ok(Self { writer, reader, vault, audit_head })
    }

    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    pub(crate) fn vault_handle(&self) -> Arc<Vault> {
        Arc::clone(&self.vault)
    }

    pub(crate) fn audit_head(&self) -> &HeadFile {
        &self.audit_head
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a transaction that holds the write lock from its start, so that it never fails half-way for it.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader.ping().await?)
    }

    /// Closes all connections; what was acknowledged is on the disk before.
    pub async fn close(self) -> Result<()> {
        self.reader.close().await?;
        Ok(self.writer.close().await?)
    }
}

/// Makes the folder, for its owner only, so that the loss of power does not take it, and all that is in it. One that is
/// there already is left as its owner wants it.
fn make_folder(data: &Path) -> std::io::Result<()> {
    if data.is_dir() {
        return Ok(());
    }
    let above = data.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(above)?;
    let mut folder = std::fs::DirBuilder::new();
    // Another process may be making it, too.
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(data)?;
    std::fs::File::open(above)?.sync_all()
}

/// Makes the database's file, for its owner only; one that others could read is closed to them. SQLite gives the
/// files that it makes beside it the same mode.
fn make_database_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    #[cfg(unix)]
    for suffix in ["", "-wal", "-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mut path = path.as_os_str().to_owned();
        path.push(suffix);
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
                std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn folder_error(data: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Folder { path: data.display().to_string(), reason: error.to_string() }
}

async fn connect_sqlite(settings: &Settings) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let path = crate::inspect::database_file(&settings.data);
    make_database_file(&path).map_err(|error| folder_error(&settings.data, &error))?;
    let url = format!("sqlite://{}?mode=rwc", path.display());
    let mut writing = ConnectOptions::new(&url);
    writing.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
        options
            .journal_mode(sea_orm::sqlx::sqlite::SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut.
            .synchronous(sea_orm::sqlx::sqlite::SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", "-16384")
            .pragma("wal_autocheckpoint", "4000")
            .optimize_on_close(true, None)
    });
    let mut reading = ConnectOptions::new(&url);
    reading.min_connections(READERS).max_connections(READERS).sqlx_logging(false).map_sqlx_sqlite_opts(|options| {
        options.read_only(true).busy_timeout(Duration::from_secs(10)).pragma("cache_size", "-8192")
    });
    // All are opened now, and for good: each has a thread, which would give way like one of the background that opens it.
    writing.idle_timeout(None).max_lifetime(None);
    reading.idle_timeout(None).max_lifetime(None);
    Ok((Database::connect(writing).await?, Database::connect(reading).await?))
}
