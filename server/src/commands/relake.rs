use crate::config::Config;
use service::lake;
use std::process::ExitCode;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let service = super::open_existing(config).await?;
    let began = std::time::Instant::now();
    let bar = super::progress::tweets("filling the lake");
    let rebuilt = lake::rebuild(&service, |tweets| bar.set_position(tweets)).await;
    bar.finish_and_clear();
    let lake::Rebuilt { tweets, damage } = rebuilt?;
    if let Some(damage) = damage {
        println!("the lake's log could not be read ({damage}), so it was removed and made from nothing");
    }
    println!("{tweets} tweets in the lake, in {:.1} s", began.elapsed().as_secs_f64());
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}
