//! The log in an SQLite file: what every log promises, and what becomes of it when its process is killed or its file is
//! damaged.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod conformance;

use conformance::{Engine, record, topic};
use eventlog::{Error, EventLog, Options, Position, SqliteLog};
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const TOPIC: &str = "pages";

#[expect(clippy::disallowed_methods, reason = "there is no other clock here")]
fn options(lease: Duration) -> Options {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros().try_into().unwrap();
    Options { lease, ..Options::new(Arc::new(now)) }
}

async fn open(path: &Path) -> Result<SqliteLog, Error> {
    SqliteLog::open(path, options(Duration::from_secs(10))).await
}

struct File {
    folder: TempDir,
}

impl File {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
}

impl Engine for File {
    type Log = SqliteLog;

    async fn open(&self) -> SqliteLog {
        SqliteLog::open(&self.folder.path().join("log.db"), options(self.lease())).await.unwrap()
    }

    async fn close(&self, log: SqliteLog) {
        log.close().await;
    }

    fn lease(&self) -> Duration {
        Duration::from_millis(1_500)
    }
}

conformance!(File::new());

/// The payload of a record tells its offset, and is long enough for several pages of the file.
fn payload(offset: u64) -> Vec<u8> {
    let size = 200 + usize::try_from(offset * 7_919 % 40_000).unwrap();
    offset.to_le_bytes().iter().copied().cycle().take(size).collect()
}

/// Every record from the first on, up to the end or to where the log says that something is wrong.
async fn whole_records(log: &SqliteLog) -> Result<u64, Error> {
    let mut offset = 0;
    loop {
        let found = log.read(TOPIC, Position { partition: 0, offset }, 50).await?;
        if found.is_empty() {
            return Ok(offset);
        }
        for stored in found {
            assert_eq!(stored.position.offset, offset);
            assert_eq!(stored.record, record("a", payload(offset)), "record {offset} is not what was appended");
            offset += 1;
        }
    }
}

/// Appends to the file whose path it is told, and tells each offset when it is acknowledged. It is ended from outside.
#[tokio::test]
#[ignore = "a part of killed_at_any_time_it_has_all_that_was_acknowledged"]
async fn appends_until_it_is_killed() {
    let mut path = String::new();
    if !std::io::stdin().is_terminal() {
        std::io::stdin().read_line(&mut path).unwrap();
    }
    // Run with all ignored tests, it is told none.
    if path.trim().is_empty() {
        return;
    }
    let log = open(Path::new(path.trim())).await.unwrap();
    topic(&log, 1).await;
    let mut next = log.lag(TOPIC, "nobody").await.unwrap()[0].end;
    loop {
        let records = (next..next + 1 + next % 5).map(|offset| record("a", payload(offset))).collect();
        next = log.append(TOPIC, records).await.unwrap().last().unwrap().offset + 1;
        writeln!(std::io::stdout(), "acknowledged {next}").unwrap();
    }
}

#[tokio::test]
async fn killed_at_any_time_it_has_all_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let mut acknowledged = 0;
    for life in 0..20 {
        let arguments = ["--exact", "appends_until_it_is_killed", "--ignored", "--nocapture"];
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        writeln!(child.stdin.take().unwrap(), "{}", path.display()).unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut told, most) = (0, 1 + life * 37 % 60);
        for line in lines {
            let Ok(line) = line else { break };
            let Some((_, next)) = line.split_once("acknowledged ") else { continue };
            acknowledged = next.parse().unwrap();
            told += 1;
            if told == most {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(told >= most, "it appended before it was killed");
        let log = open(&path).await.unwrap();
        let there = whole_records(&log).await.unwrap();
        assert!(there >= acknowledged, "{acknowledged} were acknowledged, {there} are there");
        log.close().await;
    }
}

/// A file of a log with the newest records in its write-ahead log, as a kill leaves it.
async fn left_behind(folder: &Path, records: u64) -> Vec<(&'static str, Vec<u8>)> {
    let path = folder.join("log.db");
    let log = open(&path).await.unwrap();
    topic(&log, 1).await;
    for offset in 0..records {
        log.append(TOPIC, vec![record("a", payload(offset))]).await.unwrap();
    }
    ["log.db", "log.db-wal"].map(|name| (name, std::fs::read(folder.join(name)).unwrap())).to_vec()
}

async fn damaged(files: &[(&'static str, Vec<u8>)]) -> Result<u64, Error> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let log = open(&folder.path().join("log.db")).await?;
    let there = whole_records(&log).await;
    log.close().await;
    there
}

async fn cut(step: usize) {
    let folder = tempfile::tempdir().unwrap();
    let files = left_behind(folder.path(), 20).await;
    for (which, (name, bytes)) in files.iter().enumerate() {
        let mut whole = 0;
        for length in (bytes.len().saturating_sub(64 << 10)..bytes.len()).step_by(step) {
            let mut files = files.clone();
            files[which].1.truncate(length);
            match damaged(&files).await {
                Ok(there) => {
                    assert!(there >= whole, "{name}: {length} bytes have {there} records, fewer bytes had {whole}");
                    whole = there;
                }
                Err(Error::File(_) | Error::Damaged { .. } | Error::NoTopic(_) | Error::Engine(_)) => {}
                Err(error) => panic!("{name} cut to {length} bytes: {error}"),
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_is_cut_has_whole_records_or_says_so() {
    cut(509).await;
}

#[tokio::test]
#[ignore = "long: every length of the last 64 KiB"]
async fn a_file_that_is_cut_at_any_byte_has_whole_records_or_says_so() {
    cut(1).await;
}

async fn flipped(flips: u64) {
    let folder = tempfile::tempdir().unwrap();
    let files = left_behind(folder.path(), 20).await;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    let mut harmless = 0;
    for _ in 0..flips {
        let mut files = files.clone();
        let which = random(files.len());
        let at = random(files[which].1.len());
        files[which].1[at] ^= 1 << random(8);
        // A record that differs from what was appended ends the test.
        harmless += u64::from(damaged(&files).await.is_ok());
    }
    assert!(harmless < flips, "some flips are noticed");
}

#[tokio::test]
async fn a_flipped_bit_is_noticed_or_harmless() {
    flipped(200).await;
}

#[tokio::test]
#[ignore = "long: ten thousand flips"]
async fn ten_thousand_flipped_bits_are_noticed_or_harmless() {
    flipped(10_000).await;
}
