//! kill -9 of a server that makes exports in the background: they go on, and end as if nothing had been.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Roost, Server};
use model::account::{CurrentUser, Role};
use model::export::{ExportFormat, ExportQuery, ExportRecord, ExportState};
use service::exports::{self, Download, Started};
use service::{Service, Settings, SystemClock};
use std::sync::Arc;
use std::time::Duration;

const TWEETS: u64 = 30_000;

struct Story {
    roost: Roost,
    service: Service,
    ann: CurrentUser,
}

impl Story {
    /// The same tweets every time.
    async fn new() -> Self {
        let roost = Roost::new();
        let file = roost.data.path().join("pages.jsonl");
        let until = "2026-11-01T00:00:00Z";
        roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", &TWEETS.to_string(), "--until", until]);
        roost.import("moon", &[&file]);
        let settings =
            Settings { export_job_rows: 1000, exports_per_day: 10 * TWEETS, ..Settings::folder(roost.data.path()) };
        let service = Service::open(&settings, Arc::new(SystemClock)).await.unwrap();
        Self { roost, service, ann: CurrentUser { id: 1, name: "ann".into(), role: Role::Viewer } }
    }

    async fn begin(&self, format: ExportFormat) -> i64 {
        let columns = ["id", "created", "text", "lang", "likes", "hashtag"].map(str::to_owned).to_vec();
        let query = ExportQuery { collection: "moon".into(), columns, format, ..Default::default() };
        match exports::begin(&self.service, &self.ann, query).await.unwrap() {
            Started::Job(id) => id,
            Started::Direct(_) => panic!("it is large"),
        }
    }

    async fn wait(&self, id: i64, until: impl Fn(&ExportRecord) -> bool) -> ExportRecord {
        for _ in 0..12_000 {
            let record = exports::find(&self.service, &self.ann, id).await.unwrap();
            if until(&record) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("export {id} stands still");
    }

    async fn file(&self, id: i64) -> Vec<u8> {
        let ready = self.wait(id, |record| record.state == ExportState::Ready).await;
        assert_eq!((ready.written, ready.removed), (ready.tweets, 0));
        match exports::download(&self.service, &self.ann, id).await.unwrap() {
            Download::File { path, .. } => std::fs::read(path).unwrap(),
            Download::Again(removed) => panic!("{removed} were removed"),
        }
    }
}

#[tokio::test]
async fn an_export_whose_server_is_killed_goes_on_and_ends_as_if_it_never_was() {
    let story = Story::new().await;
    let mut server = Server::start(&story.roost);
    let disturbed = story.begin(ExportFormat::CsvExact).await;
    let mut before = 0;
    for _ in 0..2 {
        let at_work = |record: &ExportRecord| record.state == ExportState::Running && record.written > before;
        let record = story.wait(disturbed, at_work).await;
        server.kill();
        assert!(record.written < record.tweets, "the kill hit an export at work");
        before = record.written;
        server = Server::start(&story.roost);
    }
    let file = story.file(disturbed).await;
    let untouched = story.begin(ExportFormat::CsvExact).await;
    assert!(file == story.file(untouched).await, "the same to the byte");
    assert!(file.iter().filter(|byte| **byte == b'\n').count() as u64 > TWEETS / 2);

    // A Parquet file starts again, and is as whole.
    let restarted = story.begin(ExportFormat::Parquet).await;
    story.wait(restarted, |record| record.state == ExportState::Running && record.written > 0).await;
    server.kill();
    let server = Server::start(&story.roost);
    let parquet = story.file(restarted).await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    let untouched = story.begin(ExportFormat::Parquet).await;
    assert_eq!(story.file(untouched).await.len(), parquet.len());
    drop(server);
    assert!(story.roost.ok(&["audit", "verify"]).contains("as it was written"));
}
