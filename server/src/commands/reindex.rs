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
    let bar = super::progress::tweets("indexing");
    let tweets = index::rebuild(&service, |tweets| bar.set_position(tweets)).await;
    bar.finish_and_clear();
    let tweets = tweets?;
    println!("indexed {tweets} tweets in {:.1} s", began.elapsed().as_secs_f64());
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}
