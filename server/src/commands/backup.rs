use super::progress::Steps;
use crate::config::Config;
use indicatif::{HumanBytes, HumanCount};
use service::backup::{self, Ask, Manifest};
use service::{Clock, SystemClock};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

#[derive(clap::Args)]
pub struct Backup {
    /// Folder to make, or an empty one; not in the data folder.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Put the key in as well: whoever has the set can then open what is sealed in it. Without it, keep DATA/key
    /// elsewhere: there is no restore without the key.
    #[arg(long)]
    with_key: bool,
    /// Print the manifest and the time it took as JSON.
    #[arg(long)]
    json: bool,
}

impl Backup {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        super::must_exist(config)?;
        let began = Instant::now();
        let settings = config.service()?.store;
        let steps = Steps::default();
        let ask = Ask { settings: &settings, folder: &self.folder, with_key: self.with_key };
        let made = backup::make(ask, SystemClock.now(), &steps.tell()).await;
        steps.end();
        self.print(&made?, began.elapsed().as_secs_f64());
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, manifest: &Manifest, seconds: f64) {
        if self.json {
            println!("{}", serde_json::json!({ "manifest": manifest, "bytes": manifest.bytes(), "seconds": seconds }));
            return;
        }
        let bytes = manifest.bytes();
        let rate = bytes as f64 / 1e6 / seconds.max(0.001);
        let place = self.folder.display();
        println!("backed up {} to {place} in {seconds:.1} s ({rate:.0} MB/s)", HumanBytes(bytes));
        match &manifest.database {
            Some(database) => println!(
                "  {} tweets, up to change {}; restore with: roost restore {place}",
                HumanCount(database.counts.tweets),
                HumanCount(database.counts.last_change)
            ),
            None => println!(
                "  the database is NOT in it: PostgreSQL's own tools copy it, and BEFORE this command:\n  \
                 pg_dump --format=custom --file=roost.pgdump \"$ROOST_DATABASE_URL\""
            ),
        }
        if !self.with_key {
            println!("  the key is not in it: keep a copy of the file `key` of the data folder in another place");
        }
    }
}
