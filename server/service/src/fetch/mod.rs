//! Schedules at work: what is due is read page by page and put into the log, from which it is stored.
//!
//! For each credential one process at a time holds a lease and drives all that fetches with it ([`driver`]), so that its
//! requests are planned together. `planner` says what to ask next, `source` asks.

mod answer;
pub(crate) mod client;
mod counting;
mod driver;
mod due;
mod foresee;
mod kept;
mod kind;
mod lane;
pub(crate) mod limits;
mod lookups;
mod run;

pub(crate) use client::check_proxy;
pub use foresee::{Plan, Row, Span, State, Step, Stretch, plan};

use crate::{Error, Service};
use driver::{Driver, Trouble};
use model::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use store::leases;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How often it is looked for what is due, changed, or cancelled.
const TICK: Duration = Duration::from_millis(500);
/// How often a process that waits for another's lease tries to take it.
const STANDBY: Duration = Duration::from_secs(5);

/// Runs schedules when they are due, until it is told to stop.
pub async fn follow_schedules(service: Service, stop: CancellationToken) {
    let mut drivers: BTreeMap<i64, JoinHandle<()>> = BTreeMap::new();
    while !stop.is_cancelled() {
        match store::schedules::credentials_at_work(&service.store).await {
            Ok(credentials) => {
                for credential in credentials {
                    if drivers.get(&credential).is_none_or(JoinHandle::is_finished) {
                        drivers.insert(credential, tokio::spawn(drive(service.clone(), credential, stop.clone())));
                    }
                }
            }
            Err(error) => tracing::error!(error = %error, "schedules could not be looked at; trying again"),
        }
        pause(TICK, &stop).await;
    }
    for (_, driver) in drivers {
        // A driver that panicked has said so.
        let _ = driver.await;
    }
}

async fn pause(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}

/// Fetches with a credential, as long as this process may, and there is something to fetch with it.
async fn drive(service: Service, credential: i64, stop: CancellationToken) {
    let mut driver = loop {
        match open(&service, credential).await {
            Ok(Some(driver)) => break driver,
            Ok(None) => {}
            Err(error) => tracing::error!(credential, error = %error, "a credential could not be used; trying again"),
        }
        pause(STANDBY, &stop).await;
        if stop.is_cancelled() {
            return;
        }
    };
    while !stop.is_cancelled() {
        match driver.advance(&stop).await {
            Ok(_) if !driver.has_schedules() => break,
            Ok(_) => {}
            Err(Trouble::Lost) => return tracing::warn!(credential, "another process fetches with a credential now"),
            Err(Trouble::Failed(error)) => {
                tracing::error!(credential, error = %error, "schedules could not be run; trying again");
                break;
            }
        }
        pause(TICK, &stop).await;
    }
    driver.close().await;
}

/// All that is to be fetched, driven step by step: for who decides when.
pub struct Fetching {
    service: Service,
    drivers: BTreeMap<i64, Driver>,
}

impl Fetching {
    pub fn new(service: &Service) -> Self {
        Self { service: service.clone(), drivers: BTreeMap::new() }
    }

    /// Does all that can be done now. Returns when there is more to do, if nobody changes anything until then.
    pub async fn advance(&mut self, stop: &CancellationToken) -> Result<Option<Timestamp>, Error> {
        loop {
            let (next, has_given) = self.advance_each(stop).await?;
            if !has_given {
                return Ok(next);
            }
        }
    }

    /// The same, without what schedules go on with that another credential has taken over meanwhile.
    async fn advance_each(&mut self, stop: &CancellationToken) -> Result<(Option<Timestamp>, bool), Error> {
        let (mut next, mut has_given) = (None, false);
        for credential in store::schedules::credentials_at_work(&self.service.store).await? {
            if !self.drivers.contains_key(&credential) {
                let Some(driver) = open(&self.service, credential).await? else { continue };
                self.drivers.insert(credential, driver);
            }
            let Some(driver) = self.drivers.get_mut(&credential) else { continue };
            match driver.advance(stop).await {
                Ok(again) => next = [next, again].into_iter().flatten().min(),
                Err(Trouble::Lost) => _ = self.drivers.remove(&credential),
                Err(Trouble::Failed(error)) => return Err(error),
            }
            has_given |= self.drivers.get_mut(&credential).is_some_and(Driver::has_given);
        }
        Ok((next, has_given))
    }

    /// Lets other processes go on.
    pub async fn close(self) {
        for driver in self.drivers.into_values() {
            driver.close().await;
        }
    }
}

/// Does all that can be done now, and lets other processes go on. Returns when there is more to do.
pub async fn run_due(service: &Service, stop: &CancellationToken) -> Result<Option<Timestamp>, Error> {
    let mut fetching = Fetching::new(service);
    let next = fetching.advance(stop).await;
    fetching.close().await;
    next
}

async fn open(service: &Service, credential: i64) -> Result<Option<Driver>, Error> {
    let name = format!("credential:{credential}");
    match leases::take(&service.store, &name, service.now()).await? {
        Some(lease) => Ok(Some(Driver::open(service, credential, lease).await?)),
        None => Ok(None),
    }
}
