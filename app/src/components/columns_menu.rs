use super::{Here, icons, query_box::hidden_fields};
use crate::markup::{Element, el, link};
use model::columns::{COLUMNS, Column, DEFAULT_COLUMNS};
use model::texts::{Text, choice as say};

/// A ready set: its name, and its columns.
type Preset = (Text, &'static [&'static str]);

const PRESETS: [Preset; 4] = [
    (say::default, &DEFAULT_COLUMNS),
    (say::compact, &["created", "author", "text"]),
    (say::engagement, &["created", "text", "likes", "reposts", "replies", "quotes", "views", "engagement"]),
    (
        say::author,
        &["created", "author", "verified", "followers", "following", "author_tweets", "account_created", "text"],
    ),
];

/// The button that opens the choice of columns. Where the default ones do not all fit, style shows `waiting` in the place
/// of `shown`, after the number of those that do.
pub fn columns_button(shown: String, waiting: Option<&'static str>) -> Element {
    el("button")
        .class("quiet")
        .attr("type", "button")
        .attr("popovertarget", "columns")
        .attr("data-key", "c")
        .attr("title", say::choose())
        .add(icons::columns())
        .add(el("span").class("shown").add(shown))
        .add(waiting.map(|words| el("span").class("hidden-note").add(words)))
}

/// The choice of columns: ready sets, and one box per column.
pub fn columns_menu(here: &Here) -> Element {
    let shown = here.url.shown_columns();
    let preset = |(name, columns): Preset| {
        link(here.url.with_columns(columns.to_vec()).href()).class("button small").add(name())
    };
    let choice = |column: &'static Column| {
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", "col")
            .attr("value", column.name)
            .flag("checked", shown.contains(&column));
        el("label").attr("title", column.help()).add(input).add(column.title())
    };
    let form = el("form")
        .attr("method", "get")
        .attr("action", here.url.path())
        .add(hidden_fields(&here.url))
        .add(el("input").attr("type", "hidden").attr("name", "pick").attr("value", "1"))
        .add(el("div").class("boxes").each(COLUMNS.iter().map(choice)))
        .add(el("button").class("primary").attr("type", "submit").add(say::show()));
    el("div")
        .attr("id", "columns")
        .key("columns")
        .class("menu wide")
        .attr("popover", "auto")
        .add(el("p").class("menu-head").add(el("strong").add(say::columns())))
        .add(el("p").class("presets").each(PRESETS.into_iter().map(preset)))
        .add(form)
}
