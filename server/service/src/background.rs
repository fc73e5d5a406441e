//! Threads for what nobody waits for.

use std::io;
use tokio::runtime::{Builder, Handle, Runtime};

/// How much these threads give way, as `nice` counts it: beside one that answers somebody they get a quarter of the time.
const GIVES_WAY: i32 = 5;
/// Threads for calls that block: index, lake and exports have fewer at once, and each keeps memory of its own.
const BLOCKING: usize = 8;

/// A runtime whose threads give way to those that answer people. What the log and those who follow the store do belongs
/// here: it can wait, and a question should not wait for it.
///
/// Threads that this work starts give way, too, and can never be made to do otherwise: nothing that people's questions
/// use may be started from here.
pub struct Background(Option<Runtime>);

impl Background {
    pub fn start() -> io::Result<Self> {
        let mut threads = Builder::new_multi_thread();
        threads
            .thread_name("background")
            .max_blocking_threads(BLOCKING)
            .on_thread_start(give_way)
            .enable_all()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    /// Where tasks are spawned on.
    pub fn handle(&self) -> &Handle {
        self.0.as_ref().expect("it is there until it is dropped").handle()
    }
}

impl Drop for Background {
    /// What still runs is given up.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

fn give_way() {
    // Elsewhere `nice` is about the whole process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(GIVES_WAY) {
        tracing::warn!(error = %error, "work in the background cannot give way to questions");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::process::getpriority_process;

    #[tokio::test]
    async fn what_runs_there_gives_way_and_so_do_threads_that_it_starts() {
        let background = Background::start().unwrap();
        let expected = (getpriority_process(None).unwrap() + GIVES_WAY).min(19);
        let task = background.handle().spawn(async { getpriority_process(None).unwrap() });
        assert_eq!(task.await.unwrap(), expected);
        let blocking = background.handle().spawn_blocking(|| {
            let started = std::thread::spawn(|| getpriority_process(None).unwrap());
            (getpriority_process(None).unwrap(), started.join().unwrap())
        });
        assert_eq!(blocking.await.unwrap(), (expected, expected));
        drop(background);
    }
}
