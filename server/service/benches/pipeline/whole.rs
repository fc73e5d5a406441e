//! Pages into the log, from there into the store, and into index and lake, all at once.

use crate::usage::Usage;
use model::schedule::{Expansions, Reads};
use model::{CollectionId, Timestamp};
use service::pipeline::{self, Page};
use service::schedules::{self, NewSchedule};
use service::{Background, Service, Settings, SystemClock, collections, index};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Pages that are on their way into the log at once: as many as several schedules fetch.
const IN_FLIGHT: usize = 16;

pub fn measure(pages: &Path, tweets: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(pages, tweets));
}

/// What `roost serve` runs, but for its pages and schedules.
pub struct Running {
    pub service: Service,
    collection: CollectionId,
    schedule: i64,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
    _background: Background,
}

impl Running {
    pub async fn start(folder: &Path) -> Self {
        let settings = Settings::folder(folder);
        #[cfg(feature = "lake")]
        let settings = Settings { lake: Some(service::lake::Location::Folder(settings.lake_folder())), ..settings };
        let service = Service::open(&settings, Arc::new(SystemClock)).await.unwrap();
        let collection = collections::find_or_create(&service, "Bench").await.unwrap().id;
        let credential = schedules::save_credential(&service, "x", "http://127.0.0.1:1", "token").await.unwrap();
        let new = NewSchedule {
            collection: "Bench",
            credential,
            name: "all",
            reads: Reads::recent("all"),
            expansions: Expansions::ALL,
            cadence: "every minute",
        };
        let schedule = schedules::create(&service, new).await.unwrap();
        let stop = CancellationToken::new();
        let background = Background::start().unwrap();
        let threads = background.handle();
        let tasks = vec![
            threads.spawn(pipeline::follow(service.clone(), stop.clone())),
            threads.spawn(index::follow(service.clone(), stop.clone())),
            #[cfg(feature = "lake")]
            threads.spawn(service::lake::follow(service.clone(), stop.clone())),
        ];
        Self { service, collection, schedule, stop, tasks, _background: background }
    }

    /// Ends the tasks, which make durable what they have.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
        self.service.close().await.unwrap();
    }
}

/// Puts a page into the log; it is on the disk then.
pub fn append(running: &Running, number: usize, body: Vec<u8>) -> impl Future<Output = ()> + Send + use<> {
    let Running { collection, schedule, ref service, .. } = *running;
    let (service, observed_at) = (service.clone(), Timestamp(crate::END + number as i64));
    async move {
        let page = Page { collection, schedule, run: 0, observed_at, body };
        pipeline::append(&service, page).await.unwrap();
    }
}

async fn run(pages: &Path, tweets: u64) {
    let folder = tempfile::tempdir_in(pages.parent().unwrap()).unwrap();
    let running = Running::start(folder.path()).await;
    let service = running.service.clone();
    let usage = Usage::start();
    let room = Arc::new(Semaphore::new(IN_FLIGHT));
    for (number, body) in
        BufReader::with_capacity(1 << 20, std::fs::File::open(pages).unwrap()).split(b'\n').enumerate()
    {
        let permit = Arc::clone(&room).acquire_owned().await.unwrap();
        let appending = append(&running, number, body.unwrap());
        tokio::spawn(async move {
            appending.await;
            drop(permit);
        });
    }
    drop(room.acquire_many(IN_FLIGHT as u32).await.unwrap());
    pipeline::drain(&service).await.unwrap();
    index::catch_up(&service).await.unwrap();
    #[cfg(feature = "lake")]
    service::lake::catch_up(&service).await.unwrap();
    usage.print("whole", tweets);
    let verdict = index::verify(&service).await.unwrap();
    assert!(verdict.agrees() && verdict.stored == tweets, "{verdict:?}");
    for name in ["log.db", "roost.db", "index", "lake"].into_iter().filter(|name| folder.path().join(name).exists()) {
        println!("  {name:<24} {:6.0} bytes a tweet", size(&folder.path().join(name)) as f64 / tweets as f64);
    }
    running.stop().await;
}

fn size(path: &Path) -> u64 {
    let metadata = std::fs::metadata(path).unwrap();
    if metadata.is_file() {
        return metadata.len();
    }
    std::fs::read_dir(path).unwrap().map(|entry| size(&entry.unwrap().path())).sum()
}
