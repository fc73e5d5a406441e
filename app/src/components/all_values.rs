//! The dialog of all values of a column: to search in, to choose and to exclude.

use super::facet::{Scale, facet_title, value_row};
use super::{Here, keys};
use crate::browser;
use crate::browser::values::values;
use crate::format::grouped;
use crate::markup::{Element, el};
use leptos::prelude::*;
use model::Column;
use model::explore::{VALUES_LIMIT, ValuesPage, ValuesQuery};
use model::texts::{common, values as say};

/// Values that are listed at first, and that each "more" adds.
const STEP: usize = 50;

/// The button that opens it. The workbench hears its click.
pub fn button(column: &Column, count: u64) -> Element {
    el("button")
        .class("all-values")
        .attr("type", "button")
        .attr("data-values", column.name)
        .attr("aria-haspopup", "dialog")
        .add(say::all(count))
}

/// The column of the button that was clicked.
pub fn asked_for(event: &leptos::ev::MouseEvent) -> Option<&'static Column> {
    let button = browser::closest(event, "[data-values]")?;
    model::columns::find(&button.get_attribute("data-values")?)
}

/// `column` says of which column, and is emptied when the dialog is closed.
#[component]
pub fn AllValues(column: RwSignal<Option<&'static Column>>, here: Memo<Here>) -> impl IntoView {
    let (containing, by_name, limit) = (RwSignal::new(String::new()), RwSignal::new(false), RwSignal::new(STEP));
    let query = Memo::new(move |_| {
        let column = column.get()?;
        here.with(|here| {
            Some(ValuesQuery {
                collection: here.url.collection.clone(),
                filter: here.filter.to_string(),
                column: column.name.to_owned(),
                containing: containing.get(),
                by_name: by_name.get(),
                limit: limit.get(),
            })
        })
    });
    let values = values(query);
    Effect::new(move |_| {
        if column.get().is_some() {
            containing.set(String::new());
            limit.set(STEP);
            browser::show_sheet("#values");
        }
    });
    let title = move || column.get().map(|column| say::title(facet_title(column)));
    let listed = move || match (column.get(), &*values.read()) {
        (Some(column), Some(page)) => here.with(|here| list(here, column, page)),
        _ => Vec::new(),
    };
    view! {
        <dialog
            id="values"
            class="sheet values"
            popover="auto"
            aria-labelledby="values-title"
            on:toggle=move |_| if !browser::is_open("#values") { column.set(None) }
            on:click=move |event| if browser::closest(&event, "[data-more]").is_some() {
                limit.update(|limit| *limit += STEP);
            }
        >
            <h2 id="values-title">{title}</h2>
            {keys::cross("values")}
            <div class="values-tools">
                <input
                    type="text"
                    role="searchbox"
                    placeholder=say::search()
                    aria-label=say::search()
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    autofocus
                    prop:value=containing
                    on:input:target=move |event| { limit.set(STEP); containing.set(event.target().value()) }
                />
                <select aria-label=say::order() on:change:target=move |event| by_name.set(event.target().value() == "name")>
                    <option value="count">{say::by_count()}</option>
                    <option value="name">{say::by_name()}</option>
                </select>
            </div>
            {listed}
        </dialog>
    }
}

fn list(here: &Here, column: &'static Column, page: &ValuesPage) -> Vec<Element> {
    let largest = page.values.iter().map(|value| value.count).max().unwrap_or(1).max(1);
    let scale = Scale { total: page.total, largest };
    let rows = page.values.iter().map(|value| value_row(here, column, value, &scale));
    let shown = page.values.len() as u64;
    let text = match (page.found, shown) {
        (0, _) => say::nothing().to_owned(),
        (found, shown) if found == shown => common::values(found),
        (found, shown) => say::some(&grouped(shown), &common::values(found)),
    };
    let more = (page.found > shown && page.values.len() < VALUES_LIMIT)
        .then(|| el("button").attr("type", "button").attr("data-more", "").add(say::more()));
    let narrow = (page.found > shown && page.values.len() >= VALUES_LIMIT).then(|| format!(" {}", say::narrow()));
    let note = el("p").class("note").attr("role", "status").add(text).add(narrow);
    vec![el("ul").each(rows), el("footer").add(note).add(more)]
}
