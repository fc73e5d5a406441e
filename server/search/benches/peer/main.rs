//! Answers the questions of `scripts/bench-explore.mjs`, a line of JSON each: by tantivy alone, and by Roost's index.
//!
//! `cargo bench -p search --bench peer -- DIR [SCRATCH]` opens the index in DIR, which stays as it is. With SCRATCH, it
//! first merges a copy of it there into one segment, for tantivy alone.

mod own;
mod raw;

use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

/// Threads that one search may use: as many as Roost's.
const THREADS: usize = 2;

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Engine {
    /// tantivy alone, on the segments that Roost left.
    Raw,
    /// tantivy alone, on one segment.
    Merged,
    /// The crate `search`, as the server calls it.
    Index,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// Rows, total, facets and histogram.
    Data,
    Rows,
    Total,
    Facets,
    Histogram,
    /// The rows after those.
    Scroll,
    Values,
}

#[derive(Deserialize)]
struct Asked {
    engine: Engine,
    part: Part,
    /// In Roost's filter language.
    filter: String,
    /// The same for all others: all must hold.
    conditions: Vec<Condition>,
    /// A column, the greatest first.
    sort: String,
    /// Width of the histogram's bars in microseconds.
    interval: i64,
    rows: usize,
    facets: Vec<String>,
    facet_size: usize,
    /// For `values`: of which column, and what they begin with (Roost lists these before others that contain it).
    column: String,
    containing: String,
    /// Of the last row of the first page, as Roost told it.
    cursor: Option<String>,
}

#[derive(Clone, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Condition {
    /// Words of the text next to each other, lower case.
    Words(Vec<String>),
    /// A column has one of these values: what a click on a facet chooses.
    Any(String, Vec<String>),
    Not(String, String),
    /// A number from the first on, and below the second.
    Range(String, Option<i64>, Option<i64>),
}

/// What of an answer is compared.
#[derive(Default)]
struct Answer {
    total: Option<u64>,
    ids: Vec<u64>,
    /// Values and counts by the name of the facet.
    facets: serde_json::Map<String, Value>,
    buckets: Vec<(i64, u64)>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with("--")).collect();
    let dir = Path::new(arguments.first().expect("the folder of an index"));
    let own = own::Own::open(dir);
    // The name of tantivy's folder in it.
    let files = dir.join("tantivy");
    let raw = raw::Raw::open(&files);
    let merged = arguments.get(1).map(|scratch| raw::Raw::merged(&files, Path::new(scratch)));
    println!(
        "{}",
        json!({ "pid": std::process::id(), "segments": raw.segments(), "tantivy": tantivy::version_string() })
    );
    for line in std::io::stdin().lines() {
        let asked: Asked = serde_json::from_str(&line.expect("a line")).expect("a question");
        let began = Instant::now();
        let answer = match asked.engine {
            Engine::Index => own.answer(&asked),
            Engine::Raw => raw.answer(&asked),
            Engine::Merged => merged.as_ref().expect("a folder to merge in").answer(&asked),
        };
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        println!("{}", json!({ "ms": ms, "answer": answer.json() }));
        std::io::stdout().flush().expect("written");
    }
}

impl Answer {
    fn json(self) -> Value {
        let ids: Vec<String> = self.ids.iter().map(u64::to_string).collect();
        json!({ "total": self.total, "ids": ids, "facets": self.facets, "buckets": self.buckets })
    }
}
