//! Texts of words drawn by frequency: unreadable, but with the statistics of real ones.

use std::sync::LazyLock;

use super::compose::Pen;
use super::dice::{Dice, Domain};
use super::lexicon;
use super::plan::Kind;
use super::text::{LIMIT, Text};
use crate::time::MINUTE;
use crate::wire::Url;

/// How long a tag is in everyone's mouth, in µs.
const BURST: i64 = 5 * MINUTE;
const BURSTS: u64 = 0x6275_7273_7473;
/// Share of replies that address many.
const TALKS: f64 = 0.07;
const LENGTHS: usize = 1_024;
/// Logarithm of the median number of words, and its deviation.
const MEDIAN: f64 = 2.6;
const DEVIATION: f64 = 0.5;
const LONGEST_NOTE: f64 = 24_500.0;

/// Quantiles of a log-normal distribution.
static WORDS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let quantile = |index: usize| probit((index as f64 + 0.5) / LENGTHS as f64);
    (0..LENGTHS).map(|index| libm::round(libm::exp(MEDIAN + DEVIATION * quantile(index))) as u32).collect()
});

/// The normal distribution's inverse, to three digits (Abramowitz and Stegun 26.2.23).
fn probit(share: f64) -> f64 {
    if share > 0.5 {
        return -probit(1.0 - share);
    }
    let t = libm::sqrt(-2.0 * libm::log(share));
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    numerator / denominator - t
}

impl Pen<'_> {
    /// As many words as tweets have.
    pub(super) fn prose(&mut self) {
        let index = self.dice.below(LENGTHS as u64) as usize;
        // room for the link to what is quoted, or for a mark
        let reserve = if self.plan.kind == Kind::Original { 60 } else { 26 };
        self.words(WORDS[index].max(1), LIMIT - reserve);
        if self.dice.chance(0.4) {
            self.end();
        }
    }

    /// Paragraphs beyond what fits into a tweet, up to 25,000 characters.
    pub(super) fn essay(&mut self) {
        let wanted = 300 + (self.dice.pareto() * 400.0).min(LONGEST_NOTE) as usize;
        while self.text.weight() < wanted {
            let words = 5 + self.dice.below(12) as u32;
            self.words(words, wanted);
            self.end();
            self.text.plain(if self.dice.chance(0.25) { "\n\n" } else { " " });
        }
    }

    /// A tag of the topic, one that is in everyone's mouth for a few minutes, or any.
    pub(super) fn measured_tag(&self, dice: &mut Dice) -> String {
        let lexicon = lexicon::of(self.plan.theme.language);
        match dice.below(100) {
            0..30 => dice.pick(&self.phrase.topic.tags).to_owned(),
            30..40 => lexicon.draw_tag(&mut Dice::new(BURSTS, Domain::Trend, self.plan.micros / BURST)),
            _ => lexicon.draw_tag(dice),
        }
    }

    /// What a link leads to: its title and the beginning of the page.
    pub(super) fn describe(&mut self, url: &mut Url) {
        url.status = Some(200);
        url.title = Some(self.line(8));
        url.description = Some(self.line(22));
        url.unwound_url = Some(url.expanded_url.clone());
    }

    fn line(&mut self, words: u32) -> String {
        let mut part = Text::default();
        std::mem::swap(&mut part, &mut self.text);
        self.words(words, LIMIT);
        std::mem::swap(&mut part, &mut self.text);
        part.text
    }

    /// Everybody who takes part in a long talk; X does not count those at the beginning.
    pub(super) fn address_more(&mut self) {
        if self.dice.chance(TALKS) {
            for _ in 0..self.dice.between(5, 36) {
                let other = self.corpus.accounts.draw(self.plan.theme.language, &mut self.dice);
                self.mention(other);
                self.text.space();
            }
        }
        self.text.start_counting();
    }

    /// At most `count` words, up to a weight of `limit`.
    fn words(&mut self, count: u32, limit: usize) {
        let lexicon = lexicon::of(self.plan.theme.language);
        let gap = if self.phrase.language.is_unspaced() { "" } else { " " };
        let mut word = String::with_capacity(24);
        for number in 0..count {
            word.clear();
            lexicon.draw(&mut self.dice, &mut word);
            if self.text.weight() + 2 * word.chars().count() > limit {
                break;
            }
            if number > 0 {
                self.text.word(gap);
            }
            self.text.word(&word);
        }
    }

    fn end(&mut self) {
        let mark = match self.phrase.language.code {
            "ja" | "zh" => "。",
            "hi" => "।",
            _ => self.dice.pick(&[".", ".", "!", "?", "..."]),
        };
        self.text.word(mark);
    }
}
