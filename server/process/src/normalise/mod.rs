//! From X's JSON to [`model::Tweet`]: one normal form for all versions and vocabularies.

mod author;
mod entities;
mod extract;
mod retweet;
mod text;

pub(crate) use author::author;
pub(crate) use retweet::{complete_retweets, is_retweet};

use crate::{
    dates,
    decode::Lookup,
    wire::{
        WireAttachments, WireEntities, WireMedia, WirePlace, WirePoll, WireTwarc, WireTweet,
        lenient::{List, Text},
    },
};
use model::{
    Timestamp, Tweet, TweetId, UserId,
    id::BadId,
    observed::{ObservedTweet, Role},
    tweet::{Entities, Media, Metrics, Place, Poll, Reference, ReferenceKind},
};
use std::borrow::Cow;

/// What a tweet does not hold itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'i> {
    pub observed_at: Timestamp,
    pub lookup: &'i Lookup<'i>,
}

/// Normalises one tweet. An error says why it is rejected; only id, text and time of creation are required,
/// and the time may come from the id.
pub(crate) fn tweet(
    wire: &WireTweet<'_>,
    raw: impl Into<String>,
    role: Role,
    facts: Facts<'_>,
) -> Result<ObservedTweet, String> {
    let id: TweetId = wire.id.as_str().unwrap_or_default().parse().map_err(|error: BadId| error.to_string())?;
    let created_at = created_at(id, &wire.created_at)?;
    let (text, entities) = text_and_entities(wire)?;
    let attachments = wire.attachments.0.as_ref();
    let tweet = Tweet {
        lang: wire.lang.owned(),
        source: wire.source.filled().map(app_name),
        conversation: wire.conversation_id.parse(),
        references: references(wire),
        metrics: metrics(wire),
        entities,
        media: attachments.map(|attachments| media(attachments, facts.lookup)).unwrap_or_default(),
        poll: attachments.and_then(|attachments| poll(attachments, facts.lookup)),
        place: wire.geo.0.as_ref().and_then(|geo| place(geo, facts.lookup)),
        annotations: annotations(wire),
        sensitive: wire.possibly_sensitive.0,
        reply_settings: wire.reply_settings.owned(),
        paid_partnership: wire.paid_partnership.0,
        edit_history: edit_history(wire),
        withheld_in: withheld_in(wire),
        ..Tweet::new(id, facts.observed_at, created_at, text)
    };
    let author = wire.author.0.as_ref().and_then(author::id);
    Ok(ObservedTweet {
        tweet,
        author_id: wire.author_id.parse::<UserId>().or(author),
        reply_to_user_id: wire.in_reply_to_user_id.parse(),
        raw: raw.into(),
        role,
    })
}

/// When twarc fetched it.
pub(crate) fn retrieved_at(twarc: &WireTwarc<'_>) -> Option<Timestamp> {
    Timestamp::parse_rfc3339(twarc.retrieved_at.filled()?)
}

/// The tags, mentions and links that a plain text holds, for sources that do not name them.
pub(crate) fn entities_of_plain_text(text: &str) -> Entities {
    extract::entities(text)
}

fn created_at(id: TweetId, wire: &Text<'_>) -> Result<Timestamp, String> {
    let in_id = id.snowflake_ms().map(Timestamp::from_millis);
    let written = wire.filled().unwrap_or_default();
    dates::of_tweet(written, in_id).ok_or_else(|| match written {
        "" => "it has no created_at, and its id is too old to hold a time".to_owned(),
        _ => format!("its created_at \"{}\" is not a time", written.chars().take(40).collect::<String>()),
    })
}

/// The whole text, unescaped, and what stands in it. A long post has both in its note.
fn text_and_entities(wire: &WireTweet<'_>) -> Result<(String, Entities), String> {
    let notes = [&wire.note_post, &wire.note_tweet];
    let notes = notes.into_iter().filter_map(|note| note.0.as_ref());
    let note = notes.filter_map(|note| Some((note.text.filled().and(note.text.as_str())?, note))).next();
    let (escaped, entities) = match note {
        Some((text, note)) => (text, note.entities.0.as_ref()),
        None => (wire.text.as_str().ok_or("the tweet has no text")?, wire.entities.0.as_ref()),
    };
    let (text, cuts) = text::unescape(escaped);
    let none = WireEntities::default();
    let entities = entities::place(&text, &cuts, entities.unwrap_or(&none));
    Ok((text.into_owned(), entities))
}

/// API 1.1 writes the app as a link: `<a href="…">Twitter Web Client</a>`.
fn app_name(source: &str) -> String {
    let name = match (source.starts_with('<'), source.find('>'), source.rfind("</")) {
        (true, Some(start), Some(end)) if start < end => &source[start + 1..end],
        _ => source,
    };
    text::unescape(name).0.into_owned()
}

fn references(wire: &WireTweet<'_>) -> Vec<Reference> {
    let list = wire.referenced_posts.as_ref().or(wire.referenced_tweets.as_ref());
    let read = list.into_iter().flat_map(List::objects).filter_map(|reference| {
        let kind = match reference.kind.as_str()? {
            "replied_to" => ReferenceKind::RepliedTo,
            "quoted" => ReferenceKind::Quoted,
            "retweeted" | "reposted" => ReferenceKind::Retweeted,
            _ => return None,
        };
        Some(Reference { kind, id: reference.id.parse()? })
    });
    read.collect()
}

fn metrics(wire: &WireTweet<'_>) -> Metrics {
    let metrics = wire.public_metrics.0.unwrap_or_default();
    Metrics {
        likes: metrics.like_count.0,
        reposts: metrics.repost_count.0.or(metrics.retweet_count.0),
        replies: metrics.reply_count.0,
        quotes: metrics.quote_count.0,
        bookmarks: metrics.bookmark_count.0,
        views: metrics.impression_count.0,
    }
}

fn media(attachments: &WireAttachments<'_>, lookup: &Lookup<'_>) -> Vec<Media> {
    let embedded: Vec<Media> = attachments.media.objects().filter_map(medium).collect();
    if !embedded.is_empty() {
        return embedded;
    }
    let by_key = |key: &str| match lookup.media.get(key) {
        Some(media) => medium(media),
        None => kind_of_key(key).map(|kind| bare_medium(key, kind)),
    };
    attachments.media_keys.texts().filter_map(by_key).collect()
}

fn medium(wire: &WireMedia<'_>) -> Option<Media> {
    let key = wire.media_key.filled().or(wire.id_str.filled())?;
    let kind = wire.kind.filled().or(kind_of_key(key))?;
    let urls = [&wire.url, &wire.media_url_https, &wire.preview_image_url];
    let video = wire.video_info.0.unwrap_or_default();
    Some(Media {
        alt_text: wire.alt_text.owned().or(wire.ext_alt_text.owned()),
        url: urls.into_iter().find_map(Text::owned),
        duration_ms: wire.duration_ms.0.or(video.duration_millis.0),
        ..bare_medium(key, kind)
    })
}

fn bare_medium(key: &str, kind: &str) -> Media {
    Media { key: key.to_owned(), kind: kind.to_owned(), alt_text: None, url: None, duration_ms: None }
}

/// X's media keys begin with the number of their kind, which helps where the media are not in the includes.
fn kind_of_key(key: &str) -> Option<&'static str> {
    match key.split_once('_')?.0 {
        "3" => Some("photo"),
        "7" | "13" => Some("video"),
        "16" => Some("animated_gif"),
        _ => None,
    }
}

fn poll(attachments: &WireAttachments<'_>, lookup: &Lookup<'_>) -> Option<Poll> {
    let by_id = || attachments.poll_ids.texts().find_map(|id| lookup.polls.get(id).copied());
    let wire: &WirePoll<'_> = attachments.poll.0.as_ref().or_else(by_id)?;
    let options = wire.options.objects();
    let options: Vec<_> =
        options.filter_map(|option| Some((option.label.owned()?, option.votes.0.unwrap_or(0)))).collect();
    (!options.is_empty()).then_some(Poll { options })
}

fn place(geo: &WirePlace<'_>, lookup: &Lookup<'_>) -> Option<Place> {
    let place = match geo.full_name.filled() {
        Some(_) => geo,
        None => lookup.places.get(geo.place_id.filled()?)?,
    };
    Some(Place { name: place.full_name.owned()?, country: place.country_code.owned() })
}

/// The names that X recognised, each once.
fn annotations(wire: &WireTweet<'_>) -> Vec<String> {
    let contexts = wire.context_annotations.objects();
    let contexts = contexts.filter_map(|context| context.entity.0.as_ref()?.name.filled());
    let in_text = wire.entities.0.iter().flat_map(|entities| entities.annotations.objects());
    let in_text = in_text.filter_map(|annotation| annotation.normalized_text.filled());
    let mut names: Vec<String> = Vec::new();
    for name in contexts.chain(in_text).map(|name| text::unescape(name).0) {
        if !names.iter().any(|known| *known == name) {
            names.push(Cow::into_owned(name));
        }
    }
    names
}

fn edit_history(wire: &WireTweet<'_>) -> Vec<TweetId> {
    let ids = wire.edit_history_post_ids.as_ref().or(wire.edit_history_tweet_ids.as_ref());
    ids.into_iter().flat_map(List::texts).filter_map(|id| id.parse().ok()).collect()
}

fn withheld_in(wire: &WireTweet<'_>) -> Vec<String> {
    let codes = wire.withheld.0.iter().flat_map(|withheld| withheld.country_codes.texts());
    codes
        .flat_map(|codes| codes.split(','))
        .map(|code| code.trim().to_owned())
        .filter(|code| !code.is_empty())
        .collect()
}
