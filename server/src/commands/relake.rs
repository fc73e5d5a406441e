use crate::config::Config;
use service::lake::{self, Rebuilt};
use std::process::ExitCode;
use std::time::Instant;

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let service = super::open_existing(config).await?;
    let began = Instant::now();
    let bar = super::progress::tweets("filling the lake");
    let rebuilt = lake::rebuild(&service, |tweets| bar.set_position(tweets)).await;
    bar.finish_and_clear();
    print("lake", rebuilt?, began);
    let began = Instant::now();
    let bar = super::progress::tweets("filling the raw lake");
    let rebuilt = lake::rebuild_raw(&service, |tweets| bar.set_position(tweets)).await;
    bar.finish_and_clear();
    if let Some(rebuilt) = rebuilt? {
        print("raw lake", rebuilt, began);
    }
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}

fn print(name: &str, rebuilt: Rebuilt, began: Instant) {
    let Rebuilt { tweets, damage } = rebuilt;
    if let Some(damage) = damage {
        println!("the log of the {name} could not be read ({damage}), so it was removed and made from nothing");
    }
    println!("{tweets} tweets in the {name}, in {:.1} s", began.elapsed().as_secs_f64());
}
