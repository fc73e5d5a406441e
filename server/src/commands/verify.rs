use crate::config::Config;
use model::Timestamp;
use model::time::DAY;
use service::index::{self, Verdict};
use service::repair::{self, Repaired};
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Verify {
    /// Make the days on which they differ anew from the database, then look again. A running server does it itself.
    #[arg(long)]
    repair: bool,
    /// With --repair: only this day of creation (UTC), and in any case.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = parse_day, requires = "repair")]
    day: Option<i64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The number of a UTC day since 1970.
fn parse_day(text: &str) -> Result<i64, String> {
    let midnight = Timestamp::parse_rfc3339(&format!("{text}T00:00:00Z"));
    midnight.map(Timestamp::day_number).ok_or_else(|| "write a day such as 2026-01-31".to_owned())
}

impl Verify {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open_existing(config).await?;
        let (verdict, repaired) = match self.repair {
            true => {
                let Repaired { days, verdict } = repair::repair(&service, &config.service()?.store, self.day).await?;
                (verdict, Some(days.into_iter().map(day_name).collect()))
            }
            false => (index::verify(&service).await?, None),
        };
        self.print(&verdict, repaired);
        service.close().await?;
        Ok(if verdict.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, verdict: &Verdict, repaired: Option<Vec<String>>) {
        if self.json {
            let days: Vec<_> = verdict.differing.iter().map(|(day, ..)| day_name(*day)).collect();
            let agrees = verdict.agrees();
            println!(
                "{}",
                serde_json::json!({
                    "agrees": agrees, "stored": verdict.stored, "indexed": verdict.indexed, "differing_days": days,
                    "repaired_days": repaired
                })
            );
            return;
        }
        let is_repaired = repaired.is_some();
        match repaired.as_deref() {
            Some([]) => println!("there was nothing to repair"),
            Some(days) => println!("made anew from the database: {}", days.join(", ")),
            None => {}
        }
        if verdict.agrees() {
            println!("store and index agree: {} tweets", verdict.stored);
        } else {
            println!("store and index differ: {} stored, {} indexed", verdict.stored, verdict.indexed);
            for (day, stored, indexed) in &verdict.differing {
                println!("  {}: {} stored, {} indexed", day_name(*day), stored.count, indexed.count);
            }
            match is_repaired {
                true => println!("make the whole index anew with: roost reindex"),
                false => println!("make these days anew with: roost verify --repair"),
            }
        }
    }
}

fn day_name(day: i64) -> String {
    Timestamp(day * DAY).format("%Y-%m-%d")
}
