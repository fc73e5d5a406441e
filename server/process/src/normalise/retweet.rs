//! X cuts the text of a retweet off. The original, where it is known, has the whole.

use model::{
    Tweet, TweetId,
    observed::ObservedTweet,
    tweet::{Entities, ReferenceKind, Tag},
};
use std::collections::HashMap;

pub(crate) fn is_retweet(tweet: &Tweet) -> bool {
    tweet.reference(ReferenceKind::Retweeted).is_some()
}

/// Gives each retweet the whole text, the entities and the media of its original, if that is among the
/// context, among the rows, or found by `elsewhere`.
pub(crate) fn complete_retweets<'o>(
    rows: &mut [ObservedTweet],
    context: &'o [ObservedTweet],
    elsewhere: impl Fn(TweetId) -> Option<&'o ObservedTweet>,
) {
    let by_id: HashMap<TweetId, &ObservedTweet> = context.iter().map(|tweet| (tweet.tweet.id, tweet)).collect();
    let among_rows: HashMap<TweetId, usize> =
        rows.iter().enumerate().map(|(index, tweet)| (tweet.tweet.id, index)).collect();
    for index in 0..rows.len() {
        let Some(id) = rows[index].tweet.reference(ReferenceKind::Retweeted) else { continue };
        if let Some(original) = by_id.get(&id).copied().or_else(|| elsewhere(id)) {
            complete(&mut rows[index].tweet, &original.tweet);
        } else if let Some(original) = among_rows.get(&id).filter(|original| **original != index) {
            let original = rows[*original].tweet.clone();
            complete(&mut rows[index].tweet, &original);
        }
    }
}

fn complete(retweet: &mut Tweet, original: &Tweet) {
    let Some(handle) = retweeted_handle(&retweet.text) else { return };
    let prefix = format!("RT @{handle}: ");
    // The prefix is ASCII, as handles are.
    let shift = prefix.len() as u32;
    let author = Tag { start: 3, end: 4 + handle.len() as u32, tag: handle.to_owned() };
    let text = prefix + &original.text;
    retweet.entities = shifted(&original.entities, shift);
    retweet.entities.mentions.insert(0, author);
    retweet.text = text;
    if !original.media.is_empty() {
        retweet.media.clone_from(&original.media);
    }
    if retweet.poll.is_none() {
        retweet.poll.clone_from(&original.poll);
    }
}

/// The handle in `RT @handle: …`, which X puts before every retweet.
fn retweeted_handle(text: &str) -> Option<&str> {
    let (handle, _) = text.strip_prefix("RT @")?.split_once(':')?;
    let is_handle = handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_handle && !handle.is_empty() && handle.len() <= 20).then_some(handle)
}

fn shifted(entities: &Entities, by: u32) -> Entities {
    let mut entities = entities.clone();
    let Entities { hashtags, cashtags, mentions, links } = &mut entities;
    for tag in hashtags.iter_mut().chain(cashtags).chain(mentions) {
        tag.start += by;
        tag.end += by;
    }
    for link in links {
        link.start += by;
        link.end += by;
    }
    entities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::text::Points;
    use model::Timestamp;

    #[test]
    fn a_retweet_gets_the_whole_text_with_its_entities() {
        let tweet = |text: &str| Tweet::new(TweetId(1), Timestamp(0), Timestamp(0), text);
        let mut original = tweet("long é words #end");
        original.entities.hashtags.push(Tag { start: 13, end: 17, tag: "end".into() });
        let mut retweet = tweet("RT @bob_1: long é wo…");
        complete(&mut retweet, &original);
        assert_eq!(retweet.text, "RT @bob_1: long é words #end");
        let points = Points::new(&retweet.text);
        let at = |tag: &Tag| points.slice(tag.start as usize, tag.end as usize);
        assert_eq!(at(&retweet.entities.hashtags[0]), Some("#end"));
        assert_eq!(at(&retweet.entities.mentions[0]), Some("@bob_1"));
    }
}
