use super::{Here, cell};
use crate::erase::Erase;
use leptos::prelude::*;
use model::columns::{COLUMNS, Format};
use model::filter::Filter;
use model::{Column, Row};

/// Every value that a tweet has, each with a way to filter for it and to exclude it.
pub fn fields(here: &Here, row: &Row) -> AnyView {
    let fields =
        COLUMNS.iter().filter(|column| column.format != Format::Text).filter_map(|column| field(here, column, row));
    view! { <dl class="fields">{fields.collect_view()}</dl> }.erased()
}

fn field(here: &Here, column: &'static Column, row: &Row) -> Option<AnyView> {
    let mut conditions: Vec<Filter> = Vec::new();
    let mut count = 0;
    (column.values)(row, &mut |value| {
        count += 1;
        conditions.extend(cell::condition(column, value));
    });
    if count == 0 {
        return None;
    }
    // Of several values, any is meant.
    let condition = (!conditions.is_empty()).then(|| Filter::or(conditions));
    let actions = condition.map(|condition| {
        let only = here.filtered(&here.filter.clone().with(condition.clone()));
        let without = here.filtered(&here.filter.clone().with(condition.negate()));
        let (for_label, out_label) =
            (format!("Filter for this {}", column.title), format!("Exclude this {}", column.title));
        view! {
            <a href=only aria-label=for_label.clone() title=for_label data-noscroll="">"+"</a>
            <a href=without aria-label=out_label.clone() title=out_label data-noscroll="">"−"</a>
        }
    });
    Some(
        view! {
            <div>
                <dt title=column.help>{column.title}</dt>
                <dd>{cell::values(here, column, row, true)}</dd>
                <dd class="actions">{actions}</dd>
            </div>
        }
        .erased(),
    )
}
