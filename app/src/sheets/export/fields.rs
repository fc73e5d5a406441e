//! The fields of the form of an export.

use super::{Choice, labelled};
use crate::components::query_box::hidden_fields;
use crate::markup::{Element, el};
use model::columns::COLUMNS;
use model::export::ExportFormat;
use model::texts::export as say;

/// All of them; the fields of the explore page's URL are hidden.
pub fn all(choice: &Choice, zones: &[String]) -> Vec<Element> {
    let mut fields = hidden_fields(&choice.url);
    if !choice.ids.is_empty() {
        fields.push(hidden("ids", choice.ids_text()));
    }
    fields.push(formats(choice));
    fields.push(rows(choice));
    fields.push(spreadsheets(choice, zones));
    fields
}

fn hidden(name: &'static str, value: String) -> Element {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// Each format with what it is for.
fn formats(choice: &Choice) -> Element {
    let one = |format: ExportFormat| {
        let name = format.name();
        let input = el("input")
            .attr("type", "radio")
            .attr("name", "format")
            .attr("value", name)
            .attr("aria-describedby", format!("about-{name}"))
            .flag("checked", format == choice.format);
        el("div")
            .class("format")
            .add(el("label").add(input).add(el("span").add(format.title())))
            .add(el("p").class("quiet").attr("id", format!("about-{name}")).add(format.purpose()))
    };
    el("fieldset").class("formats").add(el("legend").add(say::format())).each(ExportFormat::ALL.into_iter().map(one))
}

fn rows(choice: &Choice) -> Element {
    let first = el("input")
        .attr("type", "text")
        .attr("name", "first")
        .attr("inputmode", "numeric")
        .attr("autocomplete", "off")
        .attr("placeholder", say::all())
        .attr("value", choice.first.clone());
    let columns = [
        (String::new(), say::shown(&choice.url.shown_columns().len().to_string()), !choice.all_columns),
        ("all".to_owned(), say::all_columns(&COLUMNS.len().to_string()), choice.all_columns),
    ];
    let which = [
        ("chosen".to_owned(), say::chosen(choice.ids.len() as u64), choice.only_ids),
        ("all".to_owned(), say::all_matching().to_owned(), !choice.only_ids),
    ];
    let which = (!choice.ids.is_empty()).then(|| labelled(say::which(), select("which", which)));
    el("fieldset")
        .class("across")
        .add(el("legend").add(say::rows_columns()))
        .add(which)
        .add(labelled(say::rows(), first))
        .add(labelled(say::columns(), select("columns", columns)))
}

/// What only spreadsheets ask for.
fn spreadsheets(choice: &Choice, zones: &[String]) -> Element {
    let zone = el("input")
        .attr("type", "text")
        .attr("name", "zone")
        .attr("list", "zones")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("placeholder", "UTC")
        .attr("value", choice.zone.clone());
    let known =
        el("datalist").attr("id", "zones").each(zones.iter().map(|zone| el("option").attr("value", zone.clone())));
    let decimal = [
        (".".to_owned(), say::point().to_owned(), !choice.decimal_comma),
        (",".to_owned(), say::comma().to_owned(), choice.decimal_comma),
    ];
    el("fieldset")
        .class("across")
        .add(el("legend").add(say::spreadsheets()))
        .add(labelled(say::zone(), zone))
        .add(labelled(say::numbers(), select("decimal", decimal)))
        .add(known)
}

/// A choice among values with their titles.
fn select(name: &'static str, options: [(String, String, bool); 2]) -> Element {
    let option = |(value, title, is_chosen): (String, String, bool)| {
        el("option").attr("value", value).flag("selected", is_chosen).add(title)
    };
    el("select").attr("name", name).each(options.into_iter().map(option))
}
