use crate::config::Config;
use model::Row;
use model::columns::COLUMNS;
use service::exports::jsonl;
use service::{collections, explore, index};
use std::process::ExitCode;

#[derive(clap::Args)]
pub struct Search {
    /// In the filter language: 'rocket lang:en likes>=50 -is:retweet'.
    filter: String,
    /// Print only how many match.
    #[arg(long)]
    count: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Tweets to print, the newest first.
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

impl Search {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        if let Err(error) = model::filter::parse(&self.filter) {
            explain(&self.filter, &error);
            return Ok(ExitCode::from(2));
        }
        let service = super::open_existing(config).await?;
        index::catch_up(&service).await?;
        anyhow::ensure!(collections::is_any(&service).await?, "there are no collections yet: import something");
        let count = explore::count(&service, &self.filter).await?;
        if self.count {
            println!(
                "{}",
                if self.json { serde_json::json!({ "total": count }).to_string() } else { count.to_string() }
            );
        } else {
            let rows = explore::newest(&service, &self.filter, self.limit).await?;
            self.print(count, &rows)?;
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }

    fn print(&self, count: u64, rows: &[Row]) -> anyhow::Result<()> {
        if self.json {
            let items: Vec<_> = rows.iter().map(|row| jsonl::object(row, COLUMNS.iter())).collect();
            println!("{}", serde_json::json!({ "total": count, "items": items }));
            return Ok(());
        }
        for row in rows {
            let tweet = &row.tweet;
            let author = tweet.author.map(model::Pid::short).unwrap_or_else(|| "–".to_owned());
            let text: String = tweet.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            println!("{}  {author:8}  {:19}  {text}", tweet.created_at.format("%Y-%m-%d %H:%M"), tweet.id);
        }
        println!("{} of {count}", rows.len());
        Ok(())
    }
}

/// Shows the place under the text, as a compiler does.
fn explain(text: &str, error: &model::filter::FilterError) {
    let before = text.get(..error.at.start).map_or(0, |before| before.chars().count());
    let marked = text.get(error.at.clone()).map_or(1, |marked| marked.chars().count().max(1));
    eprintln!("roost: the filter cannot be read: {error}");
    eprintln!("  {text}");
    eprintln!("  {}{}", " ".repeat(before), "^".repeat(marked));
    if let Some(corrected) = error.corrected(text) {
        eprintln!("  try: {corrected}");
    }
}
