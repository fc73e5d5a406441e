//! What is decided about a tweet before it has words: cheap, and enough for its references.

use super::Corpus;
use super::accounts::Account;
use super::dice::{Dice, Domain};
use super::vocabulary::{LANGUAGES, total_weight};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Retweet,
    Original,
    Reply,
    Quote,
}

/// Language and topic; replies, quotes and retweets have those of what they refer to.
#[derive(Clone, Copy)]
pub struct Theme {
    pub language: usize,
    pub topic: usize,
    /// The event that everybody writes about with one hashtag.
    pub trend: Option<u64>,
}

pub struct Plan {
    pub ordinal: i64,
    pub id: u64,
    pub micros: i64,
    pub kind: Kind,
    pub target: Option<i64>,
    pub theme: Theme,
    pub author: Account,
}

impl Corpus {
    pub(super) fn plan(&self, ordinal: i64) -> Plan {
        let micros = self.timeline.micros_of(ordinal);
        let kind = self.kind(ordinal);
        let theme = self.theme(ordinal);
        Plan {
            ordinal,
            id: crate::snowflake::id_at(micros, ordinal),
            micros,
            kind,
            target: self.target(ordinal),
            theme,
            author: self.author(ordinal, kind, theme),
        }
    }

    pub(super) fn kind(&self, ordinal: i64) -> Kind {
        match Dice::new(self.seed, Domain::Kind, ordinal).below(100) {
            0..40 => Kind::Retweet,
            40..70 => Kind::Original,
            70..92 => Kind::Reply,
            _ => Kind::Quote,
        }
    }

    /// The tweet this one refers to; always an earlier one.
    pub(super) fn target(&self, ordinal: i64) -> Option<i64> {
        let kind = self.kind(ordinal);
        if kind == Kind::Original {
            return None;
        }
        let mut dice = Dice::new(self.seed, Domain::Target, ordinal);
        let size = self.block;
        // the newest complete block or one before it, ever less likely
        let block = ordinal.div_euclid(size) - 1 - (dice.exponential() * 8.0) as i64;
        let spread = Dice::new(self.seed, Domain::Target, !block).next() as i64;
        // rank by popularity: log-uniform is Zipf with exponent 1
        let mut rank = libm::pow(size as f64, dice.unit()) as i64;
        loop {
            // an odd factor visits each place of the block once (its size is a power of two)
            let candidate = block * size + (rank.wrapping_mul(0x9e37).wrapping_add(spread)).rem_euclid(size);
            let suits = match self.kind(candidate) {
                Kind::Retweet => false,
                Kind::Original | Kind::Quote => true,
                Kind::Reply => kind == Kind::Reply,
            };
            if suits {
                return Some(candidate);
            }
            rank += 1;
        }
    }

    /// The first tweet of the conversation.
    pub(super) fn root(&self, mut ordinal: i64) -> i64 {
        while self.kind(ordinal) == Kind::Reply
            && let Some(target) = self.target(ordinal)
        {
            ordinal = target;
        }
        ordinal
    }

    fn theme(&self, mut ordinal: i64) -> Theme {
        while let Some(target) = self.target(ordinal) {
            ordinal = target;
        }
        let mut dice = Dice::new(self.seed, Domain::Theme, ordinal);
        let trend = self.timeline.spike(self.timeline.micros_of(ordinal), &mut dice);
        if let Some(number) = trend {
            dice = Dice::new(self.seed, Domain::Trend, number as i64);
        }
        let language = weighted_language(dice.below(total_weight()));
        let topic = dice.below(LANGUAGES[language].topics.len() as u64) as usize;
        Theme { language, topic, trend }
    }

    fn author(&self, ordinal: i64, kind: Kind, theme: Theme) -> Account {
        let mut dice = Dice::new(self.seed, Domain::Author, ordinal);
        let mut account = self.accounts.draw(theme.language, &mut dice);
        // bots announce; they neither talk nor spread
        for _ in 0..8 {
            if kind == Kind::Original || !self.accounts.is_bot(account) {
                break;
            }
            account = self.accounts.draw(theme.language, &mut dice);
        }
        account
    }
}

fn weighted_language(mut ticket: u64) -> usize {
    for (index, language) in LANGUAGES.iter().enumerate() {
        match ticket.checked_sub(language.weight) {
            Some(rest) => ticket = rest,
            None => return index,
        }
    }
    0
}
