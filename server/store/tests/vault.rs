//! What names a person is nowhere in the clear, and opens only in its place and with its key.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::observed::Batch;
use model::{Timestamp, UserId};
use std::os::unix::fs::PermissionsExt;
use store::collections::find_or_create;
use store::tweets::Origin;
use store::vault::{Place, Purpose};
use store::{Store, StoreError};
use testing::{TestStore, author, sqlite, tweet, write};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const PLACE: Place<'static> = Place { table: "t", row: b"1", column: "c" };

testing::on_both_engines!(
    a_sealed_value_opens_only_in_its_place,
    a_changed_byte_is_noticed,
    pseudonyms_and_sealed_values_survive_a_restart,
);

async fn a_sealed_value_opens_only_in_its_place(test: TestStore) {
    let vault = test.store.vault();
    let key = vault.sealing_key(Purpose::Identity, NOW).await.unwrap();
    let sealed = vault.seal(&key, PLACE, b"secret").unwrap();
    assert_eq!(vault.unseal(PLACE, &sealed).await.unwrap().as_slice(), b"secret");
    for elsewhere in [Place { table: "u", ..PLACE }, Place { row: b"2", ..PLACE }, Place { column: "d", ..PLACE }] {
        assert!(matches!(vault.unseal(elsewhere, &sealed).await, Err(StoreError::Sealed(_))));
    }
}

async fn a_changed_byte_is_noticed(test: TestStore) {
    let vault = test.store.vault();
    let key = vault.sealing_key(Purpose::Identity, NOW).await.unwrap();
    let sealed = vault.seal(&key, PLACE, b"secret").unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert!(vault.unseal(PLACE, &changed).await.is_err(), "byte {at}");
        assert!(vault.unseal(PLACE, &sealed[..at]).await.is_err(), "cut at {at}");
    }
}

async fn pseudonyms_and_sealed_values_survive_a_restart(test: TestStore) {
    let pid = test.store.vault().pid(UserId(42));
    let key = test.store.vault().sealing_key(Purpose::Raw, NOW).await.unwrap();
    let sealed = test.store.vault().seal(&key, PLACE, b"secret").unwrap();
    test.store.close().await.unwrap();
    let again = Store::open(&test.settings).await.unwrap();
    assert_eq!(again.vault().pid(UserId(42)), pid);
    assert_ne!(again.vault().pid(UserId(43)), pid);
    assert_eq!(again.vault().unseal(PLACE, &sealed).await.unwrap().as_slice(), b"secret");
}

#[tokio::test]
async fn the_key_file_is_for_its_owner_only() {
    let test = sqlite().await;
    let mode = std::fs::metadata(test.folder.path().join("key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o400);
}

#[tokio::test]
async fn a_key_that_others_can_read_is_refused_with_what_to_do() {
    let test = sqlite().await;
    test.store.close().await.unwrap();
    let key = test.folder.path().join("key");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o644)).unwrap();
    let error = Store::open(&test.settings).await.err().unwrap();
    assert!(error.to_string().contains("chmod 400"), "{error}");
}

#[tokio::test]
async fn the_data_folder_and_its_files_are_for_their_owner_only() {
    let around = tempfile::TempDir::new().unwrap();
    let settings = store::Settings::sqlite(around.path().join("data"));
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let store = Store::open(&settings).await.unwrap();
    find_or_create(&store, "moon", "moon", NOW).await.unwrap();
    assert_eq!(mode(&settings.data), 0o700);
    let check_files = || {
        let files: Vec<_> = std::fs::read_dir(&settings.data).unwrap().map(|file| file.unwrap().path()).collect();
        assert!(files.iter().any(|file| file.ends_with("roost.db")) && files.len() >= 2, "{files:?}");
        for file in files {
            assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
        }
    };
    check_files();
    store.close().await.unwrap();
    // A database from before, when its file got the mode that the system gave it.
    std::fs::set_permissions(settings.data.join("roost.db"), PermissionsExt::from_mode(0o644)).unwrap();
    let store = Store::open(&settings).await.unwrap();
    find_or_create(&store, "mars", "mars", NOW).await.unwrap();
    check_files();
}

#[tokio::test]
async fn without_its_key_the_database_is_not_opened_and_no_new_key_is_made() {
    let test = sqlite().await;
    test.store.close().await.unwrap();
    let key = test.folder.path().join("key");
    std::fs::remove_file(&key).unwrap();
    let error = Store::open(&test.settings).await.err().unwrap();
    assert!(error.to_string().contains("Restore it"), "{error}");
    assert!(!key.exists());
}

#[tokio::test]
async fn no_identity_is_in_the_files_of_the_database() {
    let test = sqlite().await;
    let collection = find_or_create(&test.store, "moon", "moon", NOW).await.unwrap();
    let mut authors = vec![author(7_777_777_777, "zebrafinch77", 100)];
    authors[0].identity.name = Some("Zebra Finch Canary".into());
    let mut observed = tweet(1, 100);
    observed.author_id = Some(UserId(7_777_777_777));
    // What is not sealed is found: so the search would find what should have been.
    observed.tweet.text = "a canary tweet".into();
    observed.raw = r#"{"author":"zebrafinch77","author_id":"7777777777"}"#.repeat(20);
    let batch = Batch { tweets: vec![observed], authors };
    write(&test.store, Origin { collection: collection.id, schedule: None }, batch, NOW).await.unwrap();
    test.store.close().await.unwrap();
    let mut canary_was_seen = false;
    for entry in std::fs::read_dir(test.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        canary_was_seen |= bytes.windows(12).any(|window| window == b"canary tweet");
        for secret in ["zebrafinch77", "Zebra Finch Canary", "7777777777"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
        let number = 7_777_777_777_u64.to_le_bytes();
        assert!(!bytes.windows(8).any(|window| window == number || window.iter().rev().eq(&number)));
    }
    assert!(canary_was_seen, "the search finds what is there in the clear");
}
