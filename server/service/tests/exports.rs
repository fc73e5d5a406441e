//! Exports, read back: which rows, in what order, how much in a day.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::{CurrentUser, Role};
use model::explore::Sort;
use model::export::{ExportFormat, ExportQuery};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use service::exports::{self, Export};
use service::import::{self, Import};
use service::{Clock, Error, Service, Settings, collections, index};
use std::fs::File;
use std::sync::Arc;
use tempfile::TempDir;

const NOW: model::Timestamp = model::Timestamp::from_seconds(1_790_000_000);

struct StoryClock;

impl Clock for StoryClock {
    fn now(&self) -> model::Timestamp {
        NOW
    }
}

struct Story {
    service: Service,
    folder: TempDir,
}

impl Story {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let settings = Settings { exports_per_day: 5000, ..Settings::folder(folder.path().join("data")) };
        Self { service: Service::open(&settings, Arc::new(StoryClock)).await.unwrap(), folder }
    }

    async fn import(&self, tweets: impl Iterator<Item = (u64, String)>) {
        let line = |(id, text): (u64, String)| {
            let likes = id % 7;
            let tags = text.split(' ').filter_map(|word| word.strip_prefix('#'));
            let tags: Vec<_> = tags.map(|tag| serde_json::json!({ "start": 0, "end": 1, "tag": tag })).collect();
            let tweet = serde_json::json!({ "id": id.to_string(), "text": text, "lang": "en",
                "entities": { "hashtags": tags }, "created_at": "2026-01-31T10:00:00.000Z", "public_metrics": { "like_count": likes } });
            format!("{}\n", serde_json::json!({ "data": [tweet] }))
        };
        let file = self.folder.path().join("tweets.jsonl");
        std::fs::write(&file, tweets.map(line).collect::<String>()).unwrap();
        let import = Import {
            collection: collections::find_or_create(&self.service, "Moon").await.unwrap(),
            sources: vec![process::Source::from_path(&file)],
            options: process::Options { observed_at: Some(NOW), ..Default::default() },
            rejects: self.folder.path().join("rejects"),
        };
        assert_eq!(import::run(&self.service, import, |_| ()).await.unwrap().progress.counts.rejected, 0);
        index::catch_up(&self.service).await.unwrap();
    }

    async fn begin(&self, user: i64, query: ExportQuery) -> Result<Export, Error> {
        let user = CurrentUser { id: user, name: "ann".into(), role: Role::Viewer };
        exports::begin(&self.service, &user, query).await
    }

    async fn left(&self, user: i64) -> u64 {
        let user = CurrentUser { id: user, name: "ann".into(), role: Role::Viewer };
        exports::left_today(&self.service, &user).await.unwrap()
    }
}

fn query(format: ExportFormat) -> ExportQuery {
    ExportQuery { collection: "moon".into(), columns: vec!["id", "text", "likes"], format, ..ExportQuery::default() }
}

async fn read(mut export: Export) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some(piece) = export.next().await.unwrap() {
        file.extend(piece);
    }
    file
}

fn records(file: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(file);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn an_export_holds_every_row_once_in_the_order_of_the_table_whatever_comes_meanwhile() {
    let story = Story::new().await;
    story.import((1..=2500).map(|id| (id, format!("tweet {id}")))).await;
    let sort = Sort { column: "likes".into(), descending: true };
    let mut export = story.begin(1, ExportQuery { sort: vec![sort], ..query(ExportFormat::CsvExact) }).await.unwrap();
    assert_eq!(export.rows(), 2500);
    let mut file = export.next().await.unwrap().unwrap();
    story.import((3001..=3100).map(|id| (id, "late".to_owned()))).await;
    file.extend(read(export).await);
    let rows = records(&file);
    assert_eq!(rows[0], ["id", "text", "likes"]);
    let mut expected: Vec<u64> = (1..=2500).collect();
    expected.sort_by_key(|id| (std::cmp::Reverse(id % 7), std::cmp::Reverse(*id)));
    let ids: Vec<u64> = rows[1..].iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn no_text_becomes_a_formula_in_a_spreadsheet_and_the_exact_form_has_every_byte() {
    let texts = ["=1+1", "@nasa says", "+1", "-2", "\tx", "＝1", "a,\"b\"\r\nc", "naïve 🚀", "it's"];
    let story = Story::new().await;
    story.import((1..).zip(texts.map(str::to_owned))).await;
    let sort = Sort { column: "id".into(), descending: false };
    let query = |format| ExportQuery { sort: vec![sort.clone()], ..query(format) };

    let exact = records(&read(story.begin(1, query(ExportFormat::CsvExact)).await.unwrap()).await);
    let exact: Vec<&str> = exact[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(exact, texts);

    let file = read(story.begin(1, query(ExportFormat::Csv)).await.unwrap()).await;
    let text = String::from_utf8(file).unwrap();
    assert!(text.starts_with("\u{feff}\"id\",\"text\",\"likes\"\r\n\"1\",\"'=1+1\",\"1\"\r\n"), "{text}");
    for row in &records(text.trim_start_matches('\u{feff}').as_bytes())[1..] {
        assert!(!row[1].starts_with(['=', '+', '-', '@', '\t', '＝']), "{row:?}");
    }
}

#[tokio::test]
async fn a_workbook_has_ids_as_text_and_tells_where_it_comes_from() {
    let story = Story::new().await;
    story.import([(1_992_240_117_330_288_641, "=HYPERLINK(1)".to_owned())].into_iter()).await;
    let file = read(story.begin(1, query(ExportFormat::Xlsx)).await.unwrap()).await;
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(book.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "no formula: {sheet}");
    assert!(!sheet.contains("1992240117330288641"), "an id is no number, which Excel would round: {sheet}");
    let texts = part("xl/sharedStrings.xml");
    for text in ["1992240117330288641", "=HYPERLINK(1)", "1 of 1 tweets that match"] {
        assert!(texts.contains(text), "{text} is missing: {texts}");
    }
}

#[tokio::test]
async fn lines_of_json_and_ids_are_complete() {
    let story = Story::new().await;
    story.import((1..=3).map(|id| (id, format!("tweet {id}\u{2028}")))).await;
    let first = ExportQuery { first: Some(2), ..query(ExportFormat::Jsonl) };
    let lines = String::from_utf8(read(story.begin(1, first).await.unwrap()).await).unwrap();
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], serde_json::json!({ "id": "3", "text": "tweet 3\u{2028}", "likes": 3 }));
    let ids = read(story.begin(1, query(ExportFormat::Ids)).await.unwrap()).await;
    assert_eq!(String::from_utf8(ids).unwrap(), "3\n2\n1\n");
    let none = ExportQuery { filter: "likes>=7".into(), ..query(ExportFormat::CsvExact) };
    assert_eq!(records(&read(story.begin(1, none).await.unwrap()).await), [["id", "text", "likes"]]);
}

#[tokio::test]
async fn a_person_exports_so_many_tweets_a_day_and_ids_without_end() {
    let story = Story::new().await;
    story.import((1..=3000).map(|id| (id, format!("tweet {id}")))).await;
    story.begin(1, query(ExportFormat::Csv)).await.unwrap();
    assert_eq!((story.left(1).await, story.left(2).await), (2000, 5000));
    let Err(refused) = story.begin(1, query(ExportFormat::Jsonl)).await else { panic!("3,000 more are too many") };
    assert!(refused.to_string().contains("you may export 2000 more today"), "{refused}");
    story.begin(1, ExportQuery { first: Some(2000), ..query(ExportFormat::Jsonl) }).await.unwrap();
    assert_eq!(story.left(1).await, 0);
    story.begin(1, query(ExportFormat::Ids)).await.unwrap();
    story.begin(2, query(ExportFormat::Csv)).await.unwrap();
    assert!(story.begin(1, ExportQuery { filter: "lang:".into(), ..query(ExportFormat::Ids) }).await.is_err());
}

#[tokio::test]
async fn a_parquet_file_has_typed_columns_in_groups_and_tells_where_it_comes_from() {
    let story = Story::new().await;
    let texts = (1..=3000).map(|id| (id, if id == 7 { "=1+1 #Moon #mars naïve 🚀".into() } else { format!("t{id}") }));
    story.import(texts).await;
    let sort = vec![Sort { column: "id".into(), descending: false }];
    let columns = vec!["id", "text", "likes", "created", "hashtag", "poll", "engagement", "views", "reply_to"];
    let query = ExportQuery { sort, columns, ..query(ExportFormat::Parquet) };
    let path = story.folder.path().join("tweets.parquet");
    std::fs::write(&path, read(story.begin(1, query).await.unwrap()).await).unwrap();
    let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let about = file.metadata().file_metadata().key_value_metadata().unwrap();
    let line = |key: &str| about.iter().find(|line| line.key == key).and_then(|line| line.value.clone()).unwrap();
    assert_eq!(line("roost.rows"), "3000 of 3000 tweets that match");
    assert_eq!((line("roost.collection"), line("roost.filter")), ("Moon".into(), "none: all tweets".into()));
    assert_eq!(line("roost.column.views"), "Times it was shown (impressions); unknown for tweets before 2023.");
    let rows: Vec<Vec<(String, Field)>> = file.into_iter().map(|row| row.unwrap().into_columns()).collect();
    assert_eq!(rows.len(), 3000);
    for (number, row) in (1..).zip(&rows) {
        assert_eq!((&row[0].1, &row[2].1), (&Field::Str(number.to_string()), &Field::Long(number % 7)));
    }
    let text = |text: &str| Field::Str(text.into());
    let seventh: Vec<&Field> = rows[6].iter().map(|(_, field)| field).collect();
    assert_eq!(seventh[1], &text("=1+1 #Moon #mars naïve 🚀"));
    assert_eq!(seventh[3], &Field::TimestampMicros(1_769_853_600_000_000));
    let Field::ListInternal(tags) = seventh[4] else { panic!("{:?}", seventh[4]) };
    assert_eq!(tags.elements(), [text("moon"), text("mars")]);
    assert_eq!(seventh[5..], [&Field::Bool(false), &Field::Null, &Field::Null, &Field::Null]);
    let Field::ListInternal(none) = &rows[0][4].1 else { panic!("an empty list") };
    assert!(none.elements().is_empty());
}
