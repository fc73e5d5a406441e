//! Exports in the background: one at a time, gone on with after a crash, deleted when their time is over.

use super::about::{About, Totals};
use super::files::{Places, create, sync_folder, tidy};
use super::writer::{End, Writer, resumes};
use super::{BLOCK, ids, random_name};
use crate::access::{self, Hidden};
use crate::error::blocking;
use crate::{Error, Service};
use model::export::Fault;
use std::io::{Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::exports::{Job, Progress};
use tokio_util::sync::CancellationToken;

/// How often it is looked for exports that another process recorded, or left behind.
const TICK: Duration = Duration::from_secs(1);
/// How often a process says that it is alive: several times in a lease.
const HEARTBEAT: Duration = Duration::from_secs(3);
/// How often expired files are looked for.
const TIDY: Duration = Duration::from_secs(60);
/// Rows after which what was written is made durable.
const CHECKPOINT: u64 = 5_000;

/// Makes the exports that are recorded for it, until it is told to stop.
pub async fn follow(service: Service, stop: CancellationToken) {
    let mut tidied: Option<Instant> = None;
    while !stop.is_cancelled() {
        if tidied.is_none_or(|at| at.elapsed() >= TIDY) {
            tell(clean_up(&service).await, "expired exports could not be deleted; trying again");
            tidied = Some(Instant::now());
        }
        match make_next(&service, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tell(Err(error), "exports could not be made; trying again"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = service.exports.recorded.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Makes every export that waits.
pub async fn make_all(service: &Service, stop: &CancellationToken) -> Result<(), Error> {
    while make_next(service, stop).await? {}
    Ok(())
}

/// Deletes the files whose time is over, and those that nobody needs.
pub async fn clean_up(service: &Service) -> Result<(), Error> {
    store::exports::expire(&service.store, service.now()).await?;
    let _guard = service.exports.preparing.write().await;
    tidy(service).await
}

fn tell(done: Result<(), Error>, what: &str) {
    if let Err(error) = done {
        tracing::error!(error = %error, "{what}");
    }
}

/// Makes one export, if one waits. Returns whether there was one.
async fn make_next(service: &Service, stop: &CancellationToken) -> Result<bool, Error> {
    let claim = random_name()?;
    let Some(job) = store::exports::claim(&service.store, &claim, service.now()).await? else { return Ok(false) };
    let made = Make::new(service, &job, &claim);
    let ended = tokio::select! {
        ended = made.run(stop) => ended,
        ended = made.keep_claim() => ended,
    };
    let Some(broken) = ended.err() else { return Ok(true) };
    let id = job.kept.record.id;
    match broken {
        // Its owner has cancelled it, or another process goes on with it.
        Broken::Lost => tracing::info!(export.id = id, "an export was taken away"),
        Broken::Stopped => store::exports::release(&service.store, id, &claim).await?,
        Broken::Failed(fault) => {
            tracing::warn!(export.id = id, reason = fault.told(), "an export failed");
            store::exports::fail(&service.store, &job, &claim, &fault, service.now()).await?;
            made.places.delete();
        }
        // The database will answer again, and then the export goes on.
        Broken::Unanswered(error) => return Err(error),
    }
    Ok(true)
}

/// Why an export ended before its file was whole.
enum Broken {
    Lost,
    Stopped,
    Failed(Fault),
    Unanswered(Error),
}

impl From<store::StoreError> for Broken {
    fn from(error: store::StoreError) -> Self {
        Broken::Unanswered(error.into())
    }
}

/// What goes wrong with the format stays wrong.
impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Broken::Failed(Fault::Told(error.to_string()))
    }
}

impl From<std::io::Error> for Broken {
    fn from(error: std::io::Error) -> Self {
        tracing::error!(error = %error, "the file of an export failed");
        Broken::Failed(match error.kind() {
            std::io::ErrorKind::StorageFull => Fault::DiskFull,
            std::io::ErrorKind::NotFound => Fault::FilesGone,
            _ => Fault::NotWritten,
        })
    }
}

/// An export at work.
struct Make<'a> {
    service: &'a Service,
    job: &'a Job,
    claim: &'a str,
    places: Places,
    /// What is in the file for sure.
    progress: Arc<Mutex<Progress>>,
}

impl<'a> Make<'a> {
    fn new(service: &'a Service, job: &'a Job, claim: &'a str) -> Self {
        let record = &job.kept.record;
        let places = Places::of(service, &job.file, record.format);
        let progress = match resumes(record.format) {
            true => Progress { written: record.written, removed: record.removed, bytes: record.bytes },
            false => Progress::default(),
        };
        Self { service, job, claim, places, progress: Arc::new(Mutex::new(progress)) }
    }

    /// Says again and again that the process is alive. Ends when the export is not its any more.
    async fn keep_claim(&self) -> Result<(), Broken> {
        loop {
            tokio::time::sleep(HEARTBEAT).await;
            match self.save().await {
                Err(Broken::Unanswered(error)) => {
                    tracing::warn!(error = %error, "an export could not say that it is alive")
                }
                other => other?,
            }
        }
    }

    fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn save(&self) -> Result<(), Broken> {
        let (id, now) = (self.job.kept.record.id, self.service.now());
        let is_mine = store::exports::save_progress(&self.service.store, id, self.claim, self.progress(), now).await?;
        if is_mine { Ok(()) } else { Err(Broken::Lost) }
    }

    async fn run(&self, stop: &CancellationToken) -> Result<(), Broken> {
        let record = &self.job.kept.record;
        if ids::count(&self.places.ids)? != record.tweets {
            return Err(Broken::Failed(Fault::NotWhole));
        }
        let Some(hidden) = self.hidden().await? else {
            return Err(Broken::Failed(Fault::NotOpen));
        };
        let begun = self.progress();
        let file = create(&self.places.part)?;
        // What was written after the last checkpoint is written again.
        file.set_len(begun.bytes)?;
        (&file).seek(SeekFrom::End(0))?;
        let writer = Writer::new(&About::of(record), &self.service.exports.folder, begun.bytes > 0)?;
        let (file, totals) = self.rows(file, writer, &hidden, stop).await?;
        self.finish(file, totals).await
    }

    /// What is hidden from its owner; `None` if its collection is, too.
    async fn hidden(&self) -> Result<Option<Hidden>, Broken> {
        let hidden = access::hidden_from(self.service, self.job.user).await.map_err(Broken::Unanswered)?;
        Ok(Some(hidden).filter(|hidden| !hidden.has(&self.job.kept.record.query.collection)))
    }

    /// Writes all rows, and what comes after them.
    async fn rows(
        &self,
        mut file: std::fs::File,
        mut writer: Writer,
        hidden: &Hidden,
        stop: &CancellationToken,
    ) -> Result<(std::fs::File, Progress), Broken> {
        let mut now = self.progress();
        let mut durable = now.written + now.removed;
        loop {
            if stop.is_cancelled() {
                return Err(Broken::Stopped);
            }
            let done = now.written + now.removed;
            let ids = ids::read(&self.places.ids, done, BLOCK as u64)?;
            if ids.is_empty() {
                break;
            }
            let rows = hidden.rows(store::tweets::by_ids(&self.service.store, &ids).await?);
            now.written += rows.len() as u64;
            now.removed += (ids.len() - rows.len()) as u64;
            let is_due = now.written + now.removed - durable >= CHECKPOINT;
            let (back, appended) = blocking(move || append(file, writer, &rows, is_due)).await?;
            (file, writer) = back;
            now.bytes += appended?;
            if is_due {
                durable = now.written + now.removed;
                *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = now;
                self.save().await?;
            }
        }
        let totals = Totals { written: now.written, removed: now.removed };
        let (file, bytes) = blocking(move || end(file, writer, totals)).await??;
        Ok((file, Progress { bytes: now.bytes + bytes, ..now }))
    }

    /// Puts the whole file in its place.
    async fn finish(&self, file: std::fs::File, totals: Progress) -> Result<(), Broken> {
        let (part, whole) = (self.places.part.clone(), self.places.whole.clone());
        blocking(move || {
            file.sync_all()?;
            std::fs::rename(&part, &whole)?;
            sync_folder(&whole)
        })
        .await??;
        let now = self.service.now();
        let times = (now, model::Timestamp(now.0 + self.service.exports.keep));
        if store::exports::finish(&self.service.store, self.job, self.claim, totals, times).await? {
            return Ok(());
        }
        self.places.delete();
        Err(Broken::Lost)
    }
}

/// Writes rows to the end of the file. Returns how many bytes they take.
fn append(
    mut file: std::fs::File,
    mut writer: Writer,
    rows: &[model::Row],
    is_due: bool,
) -> ((std::fs::File, Writer), Result<u64, Broken>) {
    let written = writer.write(rows).map_err(Broken::from).and_then(|piece| {
        file.write_all(&piece)?;
        if is_due {
            file.sync_data()?;
        }
        Ok(piece.len() as u64)
    });
    ((file, writer), written)
}

/// Writes what comes after the last row. Returns how many bytes it takes.
fn end(mut file: std::fs::File, writer: Writer, totals: Totals) -> Result<(std::fs::File, u64), Broken> {
    let bytes = match writer.finish(totals)? {
        End::Bytes(bytes) => {
            file.write_all(&bytes)?;
            bytes.len() as u64
        }
        End::File(mut whole) => std::io::copy(&mut whole, &mut file)?,
    };
    Ok((file, bytes))
}
