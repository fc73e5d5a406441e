//! Files into a collection. Memory does not grow with the files: reading waits for writing.

use crate::error::blocking;
use crate::written::hand_over;
use crate::{Error, Service};
use model::Timestamp;
use model::collection::Collection;
use model::import::Counts;
use process::{Item, Note, Options, ReadError, Reject, Source};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::tweets::{Delivery, Origin, Ready, Sealer};
use tokio::sync::mpsc;

/// Batches that may wait to be written while others are read: some megabytes each.
const WAITING: usize = 1;
/// Tweets that are written in one transaction: enough that the wait for the disk costs little.
const BATCH: usize = 2_500;

/// Characters of a rejected line that are kept: enough to find it again, and no second copy of the files.
const KEPT_CHARS: usize = 4000;

/// What is to be imported.
pub struct Import {
    pub collection: Collection,
    pub sources: Vec<Source>,
    pub options: Options,
    /// Where what cannot be read is kept; made only if there is something, and never over a file that exists.
    pub rejects: PathBuf,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    pub counts: Counts,
    /// Bytes of the files that were consumed, as stored.
    pub bytes: u64,
    pub partial_errors: u64,
}

/// Something that happened, for the person who watches.
pub enum Event<'a> {
    Progress(&'a Progress),
    Rejected(&'a Reject),
    /// A whole file could not be read; the rest goes on.
    FileFailed(&'a str),
}

/// How it ended.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub progress: Progress,
    /// What to know though nothing failed: which columns of a table were used, which files were left out.
    pub notes: Vec<Note>,
    /// Why files could not be read (to their end).
    pub failures: Vec<String>,
}

enum Read {
    /// Tweets that are ready to be written, and what was consumed for them.
    Ready {
        ready: Ready,
        bytes: u64,
        partial_errors: u64,
    },
    Reject(Reject),
    Note(Note),
    Failed(String),
}

/// Imports files. What was written stays written if it is stopped; importing the same files again then stores
/// what is missing.
pub async fn run(service: &Service, import: Import, mut watch: impl FnMut(Event<'_>)) -> Result<Report, Error> {
    let Import { collection, sources, options, rejects } = import;
    let mut rejects = RejectsFile::new(rejects)?;
    let (sender, mut items) = mpsc::channel(WAITING);
    let now = service.now();
    let options = Options { batch_size: BATCH, ..options };
    let reader = Reader {
        origin: Origin { collection: collection.id, schedule: None },
        sealer: Sealer::new(&service.store, now).await?,
        sender,
    };
    let reading = tokio::task::spawn_blocking(move || reader.read_all(&sources, &options, now));
    let mut report = Report::default();
    while let Some(read) = items.recv().await {
        match read {
            Read::Ready { ready, bytes, partial_errors } => {
                let written = store::tweets::write(&service.store, ready, None, service.now()).await?;
                hand_over(service, written.handover).await;
                report.progress.counts.add(written.counts);
                report.progress.bytes += bytes;
                report.progress.partial_errors += partial_errors;
                watch(Event::Progress(&report.progress));
            }
            Read::Reject(reject) => {
                report.progress.counts.read += 1;
                report.progress.counts.rejected += 1;
                rejects.add(&reject)?;
                watch(Event::Rejected(&reject));
            }
            Read::Note(note) => report.notes.push(note),
            Read::Failed(reason) => {
                watch(Event::FileFailed(&reason));
                report.failures.push(reason);
            }
        }
    }
    reading.await.map_err(|error| {
        tracing::error!(error = %error, "reading stopped");
        Error::Internal
    })?;
    blocking(move || rejects.finish()).await??;
    Ok(report)
}

/// Reads, decodes and seals: all that needs no database.
struct Reader {
    origin: Origin,
    sealer: Sealer,
    sender: mpsc::Sender<Read>,
}

impl Reader {
    fn read_all(&self, sources: &[Source], options: &Options, now: Timestamp) {
        for source in sources {
            // What comes by standard input is of now; a file has a time of its own.
            let observed_at = options.observed_at.or(source.path.is_none().then_some(now));
            let options = Options { observed_at, ..options.clone() };
            let read = process::read(source, &options, &mut |item| self.send(item));
            match read {
                Ok(_) => {}
                Err(ReadError::Sink(_)) => return,
                Err(error) => {
                    if self.sender.blocking_send(Read::Failed(error.to_string())).is_err() {
                        return;
                    }
                }
            }
        }
    }

    fn send(&self, item: Item) -> anyhow::Result<()> {
        let read = match item {
            Item::Batch { batch, bytes, partial_errors } => {
                let ready = self.sealer.prepare(vec![Delivery::of(self.origin, batch)])?;
                Read::Ready { ready, bytes, partial_errors }
            }
            Item::Reject(reject) => Read::Reject(reject),
            Item::Note(note) => Read::Note(note),
        };
        self.sender.blocking_send(read).map_err(|_| anyhow::anyhow!("the import was stopped"))
    }
}

/// The rejects as JSON lines: `file`, `line`, `reason`, `content` (its beginning; bytes that are not UTF-8 are
/// replaced) and `cut` (whether there was more).
struct RejectsFile {
    path: PathBuf,
    file: Option<std::io::BufWriter<std::fs::File>>,
}

impl RejectsFile {
    /// Refuses a path that exists before anything is read: it may be one of the files to be imported.
    fn new(path: PathBuf) -> Result<Self, Error> {
        if path.symlink_metadata().is_ok() {
            return Err(Error::Invalid(format!(
                "The rejects cannot go to {}: it exists, and nothing is overwritten. Name another file.",
                path.display()
            )));
        }
        Ok(Self { path, file: None })
    }

    fn add(&mut self, reject: &Reject) -> Result<(), Error> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(std::io::BufWriter::new(create(&self.path)?)),
        };
        let whole = String::from_utf8_lossy(&reject.content);
        let end = whole.char_indices().nth(KEPT_CHARS).map_or(whole.len(), |(at, _)| at);
        let line = serde_json::json!({
            "file": reject.file,
            "line": reject.line,
            "reason": reject.reason,
            "content": whole[..end],
            "cut": reject.cut || end < whole.len(),
        });
        writeln!(file, "{line}").map_err(|error| failed(&self.path, &error))
    }

    fn finish(self) -> Result<(), Error> {
        let Some(file) = self.file else { return Ok(()) };
        let flushed = file.into_inner().map_err(|error| error.into_error()).and_then(|file| file.sync_all());
        flushed.map_err(|error| failed(&self.path, &error))
    }
}

/// Readable by its owner only: rejected lines name people.
fn create(path: &Path) -> Result<std::fs::File, Error> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| options.open(path)).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Invalid(format!("Cannot write the rejects to {}: {error}.", path.display()))
}
