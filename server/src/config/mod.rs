//! Settings, read once at the start: `default.toml` < `LANDSCAPE.toml` < `ROOST_…` variables < flags.

use anyhow::Context;
use notify::{MailSettings, Security};
use secrecy::SecretString;
use serde::Deserialize;
use service::alerts::OutletSettings;
use std::net::SocketAddr;
use std::path::PathBuf;

const DEFAULT: &str = include_str!("../../../config/default.toml");

/// The stages through which a release goes, with what differs there.
const LANDSCAPES: [(&str, &str); 3] = [
    ("development", include_str!("../../../config/development.toml")),
    ("qa", include_str!("../../../config/qa.toml")),
    ("production", include_str!("../../../config/production.toml")),
];

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Which stage of a release this is: `development`, `qa` or `production`. `ROOST_LANDSCAPE`, `--landscape`.
    pub landscape: String,
    /// Folder of the database, the index and the key. `ROOST_DATA`, `--data`.
    pub data: PathBuf,
    /// Address to serve on. `ROOST_LISTEN`, `--listen`.
    pub listen: SocketAddr,
    /// What to log, as `tracing` filters: `info,service=debug`. `ROOST_LOG`.
    pub log: String,
    /// `postgres://…`; without it a SQLite file in the data folder. Over a network add `?sslmode=verify-full`, and
    /// `&sslrootcert=FILE` for a certificate authority of your own. `ROOST_DATABASE_URL`.
    pub database_url: Option<String>,
    /// Folder of the browser's files. Without it `site` beside the program. `ROOST_SITE`.
    pub site: Option<PathBuf>,
    /// Address under which people reach Roost, if a proxy stands before it: `https://roost.example`. With https
    /// the cookies are for secure connections only. `ROOST_PUBLIC_URL`.
    pub public_url: Option<url::Url>,
    /// How many proxies of yours stand before Roost. With them, the address of a client is the one that the outermost
    /// saw: so many from the right in `x-forwarded-for`. Roost must then be reached through them only, or anyone could
    /// pass for another. `ROOST_TRUSTED_PROXIES`.
    pub trusted_proxies: u8,
    /// A proxy on the way to the X API: `http://proxy.example:3128`, with a name and a password if it asks for them. What
    /// goes to X is under TLS within it. `ROOST_X_PROXY`.
    pub x_proxy: Option<SecretString>,
    /// A file with the address of the proxy and nothing else. `ROOST_X_PROXY_FILE`.
    pub x_proxy_file: Option<PathBuf>,
    /// Tweets that a person may export with their content in a day (UTC): X limits what may be passed on. Ids alone
    /// are not counted. `ROOST_EXPORTS_PER_DAY`.
    pub exports_per_day: u64,
    /// An export of more rows than this is made in the background, and its file waits for its owner.
    /// `ROOST_EXPORT_JOB_ROWS`.
    pub export_job_rows: u64,
    /// For how many days such a file is kept. `ROOST_EXPORT_DAYS`.
    pub export_days: u16,
    /// The mail server that alerts are handed to; without it Roost sends no mail. `ROOST_SMTP_HOST`.
    pub smtp_host: Option<String>,
    /// Its port: 587 for `starttls`, 465 for `tls`. `ROOST_SMTP_PORT`.
    pub smtp_port: u16,
    /// `starttls`, `tls`, or `none` for a mail server on this machine. `ROOST_SMTP_SECURITY`.
    pub smtp_security: String,
    /// Name at the mail server, if it asks for one. `ROOST_SMTP_USER`.
    pub smtp_user: Option<String>,
    /// The password for it: give it by the variable, not in a file. `ROOST_SMTP_PASSWORD`.
    pub smtp_password: Option<SecretString>,
    /// The sender of mails: `Roost <roost@example.com>`. `ROOST_MAIL_FROM`.
    pub mail_from: Option<String>,
    /// Domains that mails may go to, with commas between; none for that of the sender. `ROOST_MAIL_DOMAINS`.
    pub mail_domains: String,
    /// Hosts that webhooks of alerts may go to, over https, with commas between: `hooks.example.com`, or with a port
    /// other than 443 `chat.example.com:8443`. Not in production also addresses of this machine, as
    /// `127.0.0.1:4000`, without TLS. `ROOST_WEBHOOK_HOSTS`.
    pub webhook_hosts: String,
    /// All tweets as Parquet files, for SQL and other programs.
    pub lake: LakeConfig,
}

/// The settings `[lake]`: docs/lake.md. Without the feature `lake` they are read and mean nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(feature = "lake"), expect(dead_code, reason = "read, and of no meaning"))]
pub struct LakeConfig {
    /// Whether there is one. `ROOST_LAKE_ENABLED`.
    pub enabled: bool,
    /// Whether it has the tweets as they came, too, sealed as the database has them. `ROOST_LAKE_RAW`.
    pub raw: bool,
    /// The bucket that it is in, of S3 or a store that speaks its language; without it the folder `lake` in the data
    /// folder. `ROOST_LAKE_BUCKET`.
    pub bucket: Option<String>,
    /// Folder within the bucket. `ROOST_LAKE_PREFIX`.
    pub prefix: String,
    /// Address of the store, if it is not Amazon's: `https://s3.example.com`. `ROOST_LAKE_ENDPOINT`.
    pub endpoint: Option<String>,
    /// `ROOST_LAKE_REGION`.
    pub region: String,
    /// Name of the key to the bucket. `ROOST_LAKE_ACCESS_KEY`.
    pub access_key: Option<String>,
    /// The key: give it by the variable, not in a file of settings. `ROOST_LAKE_SECRET_KEY`.
    pub secret_key: Option<SecretString>,
    /// A file with the key and nothing else. `ROOST_LAKE_SECRET_KEY_FILE`.
    pub secret_key_file: Option<PathBuf>,
}

/// The settings that a variable may give.
const VARIABLES: [&str; 29] = [
    "data",
    "listen",
    "log",
    "database_url",
    "site",
    "public_url",
    "trusted_proxies",
    "x_proxy",
    "x_proxy_file",
    "exports_per_day",
    "export_job_rows",
    "export_days",
    "smtp_host",
    "smtp_port",
    "smtp_security",
    "smtp_user",
    "smtp_password",
    "mail_from",
    "mail_domains",
    "webhook_hosts",
    "lake.enabled",
    "lake.raw",
    "lake.bucket",
    "lake.prefix",
    "lake.endpoint",
    "lake.region",
    "lake.access_key",
    "lake.secret_key",
    "lake.secret_key_file",
];

/// Settings that were given as flags.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    pub landscape: Option<String>,
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
}

impl Config {
    /// Reads all layers and checks them.
    pub fn load(flags: Flags) -> anyhow::Result<Self> {
        let landscape = flags.landscape.or_else(|| variable("ROOST_LANDSCAPE"));
        let landscape = landscape.as_deref().unwrap_or("development");
        let Some((_, layer)) = LANDSCAPES.iter().find(|(name, _)| *name == landscape) else {
            let known: Vec<_> = LANDSCAPES.iter().map(|(name, _)| *name).collect();
            anyhow::bail!("there is no landscape \"{landscape}\": choose one of {}", known.join(", "));
        };
        let toml = |text| config::File::from_str(text, config::FileFormat::Toml);
        let mut builder = config::Config::builder().add_source(toml(DEFAULT)).add_source(toml(layer));
        for name in VARIABLES {
            let value = variable(&format!("ROOST_{}", name.to_uppercase().replace('.', "_")));
            builder = builder.set_override_option(name, value)?;
        }
        builder = builder.set_override("landscape", landscape)?;
        builder = builder.set_override_option("data", flags.data.map(|path| path.display().to_string()))?;
        builder = builder.set_override_option("listen", flags.listen.map(|address| address.to_string()))?;
        builder.build()?.try_deserialize().context("a setting is wrong")
    }

    /// Where the service finds its data.
    pub fn service(&self) -> anyhow::Result<service::Settings> {
        Ok(service::Settings {
            store: store::Settings { data: self.data.clone(), database_url: self.database_url.clone() },
            exports_per_day: self.exports_per_day,
            export_job_rows: self.export_job_rows,
            export_days: self.export_days,
            simulators: self.landscape != "production",
            x_proxy: secret("x_proxy", &self.x_proxy, &self.x_proxy_file)?,
            outlets: OutletSettings { mail: self.mail()?, webhook_hosts: self.webhook_hosts.clone() },
            #[cfg(feature = "lake")]
            lake: self.lake()?,
            #[cfg(feature = "lake")]
            raw_lake: self.lake.raw,
        })
    }

    #[cfg(feature = "lake")]
    fn lake(&self) -> anyhow::Result<Option<service::lake::Location>> {
        use service::lake::Location;
        let LakeConfig { bucket, prefix, endpoint, region, access_key, .. } = self.lake.clone();
        match bucket {
            _ if !self.lake.enabled => Ok(None),
            None => Ok(Some(Location::Folder(self.data.join("lake")))),
            Some(bucket) => Ok(Some(Location::S3 {
                endpoint,
                bucket,
                prefix,
                region,
                access_key: access_key.context("lake.bucket is given, so lake.access_key is needed")?,
                secret_key: secret("lake.secret_key", &self.lake.secret_key, &self.lake.secret_key_file)?
                    .context("lake.bucket is given, so lake.secret_key or lake.secret_key_file is needed")?,
            })),
        }
    }

    fn mail(&self) -> anyhow::Result<Option<MailSettings>> {
        let Some(host) = self.smtp_host.clone() else { return Ok(None) };
        let security = Security::from_name(&self.smtp_security)
            .with_context(|| format!("smtp_security is \"{}\": choose starttls, tls or none", self.smtp_security))?;
        Ok(Some(MailSettings {
            host,
            port: self.smtp_port,
            security,
            login: self.smtp_user.clone().zip(self.smtp_password.clone()),
            from: self.mail_from.clone().context("smtp_host is given, so mail_from is needed: who sends the mails?")?,
            domains: self.mail_domains.clone(),
        }))
    }

    /// The folder of the browser's files.
    pub fn site_folder(&self) -> anyhow::Result<PathBuf> {
        if let Some(site) = &self.site {
            return Ok(site.clone());
        }
        let program = std::env::current_exe().context("where is this program?")?;
        let beside = program.parent().map(|folder| folder.join("site"));
        beside.filter(|folder| folder.is_dir()).context(
            "the browser's files are missing: build them with `make build`, or name their folder in ROOST_SITE",
        )
    }

    /// Whether people reach Roost over https.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

/// A secret that is given itself, or in a file with nothing else in it.
fn secret(name: &str, given: &Option<SecretString>, file: &Option<PathBuf>) -> anyhow::Result<Option<SecretString>> {
    match (given, file) {
        (Some(_), Some(_)) => anyhow::bail!("give either {name} or {name}_file, not both"),
        (None, Some(file)) => {
            let secret = std::fs::read_to_string(file)
                .with_context(|| format!("{name}_file is {}, which cannot be read", file.display()))?;
            Ok(Some(secret.trim().to_owned().into()))
        }
        (given, None) => Ok(given.clone()),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_before_files() {
        let config = Config::load(Flags { data: Some("elsewhere".into()), ..Default::default() }).unwrap();
        assert_eq!(config.data, PathBuf::from("elsewhere"));
        assert_eq!(config.listen.port(), 3000);
    }

    #[test]
    fn every_landscape_loads() {
        for (name, _) in LANDSCAPES {
            Config::load(Flags { landscape: Some(name.to_owned()), ..Default::default() }).unwrap();
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let config = Config::load(Flags::default()).unwrap();
        let config = Config { smtp_password: Some("hunter2".to_owned().into()), ..config };
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_proxy_is_given_by_its_address_or_by_a_file_with_it_and_not_printed() {
        let mut config = Config::load(Flags::default()).unwrap();
        assert!(config.service().unwrap().x_proxy.is_none());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "http://roost:hunter2@proxy.example:3128\n").unwrap();
        config.x_proxy_file = Some(file.path().to_owned());
        let settings = config.service().unwrap();
        let proxy = settings.x_proxy.as_ref().map(secrecy::ExposeSecret::expose_secret);
        assert_eq!(proxy, Some("http://roost:hunter2@proxy.example:3128"));
        config.x_proxy = Some("http://roost:hunter3@proxy.example:3128".to_owned().into());
        assert!(config.service().unwrap_err().to_string().contains("not both"));
        assert!(!format!("{settings:?} {config:?}").contains("hunter"));
        config.x_proxy_file = Some("/no/such/file".into());
        config.x_proxy = None;
        assert!(config.service().unwrap_err().to_string().contains("x_proxy_file is /no/such/file"));
    }

    #[test]
    fn mail_needs_a_sender_and_a_known_security() {
        let config = Config { smtp_host: Some("mail.example.com".into()), ..Config::load(Flags::default()).unwrap() };
        assert!(config.service().unwrap_err().to_string().contains("mail_from"));
        let config = Config { mail_from: Some("roost@example.com".into()), ..config };
        assert!(config.service().is_ok());
        let config = Config { smtp_security: "ssl".into(), ..config };
        assert!(config.service().unwrap_err().to_string().contains("starttls, tls or none"));
    }

    #[cfg(feature = "lake")]
    #[test]
    fn a_lake_is_in_the_data_folder_unless_a_bucket_is_named_with_its_keys() {
        use service::lake::Location;
        let mut config = Config::load(Flags { data: Some("here".into()), ..Default::default() }).unwrap();
        assert!(matches!(config.lake().unwrap(), Some(Location::Folder(folder)) if folder.ends_with("here/lake")));
        config.lake.bucket = Some("tweets".into());
        assert!(config.lake().unwrap_err().to_string().contains("lake.access_key"));
        config.lake.access_key = Some("roost".into());
        assert!(config.lake().unwrap_err().to_string().contains("lake.secret_key"));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "hunter2\n").unwrap();
        config.lake.secret_key_file = Some(file.path().to_owned());
        let Some(Location::S3 { secret_key, .. }) = config.lake().unwrap() else { panic!("no bucket") };
        assert_eq!(secrecy::ExposeSecret::expose_secret(&secret_key), "hunter2");
        assert!(!format!("{secret_key:?}").contains("hunter2"));
        config.lake.secret_key = Some("hunter3".to_owned().into());
        assert!(config.lake().unwrap_err().to_string().contains("not both"));
        config.lake.enabled = false;
        assert!(config.lake().unwrap().is_none());
    }

    #[test]
    fn an_unknown_landscape_is_refused_with_those_there_are() {
        let error = Config::load(Flags { landscape: Some("prod".into()), ..Default::default() }).unwrap_err();
        assert!(error.to_string().contains("development, qa, production"), "{error}");
    }
}
