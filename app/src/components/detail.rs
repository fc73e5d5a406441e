use super::{Here, fields::fields, icons, tweet_card};
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::explore::ExplorePage;
use model::tweet::ReferenceKind;
use model::{Row, TweetId};

/// Where a tweet stands among the rows of the page.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// `3 of 12,480`; nothing for a tweet that is not on the page.
    pub position: Option<String>,
    previous: Option<TweetId>,
    next: Option<TweetId>,
}

impl Place {
    /// Finds the tweet on the page.
    pub fn on(page: &ExplorePage, id: TweetId) -> Self {
        let Some(index) = page.rows.iter().position(|row| row.tweet.id == id) else { return Self::default() };
        let id_at = |index: usize| page.rows.get(index).map(|row| row.tweet.id);
        Self {
            position: page
                .first_position
                .map(|first| format!("{} of {}", format::grouped(first + index as u64), format::grouped(page.total))),
            previous: index.checked_sub(1).and_then(id_at),
            next: id_at(index + 1),
        }
    }
}

/// The head of the panel: where the tweet stands, the neighbours, the way out.
pub fn panel_head(here: &Here, place: &Place) -> AnyView {
    let step = |to: Option<TweetId>, label: &'static str, key: &'static str, icon: AnyView| match to {
        Some(id) => {
            let href = here.url.with_tweet(Some(id)).href();
            let title = format!("{label} ({key})");
            view! { <a class="step" href=href aria-label=label title=title data-key=key data-noscroll="">{icon}</a> }
                .erased()
        }
        None => view! { <span class="step" aria-hidden="true">{icon}</span> }.erased(),
    };
    let close = here.url.with_tweet(None).href();
    view! {
        <header class="panel-head">
            <h2>"Tweet"</h2>
            <span class="quiet">{place.position.clone()}</span>
            <span class="spacer"></span>
            {step(place.previous, "Previous tweet", "k", icons::chevron_left())}
            {step(place.next, "Next tweet", "j", icons::chevron_right())}
            <a class="step" href=close aria-label="Close the details" title="Close (Esc)" data-key="Escape" data-noscroll="">
                {icons::close()}
            </a>
        </header>
    }
    .erased()
}

/// The tweet, what it refers to, and all its fields.
pub fn detail(here: &Here, row: &Row, referenced: &[Row]) -> AnyView {
    let referenced =
        referenced.iter().map(|other| tweet_card::small_card(here, other, relation(row, other))).collect_view();
    view! {
        {tweet_card::tweet_card(here, row)}
        {referenced}
        <h3 class="fields-title">"Fields"</h3>
        {fields(here, row)}
    }
    .erased()
}

fn relation(row: &Row, other: &Row) -> &'static str {
    match row.tweet.references.iter().find(|reference| reference.id == other.tweet.id).map(|reference| reference.kind) {
        Some(ReferenceKind::RepliedTo) => "Answers",
        Some(ReferenceKind::Quoted) => "Quotes",
        Some(ReferenceKind::Retweeted) => "Repeats",
        None => "Belongs to the same conversation",
    }
}
