use super::{Here, histogram, sort_note, split, time::time_ago};
use crate::browser::newer::Since;
use crate::format;
use crate::markup::{Element, el, sheet_link};
use model::explore::ExplorePage;
use model::{Timestamp, columns, time};

/// How much was found, how far it can be trusted, and how many tweets have come since.
pub fn headline(here: &Here, page: &ExplorePage, since: Since) -> Element {
    let total = el("span").class("total").add(format::counted(page.total, "tweet", "tweets"));
    let authors = format!("by {}", format::counted(page.authors, "author", "authors"));
    let authors = (page.authors > 0).then(|| el("span").class("authors").add(authors));
    let found = el("div").attr("role", "status").add(el("h2").add(total).add(" ").add(authors));
    el("div")
        .class("headline")
        .add(found)
        .add((since.newer > 0).then(|| newer_button(here, since.newer)))
        .add(sort_note::sort_note(here))
        .add(trust(here, page, since))
}

/// Fewer changes than this are those of the moment: they are found a second later.
const LITTLE: u64 = 1000;

/// Tells that the numbers are older than the data.
fn behind(changes: u64) -> Element {
    let title = "Stored, but not yet in the index: these tweets are missing from all numbers here.";
    let text = format!("index {} behind", format::counted(changes, "change", "changes"));
    el("span").key("behind").class("warn").attr("title", title).add(text)
}

fn trust(here: &Here, page: &ExplorePage, since: Since) -> Element {
    let exact = format!("Counted over all tweets of the collection, {}", format::stamp(page.answered_at));
    let now = Timestamp(here.now.0 + since.minutes * time::MINUTE);
    let newest = page.newest.map(|newest| el("span").key("newest").add("newest ").add(time_ago(newest, now)));
    let has_bars = !page.histogram.buckets.is_empty();
    let width = has_bars.then(|| el("span").key("width").add(histogram::bar_width(&page.histogram)));
    el("p")
        .class("trust")
        .add(el("span").key("exact").class("good").attr("title", exact).add("exact"))
        .add((page.behind > LITTLE).then(|| behind(page.behind)))
        .add(newest)
        .add(width)
        .add(has_bars.then(|| split::split_button(here)))
        .add(has_bars.then(|| sheet_link(here.url.first_page().sheet("plots", "")).key("plots").add("Plots")))
        .add(has_bars.then(|| explain_link(here)).flatten())
        .add(histogram::zoom_out(here))
}

/// What is different in the time that is chosen.
fn explain_link(here: &Here) -> Option<Element> {
    let is_chosen = columns::find("created").is_some_and(|column| here.filter.selects(column));
    let link = || sheet_link(here.url.sheet("explain", "")).key("explain").add("Explain");
    is_chosen.then(link)
}

/// Rows never move by themselves: this shows the new ones, on the page where they are. The workbench hears its click.
fn newer_button(here: &Here, newer: u64) -> Element {
    let act = if here.shows_newest() { "show" } else { "show the newest" };
    el("button")
        .key("newer")
        .class("newer")
        .attr("type", "button")
        .attr("data-key", ".")
        .attr("title", "Show the tweets that have come since (.)")
        .add(format!("{} new", format::grouped(newer)))
        .add(el("span").class("act").add(act))
}
