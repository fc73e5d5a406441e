//! A world of tweets that is the same for the same seed and origin.
//!
//! Nothing is stored: tweet number `k` is computed from the seed, so any part of the corpus is
//! at hand at once and memory does not depend on its size. Numbers ("ordinals") grow with time;
//! 0 is the first tweet of the seven days before the origin.

mod accounts;
mod canaries;
mod compose;
mod context;
mod details;
mod dice;
mod hostile;
mod lexicon;
mod life;
mod media;
mod model;
mod phrase;
mod places;
mod plan;
mod prose;
mod recent;
mod record;
mod text;
mod timeline;
mod topics;
mod versions;
mod vocabulary;
mod zipf;

use std::ops::Range;

pub use accounts::Account;
pub use canaries::{Canary, Planted};
pub(crate) use dice::{Dice, Domain};
pub(crate) use hostile::is_in as is_hostile_text;
pub use life::{Event, Final, Reason};
pub use plan::Kind;
pub use record::Record;
pub(crate) use vocabulary::LANGUAGES;

use accounts::Accounts;
use recent::Recent;
use timeline::Timeline;

use crate::profile::{Profile, World};
use crate::snowflake;
use crate::wire::{Id, Metrics, User};

/// The tweets of a [`World`]. May be shared by threads.
pub struct Corpus {
    world: World,
    timeline: Timeline,
    accounts: Accounts,
    recent: Recent,
    /// References of the demo go to tweets of a recent block of this many (a power of two).
    block: i64,
    /// Those of the other profiles to one of this many hundreds (a power of two).
    window: i64,
}

impl Corpus {
    /// The tweets of `world`; nothing is made yet.
    pub fn new(world: World) -> Self {
        let World { seed, tweets, origin_micros, rate_per_second, .. } = world;
        Self {
            timeline: Timeline::new(seed, origin_micros, tweets, rate_per_second),
            accounts: Accounts::new(seed, tweets, world.profile.is_measured()),
            recent: Recent::new(),
            block: (tweets / 200).clamp(16, 4_096).next_power_of_two() as i64,
            window: (tweets / 20_000).clamp(1, 64).next_power_of_two() as i64,
            world,
        }
    }

    /// What it was made of.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The moment a tweet is written (µs UTC).
    pub fn micros_of(&self, ordinal: i64) -> i64 {
        self.timeline.micros_of(ordinal)
    }

    fn seed(&self) -> u64 {
        self.world.seed
    }

    fn has_all_fields(&self) -> bool {
        self.world.profile == Profile::Full
    }

    fn is_measured(&self) -> bool {
        self.world.profile.is_measured()
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

    /// Every account, also those that write nothing.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        self.accounts.all()
    }

    /// Who writes a tweet, and of which kind it is: known before it has words, so it costs little.
    pub fn writer(&self, ordinal: i64) -> (Account, Kind) {
        let plan = self.plan(ordinal);
        (plan.author, plan.kind)
    }

    /// The language of a tweet, and its likes: known before it has words, too.
    pub fn language(&self, ordinal: i64) -> &'static str {
        LANGUAGES[self.plan(ordinal).theme.language].code
    }

    pub fn likes(&self, ordinal: i64) -> u64 {
        match self.plan(ordinal).kind {
            Kind::Retweet => 0,
            _ => self.metrics(ordinal).like_count,
        }
    }

    fn metrics(&self, ordinal: i64) -> Metrics {
        details::metrics(&mut Dice::new(self.seed(), Domain::Metrics, ordinal))
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

    fn id(&self, ordinal: i64) -> u64 {
        snowflake::id_at(self.timeline.micros_of(ordinal), ordinal)
    }
}
