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

#[derive(Clone, Copy)]
pub struct Plan {
    pub ordinal: i64,
    pub id: u64,
    pub micros: i64,
    pub kind: Kind,
    pub target: Option<Target>,
    /// Id of the first tweet of the conversation.
    pub conversation: u64,
    pub theme: Theme,
    pub author: Account,
}

/// What a tweet refers to.
#[derive(Clone, Copy)]
pub struct Target {
    pub ordinal: i64,
    pub id: u64,
    pub author: Account,
}

impl Corpus {
    pub(super) fn plan(&self, ordinal: i64) -> Plan {
        self.recent.get_or_make(ordinal, || self.make_plan(ordinal))
    }

    fn make_plan(&self, ordinal: i64) -> Plan {
        let micros = self.timeline.micros_of(ordinal);
        let id = crate::snowflake::id_at(micros, ordinal);
        let own_theme = self.own_theme(ordinal);
        let kind =
            if self.is_measured() { self.measured_kind(ordinal, own_theme.language) } else { self.kind(ordinal) };
        let target = match kind {
            Kind::Original => None,
            _ if self.is_measured() => Some(self.plan(self.measured_target(ordinal, own_theme.language, kind))),
            _ => Some(self.plan(self.target(ordinal, kind))),
        };
        let theme = target.map_or(own_theme, |target| target.theme);
        Plan {
            ordinal,
            id,
            micros,
            kind,
            target: target.map(|Plan { ordinal, id, author, .. }| Target { ordinal, id, author }),
            conversation: target.filter(|_| kind == Kind::Reply).map_or(id, |target| target.conversation),
            theme,
            author: self.author(ordinal, kind, theme),
        }
    }

    /// Of the demo.
    fn kind(&self, ordinal: i64) -> Kind {
        match Dice::new(self.seed(), Domain::Kind, ordinal).below(100) {
            0..40 => Kind::Retweet,
            40..70 => Kind::Original,
            70..92 => Kind::Reply,
            _ => Kind::Quote,
        }
    }

    /// The tweet of the demo that this one refers to; always an earlier one.
    fn target(&self, ordinal: i64, kind: Kind) -> i64 {
        let mut dice = Dice::new(self.seed(), Domain::Target, ordinal);
        let size = self.block;
        // the newest complete block or one before it, ever less likely
        let mut block = ordinal.div_euclid(size) - 1 - (dice.exponential() * 8.0) as i64;
        // rank by popularity: log-uniform is Zipf with exponent 1
        let mut rank = libm::pow(size as f64, dice.unit()) as i64;
        loop {
            let spread = Dice::new(self.seed(), Domain::Target, !block).next() as i64;
            for _ in 0..size {
                // an odd factor visits each place of the block once (its size is a power of two)
                let candidate = block * size + (rank.wrapping_mul(0x9e37).wrapping_add(spread)).rem_euclid(size);
                let suits = match self.kind(candidate) {
                    Kind::Retweet => false,
                    Kind::Original | Kind::Quote => true,
                    Kind::Reply => kind == Kind::Reply,
                };
                if suits {
                    return candidate;
                }
                rank += 1;
            }
            // of the smallest blocks one in two thousand has nothing that suits
            block -= 1;
        }
    }

    /// The theme of a tweet that refers to no other.
    pub(super) fn own_theme(&self, ordinal: i64) -> Theme {
        let mut dice = Dice::new(self.seed(), Domain::Theme, ordinal);
        let trend = self.timeline.spike(ordinal, &mut dice);
        if let Some(number) = trend {
            dice = Dice::new(self.seed(), Domain::Trend, number as i64);
        }
        let language = match trend {
            None if self.is_measured() => self.dealt_language(ordinal),
            _ => weighted_language(dice.below(total_weight())),
        };
        let topic = dice.below(LANGUAGES[language].topics.len() as u64) as usize;
        Theme { language, topic, trend }
    }

    fn author(&self, ordinal: i64, kind: Kind, theme: Theme) -> Account {
        let mut dice = Dice::new(self.seed(), Domain::Author, ordinal);
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
