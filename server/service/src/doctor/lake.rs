//! The lake: whether its log can be read, and whether somebody fills it.

use super::Check;
use crate::Settings;
use crate::follow::Follower;
use ::lake::{Lake, LakeError};
use model::Timestamp;
use model::time::MINUTE;
use std::time::Duration;
use store::{Store, StoreError};

const NAME: &str = "lake";
/// How long a bucket may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Beyond the time after which what came in is made durable.
const LATE: i64 = Lake::COMMIT_AFTER + 5 * MINUTE;
/// More changes than are ever left for the next commit.
const MANY: u64 = 2 * Lake::COMMIT_EVERY as u64;
const NOT_FOUND: &str = "what was stored last is not found in SQL, nor by those that read the lake's files";

/// Says nothing where there is to be no lake.
pub async fn examine(settings: &Settings, store: Option<&Store>, now: Timestamp, checks: &mut Vec<Check>) {
    let Some(place) = &settings.lake else { return };
    let looked = async {
        let Some(lake) = Lake::look(place, &settings.lake_folder())? else { return Ok(None) };
        lake.refresh().await?;
        Ok::<_, LakeError>(lake.is_made().then_some(lake))
    };
    checks.push(match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(Some(lake))) => standing(&lake, store, now).await,
        Ok(Ok(None)) => Check::warning(
            NAME,
            "there is none yet",
            "no question in SQL has an answer",
            "start `roost serve`, or run `roost relake`: both make it",
        ),
        Ok(Err(error)) if error.is_damage() => Check::failed(
            NAME,
            format!("its log cannot be read: {}", error.cause()),
            "nothing can be asked of it, and nothing new comes into it; no tweet is lost, for it is derived",
            "`roost relake` makes it anew from the database",
        ),
        Ok(Err(error)) => unreachable_place(error.cause()),
        Err(_) => unreachable_place(format!("nothing answers within {} s", PATIENCE.as_secs())),
    });
}

fn unreachable_place(cause: String) -> Check {
    Check::failed(
        NAME,
        format!("where it is cannot be read: {cause}"),
        "nothing can be asked of it, and nothing new comes into it",
        "see who may read its folder; for a bucket, whether it answers and the settings [lake] are right",
    )
}

async fn standing(lake: &Lake, store: Option<&Store>, now: Timestamp) -> Check {
    let what = format!("{} tweets, its log is whole, up to change {}", lake.len(), lake.position());
    let lag = match store {
        Some(store) => lag(lake, store).await.ok(),
        None => None,
    };
    let Some(lag) = lag else { return Check::ok(NAME, format!("{what}; whether it keeps up cannot be told")) };
    if lag.behind < 0 {
        let what = format!("{what}, but the database is at change {}", lag.stored);
        let why = "it is of another database, or this one was put back to an earlier state";
        return Check::warning(NAME, what, why, "start `roost serve`, or run `roost relake`: both make it anew");
    }
    let waited = lag.since.map_or(0, |since| now - since);
    match lag.behind.unsigned_abs() {
        0 => Check::ok(NAME, what),
        behind if waited > LATE || behind > MANY => {
            let since = format!("{} minutes", waited / MINUTE);
            let what = format!("{what}; {behind} changes behind, the first of them for {since}");
            Check::warning(NAME, what, NOT_FOUND, "start `roost serve`; if it runs, see its messages")
        }
        behind => Check::ok(NAME, format!("{what}; {behind} changes wait for the next commit")),
    }
}

/// What the lake lacks.
struct Lag {
    stored: u64,
    /// Changes; below 0 if the lake has more than the store.
    behind: i64,
    /// When the first tweet was stored that came after the lake was written last.
    since: Option<Timestamp>,
}

async fn lag(lake: &Lake, store: &Store) -> Result<Lag, StoreError> {
    let stored = store::tweets::last_change(store).await?;
    // A tweet that was known before tells nothing of when it changed.
    let written = lake.written_at().unwrap_or(Timestamp(0));
    let since = store::tweets::first_seen_after(store, lake.position(), written).await?;
    Ok(Lag { stored, behind: stored as i64 - lake.position() as i64, since })
}
