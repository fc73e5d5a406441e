//! Objects as bytes of JSON, kept for a while: who goes through time meets them again.

use std::sync::Arc;

use crate::includes::Shelf;
use crate::wire::{Id, Media, Place};
use crate::{Account, Corpus, Record};

/// Powers of two. Together they take some 40 MB.
const TWEETS: usize = 1 << 13;
const USERS: usize = 1 << 14;

type Bytes = Arc<[u8]>;

/// A tweet that others refer to.
#[derive(Clone)]
struct Kept {
    ordinal: i64,
    record: Arc<Record>,
    json: Bytes,
}

/// Tweets and users that were written lately.
pub struct Library<'a> {
    corpus: &'a Corpus,
    tweets: Vec<Option<Kept>>,
    users: Vec<Option<(Account, Bytes)>>,
}

/// What belongs to a page.
pub struct Written<'l, 'a> {
    library: &'l mut Library<'a>,
    pub users: Vec<Bytes>,
    pub tweets: Vec<(Id, Bytes)>,
    media: Vec<u8>,
    places: Vec<u8>,
}

impl<'a> Library<'a> {
    pub fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, tweets: vec![None; TWEETS], users: vec![None; USERS] }
    }

    /// A tweet and, if it is a retweet, the one it repeats.
    pub fn record(&mut self, ordinal: i64) -> Record {
        let corpus = self.corpus;
        corpus.record_with(ordinal, |target| self.tweet(target).record)
    }

    pub fn shelf(&mut self) -> Written<'_, 'a> {
        Written { library: self, users: Vec::new(), tweets: Vec::new(), media: Vec::new(), places: Vec::new() }
    }

    fn tweet(&mut self, ordinal: i64) -> Kept {
        let place = &mut self.tweets[ordinal as usize % TWEETS];
        if let Some(kept) = place.as_ref().filter(|kept| kept.ordinal == ordinal) {
            return kept.clone();
        }
        let record = Arc::new(self.corpus.record(ordinal));
        let kept = Kept { ordinal, json: written(&record.tweet), record };
        *place = Some(kept.clone());
        kept
    }

    fn user(&mut self, account: Account) -> Bytes {
        let place = &mut self.users[account.index as usize % USERS];
        if let Some((known, json)) = place
            && *known == account
        {
            return Arc::clone(json);
        }
        let json = written(&self.corpus.user(account));
        *place = Some((account, Arc::clone(&json)));
        json
    }
}

impl Shelf for Written<'_, '_> {
    fn user(&mut self, account: Account) {
        let json = self.library.user(account);
        self.users.push(json);
    }

    fn tweet(&mut self, record: &Arc<Record>) {
        let json = self.library.tweet(record.ordinal).json;
        self.tweets.push((record.tweet.id, json));
    }

    fn media(&mut self, media: &Media) {
        append(&mut self.media, &written(media));
    }

    fn place(&mut self, place: &Place) {
        append(&mut self.places, &written(place));
    }

    fn recall(&mut self, ordinal: i64) -> Arc<Record> {
        self.library.tweet(ordinal).record
    }
}

impl Written<'_, '_> {
    /// Appends `,"includes":{…}`, or nothing if there is nothing.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        list(bytes, start, "users", self.users.iter().map(|json| &json[..]));
        list(bytes, start, "tweets", self.tweets.iter().map(|(_, json)| &json[..]));
        list(bytes, start, "media", [&self.media[..]].into_iter().filter(|media| !media.is_empty()));
        list(bytes, start, "places", [&self.places[..]].into_iter().filter(|places| !places.is_empty()));
        if bytes.len() > start {
            bytes.push(b'}');
        }
    }
}

fn list<'b>(bytes: &mut Vec<u8>, start: usize, name: &str, objects: impl Iterator<Item = &'b [u8]>) {
    let mut objects = objects.peekable();
    if objects.peek().is_none() {
        return;
    }
    bytes.extend(if bytes.len() == start { &b",\"includes\":{\""[..] } else { &b",\""[..] });
    bytes.extend(name.as_bytes());
    bytes.extend(b"\":[");
    for (index, object) in objects.enumerate() {
        if index > 0 {
            bytes.push(b',');
        }
        bytes.extend(object);
    }
    bytes.push(b']');
}

fn append(list: &mut Vec<u8>, object: &[u8]) {
    if !list.is_empty() {
        list.push(b',');
    }
    list.extend(object);
}

fn written(object: &impl serde::Serialize) -> Bytes {
    // writing to memory fails for no type of `wire`
    serde_json::to_vec(object).unwrap_or_default().into()
}
