use crate::config::Config;
use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use model::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use service::credentials::{self, Credential, Keys, Secret, Tokens};
use service::{Service, schedules};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use zeroize::Zeroizing;

#[derive(Subcommand)]
pub enum CredentialCommand {
    /// Save a credential for the X API, or another secret for one. Its secret is read from standard input, a part in each
    /// line: the bearer token; or of oauth2 the client's secret (an empty line if there is none), the access token (an
    /// empty line to have a new one) and the refresh token; or of oauth1 the API key, its secret, the access token and
    /// its secret. It is never shown again.
    Add {
        name: String,
        #[arg(long, default_value = "bearer")]
        kind: KindName,
        /// Where the API is.
        #[arg(long, default_value = "https://api.x.com", value_name = "URL")]
        address: String,
        /// Of the app, for oauth2.
        #[arg(long, value_name = "ID", required_if_eq("kind", "oauth2"))]
        client_id: Option<String>,
        /// When the access token ends, for oauth2, as 2026-01-31T10:00:00Z. Without it, it is refreshed before it is used.
        #[arg(long, value_name = "TIME", value_parser = super::parse_time, conflicts_with = "redirect")]
        expires_at: Option<Timestamp>,
        /// Ask the person for their consent, for oauth2: where their browser comes back to. After the client's secret, the
        /// address that it came back to is read, instead of tokens.
        #[arg(long, value_name = "URL")]
        redirect: Option<String>,
    },
    /// Show the credentials, without their secrets.
    List,
    /// Say which access tier of X's was bought for a credential: how much it may ask follows from that.
    Tier {
        name: String,
        /// One that `roost limit list` shows.
        tier: String,
    },
    /// Say which credentials may fetch a schedule. If the one that does is refused or used up, another takes over.
    Allow {
        /// Name of the schedule.
        schedule: String,
        /// Names of credentials; with none, only the one that fetches it now.
        credentials: Vec<String>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum KindName {
    /// An app's bearer token.
    Bearer,
    /// A person who allowed an app to ask.
    Oauth2,
    /// The keys of an app and a person.
    Oauth1,
}

impl CredentialCommand {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open(config).await?;
        match self {
            Self::Add { name, kind, address, client_id, expires_at, redirect } => {
                let mut lines = Lines::new();
                let secret = match (kind, client_id) {
                    (KindName::Oauth2, Some(client_id)) => {
                        let client_secret = Some(lines.next("client secret")?).filter(is_given);
                        match redirect {
                            Some(redirect) => {
                                let asked =
                                    credentials::ask_consent(&service, &address, &client_id, client_secret, &redirect)?;
                                println!("Let the person open this, and copy the address that the browser ends at:");
                                println!("{}", asked.url());
                                credentials::consented(asked, &lines.next("address")?).await?
                            }
                            None => {
                                let tokens = lines.tokens(expires_at.unwrap_or(service.now()))?;
                                Secret::Oauth2 { client_id, client_secret, tokens }
                            }
                        }
                    }
                    (KindName::Oauth1, _) => Secret::Oauth1(lines.keys()?),
                    _ => Secret::Bearer(lines.next("bearer token")?),
                };
                credentials::save(&service, &name, &address, secret).await?;
                println!("{name} is saved");
            }
            Self::List => list(&service).await?,
            Self::Tier { name, tier } => {
                credentials::set_tier(&service, find(&credentials::list(&service).await?, &name)?, &tier, None).await?;
                println!("{name} has the access tier {tier}");
            }
            Self::Allow { schedule, credentials } => allow(&service, &schedule, &credentials).await?,
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }
}

async fn list(service: &Service) -> anyhow::Result<()> {
    for credential in credentials::list(service).await? {
        let time = |at: Option<Timestamp>| at.map_or("–".to_owned(), Timestamp::to_rfc3339);
        println!(
            "{}\t{}\t{}\t{}\tsaved {}\trefreshed {}",
            credential.name,
            credential.kind.name(),
            credential.tier,
            credential.base_url,
            time(Some(credential.saved_at)),
            time(credential.refreshed_at),
        );
    }
    Ok(())
}

async fn allow(service: &Service, schedule: &str, names: &[String]) -> anyhow::Result<()> {
    let named: Vec<i64> = schedules::list(service)
        .await?
        .into_iter()
        .filter(|known| known.name == schedule)
        .map(|known| known.id)
        .collect();
    let [id] = named[..] else {
        anyhow::bail!("{} schedules are called \"{schedule}\": name one that there is once", named.len());
    };
    let known = credentials::list(service).await?;
    let ids = names.iter().map(|name| find(&known, name)).collect::<anyhow::Result<Vec<i64>>>()?;
    credentials::allow(service, id, &ids).await?;
    match names {
        [] => println!("{schedule} keeps the credential that it has"),
        names => println!("{schedule} may be fetched with {}", names.join(", ")),
    }
    Ok(())
}

/// The number of a credential.
fn find(known: &[Credential], name: &str) -> anyhow::Result<i64> {
    let found = known.iter().find(|known| known.name == name).map(|known| known.id);
    found.with_context(|| format!("there is no credential \"{name}\": see `roost credential list`"))
}

fn is_given(secret: &SecretString) -> bool {
    !secret.expose_secret().is_empty()
}

/// Lines of standard input, never arguments: these are seen by everyone on the machine.
struct Lines {
    input: std::io::Stdin,
}

impl Lines {
    fn new() -> Self {
        Self { input: std::io::stdin() }
    }

    fn next(&mut self, what: &str) -> anyhow::Result<SecretString> {
        if self.input.is_terminal() {
            eprint!("The {what} (it will be seen): ");
        }
        let mut line = Zeroizing::new(String::new());
        self.input.lock().read_line(&mut line)?;
        Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
    }

    fn tokens(&mut self, expires_at: Timestamp) -> anyhow::Result<Tokens> {
        let access = self.next("access token")?;
        Ok(Tokens { access, refresh: Some(self.next("refresh token")?).filter(is_given), expires_at })
    }

    fn keys(&mut self) -> anyhow::Result<Keys> {
        let (key, secret) = (self.next("API key")?, self.next("API key secret")?);
        Ok(Keys { key, secret, token: self.next("access token")?, token_secret: self.next("access token secret")? })
    }
}
