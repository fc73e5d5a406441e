use crate::config::Config;
use anyhow::Context;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use model::Timestamp;
use process::{Options, Source, expand_arguments};
use service::import::{Event, Progress, Report};
use service::{Clock, Service, collections, index};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

/// Rejected lines that are shown; the file of rejects has them all.
const SHOWN_REJECTS: u64 = 5;

#[derive(clap::Args)]
pub struct Import {
    /// Collection to fill; it is made if it does not exist.
    #[arg(long, value_name = "NAME")]
    collection: String,
    /// CSV only: the column in which a field is, as `text=Body`. May be given several times.
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = parse_pair)]
    map: Vec<(String, String)>,
    /// When the tweets were observed, as RFC 3339. Without it: what the file says, else when it was last changed.
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    observed: Option<Timestamp>,
    /// Where rejected lines are kept. Without it: DATA/rejects/TIME.txt.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    /// Files and folders: X API v2 pages, flattened or split v2, v1.1, CSV; .gz, .zst, .zip; `-` is standard input.
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
        let sources = expand_arguments(&self.files).map_err(|error| anyhow::anyhow!("{error}"))?;
        anyhow::ensure!(!sources.is_empty(), "there are no files of tweets in what was named");
        let began = Instant::now();
        let service = super::open(config).await?;
        let collection = collections::find_or_create(&service, &self.collection).await?;
        let now = service::SystemClock.now();
        let from_stdin = sources.iter().any(|source| source.path.is_none());
        let import = service::import::Import {
            collection,
            options: Options {
                map: self.map.clone(),
                observed_at: self.observed.or(from_stdin.then_some(now)),
                ..Default::default()
            },
            rejects: self.rejects.clone().unwrap_or_else(|| {
                config.data.join("rejects").join(format!("{}.txt", now.format("%Y%m%dT%H%M%S%.3f")))
            }),
            sources,
        };
        let rejects = import.rejects.clone();
        let report = self.import(&service, import).await?;
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
        let mut shown = 0;
        let report = service::import::run(service, import, |event| match event {
            Event::Progress(progress) => show_progress(&bar, progress),
            Event::Rejected(reject) => {
                shown += 1;
                if shown <= SHOWN_REJECTS {
                    bar.suspend(|| eprintln!("rejected {}:{}: {}", reject.file, reject.line, reject.reason));
                }
            }
            Event::FileFailed(reason) => bar.suspend(|| eprintln!("failed: {reason}")),
        })
        .await;
        bar.finish_and_clear();
        stop.cancel();
        following.await.context("the index stopped")?;
        if shown > SHOWN_REJECTS {
            eprintln!("… and {} more rejected", HumanCount(shown - SHOWN_REJECTS));
        }
        Ok(report?)
    }

    /// What the index has not taken yet. If a running server holds the index, that one takes it.
    async fn index(&self, service: &Service) -> anyhow::Result<()> {
        let spinner = ProgressBar::new_spinner().with_message("indexing the rest");
        spinner.enable_steady_tick(std::time::Duration::from_millis(100));
        index::catch_up(service).await?;
        spinner.finish_and_clear();
        Ok(())
    }

    fn print(&self, report: &Report, rejects: &std::path::Path, began: Instant) -> anyhow::Result<()> {
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
                "failures": report.failures,
            });
            println!("{document}");
            return Ok(());
        }
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
