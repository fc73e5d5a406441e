use crate::config::Config;
use anyhow::Context;
use model::TweetId;
use model::observed::Removal;
use service::{index, pipeline};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Tweets that go in one record of the log.
const TOGETHER: usize = 1_000;

#[derive(clap::Args)]
pub struct Remove {
    /// Ids of tweets.
    #[arg(required_unless_present = "file", value_name = "ID")]
    ids: Vec<String>,
    /// A file with an id on each line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Why, in your own words. It is kept with the id.
    #[arg(long, value_name = "TEXT", default_value = "removed by an administrator")]
    reason: String,
}

impl Remove {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let mut ids = self.ids;
        if let Some(file) = &self.file {
            ids.extend(lines(file)?);
        }
        let service = super::open_existing(config).await?;
        let (version, reason) = (service.now(), self.reason);
        let removal = |id: &String| -> anyhow::Result<Removal> {
            let number = id.parse().with_context(|| format!("{id:?} is no id of a tweet; nothing was removed"))?;
            Ok(Removal { id: TweetId(number), version, reason: reason.clone() })
        };
        let removals = ids.iter().map(removal).collect::<anyhow::Result<Vec<_>>>()?;
        for some in removals.chunks(TOGETHER) {
            pipeline::remove(&service, some).await?;
        }
        pipeline::drain(&service).await?;
        index::catch_up(&service).await?;
        println!("{} tweets are gone: what was observed of them until now does not come back", removals.len());
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The lines of a file that are not empty.
fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let reader: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        Box::new(std::io::BufReader::new(file))
    };
    let lines =
        reader.lines().collect::<Result<Vec<_>, _>>().with_context(|| format!("cannot read {}", path.display()))?;
    Ok(lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
}
