//! Processes of a story: each is this very program, runs what `roost serve` runs, and can be killed or stopped.

use model::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use rustix::time::{ClockId, clock_gettime};
use service::{Clock, Service, Settings, fetch, pipeline};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio_util::sync::CancellationToken;

/// When stories begin: in the middle of a day.
pub const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// What a process is told: where the data are, and what the clock of all processes showed when the story began.
const FOLDER: &str = "ROOST_FETCH_FOLDER";
const DATABASE: &str = "ROOST_FETCH_DATABASE";
const BEGAN: &str = "ROOST_FETCH_BEGAN";

/// The time of a story, which is the same in all of its processes.
pub struct StoryClock(AtomicI64);

impl StoryClock {
    pub fn begin() -> Arc<Self> {
        Self::that_began(monotonic())
    }

    fn that_began(at: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(at)))
    }

    /// For X and for processes that begin from now on.
    pub fn put_forward(&self, micros: i64) {
        self.0.fetch_sub(micros, Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(START.0 + monotonic() - self.0.load(Ordering::SeqCst))
    }
}

/// All processes of a machine see the same (µs).
fn monotonic() -> i64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
}

pub fn settings(store: &store::Settings) -> Settings {
    Settings { store: store.clone(), ..Settings::folder(&store.data) }
}

/// A process that fetches and stores until it ends.
pub struct Life(Child);

impl Life {
    pub fn begin(store: &store::Settings, clock: &StoryClock) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["life::one_life", "--exact", "--ignored", "--nocapture"]);
        command.env(FOLDER, &store.data).env(BEGAN, clock.0.load(Ordering::SeqCst).to_string());
        if let Some(url) = &store.database_url {
            command.env(DATABASE, url);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        if !out.any(|line| line.unwrap().ends_with("alive")) {
            let mut told = String::new();
            child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
            panic!("a process did not begin: {told}");
        }
        Self(child)
    }

    pub fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// It does nothing from now on, and does not know.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
    }

    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

impl Drop for Life {
    /// No process outlives a story that fails.
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a process of the stories"]
async fn one_life() {
    #[expect(clippy::disallowed_methods, reason = "this is how a process of a story is told what to do")]
    let (Some(data), Ok(began), database_url) =
        (std::env::var_os(FOLDER).map(PathBuf::from), std::env::var(BEGAN), std::env::var(DATABASE).ok())
    else {
        return;
    };
    let clock = StoryClock::that_began(began.parse().unwrap());
    let store = store::Settings { data, database_url };
    let service = Service::open(&settings(&store), clock).await.unwrap();
    tokio::spawn(pipeline::follow(service.clone(), CancellationToken::new()));
    println!("alive");
    fetch::follow_schedules(service, CancellationToken::new()).await;
}
