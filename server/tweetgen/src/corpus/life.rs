//! What becomes of tweets: which are edited, deleted or lost with their author, and what is left in the end.

use std::ops::Range;

use serde_json::{Value, json};

use super::accounts::Account;
use super::dice::{Dice, Domain};
use super::plan::{Kind, Plan};
use super::{Corpus, details};
use crate::time::{DAY, timestamp};
use crate::wire::Id;

const MONTH: i64 = 30 * DAY;
/// Shares in a thousand.
const EDITED: u64 = 5;
const DELETED: u64 = 100;
const PROTECTED: u64 = 4;
const SUSPENDED: u64 = 8;
const SCRUBBED: u64 = 20;
const WITHHELD: u64 = 2;

/// Why something changed, as X names it in compliance jobs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    Deleted,
    Protected,
    Suspended,
    /// The tweet stays, its place does not.
    ScrubGeo,
    /// The tweet stays, but is not shown in some countries.
    Withheld,
}

/// Something that happened to a tweet or an account.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Event {
    /// Id of the tweet or the account.
    pub id: Id,
    /// When the tweet was written or the account opened (µs UTC).
    pub created_micros: i64,
    /// When it happened (µs UTC).
    pub at_micros: i64,
    pub reason: Reason,
}

/// A tweet that is left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Final {
    pub ordinal: i64,
    /// Of its last version.
    pub id: Id,
    /// Ids of earlier versions, oldest first.
    pub earlier: Vec<Id>,
    /// Its place is gone.
    pub is_scrubbed: bool,
    /// It is not shown in some countries.
    pub is_withheld: bool,
}

impl Reason {
    pub fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Protected => "protected",
            Self::Suspended => "suspended",
            Self::ScrubGeo => "scrub_geo",
            Self::Withheld => "withheld",
        }
    }

    /// Whether nothing of the tweet may be kept.
    pub fn removes(self) -> bool {
        matches!(self, Self::Deleted | Self::Protected | Self::Suspended)
    }
}

impl Event {
    /// A line of a compliance job's result.
    pub fn line(&self) -> Value {
        json!({
            "id": self.id,
            "action": if self.reason.removes() { "delete" } else { self.reason.name() },
            "created_at": timestamp(self.created_micros),
            "redacted_at": timestamp(self.at_micros),
            "reason": self.reason.name(),
        })
    }
}

impl Corpus {
    /// What a compliance job tells at `until` (µs UTC) about the tweets with these numbers, in their order: at most
    /// one event each, the one that weighs most.
    pub fn compliance(&self, ordinals: Range<i64>, until: i64) -> impl Iterator<Item = Event> {
        ordinals.filter_map(move |ordinal| self.event(&self.plan(ordinal), until))
    }

    /// What a compliance job tells about accounts.
    pub fn account_compliance(&self, until: i64) -> impl Iterator<Item = Event> {
        self.accounts.all().filter_map(move |account| self.account_event(account, until))
    }

    /// What has happened to an account at `until` (µs UTC).
    pub fn account_event(&self, account: Account, until: i64) -> Option<Event> {
        let (at_micros, reason) = self.account_fate(account).filter(|&(at, _)| at <= until)?;
        let created_micros = self.accounts.born_micros(account);
        Some(Event { id: self.user_id(account), created_micros, at_micros, reason })
    }

    /// What is left at `until` (µs UTC) of the tweets with these numbers: the last version of each that was not
    /// deleted and whose author is neither protected nor suspended. Retweets go with what they repeat.
    pub fn final_tweets(&self, ordinals: Range<i64>, until: i64) -> impl Iterator<Item = Final> {
        ordinals.filter_map(move |ordinal| {
            let plan = self.plan(ordinal);
            let reason = self.event(&plan, until).map(|event| event.reason);
            if reason.is_some_and(Reason::removes) {
                return None;
            }
            Some(Final {
                ordinal,
                id: Id(plan.id),
                earlier: self.earlier_ids(&plan),
                is_scrubbed: reason == Some(Reason::ScrubGeo),
                is_withheld: reason == Some(Reason::Withheld),
            })
        })
    }

    fn event(&self, plan: &Plan, until: i64) -> Option<Event> {
        let own = self.fates(plan);
        let original = plan.target.filter(|_| plan.kind == Kind::Retweet).map(|target| self.plan(target.ordinal));
        let inherited =
            original.iter().flat_map(|original| self.fates(original)).filter(|(_, reason)| reason.removes());
        let past = own.chain(inherited).filter(|&(at, _)| at <= until);
        let (at_micros, reason) = past.min_by_key(|&(at, reason)| (!reason.removes(), at))?;
        Some(Event { id: Id(plan.id), created_micros: plan.micros, at_micros: at_micros.max(plan.micros), reason })
    }

    /// What happens to the tweet itself and to its author.
    fn fates(&self, plan: &Plan) -> impl Iterator<Item = (i64, Reason)> {
        let mut dice = Dice::new(self.seed(), Domain::Fate, plan.ordinal);
        let ticket = dice.below(1_000);
        let reason = match ticket {
            0..DELETED => Some(Reason::Deleted),
            DELETED.. if ticket < DELETED + SCRUBBED => Some(Reason::ScrubGeo),
            _ if ticket < DELETED + SCRUBBED + WITHHELD => Some(Reason::Withheld),
            _ => None,
        };
        // most are deleted soon
        let delay = (MONTH as f64 * dice.unit() * dice.unit()) as i64;
        let own = reason.map(|reason| (plan.micros + delay, reason));
        own.into_iter().chain(self.account_fate(plan.author))
    }

    /// When in the month after the origin an account is protected or suspended, if ever.
    fn account_fate(&self, account: Account) -> Option<(i64, Reason)> {
        let mut dice = Dice::new(self.seed(), Domain::Fate, !i64::from(account.index));
        let reason = match dice.below(1_000) {
            0..PROTECTED => Reason::Protected,
            PROTECTED..SUSPENDED => Reason::Suspended,
            _ => return None,
        };
        Some((self.world.origin_micros + dice.between(0, MONTH), reason))
    }

    /// Ids of the tweet's earlier versions. Only originals can be edited.
    pub(super) fn earlier_ids(&self, plan: &Plan) -> Vec<Id> {
        let mut dice = Dice::new(self.seed(), Domain::Edit, plan.ordinal);
        if plan.kind != Kind::Original || !self.is_measured() || dice.below(1_000) >= EDITED {
            return Vec::new();
        }
        details::earlier_ids(plan, &mut dice)
    }
}
