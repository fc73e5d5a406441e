//! The lake: whether the logs of its tables can be read, and whether somebody fills them.

use super::Check;
use crate::Settings;
use crate::follow::Follower;
use crate::lake::{RawTweet, Shore, Table};
use ::lake::{Lake, LakeError, Location, Record};
use model::time::MINUTE;
use model::{Row, Timestamp};
use std::path::Path;
use std::time::Duration;
use store::{Store, StoreError};

/// How long a bucket may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Beyond the time after which what came in is made durable.
const LATE: i64 = Shore::<Row>::COMMIT_AFTER + 5 * MINUTE;
/// More changes than are ever left for the next commit.
const MANY: u64 = 2 * Shore::<Row>::COMMIT_EVERY as u64;

/// What it means to people where a table is not as it should be.
trait Told: Table {
    const MISSING: &'static str;
    const BEHIND: &'static str;
}

impl Told for Row {
    const MISSING: &'static str = "no question in SQL has an answer";
    const BEHIND: &'static str = "what was stored last is not found in SQL, nor by those that read the lake's files";
}

impl Told for RawTweet {
    const MISSING: &'static str = "if the database is lost, no tweet can be had again from the lake";
    const BEHIND: &'static str = "if the database is lost, what was stored last cannot be had again from the lake";
}

/// Says nothing where there is to be no lake.
pub async fn examine(settings: &Settings, store: Option<&Store>, now: Timestamp, checks: &mut Vec<Check>) {
    let Some(place) = &settings.lake else { return };
    checks.push(table::<Row>(place, &settings.lake_folder(), store, now).await);
    if settings.raw_lake {
        checks.push(table::<RawTweet>(place, &settings.raw_lake_folder(), store, now).await);
    } else if let Location::Folder(folder) = place
        && folder.join(RawTweet::TABLE).is_dir()
    {
        checks.push(left_over(&folder.join(RawTweet::TABLE)));
    }
}

fn left_over(table: &Path) -> Check {
    Check::warning(
        RawTweet::NAME,
        format!("{} is there, but the setting lake.raw is off", table.display()),
        "nobody looks after it: tweets that are removed stay in it, sealed",
        "delete that folder, or set lake.raw on",
    )
}

async fn table<R: Told>(place: &Location, folder: &Path, store: Option<&Store>, now: Timestamp) -> Check {
    let looked = async {
        let Some(lake) = Lake::<R>::look(place, folder)? else { return Ok(None) };
        lake.refresh().await?;
        Ok::<_, LakeError>(lake.is_made().then_some(lake))
    };
    match tokio::time::timeout(PATIENCE, looked).await {
        Ok(Ok(Some(lake))) => standing(&lake, store, now).await,
        Ok(Ok(None)) => Check::warning(
            R::NAME,
            "there is none yet",
            R::MISSING,
            "start `roost serve`, or run `roost relake`: both make it",
        ),
        Ok(Err(error)) if error.is_damage() => Check::failed(
            R::NAME,
            format!("its log cannot be read: {}", error.cause()),
            "nothing can be asked of it, and nothing new comes into it; no tweet is lost, for it is derived",
            "`roost relake` makes it anew from the database",
        ),
        Ok(Err(error)) => unreachable_place(R::NAME, error.cause()),
        Err(_) => unreachable_place(R::NAME, format!("nothing answers within {} s", PATIENCE.as_secs())),
    }
}

fn unreachable_place(name: &'static str, cause: String) -> Check {
    Check::failed(
        name,
        format!("where it is cannot be read: {cause}"),
        "nothing can be asked of it, and nothing new comes into it",
        "see who may read its folder; for a bucket, whether it answers and the settings [lake] are right",
    )
}

async fn standing<R: Told>(lake: &Lake<R>, store: Option<&Store>, now: Timestamp) -> Check {
    let what = format!("{} tweets, its log is whole, up to change {}", lake.len(), lake.position());
    let lag = match store {
        Some(store) => lag(lake, store).await.ok(),
        None => None,
    };
    let Some(lag) = lag else { return Check::ok(R::NAME, format!("{what}; whether it keeps up cannot be told")) };
    if lag.behind < 0 {
        let what = format!("{what}, but the database is at change {}", lag.stored);
        let why = "it is of another database, or this one was put back to an earlier state";
        return Check::warning(R::NAME, what, why, "start `roost serve`, or run `roost relake`: both make it anew");
    }
    let waited = lag.since.map_or(0, |since| now - since);
    match lag.behind.unsigned_abs() {
        0 => Check::ok(R::NAME, what),
        behind if waited > LATE || behind > MANY => {
            let since = format!("{} minutes", waited / MINUTE);
            let what = format!("{what}; {behind} changes behind, the first of them for {since}");
            Check::warning(R::NAME, what, R::BEHIND, "start `roost serve`; if it runs, see its messages")
        }
        behind => Check::ok(R::NAME, format!("{what}; {behind} changes wait for the next commit")),
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

async fn lag<R: Record>(lake: &Lake<R>, store: &Store) -> Result<Lag, StoreError> {
    let stored = store::tweets::last_change(store).await?;
    // A tweet that was known before tells nothing of when it changed.
    let written = lake.written_at().unwrap_or(Timestamp(0));
    let since = store::tweets::first_seen_after(store, lake.position(), written).await?;
    Ok(Lag { stored, behind: stored as i64 - lake.position() as i64, since })
}
