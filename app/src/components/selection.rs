use super::Here;
use crate::markup::{Element, el, link, sheet_link};
use model::TweetId;
use model::filter::{self, Filter};
use model::texts::selection as say;

/// The most tweets that are looked at beside each other.
pub const MOST: usize = 200;

/// In the place of the foot while rows are chosen: what can be done with them.
pub fn selection_bar(here: &Here, picked: &[TweetId]) -> Element {
    let ids = picked.iter().take(MOST).map(TweetId::to_string).collect::<Vec<_>>().join(",");
    let look = format!("{}/selection?ids={ids}", here.url.path());
    let what = if picked.len() > 1 { say::compare() } else { say::copy() };
    let only = only_these(picked).map(|filter| link(here.filtered(&filter)).class("button small").add(say::only()));
    let clear = el("button").class("quiet").attr("type", "button").attr("data-unpick", "").add(say::clear());
    el("footer")
        .class("foot selection-bar")
        .add(el("span").attr("role", "status").add(say::selected(picked.len() as u64)))
        .add(sheet_link(look).class("button small").add(what))
        .add(only)
        .add(clear)
}

/// The filter for these tweets and no others.
fn only_these(picked: &[TweetId]) -> Option<Filter> {
    let ids = picked.iter().take(MOST).map(TweetId::to_string).collect::<Vec<_>>().join(" OR ");
    filter::parse(&format!("id:({ids})")).ok()
}
