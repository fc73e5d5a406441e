//! Earlier versions of edited tweets, and what a later look at a tweet finds.

use super::record::Record;
use super::text::Text;
use crate::snowflake;
use crate::time::timestamp;
use crate::wire::Tweet;

impl Record {
    /// The tweet's earlier versions as they were delivered, oldest first: shorter, with ids of their own.
    pub fn earlier_versions(&self) -> Vec<Tweet> {
        let ids = &self.tweet.edit_history_tweet_ids;
        let whole = Text::delivered(&self.tweet.text, &self.tweet.entities);
        (0..ids.len() - 1)
            .map(|version| {
                let shorter = whole.shortened(ids.len() - 1 - version);
                Tweet {
                    id: ids[version],
                    text: shorter.text,
                    entities: shorter.entities,
                    note_tweet: None,
                    created_at: timestamp(snowflake::micros_of(ids[version].0)),
                    edit_history_tweet_ids: ids[..=version].to_vec(),
                    ..self.tweet.clone()
                }
            })
            .collect()
    }

    /// The same tweet, looked at again later: what counts has grown.
    pub fn seen_again(&mut self) {
        let metrics = &mut self.tweet.public_metrics;
        metrics.like_count += metrics.like_count / 8 + 1;
        metrics.retweet_count += metrics.retweet_count / 16 + 1;
        metrics.reply_count += metrics.reply_count / 16;
        metrics.impression_count += metrics.impression_count / 4 + 10;
    }
}
