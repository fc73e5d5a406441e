//! 100,000 hostile tweets, exported in every format and read back by what people open such files with: LibreOffice,
//! Python's csv, openpyxl, DuckDB. It takes minutes: `make test-long`.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::Roost;
use model::account::{CurrentUser, Role};
use model::explore::ExploreQuery;
use model::export::{ExportFormat, ExportQuery, ExportState};
use serde_json::Value;
use service::exports::{self, Download, Started};
use service::{Service, Settings, SystemClock, explore};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const TWEETS: u64 = 100_000;
/// Ids that a spreadsheet would round if it took them for numbers.
const FIRST_ID: u64 = 1_992_240_117_330_200_001;
const HOSTILE: [&str; 24] = [
    "=1+1",
    "=HYPERLINK(\"http://evil.example\";\"click\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "@nasa says hello",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "－1",
    "'=1+1",
    "\"=1+1\"",
    "a,\"b\";c\td\r\ne\nf\rg",
    ",,,,,",
    "\"",
    ";=1+1",
    " =1+1",
    "naïve 🚀 日本語 \u{202e}עברית",
    "0012345678901234567890",
    "1e999",
    "_x0041_ \u{b}",
    "2026-01-01",
];

/// The Python of the tests, with the packages that read the files.
fn python() -> Option<PathBuf> {
    let python = std::env::var_os("ROOST_TEST_PYTHON").filter(|name| !name.is_empty()).map(PathBuf::from);
    if python.is_none() {
        eprintln!(
            "SKIPPED: ROOST_TEST_PYTHON is not set (`make test-long` sets it): a Python with duckdb and openpyxl"
        );
    }
    python
}

fn office() -> Option<&'static str> {
    let office =
        ["soffice", "libreoffice"].into_iter().find(|name| Command::new(name).arg("--version").output().is_ok());
    if office.is_none() {
        eprintln!("SKIPPED: LibreOffice is missing (`make test-long` installs libreoffice-calc-nogui)");
    }
    office
}

fn run(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {told}");
    serde_json::from_slice(&output.stdout).unwrap()
}

struct Story {
    roost: Roost,
    service: Service,
    ann: CurrentUser,
}

impl Story {
    async fn new() -> Self {
        let roost = Roost::new();
        let file = roost.data.path().join("hostile.jsonl");
        let mut lines = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
        for number in 0..TWEETS {
            let text = HOSTILE[number as usize % HOSTILE.len()];
            // Some are the bare text, some have more after it.
            let text = if number % 5 == 0 { text.to_owned() } else { format!("{text} {number}") };
            let tweet = serde_json::json!({ "id": (FIRST_ID + 7 * number).to_string(), "text": text, "lang": "en",
                "created_at": format!("2026-01-{:02}T10:{:02}:{:02}.000Z", 1 + number % 28, number % 60, number % 59),
                "public_metrics": { "like_count": number % 5000 } });
            writeln!(lines, "{}", serde_json::json!({ "data": [tweet] })).unwrap();
        }
        lines.into_inner().unwrap();
        assert_eq!(roost.import("moon", &[&file]).new, TWEETS);
        let settings = Settings { exports_per_day: 10 * TWEETS, ..Settings::folder(roost.data.path()) };
        let service = Service::open(&settings, Arc::new(SystemClock)).await.unwrap();
        Self { roost, service, ann: CurrentUser { id: 1, name: "ann".into(), role: Role::Viewer } }
    }

    async fn export(&self, format: ExportFormat, file: &Path) {
        let columns = ["id", "created", "text", "likes", "hashtag", "poll"].map(str::to_owned).to_vec();
        let query = ExportQuery { collection: "moon".into(), columns, format, ..Default::default() };
        let Started::Job(id) = exports::begin(&self.service, &self.ann, query).await.unwrap() else {
            panic!("it is large")
        };
        exports::make_all(&self.service, &CancellationToken::new()).await.unwrap();
        let record = exports::find(&self.service, &self.ann, id).await.unwrap();
        assert_eq!((record.state, record.written), (ExportState::Ready, TWEETS));
        let Download::File { path, .. } = exports::download(&self.service, &self.ann, id).await.unwrap() else {
            panic!("nothing was removed")
        };
        std::fs::copy(path, file).unwrap();
    }

    /// What the page shows is what the file begins with.
    async fn compare_with_the_page(&self, lines: &Path) {
        let query = ExploreQuery { collection: "moon".into(), ..Default::default() };
        let page = explore::page(&self.service, &self.ann, &query).await.unwrap();
        let text = std::fs::read_to_string(lines).unwrap();
        assert_eq!(text.lines().count() as u64, TWEETS);
        for (row, line) in page.rows.iter().zip(text.lines()) {
            let line: Value = serde_json::from_str(line).unwrap();
            let shown = (row.tweet.id.to_string(), row.tweet.text.as_str(), row.tweet.metrics.likes.unwrap());
            assert_eq!(
                (line["id"].as_str().unwrap(), line["text"].as_str().unwrap(), line["likes"].as_u64().unwrap()),
                (shown.0.as_str(), shown.1, shown.2)
            );
        }
    }
}

#[tokio::test]
#[ignore = "takes minutes: make test-long"]
async fn a_hundred_thousand_hostile_rows_are_read_back_as_they_are_and_nothing_in_them_is_a_formula() {
    let story = Story::new().await;
    let folder = story.roost.data.path().join("read-back");
    std::fs::create_dir(&folder).unwrap();
    for (format, name) in [
        (ExportFormat::Csv, "safe.csv"),
        (ExportFormat::CsvExact, "exact.csv"),
        (ExportFormat::Xlsx, "tweets.xlsx"),
        (ExportFormat::Jsonl, "tweets.jsonl"),
        (ExportFormat::Parquet, "tweets.parquet"),
        (ExportFormat::Ids, "ids.txt"),
    ] {
        story.export(format, &folder.join(name)).await;
    }
    story.compare_with_the_page(&folder.join("tweets.jsonl")).await;
    let Some(python) = python() else { return };
    read_by_python(&python, &folder);
    if let Some(office) = office() {
        read_by_libreoffice(office, &python, &folder);
    }
}

fn read_by_python(python: &Path, folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_back.py");
    let found = run(Command::new(python).arg(script).arg(folder));
    for name in ["rows", "exact", "safe", "xlsx", "parquet"] {
        assert_eq!(found[name], TWEETS, "{name}: {found:#}");
    }
    assert_eq!((&found["safe_formulas"], &found["safe_shifted"]), (&0.into(), &0.into()));
    let all = "100,000 of 100,000 tweets that match";
    assert_eq!(
        (&found["safe_last"][0], &found["about"]["Rows"], &found["parquet_rows"]),
        (&all.into(), &all.into(), &all.into())
    );
    assert_eq!(found["safe_head"][1], "created (UTC)");
    let types = ["VARCHAR", "TIMESTAMP WITH TIME ZONE", "VARCHAR", "BIGINT", "VARCHAR[]", "BOOLEAN"];
    assert_eq!(found["parquet_types"], serde_json::json!(types));
}

/// With everything on that makes formulas of texts. The exact form shows that they would be found.
fn read_by_libreoffice(office: &str, python: &Path, folder: &Path) {
    let eager = "CSV:44,34,76,1,,0,false,true,false,false,false,1,true";
    let ids_as_text = "CSV:44,34,76,1,,0,true,false,false,false,false,1,true";
    for (name, filter, has_formulas, checks_ids) in [
        ("safe.csv", Some(eager), false, false),
        ("safe.csv", Some(ids_as_text), false, true),
        ("tweets.xlsx", None, false, true),
        ("exact.csv", Some(eager), true, false),
    ] {
        let mut convert = Command::new(office);
        convert.args(["--headless", "--norestore", "--convert-to", "fods"]).arg("--outdir").arg(folder);
        convert.arg(format!("-env:UserInstallation=file://{}", folder.join("office").display()));
        convert.args(filter.map(|filter| format!("--infilter={filter}"))).arg(folder.join(name));
        let output = convert.output().unwrap();
        assert!(output.status.success(), "{convert:?}: {output:?}");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/formulas.py");
        let document = folder.join(name).with_extension("fods");
        let found = run(Command::new(python).arg(script).arg(&document).arg(folder.join("ids.txt")));
        std::fs::remove_file(document).unwrap();
        assert_eq!(found["formulas"].as_u64().unwrap() > 0, has_formulas, "{name} {filter:?}: {found}");
        if !has_formulas {
            assert_eq!(found["widest"], 6, "{name}: no column is shifted");
            let last_line = u64::from(name == "safe.csv");
            assert_eq!(found["rows"], TWEETS + 1 + last_line, "{name}: {found}");
        }
        if checks_ids {
            assert_eq!(found["ids"], TWEETS, "{name}: ids are whole: {found}");
        }
    }
}
