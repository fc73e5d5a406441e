use crate::config::Config;
use anyhow::Context;
use clap::{Args, Subcommand};
use model::schedule::{Expansions, Reads};
use model::{Timestamp, UserId};
use service::schedules::{self, NewSchedule};
use service::{Service, credentials};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum ScheduleCommand {
    /// Make a schedule. `roost serve` runs it, for the first time at once.
    Add(Box<Add>),
    /// Show the schedules.
    List,
    /// Show the latest runs of a schedule.
    Runs {
        /// Number of the schedule.
        schedule: i64,
    },
    /// Show what happened in a run.
    Log {
        /// Number of the run.
        run: i64,
    },
    /// Ask a run to end. What it has read stays; the next run goes on there.
    Cancel {
        /// Number of the run.
        run: i64,
    },
}

#[derive(Args)]
pub struct Add {
    name: String,
    /// The collection that it fills; it is made if there is none.
    #[arg(long, value_name = "COLLECTION")]
    into: String,
    /// The credential to fetch with.
    #[arg(long, value_name = "CREDENTIAL")]
    with: String,
    /// When it runs: "every 15 minutes", "at 09:00 on weekdays, Europe/Vienna".
    #[arg(long, value_name = "CADENCE", default_value = "every 15 minutes")]
    when: String,
    #[command(flatten)]
    what: What,
    /// The first moment of the archive that is read, as 2026-01-31T10:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = super::parse_time, requires = "archive")]
    from: Option<Timestamp>,
    /// The moment before which it is read.
    #[arg(long, value_name = "TIME", value_parser = super::parse_time, requires = "archive")]
    to: Option<Timestamp>,
    /// Leave out authors, which X may bill. Then nobody knows who wrote what.
    #[arg(long)]
    without_users: bool,
    /// Leave out the tweets that others quote, repost or reply to, which X may bill. Then the texts of reposts are cut.
    #[arg(long)]
    without_referenced: bool,
}

/// What it reads: one of these.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Tweets that match a query in X's language: of the last seven days, and from then on.
    #[arg(long, value_name = "QUERY")]
    recent: Option<String>,
    /// Tweets that matched a query between two times, however long ago, once.
    #[arg(long, value_name = "QUERY", requires = "from", requires = "to")]
    archive: Option<String>,
    /// What an account posts.
    #[arg(long, value_name = "ACCOUNT ID")]
    timeline: Option<UserId>,
    /// What names an account.
    #[arg(long, value_name = "ACCOUNT ID")]
    mentions: Option<UserId>,
    /// What the collection has of the last days, again: counters, edits, and what is gone.
    #[arg(long, value_name = "DAYS")]
    stored: Option<u16>,
    /// Tweets that match a query in X's language, as they are posted. It runs all the time.
    #[arg(long, value_name = "QUERY")]
    stream: Option<String>,
}

impl ScheduleCommand {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open(config).await?;
        match self {
            Self::Add(add) => add.run(&service).await?,
            Self::List => list(&service).await?,
            Self::Runs { schedule } => runs(&service, schedule).await?,
            Self::Log { run } => print!("{}", schedules::run_log(&service, run).await?),
            Self::Cancel { run } => match schedules::cancel(&service, run).await? {
                true => println!("run {run} ends"),
                false => anyhow::bail!("no run {run} is under way: see `roost schedule runs`"),
            },
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    async fn run(self, service: &Service) -> anyhow::Result<()> {
        let known = credentials::list(service).await?;
        let credential = known.iter().find(|known| known.name == self.with);
        let credential = credential
            .with_context(|| format!("there is no credential \"{}\": see `roost credential list`", self.with))?;
        let (tweets, users) = (!self.without_referenced, !self.without_users);
        let id = schedules::create(
            service,
            NewSchedule {
                collection: &self.into,
                credential: credential.id,
                name: &self.name,
                reads: self.what.reads(self.from.zip(self.to)).context("say what it reads: see `--help`")?,
                expansions: Expansions { users, tweets, ..Expansions::ALL },
                cadence: &self.when,
            },
        )
        .await?;
        println!("{} is schedule {id}", self.name);
        Ok(())
    }
}

impl What {
    fn reads(self, span: Option<(Timestamp, Timestamp)>) -> Option<Reads> {
        let Self { recent, archive, timeline, mentions, stored, stream } = self;
        let archive = archive.zip(span).map(|(query, (from, to))| Reads::Archive { query, from, to });
        recent
            .map(Reads::recent)
            .or(archive)
            .or(timeline.map(|user| Reads::Timeline { user }))
            .or(mentions.map(|user| Reads::Mentions { user }))
            .or(stored.map(|days| Reads::Stored { days }))
            .or(stream.map(|query| Reads::Stream { query }))
    }
}

async fn list(service: &Service) -> anyhow::Result<()> {
    for schedule in schedules::list(service).await? {
        let last = schedule.last_run_at.map_or("never ran".to_owned(), |at| format!("last ran {}", at.to_rfc3339()));
        let state = if schedule.is_complete() { "complete" } else { &schedule.cadence };
        let query = schedule.reads.query().unwrap_or_default();
        println!("{}\t{}\t{}\t{state}\t{last}\t{query}", schedule.id, schedule.name, schedule.reads.kind());
    }
    Ok(())
}

async fn runs(service: &Service, schedule: i64) -> anyhow::Result<()> {
    for run in schedules::runs(service, schedule).await? {
        let wait = run.wait.map(|wait| format!("waits until {}: {}", wait.until.to_rfc3339(), wait.reason));
        let about = run.reason.or(wait).unwrap_or_default();
        println!(
            "{}\t{}\t{}\trequests: {}\tnew: {}\t{about}",
            run.id,
            run.started_at.to_rfc3339(),
            run.status.name(),
            run.requests,
            run.counts.new,
        );
    }
    Ok(())
}
