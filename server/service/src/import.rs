//! Files into a collection. Memory does not grow with the files: reading waits for writing.

use crate::error::blocking;
use crate::{Error, Service};
use model::collection::Collection;
use model::import::Counts;
use process::{Item, Options, ReadError, Reject, Source};
use std::io::Write;
use std::path::{Path, PathBuf};
use store::tweets::Origin;
use tokio::sync::mpsc;

/// Batches that may wait to be written.
const WAITING: usize = 2;

/// What is to be imported.
pub struct Import {
    pub collection: Collection,
    pub sources: Vec<Source>,
    pub options: Options,
    /// Where what cannot be read is kept; made only if there is something.
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
    /// Why files could not be read (to their end).
    pub failures: Vec<String>,
}

enum Read {
    Item(Item),
    Failed(String),
}

/// Imports files. What was written stays written if it is stopped; importing the same files again then stores
/// what is missing.
pub async fn run(service: &Service, import: Import, mut watch: impl FnMut(Event<'_>)) -> Result<Report, Error> {
    let Import { collection, sources, options, rejects } = import;
    let (sender, mut items) = mpsc::channel(WAITING);
    let reading = tokio::task::spawn_blocking(move || read_all(&sources, &options, &sender));
    let mut rejects = RejectsFile::new(rejects);
    let mut report = Report::default();
    let origin = Origin { collection: collection.id, schedule: None };
    while let Some(read) = items.recv().await {
        match read {
            Read::Item(Item::Batch { batch, bytes, partial_errors }) => {
                let counts = store::tweets::write(&service.store, origin, batch, service.now()).await?;
                service.written.notify_one();
                report.progress.counts.add(counts);
                report.progress.bytes += bytes;
                report.progress.partial_errors += partial_errors;
                watch(Event::Progress(&report.progress));
            }
            Read::Item(Item::Reject(reject)) => {
                report.progress.counts.read += 1;
                report.progress.counts.rejected += 1;
                rejects.add(&reject)?;
                watch(Event::Rejected(&reject));
            }
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

fn read_all(sources: &[Source], options: &Options, sender: &mpsc::Sender<Read>) {
    for source in sources {
        let read = process::read(source, options, &mut |item| {
            sender.blocking_send(Read::Item(item)).map_err(|_| anyhow::anyhow!("the import was stopped"))
        });
        match read {
            Ok(_) => {}
            Err(ReadError::Sink(_)) => return,
            Err(error) => {
                if sender.blocking_send(Read::Failed(error.to_string())).is_err() {
                    return;
                }
            }
        }
    }
}

/// The rejected lines, as they were, each after a comment line that says where it stood and why it was refused.
struct RejectsFile {
    path: PathBuf,
    file: Option<std::io::BufWriter<std::fs::File>>,
}

impl RejectsFile {
    fn new(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    fn add(&mut self, reject: &Reject) -> Result<(), Error> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(std::io::BufWriter::new(create(&self.path)?)),
        };
        let reason = reject.reason.replace('\n', " ");
        let written = writeln!(file, "# {}:{}: {reason}", reject.file, reject.line)
            .and_then(|()| file.write_all(&reject.content))
            .and_then(|()| file.write_all(b"\n"));
        written.map_err(|error| failed(&self.path, &error))
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
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| options.open(path)).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Invalid(format!("Cannot write the rejects to {}: {error}.", path.display()))
}
