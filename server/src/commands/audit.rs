use crate::config::Config;
use clap::Subcommand;
use service::audit::{self, Entry, Verdict};
use std::process::ExitCode;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check that nothing in the audit was changed, moved or left out.
    Verify {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the latest entries, the newest last. They may name people.
    List {
        #[arg(long, value_name = "NUMBER", default_value_t = 20)]
        limit: u64,
        /// Print JSON, an entry per line.
        #[arg(long)]
        json: bool,
    },
}

impl AuditCommand {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open_existing(config).await?;
        let code = match self {
            AuditCommand::Verify { json } => {
                let verdict = audit::verify(&service).await?;
                tell(&verdict, json);
                if verdict.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
            }
            AuditCommand::List { limit, json } => {
                let entries = audit::latest(&service, limit).await?;
                entries.iter().rev().for_each(|entry| println!("{}", line(entry, json)));
                ExitCode::SUCCESS
            }
        };
        service.close().await?;
        Ok(code)
    }
}

fn tell(verdict: &Verdict, json: bool) {
    let problems: Vec<String> = verdict.problems.iter().map(ToString::to_string).collect();
    if json {
        let agrees = problems.is_empty();
        println!("{}", serde_json::json!({ "agrees": agrees, "entries": verdict.entries, "problems": problems }));
        return;
    }
    if problems.is_empty() {
        println!("the audit is as it was written: {} entries", verdict.entries);
        return;
    }
    println!("the audit is NOT as it was written ({} entries):", verdict.entries);
    problems.iter().for_each(|problem| println!("  {problem}"));
    println!("somebody has changed the database past Roost: compare with a backup, and find out who could");
}

fn line(entry: &Entry, json: bool) -> String {
    let Entry { number, at, user, action, subject, details } = entry;
    if json {
        let at = at.to_rfc3339();
        return serde_json::json!({
            "number": number, "at": at, "user": user, "action": action, "subject": subject, "details": details
        })
        .to_string();
    }
    let user = user.map_or("Roost".to_owned(), |user| format!("user {user}"));
    format!("{number}\t{at}\t{user}\t{action}\t{subject}\t{details}")
}
