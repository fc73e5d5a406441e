use super::{Here, cell::cell, column_menu};
use crate::erase::Erase;
use leptos::prelude::*;
use model::columns::{Format, Kind};
use model::{Column, Row};

/// The rows, with the columns of the URL.
pub fn table(here: &Here, rows: &[Row]) -> AnyView {
    let columns = here.url.shown_columns();
    let heads = columns.iter().map(|column| head(here, column)).collect_view();
    let body = rows.iter().map(|row| body_row(here, &columns, row)).collect_view();
    // The default columns give way when the page is narrow; those that the user has chosen never do.
    let class = if here.url.columns.is_empty() { "tweets giving-way" } else { "tweets" };
    view! {
        <div class="rows" tabindex="-1">
            <table class=class on:click=|event| crate::browser::open_clicked_row(&event)>
                <caption class="visually-hidden">"Tweets"</caption>
                <thead>
                    <tr>{heads}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .erased()
}

/// The class of a column's cells: it sets width and alignment.
fn class_of(column: &Column) -> &'static str {
    match (column.format, column.kind) {
        (Format::Time, _) => "c-time",
        (Format::Author, _) => "c-author",
        (Format::Text, _) => "c-text",
        (Format::Language, _) => "c-lang",
        (Format::Count | Format::Percent, _) => "c-number",
        (Format::Flag, _) => "c-flag",
        (Format::Id, _) => "c-id",
        (Format::Link, _) => "c-link",
        (_, Kind::Text) => "c-text",
        _ => "c-words",
    }
}

fn head(here: &Here, column: &'static Column) -> AnyView {
    let sort = &here.url.sort;
    let sorted = (sort.column == column.name).then_some(sort.descending);
    let order = sorted.map(|descending| if descending { "descending" } else { "ascending" });
    let arrow = sorted.map(|descending| {
        view! { <span class="arrow" aria-hidden="true">{if descending { "↓" } else { "↑" }}</span> }
    });
    let name = if column.sortable {
        // A click sorts; numbers and times with the highest first, words from A.
        let first = column.ordered();
        let next = sorted.map_or(first, |descending| !descending);
        let title = format!("{} Click to sort.", column.help);
        let href = here.sorted(column.name, next);
        view! { <a href=href title=title data-noscroll="">{column.title}{arrow}</a> }.erased()
    } else {
        view! { <span title=column.help>{column.title}</span> }.erased()
    };
    let filtered = here.filter.selects(column);
    view! {
        <th scope="col" class=class_of(column) class:filtered=filtered aria-sort=order aria-label=column.title data-column=column.name>
            <span class="head">{name}{column_menu::button(column)}</span>
        </th>
    }
    .erased()
}

fn body_row(here: &Here, columns: &[&'static Column], row: &Row) -> AnyView {
    let is_open = here.url.tweet == Some(row.tweet.id);
    let first = columns.first().copied();
    let cells = columns
        .iter()
        .map(|column| {
            let opens = (Some(*column) == first).then(|| here.url.with_tweet(Some(row.tweet.id)).href());
            view! {
                <td class=class_of(column) data-label=column.title data-column=column.name>
                    {cell(here, column, row, opens)}
                </td>
            }
        })
        .collect_view();
    view! { <tr class:is-open=is_open aria-current=is_open.then_some("true")>{cells}</tr> }.erased()
}
