//! The lake follows the store as the index does, in larger steps, and is kept tidy.

use crate::follow::{self, Follower, Lead, Progress, Told, Until};
use crate::pipeline::Stage;
use crate::sql::Standing;
use crate::wish::{self, Wish};
use crate::{Error, Service};
pub use lake::{Answer, AnswerColumn, Cell, Limits, Location};
use lake::{Hidden, Lake, LakeError, SqlError};
use model::Timestamp;
use model::change::Change;
use model::digest::DayDigest;
use model::time::{HOUR, MINUTE};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::{Mutex, Semaphore};
use tokio_util::sync::CancellationToken;

/// How often the store is asked for changes that another process made.
const POLL: Duration = Duration::from_secs(1);
/// Memory for what is not yet durable, in bytes.
const MOST_BYTES: usize = 48 << 20;
/// How often the lake is tidied.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// For how long what was removed stays for those who still read it, and for how long at most a deleted tweet.
const KEPT: i64 = 12 * HOUR;
const NO_LAKE: &str = "There is no lake: the setting lake.enabled is off.";

/// Questions of people that are answered at once, and how long others wait for their turn.
const ASKED_AT_ONCE: usize = 2;
const TURN: Duration = Duration::from_secs(5);

/// A lake and how far this process has brought it.
pub(crate) struct Shore {
    lake: Lake,
    progress: Mutex<Progress>,
    folder: PathBuf,
    asking: Semaphore,
}

impl Shore {
    pub fn open(place: &Location, folder: &Path) -> Result<Self, Error> {
        let (lake, asking) = (Lake::open(place, folder)?, Semaphore::new(ASKED_AT_ONCE));
        Ok(Self { lake, progress: Mutex::default(), folder: folder.to_owned(), asking })
    }
}

impl Deref for Shore {
    type Target = Lake;

    fn deref(&self) -> &Lake {
        &self.lake
    }
}

impl Follower for Lake {
    const NAME: &'static str = "lake";
    const STAGE: Stage = Stage::Lake;
    const COMMIT_EVERY: usize = 50_000;
    /// Each commit is a file per day, and files cost those who read.
    const COMMIT_AFTER: i64 = 5 * MINUTE;
    const COMMIT_GAP: Duration = Duration::ZERO;

    fn position(&self) -> u64 {
        self.position()
    }

    async fn lead(&self, now: Timestamp) -> Result<Lead, Error> {
        if self.still_leads().await {
            return Ok(Lead::Kept);
        }
        Ok(if self.lead(now).await? { Lead::Begun } else { Lead::Other })
    }

    async fn refresh(&self) -> Result<(), Error> {
        Ok(self.refresh().await?)
    }

    async fn apply(&self, changes: Vec<Change>) -> Result<(), Error> {
        Ok(self.apply(changes).await?)
    }

    async fn is_full(&self) -> bool {
        self.pending().await.bytes >= MOST_BYTES
    }

    async fn commit(&self, position: u64, now: Timestamp) -> Result<(), Error> {
        Ok(self.commit(position, now).await?)
    }

    async fn discard_damaged(&self) -> Result<(), Error> {
        if let Some(damage) = self.discard_damaged().await? {
            tracing::warn!(
                damage = damage.cause(),
                "the log of the lake could not be read; it is made anew from nothing"
            );
        }
        Ok(())
    }

    async fn clear(&self, now: Timestamp) -> Result<(), Error> {
        Ok(self.clear(now).await?)
    }

    async fn days(&self) -> Result<BTreeMap<i64, DayDigest>, Error> {
        Ok(self.days().await?)
    }
}

/// What a process may ask of the one that changes the lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// To make durable what it has.
    Commit,
    Rebuild,
    Compact,
}

impl Work {
    const ALL: [Self; 3] = [Self::Commit, Self::Rebuild, Self::Compact];

    fn wish(self, shore: &Shore) -> Wish {
        Wish::new(shore.folder.join(match self {
            Self::Commit => "wanted-commit",
            Self::Rebuild => "wanted-rebuild",
            Self::Compact => "wanted-compact",
        }))
    }
}

/// Keeps the lake up to date until it is told to stop, then makes durable what it has. Returns at once if there is none.
pub async fn follow(service: Service, stop: CancellationToken) {
    let Some(shore) = service.lake.clone() else { return };
    let _following = service.written.lake.follow();
    loop {
        if let Err(error) = keep_up(&service, &shore, &stop).await {
            tracing::error!(error = %error, "the lake could not follow the store; trying again");
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = service.written.lake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
    if shore.leads()
        && let Err(error) = step(&service, &shore, follow::last()).await
    {
        tracing::error!(error = %error, "the lake could not take in the last changes; it does so at the next start");
    }
}

async fn keep_up(service: &Service, shore: &Shore, stop: &CancellationToken) -> Result<(), Error> {
    if step(service, shore, Until::Stopped(stop)).await?.is_none() {
        return Ok(());
    }
    for work in Work::ALL {
        let wish = work.wish(shore);
        if wish.is_open() {
            fulfil(service, shore, work, &|tweets| wish.tell(tweets)).await?;
            wish.close()?;
        }
    }
    Ok(())
}

/// Returns how many tweets or files that took; `None` if another process changes the lake.
async fn fulfil(service: &Service, shore: &Shore, work: Work, told: Told<'_>) -> Result<Option<u64>, Error> {
    match work {
        Work::Commit => step(service, shore, Until::Done).await,
        Work::Rebuild => follow::rebuild(service, &shore.lake, &shore.progress, &service.written.lake, told).await,
        Work::Compact => match step(service, shore, Until::Done).await? {
            Some(_) => Ok(Some(tidy(service, shore, service.now()).await?)),
            None => Ok(None),
        },
    }
}

async fn step(service: &Service, shore: &Shore, until: Until<'_>) -> Result<Option<u64>, Error> {
    follow::step(service, &shore.lake, &shore.progress, &service.written.lake, until).await
}

/// Does it, or has the process that changes the lake do it and waits. Returns how many tweets or files it took as the one
/// that changes it; `None` if the other did it.
async fn have_done(service: &Service, shore: &Shore, work: Work, told: Told<'_>) -> Result<Option<u64>, Error> {
    wish::have_done(service, &shore.lake, &work.wish(shore), told, || fulfil(service, shore, work, told)).await
}

fn shore(service: &Service) -> Result<&Shore, Error> {
    service.lake.as_deref().ok_or_else(|| Error::Invalid(NO_LAKE.to_owned()))
}

/// Brings the lake up to the store, durably; if another process changes it, has it do so. Does nothing if there is none.
///
/// # Errors
/// `Invalid` if another process changes the lake and makes no progress.
pub async fn catch_up(service: &Service) -> Result<(), Error> {
    let Some(shore) = service.lake.as_deref() else { return Ok(()) };
    have_done(service, shore, Work::Commit, &|_| ()).await.map(|_| ())
}

/// As [`catch_up`], but leaves it to another process that changes the lake to choose its time.
pub async fn settle(service: &Service) -> Result<(), Error> {
    let Some(shore) = service.lake.as_deref() else { return Ok(()) };
    step(service, shore, Until::Done).await.map(|_| ())
}

/// A lake that was made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many are in it.
    pub tweets: u64,
    /// Why its log could not be read before, in a line, if it could not.
    pub damage: Option<String>,
}

/// Makes the lake anew from the store, and tells how many tweets that has; if another process changes it, has it do so. One
/// whose log cannot be read is removed first.
///
/// # Errors
/// `Invalid` if there is none, or another process changes it and makes no progress.
pub async fn rebuild(service: &Service, told: impl Fn(u64) + Sync) -> Result<Rebuilt, Error> {
    let shore = shore(service)?;
    let damage = shore.damage().await?.map(|damage| damage.cause());
    have_done(service, shore, Work::Rebuild, &told).await?;
    Ok(Rebuilt { tweets: follow::count(&Follower::days(&shore.lake).await?), damage })
}

/// Merges the small files of past days, and removes from the disk what was removed from the lake a while ago; if another
/// process changes it, has it do so. Returns how many files were merged, unless the other did it.
///
/// # Errors
/// As [`rebuild`].
pub async fn compact(service: &Service) -> Result<Option<u64>, Error> {
    have_done(service, shore(service)?, Work::Compact, &|_| ()).await
}

/// What the lake holds, with all that the store has had until now; `None` if there is no lake.
pub(crate) async fn days(service: &Service) -> Result<Option<BTreeMap<i64, DayDigest>>, Error> {
    let Some(shore) = service.lake.as_deref() else { return Ok(None) };
    catch_up(service).await?;
    Follower::days(&shore.lake).await.map(Some)
}

/// Asks the lake, as it was at its last commit.
///
/// # Errors
/// `Invalid`, in one line, if there is no lake or the question is wrong or needs too much.
pub async fn sql(service: &Service, question: &str, limits: Limits) -> Result<Answer, Error> {
    let shore = shore(service)?;
    if !shore.leads() {
        shore.refresh().await?;
    }
    Ok(shore.sql(question, limits).await?)
}

/// Asks the lake for a person, who must not know of what is hidden. Few are answered at once: each takes its memory.
pub(crate) async fn ask(
    service: &Service,
    hidden: &Hidden,
    question: &str,
    limits: Limits,
) -> Result<Result<Answer, SqlError>, Error> {
    let Some(shore) = service.lake.as_deref() else { return Ok(Err(SqlError::NoLake)) };
    let Ok(Ok(_turn)) = tokio::time::timeout(TURN, shore.asking.acquire()).await else {
        return Ok(Err(SqlError::Busy));
    };
    if !shore.leads() {
        shore.refresh().await?;
    }
    match shore.sql_without(hidden, question, limits).await {
        Ok(answer) => Ok(Ok(answer)),
        Err(LakeError::Sql(error)) => Ok(Err(error)),
        Err(error) => Err(error.into()),
    }
}

/// How far the lake is.
pub(crate) async fn standing(service: &Service) -> Result<Standing, Error> {
    let Some(shore) = service.lake.as_deref() else { return Ok(Standing::Off) };
    if !shore.leads() {
        shore.refresh().await?;
    }
    let behind = store::tweets::last_change(&service.store).await?.saturating_sub(shore.position());
    Ok(shore.written_at().map_or(Standing::Empty, |at| Standing::Written { at, behind }))
}

/// Tidies the lake every hour until it is told to stop.
pub async fn maintain(service: Service, stop: CancellationToken) {
    let Some(shore) = service.lake.clone() else { return };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
        if shore.leads()
            && let Err(error) = tidy(&service, &shore, service.now()).await
        {
            tracing::error!(error = %error, "the lake could not be tidied; trying again in an hour");
        }
    }
}

async fn tidy(service: &Service, shore: &Shore, now: Timestamp) -> Result<u64, Error> {
    let today = service.now().day_number();
    let merged = shore.compact(today, now).await?;
    let removed = shore.vacuum(Timestamp(now.0 - KEPT), now).await?;
    tracing::info!(merged, removed, "the lake was tidied");
    Ok(merged)
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
