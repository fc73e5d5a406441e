//! The words: one text file per language under `src/vocabulary`.
//!
//! A file has `key: a|b|c` lines, then per topic a `topic:` line, its own lists and sentence
//! templates (`- …`). Braces name a slot: {thing} {event} of the topic, {city} {name} of the
//! language, {tag} a hashtag, {n} 2-39, {big} 100-9,999, {hour} a time of day.

use std::sync::LazyLock;

type Words = Vec<&'static str>;

pub struct Language {
    pub code: &'static str,
    /// Share of tweets in percent.
    pub weight: u64,
    /// Share of retweets among them in percent.
    pub retweets: u64,
    pub names: Words,
    /// What handles begin with, by name; none where a name has other letters than ASCII.
    pub stems: Vec<Option<String>>,
    pub surnames: Words,
    pub cities: Words,
    pub bios: Words,
    pub openers: Words,
    pub closers: Words,
    pub replies: Words,
    pub quotes: Words,
    pub bots: Words,
    pub topics: Vec<Topic>,
}

#[derive(Default)]
pub struct Topic {
    pub name: &'static str,
    pub tags: Words,
    pub things: Words,
    pub events: Words,
    pub lines: Words,
}

/// Code, share of tweets, share of retweets among them, words. En, es and th as published for 2019; the others make it
/// 40 of all.
const FILES: [(&str, u64, u64, &str); 14] = [
    ("en", 33, 51, include_str!("../vocabulary/en.txt")),
    ("ja", 18, 25, include_str!("../vocabulary/ja.txt")),
    ("es", 10, 52, include_str!("../vocabulary/es.txt")),
    ("ar", 8, 35, include_str!("../vocabulary/ar.txt")),
    ("pt", 8, 30, include_str!("../vocabulary/pt.txt")),
    ("und", 5, 16, include_str!("../vocabulary/und.txt")),
    ("th", 4, 88, include_str!("../vocabulary/th.txt")),
    ("ko", 3, 40, include_str!("../vocabulary/ko.txt")),
    ("in", 3, 25, include_str!("../vocabulary/id.txt")), // X still sends the withdrawn code for Indonesian
    ("fr", 2, 30, include_str!("../vocabulary/fr.txt")),
    ("tr", 2, 25, include_str!("../vocabulary/tr.txt")),
    ("de", 2, 16, include_str!("../vocabulary/de.txt")),
    ("hi", 1, 35, include_str!("../vocabulary/hi.txt")),
    ("zh", 1, 23, include_str!("../vocabulary/zh.txt")),
];

pub static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    FILES.iter().map(|&(code, weight, retweets, text)| Language::parse(code, weight, retweets, text)).collect()
});

/// Sum of the weights.
pub fn total_weight() -> u64 {
    LANGUAGES.iter().map(|language| language.weight).sum()
}

impl Language {
    /// Names are written family name first and without a space.
    pub fn joins_names(&self) -> bool {
        matches!(self.code, "ja" | "ko" | "zh")
    }

    /// Words follow each other without a space.
    pub fn is_unspaced(&self) -> bool {
        matches!(self.code, "ja" | "th" | "zh")
    }

    /// What stands between two sentences.
    pub fn gap(&self) -> &'static str {
        if matches!(self.code, "ja" | "zh") { "" } else { " " }
    }

    fn parse(code: &'static str, weight: u64, retweets: u64, text: &'static str) -> Self {
        let mut language = Self {
            code,
            weight,
            retweets,
            names: Vec::new(),
            stems: Vec::new(),
            surnames: Vec::new(),
            cities: Vec::new(),
            bios: Vec::new(),
            openers: Vec::new(),
            closers: Vec::new(),
            replies: Vec::new(),
            quotes: Vec::new(),
            bots: Vec::new(),
            topics: Vec::new(),
        };
        for line in text.lines() {
            if let Some(template) = line.strip_prefix("- ") {
                language.topic().lines.push(template);
            } else if let Some((key, value)) = line.split_once(": ") {
                language.entry(key, value);
            }
        }
        let stem = |name: &&str| {
            let lower = name.to_lowercase();
            lower.is_ascii().then(|| lower.chars().take(7).collect())
        };
        language.stems = language.names.iter().map(stem).collect();
        language
    }

    fn entry(&mut self, key: &str, value: &'static str) {
        match key {
            "topic" => self.topics.push(Topic { name: value, ..Topic::default() }),
            "bot" => self.bots.push(value),
            "names" => self.names = value.split('|').collect(),
            "surnames" => self.surnames = value.split('|').collect(),
            "cities" => self.cities = value.split('|').collect(),
            "bios" => self.bios = value.split('|').collect(),
            "openers" => self.openers = value.split('|').collect(),
            "closers" => self.closers = value.split('|').collect(),
            "replies" => self.replies = value.split('|').collect(),
            "quotes" => self.quotes = value.split('|').collect(),
            "tags" => self.topic().tags = value.split('|').collect(),
            "thing" => self.topic().things = value.split('|').collect(),
            "event" => self.topic().events = value.split('|').collect(),
            other => panic!("unknown key {other} in the vocabulary of {}", self.code),
        }
    }

    fn topic(&mut self) -> &mut Topic {
        if self.topics.is_empty() {
            self.topics.push(Topic::default());
        }
        let last = self.topics.len() - 1;
        &mut self.topics[last]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_list_and_weights_are_percent() {
        for language in LANGUAGES.iter() {
            let lists = [
                &language.names,
                &language.surnames,
                &language.cities,
                &language.bios,
                &language.openers,
                &language.closers,
                &language.replies,
                &language.quotes,
                &language.bots,
            ];
            assert!(lists.iter().all(|list| !list.is_empty()), "{}", language.code);
            for topic in &language.topics {
                let lists = [&topic.tags, &topic.things, &topic.events, &topic.lines];
                assert!(lists.iter().all(|list| !list.is_empty()), "{} {}", language.code, topic.name);
            }
        }
        assert_eq!(total_weight(), 100);
        let retweets: u64 = LANGUAGES.iter().map(|language| language.weight * language.retweets).sum();
        assert_eq!(retweets, 40 * 100);
    }

    #[test]
    fn hashtags_are_words_as_x_cuts_them() {
        for topic in LANGUAGES.iter().flat_map(|language| &language.topics) {
            for tag in &topic.tags {
                // combining vowel signs (Hindi, Thai) belong to a word but are not alphanumeric
                let plain = tag.chars().all(|c| !c.is_ascii_punctuation() || c == '_');
                assert!(plain && !tag.contains(' '), "{tag}");
            }
        }
    }
}
