//! X calls the same things tweets or posts, and mixes the names: whichever it gives, the same is stored.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::schedule::{Expansions, Reads, RunStatus};
use model::time::SECOND;
use model::{Timestamp, TweetId};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;
use service::schedules::{self, NewSchedule};
use service::{Clock, Service, Settings, fetch, pipeline};
use simulator::Vocabulary;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use store::{Store, tweets};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp(1_790_000_000 * SECOND);
const TOKEN: &str = "a token";
const TWEETS: u64 = 450;

/// What is stored of what X gives, by table, and the columns that are sealed: those are other bytes each time.
const TABLES: [(&str, Option<&str>); 6] = [
    ("tweets", Some("raw")),
    ("authors", Some("identity")),
    ("tweet_collections", None),
    ("metric_history", None),
    ("gaps", None),
    ("rejects", None),
];
/// Pages may come in any order.
const BY_ORDER: &str = "change";
/// What a tweet as it came has under two names: the current one and the older.
const NAMES: [(&str, &str); 4] = [
    ("edit_history_post_ids", "edit_history_tweet_ids"),
    ("note_post", "note_tweet"),
    ("referenced_posts", "referenced_tweets"),
    ("repost_count", "retweet_count"),
];

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }
}

/// All that is stored.
#[derive(PartialEq)]
struct Stored {
    /// Rows by table and by their first column, each value as SQL writes it.
    rows: BTreeMap<String, String>,
    /// The tweets as they came, with the older names.
    raw: BTreeMap<u64, Value>,
}

#[tokio::test]
async fn in_whichever_names_x_gives_them_the_same_tweets_are_stored() {
    let empty = TempDir::new().unwrap();
    open(&empty).await.close().await.unwrap();
    for seed in [1, 2] {
        let tweets = stored(&empty, seed, Vocabulary::Tweet).await;
        assert!(tweets.tells_all(), "what is compared has little in it");
        let drawn = (0..3).map(|number| Vocabulary::Drawn(10 * seed + number));
        for vocabulary in [Vocabulary::Post, Vocabulary::Mixed].into_iter().chain(drawn) {
            let other = stored(&empty, seed, vocabulary).await;
            assert_eq!(tweets.first_difference(&other), None, "{vocabulary:?}");
        }
    }
}

async fn open(folder: &TempDir) -> Service {
    Service::open(&Settings::folder(folder.path()), Arc::new(Still)).await.unwrap()
}

/// What an installation has stored once it has fetched all tweets. It begins as a copy of an empty one, whose keys it
/// has: pseudonyms and fingerprints depend on them.
async fn stored(empty: &TempDir, seed: u64, vocabulary: Vocabulary) -> Stored {
    let config = simulator::Config {
        profile: tweetgen::Profile::Full,
        seed,
        tweets: TWEETS,
        rate_per_second: 0.0,
        bearer_token: TOKEN.to_owned(),
        vocabulary: Some(vocabulary),
        clock: Arc::new(|| NOW.0),
        ..Default::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let x = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(simulator::serve(listener, config, std::future::pending()));
    let folder = TempDir::new().unwrap();
    copy(empty.path(), folder.path());
    let service = open(&folder).await;
    let credential = schedules::save_credential(&service, "x", &x, TOKEN).await.unwrap();
    let (name, query) = ("everything", "min_likes:0");
    let new = NewSchedule {
        collection: "Moon",
        credential,
        name,
        reads: Reads::recent(query),
        expansions: Expansions::ALL,
        cadence: "every hour",
    };
    schedules::create(&service, new).await.unwrap();
    fetch::run_due(&service, &CancellationToken::new()).await.unwrap();
    pipeline::drain(&service).await.unwrap();
    let run = schedules::runs(&service, 1).await.unwrap().remove(0);
    assert_eq!((run.status, run.counts.rejected), (RunStatus::Done, 0), "{run:?}");
    assert!(run.counts.new + 50 > TWEETS, "{run:?}");
    service.close().await.unwrap();
    Stored::read(folder.path()).await
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => _ = fs::copy(entry.path(), to.join(entry.file_name())).unwrap(),
        }
    }
}

impl Stored {
    async fn read(folder: &Path) -> Self {
        let database = Database::connect(format!("sqlite://{}", folder.join("roost.db").display())).await.unwrap();
        let mut rows = BTreeMap::new();
        for (table, sealed) in TABLES {
            let columns = texts(&database, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            assert!(sealed.is_none_or(|sealed| columns.iter().any(|column| column == sealed)), "{columns:?}");
            let kept = columns.iter().filter(|column| *column != BY_ORDER && sealed != Some(column));
            let values =
                kept.map(|column| format!("'{column} ' || quote({column})")).collect::<Vec<_>>().join(" || ' ' || ");
            for (number, row) in
                texts(&database, &format!("SELECT {values} FROM {table} ORDER BY 1")).await.into_iter().enumerate()
            {
                rows.insert(format!("{table} {number:06}"), row);
            }
        }
        let ids = texts(&database, "SELECT CAST(id AS TEXT) FROM tweets").await;
        database.close().await.unwrap();
        let store = Store::open(&store::Settings::sqlite(folder)).await.unwrap();
        let mut raw = BTreeMap::new();
        for id in ids.iter().map(|id| id.parse().unwrap()) {
            let text = tweets::raw(&store, TweetId(id)).await.unwrap().unwrap();
            raw.insert(id, with_older_names(serde_json::from_str(&text).unwrap()));
        }
        store.close().await.unwrap();
        Self { rows, raw }
    }

    /// Whether there are tweets of all sorts: long ones, edited ones, with media, of places …
    fn tells_all(&self) -> bool {
        let details = ["references", "entities", "media", "place", "annotations", "edit_history", "reply_to_author"];
        let told = details.map(|name| format!("\"{name}\":"));
        let is_told = |name: &String| self.rows.values().any(|row| row.contains(name));
        let has = |name: &str| self.raw.values().any(|raw| raw[name].is_object());
        told.iter().all(is_told) && has("note_tweet") && self.raw.len() as u64 > TWEETS
    }

    fn first_difference(&self, other: &Self) -> Option<String> {
        let rows = self.rows.iter().zip(&other.rows).find(|(one, other)| one != other);
        let raw = self.raw.iter().zip(&other.raw).find(|(one, other)| one != other);
        let differ = rows.map(|(one, other)| format!("{one:?}\n{other:?}"));
        let differ = differ.or(raw.map(|(one, other)| format!("{one:?}\n{other:?}")));
        differ.or((self != other).then(|| format!("{} and {} rows", self.rows.len(), other.rows.len())))
    }
}

async fn texts(database: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

fn with_older_names(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| {
                let older = NAMES.iter().find(|(current, _)| *current == name).map(|(_, older)| (*older).to_owned());
                (older.unwrap_or(name), with_older_names(value))
            });
            Value::Object(fields.collect())
        }
        Value::Array(items) => items.into_iter().map(with_older_names).collect(),
        other => other,
    }
}
