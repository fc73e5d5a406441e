//! A world of tweets that is the same for the same seed and origin.
//!
//! Nothing is stored: tweet number `k` is computed from the seed, so any part of the corpus is
//! at hand at once and memory does not depend on its size. Numbers ("ordinals") grow with time;
//! 0 is the first tweet of the seven days before the origin.

mod accounts;
mod compose;
mod dice;
mod hostile;
mod media;
mod phrase;
mod places;
mod plan;
mod text;
mod timeline;
mod topics;
mod vocabulary;

use std::ops::Range;

pub use accounts::Account;
pub use plan::Kind;

use accounts::Accounts;
use dice::{Dice, Domain};
use plan::Plan;
use text::Text;
use timeline::Timeline;
use vocabulary::LANGUAGES;

use crate::snowflake;
use crate::time::{MINUTE, timestamp};
use crate::wire::{
    Attachments, ContextAnnotation, EditControls, Geo, Id, Media, Metrics, Named, Note, Place, Point, Reference, Tweet,
    User,
};

const EDITED_SHARE: f64 = 0.005;
const EDITS_ALLOWED: u64 = 5;
const EDITABLE: i64 = 30 * MINUTE;

pub struct Corpus {
    seed: u64,
    timeline: Timeline,
    accounts: Accounts,
    /// References go to tweets of a recent block of this many (a power of two).
    block: i64,
}

/// A tweet with what belongs to it but is delivered beside it.
pub struct Record {
    pub kind: Kind,
    pub tweet: Tweet,
    pub author: Account,
    pub username: String,
    pub media: Vec<Media>,
    pub place: Option<Place>,
    pub target: Option<i64>,
    pub replied_to: Option<Account>,
    /// The retweeted tweet, which had to be made for this one's text.
    pub original: Option<Box<Record>>,
}

impl Corpus {
    /// A corpus with `tweets` tweets in the seven days before `origin_micros` and
    /// `rate_per_second` after it.
    pub fn new(seed: u64, tweets: u64, origin_micros: i64, rate_per_second: f64) -> Self {
        Self {
            seed,
            timeline: Timeline::new(seed, origin_micros, tweets, rate_per_second),
            accounts: Accounts::new(seed, tweets),
            block: (tweets / 200).clamp(16, 4_096).next_power_of_two() as i64,
        }
    }

    /// The ordinals of the tweets written in `[from, to)` (µs UTC).
    pub fn ordinals(&self, from: i64, to: i64) -> Range<i64> {
        self.timeline.ordinal_at(from)..self.timeline.ordinal_at(to)
    }

    /// The ordinals of the seven days before the origin.
    pub fn first_week(&self) -> Range<i64> {
        0..self.timeline.before() as i64
    }

    /// The first ordinal whose tweet's id is `id` or greater.
    pub fn ordinal_of_id(&self, id: u64) -> i64 {
        let micros = snowflake::micros_of(id);
        let candidates = self.ordinals(micros, micros + 1_000);
        let id_of = |ordinal| snowflake::id_at(self.timeline.micros_of(ordinal), ordinal);
        candidates.clone().find(|&ordinal| id_of(ordinal) >= id).unwrap_or(candidates.end)
    }

    pub fn user(&self, account: Account) -> User {
        self.accounts.user(account)
    }

    pub fn user_id(&self, account: Account) -> Id {
        self.accounts.id(account)
    }

    pub fn username(&self, account: Account) -> String {
        self.accounts.username(account)
    }

    /// The account with this handle.
    pub fn account(&self, username: &str) -> Option<Account> {
        self.accounts.find(username)
    }

    /// The tweet with this number.
    pub fn record(&self, ordinal: i64) -> Record {
        let plan = self.plan(ordinal);
        match (plan.kind, plan.target) {
            (Kind::Retweet, Some(target)) => self.retweet(&plan, self.record(target)),
            _ => self.own_words(&plan),
        }
    }

    fn retweet(&self, plan: &Plan, original: Record) -> Record {
        let source = &original.tweet;
        let whole = Text::delivered(&source.text, &source.entities);
        let text = whole.retweeted(&original.username, source.author_id);
        let metrics = Metrics {
            retweet_count: source.public_metrics.retweet_count.max(1),
            reply_count: 0,
            like_count: 0,
            quote_count: 0,
            bookmark_count: 0,
            impression_count: 0,
        };
        let mut tweet = self.tweet(plan, text, None, metrics);
        tweet.attachments.clone_from(&source.attachments);
        tweet.possibly_sensitive = source.possibly_sensitive;
        Record { media: original.media.clone(), original: Some(Box::new(original)), ..self.bare_record(plan, tweet) }
    }

    fn own_words(&self, plan: &Plan) -> Record {
        let composed = self.compose(plan);
        let mut dice = Dice::new(self.seed, Domain::Details, plan.ordinal);
        let metrics = metrics(&mut Dice::new(self.seed, Domain::Metrics, plan.ordinal));
        let mut tweet = self.tweet(plan, composed.text, composed.note, metrics);
        tweet.possibly_sensitive = dice.chance(0.02);
        if dice.chance(0.08) {
            tweet.reply_settings = dice.pick(&["following", "mentionedUsers", "subscribers"]);
        }
        if dice.chance(0.15) {
            tweet.context_annotations.push(context(plan));
        }
        if dice.chance(EDITED_SHARE) {
            edit(&mut tweet, plan, &mut dice);
        }
        if !composed.media.is_empty() {
            let media_keys = composed.media.iter().map(|media| media.media_key.clone()).collect();
            tweet.attachments = Some(Attachments { media_keys });
        }
        let place = locate(&mut tweet, &mut dice);
        let replied_to = match plan.kind {
            Kind::Reply => plan.target.map(|target| self.plan(target).author),
            _ => None,
        };
        tweet.in_reply_to_user_id = replied_to.map(|account| self.user_id(account));
        Record { media: composed.media, place, replied_to, ..self.bare_record(plan, tweet) }
    }

    fn bare_record(&self, plan: &Plan, tweet: Tweet) -> Record {
        Record {
            kind: plan.kind,
            tweet,
            author: plan.author,
            username: self.accounts.username(plan.author),
            media: Vec::new(),
            place: None,
            target: plan.target,
            replied_to: None,
            original: None,
        }
    }

    fn tweet(&self, plan: &Plan, text: Text, note: Option<Note>, metrics: Metrics) -> Tweet {
        let reference = plan.target.map(|target| Reference {
            kind: match plan.kind {
                Kind::Retweet => "retweeted",
                Kind::Quote => "quoted",
                Kind::Reply | Kind::Original => "replied_to",
            },
            id: Id(self.id(target)),
        });
        Tweet {
            id: Id(plan.id),
            text: text.text,
            edit_history_tweet_ids: vec![Id(plan.id)],
            author_id: self.user_id(plan.author),
            created_at: timestamp(plan.micros),
            conversation_id: Id(self.id(self.root(plan.ordinal))),
            in_reply_to_user_id: None,
            referenced_tweets: reference.into_iter().collect(),
            lang: LANGUAGES[plan.theme.language].code,
            possibly_sensitive: false,
            reply_settings: "everyone",
            public_metrics: metrics,
            entities: text.entities,
            context_annotations: Vec::new(),
            attachments: None,
            geo: None,
            note_tweet: note,
            edit_controls: EditControls {
                edits_remaining: EDITS_ALLOWED,
                is_edit_eligible: plan.kind == Kind::Original,
                editable_until: timestamp(plan.micros + EDITABLE),
            },
        }
    }

    fn id(&self, ordinal: i64) -> u64 {
        snowflake::id_at(self.timeline.micros_of(ordinal), ordinal)
    }
}

/// Pareto likes; the other counts follow them.
fn metrics(dice: &mut Dice) -> Metrics {
    let likes = (dice.pareto() * 1.6).min(3e6);
    let mut share = |low: f64, high: f64| (likes * (low + dice.unit() * (high - low))) as u64;
    let (retweet_count, reply_count) = (share(0.05, 0.35), share(0.02, 0.2));
    let (quote_count, bookmark_count) = (share(0.0, 0.05), share(0.0, 0.12));
    Metrics {
        retweet_count,
        reply_count,
        like_count: likes as u64,
        quote_count,
        bookmark_count,
        impression_count: share(15.0, 90.0) + dice.below(60),
    }
}

fn context(plan: &Plan) -> ContextAnnotation {
    let topic = LANGUAGES[plan.theme.language].topics[plan.theme.topic].name;
    let name = topics::extras(topic).entity;
    let number = name.bytes().fold(17_u64, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
    ContextAnnotation {
        domain: Named { id: Id(131), name: "Unified Twitter Taxonomy" },
        entity: Named { id: Id(847_000_000_000_000_000 + number), name },
    }
}

/// Gives the tweet one to three earlier versions, the first up to half an hour old.
fn edit(tweet: &mut Tweet, plan: &Plan, dice: &mut Dice) {
    let edits = 1 + dice.below(3);
    let first = plan.micros - dice.between(2 * MINUTE, EDITABLE);
    let step = (plan.micros - first) / edits as i64;
    tweet.edit_history_tweet_ids = (0..edits)
        .map(|edit| Id(snowflake::spare_id_at(first + step * edit as i64, plan.ordinal as u64)))
        .chain([tweet.id])
        .collect();
    tweet.edit_controls.edits_remaining = EDITS_ALLOWED - edits;
    tweet.edit_controls.editable_until = timestamp(first + EDITABLE);
}

fn locate(tweet: &mut Tweet, dice: &mut Dice) -> Option<Place> {
    if !dice.chance(0.03) {
        return None;
    }
    let place = places::choose(tweet.lang, dice)?;
    let [west, south, east, north] = place.geo.bbox;
    let coordinates = dice.chance(0.2).then(|| {
        let longitude = west + (east - west) * dice.unit();
        let latitude = south + (north - south) * dice.unit();
        Point { kind: "Point", coordinates: [longitude, latitude] }
    });
    tweet.geo = Some(Geo { place_id: place.id, coordinates });
    Some(place)
}
