use crate::config::Config;
use model::Timestamp;
use model::digest::DayDigest;
use model::time::DAY;
use service::index::{self, Held, Verdict};
use service::repair::{self, Repaired};
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Verify {
    /// Make the days on which they differ anew from the database, then look again. A running server does it itself.
    #[arg(long)]
    repair: bool,
    /// With --repair: only this day of creation (UTC), and in any case.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_day, requires = "repair")]
    day: Option<i64>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
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
            println!("{}", json(verdict, repaired));
            return;
        }
        let is_repaired = repaired.is_some();
        match repaired.as_deref() {
            Some([]) => println!("there was nothing to repair"),
            Some(days) => println!("made anew from the database: {}", days.join(", ")),
            None => {}
        }
        let all = match (&verdict.lake, &verdict.raw_lake) {
            (None, _) => "store and index",
            (Some(_), None) => "store, index and lake",
            (Some(_), Some(_)) => "store, index, lake and raw lake",
        };
        if let [first, ..] = verdict.damaged[..] {
            let count = verdict.damaged.len();
            println!("the database itself is damaged: {count} tweets are not as they were written, {first} among them");
            println!("restore the latest backup with `roost restore`, or import these tweets again; check the disk");
        }
        if verdict.agrees() {
            println!("{all} agree: {} tweets", verdict.stored);
        }
        let remedy = if is_repaired { "reindex" } else { "verify --repair" };
        let index = Compared { name: "index", remedy, stored: verdict.stored, held: verdict.indexed };
        index.print(&verdict.differing);
        for (name, held) in [("lake", &verdict.lake), ("raw lake", &verdict.raw_lake)] {
            if let Some(held) = held {
                let lake = Compared { name, remedy: "relake", stored: verdict.stored, held: held.tweets };
                lake.print(&held.differing);
            }
        }
    }
}

fn json(verdict: &Verdict, repaired: Option<Vec<String>>) -> serde_json::Value {
    let days = |differing: &[Difference]| differing.iter().map(|(day, ..)| day_name(*day)).collect::<Vec<_>>();
    let held = |held: &Held| serde_json::json!({ "tweets": held.tweets, "differing_days": days(&held.differing) });
    serde_json::json!({
        "agrees": verdict.agrees(), "stored": verdict.stored, "indexed": verdict.indexed,
        "differing_days": days(&verdict.differing), "lake": verdict.lake.as_ref().map(held),
        "raw_lake": verdict.raw_lake.as_ref().map(held), "damaged_tweets": verdict.damaged, "repaired_days": repaired
    })
}

/// A day, with what the store and what the other holds of it.
type Difference = (i64, DayDigest, DayDigest);

/// The store beside one that follows it.
struct Compared {
    name: &'static str,
    remedy: &'static str,
    stored: u64,
    held: u64,
}

impl Compared {
    fn print(&self, differing: &[Difference]) {
        if differing.is_empty() {
            return;
        }
        let Self { name, remedy, stored, held } = self;
        println!("store and {name} differ: {stored} stored, {held} in the {name}");
        for (day, stored, held) in differing {
            println!("  {}: {} stored, {} in the {name}", day_name(*day), stored.count, held.count);
        }
        println!("make what differs anew with: roost {remedy}");
    }
}

fn day_name(day: i64) -> String {
    Timestamp(day * DAY).format("%Y-%m-%d")
}
