//! Makes days of what follows the store anew, where they differ from it.
//!
//! Only the process that changes the index can do so. Another one asks it to, by a note in the index's folder, and waits;
//! where nobody changes the index, it does it itself. What is done for one day can be done again without harm.

use crate::error::blocking;
use crate::index::{self, Verdict};
use crate::{Error, Service, follow};
use model::TweetId;
use search::Change;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;
use store::inspect::Inspection;

/// Tweets that are read and applied at a time.
const SLICE: usize = 1000;
/// How often who waits looks whether another process has done it.
const GLANCE: Duration = Duration::from_millis(100);
/// How long, in microseconds, that process may take for one day.
const PATIENCE: i64 = 5 * model::time::MINUTE;
/// Looks at a day that is being written to: what was stored a moment ago may not be in the index yet.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// What was repaired, and whether all agrees now.
#[derive(Clone, Debug)]
pub struct Repaired {
    /// UTC days since 1970.
    pub days: BTreeSet<i64>,
    pub verdict: Verdict,
}

/// Makes the days anew on which store and index differ, or only the one that is named, which then is made anew in any case.
///
/// # Errors
/// `Invalid` if the database itself is damaged, for nothing good could be made of it; or if the process that changes the
/// index does not get it done.
pub async fn repair(service: &Service, settings: &store::Settings, day: Option<i64>) -> Result<Repaired, Error> {
    must_be_whole(service, settings).await?;
    index::catch_up(service).await?;
    let days: BTreeSet<i64> = match day {
        Some(day) => [day].into(),
        None => index::verify(service).await?.differing.into_iter().map(|(day, ..)| day).collect(),
    };
    remake(service, &days).await?;
    let mut verdict = index::verify(service).await?;
    for _ in 1..LOOKS {
        if !verdict.differing.iter().any(|(day, ..)| days.contains(day)) {
            break;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        index::catch_up(service).await?;
        verdict = index::verify(service).await?;
    }
    Ok(Repaired { days, verdict })
}

/// Gives up an index whose files are damaged, before the data are opened: it would keep them from being so. Returns whether
/// it was damaged; then the next who opens it has an empty one.
///
/// # Errors
/// `Invalid` if another process changes it.
pub async fn discard_damaged(settings: &crate::Settings) -> Result<bool, Error> {
    let folder = settings.index_folder();
    Ok(blocking(move || search::discard_if_damaged(&folder)).await??)
}

async fn must_be_whole(service: &Service, settings: &store::Settings) -> Result<(), Error> {
    let failed = |error: store::StoreError| Error::Invalid(format!("the database cannot be looked at: {error}"));
    let database = Inspection::open(settings).await.map_err(failed)?;
    let damage = database.damage().await;
    database.close().await.map_err(failed)?;
    let damage = match damage.into_iter().next() {
        None => damaged_tweets(service).await?,
        found => found,
    };
    match damage {
        None => Ok(()),
        Some(problem) => Err(Error::Invalid(format!(
            "the database itself is damaged ({problem}), so nothing is made anew from it: restore the latest backup with `roost restore`"
        ))),
    }
}

/// What to say of tweets that are not as they were written, if there are any.
async fn damaged_tweets(service: &Service) -> Result<Option<String>, Error> {
    let damaged = store::tweets::damaged(&service.store).await?;
    let count = damaged.len();
    Ok(damaged.first().map(|first| format!("{count} tweets are not as they were written, {first} among them")))
}

/// Makes these days anew, or has it done by the process that changes the index.
async fn remake(service: &Service, days: &BTreeSet<i64>) -> Result<(), Error> {
    if days.is_empty() || remake_here(service, days).await? {
        return Ok(());
    }
    let mut asked = false;
    let (mut seen, mut since) = (BTreeSet::new(), service.now());
    loop {
        let (index, wanted) = (service.index.clone(), days.clone());
        let looked = blocking(move || {
            let asked = asked || index.ask_for(&wanted)?;
            index.asked_for().map(|left| (asked, left))
        });
        let left;
        (asked, left) = looked.await??;
        if asked && left.is_disjoint(days) {
            return Ok(());
        }
        if left != seen {
            (seen, since) = (left, service.now());
        } else if service.now() - since > PATIENCE {
            return Err(Error::Invalid(
                "the process of Roost that changes the index has repaired nothing for five minutes: stop it, and run this again"
                    .to_owned(),
            ));
        }
        tokio::time::sleep(GLANCE).await;
        // Where the other has ended, what was asked of it is done here.
        serve(service).await?;
    }
}

/// Does what was asked for, if this process is the one that changes the index.
pub(crate) async fn serve(service: &Service) -> Result<(), Error> {
    let index = service.index.clone();
    let days = blocking(move || index.asked_for()).await??;
    if !days.is_empty() {
        remake_here(service, &days).await?;
    }
    Ok(())
}

/// Returns false, and has done nothing, if another process changes the index.
async fn remake_here(service: &Service, days: &BTreeSet<i64>) -> Result<bool, Error> {
    let mut progress = service.indexing.lock().await;
    if !follow::lead(service, &service.index, &mut progress).await? {
        return Ok(false);
    }
    let mut stored = store::repair::ids_of_days(&service.store, days).await?;
    for day in days.iter().copied() {
        remake_day(service, day, stored.remove(&day).unwrap_or_default()).await?;
        let index = service.index.clone();
        blocking(move || {
            let mut asked = index.asked_for()?;
            if asked.remove(&day) { index.still_asked_for(&asked) } else { Ok(()) }
        })
        .await??;
    }
    tracing::info!(days = days.len(), "days of the index were made anew");
    Ok(true)
}

/// Removes from the index what the store does not have of a day, and puts the rest there again.
async fn remake_day(service: &Service, day: i64, stored: Vec<TweetId>) -> Result<(), Error> {
    let index = service.index.clone();
    let held = blocking(move || index.ids_of_day(day)).await??;
    let there: HashSet<TweetId> = stored.iter().copied().collect();
    let mut changes: Vec<Change> = held.into_iter().filter(|id| !there.contains(id)).map(Change::Remove).collect();
    for ids in stored.chunks(SLICE) {
        let rows = store::tweets::by_ids(&service.store, ids).await?;
        changes.extend(rows.into_iter().map(Change::Put));
        let (index, slice) = (service.index.clone(), std::mem::take(&mut changes));
        blocking(move || index.apply(slice)).await??;
    }
    let index = service.index.clone();
    // All that was committed before stays true, so the position does.
    blocking(move || index.apply(changes).and_then(|()| index.commit(index.position()))).await??;
    Ok(())
}
