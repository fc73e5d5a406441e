use super::serve;
use anyhow::Context;
use clap::ValueEnum;
use model::Timestamp;
use service::Clock;
use std::io::{BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::net::TcpListener;
use tweetgen::{Corpus, Profile, Transport, World};

const TWEETS: u64 = 20_000;
/// Fewer say too little about frequencies.
const CHECKED_TWEETS: u64 = 1_000_000;

#[derive(clap::Args)]
pub struct Simulate {
    /// Address to serve on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4000")]
    listen: SocketAddr,
    /// Made-up tweets of the past seven days to begin with: 20,000; for --check a million.
    #[arg(long)]
    tweets: Option<u64>,
    /// The same seed makes the same tweets.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What the tweets are like: demo, or for --check full.
    #[arg(long)]
    profile: Option<ProfileName>,
    /// Serve nothing: write the tweets to this file as pages of the X API, one a line (`-` for standard output).
    #[arg(long, value_name = "FILE", group = "made")]
    write: Option<PathBuf>,
    /// With --write: as lines of a stream, in the order in which they arrive.
    #[arg(long, requires = "write")]
    lines: bool,
    /// With --write: 8 % twice, pages that overlap, objects missing, fields unknown, null and absent.
    #[arg(long, requires = "write")]
    faults: bool,
    /// With --write: list here, one a line, the marks that the tweets of lean and full have in texts and names. Search
    /// logs and files for them, for instance with `grep -F -f FILE`: what has one, leaks.
    #[arg(long, value_name = "FILE", requires = "write")]
    canaries: Option<PathBuf>,
    /// With --write or --check: the moment before which the tweets end, as RFC 3339. Now, if it is not given.
    #[arg(long, value_name = "TIME", requires = "made")]
    until: Option<String>,
    /// What goes wrong, and when: a script as docs/simulator.md tells.
    #[arg(long, value_name = "FILE", conflicts_with = "made")]
    script: Option<PathBuf>,
    /// Serve nothing: make the tweets, compare them with published figures, and fail if they differ.
    #[arg(long, group = "made")]
    check: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ProfileName {
    /// Sentences that can be read.
    Demo,
    /// The statistics of real tweets in 0.75 KB each.
    Lean,
    /// The same in 1.75 KB each, and what belongs to them beside.
    Full,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Demo => Profile::Demo,
            ProfileName::Lean => Profile::Lean,
            ProfileName::Full => Profile::Full,
        }
    }
}

impl Simulate {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        if self.check {
            return self.check();
        }
        match &self.write {
            Some(path) => self.write_file(path)?,
            None => self.serve().await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn world(&self, profile: Profile, tweets: u64) -> anyhow::Result<World> {
        let end = match &self.until {
            Some(text) => Timestamp::parse_rfc3339(text)
                .with_context(|| format!("--until: \"{text}\" is no time such as 2026-01-31T12:00:00Z"))?,
            None => service::SystemClock.now(),
        };
        let profile = self.profile.map_or(profile, Profile::from);
        Ok(World::week(profile, self.seed, self.tweets.unwrap_or(tweets), end.0))
    }

    fn check(&self) -> anyhow::Result<ExitCode> {
        let rows = tweetgen::check(&self.world(Profile::Full, CHECKED_TWEETS)?)?;
        println!("{:<34} {:>22} {:>12}", "", "target", "found");
        rows.iter().for_each(|row| println!("{row}"));
        let failed = rows.iter().filter(|row| row.ok == Some(false)).count();
        println!("{failed} of {} differ", rows.len());
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn write_file(&self, path: &Path) -> anyhow::Result<()> {
        let corpus = Corpus::new(self.world(Profile::Demo, TWEETS)?);
        let failed = || format!("cannot write {}", path.display());
        let mut out: Box<dyn Write> = match path.to_str() {
            Some("-") => Box::new(std::io::stdout().lock()),
            _ => Box::new(BufWriter::new(std::fs::File::create(path).with_context(failed)?)),
        };
        let transport = if self.faults { Transport::Faulty } else { Transport::Clean };
        let write = if self.lines { tweetgen::write_lines } else { tweetgen::write_pages };
        write(&mut out, &corpus, transport).with_context(failed)?;
        out.flush().with_context(failed)?;
        match &self.canaries {
            Some(path) => list(path, &corpus).with_context(|| format!("cannot write {}", path.display())),
            None => Ok(()),
        }
    }

    fn script(&self) -> anyhow::Result<simulator::Script> {
        let Some(path) = &self.script else { return Ok(simulator::Script::default()) };
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        simulator::Script::parse(&text).with_context(|| path.display().to_string())
    }

    async fn serve(&self) -> anyhow::Result<()> {
        let listener: TcpListener = serve::listen(self.listen).await?;
        let settings = simulator::Config {
            profile: self.profile.map_or(Profile::Demo, Profile::from),
            seed: self.seed,
            tweets: self.tweets.unwrap_or(TWEETS),
            script: self.script()?,
            ..Default::default()
        };
        println!("The simulated X API is at http://{}", listener.local_addr()?);
        println!("Its bearer token is {}", settings.bearer_token);
        let stop = serve::stop_signal();
        simulator::serve(listener, settings, async move { stop.cancelled().await }).await
    }
}

fn list(path: &Path, corpus: &Corpus) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    for canary in corpus.canaries() {
        writeln!(out, "{}", canary.marker)?;
    }
    out.flush()
}
