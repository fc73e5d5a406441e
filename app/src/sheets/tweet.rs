use super::annotations::{Marks, marks};
use super::plots::growth;
use super::sheet;
use crate::components::Here;
use crate::components::detail::detail;
use crate::components::time::time;
use crate::markup::{Element, el, link};
use model::explore::TweetDetail;
use model::growth::Observation;
use model::texts::{sheets, tweet as say};

/// One tweet by itself: as it is read, all its fields, what people put on it, how its counters grew, how it came here, and as JSON.
pub fn tweet(here: &Here, found: &TweetDetail, put: &Marks, history: &[Observation], json: String) -> Element {
    let row = &found.row;
    let area = el("textarea")
        .attr("id", "as-json")
        .attr("readonly", "")
        .attr("rows", "8")
        .attr("aria-label", "JSON")
        .add(json);
    let copy = el("button").class("script").attr("type", "button").attr("data-copy", "#as-json").add(sheets::copy());
    let mut content = vec![el("div").class("whole-tweet").each(detail(here, row, &found.referenced))];
    content.extend(marks(here, row.tweet.id, put));
    content.extend(growth(here, row.tweet.id, history));
    content.extend([
        el("section").add(el("h2").add(say::how())).add(way(here, found)),
        el("section").class("copies").add(el("header").add(el("h2").add("JSON")).add(copy)).add(area),
        link(here.url.with_tweet(Some(row.tweet.id)).href()).class("button").add(say::among()),
    ]);
    sheet("one-tweet", say::title(), content)
}

/// Which schedules found it, when it was first and last seen.
fn way(here: &Here, found: &TweetDetail) -> Element {
    let row = &found.row;
    let queries = match row.queries.as_slice() {
        [] => say::imported().to_owned(),
        names => say::found(names.len() as u64, &names.join(", ")),
    };
    let line = |name: &'static str, value: Element| el("div").add(el("dt").add(name)).add(el("dd").add(value));
    let why = match here.filter.conjuncts().len() {
        0 => None,
        _ => Some(say::fits(&model::filter::describe(&here.filter))),
    };
    let said = |text: String| el("bdi").add(text);
    el("dl")
        .class("fields")
        .add(line(say::why(), said(queries)))
        .add(why.map(|why| line(say::filter(), said(why))))
        .add(line(say::first_seen(), el("span").add(time(row.first_seen, here.now))))
        .add(line(say::as_of(), el("span").add(time(row.tweet.version, here.now))))
        .add(line(say::collections(), said(row.collections.join(", "))))
}
