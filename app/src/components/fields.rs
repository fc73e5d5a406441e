use super::{Here, cell};
use crate::markup::{Element, el, link};
use model::columns::{COLUMNS, Format};
use model::filter::Filter;
use model::texts::cell as say;
use model::{Column, Row, Value};

/// Every value that a tweet has, each with a way to filter for it and to exclude it.
pub fn fields(here: &Here, row: &Row) -> Element {
    let columns = COLUMNS.iter().filter(|column| column.format != Format::Text);
    el("dl").class("fields").each(columns.filter_map(|column| field(here, column, row)))
}

fn field(here: &Here, column: &'static Column, row: &Row) -> Option<Element> {
    let mut values = Vec::new();
    (column.values)(row, &mut |value| {
        values.push(el("dd").add(cell::bare_value(here, column, value)));
        values.push(actions(here, column, value));
    });
    let name = el("dt").attr("title", column.help()).add(column.title());
    (!values.is_empty()).then(|| el("div").key(column.name).add(name).each(values))
}

/// The ways to filter for a value and to exclude it.
fn actions(here: &Here, column: &'static Column, value: Value<'_>) -> Element {
    let act = |filter: Filter, label: String, sign: &'static str| {
        link(here.filtered(&filter)).attr("aria-label", label.clone()).attr("title", label).add(sign)
    };
    let both = cell::condition(column, value).map(|condition| {
        let (with, without) = cell::narrowings(here, column, value, condition);
        [act(with, say::filter_for(column.title()), "+"), act(without, say::exclude(column.title()), "−")]
    });
    el("dd").class("actions").add(both)
}
