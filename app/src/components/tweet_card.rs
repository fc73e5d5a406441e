use super::{Here, avatar::avatar, time::time, tweet_text};
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::tweet::{Media, Poll, ReferenceKind};
use model::{Row, Tweet};

/// A tweet as it is read.
pub fn tweet_card(here: &Here, row: &Row) -> AnyView {
    let tweet = &row.tweet;
    let author = match tweet.author {
        Some(pid) => {
            view! { {avatar(pid, true)} <span><b>"author "{pid.short()}</b><small>"identity sealed"</small></span> }
                .erased()
        }
        None => view! { <span><b>"author unknown"</b></span> }.erased(),
    };
    let facts = [Some(format::stamp(tweet.created_at)), tweet.lang.clone(), Some(kind(tweet).to_owned())];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <article class="card">
            <header class="who">{author}</header>
            <div class="words">{tweet_text::tweet_text(here, tweet)}</div>
            {(!tweet.media.is_empty()).then(|| media(&tweet.media))}
            {tweet.poll.as_ref().map(poll)}
            <p class="facts">{facts}</p>
            {metrics(tweet)}
        </article>
    }
    .erased()
}

/// A tweet that another one refers to.
pub fn small_card(here: &Here, row: &Row, relation: &'static str) -> AnyView {
    let tweet = &row.tweet;
    let href = here.url.with_tweet(Some(tweet.id)).href();
    let author = tweet.author.map(|pid| view! { {avatar(pid, false)} {pid.short()} });
    view! {
        <article class="card small">
            <p class="relation">{relation}</p>
            <header class="who">{author}<a href=href data-noscroll="">{time(tweet.created_at, here.now)}</a></header>
            <div class="words">{tweet_text::tweet_text(here, tweet)}</div>
        </article>
    }
    .erased()
}

fn kind(tweet: &Tweet) -> &'static str {
    match tweet.references.first().map(|reference| reference.kind) {
        None => "original",
        Some(ReferenceKind::RepliedTo) => "reply",
        Some(ReferenceKind::Quoted) => "quote",
        Some(ReferenceKind::Retweeted) => "retweet",
    }
}

fn metrics(tweet: &Tweet) -> AnyView {
    let metrics = &tweet.metrics;
    let counts = [
        ("likes", metrics.likes),
        ("reposts", metrics.reposts),
        ("replies", metrics.replies),
        ("views", metrics.views),
    ];
    let counts = counts
        .into_iter()
        .map(|(name, count)| {
            let count = count.map_or_else(|| "–".to_owned(), format::grouped);
            view! { <div><dt>{name}</dt><dd>{count}</dd></div> }
        })
        .collect_view();
    view! { <dl class="metrics">{counts}</dl> }.erased()
}

/// Media by kind and description: the pictures themselves stay on X's servers.
fn media(media: &[Media]) -> AnyView {
    let items = media
        .iter()
        .map(|media| {
            let alt = media.alt_text.as_deref().map(|text| view! { ": "{tweet_text::foreign(text)} });
            view! { <li><b>{media.kind.replace('_', " ")}</b>{alt}</li> }
        })
        .collect_view();
    view! { <ul class="media">{items}</ul> }.erased()
}

fn poll(poll: &Poll) -> AnyView {
    let total: u64 = poll.options.iter().map(|(_, votes)| votes).sum();
    let options = poll
        .options
        .iter()
        .map(|(label, votes)| {
            let share = format::percent(format::share(*votes, total));
            view! { <li>{tweet_text::foreign(label)}<span>{format::grouped(*votes)}" · "{share}</span></li> }
        })
        .collect_view();
    view! { <ul class="poll">{options}</ul> }.erased()
}
