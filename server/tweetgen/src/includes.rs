//! What a page carries beside its tweets.

use std::collections::HashSet;
use std::sync::Arc;

use crate::wire::{Id, Includes, Media, Place};
use crate::{Account, Corpus, Record};

/// Which related objects a page shall carry.
#[derive(Clone, Copy, Default, Debug)]
pub struct Expansions {
    pub author: bool,
    pub edit_history: bool,
    pub in_reply_to: bool,
    pub media: bool,
    pub mentions: bool,
    pub place: bool,
    pub referenced: bool,
    pub referenced_author: bool,
    pub referenced_media: bool,
}

impl Expansions {
    /// Everything.
    pub const ALL: Self = Self {
        author: true,
        edit_history: false, // adds only the page's own tweets again
        in_reply_to: true,
        media: true,
        mentions: true,
        place: true,
        referenced: true,
        referenced_author: true,
        referenced_media: true,
    };
}

/// Takes what belongs to a page, each object once, in the order of first mention.
pub trait Shelf {
    fn user(&mut self, account: Account);
    fn tweet(&mut self, record: &Arc<Record>);
    fn media(&mut self, media: &Media);
    fn place(&mut self, place: &Place);
    /// An earlier tweet.
    fn recall(&mut self, ordinal: i64) -> Arc<Record>;
    /// Whether a tweet that another refers to can still be had.
    fn has(&mut self, _record: &Arc<Record>) -> bool {
        true
    }
}

/// Looks for what belongs to a page's tweets and puts it on a shelf.
pub struct Collector<S> {
    pub shelf: S,
    users: HashSet<Account>,
    tweets: HashSet<Id>,
    media: HashSet<String>,
    places: HashSet<&'static str>,
}

/// Objects as they are.
struct Whole<'a, F> {
    corpus: &'a Corpus,
    includes: Includes,
    is_there: F,
    lost: Vec<Arc<Record>>,
}

impl<F: Fn(&Record) -> bool> Shelf for Whole<'_, F> {
    fn user(&mut self, account: Account) {
        self.includes.users.push(self.corpus.user(account));
    }

    fn tweet(&mut self, record: &Arc<Record>) {
        self.includes.tweets.push(record.tweet.clone());
    }

    fn media(&mut self, media: &Media) {
        self.includes.media.push(media.clone());
    }

    fn place(&mut self, place: &Place) {
        self.includes.places.push(place.clone());
    }

    fn recall(&mut self, ordinal: i64) -> Arc<Record> {
        Arc::new(self.corpus.record(ordinal))
    }

    fn has(&mut self, record: &Arc<Record>) -> bool {
        let is_there = (self.is_there)(record);
        if !is_there && !self.lost.iter().any(|lost| lost.ordinal == record.ordinal) {
            self.lost.push(Arc::clone(record));
        }
        is_there
    }
}

impl Includes {
    /// What belongs to `records`, and which tweets that they refer to are lost: those for which `is_there` is false.
    pub fn of(
        records: &[Arc<Record>],
        corpus: &Corpus,
        wanted: Expansions,
        is_there: impl Fn(&Record) -> bool,
    ) -> (Self, Vec<Arc<Record>>) {
        let whole = Whole { corpus, includes: Self::default(), is_there, lost: Vec::new() };
        let mut collector = Collector::new(whole);
        for record in records {
            collector.add(record, wanted);
        }
        (collector.shelf.includes, collector.shelf.lost)
    }

    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.tweets.is_empty() && self.media.is_empty() && self.places.is_empty()
    }
}

impl<S: Shelf> Collector<S> {
    pub fn new(shelf: S) -> Self {
        Self { shelf, users: HashSet::new(), tweets: HashSet::new(), media: HashSet::new(), places: HashSet::new() }
    }

    pub fn add(&mut self, record: &Arc<Record>, wanted: Expansions) {
        if wanted.author {
            self.user(record.author);
        }
        if wanted.in_reply_to
            && let Some(account) = record.replied_to
        {
            self.user(account);
        }
        if wanted.mentions {
            for mention in &record.tweet.entities.mentions {
                self.user(mention.account);
            }
        }
        if wanted.media {
            self.media(record);
        }
        if wanted.place
            && let Some(place) = &record.place
            && self.places.insert(place.id)
        {
            self.shelf.place(place);
        }
        if wanted.edit_history {
            self.tweet(record);
        }
        if wanted.referenced || wanted.referenced_author || wanted.referenced_media {
            self.referenced(record, wanted);
        }
    }

    fn referenced(&mut self, record: &Record, wanted: Expansions) {
        match (&record.original, record.target) {
            (Some(original), _) => self.reference(original, wanted),
            (None, Some(target)) => {
                let target = self.shelf.recall(target);
                self.reference(&target, wanted);
            }
            (None, None) => {}
        }
    }

    fn reference(&mut self, record: &Arc<Record>, wanted: Expansions) {
        if !self.shelf.has(record) {
            return;
        }
        self.tweet(record);
        if wanted.referenced_author {
            self.user(record.author);
        }
        if wanted.referenced_media {
            self.media(record);
        }
    }

    fn user(&mut self, account: Account) {
        if self.users.insert(account) {
            self.shelf.user(account);
        }
    }

    fn tweet(&mut self, record: &Arc<Record>) {
        if self.tweets.insert(record.tweet.id) {
            self.shelf.tweet(record);
        }
    }

    fn media(&mut self, record: &Record) {
        for media in &record.media {
            if self.media.insert(media.media_key.clone()) {
                self.shelf.media(media);
            }
        }
    }
}
