//! The lake follows the store as the index does, in larger steps, and is kept tidy: the table of tweets by column, and,
//! where it is wanted, that of tweets as they came.

mod raw;
mod shore;

use crate::sql::Standing;
use crate::{Error, Service, Settings};
pub use lake::{Answer, AnswerColumn, Cell, Limits, Location, RawTweet};
use lake::{Hidden, LakeError, SqlError};
use model::Row;
use model::digest::DayDigest;
pub use raw::{Opened, Wanted, write_raw};
pub use shore::{Rebuilt, Shore, Table};
use std::collections::BTreeMap;
use std::time::Duration;
use store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// How often the lake is tidied.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
const NO_LAKE: &str = "There is no lake: the setting lake.enabled is off.";

/// Questions of people that are answered at once, and how long others wait for their turn.
const ASKED_AT_ONCE: usize = 2;
const TURN: Duration = Duration::from_secs(5);

/// The tables that there are.
pub(crate) struct Shores {
    pub tweets: Shore<Row>,
    pub raw: Option<Shore<RawTweet>>,
    asking: Semaphore,
}

impl Shores {
    /// `None` if there is to be no lake.
    pub fn open(settings: &Settings, store: &Store) -> Result<Option<Self>, Error> {
        let Some(place) = &settings.lake else { return Ok(None) };
        let tweets = Shore::open(place, &settings.lake_folder(), store.clone())?;
        let raw = settings.raw_lake.then(|| Shore::open(place, &settings.raw_lake_folder(), store.clone()));
        Ok(Some(Self { tweets, raw: raw.transpose()?, asking: Semaphore::new(ASKED_AT_ONCE) }))
    }
}

/// Keeps the lake up to date until it is told to stop, then makes durable what it has. Returns at once if there is none.
pub async fn follow(service: Service, stop: CancellationToken) {
    let Some(shores) = service.lake.as_deref() else { return };
    let raw = async {
        if let Some(raw) = &shores.raw {
            raw.follow(&service, &stop).await;
        }
    };
    tokio::join!(shores.tweets.follow(&service, &stop), raw);
}

fn shores(service: &Service) -> Result<&Shores, Error> {
    service.lake.as_deref().ok_or_else(|| Error::Invalid(NO_LAKE.to_owned()))
}

/// Brings the lake up to the store, durably; if another process changes it, has it do so. Does nothing if there is none.
///
/// # Errors
/// `Invalid` if another process changes the lake and makes no progress.
pub async fn catch_up(service: &Service) -> Result<(), Error> {
    let Some(Shores { tweets, raw, .. }) = service.lake.as_deref() else { return Ok(()) };
    tweets.catch_up(service).await?;
    match raw {
        Some(raw) => raw.catch_up(service).await,
        None => Ok(()),
    }
}

/// As [`catch_up`], but leaves it to another process that changes the lake to choose its time.
pub async fn settle(service: &Service) -> Result<(), Error> {
    let Some(Shores { tweets, raw, .. }) = service.lake.as_deref() else { return Ok(()) };
    tweets.settle(service).await?;
    match raw {
        Some(raw) => raw.settle(service).await,
        None => Ok(()),
    }
}

/// Makes the table of tweets anew from the store, and tells how many tweets that has; if another process changes it, has it
/// do so. One whose log cannot be read is removed first.
///
/// # Errors
/// `Invalid` if there is none, or another process changes it and makes no progress.
pub async fn rebuild(service: &Service, told: impl Fn(u64) + Sync) -> Result<Rebuilt, Error> {
    shores(service)?.tweets.rebuild(service, &told).await
}

/// The same for the table of raw tweets; `None` if there is to be none.
///
/// # Errors
/// As [`rebuild`].
pub async fn rebuild_raw(service: &Service, told: impl Fn(u64) + Sync) -> Result<Option<Rebuilt>, Error> {
    match &shores(service)?.raw {
        Some(raw) => raw.rebuild(service, &told).await.map(Some),
        None => Ok(None),
    }
}

/// Merges the small files of past days, and removes from the disk what was removed from the lake a while ago; if another
/// process changes it, has it do so. Returns how many files were merged, unless the other did it.
///
/// # Errors
/// As [`rebuild`].
pub async fn compact(service: &Service) -> Result<Option<u64>, Error> {
    let Shores { tweets, raw, .. } = shores(service)?;
    let merged = tweets.compact(service).await?;
    let raw = match raw {
        Some(raw) => raw.compact(service).await?,
        None => None,
    };
    Ok(merged.into_iter().chain(raw).reduce(|merged, more| merged + more))
}

/// What a table of the lake holds of each day.
type Days = BTreeMap<i64, DayDigest>;

/// What the table of tweets holds, with all that the store has had until now, and that of raw tweets; `None` for what there
/// is not.
pub(crate) async fn days(service: &Service) -> Result<(Option<Days>, Option<Days>), Error> {
    let Some(Shores { tweets, raw, .. }) = service.lake.as_deref() else { return Ok((None, None)) };
    let tweets = tweets.days_now(service).await?;
    match raw {
        Some(raw) => Ok((Some(tweets), Some(raw.days_now(service).await?))),
        None => Ok((Some(tweets), None)),
    }
}

/// Asks the lake, as it was at its last commit.
///
/// # Errors
/// `Invalid`, in one line, if there is no lake or the question is wrong or needs too much.
pub async fn sql(service: &Service, question: &str, limits: Limits) -> Result<Answer, Error> {
    let Shores { tweets, .. } = shores(service)?;
    tweets.look().await?;
    Ok(tweets.sql(question, limits).await?)
}

/// Asks the lake for a person, who must not know of what is hidden. Few are answered at once: each takes its memory.
pub(crate) async fn ask(
    service: &Service,
    hidden: &Hidden,
    question: &str,
    limits: Limits,
) -> Result<Result<Answer, SqlError>, Error> {
    let Some(Shores { tweets, asking, .. }) = service.lake.as_deref() else { return Ok(Err(SqlError::NoLake)) };
    let Ok(Ok(_turn)) = tokio::time::timeout(TURN, asking.acquire()).await else {
        return Ok(Err(SqlError::Busy));
    };
    tweets.look().await?;
    match tweets.sql_without(hidden, question, limits).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(LakeError::Sql(error)) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

/// How far the lake is.
pub(crate) async fn standing(service: &Service) -> Result<Standing, Error> {
    let Some(Shores { tweets, .. }) = service.lake.as_deref() else { return Ok(Standing::Off) };
    tweets.look().await?;
    let behind = store::tweets::last_change(&service.store).await?.saturating_sub(tweets.position());
    Ok(tweets.written_at().map_or(Standing::Empty, |at| Standing::Written { at, behind }))
}

/// Tidies the lake every hour until it is told to stop.
pub async fn maintain(service: Service, stop: CancellationToken) {
    let Some(shores) = service.lake.as_deref() else { return };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
        shores.tweets.tidy_if_leading(service.now()).await;
        if let Some(raw) = &shores.raw {
            raw.tidy_if_leading(service.now()).await;
        }
    }
}

impl From<LakeError> for Error {
    fn from(error: LakeError) -> Self {
        match error {
            error @ (LakeError::Sql(_) | LakeError::Locked | LakeError::Damaged(_)) => {
                Error::Invalid(error.to_string())
            }
            error => {
                tracing::error!(error = %error, "the lake failed");
                Error::Internal
            }
        }
    }
}
