use super::{Here, cell};
use crate::markup::{Element, el, link};
use model::columns::{COLUMNS, Format};
use model::filter::Filter;
use model::{Column, Row};

/// Every value that a tweet has, each with a way to filter for it and to exclude it.
pub fn fields(here: &Here, row: &Row) -> Element {
    let columns = COLUMNS.iter().filter(|column| column.format != Format::Text);
    el("dl").class("fields").each(columns.filter_map(|column| field(here, column, row)))
}

fn field(here: &Here, column: &'static Column, row: &Row) -> Option<Element> {
    let mut conditions: Vec<Filter> = Vec::new();
    let mut count = 0;
    (column.values)(row, &mut |value| {
        count += 1;
        conditions.extend(cell::condition(column, value));
    });
    if count == 0 {
        return None;
    }
    let mut actions = el("dd").class("actions");
    if !conditions.is_empty() {
        // Of several values, any is meant.
        let condition = Filter::or(conditions);
        let act = |condition: Filter, label: String, sign: &'static str| {
            let href = here.filtered(&here.filter.clone().with(condition));
            link(href).attr("aria-label", label.clone()).attr("title", label).add(sign)
        };
        actions = actions.add(act(condition.clone(), format!("Filter for this {}", column.title), "+")).add(act(
            condition.negate(),
            format!("Exclude this {}", column.title),
            "−",
        ));
    }
    let name = el("dt").attr("title", column.help).add(column.title);
    Some(el("div").add(name).add(el("dd").add(cell::values(here, column, row, true))).add(actions))
}
