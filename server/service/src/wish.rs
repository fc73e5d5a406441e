//! What a process asks of the one that changes a follower: a file in the follower's folder, until it is done.

use crate::follow::{Follower, Told};
use crate::{Error, Service};
use model::time::MINUTE;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// How often who waits looks whether it is done.
const GLANCE: Duration = Duration::from_millis(100);
/// How long, in microseconds, there may be no progress. Longer than a compaction of a day.
const PATIENCE: i64 = 2 * MINUTE;

/// Something that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wish(PathBuf);

impl Wish {
    pub fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// Whether somebody waits for it.
    pub fn is_open(&self) -> bool {
        self.0.exists()
    }

    /// Tells who waits how many tweets are done.
    pub fn tell(&self, tweets: u64) {
        if self.is_open() {
            // Who waits only has less to look at.
            let _ = fs::write(&self.0, tweets.to_string());
        }
    }

    /// It is done.
    pub fn close(&self) -> Result<(), Error> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    fn open(&self) -> Result<(), Error> {
        fs::write(&self.0, "0").map_err(|error| self.failed(&error))
    }

    fn told(&self) -> u64 {
        fs::read_to_string(&self.0).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    fn failed(&self, error: &std::io::Error) -> Error {
        Error::Invalid(format!("{} cannot be written: {error}", self.0.display()))
    }
}

/// Does what is wished for, or has the process that changes the follower do it and waits. Returns what `fulfil` does, which
/// is `None` if another process changes the follower: that one has done it then.
///
/// # Errors
/// `Invalid` if the other process makes no progress.
pub(crate) async fn have_done<F, D>(
    service: &Service,
    follower: &F,
    wish: &Wish,
    told: Told<'_>,
    fulfil: impl Fn() -> D + Send,
) -> Result<Option<u64>, Error>
where
    F: Follower,
    D: Future<Output = Result<Option<u64>, Error>> + Send,
{
    let (mut seen, mut since) = (None, service.now());
    loop {
        if let Some(done) = fulfil().await? {
            // Perhaps it was asked of a process that has ended since.
            wish.close()?;
            return Ok(Some(done));
        }
        if seen.is_none() {
            wish.open()?;
        } else if !wish.is_open() {
            follower.refresh().await?;
            return Ok(None);
        }
        let now = Some((follower.position(), wish.told()));
        if seen != now {
            (seen, since) = (now, service.now());
            told(wish.told());
        } else if service.now() - since > PATIENCE {
            return Err(Error::Invalid(format!(
                "Another process of Roost changes the {} and does not do what this one asks for. What was stored is safe; \
                 stop that process, and run this again.",
                F::NAME
            )));
        }
        tokio::time::sleep(GLANCE).await;
    }
}
