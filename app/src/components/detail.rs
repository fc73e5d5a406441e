use super::{Here, fields::fields, held::Held, icons, pager::step, tweet_card};
use crate::format;
use crate::markup::{Element, el, sheet_link};
use model::texts::{common, detail as say};
use model::tweet::ReferenceKind;
use model::{Row, TweetId};

/// Where a tweet stands among the rows.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// `3 of 12,480`; nothing for a tweet that is not among them.
    pub position: Option<String>,
    previous: Option<TweetId>,
    next: Option<TweetId>,
}

impl Place {
    /// Finds the tweet among the rows that are held, of `total`.
    pub fn among(held: &Held, total: u64, id: TweetId) -> Self {
        let Some(index) = held.rows().position(|row| row.tweet.id == id) else { return Self::default() };
        let id_at = |index: usize| held.rows().nth(index).map(|row| row.tweet.id);
        let number = held.before + index as u64 + 1;
        Self {
            position: Some(common::position(&format::grouped(number), &format::grouped(total))),
            previous: index.checked_sub(1).and_then(id_at),
            next: id_at(index + 1),
        }
    }
}

/// The head of the panel: where the tweet stands, the neighbours, the way out.
pub fn panel_head(here: &Here, place: &Place) -> Element {
    let open = |to: Option<TweetId>| here.url.with_tweet(to).href();
    let neighbour = |to: Option<TweetId>| to.map(|id| open(Some(id)));
    el("header")
        .class("panel-head")
        .add(el("h2").add(say::tweet()))
        .add(el("span").class("quiet").add(place.position.clone()))
        .add(el("span").class("spacer"))
        .add(here.url.tweet.map(|id| whole(here, id)))
        .add(step(neighbour(place.previous), say::previous(), "k", icons::chevron_left()))
        .add(step(neighbour(place.next), say::next(), "j", icons::chevron_right()))
        .add(step(Some(open(None)), say::close(), "Escape", icons::close()))
}

/// The way to the tweet by itself: how it came here, its JSON, a link to share.
fn whole(here: &Here, id: TweetId) -> Element {
    let query = here.url.with_tweet(None).query_string();
    sheet_link(format!("{}/tweet/{id}?{query}", here.url.path()))
        .class("step")
        .attr("aria-label", say::more())
        .attr("title", say::more_hint())
        .add(icons::more())
}

/// The tweet, what it refers to, and all its fields.
pub fn detail(here: &Here, row: &Row, referenced: &[Row]) -> Vec<Element> {
    let mut parts = vec![tweet_card::tweet_card(here, row)];
    parts.extend(referenced.iter().map(|other| tweet_card::small_card(here, other, relation(row, other))));
    parts.push(el("h3").class("fields-title").add(say::fields()));
    parts.push(fields(here, row));
    parts
}

fn relation(row: &Row, other: &Row) -> &'static str {
    match row.tweet.references.iter().find(|reference| reference.id == other.tweet.id).map(|reference| reference.kind) {
        Some(ReferenceKind::RepliedTo) => say::answers(),
        Some(ReferenceKind::Quoted) => say::quotes(),
        Some(ReferenceKind::Retweeted) => say::repeats(),
        None => say::same_conversation(),
    }
}
