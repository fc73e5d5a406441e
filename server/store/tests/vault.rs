//! What names a person is nowhere in the clear, and opens only in its place and with its key.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::observed::Batch;
use model::{Timestamp, UserId};
use std::os::unix::fs::PermissionsExt;
use store::collections::find_or_create;
use store::tweets::{Origin, write};
use store::vault::{Place, Purpose};
use store::{Store, StoreError};
use testing::{TestStore, author, sqlite, tweet};

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
    observed.raw = r#"{"author":"zebrafinch77","author_id":"7777777777"}"#.repeat(20);
    let batch = Batch { tweets: vec![observed], authors };
    write(&test.store, Origin { collection: collection.id, schedule: None }, batch, NOW).await.unwrap();
    test.store.close().await.unwrap();
    for entry in std::fs::read_dir(test.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        for secret in ["zebrafinch77", "Zebra Finch Canary", "7777777777"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is in {}", path.display());
        }
        let number = 7_777_777_777_u64.to_le_bytes();
        assert!(!bytes.windows(8).any(|window| window == number || window.iter().rev().eq(&number)));
    }
}
