//! What a page carries beside its tweets.

use std::collections::HashSet;

use crate::wire::{Id, Includes};
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

/// Collects each object once, in the order of first mention.
struct Collector<'a> {
    corpus: &'a Corpus,
    includes: Includes,
    users: HashSet<Account>,
    tweets: HashSet<Id>,
    media: HashSet<String>,
}

impl Includes {
    pub fn of(records: &[Record], corpus: &Corpus, wanted: Expansions) -> Self {
        let mut collector = Collector {
            corpus,
            includes: Self::default(),
            users: HashSet::new(),
            tweets: HashSet::new(),
            media: HashSet::new(),
        };
        for record in records {
            collector.add(record, wanted);
        }
        collector.includes
    }

    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && self.tweets.is_empty() && self.media.is_empty() && self.places.is_empty()
    }
}

impl Collector<'_> {
    fn add(&mut self, record: &Record, wanted: Expansions) {
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
                if let Some(account) = self.corpus.account(&mention.username) {
                    self.user(account);
                }
            }
        }
        if wanted.media {
            self.media(record);
        }
        if wanted.place
            && let Some(place) = &record.place
            && self.includes.places.iter().all(|known| known.id != place.id)
        {
            self.includes.places.push(place.clone());
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
            (None, Some(target)) => self.reference(&self.corpus.record(target), wanted),
            (None, None) => {}
        }
    }

    fn reference(&mut self, record: &Record, wanted: Expansions) {
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
            self.includes.users.push(self.corpus.user(account));
        }
    }

    fn tweet(&mut self, record: &Record) {
        if self.tweets.insert(record.tweet.id) {
            self.includes.tweets.push(record.tweet.clone());
        }
    }

    fn media(&mut self, record: &Record) {
        for media in &record.media {
            if self.media.insert(media.media_key.clone()) {
                self.includes.media.push(media.clone());
            }
        }
    }
}
