use super::{Here, time::time_ago};
use crate::format;
use crate::markup::{Element, el};
use model::explore::ExplorePage;

/// How much was found, how far it can be trusted, and how many tweets have come since.
pub fn headline(here: &Here, page: &ExplorePage, newer: u64) -> Element {
    let total = el("span").class("total").add(format::counted(page.total, "tweet", "tweets"));
    let authors = format!("by {}", format::counted(page.authors, "author", "authors"));
    let authors = (page.authors > 0).then(|| el("span").class("authors").add(authors));
    let exact = format!("Counted over all tweets of the collection, {}", format::stamp(page.answered_at));
    let newest = page.newest.map(|newest| el("span").add("newest ").add(time_ago(newest, here.now)));
    el("div")
        .class("headline")
        .add(el("div").attr("role", "status").add(el("h2").add(total).add(" ").add(authors)))
        .add((newer > 0).then(|| newer_button(newer)))
        .add(el("p").class("trust").add(el("span").class("good").attr("title", exact).add("exact")).add(newest))
}

/// Rows never move by themselves: this shows the new ones. The workbench hears its click.
fn newer_button(newer: u64) -> Element {
    el("button")
        .class("newer")
        .attr("type", "button")
        .attr("data-key", ".")
        .attr("title", "Show the tweets that have come since (.)")
        .add(format!("{} new", format::grouped(newer)))
        .add(el("span").class("act").add("show"))
}
