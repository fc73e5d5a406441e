use super::{Here, query_box::post_form};
use crate::format;
use crate::markup::{Element, el};
use model::columns::COLUMNS;
use model::explore::ExplorePage;
use model::export::ExportFormat;

/// The button that opens it, with the exact number of tweets.
pub fn export_button(total: u64) -> Element {
    el("button")
        .class("primary export-button")
        .attr("type", "button")
        .attr("popovertarget", "export")
        .attr("data-key", "x")
        .attr("title", "Export (x)")
        .flag("disabled", total == 0)
        .add(format!("Export {}", format::grouped(total)))
}

/// A form that is answered with a file: these rows in this order.
pub fn export_menu(here: &Here, page: &ExplorePage) -> Element {
    let (total, left) = (page.total, page.exports_left);
    let formats =
        ExportFormat::ALL.into_iter().map(|format| el("option").attr("value", format.name()).add(format.title()));
    let shown = format!("the {} shown", here.url.shown_columns().len());
    let columns = el("select")
        .attr("name", "columns")
        .add(el("option").attr("value", "shown").add(shown))
        .add(el("option").attr("value", "all").add(format!("all {}", COLUMNS.len())));
    let most = (left < total).then(|| left.to_string());
    let first = el("input")
        .attr("type", "text")
        .attr("name", "first")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .attr("pattern", "[0-9, ]*")
        .attr("title", "A number of tweets, or nothing for all of them")
        .attr("placeholder", format!("all {}", format::grouped(total)))
        .attr("value", most.unwrap_or_default());
    let limit = format!(
        "You may export {} more today (UTC). Ids alone are not limited.",
        format::counted(left, "tweet", "tweets")
    );
    let first_page = Here { url: here.url.first_page(), ..here.clone() };
    let form = post_form(&first_page, format!("{}/export", here.url.path()))
        .class("menu-form")
        .add(el("label").class("whole").add("Format").add(el("select").attr("name", "format").each(formats)))
        .add(el("label").add("Columns").add(columns))
        .add(el("label").add("First rows").add(first))
        .add(el("p").class("note").add(limit))
        .add(el("button").class("primary").attr("type", "submit").add("Download"));
    let what = "Exactly these tweets, in this order. Authors are pseudonyms. Exports are recorded.";
    el("div")
        .attr("id", "export")
        .key("export")
        .class("menu end export")
        .attr("popover", "auto")
        .add(el("p").class("menu-head").add(el("strong").add("Export")).add(el("span").class("quiet").add(what)))
        .add(form)
}
