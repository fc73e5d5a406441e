//! Exports, read back: which rows, in what order, how much in a day.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::account::{CurrentUser, Role};
use model::explore::Sort;
use model::export::{ExportFormat, ExportQuery, ExportRecord, ExportState};
use model::time::{DAY, SECOND};
use model::{Timestamp, TweetId};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use service::exports::{self, Download, Export, Started};
use service::import::{self, Import};
use service::{Clock, Error, Service, Settings, collections, index};
use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// Seconds since the story began.
#[derive(Default)]
struct StoryClock(AtomicI64);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(NOW.0 + self.0.load(Ordering::Relaxed) * SECOND)
    }
}

struct Story {
    service: Service,
    settings: Settings,
    clock: Arc<StoryClock>,
    folder: TempDir,
}

impl Story {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let settings =
            Settings { exports_per_day: 5000, export_job_rows: 3000, ..Settings::folder(folder.path().join("data")) };
        let clock = Arc::new(StoryClock::default());
        Self { service: Service::open(&settings, clock.clone()).await.unwrap(), settings, clock, folder }
    }

    fn wait(&self, seconds: i64) {
        self.clock.0.fetch_add(seconds, Ordering::Relaxed);
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
        match exports::begin(&self.service, &person(user), query).await? {
            Started::Direct(export) => Ok(*export),
            Started::Job(id) => panic!("it is made in the background, as {id}"),
        }
    }

    async fn begin_job(&self, query: ExportQuery) -> i64 {
        match exports::begin(&self.service, &person(1), query).await.unwrap() {
            Started::Job(id) => id,
            Started::Direct(_) => panic!("it is not made in the background"),
        }
    }

    async fn make_all(&self) {
        exports::make_all(&self.service, &CancellationToken::new()).await.unwrap();
    }

    async fn record(&self, id: i64) -> ExportRecord {
        exports::find(&self.service, &person(1), id).await.unwrap()
    }

    async fn left(&self, user: i64) -> u64 {
        exports::left_today(&self.service, &person(user)).await.unwrap()
    }

    /// The files of exports, without their names that nobody can guess.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join("data/exports")).into_iter().flatten();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = entries.map(|entry| name(entry).split_once('.').unwrap().1.to_owned()).collect();
        names.sort();
        names
    }

    async fn taken(&self, id: i64) -> Vec<u8> {
        match exports::download(&self.service, &person(1), id).await.unwrap() {
            Download::File { path, .. } => std::fs::read(path).unwrap(),
            Download::Again(removed) => panic!("{removed} were removed"),
        }
    }
}

fn person(id: i64) -> CurrentUser {
    CurrentUser { id, name: "ann".into(), role: Role::Viewer }
}

fn query(format: ExportFormat) -> ExportQuery {
    ExportQuery {
        collection: "moon".into(),
        columns: columns(["id", "text", "likes"]),
        format,
        ..ExportQuery::default()
    }
}

fn columns<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
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
    let rows = records(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(rows[texts.len() + 1], ["9 of 9 tweets that match", "", ""], "the last line, as wide as all others");
    for row in &rows[1..] {
        assert!(!row[1].starts_with(['=', '+', '-', '@', '\t', '＝']), "{row:?}");
    }
}

#[tokio::test]
async fn a_workbook_has_ids_as_text_and_tells_where_it_comes_from() {
    let story = Story::new().await;
    story.import([(1_992_240_117_330_288_641, "=HYPERLINK(1)".to_owned())].into_iter()).await;
    let file =
        read(story.begin(1, ExportQuery { zone: "Europe/Berlin".into(), ..query(ExportFormat::Xlsx) }).await.unwrap())
            .await;
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(book.by_name(name).unwrap()).unwrap();
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "no formula: {sheet}");
    assert!(!sheet.contains("<v>1992240117330288641"), "an id is no number, which Excel would round: {sheet}");
    for text in [">1992240117330288641<", ">=HYPERLINK(1)<"] {
        assert!(sheet.contains(text), "{text} is missing: {sheet}");
    }
    let about = part("xl/sharedStrings.xml");
    for text in ["1 of 1 tweets that match", "text: The words of the tweet.", "Europe/Berlin", "Roost 0."] {
        assert!(about.contains(text), "{text} is missing: {about}");
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
    let columns = columns(["id", "text", "likes", "created", "hashtag", "poll", "engagement", "views", "reply_to"]);
    let query = ExportQuery { sort, columns, ..query(ExportFormat::Parquet) };
    let path = story.folder.path().join("tweets.parquet");
    std::fs::write(&path, read(story.begin(1, query).await.unwrap()).await).unwrap();
    let file = SerializedFileReader::new(File::open(&path).unwrap()).unwrap();
    let about = file.metadata().file_metadata().key_value_metadata().unwrap();
    let line = |key: &str| about.iter().find(|line| line.key == key).and_then(|line| line.value.clone()).unwrap();
    assert_eq!(line("roost.rows"), "3,000 of 3,000 tweets that match");
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

#[tokio::test]
async fn a_spreadsheet_shows_times_and_numbers_as_its_reader_writes_them() {
    let story = Story::new().await;
    story.import((1..=2).map(|id| (id, format!("a;b {id}")))).await;
    let columns = columns(["created", "text", "likes"]);
    let query = ExportQuery { columns, zone: "Asia/Tokyo".into(), decimal_comma: true, ..query(ExportFormat::Csv) };
    let text = String::from_utf8(read(story.begin(1, query.clone()).await.unwrap()).await).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "\"created (Asia/Tokyo)\";\"text\";\"likes\"");
    assert_eq!(lines[1], "\"2026-01-31 19:00:00\";\"a;b 2\";\"2\"");
    let exact = ExportQuery { format: ExportFormat::CsvExact, ..query.clone() };
    let text = String::from_utf8(read(story.begin(1, exact).await.unwrap()).await).unwrap();
    assert_eq!(text.lines().nth(1), Some("2026-01-31T10:00:00.000Z,a;b 2,2"), "programs get what they expect");
    let nowhere = ExportQuery { zone: "Mars".into(), ..query };
    assert!(story.begin(1, nowhere).await.err().unwrap().to_string().contains("no time zone \"Mars\""));
}

#[tokio::test]
async fn what_is_chosen_by_hand_is_exported_in_the_order_of_the_table() {
    let story = Story::new().await;
    story.import((1..=20).map(|id| (id, format!("tweet {id}")))).await;
    let chosen = ExportQuery { ids: [7, 19, 3, 99].map(TweetId).to_vec(), ..query(ExportFormat::Ids) };
    assert_eq!(read(story.begin(1, chosen.clone()).await.unwrap()).await, b"19\n7\n3\n");
    let too_many = ExportQuery { ids: (0..2000).map(TweetId).collect(), ..chosen };
    assert!(story.begin(1, too_many).await.err().unwrap().to_string().contains("at most 1000"));
}

/// Many enough for a job.
async fn large() -> Story {
    let story = Story::new().await;
    story.import((1..=4000).map(|id| (id, format!("tweet {id} \u{2028}=1")))).await;
    story
}

#[tokio::test]
async fn a_large_export_is_made_in_the_background_as_a_small_one_would_be() {
    for format in ExportFormat::ALL {
        let story = large().await;
        let id = story.begin_job(query(format)).await;
        assert_eq!(story.record(id).await.state, ExportState::Waiting);
        assert!(exports::download(&story.service, &person(1), id).await.is_err(), "not yet");
        // What comes later is not in it.
        story.import((5000..=5100).map(|id| (id, "late".to_owned()))).await;
        story.make_all().await;
        let record = story.record(id).await;
        assert_eq!((record.state, record.written, record.removed), (ExportState::Ready, 4000, 0), "{format:?}");
        assert_eq!(record.expires_at, Some(Timestamp(NOW.0 + 7 * DAY)));
        let file = story.taken(id).await;
        assert_eq!(file.len() as u64, record.bytes, "{format:?}");
        if let ExportFormat::CsvExact | ExportFormat::Ids | ExportFormat::Jsonl = format {
            let mut small = Settings { export_job_rows: 1_000_000, exports_per_day: 50_000, ..story.settings.clone() };
            small.store = store::Settings::sqlite(story.folder.path().join("data"));
            let service = Service::open(&small, story.clock.clone()).await.unwrap();
            let before = ExportQuery { filter: "-late".into(), ..query(format) };
            let Started::Direct(direct) = exports::begin(&service, &person(2), before).await.unwrap() else { panic!() };
            assert!(read(*direct).await == file, "{format:?}");
        }
        assert_eq!(story.left(1).await, if format.has_content() { 1000 } else { 5000 }, "it counts once");
    }
}

#[tokio::test]
async fn a_job_that_is_stopped_goes_on_where_it_was_and_ends_as_if_nothing_had_been() {
    let story = Story::new().await;
    story.import((1..=12_000).map(|id| (id, format!("tweet {id}")))).await;
    let ids = ExportQuery { columns: vec![], ..query(ExportFormat::Ids) };
    let id = story.begin_job(ids).await;
    let stop = CancellationToken::new();
    let (service, stopped) = (story.service.clone(), stop.clone());
    let making = tokio::spawn(async move { exports::make_all(&service, &stopped).await });
    while story.record(id).await.written == 0 {
        tokio::task::yield_now().await;
    }
    making.abort();
    let _ = making.await;
    let record = story.record(id).await;
    assert!(record.state == ExportState::Running && record.written < 12_000, "{record:?}");
    story.make_all().await;
    assert_eq!(story.record(id).await.state, ExportState::Running, "its process may be alive");
    story.wait(30);
    story.make_all().await;
    let record = story.record(id).await;
    assert_eq!((record.state, record.written), (ExportState::Ready, 12_000));
    let expected: String = (1..=12_000).rev().map(|id| format!("{id}\n")).collect();
    assert!(story.taken(id).await == expected.into_bytes());
}

#[tokio::test]
async fn tweets_that_are_removed_are_in_no_file_from_then_on() {
    let story = large().await;
    let id = story.begin_job(query(ExportFormat::Csv)).await;
    let remove = async |id: u64| {
        testing::execute(&story.settings.store, &format!("DELETE FROM tweets WHERE id = {id}")).await.unwrap();
    };
    remove(17).await;
    story.make_all().await;
    let text = String::from_utf8(story.taken(id).await).unwrap();
    assert!(!text.contains("tweet 17 ") && text.contains("tweet 18 "));
    let last = text.trim_end().lines().last().unwrap();
    assert!(last.contains("3,999 of 4,000 tweets that match; 1 removed from Roost since the export began"), "{last}");
    remove(18).await;
    let again = exports::download(&story.service, &person(1), id).await.unwrap();
    assert!(matches!(again, Download::Again(1)), "it was removed after the file was made");
    let record = story.record(id).await;
    assert_eq!(record.state, ExportState::Waiting);
    assert!(record.reason.unwrap().told().contains("One of its tweets was removed"));
    story.make_all().await;
    assert!(!String::from_utf8(story.taken(id).await).unwrap().contains("tweet 18 "));
    assert_eq!(story.left(1).await, 1000, "made twice, it counts once");
}

#[tokio::test]
async fn a_file_is_its_owners_and_is_deleted_when_its_days_are_over_or_its_owner_wants_it() {
    let story = large().await;
    let id = story.begin_job(query(ExportFormat::Jsonl)).await;
    story.make_all().await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let Download::File { path, name, .. } = exports::download(&story.service, &person(1), id).await.unwrap() else {
        panic!("it is ready");
    };
    assert_eq!(
        (mode(&path), mode(path.parent().unwrap()), name.as_str()),
        (0o600, 0o700, "roost-moon-2026-09-21.jsonl")
    );
    for other in [2, 0] {
        assert!(matches!(exports::download(&story.service, &person(other), id).await, Err(Error::NotFound(_))));
        assert!(matches!(exports::cancel(&story.service, &person(other), id).await, Err(Error::NotFound(_))));
    }
    exports::clean_up(&story.service).await.unwrap();
    assert_eq!(story.files(), ["ids", "out.jsonl"]);
    story.wait(7 * DAY / SECOND);
    assert!(exports::download(&story.service, &person(1), id).await.is_err(), "before it is deleted, too");
    exports::clean_up(&story.service).await.unwrap();
    assert_eq!((story.record(id).await.state, story.files().len()), (ExportState::Expired, 0));

    let second = story.begin_job(query(ExportFormat::Csv)).await;
    assert_eq!(story.files(), ["ids"]);
    exports::cancel(&story.service, &person(1), second).await.unwrap();
    story.make_all().await;
    assert_eq!((story.record(second).await.state, story.files().len()), (ExportState::Cancelled, 0));
    assert_eq!(story.left(1).await, 5000, "it is another day, and what was cancelled does not count");
}

#[tokio::test]
async fn an_offer_tells_numbers_size_and_the_first_rows_before_anything_is_recorded() {
    let story = large().await;
    for (user, format) in (9..).zip(ExportFormat::ALL) {
        let offer = exports::offer(&story.service, &person(1), &query(format)).await.unwrap();
        assert_eq!((offer.rows, offer.matching, offer.left_today), (4000, 4000, 5000));
        assert!(offer.in_background && !offer.is_over);
        assert_eq!(offer.heads, ["Tweet id", "Text", "Likes"]);
        assert_eq!(offer.preview.len(), 5);
        assert_eq!(offer.preview[0], ["4000", "tweet 4000 \u{2028}=1", "3"]);
        let first = ExportQuery { first: Some(2500), ..query(format) };
        let offer = exports::offer(&story.service, &person(1), &first).await.unwrap();
        assert!(!offer.in_background && offer.rows == 2500);
        let size = read(story.begin(user, first).await.unwrap()).await.len() as f64;
        let ratio = offer.estimate.bytes as f64 / size;
        assert!((0.7..1.5).contains(&ratio), "{format:?}: {ratio}");
    }
    let over = ExportQuery { filter: "likes>0".into(), ..query(ExportFormat::Csv) };
    let id = story.begin_job(ExportQuery { first: None, ..over.clone() }).await;
    let offer = exports::offer(&story.service, &person(1), &over).await.unwrap();
    assert!(offer.is_over, "{} of {}", offer.rows, offer.left_today);
    assert_eq!(exports::list(&story.service, &person(1)).await.unwrap()[0].id, id);
}
