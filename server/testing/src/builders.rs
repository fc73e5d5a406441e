use model::observed::{Batch, Identity, ObservedAuthor, ObservedTweet, Role};
use model::tweet::AuthorStats;
use model::{Timestamp, Tweet, TweetId, UserId};

/// A row with that id, observed (and posted) at that second. Change what the test is about.
pub fn tweet(id: u64, second: i64) -> ObservedTweet {
    let time = Timestamp::from_seconds(second);
    ObservedTweet {
        tweet: Tweet::new(TweetId(id), time, time, format!("tweet {id}")),
        author_id: Some(UserId(1000 + id % 10)),
        reply_to_user_id: None,
        raw: format!(r#"{{"id":"{id}"}}"#),
        role: Role::Row,
    }
}

/// An account with that id and handle, observed at that second.
pub fn author(id: u64, handle: &str, second: i64) -> ObservedAuthor {
    ObservedAuthor {
        id: UserId(id),
        version: Timestamp::from_seconds(second),
        identity: Identity { handle: Some(handle.to_owned()), ..Default::default() },
        stats: AuthorStats { followers: Some(10), ..Default::default() },
    }
}

/// Tweets without their authors.
pub fn batch(tweets: impl IntoIterator<Item = ObservedTweet>) -> Batch {
    Batch { tweets: tweets.into_iter().collect(), authors: Vec::new() }
}
