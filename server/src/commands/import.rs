use crate::config::Config;
use anyhow::Context;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use model::Timestamp;
use process::{Arguments, Note, Options, Source, expand_arguments};
use service::import::{Event, Progress, Report};
use service::{Clock, Service, collections, index};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// Rejected lines that are shown; the file of rejects has them all.
const SHOWN_REJECTS: u64 = 5;

#[derive(clap::Args)]
pub struct Import {
    /// Collection to fill; it is made if it does not exist.
    #[arg(long, value_name = "NAME")]
    collection: String,
    /// CSV only: the column in which a field is, as `text=Body`. May be given several times. A table without a header
    /// is read by position from 1: `--map id=#1 --map text=#6`.
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = parse_pair)]
    map: Vec<(String, String)>,
    /// When the tweets were observed, as RFC 3339. Without it: what the file says, else when it was last changed.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    observed: Option<Timestamp>,
    /// Where rejected lines are kept, as JSON lines of file, line, reason and content (its first 4,000 characters). The
    /// file must not exist. Without it: DATA/rejects/TIME.jsonl.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    /// Files and folders: X API v2 pages, flattened or split v2, v1.1, X's archive of an account, CSV; .gz, .zst, .zip; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => Ok((field.to_owned(), column.to_owned())),
        _ => Err("write FIELD=COLUMN, for instance text=Body".to_owned()),
    }
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).ok_or_else(|| "write a time such as 2026-01-31T12:00:00Z".to_owned())
}

impl Import {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let arguments =
            expand_arguments(&self.files).map_err(|error| anyhow::anyhow!("{}", printable(&error.to_string())))?;
        let Arguments { sources, left_out } = arguments;
        if sources.is_empty() {
            left_out.iter().for_each(print_note);
            anyhow::bail!("there are no files of tweets in what was named");
        }
        let began = Instant::now();
        let service = super::open(config).await?;
        let collection = collections::find_or_create(&service, &self.collection).await?;
        let import = service::import::Import {
            collection,
            options: Options { map: self.map.clone(), observed_at: self.observed, ..Default::default() },
            rejects: self.rejects.clone().unwrap_or_else(|| fresh_rejects(&config.data)),
            sources,
        };
        let rejects = import.rejects.clone();
        let mut report = self.import(&service, import).await?;
        report.notes.splice(0..0, left_out);
        self.index(&service).await?;
        self.print(&report, &rejects, began)?;
        service.close().await?;
        Ok(if report.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn import(&self, service: &Service, import: service::import::Import) -> anyhow::Result<Report> {
        let bar = progress_bar(&import.sources);
        // The index follows while the files are read, so that it takes the other core.
        let stop = tokio_util::sync::CancellationToken::new();
        let following = tokio::spawn(index::follow(service.clone(), stop.clone()));
        #[cfg(feature = "lake")]
        let filling = tokio::spawn(service::lake::follow(service.clone(), stop.clone()));
        let mut shown = 0;
        let report = service::import::run(service, import, |event| match event {
            Event::Progress(progress) => show_progress(&bar, progress),
            Event::Rejected(reject) => {
                shown += 1;
                if shown <= SHOWN_REJECTS {
                    let (file, reason) = (printable(&reject.file), printable(&reject.reason));
                    bar.suspend(|| eprintln!("rejected {file}:{}: {reason}", reject.line));
                }
            }
            Event::FileFailed(reason) => bar.suspend(|| eprintln!("failed: {}", printable(reason))),
        })
        .await;
        bar.finish_and_clear();
        stop.cancel();
        following.await.context("the index stopped")?;
        #[cfg(feature = "lake")]
        filling.await.context("the lake stopped")?;
        if shown > SHOWN_REJECTS {
            eprintln!("… and {} more rejected", HumanCount(shown - SHOWN_REJECTS));
        }
        Ok(report?)
    }

    /// What index and lake have not taken yet. If a running server holds them, that one takes it.
    async fn index(&self, service: &Service) -> anyhow::Result<()> {
        let spinner = ProgressBar::new_spinner().with_message("indexing the rest");
        spinner.enable_steady_tick(std::time::Duration::from_millis(100));
        index::catch_up(service).await?;
        #[cfg(feature = "lake")]
        service::lake::settle(service).await?;
        spinner.finish_and_clear();
        Ok(())
    }

    fn print(&self, report: &Report, rejects: &Path, began: Instant) -> anyhow::Result<()> {
        let counts = report.progress.counts;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            let document = serde_json::json!({
                "read": counts.read,
                "new": counts.new,
                "updated": counts.updated,
                "duplicate": counts.duplicate,
                "rejected": counts.rejected,
                "partial_errors": report.progress.partial_errors,
                "seconds": seconds,
                "notes": notes_in_json(&report.notes),
                "failures": report.failures,
            });
            println!("{document}");
            return Ok(());
        }
        report.notes.iter().for_each(print_note);
        println!(
            "read {}, new {}, updated {}, duplicate {}, rejected {} – in {seconds:.1} s",
            HumanCount(counts.read),
            HumanCount(counts.new),
            HumanCount(counts.updated),
            HumanCount(counts.duplicate),
            HumanCount(counts.rejected),
        );
        if report.progress.partial_errors > 0 {
            println!("X named {} objects that it could not give", HumanCount(report.progress.partial_errors));
        }
        if counts.rejected > 0 {
            println!("the rejected lines and why: {}", rejects.display());
        }
        Ok(())
    }
}

/// A file that does not exist yet, named by the time.
fn fresh_rejects(data: &Path) -> PathBuf {
    let stem = service::SystemClock.now().format("%Y%m%dT%H%M%S%.3f");
    let names = std::iter::once(format!("{stem}.jsonl")).chain((2..).map(|number| format!("{stem}-{number}.jsonl")));
    let mut paths = names.map(|name| data.join("rejects").join(name));
    paths.find(|path| !path.exists()).unwrap_or_default()
}

fn print_note(note: &Note) {
    eprintln!("{}: {}", printable(&note.file), printable(&note.text));
}

fn notes_in_json(notes: &[Note]) -> Vec<serde_json::Value> {
    notes.iter().map(|note| serde_json::json!({"file": note.file, "text": note.text})).collect()
}

/// What comes from a file, fit for a terminal: signs that steer it, or that turn the direction of writing, are
/// written out.
fn printable(text: &str) -> String {
    let steers = |sign: char| sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut printable = String::with_capacity(text.len());
    for sign in text.chars() {
        match steers(sign) {
            true => printable.extend(sign.escape_default()),
            false => printable.push(sign),
        }
    }
    printable
}

fn progress_bar(sources: &[Source]) -> ProgressBar {
    let total: Option<u64> = sources.iter().map(|source| source.bytes).sum();
    let bar = match total {
        Some(total) => ProgressBar::new(total),
        None => ProgressBar::no_length(),
    };
    let template = "{bar:30} {percent:>3} %  {bytes}/{total_bytes}  {msg}  {eta} left";
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show_progress(bar: &ProgressBar, progress: &Progress) {
    bar.set_position(progress.bytes);
    let seconds = bar.elapsed().as_secs_f64().max(0.001);
    let rate = (progress.counts.read as f64 / seconds) as u64;
    bar.set_message(format!("{} tweets, {}/s", HumanCount(progress.counts.read), HumanCount(rate)));
}
