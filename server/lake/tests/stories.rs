//! What a lake does, on a folder.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::{LakeError, Limits};
use model::TweetId;
use model::change::Change;
use model::time::{DAY, HOUR};
use tempfile::TempDir;

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart_and_what_was_not_is_not() {
    let folder = TempDir::new().unwrap();
    let rows: Vec<_> = (1..=300).map(|id| row(id, (id % 3) as u32, 5, "moon")).collect();
    {
        let lake = lead(folder.path()).await;
        assert_eq!(lake.position(), 0);
        lake.apply(puts(rows.clone())).await.unwrap();
        assert_eq!(lake.pending().await.tweets, 300);
        lake.commit(7, NOW).await.unwrap();
        lake.apply(puts([row(301, 0, 5, "lost")])).await.unwrap();
    }
    let lake = lead(folder.path()).await;
    assert_eq!((lake.position(), lake.pending().await.tweets), (7, 0));
    assert_eq!(lake.days().await.unwrap(), digests(&rows));
    assert_eq!(lines(&lake, "select count(*), min(id), max(id) from tweets").await, ["300 1 300"]);
}

#[tokio::test]
async fn a_batch_that_comes_twice_changes_nothing_and_a_stale_row_neither() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    for position in 1..=2 {
        lake.apply(puts((1..=9).map(|id| row(id, 0, 5, "first")))).await.unwrap();
        lake.commit(position, NOW).await.unwrap();
    }
    lake.apply(puts([row(3, 0, 4, "stale"), row(4, 0, 6, "later"), row(4, 0, 5, "between")])).await.unwrap();
    lake.commit(3, NOW).await.unwrap();
    let text = "select id, text, version from tweets where id in (3, 4) order by id";
    assert_eq!(lines(&lake, text).await, ["3 first 5000000", "4 later 6000000"]);
    assert_eq!(lines(&lake, "select count(*) from tweets").await, ["9"]);
}

#[tokio::test]
async fn the_last_change_of_a_tweet_counts() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=6).map(|id| row(id, 0, 5, "first")))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    let remove = |id| Change::Remove(TweetId(id));
    let put = |id, version| Change::Put(row(id, 0, version, "again"));
    // Also one that is older than what was removed, and one that nobody knows.
    let changes = vec![remove(1), put(2, 6), remove(2), remove(3), put(3, 4), remove(99), put(4, 9), put(4, 8)];
    lake.apply(changes).await.unwrap();
    lake.commit(2, NOW).await.unwrap();
    let all = lines(&lake, "select id, text, version / 1000000 from tweets order by id").await;
    assert_eq!(all, ["3 again 4", "4 again 9", "5 first 5", "6 first 5"]);
    lake.apply((3..=6).map(remove).collect()).await.unwrap();
    lake.commit(3, NOW).await.unwrap();
    assert!(lake.days().await.unwrap().is_empty());
    assert_eq!(lines(&lake, "select id from tweets").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_tweet_whose_day_changes_moves() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=3).map(|id| row(id, 0, 5, "x")))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    lake.apply(puts([row(2, 4, 6, "moved")])).await.unwrap();
    lake.commit(2, NOW).await.unwrap();
    assert_eq!(lake.days().await.unwrap(), digests(&[row(1, 0, 5, ""), row(3, 0, 5, ""), row(2, 4, 6, "")]));
    assert_eq!(lines(&lake, "select day, text from tweets where id = 2").await, ["2026-01-05 moved"]);
}

#[tokio::test]
async fn every_column_of_a_tweet_is_there() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    lake.apply(puts([row(1_900_000_000_000_000_001, 0, 5, "Grüße 👋")])).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    let answer = ask(&lake, "select * from tweets").await;
    let names: Vec<_> = answer.columns.iter().map(|column| column.name.as_str()).collect();
    assert!(model::columns::COLUMNS.iter().all(|column| names.contains(&column.name)), "{names:?}");
    assert_eq!((names[0], names[1], names.last().copied()), ("id", "version", Some("day")));
    let some = "select id, created, text, lang, likes, views, hashtag, edited, query, author from tweets";
    let wanted = "1900000000000000001 2026-01-01T00:00:00Z Grüße 👋 en 5 - [tag2] false [] -";
    let likes = 1_900_000_000_000_000_001_u64 % 7;
    let tag = 1_900_000_000_000_000_001_u64 % 3;
    let wanted = wanted.replace(" en 5 ", &format!(" en {likes} ")).replace("tag2", &format!("tag{tag}"));
    assert_eq!(lines(&lake, some).await, [wanted]);
}

#[tokio::test]
async fn one_process_leads_and_the_others_look() {
    let folder = TempDir::new().unwrap();
    let (leader, other) = (lead(folder.path()).await, open(folder.path()));
    assert!(!other.lead(NOW).await.unwrap());
    assert!(matches!(other.apply(vec![]).await, Err(LakeError::Locked)));
    assert!(matches!(other.commit(1, NOW).await, Err(LakeError::Locked)));
    assert!(
        matches!(other.sql("select 1", Limits::default()).await, Err(LakeError::Sql(_))),
        "nothing was looked at yet"
    );
    // Past a checkpoint, and more of them than are kept.
    for position in 1..=120 {
        leader.apply(puts([row(position, 0, 5, "x")])).await.unwrap();
        leader.commit(position, NOW).await.unwrap();
        if position == 3 {
            other.refresh().await.unwrap();
            assert_eq!(other.position(), 3);
        }
    }
    other.refresh().await.unwrap();
    assert_eq!(other.position(), 120);
    assert_eq!(lines(&other, "select count(*) from tweets").await, ["120"]);
    drop(leader);
    assert!(other.lead(NOW).await.unwrap());
    assert_eq!(other.days().await.unwrap().values().map(|day| day.count).sum::<u64>(), 120);
}

#[tokio::test]
async fn a_lake_is_read_from_its_checkpoint_when_the_commits_before_it_are_gone() {
    let folder = TempDir::new().unwrap();
    let (leader, other) = (lead(folder.path()).await, open(folder.path()));
    leader.apply(puts([row(1, 0, 5, "x"), row(2, 0, 5, "x")])).await.unwrap();
    leader.commit(1, NOW).await.unwrap();
    other.refresh().await.unwrap();
    leader.apply(vec![Change::Remove(TweetId(2))]).await.unwrap();
    leader.commit(2, NOW).await.unwrap();
    // The commits are of the machine's clock, and a hundred years old.
    let later = model::Timestamp(NOW.0 + 100 * 365 * DAY);
    leader.vacuum(later, later).await.unwrap();
    let log = std::fs::read_dir(folder.path().join("tweets/_delta_log")).unwrap().count();
    assert_eq!(log, 3, "the last commit, its checkpoint, and which that is");
    other.refresh().await.unwrap();
    assert_eq!((other.position(), lines(&other, "select id from tweets").await), (2, vec!["1".to_owned()]));
    drop(leader);
    let next = lead(folder.path()).await;
    assert_eq!((next.position(), lines(&next, "select id from tweets").await), (2, vec!["1".to_owned()]));
}

#[tokio::test]
async fn a_lake_that_was_cleared_is_filled_anew() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    let rows: Vec<_> = (1..=50).map(|id| row(id, (id % 4) as u32, 5, "x")).collect();
    lake.apply(puts(rows.clone())).await.unwrap();
    lake.commit(9, NOW).await.unwrap();
    lake.apply(puts([row(99, 0, 5, "given up")])).await.unwrap();
    lake.clear(NOW).await.unwrap();
    assert_eq!((lake.position(), lake.days().await.unwrap().len(), lake.pending().await.tweets), (0, 0, 0));
    lake.apply(puts(rows.clone())).await.unwrap();
    lake.commit(9, NOW).await.unwrap();
    assert_eq!(lake.days().await.unwrap(), digests(&rows));
}

#[tokio::test]
async fn small_files_of_closed_days_become_one_and_an_open_day_stays() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    let rows: Vec<_> = (0..600).map(|n| row(1 + n * 37 % 601, (n % 3) as u32, 5, "x")).collect();
    for (position, rows) in rows.chunks(60).enumerate() {
        lake.apply(puts(rows.to_vec())).await.unwrap();
        lake.commit(position as u64, NOW).await.unwrap();
    }
    assert_eq!(files(folder.path()).len(), 30);
    let open_day = row(1, 2, 0, "").tweet.created_at.day_number();
    lake.apply(puts([row(9_999, 0, 5, "waits")])).await.unwrap();
    assert_eq!(lake.compact(open_day, NOW).await.unwrap(), 20);
    assert_eq!(lake.compact(open_day, NOW).await.unwrap(), 0);
    assert_eq!((lake.days().await.unwrap(), lake.position()), (digests(&rows), 9));
    assert_eq!(lake.pending().await.tweets, 1, "what waits still waits");
    let later = model::Timestamp(NOW.0 + HOUR);
    assert_eq!(lake.vacuum(later, later).await.unwrap(), 20);
    assert_eq!((files(folder.path()).len(), lake.days().await.unwrap()), (12, digests(&rows)));
    let sorted = lines(&lake, "select id from tweets where day = '2026-01-01'").await;
    let mut ids: Vec<u64> = sorted.iter().map(|id| id.parse().unwrap()).collect();
    assert!(ids.is_sorted() && ids.len() == 200);
    ids.dedup();
    assert_eq!(ids.len(), 200);
}

#[tokio::test]
async fn what_is_still_read_outlives_a_vacuum() {
    let folder = TempDir::new().unwrap();
    let (leader, reader) = (lead(folder.path()).await, open(folder.path()));
    leader.apply(puts([row(1, 0, 5, "before"), row(2, 0, 5, "x")])).await.unwrap();
    leader.commit(1, NOW).await.unwrap();
    reader.refresh().await.unwrap();
    leader.apply(puts([row(1, 0, 6, "after")])).await.unwrap();
    leader.commit(2, NOW).await.unwrap();
    assert_eq!(leader.vacuum(model::Timestamp(NOW.0 - HOUR), NOW).await.unwrap(), 0);
    assert_eq!(lines(&reader, "select text from tweets where id = 1").await, ["before"]);
    assert_eq!(lines(&leader, "select text from tweets where id = 1").await, ["after"]);
}

#[tokio::test]
async fn a_lake_whose_log_is_damaged_is_discarded_and_made_anew_and_a_whole_one_stays() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("tweets/_delta_log");
    type Damage = fn(&std::path::Path);
    let damages: [(&str, Damage); 3] = [
        ("is no JSON", |log| std::fs::write(log.join("00000000000000000002.json"), "{\"add\":").unwrap()),
        ("in the middle is gone", |log| std::fs::remove_file(log.join("00000000000000000001.json")).unwrap()),
        ("that is the first is gone", |log| std::fs::remove_file(log.join("00000000000000000000.json")).unwrap()),
    ];
    for (what, damage) in damages {
        let lake = lead(folder.path()).await;
        for position in 1..=3 {
            lake.apply(puts([row(position, 0, 5, "x")])).await.unwrap();
            lake.commit(position, NOW).await.unwrap();
        }
        assert!(lake.discard_damaged().await.unwrap().is_none() && lake.len() == 3, "a whole one stays");
        damage(&log);
        let other = open(folder.path());
        assert!(other.discard_damaged().await.unwrap().is_none(), "another process changes it: a commit {what}");
        drop(lake);
        assert!(matches!(other.lead(NOW).await, Err(LakeError::Damaged(_))), "a commit {what}");
        assert!(other.damage().await.unwrap().is_some());
        assert!(other.discard_damaged().await.unwrap().is_some(), "a commit {what}");
        assert_eq!((files(folder.path()).len(), std::fs::read_dir(&log).unwrap().count()), (0, 0), "{what}");
        assert!(other.lead(NOW).await.unwrap());
        assert_eq!((other.position(), other.len()), (0, 0));
    }
}

#[tokio::test]
async fn a_lake_that_is_discarded_half_way_is_still_told_to_be_damaged() {
    let folder = TempDir::new().unwrap();
    let lake = lead(folder.path()).await;
    // Past a checkpoint, with commits after it that tell the columns, as the first one does.
    for position in 1..=52 {
        lake.apply(puts([row(position, 0, 5, "x")])).await.unwrap();
        lake.commit(position, NOW).await.unwrap();
    }
    lake.clear(NOW).await.unwrap();
    drop(lake);
    let log = folder.path().join("tweets/_delta_log");
    std::fs::write(log.join("00000000000000000050.checkpoint.parquet"), "PAR1").unwrap();
    let mut names: Vec<_> = std::fs::read_dir(&log).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let lake = open(folder.path());
    while names.len() > 1 {
        assert!(lake.damage().await.unwrap().is_some(), "{} files are left", names.len());
        std::fs::remove_file(names.remove(0)).unwrap();
    }
}
