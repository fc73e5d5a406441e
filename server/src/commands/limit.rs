use crate::config::Config;
use clap::{Subcommand, ValueEnum};
use service::limits::{self, Caller, Change, Limit};
use std::process::ExitCode;

/// Microseconds.
const MILLISECOND: i64 = 1_000;

#[derive(Subcommand)]
pub enum LimitCommand {
    /// Show how much X lets be asked in each access tier.
    List,
    /// Say how much X lets be asked at an endpoint in an access tier. Who fetches goes by it at once; what X says itself
    /// with an answer counts more.
    Set {
        /// The access tier: `roost limit list` shows them.
        tier: String,
        /// The path of the endpoint, such as /2/tweets/search/recent.
        endpoint: String,
        /// Requests in 15 minutes.
        requests: u32,
        /// Whose requests: X counts those of people apart.
        #[arg(long, default_value = "app")]
        caller: CallerName,
        /// The least time between two requests; without it, it stays as it is.
        #[arg(long, value_name = "MILLISECONDS")]
        apart: Option<u32>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum CallerName {
    /// An app, by its bearer token.
    App,
    /// A person, by OAuth 2.0 or OAuth 1.0a.
    Person,
}

impl From<CallerName> for Caller {
    fn from(name: CallerName) -> Self {
        match name {
            CallerName::App => Self::App,
            CallerName::Person => Self::Person,
        }
    }
}

impl LimitCommand {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open(config).await?;
        match self {
            Self::List => limits::list(&service).await?.iter().for_each(|limit| println!("{}", line(limit))),
            Self::Set { tier, endpoint, requests, caller, apart } => {
                let spacing = apart.map(|milliseconds| i64::from(milliseconds) * MILLISECOND);
                let (tier, endpoint) = (tier.as_str(), endpoint.as_str());
                let change = Change { tier, endpoint, caller: caller.into(), requests, spacing };
                limits::set(&service, &change, None).await?;
                println!("{tier} has {requests} requests in 15 minutes at {endpoint}");
            }
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

fn line(limit: &Limit) -> String {
    let Limit { tier, endpoint, caller, requests, spacing } = limit;
    let apart = spacing / MILLISECOND;
    format!("{tier}\t{endpoint}\t{}\t{requests} in 15 minutes\t{apart} ms apart", caller.name())
}
