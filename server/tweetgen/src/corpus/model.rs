//! Languages, kinds and references as published figures have them.
//!
//! Languages are dealt, not thrown: of a hundred tweets in a row each language has exactly its
//! share, in an order of its own for every hundred. So a language's tweets are found without
//! looking at the others.

use std::sync::LazyLock;

use super::Corpus;
use super::dice::{Dice, Domain};
use super::plan::Kind;
use super::vocabulary::LANGUAGES;

const HUNDRED: i64 = 100;
/// Of 60 that are no retweets: 30 originals, 22 replies, 8 quotes.
const OWN: u64 = 60;
const HOSTILE_EACH: i64 = 500;
/// A prime above every window, so its multiples visit each place once.
const STRIDE: i64 = 10_007;

/// Language by place in a hundred, before shuffling; and each language's first place.
static PLACES: LazyLock<(Vec<usize>, Vec<i64>)> = LazyLock::new(|| {
    let mut places = Vec::new();
    let mut firsts = Vec::new();
    for (index, language) in LANGUAGES.iter().enumerate() {
        firsts.push(places.len() as i64);
        places.extend((0..language.weight).map(|_| index));
    }
    (places, firsts)
});

/// How a hundred is shuffled: `place * factor + shift`, modulo a hundred.
struct Shuffle {
    factor: i64,
    inverse: i64,
    shift: i64,
}

impl Shuffle {
    fn of(seed: u64, hundred: i64) -> Self {
        const COPRIME: [(i64, i64); 8] =
            [(7, 43), (13, 77), (19, 79), (23, 87), (27, 63), (37, 73), (53, 17), (91, 11)];
        let mut dice = Dice::new(seed, Domain::Language, hundred);
        let (factor, inverse) = dice.pick(&COPRIME);
        Self { factor, inverse, shift: dice.between(0, HUNDRED) }
    }

    fn place(&self, position: i64) -> usize {
        ((position * self.factor + self.shift) % HUNDRED) as usize
    }

    fn position(&self, place: i64) -> i64 {
        ((place - self.shift) * self.inverse).rem_euclid(HUNDRED)
    }
}

impl Corpus {
    /// The language a tweet has if no event gives it another.
    pub(super) fn dealt_language(&self, ordinal: i64) -> usize {
        let shuffle = Shuffle::of(self.seed(), ordinal.div_euclid(HUNDRED));
        PLACES.0[shuffle.place(ordinal.rem_euclid(HUNDRED))]
    }

    pub(super) fn measured_kind(&self, ordinal: i64, language: usize) -> Kind {
        if self.is_hostile(ordinal) || self.is_planted(ordinal) {
            return Kind::Original;
        }
        let ticket = Dice::new(self.seed(), Domain::Kind, ordinal).below(OWN * 100);
        let own = match ticket.checked_sub(LANGUAGES[language].retweets * OWN) {
            None => return Kind::Retweet,
            Some(rest) => rest % OWN,
        };
        match own {
            0..30 => Kind::Original,
            30..52 => Kind::Reply,
            _ => Kind::Quote,
        }
    }

    /// An earlier tweet of the same language: popular ones of a recent window more often.
    pub(super) fn measured_target(&self, ordinal: i64, language: usize, kind: Kind) -> i64 {
        let mut dice = Dice::new(self.seed(), Domain::Target, ordinal);
        let size = self.window;
        let mut window = ordinal.div_euclid(size * HUNDRED) - 1 - (dice.exponential() * 3.0) as i64;
        let weight = LANGUAGES[language].weight as i64;
        let count = weight * size;
        // rank by popularity: log-uniform is Zipf with exponent 1
        let mut rank = libm::pow(count as f64, dice.unit()) as i64;
        let mut tried = 0;
        loop {
            let spread = Dice::new(self.seed(), Domain::Target, !window).below(count as u64) as i64;
            while tried < count {
                let index = (rank * STRIDE + spread) % count;
                let candidate = self.dealt_to(language, window * size + index / weight, index % weight);
                if self.suits(candidate, language, kind) {
                    return candidate;
                }
                rank += 1;
                tried += 1;
            }
            window -= 1;
            tried = 0;
        }
    }

    /// The ordinal of a language's `number`-th place in a hundred.
    fn dealt_to(&self, language: usize, hundred: i64, number: i64) -> i64 {
        let place = PLACES.1[language] + number;
        hundred * HUNDRED + Shuffle::of(self.seed(), hundred).position(place)
    }

    fn suits(&self, candidate: i64, language: usize, kind: Kind) -> bool {
        match self.measured_kind(candidate, language) {
            Kind::Retweet => false,
            Kind::Reply if kind != Kind::Reply => false,
            _ => self.own_theme(candidate).language == language,
        }
    }

    /// One of each 500 tweets has a text that breaks programs.
    pub(crate) fn is_hostile(&self, ordinal: i64) -> bool {
        is_chosen(self.seed(), Domain::Hostile, ordinal, HOSTILE_EACH)
    }
}

/// Whether `ordinal` is the one of its block of `each` tweets.
pub fn is_chosen(seed: u64, domain: Domain, ordinal: i64, each: i64) -> bool {
    ordinal.rem_euclid(each) == Dice::new(seed, domain, ordinal.div_euclid(each)).between(0, each)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_is_shuffled_and_found_again() {
        for hundred in -50..50 {
            let shuffle = Shuffle::of(3, hundred);
            assert!((0..HUNDRED).all(|position| shuffle.position(shuffle.place(position) as i64) == position));
        }
    }
}
