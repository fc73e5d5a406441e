//! Questions: what they may be, and where they end.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::*;
use lake::{CellKind, Hidden, Lake, LakeError, Limits, SqlError};
use tempfile::TempDir;

async fn filled(folder: &TempDir) -> Lake {
    let lake = lead(folder.path()).await;
    lake.apply(puts((1..=5_000).map(|id| row(id, (id % 5) as u32, 5, "moon")))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    lake
}

async fn refused(lake: &Lake, question: &str) -> String {
    match lake.sql(question, Limits { seconds: 2, ..Limits::default() }).await {
        Err(LakeError::Sql(why)) => why.to_string(),
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
    assert!(why.contains("SELEC") && why.contains("line 1, column 1"), "{why}");
    assert!(refused(&lake, "SELECT * FROM tweet").await.contains("tweet"));
    assert!(!refused(&lake, "SELECT cast(text as bigint) FROM tweets").await.contains('\n'));
}

#[tokio::test]
async fn rows_time_and_memory_are_limited() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let few = Limits { rows: 10, ..Limits::default() };
    let answer = lake.sql("SELECT id FROM tweets ORDER BY id", few).await.unwrap();
    assert_eq!((answer.rows.len(), answer.total, answer.more), (10, 10, true));
    let counted = lake.sql("SELECT id FROM tweets", Limits { counted: 5_000, ..few }).await.unwrap();
    assert_eq!((counted.rows.len(), counted.total, counted.more), (10, 5_000, false));
    let counted = lake.sql("SELECT id FROM tweets", Limits { counted: 4_999, ..few }).await.unwrap();
    assert_eq!((counted.total, counted.more), (4_999, true));
    let answer = lake.sql("SELECT id FROM tweets WHERE id <= 10 ORDER BY id", few).await.unwrap();
    assert_eq!((answer.rows.len(), answer.more), (10, false));

    let little = Limits { memory: 1 << 20, ..Limits::default() };
    let sorted = "SELECT a.id FROM tweets a, tweets b WHERE a.id + b.id < 9000 ORDER BY a.id + b.id";
    let Err(LakeError::Sql(why)) = lake.sql(sorted, little).await else { panic!("it fits into a megabyte") };
    assert_eq!(why, SqlError::Memory(1));
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

#[tokio::test]
async fn an_answer_tells_what_its_columns_are_and_what_was_read() {
    let folder = TempDir::new().unwrap();
    let lake = filled(&folder).await;
    let question = "SELECT day, created, id, avg(likes), text, hashtag, 18446744073709551615 FROM tweets \
                    WHERE day = '2026-01-03' GROUP BY day, created, id, text, hashtag";
    let answer = ask(&lake, question).await;
    let kinds: Vec<_> = answer.columns.iter().map(|column| column.kind).collect();
    use CellKind::*;
    assert_eq!(kinds, [Day, Time, Whole, Decimal, Text, List, Whole]);
    assert_eq!(answer.rows[0][6].text(), "18446744073709551615", "no number is rounded");
    assert_eq!((answer.total, answer.read.rows), (1_000, 1_000), "{:?}", answer.read);
    assert!(answer.read.bytes.is_some_and(|bytes| bytes > 1_000), "{:?}", answer.read);
}

/// Even ids are in `secret` alone, every third in both.
async fn half_hidden(folder: &TempDir) -> Lake {
    let lake = lead(folder.path()).await;
    let tweet = |id: u64| {
        let mut tweet =
            row(id, (id % 5) as u32, 5, if id.is_multiple_of(2) && !id.is_multiple_of(3) { "hunter2" } else { "moon" });
        let secret = (id.is_multiple_of(2) || id.is_multiple_of(3)).then_some("secret");
        let open = (!id.is_multiple_of(2) || id.is_multiple_of(3)).then_some("moon");
        tweet.collections = secret.into_iter().chain(open).map(str::to_owned).collect();
        tweet.queries = vec!["watch".to_owned(), "secret watch".to_owned()];
        tweet
    };
    lake.apply(puts((1..=600).map(tweet))).await.unwrap();
    lake.commit(1, NOW).await.unwrap();
    lake
}

#[tokio::test]
async fn what_is_hidden_is_not_found_out_by_any_question() {
    let folder = TempDir::new().unwrap();
    let lake = half_hidden(&folder).await;
    let names = |name: &str| [name.to_owned()].into();
    let hidden = Hidden { collections: names("secret"), queries: names("secret watch") };
    let ask = async |question: &str| lake.sql_without(&hidden, question, Limits::default()).await;
    // 200 of 600 are in `secret` alone; the smallest of them is 2, the largest 598.
    for (question, expected) in [
        ("SELECT count(*) FROM tweets", "400"),
        ("SELECT count(1) FROM (SELECT * FROM tweets LIMIT 450)", "400"),
        ("SELECT max(id) FROM tweets WHERE id <= 598", "597"),
        ("SELECT count(*) FROM tweets WHERE id = 598", "0"),
        ("SELECT count(*) FROM tweets a JOIN tweets b ON a.id = b.id", "400"),
        ("SELECT count(*) FROM tweets a, tweets b WHERE a.id = 1 AND b.id < 9", "5"),
        ("WITH t AS (SELECT text FROM tweets) SELECT count(*) FROM t WHERE text = 'hunter2'", "0"),
        ("SELECT count(*) FROM tweets WHERE id IN (SELECT id FROM tweets WHERE text LIKE 'hunter%')", "0"),
        ("SELECT (SELECT count(*) FROM tweets t WHERE t.id > 594)", "4"),
        ("SELECT count(*) FROM (SELECT id FROM tweets UNION ALL SELECT id FROM lake.public.tweets)", "800"),
        (
            "SELECT array_to_string(array_agg(DISTINCT name), ',') FROM (SELECT unnest(collection) AS name FROM tweets)",
            "moon",
        ),
        (
            "SELECT array_to_string(array_agg(DISTINCT name), ',') FROM (SELECT unnest(query) AS name FROM tweets)",
            "watch",
        ),
        ("SELECT count(*) FROM tweets WHERE array_has(collection, 'secret')", "0"),
        ("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'", "1"),
        // What fails at a hidden tweet fails for nobody.
        ("SELECT count(*) FROM tweets WHERE 1 / (CASE WHEN text = 'hunter2' THEN 0 ELSE 1 END) = 1", "400"),
        ("SELECT count(*) FROM tweets WHERE cast(replace(text, 'moon', '1') AS bigint) = 1", "400"),
        ("SELECT count(id) FROM (SELECT id, text FROM tweets ORDER BY text LIMIT 500) WHERE text < 'i'", "0"),
    ] {
        let answer = ask(question).await.unwrap_or_else(|error| panic!("{question}: {error}"));
        assert_eq!(answer.rows[0][0].text(), expected, "{question}");
        assert_eq!(answer.read.bytes, None, "{question}");
        assert!(answer.read.rows <= 800, "{question}: {:?}", answer.read);
    }
    let all = ask("SELECT * FROM tweets").await.unwrap();
    assert_eq!(all.total, 400);
    assert!(!format!("{all:?}").contains("secret") && !format!("{all:?}").contains("hunter2"));
    for plan in ["EXPLAIN SELECT 1 FROM tweets", "EXPLAIN ANALYZE VERBOSE SELECT count(*) FROM tweets"] {
        assert!(matches!(ask(plan).await, Err(LakeError::Sql(SqlError::Plan))), "{plan}");
    }
    assert_eq!(lines(&lake, "SELECT count(*) FROM tweets WHERE text = 'hunter2'").await, ["200"]);
}

#[tokio::test]
async fn files_are_left_out_for_whom_something_is_hidden_too() {
    let folder = TempDir::new().unwrap();
    let lake = half_hidden(&folder).await;
    let hidden = Hidden { collections: ["secret".to_owned()].into(), ..Hidden::default() };
    for (condition, most) in [("day = '2026-01-03'", 80), ("id > 10000", 0), ("true", 400)] {
        let question = format!("SELECT sum(likes) FROM tweets WHERE {condition}");
        let read = lake.sql_without(&hidden, &question, Limits::default()).await.unwrap().read;
        assert_eq!(read.rows, most, "{condition}");
    }
}

#[test]
fn a_question_that_nobody_waits_for_ends() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = TempDir::new().unwrap();
    let began = std::time::Instant::now();
    runtime.block_on(async {
        let lake = filled(&folder).await;
        let endless = "SELECT count(*) FROM tweets a, tweets b, tweets c WHERE a.id + b.id + c.id = 0";
        let asked = lake.sql(endless, Limits { seconds: 600, ..Limits::default() });
        assert!(tokio::time::timeout(std::time::Duration::from_secs(1), asked).await.is_err(), "it takes long");
    });
    // It waits for all that works on a thread of its own.
    drop(runtime);
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
