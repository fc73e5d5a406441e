use crate::config::Config;
use service::{index, repair};
use std::process::ExitCode;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    super::must_exist(config)?;
    if repair::discard_damaged(&config.service()?).await? {
        eprintln!("the index was damaged");
    }
    let service = super::open(config).await?;
    let began = std::time::Instant::now();
    let tweets = index::rebuild(&service).await?;
    println!("indexed {tweets} tweets in {:.1} s", began.elapsed().as_secs_f64());
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}
