use super::{Here, avatar::avatar, time::time, tweet_text};
use crate::format;
use crate::markup::{Element, el, link};
use model::texts::card as say;
use model::tweet::{Media, Poll, ReferenceKind};
use model::{Row, Tweet};

/// A tweet as it is read.
pub fn tweet_card(here: &Here, row: &Row) -> Element {
    let tweet = &row.tweet;
    let name = match tweet.author {
        Some(pid) => el("span").add(el("b").add(say::author(&pid.short()))).add(el("small").add(say::sealed())),
        None => el("span").add(el("b").add(say::unknown())),
    };
    // Whatever a file had in the column of languages stands here.
    let lang = tweet.lang.as_deref().map(tweet_text::foreign);
    let between = lang.is_some().then_some(" · ");
    let stamp = format::stamp(tweet.created_at);
    let facts = el("p").class("facts").add(stamp).add(" · ").add(lang).add(between).add(kind(tweet));
    el("article")
        .class("card")
        .add(el("header").class("who").add(tweet.author.map(|pid| avatar(pid, true))).add(name))
        .add(el("div").class("words").add(tweet_text::tweet_text(here, tweet)))
        .add((!tweet.media.is_empty()).then(|| media(&tweet.media)))
        .add(tweet.poll.as_ref().map(poll))
        .add(facts)
        .add(metrics(tweet))
}

/// A tweet that another one refers to.
pub fn small_card(here: &Here, row: &Row, relation: &'static str) -> Element {
    let tweet = &row.tweet;
    let author = tweet.author.map(|pid| el("span").class("who").add(avatar(pid, false)).add(pid.short()));
    let open = link(here.url.with_tweet(Some(tweet.id)).href()).add(time(tweet.created_at, here.now));
    el("article")
        .class("card small")
        .add(el("p").class("relation").add(relation))
        .add(el("header").class("who").add(author).add(open))
        .add(el("div").class("words").add(tweet_text::tweet_text(here, tweet)))
}

fn kind(tweet: &Tweet) -> &'static str {
    match tweet.references.first().map(|reference| reference.kind) {
        None => say::original(),
        Some(ReferenceKind::RepliedTo) => say::reply(),
        Some(ReferenceKind::Quoted) => say::quote(),
        Some(ReferenceKind::Retweeted) => say::retweet(),
    }
}

fn metrics(tweet: &Tweet) -> Element {
    let metrics = &tweet.metrics;
    let counts = [
        (say::likes(), metrics.likes),
        (say::reposts(), metrics.reposts),
        (say::replies(), metrics.replies),
        (say::views(), metrics.views),
    ];
    let count = |(name, count): (&'static str, Option<u64>)| {
        let count = count.map_or_else(|| "–".to_owned(), format::grouped);
        el("div").add(el("dt").add(name)).add(el("dd").add(count))
    };
    el("dl").class("metrics").each(counts.into_iter().map(count))
}

/// Media by kind and description: the pictures themselves stay on X's servers.
fn media(media: &[Media]) -> Element {
    let item = |media: &Media| {
        let item = el("li").add(el("b").add(media.kind.replace('_', " ")));
        match media.alt_text.as_deref() {
            Some(text) => item.add(": ").add(tweet_text::foreign(text)),
            None => item,
        }
    };
    el("ul").class("media").each(media.iter().map(item))
}

fn poll(poll: &Poll) -> Element {
    let total: u64 = poll.options.iter().map(|(_, votes)| votes).sum();
    let option = |(label, votes): &(String, u64)| {
        let share = format::percent(format::share(*votes, total));
        let votes = el("span").add(format!("{} · {share}", format::grouped(*votes)));
        el("li").add(tweet_text::foreign(label)).add(votes)
    };
    el("ul").class("poll").each(poll.options.iter().map(option))
}
