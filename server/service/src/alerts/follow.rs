//! Alerts at work beside the schedules: evaluated every few seconds, and told when they fire.

use super::{evaluate_all, tell_due};
use crate::{Error, Service};
use model::Timestamp;
use model::time::DAY;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often alerts are evaluated, and it is looked for what is to be sent.
const TICK: Duration = Duration::from_secs(2);
/// After a start the schedules catch up first: what came while Roost was down is no silence.
const SCHEDULES_FIRST: Duration = Duration::from_secs(60);
/// How long it is kept what was told.
const KEPT: i64 = 90 * DAY;

/// Evaluates alerts and tells people, until it is told to stop. `address` is where people reach Roost, without a slash
/// at its end. Any number of processes may do it on the same data: what fires is noted by one of them, and each
/// delivery is claimed.
pub async fn follow(service: Service, address: String, stop: CancellationToken) {
    tokio::join!(evaluate(&service, &stop), tell(&service, &address, &stop));
}

async fn evaluate(service: &Service, stop: &CancellationToken) {
    match store::schedules::list(&service.store).await {
        Ok(schedules) if schedules.is_empty() => {}
        _ => pause(SCHEDULES_FIRST, stop).await,
    }
    let mut forgotten = Timestamp(0);
    while !stop.is_cancelled() {
        if let Err(error) = evaluate_all(service).await {
            tracing::error!(error = %error, "alerts could not be evaluated; trying again");
        }
        if let Err(error) = forget(service, &mut forgotten).await {
            tracing::error!(error = %error, "old notices could not be removed; trying again");
        }
        pause(TICK, stop).await;
    }
}

async fn tell(service: &Service, address: &str, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tell_due(service, address).await {
            tracing::error!(error = %error, "alerts could not be told; trying again");
        }
        pause(TICK, stop).await;
    }
}

/// Once a day.
async fn forget(service: &Service, last: &mut Timestamp) -> Result<(), Error> {
    let now = service.now();
    if now - *last > DAY {
        store::alerts::forget_before(&service.store, Timestamp(now.0 - KEPT)).await?;
        *last = now;
    }
    Ok(())
}

async fn pause(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(time) => {}
    }
}
