//! The histogram divided by a column, and beside the time before: what is chosen, and what the colours mean.

use super::{Here, facet, icons};
use crate::format;
use crate::markup::{Element, el, link};
use model::columns::{self, COLUMNS, DEFAULT_FACETS};
use model::explore::{Bucket, Histogram, Part, Split};
use model::texts::histogram as say;
use model::{Column, filter};

/// `split by: language ▾`
pub fn split_button(here: &Here) -> Element {
    let chosen = here.url.split.map_or(say::none(), Column::noun);
    el("button")
        .key("split")
        .attr("type", "button")
        .attr("popovertarget", "split")
        .attr("title", say::split_hint())
        .add(say::split_by(chosen))
        .add(icons::caret())
}

/// The columns to divide by, those of the facets first, and the comparison with the time before.
pub fn split_menu(here: &Here) -> Element {
    let with = |split: Option<&'static Column>| here.url.with_split(split).href();
    let first = DEFAULT_FACETS.iter().filter_map(|name| columns::find(name));
    let others = COLUMNS.iter().filter(|column| column.facet && !DEFAULT_FACETS.contains(&column.name));
    let item = |title: &'static str, href: String, is_on: bool| {
        link(href).class("menu-item").attr_if("aria-current", is_on.then_some("true")).add(title)
    };
    let columns = first
        .chain(others)
        .map(|column| item(facet::facet_title(column), with(Some(column)), here.url.split == Some(column)));
    let compare = here.url.with_previous(!here.url.previous).href();
    el("div")
        .attr("id", "split")
        .key("split")
        .class("menu end")
        .attr("popover", "auto")
        .add(item(say::compare(), compare, here.url.previous))
        .add(el("p").class("menu-caption").add(say::split()))
        .add(item(say::undivided(), with(None), here.url.split.is_none()))
        .each(columns)
}

/// The values with their colours and counts, each a link that filters by it; and what the outline means.
pub fn legend(here: &Here, data: &Histogram) -> Option<Element> {
    let parts = data.split.as_ref().and_then(|split| Some(part_keys(here, data, split, columns::find(&split.column)?)));
    let before = here.url.previous.then(|| {
        let count = format::grouped(sum(&data.previous));
        key("previous").add(say::before()).add(el("span").class("count").add(count))
    });
    let keys: Vec<Element> = parts.into_iter().flatten().chain(before).collect();
    (!keys.is_empty()).then(|| el("ul").class("legend").each(keys))
}

fn part_keys(here: &Here, data: &Histogram, split: &Split, column: &'static Column) -> Vec<Element> {
    let mut rest = sum(&data.buckets);
    let mut keys = Vec::new();
    for (number, part) in split.parts.iter().enumerate() {
        let count = sum(&part.buckets);
        rest -= count.min(rest);
        keys.push(key(CLASSES[number % CLASSES.len()]).add(value_link(here, column, part)).add(counted(count)));
    }
    if rest > 0 {
        keys.push(key("part-rest").add(say::other()).add(counted(rest)));
    }
    keys
}

fn value_link(here: &Here, column: &'static Column, part: &Part) -> Element {
    let href = here.filtered(&here.filter.narrowed(column, here.in_filter(column, &part.value)));
    let title = filter::describe(&filter::facet_test(column, &part.value));
    link(href).attr("title", say::only_where(&title)).add(facet::value_name(column, &part.value))
}

fn key(class: &'static str) -> Element {
    el("li").key(class).add(el("span").class(format!("swatch {class}")).attr("aria-hidden", "true"))
}

fn counted(count: u64) -> Element {
    el("span").class("count").add(format::grouped(count))
}

fn sum(buckets: &[Bucket]) -> u64 {
    buckets.iter().map(|bucket| bucket.count).sum()
}

/// The classes of the parts, from the most frequent on.
pub const CLASSES: [&str; 5] = ["part-1", "part-2", "part-3", "part-4", "part-5"];
