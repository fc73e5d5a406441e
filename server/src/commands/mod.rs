//! The commands, one file each.

mod audit;
mod backup;
mod config_check;
mod credential;
mod demo;
mod doctor;
mod import;
#[cfg(feature = "lake")]
mod lake;
mod limit;
mod migrate;
mod progress;
mod reindex;
#[cfg(feature = "lake")]
mod relake;
mod remove;
mod restore;
mod schedule;
mod search;
mod serve;
mod simulate;
mod user;
mod verify;

use crate::config::{Config, Flags};
use anyhow::Context;
use clap::{Parser, Subcommand};
use model::Timestamp;
use service::{Service, SystemClock};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tracing_subscriber::EnvFilter;

/// Collects tweets from the X API on schedules, and lets people filter and explore them in a browser.
#[derive(Parser)]
#[command(name = "roost", version, propagate_version = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Folder of the database, the index and the key.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// development, qa or production.
    #[arg(long, global = true, value_name = "NAME")]
    landscape: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the web application and run the schedules.
    Serve(serve::Serve),
    /// Try Roost: a server with made-up tweets that keep coming.
    Demo(demo::Demo),
    /// Serve a faithful X API with made-up tweets.
    Simulate(simulate::Simulate),
    /// Read tweets from files into a collection.
    Import(import::Import),
    /// Search from the command line.
    Search(search::Search),
    /// Remove tweets, from the database and all that follows it.
    Remove(remove::Remove),
    /// Make the index anew from the database.
    Reindex,
    /// Make the lake anew from the database.
    #[cfg(feature = "lake")]
    Relake,
    /// Ask the lake in SQL, and look after its files.
    #[cfg(feature = "lake")]
    #[command(subcommand)]
    Lake(lake::LakeCommand),
    /// Check that the database, the index and the lake hold the same tweets.
    Verify(verify::Verify),
    /// Copy the data to a folder while everything runs.
    Backup(backup::Backup),
    /// Put a backup back where no data are yet.
    Restore(restore::Restore),
    /// Look for what is wrong or soon will be, and change nothing.
    Doctor(doctor::Doctor),
    /// Look at who did what.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Bring the database's schema up to date.
    Migrate,
    /// Manage the credentials for the X API.
    #[command(subcommand)]
    Credential(credential::CredentialCommand),
    /// Manage how much X lets be asked in each access tier.
    #[command(subcommand)]
    Limit(limit::LimitCommand),
    /// Manage what is fetched, and when.
    #[command(subcommand)]
    Schedule(schedule::ScheduleCommand),
    /// Manage who may sign in.
    #[command(subcommand)]
    User(user::User),
    /// Look at the settings.
    #[command(subcommand)]
    Config(config_check::ConfigCommand),
}

/// Runs the command that was asked for.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let listen = match &arguments.command {
        Command::Serve(serve) => serve.listen,
        Command::Demo(demo) => Some(demo.listen),
        _ => None,
    };
    let config = Config::load(Flags { landscape: arguments.landscape, data: arguments.data.clone(), listen });
    let config = match (config, &arguments.command) {
        (Err(error), Command::Doctor(doctor)) => return doctor.run(Err(error)).await,
        (config, _) => config?,
    };
    start_log(&config, matches!(arguments.command, Command::Serve(_)))?;
    match arguments.command {
        Command::Serve(_) => serve::run(config).await,
        Command::Demo(demo) => demo.run(config, arguments.data).await,
        Command::Simulate(simulate) => simulate.run().await,
        Command::Import(import) => import.run(&config).await,
        Command::Search(search) => search.run(&config).await,
        Command::Remove(remove) => remove.run(&config).await,
        Command::Reindex => reindex::run(&config).await,
        #[cfg(feature = "lake")]
        Command::Relake => relake::run(&config).await,
        #[cfg(feature = "lake")]
        Command::Lake(command) => command.run(&config).await,
        Command::Verify(verify) => verify.run(&config).await,
        Command::Backup(backup) => backup.run(&config).await,
        Command::Restore(restore) => restore.run(&config).await,
        Command::Doctor(doctor) => doctor.run(Ok(config)).await,
        Command::Audit(command) => command.run(&config).await,
        Command::Migrate => migrate::run(&config).await,
        Command::Credential(command) => command.run(&config).await,
        Command::Limit(command) => command.run(&config).await,
        Command::Schedule(command) => command.run(&config).await,
        Command::User(user) => user.run(&config).await,
        Command::Config(command) => command.run(&config),
    }
}

/// A server logs as it is told; a command speaks for itself and logs only warnings.
fn start_log(config: &Config, is_server: bool) -> anyhow::Result<()> {
    let filter = if is_server { config.log.as_str() } else { "warn" };
    let filter = EnvFilter::try_new(filter).context("the setting `log` is wrong")?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(is_server).init();
    Ok(())
}

/// The number of a UTC day since 1970.
fn parse_day(text: &str) -> Result<i64, String> {
    let midnight = Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z"));
    midnight.map(Timestamp::day_number).ok_or_else(|| "write a day such as 2026-01-31".to_owned())
}

/// Opens the data for a command.
async fn open(config: &Config) -> anyhow::Result<Service> {
    Ok(Service::open(&config.service()?, Arc::new(SystemClock)).await?)
}

/// Opens data that must be there already: a command that only looks makes no empty folder.
async fn open_existing(config: &Config) -> anyhow::Result<Service> {
    must_exist(config)?;
    open(config).await
}

fn must_exist(config: &Config) -> anyhow::Result<()> {
    anyhow::ensure!(
        config.database_url.is_some() || config.data.join("roost.db").is_file(),
        "there are no data in {}: name their folder with --data",
        config.data.display()
    );
    Ok(())
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).ok_or_else(|| "write a time such as 2026-01-31T10:00:00Z".to_owned())
}
