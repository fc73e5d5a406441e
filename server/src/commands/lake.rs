use crate::config::Config;
use clap::Subcommand;
use model::TweetId;
use serde_json::Value;
use service::lake::{self, Answer, Cell, Limits, Wanted};
use std::fmt::Write;
use std::process::ExitCode;

/// Signs of a column of the table on a terminal; longer values are cut.
const WIDEST: usize = 60;
/// Whole numbers above it are rounded by most that read JSON, so they are written as text.
const EXACT: i64 = 1 << 53;

#[derive(Subcommand)]
pub enum LakeCommand {
    /// Ask the lake a question in SQL: 'SELECT lang, count(*) FROM tweets GROUP BY lang'. DESCRIBE tweets lists the columns.
    Sql(Sql),
    /// Print tweets as they came, a JSON object per line, in the order of their ids. It needs the key file and the table of
    /// raw tweets (the setting lake.raw), and no database.
    Raw(Raw),
    /// Merge the small files of past days, and remove what was removed from the lake from the disk.
    Compact,
}

#[derive(clap::Args)]
pub struct Sql {
    /// SELECT, WITH, EXPLAIN, SHOW or DESCRIBE; the table is `tweets`.
    question: String,
    /// Print JSON.
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV with a header.
    #[arg(long)]
    csv: bool,
    /// Rows to print.
    #[arg(long, default_value_t = 1_000)]
    limit: usize,
    /// Seconds that the question may take.
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// Megabytes that sorting, grouping and joining may use.
    #[arg(long, default_value_t = 1024)]
    memory: usize,
}

#[derive(clap::Args)]
pub struct Raw {
    /// Only those created on this day (UTC).
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = super::parse_day)]
    day: Option<i64>,
    /// Only those with these ids, with commas between them.
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    ids: Option<Vec<TweetId>>,
}

impl LakeCommand {
    pub async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        match self {
            Self::Sql(sql) => sql.run(config).await,
            Self::Raw(raw) => raw.run(config).await,
            Self::Compact => compact(config).await,
        }
    }
}

async fn compact(config: &Config) -> anyhow::Result<ExitCode> {
    let service = super::open_existing(config).await?;
    match lake::compact(&service).await? {
        Some(merged) => println!("merged {merged} files"),
        None => println!("the running server has done it"),
    }
    service.close().await?;
    Ok(ExitCode::SUCCESS)
}

impl Raw {
    /// Opens no database: it may be lost.
    async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let wanted = Wanted { day: self.day, ids: self.ids };
        let opened = lake::write_raw(&config.service()?, &wanted, std::io::stdout().lock()).await?;
        if opened.without > 0 {
            eprintln!("left out {} tweets: what they came with was removed", opened.without);
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Sql {
    async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let service = super::open_existing(config).await?;
        lake::catch_up(&service).await?;
        let limits = Limits { rows: self.limit, counted: 0, seconds: self.seconds, memory: self.memory << 20 };
        let answer = lake::sql(&service, &self.question, limits).await?;
        print!("{}", self.printed(&answer));
        if answer.more {
            eprintln!("… there are more rows: --limit shows them");
        }
        service.close().await?;
        Ok(ExitCode::SUCCESS)
    }

    fn printed(&self, answer: &Answer) -> String {
        if self.json {
            json(answer)
        } else if self.csv {
            csv(answer)
        } else {
            table(answer)
        }
    }
}

fn json(answer: &Answer) -> String {
    let columns: Vec<_> = answer
        .columns
        .iter()
        .map(|column| serde_json::json!({ "name": column.name, "type": column.data_type }))
        .collect();
    let rows: Vec<Vec<Value>> = answer.rows.iter().map(|row| row.iter().map(value).collect()).collect();
    format!("{}\n", serde_json::json!({ "columns": columns, "rows": rows, "more": answer.more }))
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Flag(flag) => (*flag).into(),
        Cell::Whole(number) if number.abs() > EXACT => number.to_string().into(),
        Cell::Whole(number) => (*number).into(),
        Cell::Decimal(number) => (*number).into(),
        Cell::Text(text) => text.as_str().into(),
        Cell::List(cells) => cells.iter().map(value).collect(),
    }
}

fn csv(answer: &Answer) -> String {
    let mut printed = String::new();
    let header = answer.columns.iter().map(|column| column.name.clone());
    let rows = answer.rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<_>>());
    for line in std::iter::once(header.collect()).chain(rows) {
        let fields: Vec<_> = line.iter().map(|field| quoted(field)).collect();
        let _ = writeln!(printed, "{}\r", fields.join(","));
    }
    printed
}

fn quoted(field: &str) -> String {
    // What a spreadsheet would take for a formula is told to be text.
    let runs = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if runs { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// Columns side by side, numbers to the right.
fn table(answer: &Answer) -> String {
    let rows: Vec<Vec<String>> = answer.rows.iter().map(|row| row.iter().map(shown).collect()).collect();
    let width = |text: &str| text.chars().count();
    let names: Vec<String> = answer.columns.iter().map(|column| cut(&column.name)).collect();
    let widths: Vec<usize> =
        (0..names.len()).map(|at| rows.iter().map(|row| width(&row[at])).fold(width(&names[at]), usize::max)).collect();
    let is_number =
        |at: usize| answer.rows.iter().all(|row| matches!(row[at], Cell::Whole(_) | Cell::Decimal(_) | Cell::None));
    let right: Vec<bool> = (0..names.len()).map(|at| !answer.rows.is_empty() && is_number(at)).collect();
    let mut printed = String::new();
    let rule = widths.iter().map(|width| "─".repeat(*width)).collect();
    for row in [names, rule].iter().chain(&rows) {
        let mut line = String::new();
        for (at, text) in row.iter().enumerate() {
            let gap = " ".repeat(widths[at] - width(text));
            let (before, after) = if right[at] { (gap.as_str(), "") } else { ("", gap.as_str()) };
            let _ = write!(line, "{before}{text}{after}  ");
        }
        let _ = writeln!(printed, "{}", line.trim_end());
    }
    let _ = writeln!(printed, "{} rows", rows.len());
    printed
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::None => "–".to_owned(),
        cell => cut(&cell.text()),
    }
}

/// A value in one line that does not steer the terminal, and is not too long.
fn cut(text: &str) -> String {
    let plain = |sign: char| {
        let steers = sign.is_control() || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers { ' ' } else { sign }
    };
    let mut short: String = text.chars().take(WIDEST).map(plain).collect();
    if text.chars().nth(WIDEST).is_some() {
        short.pop();
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::lake::AnswerColumn;

    fn answer() -> Answer {
        let column = |name: &str| AnswerColumn { name: name.into(), ..AnswerColumn::default() };
        let rows = vec![
            vec![Cell::Whole(1_900_000_000_000_000_001), Cell::Text("=1+1, \"x\"\u{1b}[31m".into())],
            vec![Cell::Whole(-2), Cell::List(vec![Cell::Text("a".into()), Cell::None])],
            vec![Cell::None, Cell::Flag(true)],
        ];
        Answer { columns: vec![column("id"), column("what")], rows, ..Answer::default() }
    }

    #[test]
    fn a_table_aligns_numbers_to_the_right_and_does_not_steer_the_terminal() {
        let printed = table(&answer());
        let lines: Vec<_> = printed.lines().collect();
        assert_eq!(lines[0], "                 id  what");
        assert_eq!(lines[2], "1900000000000000001  =1+1, \"x\" [31m");
        assert_eq!(lines[3], "                 -2  a,");
        assert_eq!((lines[4], lines[5]), ("                  –  true", "3 rows"));
    }

    #[test]
    fn json_rounds_no_id_and_csv_runs_no_formula() {
        let document: Value = serde_json::from_str(&json(&answer())).unwrap();
        assert_eq!(document["rows"][0][0], "1900000000000000001");
        assert_eq!(document["rows"][1], serde_json::json!([-2, ["a", null]]));
        assert!(csv(&answer()).starts_with("id,what\r\n1900000000000000001,\"'=1+1, \"\"x\"\""));
    }
}
