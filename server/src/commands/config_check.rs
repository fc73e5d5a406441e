use crate::config::Config;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Print the settings as Roost understands them.
    Check,
}

impl ConfigCommand {
    pub fn run(&self, config: &Config) -> anyhow::Result<ExitCode> {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
        println!("landscape        {}", config.landscape);
        println!("data             {}", config.data.display());
        println!("listen           {}", config.listen);
        println!("log              {}", config.log);
        // The address of a database holds its password.
        println!("database_url     {}", if config.database_url.is_some() { "given" } else { "–" });
        println!("trusted_proxies  {}", config.trusted_proxies);
        let has_proxy = config.x_proxy.is_some() || config.x_proxy_file.is_some();
        // The address of a proxy may hold its password.
        println!("x_proxy          {}", if has_proxy { "given" } else { "–" });
        println!("exports_per_day  {}", config.exports_per_day);
        println!("smtp_host        {}", shown(config.smtp_host.clone()));
        println!("smtp_port        {}", config.smtp_port);
        println!("smtp_security    {}", config.smtp_security);
        println!("smtp_user        {}", shown(config.smtp_user.clone()));
        println!("smtp_password    {}", if config.smtp_password.is_some() { "given" } else { "–" });
        println!("mail_from        {}", shown(config.mail_from.clone()));
        println!("mail_domains     {}", config.mail_domains);
        println!("webhook_hosts    {}", config.webhook_hosts);
        let lake = match &config.lake {
            lake if !lake.enabled => "–".to_owned(),
            lake => lake.bucket.as_ref().map_or("in the data folder".to_owned(), |bucket| format!("bucket {bucket}")),
        };
        println!("lake             {lake}");
        println!("lake.raw         {}", config.lake.enabled && config.lake.raw);
        println!("site             {}", shown(config.site.as_ref().map(|path| path.display().to_string())));
        println!("public_url       {}", shown(config.public_url.as_ref().map(ToString::to_string)));
        Ok(ExitCode::SUCCESS)
    }
}
