use super::{Here, avatar::avatar, time::time, tweet_text};
use crate::erase::Erase;
use crate::format;
use crate::text::is_web;
use leptos::prelude::*;
use model::columns::Format;
use model::filter::{Filter, Predicate, Scalar, Test};
use model::{Column, Pid, Row, Timestamp, Value};

/// What a row has in a column. `opens` makes it the link to the tweet's details.
pub fn cell(here: &Here, column: &'static Column, row: &Row, opens: Option<String>) -> AnyView {
    let shown = match column.format {
        Format::Text => tweet_text::tweet_text(here, &row.tweet),
        _ => values(here, column, row, opens.is_some()),
    };
    match opens {
        // The text has links of its own, which cannot stand within a link.
        Some(href) if column.format == Format::Text => view! {
            {shown}
            <a class="row-link mark" href=href data-noscroll="" aria-label="Open the tweet">"›"</a>
        }
        .erased(),
        Some(href) => {
            view! { <a class="row-link" href=href data-noscroll="">{shown}<span class="visually-hidden">", open the tweet"</span></a> }.erased()
        }
        None => shown,
    }
}

/// The values of a column, each a link that filters by it where that makes sense.
pub fn values(here: &Here, column: &'static Column, row: &Row, bare: bool) -> AnyView {
    let mut views = Vec::new();
    (column.values)(row, &mut |value| views.push(one(here, column, value, bare)));
    match views.len() {
        0 => view! { <span class="missing" title="No value">"–"</span> }.erased(),
        1 => views.erased(),
        _ => view! { <span class="list">{views}</span> }.erased(),
    }
}

fn one(here: &Here, column: &'static Column, value: Value<'_>, bare: bool) -> AnyView {
    let shown = bare_value(here, column, value);
    match condition(column, value).filter(|_| !bare && column.facet) {
        Some(condition) => {
            let href = here.filtered(&here.filter.clone().with(condition));
            let title = format!("Only this {}", column.title.to_lowercase());
            view! { <a class="value-link" href=href title=title data-noscroll="">{shown}</a> }.erased()
        }
        None => shown,
    }
}

fn bare_value(here: &Here, column: &'static Column, value: Value<'_>) -> AnyView {
    match (column.format, value) {
        (Format::Time, Value::Date(at)) => time(at, here.now),
        (_, Value::Date(at)) => time(at, here.now),
        (Format::Author, Value::Text(pid)) => author(pid),
        (Format::Count, Value::Number(number)) => format::signed(number).erased(),
        (_, Value::Number(number)) => number.to_string().erased(),
        (Format::Percent, Value::Decimal(share)) => format::percent(share).erased(),
        (_, Value::Decimal(number)) => number.to_string().erased(),
        (_, Value::Id(id)) => view! { <code>{id.to_string()}</code> }.erased(),
        (_, Value::Flag(flag)) => if flag { "yes" } else { "no" }.erased(),
        (Format::Link, Value::Text(href)) if is_web(href) => tweet_text::outside_link(href, short_link(href)),
        (Format::Sign(sign), Value::Text(text)) => tweet_text::foreign(&format!("{sign}{text}")),
        (_, Value::Text(text)) => tweet_text::foreign(text),
    }
}

fn author(text: &str) -> AnyView {
    match text.parse::<Pid>() {
        Ok(pid) => view! { <span class="who">{avatar(pid, false)}<span>{pid.short()}</span></span> }.erased(),
        Err(_) => text.to_owned().erased(),
    }
}

/// A link without what all links have.
fn short_link(href: &str) -> &str {
    let rest = href.split_once("://").map_or(href, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/')
}

/// The condition that a column has this value.
pub fn condition(column: &'static Column, value: Value<'_>) -> Option<Filter> {
    let predicate = match value {
        Value::Text(text) if column.kind == model::columns::Kind::Text => Predicate::Matches(text.to_owned()),
        Value::Text(text) => Predicate::Equals(Scalar::Word(text.to_owned())),
        Value::Number(number) => Predicate::Equals(Scalar::Number(number)),
        Value::Id(id) => Predicate::Equals(Scalar::Id(id)),
        Value::Flag(flag) => Predicate::Equals(Scalar::Flag(flag)),
        Value::Date(at) => Predicate::Equals(Scalar::Date(day_of(at)?)),
        Value::Decimal(_) => return None,
    };
    Some(Test { column, predicate }.into())
}

/// The whole day of a moment.
fn day_of(at: Timestamp) -> Option<model::filter::DateValue> {
    model::filter::DateValue::parse(&at.format("%Y-%m-%d"))
}
