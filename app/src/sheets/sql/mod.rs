//! SQL over the lake, for analysts: the question, what can be asked, and the answer as a table and a plot.

mod chart;
mod plot;
mod result;
mod samples;
#[cfg(test)]
mod tests;

pub use samples::sample;

use super::{export::size, sheet};
use crate::components::{icons, time::time};
use crate::format;
use crate::markup::{Element, el};
use model::Timestamp;
use model::columns::{COLUMNS, Column, Kind};
use model::sql::{Place, SqlError};
use model::texts::sql as say;
use samples::{SAMPLES, Sample};
use service::sql::{Asked, MEGABYTES, SECONDS, Standing};

/// What the page is made of.
pub struct Sql<'a> {
    pub question: &'a str,
    /// Whether a plot is wanted where there can be one.
    pub plot: bool,
    pub standing: Standing,
    pub now: Timestamp,
    pub outcome: Outcome<'a>,
}

/// What became of the question.
pub enum Outcome<'a> {
    /// There is none yet.
    NotAsked,
    Asked(&'a Asked),
    /// It could not be answered with a file.
    NoFile(&'a SqlError),
    Refused(&'a str),
}

/// The page.
pub fn sql(shown: &Sql<'_>) -> Element {
    let answer = match shown.outcome {
        Outcome::NotAsked => None,
        Outcome::Refused(why) => Some(refused(vec![el("p").add(why.to_owned())])),
        Outcome::NoFile(error) => Some(refused(problem(shown.question, error))),
        Outcome::Asked(asked) => Some(match &asked.answer {
            Ok(answer) => result::result(shown, answer, asked.took),
            Err(error) => refused(problem(shown.question, error)),
        }),
    };
    let main = el("div").class("sql-main").add(samples()).add(form(shown)).add(answer);
    let style = el("link").attr("rel", "stylesheet").attr("href", "/sql.css");
    // Ctrl Enter sends the form. All else works without.
    let script = el("script").attr("src", "/sql.js").attr("defer", "");
    let page = el("div").class("sql-grid").add(main).add(table());
    sheet("sql", say::title(), standing(shown)).add(page).add([style, script])
}

/// How far the lake is, honestly.
fn standing(shown: &Sql<'_>) -> Element {
    let line = |class| el("p").class(class);
    match shown.standing {
        Standing::Off => line("warn").add(say::off()),
        Standing::Empty => line("warn").add(say::empty()),
        Standing::Written { behind: 0, .. } => line("quiet").add(say::up_to_date()),
        Standing::Written { at, behind } => line("quiet")
            .add(say::behind(behind))
            .add(" ")
            .add(format!("{} ", say::written()))
            .add(time(at, shown.now))
            .add(". ")
            .add(say::soon()),
    }
}

fn samples() -> Element {
    let button = |sample: &Sample| {
        el("button")
            .class("small")
            .attr("type", "submit")
            .attr("name", "sample")
            .attr("value", sample.name)
            .add((sample.title)())
    };
    el("form")
        .class("sql-samples")
        .attr("method", "post")
        .attr("action", "/sql")
        .attr("aria-label", say::samples())
        .add(el("span").class("quiet").add(say::samples()))
        .each(SAMPLES.iter().map(button))
}

fn form(shown: &Sql<'_>) -> Element {
    let area = el("textarea")
        .attr("id", "question")
        .attr("name", "q")
        .attr("rows", shown.question.lines().count().clamp(6, 16).to_string())
        .attr("maxlength", "10000")
        .attr("required", "")
        .attr("spellcheck", "false")
        .attr("autocapitalize", "off")
        .attr("autocomplete", "off")
        .attr("aria-describedby", "sql-limits")
        // A line break at the beginning is not read.
        .add(format!("\n{}", shown.question));
    let check =
        el("input").attr("type", "checkbox").attr("name", "plot").attr("value", "on").flag("checked", shown.plot);
    let run = el("button").class("primary").attr("type", "submit").add(say::run());
    let keys = el("span").class("sql-keys quiet").add(el("kbd").add(say::ctrl())).add(el("kbd").add("Enter"));
    let limits = say::limits(&SECONDS.to_string(), &MEGABYTES.to_string());
    el("form")
        .class("sql-form")
        .attr("method", "post")
        .attr("action", "/sql")
        .add(el("label").class("visually-hidden").attr("for", "question").add(say::question()))
        .add(area)
        .add(
            el("div")
                .class("sql-actions")
                .add(run)
                .add(keys)
                .add(el("label").class("check").add(check).add(el("span").add(say::plot()))),
        )
        .add(el("p").class("note quiet").attr("id", "sql-limits").add(limits))
}

/// The table that can be asked, with its columns.
fn table() -> Element {
    let column = |name: &'static str, kind: &'static str, help: &'static str| {
        el("div")
            .add(el("dt").add(el("code").add(name)).add(el("span").class("quiet").add(kind)))
            .add(el("dd").class("quiet").add(help))
    };
    let own = [("day", "date", say::day()), ("version", "bigint", say::version())];
    let own = own.map(|(name, kind, help)| column(name, kind, help));
    let all = COLUMNS.iter().map(|of| column(of.name, type_of(of), of.help()));
    el("aside")
        .class("sql-table")
        .attr("aria-labelledby", "sql-table-title")
        .add(el("h2").attr("id", "sql-table-title").add(say::table()).add(" ").add(el("code").add("tweets")))
        .add(el("p").class("note quiet").add(say::about_table()))
        .add(
            el("div")
                .class("sql-columns")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-labelledby", "sql-table-title")
                .add(el("dl").each(all.chain(own))),
        )
}

/// What SQL calls the column's type.
fn type_of(column: &Column) -> &'static str {
    match (column.kind, column.multi) {
        (Kind::Text | Kind::Keyword, true) => "text[]",
        (Kind::Text | Kind::Keyword, false) => "text",
        (Kind::Number | Kind::Id, _) => "bigint",
        (Kind::Decimal, _) => "double",
        (Kind::Date, _) => "timestamp",
        (Kind::Flag, _) => "boolean",
    }
}

fn refused(words: Vec<Element>) -> Element {
    el("section").class("sql-problem").attr("role", "alert").add(icons::warning()).add(el("div").each(words))
}

/// What is wrong, where, and what to do.
fn problem(question: &str, error: &SqlError) -> Vec<Element> {
    let told = |title: &'static str, about: String| vec![el("p").class("words").add(title), el("p").add(about)];
    match error {
        SqlError::Wrong { message, place } => {
            let at = place.map(|at| say::place(&at.line.to_string(), &at.column.to_string()));
            // The engine speaks English.
            let message = el("p").attr("lang", "en").add(el("bdi").add(message.clone()));
            let title = el("p").class("words").add(say::wrong()).add(at.map(|at| format!(": {at}")));
            vec![title, message].into_iter().chain(place.and_then(|place| line_of(question, place))).collect()
        }
        SqlError::Length(most) => told(say::too_long(), say::too_long_about(&format::grouped(*most as u64))),
        SqlError::Change => told(say::no_change(), say::no_change_about().to_owned()),
        SqlError::Plan => told(say::no_plan(), say::no_plan_about().to_owned()),
        SqlError::Time(seconds) => told(say::no_time(), say::no_time_about(&seconds.to_string())),
        SqlError::Memory(most) => told(say::no_memory(), say::no_memory_about(&most.to_string())),
        SqlError::Failed => told(say::failed(), say::failed_about().to_owned()),
        SqlError::Busy => told(say::busy(), say::busy_about().to_owned()),
        SqlError::NoLake => told(say::no_lake(), say::no_lake_about().to_owned()),
    }
}

/// The line of the question, with a mark below the place.
fn line_of(question: &str, place: Place) -> Option<Element> {
    let line = question.lines().nth(usize::try_from(place.line).ok()?.checked_sub(1)?)?;
    let before = usize::try_from(place.column).ok()?.checked_sub(1)?;
    let (before, after): (String, String) = (line.chars().take(before).collect(), line.chars().skip(before).collect());
    let end = match after.find(|letter: char| !letter.is_alphanumeric() && letter != '_') {
        Some(0) => after.chars().next().map_or(0, char::len_utf8),
        end => end.unwrap_or(after.len()),
    };
    let (marked, rest) = after.split_at(end);
    let marked = if marked.is_empty() { " " } else { marked };
    Some(el("pre").class("sql-line").add(before).add(el("mark").add(marked.to_owned())).add(rest.to_owned()))
}
