use super::annotations::{section, tag_form};
use super::sheet;
use crate::components::{Here, cell, tweet_card::tweet_card, tweet_text::foreign};
use crate::format;
use crate::markup::{Element, el, link};
use model::columns::{COLUMNS, Format};
use model::filter;
use model::texts::{common, selected as say, sheets, tweet};
use model::{Column, Row};

/// Tweets that stand beside each other at most.
const BESIDE: usize = 4;

/// What a person may do, or has just done, with the tags of chosen tweets.
pub struct Tagging {
    pub may: bool,
    /// The tag that they were given just now.
    pub done: Option<String>,
    /// Whether that cannot be seen yet.
    pub is_soon: bool,
}

/// Chosen tweets: beside each other, to be tagged, and as text, Markdown and JSON to be copied. `json` has them as a list of
/// objects.
pub fn selection(here: &Here, rows: &[Row], tagging: &Tagging, json: String) -> Element {
    let (title, only) = match rows {
        [] => (say::none().to_owned(), None),
        rows => (common::tweets(rows.len() as u64), only_these(here, rows)),
    };
    let compared = (rows.len() > 1).then(|| compared(here, &rows[..rows.len().min(BESIDE)]));
    let more = (rows.len() > BESIDE).then(|| el("p").class("quiet").add(say::first(&BESIDE.to_string())));
    let card = match rows {
        [only] => Some(tweet_card(here, only)),
        _ => None,
    };
    let texts = rows.iter().map(|row| row.tweet.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let markdown = rows.iter().map(quoted).collect::<Vec<_>>().join("\n\n");
    let copies = [("text", say::text(), texts), ("markdown", "Markdown", markdown), ("json", "JSON", json)];
    let tags = (tagging.may && !rows.is_empty()).then(|| tags(here, rows, tagging));
    let content = vec![more, compared, card, only, tags, Some(el("div").class("copies").each(copies.map(copy)))];
    sheet("selection", title, content)
}

fn only_these(here: &Here, rows: &[Row]) -> Option<Element> {
    let ids = rows.iter().map(|row| row.tweet.id.to_string()).collect::<Vec<_>>().join(" OR ");
    let filter = filter::parse(&format!("id:({ids})")).ok()?;
    Some(link(here.filtered(&filter)).class("button").add(say::only()))
}

/// A form for a tag of all of them.
fn tags(here: &Here, rows: &[Row], tagging: &Tagging) -> Element {
    let ids = rows.iter().map(|row| row.tweet.id.to_string()).collect::<Vec<_>>().join(",");
    let done = tagging.done.as_ref().map(|tag| {
        let soon = tagging.is_soon.then(|| format!(" {}", tweet::soon()));
        el("p").class("note").attr("role", "status").add(say::tagged(tag)).add(soon)
    });
    let form = el("form")
        .attr("method", "post")
        .attr("action", format!("{}/selection/tag", here.url.path()))
        .attr("data-sheet", "")
        .add(el("input").attr("type", "hidden").attr("name", "ids").attr("value", ids));
    section().add(done).add(tag_form(form, say::tag_them()))
}

/// The author by pseudonym, the time, the text, as a quotation.
fn quoted(row: &Row) -> String {
    let author = row.tweet.author.map_or_else(|| say::unknown().to_owned(), model::Pid::short);
    let text = row.tweet.text.replace('\n', "\n> ");
    let source = say::quoted(&author, &format::stamp(row.tweet.created_at), &row.tweet.id.to_string());
    format!("> {text}\n>\n> {source}")
}

fn copy((id, title, text): (&'static str, &'static str, String)) -> Element {
    let button =
        el("button").class("script").attr("type", "button").attr("data-copy", format!("#as-{id}")).add(sheets::copy());
    let area = el("textarea")
        .attr("id", format!("as-{id}"))
        .attr("readonly", "")
        .attr("rows", "4")
        .attr("aria-label", title)
        .add(text);
    el("section").add(el("header").add(el("h2").add(title)).add(button)).add(area)
}

/// A row per column, a column per tweet; what differs is marked.
fn compared(here: &Here, rows: &[Row]) -> Element {
    let number = |at: usize| el("th").attr("scope", "col").add(say::tweet(&(at + 1).to_string()));
    let heads = el("tr").add(el("td")).each((0..rows.len()).map(number));
    let lines = COLUMNS.iter().filter_map(|column| line(here, column, rows));
    let caption = el("caption").class("quiet").add(say::edge());
    let table = el("table").class("compared").add(caption).add(el("thead").add(heads)).add(el("tbody").each(lines));
    el("div")
        .class("wide")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", say::comparison())
        .add(table)
}

/// Nothing for a column in which none of them has a value.
fn line(here: &Here, column: &'static Column, rows: &[Row]) -> Option<Element> {
    let values: Vec<String> = rows.iter().map(|row| said(column, row)).collect();
    if values.iter().all(String::is_empty) {
        return None;
    }
    let differs = values.iter().any(|value| *value != values[0]);
    let cell = |row: &Row| {
        let shown = match column.format {
            Format::Text => foreign(&row.tweet.text).class("words").into(),
            _ => cell::values(here, column, row, true),
        };
        el("td").add(shown)
    };
    let head = el("th").attr("scope", "row").attr("title", column.help()).add(column.title());
    Some(el("tr").attr_if("class", differs.then_some("differs")).add(head).each(rows.iter().map(cell)))
}

/// What a row has in a column, to be compared.
fn said(column: &Column, row: &Row) -> String {
    let mut said = String::new();
    (column.values)(row, &mut |value| said.push_str(&format!("{value:?};")));
    said
}
