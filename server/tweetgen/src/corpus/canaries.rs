//! Marks that stand nowhere else. Who finds one in a log or in a file that should be sealed has found a leak.

use super::Corpus;
use super::accounts::{Account, code};
use super::dice::{Dice, Domain};
use super::model::is_chosen;
use crate::wire::Id;

const PLANTED_EACH: i64 = 1_000;
/// Accounts and tweets must not share a mark.
const ACCOUNTS: i64 = 1 << 40;

/// A mark and where it was planted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Canary {
    pub marker: String,
    pub place: Planted,
}

/// What carries a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Planted {
    /// The text of this tweet.
    Text(Id),
    /// The display name of this account.
    Name(Id),
}

impl Corpus {
    /// All marks of the week before the origin: in texts, and in the names of accounts, also of such that
    /// write nothing. The demo has none.
    pub fn canaries(&self) -> impl Iterator<Item = Canary> {
        let last = if self.is_measured() { self.first_week().end } else { 0 };
        let blocks = 0..(last + PLANTED_EACH - 1) / PLANTED_EACH;
        let texts = blocks.map(|block| block * PLANTED_EACH + self.position(block)).filter(move |&it| it < last);
        let texts =
            texts.map(|ordinal| Canary { marker: self.marker(ordinal), place: Planted::Text(Id(self.id(ordinal))) });
        let accounts = self.accounts.all().filter(move |&account| last > 0 && is_marked(self.seed(), account));
        let names = accounts.map(|account| Canary {
            marker: name(self.seed(), account),
            place: Planted::Name(self.accounts.id(account)),
        });
        texts.chain(names)
    }

    fn position(&self, block: i64) -> i64 {
        Dice::new(self.seed(), Domain::Canary, block).between(0, PLANTED_EACH)
    }

    /// Whether the tweet's text carries a mark.
    pub(super) fn is_planted(&self, ordinal: i64) -> bool {
        is_chosen(self.seed(), Domain::Canary, ordinal, PLANTED_EACH)
    }

    /// What looks like an address, a telephone number or a secret, with the tweet's number in it.
    pub(super) fn marker(&self, ordinal: i64) -> String {
        let mut dice = Dice::new(self.seed(), Domain::Canary, !ordinal);
        match dice.below(3) {
            0 => format!("canary-{ordinal}-{}@leak.example", code(&mut dice).to_lowercase()),
            1 => format!("+999 {:03} {ordinal:010}", dice.below(1_000)),
            _ => format!("sk_canary_{}{ordinal}", code(&mut dice)),
        }
    }
}

/// Whether the account's name is a mark.
pub fn is_marked(seed: u64, account: Account) -> bool {
    is_chosen(seed, Domain::Canary, ACCOUNTS + i64::from(account.index), PLANTED_EACH)
}

/// The name of a marked account.
pub fn name(seed: u64, account: Account) -> String {
    let mut dice = Dice::new(seed, Domain::Canary, -ACCOUNTS - i64::from(account.index));
    format!("Canary {} {}", code(&mut dice), account.index)
}
