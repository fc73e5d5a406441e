//! What the engines alone take for the same tweets: each through its own crate, with nothing of Roost around it.
//!
//! The sum is what a program that calls them one after the other cannot go below.

use crate::usage::{cpu_seconds, print_row, thread_cpu_seconds};
use arrow::array::{ArrayRef, BinaryArray, Int64Array, RecordBatch, StringArray};
use model::observed::{Batch, ObservedTweet};
use model::{Timestamp, Tweet};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::hmac;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement, TransactionTrait, Value};
use serde::Deserialize;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use tantivy::schema::{FAST, Field, INDEXED, STRING, Schema, TEXT};

/// Tweets of which each stage has so many at a time.
const PAGES_TOGETHER: usize = 25;
/// Rows of one statement, as Roost's.
const ROWS: usize = 64;
const COLUMNS: [&str; 19] = [
    "id",
    "version",
    "change",
    "hash",
    "first_seen",
    "created_at",
    "author",
    "text",
    "lang",
    "source",
    "conversation",
    "likes",
    "reposts",
    "replies",
    "quotes",
    "bookmarks",
    "views",
    "detail",
    "raw",
];
const KEYWORDS: [&str; 7] = ["author", "lang", "source", "hashtag", "mention", "domain", "type"];
const NUMBERS: [&str; 8] = ["likes", "reposts", "replies", "quotes", "bookmarks", "views", "conversation", "version"];

/// So many pages are enough: what a tweet takes grows little with more.
pub const MOST_PAGES: usize = 3_000;

pub fn measure(pages: &Path, most_pages: usize) {
    let folder = tempfile::tempdir_in(pages.parent().unwrap()).unwrap();
    let mut stages = Stages::new(folder.path());
    let mut lines = std::io::BufReader::new(std::fs::File::open(pages).unwrap()).split(b'\n').take(most_pages);
    loop {
        let bodies: Vec<Vec<u8>> = lines.by_ref().take(PAGES_TOGETHER).map(|line| line.unwrap()).collect();
        if bodies.is_empty() {
            break;
        }
        stages.take(&bodies);
    }
    // It works on threads of its own, which would be counted with other stages.
    let tantivy = index_all(pages, most_pages, &folder.path().join("index"));
    stages.spent.push(("tantivy: 7 keywords, 8 numbers", tantivy));
    stages.finish();
}

struct Stages {
    spent: Vec<(&'static str, f64)>,
    tweets: u64,
    key: LessSafeKey,
    pseudonyms: hmac::Key,
    runtime: tokio::runtime::Runtime,
    log: DatabaseConnection,
    database: DatabaseConnection,
    parquet: Option<ArrowWriter<std::fs::File>>,
    parquet_file: std::path::PathBuf,
}

impl Stages {
    fn new(folder: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let log =
            runtime.block_on(database(&folder.join("log.db"), "CREATE TABLE log (at INTEGER PRIMARY KEY, page BLOB)"));
        let columns = COLUMNS[1..].join(", ");
        let table = format!(
            "CREATE TABLE tweets (id INTEGER PRIMARY KEY, {columns}); CREATE INDEX a ON tweets (change); CREATE INDEX b ON tweets (created_at)"
        );
        let database = runtime.block_on(database(&folder.join("tweets.db"), &table));
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
        let pseudonyms = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let parquet_file = folder.join("tweets.parquet");
        Self { spent: Vec::new(), tweets: 0, key, pseudonyms, runtime, log, database, parquet: None, parquet_file }
    }

    /// Does the work and counts its CPU time, that of all threads.
    fn timed<T>(&mut self, stage: &'static str, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = cpu_seconds();
        let done = work(self);
        let spent = cpu_seconds() - before;
        match self.spent.iter_mut().find(|(name, _)| *name == stage) {
            Some((_, sum)) => *sum += spent,
            None => self.spent.push((stage, spent)),
        }
        done
    }

    fn take(&mut self, bodies: &[Vec<u8>]) {
        let sealed = self.timed("zstd and AES-256-GCM of pages", |stages| {
            bodies.iter().map(|body| stages.seal(zstd::bulk::compress(body, 1).unwrap())).collect::<Vec<_>>()
        });
        self.timed("SQLite: pages, each on the disk", |stages| stages.append(&sealed));
        let opened =
            self.timed("opened again", |stages| sealed.into_iter().map(|page| stages.open(page)).collect::<Vec<_>>());
        self.timed("serde_json", |_| {
            opened.iter().map(|body| serde_json::from_slice::<Page<'_>>(body).unwrap().tweets()).sum::<usize>()
        });
        let batches: Vec<Batch> =
            bodies.iter().map(|body| process::decode_page(body, Timestamp(crate::END)).unwrap().batch).collect();
        let tweets: Vec<ObservedTweet> = batches.into_iter().flat_map(|batch| batch.tweets).collect();
        self.tweets += 100 * bodies.len() as u64;
        let raw = self.timed("zstd and AES-256-GCM of tweets", |stages| {
            let mut zstd = zstd::bulk::Compressor::new(1).unwrap();
            tweets.iter().map(|tweet| stages.seal(zstd.compress(tweet.raw.as_bytes()).unwrap())).collect::<Vec<_>>()
        });
        let pids = self.timed("HMAC of authors", |stages| {
            let id = |tweet: &ObservedTweet| tweet.author_id.map_or(0, |id| id.0).to_le_bytes();
            tweets
                .iter()
                .map(|tweet| hmac::sign(&stages.pseudonyms, &id(tweet)).as_ref()[..16].to_vec())
                .collect::<Vec<_>>()
        });
        let rows: Vec<[Value; 19]> =
            tweets.iter().zip(raw).zip(&pids).map(|((tweet, raw), pid)| row(&tweet.tweet, pid, raw)).collect();
        self.timed("SQLite: tweets, two indexes", |stages| stages.insert(rows));
        let columns = columns(&tweets, &pids);
        self.timed("Parquet", |stages| stages.write(&columns));
    }

    fn seal(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        self.key.seal_in_place_append_tag(Nonce::assume_unique_for_key([0; 12]), Aad::empty(), &mut bytes).unwrap();
        bytes
    }

    fn open(&self, mut sealed: Vec<u8>) -> Vec<u8> {
        let page = self.key.open_in_place(Nonce::assume_unique_for_key([0; 12]), Aad::empty(), &mut sealed).unwrap();
        zstd::bulk::decompress(page, 10 << 20).unwrap()
    }

    fn append(&self, pages: &[Vec<u8>]) {
        self.runtime.block_on(async {
            for page in pages {
                let insert = "INSERT INTO log (page) VALUES (?)";
                let values = [page.clone().into()];
                self.log
                    .execute_raw(Statement::from_sql_and_values(self.log.get_database_backend(), insert, values))
                    .await
                    .unwrap();
            }
        });
    }

    fn insert(&self, rows: Vec<[Value; 19]>) {
        let text = |rows: usize| {
            let one = format!("({})", ["?"; 19].join(", "));
            let set: Vec<String> = COLUMNS[1..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
            format!(
                "INSERT INTO tweets ({}) VALUES {} ON CONFLICT (id) DO UPDATE SET {} WHERE tweets.version < excluded.version",
                COLUMNS.join(", "),
                vec![one; rows].join(", "),
                set.join(", ")
            )
        };
        self.runtime.block_on(async {
            let transaction = self.database.begin().await.unwrap();
            let mut rows = rows.into_iter();
            while rows.len() > 0 {
                let some = rows.len().min(ROWS);
                let values = rows.by_ref().take(some).flatten();
                let insert = Statement::from_sql_and_values(transaction.get_database_backend(), text(some), values);
                transaction.execute_raw(insert).await.unwrap();
            }
            transaction.commit().await.unwrap();
        });
    }

    fn write(&mut self, columns: &RecordBatch) {
        let file = &self.parquet_file;
        let writer = self.parquet.get_or_insert_with(|| {
            let level = ZstdLevel::try_new(3).unwrap();
            let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
            ArrowWriter::try_new(std::fs::File::create(file).unwrap(), columns.schema(), Some(properties)).unwrap()
        });
        writer.write(columns).unwrap();
    }

    fn finish(mut self) {
        let parquet = self.parquet.take();
        self.timed("Parquet", |_| parquet.map(|writer| writer.close().unwrap()));
        println!("bare stages, {} tweets:", self.tweets);
        let micros = |seconds: f64| seconds * 1e6 / self.tweets as f64;
        for (stage, seconds) in &self.spent {
            print_row(stage, micros(*seconds));
        }
        let sum = micros(self.spent.iter().map(|(_, seconds)| seconds).sum());
        print_row("sum", sum);
    }
}

/// Seconds of CPU that it takes tantivy to index the tweets of the pages, but for reading them.
fn index_all(pages: &Path, most_pages: usize, folder: &Path) -> f64 {
    let (mut index, fields) = index(folder);
    let began = cpu_seconds();
    let mut reading = 0.0;
    let lines = std::io::BufReader::new(std::fs::File::open(pages).unwrap()).split(b'\n').take(most_pages);
    for body in lines {
        let before = thread_cpu_seconds();
        let tweets = process::decode_page(&body.unwrap(), Timestamp(crate::END)).unwrap().batch.tweets;
        reading += thread_cpu_seconds() - before;
        for tweet in tweets {
            index.add_document(document(&fields, &tweet)).unwrap();
        }
    }
    index.commit().unwrap();
    index.wait_merging_threads().unwrap();
    cpu_seconds() - began - reading
}

fn document(fields: &[Field], ObservedTweet { tweet, author_id, .. }: &ObservedTweet) -> tantivy::TantivyDocument {
    let mut document = tantivy::TantivyDocument::default();
    let mut fields = fields.iter().copied();
    let mut next = || fields.next().unwrap();
    document.add_u64(next(), tweet.id.0);
    document.add_i64(next(), tweet.created_at.0);
    document.add_text(next(), &tweet.text);
    // As long as a pseudonym.
    for values in keywords(tweet, &[author_id.map_or(0, |id| id.0).to_le_bytes(); 2].concat()) {
        let field = next();
        values.iter().for_each(|value| document.add_text(field, value));
    }
    for number in numbers(tweet) {
        document.add_i64(next(), number);
    }
    document
}

async fn database(file: &Path, schema: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options.max_connections(1).sqlx_logging(false);
    let database = Database::connect(options).await.unwrap();
    for statement in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL"].into_iter().chain(schema.split(';')) {
        database.execute_unprepared(statement).await.unwrap();
    }
    database
}

fn index(folder: &Path) -> (tantivy::IndexWriter, Vec<Field>) {
    let mut schema = Schema::builder();
    let mut fields = vec![
        schema.add_u64_field("id", FAST | INDEXED),
        schema.add_i64_field("created", FAST),
        schema.add_text_field("text", TEXT),
    ];
    fields.extend(KEYWORDS.map(|name| schema.add_text_field(name, STRING | FAST)));
    fields.extend(NUMBERS.map(|name| schema.add_i64_field(name, FAST)));
    std::fs::create_dir(folder).unwrap();
    let index = tantivy::Index::create_in_dir(folder, schema.build()).unwrap();
    (index.writer_with_num_threads(1, 60_000_000).unwrap(), fields)
}

fn keywords(tweet: &Tweet, pid: &[u8]) -> [Vec<String>; 7] {
    let tags = |tags: &[model::tweet::Tag]| tags.iter().map(|tag| tag.tag.clone()).collect::<Vec<_>>();
    [
        vec![pid.iter().map(|byte| format!("{byte:02x}")).collect()],
        tweet.lang.iter().cloned().collect(),
        tweet.source.iter().cloned().collect(),
        tags(&tweet.entities.hashtags),
        tags(&tweet.entities.mentions),
        tweet.entities.links.iter().filter_map(|link| link.domain()).collect(),
        tweet.references.iter().map(|reference| format!("{:?}", reference.kind)).collect(),
    ]
}

fn numbers(tweet: &Tweet) -> [i64; 8] {
    let metrics = tweet.metrics;
    let counters = [metrics.likes, metrics.reposts, metrics.replies, metrics.quotes, metrics.bookmarks, metrics.views];
    let [likes, reposts, replies, quotes, bookmarks, views] = counters.map(|count| count.unwrap_or(0) as i64);
    [likes, reposts, replies, quotes, bookmarks, views, tweet.conversation.map_or(0, |id| id.0 as i64), tweet.version.0]
}

fn row(tweet: &Tweet, pid: &[u8], raw: Vec<u8>) -> [Value; 19] {
    let [likes, reposts, replies, quotes, bookmarks, views, conversation, version] = numbers(tweet).map(Value::from);
    let detail = serde_json::to_string(&(&tweet.entities, &tweet.references, &tweet.media)).unwrap();
    [
        (tweet.id.0 as i64).into(),
        version.clone(),
        (tweet.id.0 as i64 >> 8).into(),
        (tweet.id.0 as i64).into(),
        version,
        tweet.created_at.0.into(),
        pid.to_vec().into(),
        tweet.text.clone().into(),
        tweet.lang.clone().into(),
        tweet.source.clone().into(),
        conversation,
        likes,
        reposts,
        replies,
        quotes,
        bookmarks,
        views,
        detail.into(),
        raw.into(),
    ]
}

fn columns(tweets: &[ObservedTweet], pids: &[Vec<u8>]) -> RecordBatch {
    let text = |of: &dyn Fn(&Tweet) -> Option<String>| -> ArrayRef {
        Arc::new(tweets.iter().map(|tweet| of(&tweet.tweet)).collect::<StringArray>())
    };
    let mut columns: Vec<(&str, ArrayRef)> = vec![
        ("id", Arc::new(Int64Array::from_iter_values(tweets.iter().map(|tweet| tweet.tweet.id.0 as i64)))),
        ("created", Arc::new(Int64Array::from_iter_values(tweets.iter().map(|tweet| tweet.tweet.created_at.0)))),
        ("text", text(&|tweet| Some(tweet.text.clone()))),
    ];
    for (place, name) in KEYWORDS.into_iter().enumerate().skip(1) {
        columns.push((name, text(&|tweet| keywords(tweet, &[]).into_iter().nth(place).unwrap().into_iter().next())));
    }
    columns.push(("author", Arc::new(pids.iter().map(Some).collect::<BinaryArray>())));
    for (place, name) in NUMBERS.into_iter().enumerate() {
        columns.push((
            name,
            Arc::new(Int64Array::from_iter_values(tweets.iter().map(|tweet| numbers(&tweet.tweet)[place]))),
        ));
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true))).unwrap()
}

/// A page, as far as Roost reads it.
#[derive(Deserialize)]
struct Page<'p> {
    #[serde(borrow)]
    data: Vec<Posted<'p>>,
    #[serde(borrow, default)]
    includes: Includes<'p>,
}

impl Page<'_> {
    fn tweets(&self) -> usize {
        self.data.len() + self.includes.tweets.len() + self.includes.users.len()
    }
}

#[derive(Default, Deserialize)]
struct Includes<'p> {
    #[serde(borrow, default)]
    tweets: Vec<Posted<'p>>,
    #[serde(borrow, default)]
    users: Vec<User<'p>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only what it takes to read them is measured")]
struct Posted<'p> {
    #[serde(borrow)]
    id: std::borrow::Cow<'p, str>,
    #[serde(borrow)]
    text: std::borrow::Cow<'p, str>,
    author_id: Option<String>,
    created_at: Option<String>,
    conversation_id: Option<String>,
    lang: Option<String>,
    source: Option<String>,
    public_metrics: Option<std::collections::HashMap<String, u64>>,
    entities: Option<serde_json::Value>,
    referenced_tweets: Option<serde_json::Value>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only what it takes to read them is measured")]
struct User<'p> {
    #[serde(borrow)]
    id: std::borrow::Cow<'p, str>,
    username: Option<String>,
    name: Option<String>,
    description: Option<String>,
    public_metrics: Option<std::collections::HashMap<String, u64>>,
}
