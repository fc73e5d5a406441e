//! Streams: what matches the queries of schedules comes as it is posted, and is put into the log.
//!
//! For each credential one process at a time holds a lease, has X's rules be those that the schedules need ([`rules`]), and
//! keeps one connection ([`reader`]). Lines wait in the [`spool`] to be written down ([`writer`]); [`cover`] tells what has come
//! without a hole. What has not is read by search, as `fetch` reads it.

mod cover;
mod keeper;
mod line;
mod reader;
mod rules;
mod spool;
mod writer;

use crate::{Error, Service};
use keeper::{Keeper, Trouble};
pub use source::PATIENCE;
use std::collections::BTreeMap;
use std::time::Duration;
use store::leases;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often it is looked whether there is a stream to read.
const TICK: Duration = Duration::from_secs(1);
/// How often a process that waits for another's lease tries to take it.
const STANDBY: Duration = Duration::from_secs(5);

/// How streams are read: the default, but in tests.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How long a connection may be silent.
    pub patience: Duration,
    /// Bytes of lines that may wait for the log.
    pub most_waiting: usize,
}

impl Default for Manner {
    fn default() -> Self {
        Self { patience: PATIENCE, most_waiting: spool::MOST }
    }
}

/// Reads the streams of all credentials, until it is told to stop.
pub async fn follow(service: Service, manner: Manner, stop: CancellationToken) {
    let mut keepers: BTreeMap<i64, JoinHandle<()>> = BTreeMap::new();
    while !stop.is_cancelled() {
        match store::streams::credentials(&service.store).await {
            Ok(credentials) => {
                for credential in credentials {
                    if keepers.get(&credential).is_none_or(JoinHandle::is_finished) {
                        let keeping = keep(service.clone(), credential, manner, stop.clone());
                        keepers.insert(credential, tokio::spawn(keeping));
                    }
                }
            }
            Err(error) => tracing::error!(error = %error, "streams could not be looked at; trying again"),
        }
        stop.run_until_cancelled(tokio::time::sleep(TICK)).await;
    }
    for (_, keeper) in keepers {
        // A keeper that panicked has said so.
        let _ = keeper.await;
    }
}

/// Reads the stream of a credential, as long as this process may, and there is a schedule that needs it.
async fn keep(service: Service, credential: i64, manner: Manner, stop: CancellationToken) {
    let keeper = loop {
        match open(&service, credential, manner).await {
            Ok(Some(keeper)) => break keeper,
            Ok(None) => {}
            Err(error) => tracing::error!(credential, error = %error, "a stream could not be begun; trying again"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(STANDBY)).await.is_none() {
            return;
        }
    };
    match keeper.keep(&stop).await {
        Ok(()) => {}
        Err(Trouble::Lost) => tracing::warn!(credential, "another process reads a stream now"),
        Err(Trouble::Failed(error)) => {
            tracing::error!(credential, error = %error, "a stream could not be read; trying again");
        }
    }
}

async fn open(service: &Service, credential: i64, manner: Manner) -> Result<Option<Keeper>, Error> {
    match leases::take(&service.store, &format!("stream:{credential}"), service.now()).await? {
        Some(lease) => Ok(Some(Keeper::open(service, credential, lease, manner).await?)),
        None => Ok(None),
    }
}
