//! Pictures of a column: its values by range, the hours of the week, how much each author posts.

use super::Sheet;
use super::forms::condition;
use super::quantity_text;
use crate::format::{self, percent, share, tenths};
use crate::markup::{Element, el, link, svg};
use model::columns::Column;
use model::stats::{Quantity, Range, Scale};
use model::texts::{column as say, common};
use model::{Filter, zone};
use service::column::ColumnCard;

/// Heights are of 100.
const HEIGHT: f64 = 100.0;

/// Bars of how many tweets have a value in each range; each is a link that asks for its range.
pub fn ranges(of: &Sheet<'_>) -> Vec<Element> {
    let Some(spread) = of.card.stats.spread.as_ref().filter(|spread| !spread.ranges.is_empty()) else {
        return Vec::new();
    };
    let largest = spread.ranges.iter().map(|range| range.count).max().unwrap_or(1).max(1);
    let chart = el("div")
        .class("ranges")
        .attr("role", "group")
        .attr("aria-label", say::by(of.column.title()))
        .each(spread.ranges.iter().map(|range| bar(of, range, largest)));
    let ends = el("div")
        .class("ends")
        .attr("aria-hidden", "true")
        .add(el("span").add(quantity_text(spread.ranges[0].from)))
        .add(middle(&spread.ranges))
        .add(el("span").add(spread.ranges.last().map(|range| quantity_text(range.to)).unwrap_or_default()));
    let scale = match spread.scale {
        Scale::Even => say::even(),
        Scale::Growing => say::growing(),
    };
    vec![el("figure").class("range-plot").add(chart).add(ends).add(el("figcaption").class("note").add(scale))]
}

/// Where a bar near the middle begins, at its edge.
fn middle(ranges: &[Range]) -> Element {
    let place = ranges.len() / 2;
    let percent = tenths(share(place as u64, ranges.len() as u64) * 100.0);
    let label = svg("text").attr("x", format!("{percent}%")).attr("y", "12").add(quantity_text(ranges[place].from));
    svg("svg").add(label)
}

/// A link with a picture in it: links within a picture are not the router's.
fn bar(of: &Sheet<'_>, range: &Range, largest: u64) -> Element {
    if range.count == 0 {
        return el("span");
    }
    // What is there must be seen.
    let height = (share(range.count, largest) * HEIGHT).max(1.5);
    let words = format!("{}: {}", range_words(range), common::tweets(range.count));
    let condition = range_condition(of.column, range);
    let is_chosen = of.here.filter == of.here.filter.without_column(of.column).with(condition.clone());
    let drawn = svg("rect").attr("y", tenths(HEIGHT - height)).attr("width", "1").attr("height", tenths(height));
    let picture = svg("svg")
        .attr("viewBox", "0 0 1 100")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .add(drawn);
    link(of.replaced(condition))
        .class(if is_chosen { "chosen" } else { "range" })
        .attr("aria-label", words.clone())
        .attr("title", words)
        .add(picture)
}

/// `20 to 49`, `0.1 to below 0.2`.
pub fn range_words(range: &Range) -> String {
    match (range.from, range.to) {
        (Quantity::Number(from), Quantity::Number(to)) if to - from == 1 => format::signed(from),
        (Quantity::Number(from), Quantity::Number(to)) => say::range(&format::signed(from), &format::signed(to - 1)),
        (from, to) => say::range_below(&quantity_text(from), &quantity_text(to)),
    }
}

pub fn range_condition(column: &'static Column, range: &Range) -> Filter {
    let name = column.printed_name();
    match (range.from, range.to) {
        (Quantity::Number(from), Quantity::Number(to)) if to - from == 1 => condition(&format!("{name}:{from}")),
        (Quantity::Number(from), Quantity::Number(to)) => condition(&format!("{name}>={from} {name}<={}", to - 1)),
        (Quantity::Decimal(from), Quantity::Decimal(to)) => condition(&format!("{name}>={from} {name}<{to}")),
        (Quantity::Date(from), Quantity::Date(to)) => Filter::All.with_span(column, from, to),
        _ => Filter::All,
    }
}

/// The days of the week, from Monday on.
pub fn weekdays() -> Vec<&'static str> {
    say::weekdays().split(' ').collect()
}

/// Tweets by weekday and hour, as a table whose cells are the stronger in colour the more there are.
pub fn week(of: &Sheet<'_>) -> Option<Element> {
    let week = of.card.week.as_ref()?;
    let largest = week.hours.iter().flatten().copied().max().unwrap_or(0);
    let asked = |day: Option<usize>, hour: Option<i64>| {
        let (day, hour) = week.in_utc(day, hour)?;
        Some(of.filtered(&of.here.filter.with_hour_of_week(day, hour)))
    };
    // The heads are for keyboards too: there are too many cells to go through.
    let head = (0..24).map(|hour| {
        let text = if hour % 6 == 0 { format!("{hour:02}") } else { String::new() };
        let name = format!("{hour:02}:00");
        el("th").attr("scope", "col").attr("aria-label", name.clone()).add(linked(asked(None, Some(hour)), name, text))
    });
    let rows = weekdays().into_iter().zip(&week.hours).enumerate().map(|(number, (day, hours))| {
        let cells = (0..).zip(hours).map(|(hour, count)| {
            let title = format!("{day} {hour:02}:00: {}", common::tweets(*count));
            let href = asked(Some(number), Some(hour)).filter(|_| *count > 0);
            let is_link = href.is_some();
            let number = linked(href, title.clone(), format::grouped(*count));
            let number = number.attr_if("tabindex", is_link.then_some("-1"));
            el("td").class(shade(*count, largest)).attr("title", title).add(number)
        });
        let short: String = day.chars().take(3).collect();
        let head = linked(asked(Some(number), None), day.to_owned(), short);
        el("tr").add(el("th").attr("scope", "row").attr("aria-label", day).add(head)).each(cells)
    });
    let table = el("table")
        .class("week")
        .add(el("caption").class("visually-hidden").add(say::week()))
        .add(el("thead").add(el("tr").add(el("td")).each(head)))
        .add(el("tbody").each(rows));
    Some(
        el("section")
            .add(el("h2").add(say::week_title()))
            .add(
                el("div")
                    .class("scroll")
                    .attr("tabindex", "0")
                    .attr("role", "group")
                    .attr("aria-label", say::week_title())
                    .add(table),
            )
            .add(el("p").class("note").add(say::week_note(&zone::current().name, &format::grouped(largest)))),
    )
}

/// A link of that name, or what would be its text.
fn linked(href: Option<String>, name: String, text: String) -> Element {
    match href {
        Some(href) => link(href).attr("aria-label", name).add(el("span").add(text)),
        None => el("span").add(text),
    }
}

/// One of six shades; any tweet at all is told from none.
pub fn shade(count: u64, largest: u64) -> &'static str {
    const SHADES: [&str; 6] = ["shade-0", "shade-1", "shade-2", "shade-3", "shade-4", "shade-5"];
    if count == 0 {
        return SHADES[0];
    }
    SHADES[((share(count, largest) * 5.0).ceil() as usize).clamp(1, 5)]
}

/// How many tweets the authors posted each.
pub fn activity(card: &ColumnCard) -> Option<Element> {
    let activity = card.activity.as_ref().filter(|activity| !activity.groups.is_empty())?;
    let authors: u64 = activity.groups.iter().map(|group| group.authors).sum();
    let tweets: u64 = activity.groups.iter().map(|group| group.tweets).sum();
    let head = |text: &'static str| el("th").attr("scope", "col").class("number").add(text);
    let heads = el("tr")
        .add(el("th").attr("scope", "col").add(say::each()))
        .add(head(say::authors()))
        .add(head(say::of_authors()))
        .add(head(say::of_tweets()));
    let rows = activity.groups.iter().map(|group| {
        let name = if group.from == group.to {
            format::grouped(group.from)
        } else {
            say::range(&format::grouped(group.from), &format::grouped(group.to))
        };
        let number = |text: String| el("td").class("number").add(text);
        el("tr")
            .add(el("th").attr("scope", "row").add(name))
            .add(number(format::grouped(group.authors)))
            .add(number(percent(share(group.authors, authors))))
            .add(number(percent(share(group.tweets, tweets))))
    });
    let table = el("table")
        .class("activity")
        .add(el("caption").class("visually-hidden").add(say::activity()))
        .add(el("thead").add(heads))
        .add(el("tbody").each(rows));
    let unknown = (activity.unknown > 0).then(|| el("p").class("note").add(say::unknown(activity.unknown)));
    Some(el("section").add(el("h2").add(say::active())).add(table).add(unknown))
}
