//! X's search query: parsed once, matched against records.

mod fold;
mod matcher;
mod parser;

use std::cell::LazyCell;

use fold::{Folded, Folding};
use tweetgen::{Corpus, Kind, Record};

/// A parsed query, of a search or of a rule.
#[derive(Debug, PartialEq)]
pub struct Query {
    node: Node,
    folding: Folding,
}

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
        Self::with(text, Folding::Search)
    }

    /// The same of a rule for a stream: it tells diacritics apart, and looks at the text that a post quotes too.
    pub fn parse_rule(text: &str) -> Result<Self, String> {
        Self::with(text, Folding::Stream)
    }

    fn with(text: &str, folding: Folding) -> Result<Self, String> {
        Ok(Self { node: parser::parse(text, folding)?, folding })
    }

    /// Whether a tweet may match, by what is known of it before it has words: cheap, and enough for most that do not.
    pub fn may_match(&self, ordinal: i64, corpus: &Corpus) -> bool {
        matcher::may_match(&self.node, ordinal, corpus)
    }

    pub fn matches(&self, record: &Record, corpus: &Corpus) -> bool {
        let text = || match record.target {
            Some(quoted) if self.folding == Folding::Stream && record.kind == Kind::Quote => {
                let text = format!("{} {}", words_of(record), words_of(&corpus.record(quoted)));
                Folded::of(&text, self.folding)
            }
            _ => Folded::of(words_of(record), self.folding),
        };
        matcher::matches(&self.node, record, corpus, &LazyCell::new(Box::new(text)))
    }
}

/// Its whole text.
fn words_of(record: &Record) -> &str {
    let tweet = &record.tweet;
    tweet.note_tweet.as_ref().map_or(&tweet.text, |note| &note.text)
}
