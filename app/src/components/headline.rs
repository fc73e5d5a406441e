use super::{Here, histogram, sort_note, split, time::time_ago};
use crate::browser::newer::Since;
use crate::format;
use crate::markup::{Element, el, sheet_link};
use model::explore::ExplorePage;
use model::texts::{common, headline as say};
use model::{Timestamp, columns, time};

/// How much was found, how far it can be trusted, and how many tweets have come since.
pub fn headline(here: &Here, page: &ExplorePage, since: Since) -> Element {
    let total = el("span").class("total").add(common::tweets(page.total));
    let authors = (page.authors > 0).then(|| el("span").class("authors").add(say::by(page.authors)));
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
    el("span").key("behind").class("warn").attr("title", say::behind_hint()).add(say::behind(changes))
}

fn trust(here: &Here, page: &ExplorePage, since: Since) -> Element {
    let exact = say::exact_hint(&format::stamp(page.answered_at));
    let now = Timestamp(here.now.0 + since.minutes * time::MINUTE);
    let newest = page
        .newest
        .map(|newest| el("span").key("newest").add(format!("{} ", say::newest())).add(time_ago(newest, now)));
    let has_bars = !page.histogram.buckets.is_empty();
    let width = has_bars.then(|| el("span").key("width").add(histogram::bar_width(&page.histogram)));
    el("p")
        .class("trust")
        .add(el("span").key("exact").class("good").attr("title", exact).add(say::exact()))
        .add((page.behind > LITTLE).then(|| behind(page.behind)))
        .add(newest)
        .add(width)
        .add(has_bars.then(|| split::split_button(here)))
        .add(has_bars.then(|| sheet_link(here.url.first_page().sheet("bars", "")).key("bars").add(say::table())))
        .add(has_bars.then(|| sheet_link(here.url.first_page().sheet("plots", "")).key("plots").add(say::plots())))
        .add(has_bars.then(|| explain_link(here)).flatten())
        .add(histogram::zoom_out(here))
}

/// What is different in the time that is chosen.
fn explain_link(here: &Here) -> Option<Element> {
    let is_chosen = columns::find("created").is_some_and(|column| here.filter.selects(column));
    let link = || sheet_link(here.url.sheet("explain", "")).key("explain").add(say::explain());
    is_chosen.then(link)
}

/// Rows never move by themselves: this shows the new ones, on the page where they are. The workbench hears its click.
fn newer_button(here: &Here, newer: u64) -> Element {
    let act = if here.shows_newest() { say::show() } else { say::show_newest() };
    el("button")
        .key("newer")
        .class("newer")
        .attr("type", "button")
        .attr("data-key", ".")
        .attr("title", say::newer_hint())
        .add(say::newer(newer))
        .add(el("span").class("act").add(act))
}
