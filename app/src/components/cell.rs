use super::{Here, avatar::avatar, time::time, tweet_text};
use crate::format;
use crate::markup::{Element, Node, el, link};
use crate::text::{self, is_web};
use model::columns::{Format, weekday_name};
use model::filter::{DateValue, Filter, Predicate, Scalar, Test};
use model::texts::{cell as say, common};
use model::{Column, Pid, Row, Value, zone};

/// What a row has in a column. `opens` makes it the link to the tweet's details.
pub fn cell(here: &Here, column: &'static Column, row: &Row, opens: Option<String>) -> Vec<Node> {
    // The text and links have links of their own, which cannot stand within a link.
    let has_links = matches!(column.format, Format::Text | Format::Link);
    let shown = match column.format {
        Format::Text => tweet_text::tweet_text(here, &row.tweet).into(),
        _ => values(here, column, row, opens.is_some()),
    };
    match opens {
        Some(href) if has_links => {
            let open = link(href).class("row-link mark").attr("aria-label", say::open()).add("›");
            vec![shown, open.into()]
        }
        Some(href) => {
            let hint = el("span").class("visually-hidden").add(say::open_hint());
            vec![link(href).class("row-link").add(shown).add(hint).into()]
        }
        None => vec![shown],
    }
}

/// The values of a column, each a link that filters by it where that makes sense.
pub fn values(here: &Here, column: &'static Column, row: &Row, bare: bool) -> Node {
    let mut nodes = Vec::new();
    (column.values)(row, &mut |value| nodes.push(one(here, column, value, bare)));
    match (nodes.len(), nodes.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            nodes.push(last);
            let items = nodes.into_iter().map(|node| el("span").add(node));
            el("span").class("list").each(items).into()
        }
        (_, None) => el("span").class("missing").attr("title", say::no_value()).add("–").into(),
    }
}

fn one(here: &Here, column: &'static Column, value: Value<'_>, bare: bool) -> Node {
    let shown = bare_value(here, column, value);
    match condition(column, value).filter(|_| !bare && column.facet) {
        Some(condition) => el("span").class("cell-value").add(actions(here, column, value, condition, shown)).into(),
        None => shown,
    }
}

/// The value as a link that filters for it, and beside it the one that filters it out: for the pointer, and for the
/// keys + and − while the value has the focus, so that Tab stops once.
fn actions(here: &Here, column: &'static Column, value: Value<'_>, condition: Filter, shown: Node) -> [Element; 2] {
    let full = language_of(column, value);
    let (with, without) = narrowings(here, column, value, condition);
    let only = link(here.filtered(&with))
        .class("value-link")
        .attr(
            "title",
            full.map_or_else(|| say::only(column.noun()), |full| format!("{full}. {}", say::only(column.noun()))),
        )
        .add(shown);
    let out = link(here.filtered(&without))
        .class("value-out")
        .attr("tabindex", "-1")
        .attr("aria-hidden", "true")
        .attr("title", say::without(column.noun()))
        .add("−");
    [only, out]
}

/// The filter for the value alone, and the one without it.
pub fn narrowings(here: &Here, column: &'static Column, value: Value<'_>, condition: Filter) -> (Filter, Filter) {
    let text = match value {
        Value::Text(text) => here.in_filter(column, text),
        Value::Flag(true) => "yes",
        Value::Flag(false) => "no",
        _ => return (here.filter.clone().with(condition.clone()), here.filter.clone().with(condition.negate())),
    };
    (here.filter.narrowed(column, text), here.filter.excluding(column, text))
}

/// What a code of a language stands for.
fn language_of(column: &Column, value: Value<'_>) -> Option<&'static str> {
    match value {
        Value::Text(code) if column.format == Format::Language => text::language_name(code),
        _ => None,
    }
}

/// A value, without links that filter by it.
pub fn bare_value(here: &Here, column: &'static Column, value: Value<'_>) -> Node {
    match (column.format, value) {
        (_, Value::Date(at)) => time(at, here.now).into(),
        (Format::Author, Value::Text(pid)) => author(pid),
        (Format::Count, Value::Number(number)) => format::signed(number).into(),
        (_, Value::Number(number)) => number.to_string().into(),
        (Format::Percent, Value::Decimal(share)) => format::percent(share).into(),
        (_, Value::Decimal(number)) => format::decimal(number).into(),
        (_, Value::Id(id)) => el("code").add(id.to_string()).into(),
        (_, Value::Flag(flag)) => if flag { common::yes() } else { common::no() }.into(),
        (Format::Link, Value::Text(href)) if is_web(href) => tweet_text::outside_link(href, short_link(href)).into(),
        (Format::Sign(sign), Value::Text(text)) => tweet_text::foreign(&format!("{sign}{text}")).into(),
        (Format::Weekday, Value::Text(day)) => weekday_name(day).unwrap_or_default().into(),
        (_, Value::Text(text)) => tweet_text::foreign(text).into(),
    }
}

fn author(text: &str) -> Node {
    match text.parse::<Pid>() {
        Ok(pid) => el("span").class("who").add(avatar(pid, false)).add(el("span").add(pid.short())).into(),
        Err(_) => text.to_owned().into(),
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
        Value::Date(at) => Predicate::Equals(Scalar::Date(DateValue::day_of(at, zone::current()))),
        Value::Decimal(_) => return None,
    };
    Some(Filter::from(Test { column, predicate }).placed(zone::current()))
}
