//! The audit: a chain in which every change shows, on both engines.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use serde_json::json;
use store::Store;
use store::audit::{self, NewEntry, Problem, Verdict};
use testing::TestStore;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const ENTRIES: u64 = 12;

testing::on_both_engines!(
    an_untouched_audit_is_found_to_be_whole,
    nothing_in_the_audit_is_changed_or_deleted_by_accident,
    every_tampering_is_found,
    who_cuts_off_the_end_is_found_by_the_note_beside_the_database,
    details_are_sealed,
);

async fn fill(store: &Store) {
    for number in 1..=ENTRIES {
        let user = (number % 3 > 0).then_some(number as i64);
        let details = json!({ "filter": format!("from:nasa likes>={number}") });
        let entry = NewEntry { user, action: "test.done", subject: format!("test:{number}"), details };
        audit::record(store, entry, Timestamp(NOW.0 + number as i64)).await.unwrap();
    }
}

/// What somebody does first who may change the schema.
async fn without_guard(test: &TestStore) {
    let guards: &[&str] = match test.is_postgres() {
        true => &["DROP TRIGGER audit_unchanged ON audit"],
        false => &["DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_undeleted"],
    };
    for guard in guards {
        test.execute(guard).await.unwrap();
    }
}

async fn an_untouched_audit_is_found_to_be_whole(test: TestStore) {
    assert_eq!(audit::verify(&test.store).await.unwrap(), Verdict::default());
    fill(&test.store).await;
    assert_eq!(audit::verify(&test.store).await.unwrap(), Verdict { entries: ENTRIES, problems: vec![] });
    test.store.clone().close().await.unwrap();
    let again = Store::open(&test.settings).await.unwrap();
    assert_eq!(audit::verify(&again).await.unwrap(), Verdict { entries: ENTRIES, problems: vec![] });
    fill(&again).await;
    assert_eq!(audit::verify(&again).await.unwrap(), Verdict { entries: 2 * ENTRIES, problems: vec![] });
}

async fn nothing_in_the_audit_is_changed_or_deleted_by_accident(test: TestStore) {
    fill(&test.store).await;
    for accident in ["UPDATE audit SET action = 'x' WHERE number = 3", "DELETE FROM audit WHERE number = 3"] {
        let error = test.execute(accident).await.unwrap_err();
        assert!(error.contains("only added to"), "{error}");
    }
    assert!(audit::verify(&test.store).await.unwrap().problems.is_empty());
}

async fn every_tampering_is_found(test: TestStore) {
    fill(&test.store).await;
    without_guard(&test).await;
    test.execute("CREATE TABLE kept AS SELECT * FROM audit").await.unwrap();
    let blob = if test.is_postgres() { "'\\x00'::bytea" } else { "x'00'" };
    let swap = |column: &str| {
        format!(
            "UPDATE audit SET {column} = (SELECT {column} FROM kept WHERE number = 11 - audit.number) WHERE number IN (5, 6)"
        )
    };
    let tamperings = [
        ("UPDATE audit SET at = at + 1 WHERE number = 5".to_owned(), vec![Problem::Changed(5)]),
        ("UPDATE audit SET user_id = 99 WHERE number = 5".to_owned(), vec![Problem::Changed(5)]),
        ("UPDATE audit SET user_id = NULL WHERE number = 5".to_owned(), vec![Problem::Changed(5)]),
        ("UPDATE audit SET action = 'test.don' WHERE number = 1".to_owned(), vec![Problem::Changed(1)]),
        ("UPDATE audit SET subject = 'test:6' WHERE number = 5".to_owned(), vec![Problem::Changed(5)]),
        (format!("UPDATE audit SET details = {blob} WHERE number = 5"), vec![Problem::Changed(5), Problem::Sealed(5)]),
        (format!("UPDATE audit SET hash = {blob} WHERE number = 5"), vec![Problem::Changed(5), Problem::Changed(6)]),
        (swap("details"), vec![Problem::Changed(5), Problem::Sealed(5), Problem::Changed(6), Problem::Sealed(6)]),
        (swap("subject"), vec![Problem::Changed(5), Problem::Changed(6)]),
        ("DELETE FROM audit WHERE number = 1".to_owned(), vec![Problem::Missing(1, 1)]),
        ("DELETE FROM audit WHERE number IN (5, 6)".to_owned(), vec![Problem::Missing(5, 6)]),
        (
            "UPDATE audit SET number = 99 WHERE number = 12".to_owned(),
            vec![Problem::Missing(12, 98), Problem::Sealed(99), Problem::Uncounted(99)],
        ),
    ];
    for (tampering, problems) in tamperings {
        test.execute(&tampering).await.unwrap();
        let found = audit::verify(&test.store).await.unwrap().problems;
        assert_eq!(found, problems, "{tampering}");
        test.execute("DELETE FROM audit").await.unwrap();
        test.execute("INSERT INTO audit SELECT * FROM kept").await.unwrap();
        assert!(audit::verify(&test.store).await.unwrap().problems.is_empty());
    }
}

async fn who_cuts_off_the_end_is_found_by_the_note_beside_the_database(test: TestStore) {
    fill(&test.store).await;
    without_guard(&test).await;
    test.execute("DELETE FROM audit WHERE number > 10").await.unwrap();
    let problems = async || audit::verify(&test.store).await.unwrap().problems;
    assert_eq!(problems().await, [Problem::Missing(11, 12)]);
    test.execute("UPDATE counters SET value = 10 WHERE name = 'audit'").await.unwrap();
    assert_eq!(problems().await, [Problem::Missing(11, 12)]);
    assert_eq!(problems().await[0].to_string(), "entries 11 to 12 are missing");
    let head = test.folder.path().join("audit.head");
    assert!(std::fs::read_to_string(&head).unwrap().starts_with("12 "));
    std::fs::write(&head, format!("10 {}\n", "0".repeat(64))).unwrap();
    assert_eq!(problems().await, [Problem::Head(10)]);
    std::fs::write(&head, "10 zero\n").unwrap();
    assert!(matches!(problems().await[..], [Problem::HeadFile(_)]));
}

async fn details_are_sealed(test: TestStore) {
    fill(&test.store).await;
    let entries = audit::latest(&test.store, 2).await.unwrap();
    assert_eq!(entries[0].details, json!({ "filter": "from:nasa likes>=12" }));
    assert_eq!((entries[1].number, entries[1].user, entries[1].subject.as_str()), (11, Some(11), "test:11"));
    let hex = if test.is_postgres() { "encode(details, 'escape')" } else { "CAST(details AS TEXT)" };
    assert_eq!(test.count(&format!("SELECT COUNT(*) FROM audit WHERE {hex} LIKE '%nasa%'")).await, 0);
}
