//! What Roost does, one module per resource. Pages, the API and the commands all call these functions.
//!
//! A [`Service`] holds the open store and index; every function takes it first. Whether the caller may do what
//! it asks is checked before, where the caller is known.

pub mod access;
pub mod accounts;
pub mod alerts;
pub mod annotations;
pub mod audit;
mod background;
pub mod backup;
pub mod boards;
pub mod clock;
pub mod collections;
pub mod column;
pub mod credentials;
pub mod demo;
mod disk;
pub mod doctor;
mod error;
pub mod explain;
pub mod explore;
pub mod exports;
pub mod fetch;
pub mod follow;
pub mod import;
pub mod index;
#[cfg(feature = "lake")]
pub mod lake;
pub mod limits;
pub mod links;
pub mod pipeline;
pub mod plots;
pub mod quality;
pub mod quarantine;
pub mod repair;
pub mod schedules;
pub mod sql;
pub mod stream;
pub mod tweets;
pub mod views;
mod wish;
mod written;
pub mod zones;

pub use background::Background;
pub use clock::{Clock, SystemClock};
pub use error::Error;

use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;
use store::Store;
use tokio::sync::Mutex;

/// Everything that a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    store: Store,
    index: search::Index,
    clock: Arc<dyn Clock>,
    accounts: Arc<accounts::Guard>,
    exports: Arc<exports::Rules>,
    reach: source::Reach,
    x_proxy: Option<SecretString>,
    outlets: Arc<alerts::Outlets>,
    indexing: Arc<Mutex<follow::Progress>>,
    #[cfg(feature = "lake")]
    lake: Option<Arc<lake::Shores>>,
    written: Arc<written::Written>,
    pipeline: pipeline::Pipeline,
}

/// Where the data are, and how to open them.
#[derive(Clone, Debug)]
pub struct Settings {
    pub store: store::Settings,
    /// Tweets that a person may export with their content in a day (UTC).
    pub exports_per_day: u64,
    /// Exports of more rows than this are made in the background.
    pub export_job_rows: u64,
    /// For how many days the files of these are kept.
    pub export_days: u16,
    /// Schedules may fetch from a simulator on this machine, and not from X alone.
    pub simulators: bool,
    /// Address of a proxy on the way to X. It may hold a name and a password.
    pub x_proxy: Option<SecretString>,
    /// How alerts reach people outside.
    pub outlets: alerts::OutletSettings,
    /// Where the lake is, if there is to be one.
    #[cfg(feature = "lake")]
    pub lake: Option<lake::Location>,
    /// Whether the lake has the tweets as they came, too.
    #[cfg(feature = "lake")]
    pub raw_lake: bool,
}

impl Settings {
    /// A folder with SQLite and the index in it.
    pub fn folder(data: impl Into<PathBuf>) -> Self {
        Self {
            store: store::Settings::sqlite(data),
            exports_per_day: 50_000,
            export_job_rows: 50_000,
            export_days: 7,
            simulators: true,
            x_proxy: None,
            outlets: Default::default(),
            #[cfg(feature = "lake")]
            lake: None,
            #[cfg(feature = "lake")]
            raw_lake: false,
        }
    }

    /// Where the index is.
    pub fn index_folder(&self) -> PathBuf {
        self.store.data.join("index")
    }

    /// Where the lake is unless it is elsewhere, and what it needs on this machine.
    #[cfg(feature = "lake")]
    pub fn lake_folder(&self) -> PathBuf {
        self.store.data.join("lake")
    }

    /// What the table of raw tweets needs on this machine: within that folder, so that they are deleted together.
    #[cfg(feature = "lake")]
    pub fn raw_lake_folder(&self) -> PathBuf {
        self.lake_folder().join("raw.work")
    }
}

impl Service {
    /// Opens store and index. The index may be behind: see [`index::catch_up`].
    pub async fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let store = Store::open(&settings.store).await?;
        let folder = settings.index_folder();
        let index = error::blocking(move || search::Index::open(&folder, search::Settings::default())).await??;
        let accounts = Arc::new(accounts::Guard::new(store.vault().pepper()));
        let exports = Arc::new(exports::Rules::new(settings));
        let outlets = Arc::new(alerts::Outlets::new(&settings.outlets, settings.simulators)?);
        let reach = if settings.simulators { source::Reach::XOrSimulator } else { source::Reach::X };
        fetch::check_proxy(settings.x_proxy.as_ref())?;
        let pipeline = pipeline::Pipeline::open(&settings.store.data, Arc::clone(&clock)).await?;
        let (indexing, written) = Default::default();
        #[cfg(feature = "lake")]
        let lake = lake::Shores::open(settings, &store)?.map(Arc::new);
        Ok(Self {
            store,
            index,
            clock,
            accounts,
            exports,
            reach,
            x_proxy: settings.x_proxy.clone(),
            outlets,
            indexing,
            #[cfg(feature = "lake")]
            lake,
            written,
            pipeline,
        })
    }

    pub fn now(&self) -> model::Timestamp {
        self.clock.now()
    }

    /// Whether the database answers. It costs next to nothing, for anyone may ask.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.store.ping().await?)
    }

    /// Closes the log and the database; a request that still runs fails.
    pub async fn close(self) -> Result<(), Error> {
        self.pipeline.close().await;
        Ok(self.store.close().await?)
    }
}
