use crate::config::Config;
use service::index;
use std::process::ExitCode;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let service = super::open_existing(config).await?;
    let began = std::time::Instant::now();
    let tweets = index::rebuild(&service).await?;
    println!("indexed {tweets} tweets in {:.1} s", began.elapsed().as_secs_f64());
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}
