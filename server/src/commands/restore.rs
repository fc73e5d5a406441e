use super::progress::Steps;
use crate::config::Config;
use indicatif::{HumanBytes, HumanCount};
use service::SystemClock;
use service::backup::{self, Restored};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Restore {
    /// Folder of the backup.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The key that was in force when the backup was made, if it is not in it.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Print what was restored as JSON.
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let began = Instant::now();
        let settings = config.service()?;
        let steps = Steps::default();
        let ask = backup::Restore { set: &self.folder, key: self.key.as_deref(), settings: &settings };
        let restored = backup::restore(ask, Arc::new(SystemClock), &steps.tell()).await;
        steps.end();
        let restored = restored?;
        self.print(&restored, config, began.elapsed().as_secs_f64());
        Ok(if restored.verdict.agrees() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn print(&self, restored: &Restored, config: &Config, seconds: f64) {
        let Restored { manifest, indexed, verdict } = restored;
        let bytes = manifest.bytes();
        if self.json {
            println!(
                "{}",
                serde_json::json!({
                    "manifest": manifest, "bytes": bytes, "indexed": indexed, "stored": verdict.stored,
                    "agrees": verdict.agrees(), "seconds": seconds
                })
            );
            return;
        }
        let rate = bytes as f64 / 1e6 / seconds.max(0.001);
        println!(
            "restored the data of {} to {} in {seconds:.1} s ({} at {rate:.0} MB/s)",
            manifest.created,
            config.data.display(),
            HumanBytes(bytes)
        );
        println!("  {} tweets; the index was made anew with {}", HumanCount(verdict.stored), HumanCount(*indexed));
        match verdict.agrees() {
            true => println!("  database and index agree; everybody has to sign in again"),
            false => println!("  database and index do NOT agree: run roost verify --repair"),
        }
    }
}
