use crate::config::Config;
use std::process::ExitCode;

/// Opening the database brings its schema up to date.
pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    super::open(config).await?.close().await?;
    println!("the database is up to date");
    Ok(ExitCode::SUCCESS)
}
