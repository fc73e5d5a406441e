use crate::config::Config;
use indicatif::{HumanBytes, ProgressBar};
use service::doctor::{self, Check, Report, Status};
use service::{Settings, SystemClock};
use std::process::ExitCode;
use std::time::Duration;

#[derive(clap::Args)]
pub struct Doctor {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    /// It speaks of settings that cannot be read, too.
    pub async fn run(&self, config: anyhow::Result<Config>) -> anyhow::Result<ExitCode> {
        let report = match config.and_then(|config| Ok((config.service()?, config))) {
            Ok((settings, config)) => {
                let mut report = self.examine(&settings).await;
                report.checks.splice(0..0, of_settings(&config));
                report
            }
            Err(error) => {
                let remedy = "correct it: each setting is told of in server/src/config/mod.rs";
                let check = Check::failed("settings", format!("{error:#}"), "no command of Roost starts so", remedy);
                Report { checks: vec![check], disk: Default::default() }
            }
        };
        self.print(&report);
        Ok(if report.is_healthy() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn examine(&self, settings: &Settings) -> Report {
        let spinner = ProgressBar::new_spinner().with_message("reading the database and the index from end to end");
        spinner.enable_steady_tick(Duration::from_millis(100));
        let report = doctor::examine(settings, &SystemClock).await;
        spinner.finish_and_clear();
        report
    }

    fn print(&self, report: &Report) {
        if self.json {
            let healthy = report.is_healthy();
            println!("{}", serde_json::json!({ "healthy": healthy, "checks": report.checks, "disk": report.disk }));
            return;
        }
        for check in &report.checks {
            let status = match check.status {
                Status::Ok => "ok",
                Status::Warning => "WARNING",
                Status::Failed => "FAILED",
            };
            println!("{status:8} {:12} {}", check.name, check.what);
            let more = [("why", &check.why), ("do", &check.remedy)];
            let more = more.into_iter().filter_map(|(word, text)| Some((word, text.as_ref()?)));
            more.for_each(|(word, text)| println!("{:21} {word}: {text}", ""));
        }
        let parts = report.disk.parts().into_iter().filter(|(_, bytes)| *bytes > 0);
        let parts: Vec<String> = parts.map(|(name, bytes)| format!("{name} {}", HumanBytes(bytes))).collect();
        println!("{:8} {:12} {}", "", "disk use", parts.join(", "));
    }
}

/// What can be said of settings that are each right by themselves.
fn of_settings(config: &Config) -> Vec<Check> {
    const NAME: &str = "settings";
    let mut checks = Vec::new();
    if !config.listen.ip().is_loopback() && !config.is_https() {
        let what = format!("it listens on {}, and ROOST_PUBLIC_URL is not https", config.listen);
        let why = "passwords and what people read go over the network in the clear";
        checks.push(Check::warning(
            NAME,
            what,
            why,
            "put a proxy with TLS before it, and set ROOST_PUBLIC_URL=https://…",
        ));
    }
    if config.site_folder().is_err() {
        let remedy = "build them with `make build`, or name their folder in ROOST_SITE";
        checks.push(Check::warning(NAME, "the browser's files are missing", "`roost serve` does not start so", remedy));
    }
    if checks.is_empty() {
        checks.push(Check::ok(NAME, format!("of the landscape {}", config.landscape)));
    }
    checks
}
