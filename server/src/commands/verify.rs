use crate::config::Config;
use model::Timestamp;
use model::time::DAY;
use service::index::{self, Verdict};
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Verify {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open_existing(config).await?;
        let verdict = index::verify(&service).await?;
        self.print(&verdict);
        service.close().await?;
        Ok(if verdict.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, verdict: &Verdict) {
        if self.json {
            let days: Vec<_> = verdict.differing.iter().map(|(day, ..)| day_name(*day)).collect();
            let agrees = verdict.agrees();
            println!(
                "{}",
                serde_json::json!({
                    "agrees": agrees, "stored": verdict.stored, "indexed": verdict.indexed, "differing_days": days
                })
            );
        } else if verdict.agrees() {
            println!("store and index agree: {} tweets", verdict.stored);
        } else {
            println!("store and index differ: {} stored, {} indexed", verdict.stored, verdict.indexed);
            for (day, stored, indexed) in &verdict.differing {
                println!("  {}: {} stored, {} indexed", day_name(*day), stored.count, indexed.count);
            }
            println!("make the index anew with: roost reindex");
        }
    }
}

fn day_name(day: i64) -> String {
    Timestamp(day * DAY).format("%Y-%m-%d")
}
