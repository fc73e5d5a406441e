//! One line, element or page: all tweets and authors in it.

use super::{
    Includes, Lookup,
    kind::{Envelope, Kind},
    page::{DecodeError, Meta, Rejected},
};
use crate::{
    normalise::{self, Facts},
    wire::{
        WireTweet, WireUser,
        lenient::{List, Number, Obj, RawList, Text},
        repair::repair,
        v1::V1Tweet,
    },
};
use model::{
    Timestamp, TweetId,
    observed::{ObservedAuthor, ObservedTweet, Role},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// Tweets are nested in tweets; no real one goes deeper.
const MAX_DEPTH: usize = 4;

/// What was found in one record.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Rows first, then context.
    pub tweets: Vec<ObservedTweet>,
    pub authors: Vec<ObservedAuthor>,
    pub meta: Meta,
    pub partial_errors: u64,
    pub rejected: Vec<Rejected>,
    /// Ids of the rows that were numbers in the JSON: those may be rounded.
    pub numbers: Vec<TweetId>,
    context: Vec<ObservedTweet>,
    /// Retweets whose original may stand elsewhere in the record.
    has_retweets: bool,
}

/// What lies beside a file: the includes of the split form.
#[derive(Debug, Default)]
pub(crate) struct Sidecar<'i> {
    pub lookup: Lookup<'i>,
    pub originals: HashMap<TweetId, ObservedTweet>,
}

/// Decodes one JSON value into `record`, which must be new.
pub(crate) fn decode_record(
    json: &[u8],
    observed_at: Timestamp,
    sidecar: Option<&Sidecar<'_>>,
    record: &mut Record,
) -> Result<(), DecodeError> {
    let json = match std::str::from_utf8(json) {
        Ok(json) => json.strip_prefix('\u{feff}').unwrap_or(json),
        Err(error) => return Err(DecodeError::NotUtf8 { column: error.valid_up_to() + 1 }),
    };
    let none = Lookup::default();
    let facts = Facts { observed_at, lookup: sidecar.map_or(&none, |sidecar| &sidecar.lookup) };
    record.value(json, facts, 0)?;
    record.close(sidecar);
    Ok(())
}

impl Record {
    /// Rejects the rows whose ids were numbers and are `damaged`. What came with them is of the same kind: it goes too
    /// where no row is left.
    pub fn reject_rows(&mut self, reason: &str, damaged: impl Fn(TweetId) -> bool) {
        let is_bad = |tweet: &mut ObservedTweet| {
            tweet.role == Role::Row && self.numbers.contains(&tweet.tweet.id) && damaged(tweet.tweet.id)
        };
        let bad: Vec<_> = self.tweets.extract_if(.., is_bad).collect();
        bad.iter().for_each(|tweet| self.reject(reason, &tweet.raw));
        if !self.tweets.iter().any(|tweet| tweet.role == Role::Row) {
            self.tweets.clear();
            self.authors.clear();
        }
    }

    /// Any JSON value where a tweet or a page is expected.
    fn value(&mut self, json: &str, facts: Facts<'_>, depth: usize) -> Result<(), DecodeError> {
        let json = json.trim_ascii();
        match json.as_bytes().first() {
            Some(b'{') => self.object(json, facts, depth),
            Some(b'[') if depth < MAX_DEPTH => {
                let elements: Vec<&RawValue> = serde_json::from_str(json)?;
                elements.iter().try_for_each(|element| self.value(element.get(), facts, depth + 1))
            }
            _ => {
                let _: serde::de::IgnoredAny = serde_json::from_str(json)?;
                self.reject("this is not a JSON object, so it is not a tweet", json);
                Ok(())
            }
        }
    }

    fn object(&mut self, json: &str, facts: Facts<'_>, depth: usize) -> Result<(), DecodeError> {
        let envelope: Envelope<'_> = match serde_json::from_str(json) {
            Ok(envelope) => envelope,
            Err(error) => match repair(json) {
                Some(repaired) if depth < MAX_DEPTH => return self.object(&repaired, facts, MAX_DEPTH),
                _ => return Err(error.into()),
            },
        };
        match envelope.kind() {
            Kind::Page => self.page(&envelope, facts),
            Kind::Includes => {
                let includes = Includes::parse(json);
                self.includes(&includes, &Lookup::new(&includes), facts.observed_at);
            }
            Kind::Statuses => self.elements(envelope.statuses, facts),
            Kind::Wrapped => self.elements(envelope.tweet, facts),
            Kind::Tweet => self.v2(json, Role::Row, facts, 0),
            Kind::Other(reason) => self.reject(&reason, json),
        }
        Ok(())
    }

    fn page(&mut self, envelope: &Envelope<'_>, facts: Facts<'_>) {
        let retrieved_at = envelope.twarc.0.as_ref().and_then(normalise::retrieved_at);
        let observed_at = retrieved_at.unwrap_or(facts.observed_at);
        let includes = envelope.includes.map(|raw| Includes::parse(raw.get())).unwrap_or_default();
        let own = Lookup::new(&includes);
        let lookup = if envelope.includes.is_some() { &own } else { facts.lookup };
        self.elements(envelope.data, Facts { observed_at, lookup });
        self.includes(&includes, lookup, observed_at);
        self.meta = envelope.meta.map(|raw| read_meta(raw.get())).unwrap_or_default();
        self.partial_errors += envelope.errors.map_or(0, |raw| count(raw.get()));
    }

    /// The tweets in `data` or `statuses`: a list, or one.
    fn elements(&mut self, raw: Option<&RawValue>, facts: Facts<'_>) {
        let Some(raw) = raw else { return };
        match raw.get().as_bytes().first() {
            Some(b'[') => {
                let elements: RawList<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
                self.tweets.reserve(elements.0.len());
                elements.0.iter().for_each(|element| self.v2(element.get(), Role::Row, facts, 0));
            }
            // An empty list, as R writes it.
            Some(b'{') if raw.get()[1..].trim_ascii_start() == "}" => (),
            Some(b'{') => self.v2(raw.get(), Role::Row, facts, 0),
            _ => self.reject("\"data\" is neither a list nor an object", raw.get()),
        }
    }

    fn includes(&mut self, includes: &Includes<'_>, lookup: &Lookup<'_>, observed_at: Timestamp) {
        self.authors.extend(includes.users.objects().filter_map(|user| normalise::author(user, observed_at)));
        self.context.reserve(includes.tweets().len());
        for raw in includes.tweets() {
            self.v2(raw.get(), Role::Context, Facts { observed_at, lookup }, 0);
        }
    }

    /// An object that should be a tweet, of API v2 or else of 1.1.
    fn v2(&mut self, json: &str, role: Role, facts: Facts<'_>, depth: usize) {
        let wire: WireTweet<'_> = match serde_json::from_str(json) {
            Ok(wire) => wire,
            Err(error) => return self.repaired(json, role, facts, &error),
        };
        let is_message = wire.event_type.0 || wire.dm_conversation_id.0 || wire.broadcast_id.0;
        if wire.is_v1() {
            return self.v1(json, role, facts, depth);
        }
        if wire.id.0.is_none() || wire.text.0.is_none() || is_message {
            return self.reject_by_kind(json, role);
        }
        let observed_at = self.add(&wire, json, role, facts);
        let embedded = wire.referenced_posts.as_ref().or(wire.referenced_tweets.as_ref());
        if depth < MAX_DEPTH && embedded.is_some_and(|list| list.objects().any(|reference| reference.text.0)) {
            self.embedded_tweets(json, Facts { observed_at, ..facts }, depth);
        }
        self.embedded_users(&wire, json, observed_at);
    }

    fn v1(&mut self, json: &str, role: Role, facts: Facts<'_>, depth: usize) {
        let v1: V1Tweet<'_> = match serde_json::from_str(json) {
            Ok(v1) => v1,
            Err(error) => return self.repaired(json, role, facts, &error),
        };
        let inner = [v1.retweeted_status, v1.quoted_status];
        let wire = v1.into_v2();
        if wire.id.0.is_none() || wire.text.0.is_none() {
            return self.reject_by_kind(json, role);
        }
        let observed_at = self.add(&wire, json, role, facts);
        self.authors.extend(wire.author.0.as_ref().and_then(|user| normalise::author(user, observed_at)));
        if depth < MAX_DEPTH {
            let objects = inner.into_iter().flatten().filter(|raw| raw.get().starts_with('{'));
            objects.for_each(|raw| self.v1(raw.get(), Role::Context, Facts { observed_at, ..facts }, depth + 1));
        }
    }

    /// Adds the tweet, or its reject; tells when it was observed.
    fn add(&mut self, wire: &WireTweet<'_>, json: &str, role: Role, facts: Facts<'_>) -> Timestamp {
        let retrieved_at = wire.twarc.0.as_ref().and_then(normalise::retrieved_at);
        let observed_at = retrieved_at.unwrap_or(facts.observed_at);
        match normalise::tweet(wire, json, role, Facts { observed_at, ..facts }) {
            Ok(tweet) => {
                if role == Role::Row && wire.id.may_be_number() {
                    self.numbers.push(tweet.tweet.id);
                }
                self.has_retweets |= normalise::is_retweet(&tweet.tweet);
                let list = if role == Role::Row { &mut self.tweets } else { &mut self.context };
                list.push(tweet);
            }
            Err(reason) if role == Role::Row => self.reject(&reason, json),
            // It was not asked for; the row that refers to it still has its id.
            Err(_) => (),
        }
        observed_at
    }

    /// Reads it again with its JSON repaired. A repaired object reads, or it is rejected here.
    fn repaired(&mut self, json: &str, role: Role, facts: Facts<'_>, error: &serde_json::Error) {
        let repaired = repair(json);
        let wire = repaired.as_deref().and_then(|repaired| {
            let v1 = || serde_json::from_str::<V1Tweet<'_>>(repaired).ok().map(V1Tweet::into_v2);
            let v2 = serde_json::from_str::<WireTweet<'_>>(repaired).ok()?;
            if v2.is_v1() { v1() } else { Some(v2) }
        });
        match wire {
            Some(wire) if wire.id.0.is_some() && wire.text.0.is_some() => {
                let observed_at = self.add(&wire, json, role, facts);
                self.embedded_users(&wire, "", observed_at);
            }
            Some(_) => self.reject_by_kind(json, role),
            None if role == Role::Row => self.reject(&format!("the JSON cannot be read: {error}"), json),
            None => (),
        }
    }

    /// An object without what a tweet needs: says what it is instead.
    fn reject_by_kind(&mut self, json: &str, role: Role) {
        if role == Role::Context {
            return;
        }
        match serde_json::from_str::<Envelope<'_>>(json).unwrap_or_default().kind() {
            Kind::Other(reason) => self.reject(&reason, json),
            _ => self.reject("this JSON object is not a tweet", json),
        }
    }

    fn reject(&mut self, reason: &str, content: &str) {
        self.rejected.push(Rejected { reason: reason.to_owned(), content: content.to_owned() });
    }

    /// The tweets that the flattened form puts into `referenced_tweets`.
    fn embedded_tweets(&mut self, json: &str, facts: Facts<'_>, depth: usize) {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Embedding<'a> {
            #[serde(borrow)]
            referenced_posts: Option<RawList<'a>>,
            #[serde(borrow)]
            referenced_tweets: Option<RawList<'a>>,
        }
        let embedding: Embedding<'_> = serde_json::from_str(json).unwrap_or_default();
        let embedded = embedding.referenced_posts.or(embedding.referenced_tweets).unwrap_or_default();
        embedded.0.iter().for_each(|raw| self.v2(raw.get(), Role::Context, facts, depth + 1));
    }

    /// The users that the flattened form puts into tweets.
    fn embedded_users(&mut self, wire: &WireTweet<'_>, json: &str, observed_at: Timestamp) {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Mentioning<'a> {
            #[serde(borrow)]
            entities: Obj<Mentions<'a>>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Mentions<'a> {
            #[serde(borrow)]
            mentions: List<Obj<WireUser<'a>>>,
        }
        let users = [&wire.author, &wire.in_reply_to_user];
        let users = users.into_iter().filter_map(|user| user.0.as_ref());
        self.authors.extend(users.filter_map(|user| normalise::author(user, observed_at)));
        let mentions = wire.entities.0.as_ref().map(|entities| &entities.mentions);
        if mentions.is_some_and(|mentions| mentions.objects().any(|mention| mention.name.0)) {
            let mentioning: Mentioning<'_> = serde_json::from_str(json).unwrap_or_default();
            let mentions = mentioning.entities.0.unwrap_or_default().mentions;
            let whole = mentions.objects().filter(|user| user.name.0.is_some());
            self.authors.extend(whole.filter_map(|user| normalise::author(user, observed_at)));
        }
    }

    /// Completes retweets and joins rows and context, each tweet once: a row is no context as well.
    fn close(&mut self, sidecar: Option<&Sidecar<'_>>) {
        if self.has_retweets {
            normalise::complete_retweets(&mut self.tweets, &self.context, |id| sidecar?.originals.get(&id));
        }
        if !self.context.is_empty() {
            let mut seen: HashSet<_> = self.tweets.iter().map(|tweet| tweet.tweet.id).collect();
            self.tweets.extend(self.context.drain(..).filter(|tweet| seen.insert(tweet.tweet.id)));
        }
    }
}

pub(super) fn read_meta(json: &str) -> Meta {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct WireMeta<'a> {
        #[serde(borrow)]
        newest_id: Text<'a>,
        #[serde(borrow)]
        oldest_id: Text<'a>,
        result_count: Number,
        #[serde(borrow)]
        next_token: Text<'a>,
        #[serde(borrow)]
        previous_token: Text<'a>,
    }
    let meta: WireMeta<'_> = serde_json::from_str(json).unwrap_or_default();
    Meta {
        newest_id: meta.newest_id.parse(),
        oldest_id: meta.oldest_id.parse(),
        result_count: meta.result_count.0,
        next_token: meta.next_token.owned(),
        previous_token: meta.previous_token.owned(),
    }
}

fn count(json: &str) -> u64 {
    let errors: RawList<'_> = serde_json::from_str(json).unwrap_or_default();
    errors.0.len() as u64
}
