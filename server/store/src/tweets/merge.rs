//! What a later observation lacks, it does not erase.
//!
//! Sources tell different things: a file with ids and texts knows no counters, an old archive no views. So of every
//! field the latest value *that was told* is kept. A list that is empty was not told. Text and entities go together,
//! for entities point into the text: what has entities goes before what has none, and then the later.
//!
//! Observations come in any order, some twice, and the outcome must not depend on that. So for a value that is older
//! than the tweet's version it is kept when it was told ([`Told`]), and two observations are [`join`]ed field by field.
//! A removal takes away all that was told up to its time ([`forget`]).

use model::Timestamp;
use model::growth::Observation;
use model::observed::Identity;
use model::time::SECOND;
use model::tweet::{AuthorStats, Link, Metrics, Tweet};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// When values were told that are older than the version of their tweet, by the names of their fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Told(BTreeMap<Cow<'static, str>, i64>);

impl Told {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, field: &str, version: Timestamp) -> Timestamp {
        self.0.get(field).map_or(version, |told| Timestamp(*told))
    }

    fn set(&mut self, field: &'static str, told: Timestamp, version: Timestamp) {
        if told == version {
            self.0.remove(field);
        } else {
            self.0.insert(Cow::Borrowed(field), told.0);
        }
    }
}

/// What is known of a tweet, of one or of many observations.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub tweet: Tweet,
    pub author_stats: AuthorStats,
    pub told: Told,
}

/// Adds what another state knows. Which of the two came first makes no difference.
pub(super) fn join(state: &mut State, mut other: State) {
    if state.tweet.version < other.tweet.version {
        std::mem::swap(state, &mut other);
    }
    // An id tells its time to the millisecond, X to the second: files without times must not move a tweet about.
    if (state.tweet.created_at - other.tweet.created_at).abs() < SECOND {
        state.tweet.created_at = state.tweet.created_at.min(other.tweet.created_at);
    }
    let (version, earlier) = (state.tweet.version, other.tweet.version);
    join_text(state, &mut other);
    let State { tweet, author_stats, told } = state;
    let fields = fields(tweet, author_stats).into_iter().zip(self::fields(&mut other.tweet, &mut other.author_stats));
    for ((name, field), (_, older)) in fields {
        let (since, other_since) = (told.of(name, version), other.told.of(name, earlier));
        if older.is_told() && (!field.is_told() || since < other_since) {
            field.take(older);
            told.set(name, other_since, version);
        }
    }
}

/// The name under which it is kept when the text was told.
const TEXT: &str = "text";

fn join_text(state: &mut State, other: &mut State) {
    let version = state.tweet.version;
    let since = state.told.of(TEXT, version);
    let other_since = other.told.of(TEXT, other.tweet.version);
    let (tweet, older) = (&mut state.tweet, &mut other.tweet);
    let weight = |tweet: &Tweet, since| (!tweet.entities.is_empty(), since);
    let is_better = weight(tweet, since) < weight(older, other_since);
    if is_better {
        std::mem::swap(&mut tweet.text, &mut older.text);
        std::mem::swap(&mut tweet.entities, &mut older.entities);
        state.told.set(TEXT, other_since, version);
    }
    if tweet.text == older.text && !older.entities.is_empty() {
        let (entities, known) = (&mut tweet.entities, &mut older.entities);
        keep_list(&mut entities.hashtags, std::mem::take(&mut known.hashtags));
        keep_list(&mut entities.cashtags, std::mem::take(&mut known.cashtags));
        keep_list(&mut entities.mentions, std::mem::take(&mut known.mentions));
        fill_links(&mut entities.links, std::mem::take(&mut known.links));
    }
}

/// Takes away all that was told up to then. False if nothing is left: a tweet without its text is none.
pub(super) fn forget(state: &mut State, until: Timestamp) -> bool {
    let State { tweet, author_stats, told } = state;
    let version = tweet.version;
    for (name, field) in fields(tweet, author_stats) {
        if told.of(name, version) <= until {
            field.clear();
        }
    }
    let is_left = told.of(TEXT, version) > until;
    told.0.retain(|_, told| *told > until.0);
    is_left
}

/// The counters that the latest observation told, if it told any.
pub(super) fn latest(state: &State) -> Option<Observation> {
    let State { tweet, told, .. } = state;
    let metrics = tweet.metrics.only(|name| told.of(name, tweet.version) == tweet.version);
    (metrics != Metrics::default()).then_some(Observation { at: tweet.version, metrics })
}

/// When a field was told.
pub(super) fn told_at(state: &State, field: &str) -> Timestamp {
    state.told.of(field, state.tweet.version)
}

/// How many fields were told.
pub(super) fn told_fields(state: &mut State) -> u32 {
    let entities = u32::from(!state.tweet.entities.is_empty());
    let fields = fields(&mut state.tweet, &mut state.author_stats);
    fields.iter().fold(entities, |told, (_, field)| told + u32::from(field.is_told()))
}

/// A value that may not have been told.
trait Field {
    fn is_told(&self) -> bool;
    fn clear(&mut self);
    /// Takes the value of another of its kind.
    fn take(&mut self, other: &mut dyn Field);
    fn as_any(&mut self) -> &mut dyn Any;
}

macro_rules! impl_field {
    ($container:ident, $is_missing:ident) => {
        impl<T: 'static> Field for $container<T> {
            fn is_told(&self) -> bool {
                !self.$is_missing()
            }

            fn clear(&mut self) {
                *self = Self::default();
            }

            fn take(&mut self, other: &mut dyn Field) {
                if let Some(other) = other.as_any().downcast_mut::<Self>() {
                    std::mem::swap(self, other);
                }
            }

            fn as_any(&mut self) -> &mut dyn Any {
                self
            }
        }
    };
}

impl_field!(Option, is_none);
impl_field!(Vec, is_empty);

/// The fields that are joined one by one. The names are kept with tweets: they must stay as they are.
fn fields<'t>(tweet: &'t mut Tweet, stats: &'t mut AuthorStats) -> [(&'static str, &'t mut dyn Field); 26] {
    [
        ("author", &mut tweet.author),
        ("lang", &mut tweet.lang),
        ("source", &mut tweet.source),
        ("conversation", &mut tweet.conversation),
        ("reply_to_author", &mut tweet.reply_to_author),
        ("references", &mut tweet.references),
        ("likes", &mut tweet.metrics.likes),
        ("reposts", &mut tweet.metrics.reposts),
        ("replies", &mut tweet.metrics.replies),
        ("quotes", &mut tweet.metrics.quotes),
        ("bookmarks", &mut tweet.metrics.bookmarks),
        ("views", &mut tweet.metrics.views),
        ("media", &mut tweet.media),
        ("poll", &mut tweet.poll),
        ("place", &mut tweet.place),
        ("annotations", &mut tweet.annotations),
        ("sensitive", &mut tweet.sensitive),
        ("reply_settings", &mut tweet.reply_settings),
        ("paid_partnership", &mut tweet.paid_partnership),
        ("edit_history", &mut tweet.edit_history),
        ("withheld_in", &mut tweet.withheld_in),
        ("followers", &mut stats.followers),
        ("following", &mut stats.following),
        ("tweets", &mut stats.tweets),
        ("verified", &mut stats.verified),
        ("account_created", &mut stats.created_at),
    ]
}

/// Fills what `later` lacks.
pub(super) fn fill_stats(later: &mut AuthorStats, known: AuthorStats) {
    keep(&mut later.followers, known.followers);
    keep(&mut later.following, known.following);
    keep(&mut later.tweets, known.tweets);
    keep(&mut later.verified, known.verified);
    keep(&mut later.created_at, known.created_at);
}

/// Fills what `later` lacks.
pub(super) fn fill_identity(later: &mut Identity, known: Identity) {
    keep(&mut later.handle, known.handle);
    keep(&mut later.name, known.name);
    keep(&mut later.description, known.description);
    keep(&mut later.location, known.location);
    keep(&mut later.url, known.url);
    keep(&mut later.picture, known.picture);
}

/// Where a short link leads is known only to those whom X told.
fn fill_links(later: &mut Vec<Link>, known: Vec<Link>) {
    if later.is_empty() {
        return keep_list(later, known);
    }
    for link in later {
        let Some(known) = known.iter().find(|known| known.url == link.url) else { continue };
        keep(&mut link.expanded, known.expanded.clone());
        keep(&mut link.display, known.display.clone());
        keep(&mut link.title, known.title.clone());
    }
}

fn keep<T>(later: &mut Option<T>, known: Option<T>) {
    if later.is_none() {
        *later = known;
    }
}

fn keep_list<T>(later: &mut Vec<T>, known: Vec<T>) {
    if later.is_empty() {
        *later = known;
    }
}
