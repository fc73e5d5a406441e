//! X's search query: parsed once, matched against records.

mod fold;
mod matcher;
mod parser;

use std::cell::LazyCell;

use fold::Folded;
use tweetgen::{Corpus, Record};

/// A parsed query.
#[derive(Debug, PartialEq)]
pub struct Query(Node);

#[derive(Debug, PartialEq)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Term(Term),
}

#[derive(Debug, PartialEq)]
enum Term {
    /// One or more words as they stand in [`Folded`] text.
    Words(String),
    /// Emoji and signs, which word splitting would drop.
    Signs(String),
    Hashtag(String),
    Cashtag(String),
    Mention(String),
    From(String),
    To(String),
    RetweetsOf(String),
    Lang(String),
    Url(String),
    Place(String),
    PlaceCountry(String),
    Conversation(u64),
    /// X's reference type and the referenced id.
    References(&'static str, u64),
    At(Metric, u64),
    Is(Is),
    Has(Has),
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Metric {
    Likes,
    Replies,
    Reposts,
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Is {
    Retweet,
    Reply,
    Quote,
    Verified,
    Nullcast,
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Has {
    Hashtags,
    Cashtags,
    Links,
    Mentions,
    Media,
    Images,
    VideoLink,
    Geo,
}

impl Query {
    /// Parses `text`; the error is X's own sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        parser::parse(text).map(Query)
    }

    pub fn matches(&self, record: &Record, corpus: &Corpus) -> bool {
        let tweet = &record.tweet;
        let text = tweet.note_tweet.as_ref().map_or(&tweet.text, |note| &note.text);
        matcher::matches(&self.0, record, corpus, &LazyCell::new(Box::new(|| Folded::of(text))))
    }
}
