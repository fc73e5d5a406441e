use crate::config::Config;
use service::lake;
use std::process::ExitCode;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let service = super::open_existing(config).await?;
    let began = std::time::Instant::now();
    let bar = super::progress::tweets("filling the lake");
    let tweets = lake::rebuild(&service, |tweets| bar.set_position(tweets)).await;
    bar.finish_and_clear();
    let tweets = tweets?;
    println!("{tweets} tweets in the lake, in {:.1} s", began.elapsed().as_secs_f64());
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}
