//! The record of exports: the day's limit, claims, what is deleted; on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::Role;
use model::export::{ExportFormat, ExportQuery, ExportState, Fault};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::{CollectionId, Timestamp};
use store::exports::{self, Begun, Job, MOST_UNFINISHED, NewExport, Progress, Request};
use store::{audit, users};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const HALF: Progress = Progress { written: 50, removed: 0, bytes: 5000 };

fn later(micros: i64) -> Timestamp {
    Timestamp(NOW.0 + micros)
}

testing::on_both_engines!(
    exports_with_content_are_limited_by_the_day,
    exports_begun_at_once_stay_within_the_limit,
    what_was_asked_for_is_sealed_and_comes_back_to_its_owner_only,
    a_job_is_claimed_by_one_and_goes_on_after_its_process_has_died,
    who_began_a_job_is_told_once_that_it_has_ended,
    a_job_that_is_cancelled_is_taken_from_its_process_and_does_not_count,
    a_file_that_is_deleted_or_expired_counts,
    a_person_has_so_many_jobs_at_once,
    every_step_of_an_export_is_in_the_audit,
);

fn new(user: i64, format: ExportFormat, tweets: u64) -> NewExport {
    let query = ExportQuery { collection: "moon".into(), filter: "from:nasa".into(), format, ..Default::default() };
    let request = Request { query, collection: "Moon".into(), by: "ann".into() };
    NewExport { user, collection: CollectionId(7), request, tweets, matching: 2 * tweets, file: None }
}

fn job(user: i64, file: &str) -> NewExport {
    NewExport { file: Some(file.to_owned()), ..new(user, ExportFormat::Csv, 100) }
}

async fn begin(test: &TestStore, new: NewExport, at: Timestamp) -> Begun {
    exports::begin(&test.store, new, 100, at).await.unwrap()
}

async fn recorded(test: &TestStore, new: NewExport) -> i64 {
    let Begun::Recorded(id) = begin(test, new, NOW).await else { panic!("it is within the limit") };
    id
}

async fn claim(test: &TestStore, name: &str, at: Timestamp) -> Option<Job> {
    exports::claim(&test.store, name, at).await.unwrap()
}

async fn state(test: &TestStore, id: i64, user: i64) -> ExportState {
    exports::find(&test.store, id, user).await.unwrap().unwrap().record.state
}

async fn exports_with_content_are_limited_by_the_day(test: TestStore) {
    let may = async |user, format, tweets, at| begin(&test, new(user, format, tweets), at).await != Begun::OverLimit;
    assert!(may(1, ExportFormat::Csv, 60, NOW).await);
    assert!(!may(1, ExportFormat::Xlsx, 41, NOW).await, "one too many");
    assert!(may(1, ExportFormat::Ids, 1000, NOW).await);
    assert!(may(2, ExportFormat::Csv, 100, NOW).await);
    assert_eq!(exports::used(&test.store, 1, NOW).await.unwrap(), 60, "what was refused is not counted");
    assert!(may(1, ExportFormat::Parquet, 40, NOW).await);
    assert!(may(1, ExportFormat::Csv, 100, later(DAY)).await, "the next day");
}

async fn exports_begun_at_once_stay_within_the_limit(test: TestStore) {
    for name in ["ann", "bob", "cid", "dan", "eve"] {
        let user = users::create(&test.store, name, "hash", Role::Viewer, NOW).await.unwrap();
        let exports = (0..30).map(|_| {
            let store = test.store.clone();
            let new = new(user, ExportFormat::Csv, 40);
            tokio::spawn(async move { exports::begin(&store, new, 100, NOW).await.unwrap() })
        });
        let mut begun = 0;
        for export in exports.collect::<Vec<_>>() {
            begun += u64::from(export.await.unwrap() != Begun::OverLimit);
        }
        assert_eq!((begun, exports::used(&test.store, user, NOW).await.unwrap()), (2, 80));
    }
    assert!(audit::verify(&test.store).await.unwrap().problems.is_empty(), "one chain, whoever writes at once");
}

async fn what_was_asked_for_is_sealed_and_comes_back_to_its_owner_only(test: TestStore) {
    let id = recorded(&test, new(1, ExportFormat::Jsonl, 10)).await;
    let record = exports::find(&test.store, id, 1).await.unwrap().unwrap().record;
    assert_eq!((record.query.filter.as_str(), record.collection.as_str()), ("from:nasa", "Moon"));
    assert_eq!((record.tweets, record.matching, record.state), (10, Some(20), ExportState::Sending));
    assert_eq!(exports::list(&test.store, 1, 10).await.unwrap(), [record]);
    assert!(exports::find(&test.store, id, 2).await.unwrap().is_none());
    assert!(exports::list(&test.store, 2, 10).await.unwrap().is_empty());
    let text =
        if test.is_postgres() { "filter || encode(request, 'escape')" } else { "filter || CAST(request AS TEXT)" };
    assert_eq!(test.count(&format!("SELECT COUNT(*) FROM exports WHERE {text} LIKE '%nasa%'")).await, 0);
}

async fn a_job_is_claimed_by_one_and_goes_on_after_its_process_has_died(test: TestStore) {
    let id = recorded(&test, job(1, "f1")).await;
    let save = async |name: &str, at| exports::save_progress(&test.store, id, name, HALF, at).await.unwrap();
    let first = claim(&test, "a", NOW).await.unwrap();
    assert_eq!((first.kept.record.id, first.file.as_str(), first.user), (id, "f1", 1));
    assert!(claim(&test, "b", later(SECOND)).await.is_none(), "it is being made");
    assert!(save("a", later(SECOND)).await && !save("b", later(SECOND)).await);
    assert!(claim(&test, "b", later(9 * SECOND)).await.is_none(), "it was renewed");
    let second = claim(&test, "b", later(MINUTE)).await.unwrap().kept.record;
    assert_eq!((second.written, second.bytes), (50, 5000), "it goes on from there");
    assert!(!save("a", later(MINUTE)).await, "who was taken for dead must stop");
    let times = (later(MINUTE), later(DAY));
    assert!(!exports::finish(&test.store, &first, "a", HALF, times).await.unwrap());
    exports::release(&test.store, id, "b").await.unwrap();
    let third = claim(&test, "c", later(MINUTE)).await.unwrap();
    assert!(exports::finish(&test.store, &third, "c", HALF, times).await.unwrap());
    assert_eq!(state(&test, id, 1).await, ExportState::Ready);
    assert!(claim(&test, "d", later(HOUR)).await.is_none());
}

async fn who_began_a_job_is_told_once_that_it_has_ended(test: TestStore) {
    let news = async |user| {
        let news = exports::news(&test.store, user).await.unwrap();
        news.into_iter().map(|record| (record.id, record.state)).collect::<Vec<_>>()
    };
    let half = |file| NewExport { tweets: 50, ..job(1, file) };
    let [ready, failed] = [recorded(&test, half("f1")).await, recorded(&test, half("f2")).await];
    assert_eq!(news(1).await, [], "they have not ended");
    let first = claim(&test, "a", NOW).await.unwrap();
    assert!(exports::finish(&test.store, &first, "a", HALF, (later(MINUTE), later(DAY))).await.unwrap());
    let second = claim(&test, "a", NOW).await.unwrap();
    assert!(exports::fail(&test.store, &second, "a", &Fault::DiskFull, later(MINUTE)).await.unwrap());
    assert_eq!(news(1).await, [(failed, ExportState::Failed), (ready, ExportState::Ready)]);
    assert_eq!(news(2).await, [], "they are not theirs");
    exports::see(&test.store, 2, None, later(HOUR)).await.unwrap();
    exports::see(&test.store, 1, Some(failed), later(HOUR)).await.unwrap();
    assert_eq!(news(1).await, [(ready, ExportState::Ready)]);
    assert!(exports::again(&test.store, ready, 1, later(HOUR)).await.unwrap());
    let remade = claim(&test, "a", later(HOUR)).await.unwrap();
    exports::see(&test.store, 1, None, later(HOUR)).await.unwrap();
    assert!(exports::finish(&test.store, &remade, "a", HALF, (later(2 * HOUR), later(DAY))).await.unwrap());
    assert_eq!(news(1).await, [(ready, ExportState::Ready)], "another file is told anew");
    exports::see(&test.store, 1, None, later(3 * HOUR)).await.unwrap();
    assert_eq!(news(1).await, []);
}

async fn a_job_that_is_cancelled_is_taken_from_its_process_and_does_not_count(test: TestStore) {
    let id = recorded(&test, job(1, "f1")).await;
    claim(&test, "a", NOW).await.unwrap();
    assert!(!exports::cancel(&test.store, id, 2, NOW).await.unwrap(), "it is somebody else's");
    assert_eq!(exports::used(&test.store, 1, NOW).await.unwrap(), 100);
    assert!(exports::cancel(&test.store, id, 1, NOW).await.unwrap());
    assert!(!exports::cancel(&test.store, id, 1, NOW).await.unwrap(), "once");
    assert_eq!(state(&test, id, 1).await, ExportState::Cancelled);
    assert!(!exports::save_progress(&test.store, id, "a", HALF, NOW).await.unwrap());
    assert_eq!(exports::used(&test.store, 1, NOW).await.unwrap(), 0, "nothing of it left Roost");
    assert!(exports::files(&test.store).await.unwrap().is_empty());
}

async fn a_file_that_is_deleted_or_expired_counts(test: TestStore) {
    let mut ids = Vec::new();
    for (user, file) in [(1, "f1"), (2, "f2"), (3, "f3")] {
        ids.push(recorded(&test, job(user, file)).await);
        let job = claim(&test, file, NOW).await.unwrap();
        assert!(exports::finish(&test.store, &job, file, HALF, (NOW, later(DAY))).await.unwrap());
    }
    assert_eq!(exports::files(&test.store).await.unwrap(), ["f1", "f2", "f3"]);
    assert!(exports::cancel(&test.store, ids[0], 1, NOW).await.unwrap());
    assert!(exports::again(&test.store, ids[1], 3, NOW).await.unwrap(), "made anew, it may still be deleted");
    assert!(exports::cancel(&test.store, ids[1], 2, NOW).await.unwrap());
    assert_eq!(exports::expire(&test.store, later(DAY - 1)).await.unwrap(), 0);
    assert_eq!(exports::expire(&test.store, later(DAY)).await.unwrap(), 1);
    for (id, user) in ids.into_iter().zip(1..) {
        assert_eq!(state(&test, id, user).await, ExportState::Expired);
        assert_eq!(exports::used(&test.store, user, NOW).await.unwrap(), 100);
    }
    assert!(exports::files(&test.store).await.unwrap().is_empty());
}

async fn a_person_has_so_many_jobs_at_once(test: TestStore) {
    let ids = |file: &str| NewExport { file: Some(file.to_owned()), ..new(1, ExportFormat::Ids, 1000) };
    for number in 0..MOST_UNFINISHED {
        recorded(&test, ids(&number.to_string())).await;
    }
    assert_eq!(begin(&test, ids("more"), NOW).await, Begun::TooMany);
    let done = claim(&test, "a", NOW).await.unwrap();
    exports::fail(&test.store, &done, "a", &Fault::DiskFull, NOW).await.unwrap();
    recorded(&test, ids("more")).await;
    let failed = exports::find(&test.store, done.kept.record.id, 1).await.unwrap().unwrap().record;
    assert_eq!((failed.state, failed.reason), (ExportState::Failed, Some(Fault::DiskFull)));
}

async fn every_step_of_an_export_is_in_the_audit(test: TestStore) {
    let direct = recorded(&test, new(1, ExportFormat::Csv, 60)).await;
    exports::sent(&test.store, direct, 1, HALF, later(SECOND)).await.unwrap();
    assert_eq!(begin(&test, new(1, ExportFormat::Csv, 60), NOW).await, Begun::OverLimit);
    let id = recorded(&test, NewExport { file: Some("f".into()), ..new(1, ExportFormat::Ids, 90) }).await;
    let job = claim(&test, "a", NOW).await.unwrap();
    exports::finish(&test.store, &job, "a", HALF, (NOW, later(DAY))).await.unwrap();
    exports::downloaded(&test.store, id, 1, NOW).await.unwrap();
    exports::expire(&test.store, later(DAY)).await.unwrap();
    let entries = audit::latest(&test.store, 100).await.unwrap();
    let told: Vec<_> = entries.iter().rev().map(|e| (e.number, e.user, e.action.as_str(), e.subject.clone())).collect();
    let (direct, job) = (format!("export:{direct}"), format!("export:{id}"));
    assert_eq!(
        told,
        [
            (1, Some(1), "export.begun", direct.clone()),
            (2, Some(1), "export.sent", direct),
            (3, Some(1), "export.begun", job.clone()),
            (4, Some(1), "export.ready", job.clone()),
            (5, Some(1), "export.downloaded", job.clone()),
            (6, None, "export.expired", job),
        ]
    );
    let first = &entries[5].details;
    assert_eq!(
        (&first["filter"], &first["tweets"], &first["format"]),
        (&"from:nasa".into(), &60.into(), &"csv".into())
    );
    assert_eq!((&first["by"], &first["collection"]), (&"ann".into(), &"moon".into()));
}
