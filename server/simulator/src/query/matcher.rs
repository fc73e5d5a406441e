//! Decides whether a record answers a query.

use std::cell::LazyCell;

use super::fold::{Folded, is_unspaced};
use super::{Has, Is, Metric, Node, Term};
use tweetgen::wire::Tweet;
use tweetgen::{Corpus, Kind, Record};

/// Text that is folded when the first word is looked for in it: most operators need none.
pub type Text<'a> = LazyCell<Folded, Box<dyn FnOnce() -> Folded + 'a>>;

pub fn matches(node: &Node, record: &Record, corpus: &Corpus, text: &Text) -> bool {
    match node {
        Node::All(nodes) => nodes.iter().all(|node| matches(node, record, corpus, text)),
        Node::Any(nodes) => nodes.iter().any(|node| matches(node, record, corpus, text)),
        Node::Not(node) => !matches(node, record, corpus, text),
        Node::Term(term) => term.matches(record, corpus, text),
    }
}

/// Whether that may be so, without making the record.
pub fn may_match(node: &Node, ordinal: i64, corpus: &Corpus) -> bool {
    match node {
        Node::All(nodes) => nodes.iter().all(|node| may_match(node, ordinal, corpus)),
        Node::Any(nodes) => nodes.iter().any(|node| may_match(node, ordinal, corpus)),
        Node::Term(Term::Lang(lang)) => same(corpus.language(ordinal), lang),
        Node::Term(Term::At(Metric::Likes, least)) => corpus.likes(ordinal) >= *least,
        Node::Not(_) | Node::Term(_) => true,
    }
}

impl Term {
    fn matches(&self, record: &Record, corpus: &Corpus, text: &Text) -> bool {
        let tweet = &record.tweet;
        let entities = &tweet.entities;
        match self {
            Term::Words(words) if is_unspaced(words) => text.words.contains(words.trim()),
            Term::Words(words) => text.words.contains(words),
            Term::Signs(signs) => text.raw.contains(signs),
            Term::Hashtag(tag) => entities.hashtags.iter().any(|entity| same(&entity.tag, tag)),
            Term::Cashtag(tag) => entities.cashtags.iter().any(|entity| same(&entity.tag, tag)),
            Term::Mention(name) => entities.mentions.iter().any(|entity| same(&entity.username, name)),
            Term::From(name) => is_account(name, &record.username, tweet.author_id.0),
            Term::To(name) => {
                let username = record.replied_to.map(|account| corpus.username(account));
                let id = tweet.in_reply_to_user_id;
                username.zip(id).is_some_and(|(username, id)| is_account(name, &username, id.0))
            }
            Term::RetweetsOf(name) => record
                .original
                .as_ref()
                .is_some_and(|original| is_account(name, &original.username, original.tweet.author_id.0)),
            Term::Lang(lang) => same(tweet.lang, lang),
            Term::Url(part) => entities
                .urls
                .iter()
                .any(|url| url.expanded_url.to_lowercase().contains(part) || url.url.to_lowercase() == *part),
            Term::Place(name) => record
                .place
                .as_ref()
                .is_some_and(|place| same(place.name, name) || same(place.full_name, name) || place.id == name),
            Term::PlaceCountry(code) => record.place.as_ref().is_some_and(|place| same(place.country_code, code)),
            Term::Conversation(id) => tweet.conversation_id.0 == *id,
            Term::References(kind, id) => {
                tweet.referenced_tweets.iter().any(|reference| reference.kind == *kind && reference.id.0 == *id)
            }
            Term::At(metric, least) => metric.of(tweet) >= *least,
            Term::Is(is) => is.matches(record, corpus),
            Term::Has(has) => has.matches(record),
        }
    }
}

impl Metric {
    fn of(self, tweet: &Tweet) -> u64 {
        match self {
            Metric::Likes => tweet.public_metrics.like_count,
            Metric::Replies => tweet.public_metrics.reply_count,
            Metric::Reposts => tweet.public_metrics.retweet_count,
        }
    }
}

impl Is {
    fn matches(self, record: &Record, corpus: &Corpus) -> bool {
        match self {
            Is::Retweet => record.kind == Kind::Retweet,
            Is::Reply => record.kind == Kind::Reply,
            Is::Quote => record.kind == Kind::Quote,
            Is::Verified => corpus.user(record.author).verified,
            Is::Nullcast => false, // the corpus has no advertisements
        }
    }
}

impl Has {
    fn matches(self, record: &Record) -> bool {
        let entities = &record.tweet.entities;
        match self {
            Has::Hashtags => !entities.hashtags.is_empty(),
            Has::Cashtags => !entities.cashtags.is_empty(),
            Has::Links => !entities.urls.is_empty(),
            Has::Mentions => !entities.mentions.is_empty(),
            Has::Media => !record.media.is_empty(),
            Has::Images => record.media.iter().any(|media| media.kind == "photo"),
            Has::VideoLink => record.media.iter().any(|media| media.kind == "video"),
            Has::Geo => record.place.is_some(),
        }
    }
}

fn same(left: &str, right: &str) -> bool {
    left.eq_ignore_ascii_case(right) || left.to_lowercase() == right.to_lowercase()
}

/// Accounts are named by handle or by id.
fn is_account(wanted: &str, username: &str, id: u64) -> bool {
    same(username, wanted) || wanted.parse() == Ok(id)
}

#[cfg(test)]
mod tests {
    use super::super::Query;
    use tweetgen::{Corpus, Profile, World};

    #[test]
    fn what_matches_may_match_and_most_else_may_not() {
        for (_, profile) in Profile::ALL {
            let corpus = Corpus::new(World::week(profile, 3, 3_000, 1_795_435_200_000_000));
            for (text, most) in [
                ("the", 3_000),
                ("the lang:es", 900),
                ("min_likes:3 -lang:en", 2_000),
                ("the (lang:ja OR min_likes:9)", 1_800),
            ] {
                let query = Query::parse(text).unwrap();
                let may_match: Vec<i64> = (0..3_000).filter(|&number| query.may_match(number, &corpus)).collect();
                let matches = (0..3_000).filter(|&number| query.matches(&corpus.record(number), &corpus));
                assert!(matches.into_iter().all(|number| may_match.contains(&number)), "{text}");
                assert!(may_match.len() <= most, "{text}: {} of {most}", may_match.len());
            }
        }
    }
}
