//! `GET /2/tweets/counts/recent` and `…/all`: how many posts match, by minute, hour or day. X counts a little more than
//! a search finds.
//! <https://docs.x.com/x-api/posts/counts/introduction>

use crate::endpoint::{COUNTS_ALL, COUNTS_RECENT};
use crate::error::SourceError;
use crate::read::{object, time};
use crate::request::{Request, Span};
use model::Timestamp;
use serde::Deserialize;

/// How long a bucket is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Granularity {
    Minute,
    #[default]
    Hour,
    Day,
}

/// Posts in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    pub start: Timestamp,
    /// Excluded.
    pub end: Timestamp,
    pub posts: u64,
}

/// One page of counts: all seven recent days, or 31 days of the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The oldest first. The first and the last may be shorter than the others.
    pub buckets: Vec<Bucket>,
    pub total: Option<u64>,
    /// There is more, even where this page is empty.
    pub next_token: Option<String>,
}

/// All recent counts: X charges by request, and gives all at once.
pub fn recent(query: &str, span: Span, granularity: Granularity) -> Request {
    counted(Request::new(&COUNTS_RECENT), query, span, granularity)
}

/// A page of counts of the archive, the newest first.
pub fn all(query: &str, span: Span, granularity: Granularity, next_token: Option<&str>) -> Request {
    counted(Request::new(&COUNTS_ALL), query, span, granularity).with_some("next_token", next_token)
}

fn counted(request: Request, query: &str, span: Span, granularity: Granularity) -> Request {
    let granularity = match granularity {
        Granularity::Minute => "minute",
        Granularity::Hour => "hour",
        Granularity::Day => "day",
    };
    request.with("query", query).within(span).with("granularity", granularity)
}

impl Counts {
    /// Reads an answer, in either vocabulary.
    ///
    /// # Errors
    /// When it holds no counts.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        let page: Page = object(json)?;
        let buckets: Option<Vec<Bucket>> = page.data.into_iter().map(Row::bucket).collect();
        let mut buckets = buckets.ok_or_else(|| SourceError::Garbled("a count lacks its time or number".to_owned()))?;
        buckets.sort_by_key(|bucket| bucket.start);
        let Meta { next_token, total_post_count, total_tweet_count } = page.meta;
        Ok(Self { buckets, total: total_post_count.or(total_tweet_count), next_token })
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    data: Vec<Row>,
    #[serde(default)]
    meta: Meta,
}

#[derive(Deserialize)]
struct Row {
    start: String,
    end: String,
    post_count: Option<u64>,
    tweet_count: Option<u64>,
}

impl Row {
    fn bucket(self) -> Option<Bucket> {
        let posts = self.post_count.or(self.tweet_count)?;
        Some(Bucket { start: time(&self.start)?, end: time(&self.end)?, posts })
    }
}

#[derive(Default, Deserialize)]
struct Meta {
    next_token: Option<String>,
    total_post_count: Option<u64>,
    total_tweet_count: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_the_same_in_both_vocabularies_and_the_current_one_wins() {
        let page = |count: &str, total: &str| {
            let row = format!(r#"{{"start":"2026-11-23T12:00:00.000Z","end":"2026-11-23T13:00:00.000Z",{count}}}"#);
            Counts::read(format!(r#"{{"data":[{row}],"meta":{{{total},"next_token":"b"}}}}"#).as_bytes()).unwrap()
        };
        let new = page(r#""post_count":7"#, r#""total_post_count":7"#);
        assert_eq!((new.buckets[0].posts, new.total, new.next_token.as_deref()), (7, Some(7), Some("b")));
        assert_eq!(page(r#""tweet_count":7"#, r#""total_tweet_count":7"#), new);
        assert_eq!(page(r#""tweet_count":3,"post_count":7"#, r#""total_tweet_count":3,"total_post_count":7"#), new);
    }

    #[test]
    fn an_empty_page_may_have_a_next_one_and_half_a_count_is_none() {
        let empty = Counts::read(br#"{"meta":{"total_post_count":0,"next_token":"a"}}"#).unwrap();
        assert_eq!((empty.buckets.len(), empty.next_token.as_deref()), (0, Some("a")));
        assert!(Counts::read(br#"{"data":[{"start":"2026-11-23T12:00:00Z","end":"2026-11-23T13:00:00Z"}]}"#).is_err());
        assert!(Counts::read(b"7").is_err());
    }
}
