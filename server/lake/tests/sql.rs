//! Questions: what they may be, and where they end.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::{Lake, LakeError, Limits};
use tempfile::TempDir;

async fn filled(folder: &TempDir) -> Lake {
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=5_000).map(|id| row(id, (id % 5) as u32, 5, "moon")))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    lake
}

async fn refused(lake: &Lake, question: &str) -> String {
    match lake.sql(question, Limits { seconds: 2, ..Limits::default() }).await {
        Err(LakeError::Sql(why)) => why,
        other => panic!("{question} gave {other:?}"),
    }
}

#[tokio::test]
async fn nothing_but_questions_is_answered() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let secret = folder.path().join("secret.csv");
    std::fs::write(&secret, "name\nhunter2\n").unwrap();
    let (secret, target) = (secret.display(), folder.path().join("out.parquet"));
    let target = target.display();
    for statement in [
        format!("COPY tweets TO '{target}'"),
        format!("COPY (SELECT 1) TO '{target}' STORED AS CSV"),
        format!("CREATE EXTERNAL TABLE secret STORED AS CSV LOCATION '{secret}'"),
        "CREATE TABLE t AS SELECT 1".to_owned(),
        "CREATE VIEW v AS SELECT 1".to_owned(),
        "INSERT INTO tweets SELECT * FROM tweets".to_owned(),
        "DELETE FROM tweets".to_owned(),
        "UPDATE tweets SET lang = 'x'".to_owned(),
        "DROP TABLE tweets".to_owned(),
        "SET datafusion.execution.batch_size = 1".to_owned(),
        "EXPLAIN ANALYZE INSERT INTO tweets SELECT * FROM tweets".to_owned(),
    ] {
        let why = refused(&lake, &statement).await;
        assert!(why.contains("begin with SELECT"), "{statement}: {why}");
    }
    for question in [format!("SELECT * FROM '{secret}'"), format!("SELECT * FROM read_csv('{secret}')")] {
        let why = refused(&lake, &question).await;
        assert!(!why.contains("hunter2") && !why.contains('\n'), "{question}: {why}");
    }
    assert!(!std::path::Path::new(&target.to_string()).exists());
    assert!(refused(&lake, "SELECT 1; SELECT 2").await.len() > 10);
    assert_eq!(lines(&lake, "select count(*) from tweets").await, ["5000"]);
}

#[tokio::test]
async fn tables_columns_and_plans_can_be_looked_at() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    assert!(lines(&lake, "SHOW TABLES").await.iter().any(|line| line.contains("lake public tweets")));
    assert!(lines(&lake, "DESCRIBE tweets").await.iter().any(|line| line.starts_with("hashtag List")));
    assert!(!lines(&lake, "EXPLAIN SELECT id FROM tweets").await.is_empty());
    let with = "WITH d AS (SELECT day, count(*) n FROM tweets GROUP BY day) SELECT sum(n), count(*) FROM d";
    assert_eq!(lines(&lake, with).await, ["5000 5"]);
    let tags = "select tag, count(*) from (select unnest(hashtag) tag from tweets) group by tag order by tag";
    assert_eq!(lines(&lake, tags).await, ["tag0 1666", "tag1 1667", "tag2 1667"]);
    assert_eq!(lines(&lake, "select count(*) from tweets where array_has(hashtag, 'tag0')").await, ["1666"]);
}

#[tokio::test]
async fn only_the_files_that_may_hold_an_answer_are_read() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    for (filter, files) in [("day = '2026-01-03'", 1), ("day >= '2026-01-04'", 2), ("id > 10000", 0), ("true", 5)] {
        let plan =
            lines(&lake, &format!("EXPLAIN ANALYZE SELECT sum(likes) FROM tweets WHERE {filter}")).await.concat();
        let read = plan.split("files_ranges_pruned_statistics=").nth(1).unwrap_or_default();
        let matched = if files == 5 {
            read.starts_with("5 total → 5 matched")
        } else {
            read.contains(&format!("→ {files} matched"))
        };
        assert!(matched, "{filter}: {plan}");
    }
}

#[tokio::test]
async fn an_error_is_one_line_that_tells_the_place() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let why = refused(&lake, "SELECT id,\n  lnag FROM tweets").await;
    assert!(why.contains("lnag") && why.contains("line 2, column 3") && !why.contains('\n'), "{why}");
    let why = refused(&lake, "SELEC id FROM tweets").await;
    assert!(why.contains("SELEC") && why.contains("Line: 1, Column: 1"), "{why}");
    assert!(refused(&lake, "SELECT * FROM tweet").await.contains("tweet"));
    assert!(!refused(&lake, "SELECT cast(text as bigint) FROM tweets").await.contains('\n'));
}

#[tokio::test]
async fn rows_time_and_memory_are_limited() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let few = Limits { rows: 10, ..Limits::default() };
    let answer = lake.sql("SELECT id FROM tweets ORDER BY id", few).await.unwrap();
    assert_eq!((answer.rows.len(), answer.more), (10, true));
    let answer = lake.sql("SELECT id FROM tweets WHERE id <= 10 ORDER BY id", few).await.unwrap();
    assert_eq!((answer.rows.len(), answer.more), (10, false));

    let little = Limits { memory: 1 << 20, ..Limits::default() };
    let sorted = "SELECT a.id FROM tweets a, tweets b WHERE a.id + b.id < 9000 ORDER BY a.id + b.id";
    let Err(LakeError::Sql(why)) = lake.sql(sorted, little).await else { panic!("it fits into a megabyte") };
    assert!(why.contains("memory"), "{why}");
    let wide = "SELECT string_agg(a.text || b.text, ',') FROM tweets a, tweets b";
    assert!(lake.sql(wide, little).await.is_err());
    for function in
        ["repeat('x', 1000000000)", "range(0, 10000000000)", "lpad('x', 2000000000)", "array_repeat(1, 10000000000)"]
    {
        assert!(refused(&lake, &format!("SELECT {function}")).await.contains("function"), "{function}");
    }
}

#[tokio::test]
async fn a_question_that_goes_too_deep_does_not_end_the_process() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let deep = format!("SELECT {}1{}", "(".repeat(4_900), ")".repeat(4_900));
    assert!(!refused(&lake, &deep).await.is_empty());
    for (begin, part) in [("", "+1"), ("true", " OR id=1"), ("", "-1")] {
        let long = format!("SELECT {begin}{} FROM tweets", part.repeat(9_900 / part.len() - 5));
        // It may take longer than it is allowed, but not end the process.
        let _ = lake.sql(&long, Limits { seconds: 2, ..Limits::default() }).await;
    }
    assert!(refused(&lake, &format!("SELECT '{}'", "x".repeat(10_000))).await.contains("longer than 10000 bytes"));
}
