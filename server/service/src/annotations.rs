//! Tags and notes that people put on tweets.

use crate::{Error, Service, pipeline, tweets};
use model::account::{CurrentUser, Role};
use model::annotation::{Act, Annotation, Annotations, MAX_NOTE, MAX_TAG, MOST_TAGS, tag_of};
use model::texts::tweet as say;
use model::{Row, TweetId};
use serde_json::json;
use std::time::Duration;
use store::audit::NewEntry;

/// How long somebody waits to see what they did.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether that person may tag tweets and write notes.
pub fn may_annotate(user: &CurrentUser) -> bool {
    user.role >= Role::Analyst
}

/// What stands on the tweet, if it is in that collection.
pub async fn of(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    id: TweetId,
) -> Result<Option<Annotations>, Error> {
    match tweets::several(service, user, collection, &[id]).await?.is_empty() {
        true => Ok(None),
        false => Ok(Some(store::tweets::annotations(&service.store, id, user.id).await?)),
    }
}

/// Does something to what stands on tweets of that collection. Those that are not in it are left out. It is audited; of a
/// note, that it was written. Returns whether it can be seen already: it is kept in any case.
///
/// # Errors
/// `NotFound` if the person may not, or none of the tweets is there for them; `Invalid` if it is no tag, or too much for one
/// of them: then nothing is done.
pub async fn annotate(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    ids: &[TweetId],
    act: Act,
) -> Result<bool, Error> {
    if !may_annotate(user) {
        return Err(Error::NotFound(say::may_not().to_owned()));
    }
    let act = checked(act)?;
    let rows = tweets::several(service, user, collection, ids).await?;
    if rows.is_empty() {
        return Err(Error::NotFound(say::gone().to_owned()));
    }
    if let Act::Tag(tag) = &act {
        for row in &rows {
            room_for(service, user, row.tweet.id, tag).await?;
        }
    }
    record(service, user, &rows, &act).await?;
    let at = service.now();
    let of = |row: &Row| Annotation { tweet: row.tweet.id, seen: row.tweet.version, at, by: user.id, act: act.clone() };
    let positions = pipeline::annotate(service, &rows.iter().map(of).collect::<Vec<_>>()).await?;
    pipeline::is_stored_within(service, &positions, PATIENCE).await
}

/// The act in the form that is kept.
fn checked(act: Act) -> Result<Act, Error> {
    let tag = |text: &str| tag_of(text).ok_or_else(|| Error::Invalid(say::no_tag(MAX_TAG as u64)));
    match act {
        Act::Tag(text) => Ok(Act::Tag(tag(&text)?)),
        Act::Untag(text) => Ok(Act::Untag(tag(&text)?)),
        Act::Note(text) if text.chars().count() > MAX_NOTE => Err(Error::Invalid(say::too_long_note(MAX_NOTE as u64))),
        Act::Note(text) => Ok(Act::Note(text.trim().replace("\r\n", "\n"))),
    }
}

async fn room_for(service: &Service, user: &CurrentUser, id: TweetId, tag: &str) -> Result<(), Error> {
    let tags = store::tweets::annotations(&service.store, id, user.id).await?.tags;
    match tags.len() < MOST_TAGS || tags.iter().any(|tagged| tagged.tag == tag) {
        true => Ok(()),
        false => Err(Error::Invalid(say::too_many_tags(MOST_TAGS as u64, &id.to_string()))),
    }
}

async fn record(service: &Service, user: &CurrentUser, rows: &[Row], act: &Act) -> Result<(), Error> {
    let (action, mut details) = match act {
        Act::Tag(tag) => ("tweet.tagged", json!({ "by": user.name, "tag": tag })),
        Act::Untag(tag) => ("tweet.untagged", json!({ "by": user.name, "tag": tag })),
        Act::Note(text) => ("tweet.noted", json!({ "by": user.name, "characters": text.chars().count() })),
    };
    let subject = match rows {
        [row] => format!("tweet:{}", row.tweet.id),
        rows => {
            details["tweets"] = rows.iter().map(|row| row.tweet.id.to_string()).collect();
            format!("{} tweets", rows.len())
        }
    };
    let entry = NewEntry { user: Some(user.id), action, subject, details };
    Ok(store::audit::record(&service.store, entry, service.now()).await?)
}
