use super::serve;
use anyhow::Context;
use model::Timestamp;
use service::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::net::TcpListener;

#[derive(clap::Args)]
pub struct Simulate {
    /// Address to serve on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4000")]
    listen: SocketAddr,
    /// Made-up tweets of the past seven days to begin with.
    #[arg(long, default_value_t = 20_000)]
    tweets: u64,
    /// The same seed makes the same tweets.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Serve nothing: write the tweets to this file as pages of the X API, one a line (`-` for standard output).
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// With --write: the moment before which the tweets end, as RFC 3339. Now, if it is not given.
    #[arg(long, value_name = "TIME", requires = "write")]
    until: Option<String>,
}

impl Simulate {
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match &self.write {
            Some(path) => self.write_file(path)?,
            None => self.serve().await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn write_file(&self, path: &PathBuf) -> anyhow::Result<()> {
        let end = match &self.until {
            Some(text) => Timestamp::parse_rfc3339(text)
                .with_context(|| format!("--until: \"{text}\" is no time such as 2026-01-31T12:00:00Z"))?,
            None => service::SystemClock.now(),
        };
        let failed = || format!("cannot write {}", path.display());
        let mut out: Box<dyn std::io::Write> = match path.to_str() {
            Some("-") => Box::new(std::io::stdout().lock()),
            _ => Box::new(std::io::BufWriter::new(std::fs::File::create(path).with_context(failed)?)),
        };
        tweetgen::write_pages(&mut out, self.seed, self.tweets, end.0).with_context(failed)?;
        std::io::Write::flush(&mut out).with_context(failed)
    }

    async fn serve(&self) -> anyhow::Result<()> {
        let listener: TcpListener = serve::listen(self.listen).await?;
        let settings = simulator::Config { seed: self.seed, tweets: self.tweets, ..Default::default() };
        println!("The simulated X API is at http://{}", listener.local_addr()?);
        println!("Its bearer token is {}", settings.bearer_token);
        let stop = serve::stop_signal();
        simulator::serve(listener, settings, async move { stop.cancelled().await }).await
    }
}
