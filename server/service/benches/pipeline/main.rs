//! The whole way of a page, from the log to index and lake: `cargo bench -p service --bench pipeline [TWEETS] [FOLDER] [whole|stages|bare|burst]`.
//!
//! Each measurement is a process of its own, so that its CPU and memory are its own. `scripts/bench-pipeline.sh` runs
//! it beside others.
#![expect(clippy::unwrap_used, reason = "a benchmark ends where something that it relies on fails")]

mod bare;
mod burst;
mod stages;
mod usage;
mod whole;

use mimalloc::MiMalloc;
use std::io::Write;
use std::path::{Path, PathBuf};
use tweetgen::{Corpus, Profile, Transport, World, each_page};

/// As `roost` has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Where the made-up week ends: microseconds in UTC.
pub const END: i64 = 1_790_000_000_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let tweets = arguments.first().and_then(|tweets| tweets.parse().ok()).unwrap_or(1_000_000);
    let folder = arguments.get(1).map_or_else(|| std::env::temp_dir().join("roost-pipeline"), PathBuf::from);
    let pages = pages(&folder, tweets);
    match arguments.get(2).map(String::as_str) {
        Some("stages") => stages::measure(&pages),
        Some("burst") => burst::measure(&pages),
        Some("bare") => bare::measure(&pages, usize::try_from(tweets / 100).unwrap().min(bare::MOST_PAGES)),
        _ => whole::measure(&pages, tweets),
    }
}

/// The pages of a made-up week, one a line. They are made once.
fn pages(folder: &Path, tweets: u64) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    let file = folder.join(format!("pages-{tweets}.jsonl"));
    if !file.exists() {
        let unfinished = file.with_extension("new");
        let mut out = std::io::BufWriter::with_capacity(1 << 20, std::fs::File::create(&unfinished).unwrap());
        let corpus = Corpus::new(World::week(Profile::Full, 1, tweets, END));
        each_page(&corpus, Transport::Clean, |page| Ok(out.write_all(page)?)).unwrap();
        out.into_inner().unwrap().sync_all().unwrap();
        std::fs::rename(unfinished, &file).unwrap();
    }
    file
}
