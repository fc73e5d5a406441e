//! Words by rank: first those of the vocabulary files, then made of pairs of their letters.
//!
//! Of n words of a text about n^0.7 are new: the tail has no end, so words are computed, not stored.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::dice::Dice;
use super::vocabulary::{LANGUAGES, Language};
use super::zipf::{Bend, Zipf};

/// Slopes of 87,733 English tweets: 0.87 on ranks 1-100, 1.07 on 100-3,000; the third makes Heaps' curve fit.
const WORD_BENDS: [Bend; 3] =
    [Bend { rank: 1, exponent: 0.87 }, Bend { rank: 100, exponent: 1.07 }, Bend { rank: 3_000, exponent: 1.5 }];
/// Most hashtags are used once.
const TAG_BENDS: [Bend; 2] = [Bend { rank: 1, exponent: 0.8 }, Bend { rank: 200, exponent: 1.2 }];
const RANKS: u64 = 1_000_000_000;
const SCATTER: u64 = 2_654_435_761;
const STORED: u64 = 4_000;

static WORDS: LazyLock<Zipf> = LazyLock::new(|| Zipf::new(&WORD_BENDS, RANKS));
static TAGS: LazyLock<Zipf> = LazyLock::new(|| Zipf::new(&TAG_BENDS, RANKS));
static LEXICONS: LazyLock<Vec<Lexicon>> = LazyLock::new(|| LANGUAGES.iter().map(Lexicon::new).collect());

pub struct Lexicon {
    /// The words of the first ranks one behind the other, and where each ends.
    text: String,
    ends: Vec<u32>,
    pairs: Vec<[char; 2]>,
}

/// The words of a language.
pub fn of(language: usize) -> &'static Lexicon {
    &LEXICONS[language]
}

impl Lexicon {
    fn new(language: &Language) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut known = HashSet::new();
        let mut pairs = Vec::new();
        let mut known_pairs = HashSet::new();
        for word in sources(language) {
            let letters: Vec<char> = word.chars().collect();
            for pair in letters.windows(2) {
                let pair = [pair[0], pair[1]];
                if known_pairs.insert(pair) {
                    pairs.push(pair);
                }
            }
            let short: String = letters.into_iter().take(12).collect();
            if !language.is_unspaced() && known.insert(short.clone()) {
                words.push(short);
            }
        }
        words.sort_by_key(|word| word.chars().count()); // frequent words are short
        let mut lexicon = Self { text: String::new(), ends: Vec::new(), pairs };
        for rank in 1..=STORED {
            match words.get(rank as usize - 1) {
                Some(word) => lexicon.text.push_str(word),
                None => invent(&lexicon.pairs, rank, &mut lexicon.text),
            }
            lexicon.ends.push(lexicon.text.len() as u32);
        }
        lexicon
    }

    /// Appends a word, drawn by frequency, to `text`.
    pub fn draw(&self, dice: &mut Dice, text: &mut String) {
        self.write(WORDS.draw(dice), text);
    }

    /// A hashtag without its sign, drawn by frequency.
    pub fn draw_tag(&self, dice: &mut Dice) -> String {
        self.tag(TAGS.draw(dice))
    }

    /// The hashtag of a rank: two words; another rank, another tag.
    pub fn tag(&self, rank: u64) -> String {
        let mut tag = String::new();
        self.write(1 + rank % 97, &mut tag);
        let second = tag.len();
        self.write(rank, &mut tag);
        for start in [second, 0] {
            let Some(letter) = tag[start..].chars().next() else { continue };
            if let [upper] = letter.to_uppercase().collect::<Vec<_>>()[..] {
                tag.replace_range(start..start + letter.len_utf8(), upper.encode_utf8(&mut [0; 4]));
            }
        }
        tag
    }

    fn write(&self, rank: u64, text: &mut String) {
        let index = rank as usize - 1;
        let start = if index == 0 { Some(&0) } else { self.ends.get(index - 1) };
        match start.zip(self.ends.get(index)) {
            Some((&start, &end)) => text.push_str(&self.text[start as usize..end as usize]),
            None => invent(&self.pairs, rank, text),
        }
    }
}

/// Appends the word of a rank made of pairs. Words of the same number of pairs are read in one way only, so no two
/// ranks share one.
fn invent(pairs: &[[char; 2]], rank: u64, text: &mut String) {
    let base = pairs.len() as u64;
    let (mut number, mut length) = (rank, 2);
    let mut room = base * base;
    while number >= room {
        number -= room;
        room *= base;
        length += 1;
    }
    // neighbouring ranks shall not look alike: a prime is coprime with any base
    number = match number.checked_mul(SCATTER) {
        Some(product) => product % room,
        None => (u128::from(number) * u128::from(SCATTER) % u128::from(room)) as u64,
    };
    for _ in 0..length {
        text.extend(pairs[(number % base) as usize]);
        number /= base;
    }
}

/// Runs of letters in everything that a vocabulary file says.
fn sources(language: &Language) -> Vec<String> {
    let own = [&language.replies, &language.quotes, &language.openers, &language.closers, &language.bios];
    let topics = language.topics.iter().flat_map(|topic| [&topic.lines, &topic.things, &topic.events, &topic.tags]);
    let lines = own.into_iter().chain(topics).flatten();
    let mut words = Vec::new();
    for line in lines {
        let mut depth = 0;
        let outside = line.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth > 0 || !is_letter(c)
        });
        words.extend(outside.filter(|word| word.chars().count() > 1).map(str::to_lowercase));
    }
    words
}

/// Also the vowel signs of Thai and Hindi, which are no letters by themselves.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c as u32, 0x0e31..=0x0e4e | 0x0900..=0x094f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_words_without_end_and_none_twice() {
        for lexicon in LEXICONS.iter() {
            let ranks = (1..STORED + 5_000).chain((0..1_000).map(|step| 1_000_000 + step * 999_983));
            let mut known = HashSet::new();
            let mut twice = 0;
            for rank in ranks {
                let mut word = String::new();
                lexicon.write(rank, &mut word);
                assert!(!word.is_empty() && word.chars().all(is_letter), "{word:?}");
                twice += usize::from(!known.insert(word));
            }
            // an invented word may be one of the files, rarely
            assert!(twice < 60, "{twice} words twice, such as in {}", &lexicon.text[..20]);
        }
    }
}
