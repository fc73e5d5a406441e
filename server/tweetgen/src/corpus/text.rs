//! Builds a tweet's text and its entities together, so that offsets are right by construction.

use super::accounts::Account;
use crate::wire::{Annotation, Entities, Id, Mention, Tag, Url};

pub const LIMIT: usize = 280;
const RETWEET_LIMIT: usize = 140;
const URL_WEIGHT: usize = 23;

#[derive(Clone, Default)]
pub struct Text {
    pub text: String,
    pub entities: Entities,
    length: usize,
    weight: usize,
}

impl Text {
    /// The text of a finished tweet.
    pub fn delivered(text: &str, entities: &Entities) -> Self {
        Self {
            text: text.to_owned(),
            entities: entities.clone(),
            length: text.chars().count(),
            weight: text.chars().map(weight).sum(),
        }
    }

    /// Appends words, HTML-escaped as X delivers them.
    pub fn plain(&mut self, words: &str) -> &mut Self {
        for c in words.chars() {
            self.weight += weight(c);
            match c {
                '&' => self.raw("&amp;"),
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                c => {
                    self.text.push(c);
                    self.length += 1;
                }
            }
        }
        self
    }

    pub fn hashtag(&mut self, tag: &str) {
        let start = self.length;
        self.plain("#").plain(tag);
        self.entities.hashtags.push(Tag { start, end: self.length, tag: tag.to_owned() });
    }

    pub fn cashtag(&mut self, tag: &str) {
        let start = self.length;
        self.plain("$").plain(tag);
        self.entities.cashtags.push(Tag { start, end: self.length, tag: tag.to_owned() });
    }

    pub fn mention(&mut self, username: &str, id: Id, account: Account) {
        let start = self.length;
        self.plain("@").plain(username);
        let username = username.to_owned();
        self.entities.mentions.push(Mention { start, end: self.length, username, id, account });
    }

    /// Appends what needs no escaping.
    pub fn word(&mut self, word: &str) {
        for c in word.chars() {
            self.weight += weight(c);
            self.length += 1;
        }
        self.text.push_str(word);
    }

    /// What stands here already does not count.
    pub fn start_counting(&mut self) {
        self.weight = 0;
    }

    /// Length as X counts it.
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Appends the short form of `url` and sets its offsets.
    pub fn url(&mut self, mut url: Url) {
        url.start = self.length;
        self.raw(&url.url);
        self.weight += URL_WEIGHT;
        url.end = self.length;
        self.entities.urls.push(url);
    }

    /// Appends a place name, annotated when a `probability` is given.
    pub fn place(&mut self, name: &str, probability: Option<f64>) {
        let start = self.length;
        self.plain(name);
        if let Some(probability) = probability {
            self.entities.annotations.push(Annotation {
                start,
                end: self.length - 1,
                probability,
                kind: "Place",
                normalized_text: name.to_owned(),
            });
        }
    }

    /// Appends a finished part with its entities.
    pub fn append(&mut self, part: &Text) {
        self.entities.append(&part.entities, self.length);
        self.text.push_str(&part.text);
        self.length += part.length;
        self.weight += part.weight;
    }

    /// Separates what comes from what is there.
    pub fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(char::is_whitespace) {
            self.plain(" ");
        }
    }

    /// Whether `more` characters of weight still fit into a tweet.
    pub fn fits(&self, more: usize) -> bool {
        self.weight + more <= LIMIT
    }

    pub fn is_long(&self) -> bool {
        self.weight > LIMIT
    }

    /// The text of a retweet of this: `RT @username: …`, cut as X cuts it.
    pub fn retweeted(&self, username: &str, id: Id, account: Account) -> Text {
        let mut retweet = Text::default();
        retweet.plain("RT ");
        retweet.mention(username, id, account);
        retweet.plain(": ");
        retweet.append(self);
        if retweet.length > RETWEET_LIMIT { retweet.cut(RETWEET_LIMIT) } else { retweet }
    }

    /// The first part of a long text, as shown where the note is not.
    pub fn preview(&self) -> Text {
        let mut weight_left = LIMIT - 2;
        let fitting = self.text.chars().take_while(|&c| {
            let fits = weight(c) <= weight_left;
            weight_left = weight_left.saturating_sub(weight(c));
            fits
        });
        self.cut(fitting.count() + 1)
    }

    /// The same without its last `characters`, and an ellipsis instead.
    pub fn shortened(&self, characters: usize) -> Text {
        self.cut(self.length.saturating_sub(characters).max(1))
    }

    /// At most `limit` characters, the last of them an ellipsis; entities that were cut are gone.
    fn cut(&self, limit: usize) -> Text {
        let mut kept: Vec<char> = self.text.chars().take(limit - 1).collect();
        if let Some(open) = kept.iter().rposition(|&c| c == '&')
            && kept.len() - open < 5
            && !kept[open..].contains(&';')
        {
            kept.truncate(open); // never half an HTML entity
        }
        let end = kept.len();
        let mut entities = self.entities.clone();
        entities.annotations.retain(|entity| entity.end < end);
        entities.cashtags.retain(|entity| entity.end <= end);
        entities.hashtags.retain(|entity| entity.end <= end);
        entities.mentions.retain(|entity| entity.end <= end);
        entities.urls.retain(|entity| entity.end <= end);
        kept.push('…');
        let text: String = kept.into_iter().collect();
        Text { text, entities, length: end + 1, weight: LIMIT }
    }

    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }
}

impl Entities {
    fn append(&mut self, other: &Entities, shift: usize) {
        macro_rules! shifted {
            ($($list:ident),+) => {$(
                self.$list.extend(other.$list.iter().cloned().map(|mut entity| {
                    entity.start += shift;
                    entity.end += shift;
                    entity
                }));
            )+};
        }
        shifted!(annotations, cashtags, hashtags, mentions, urls);
    }
}

/// X counts characters outside the Latin-like ranges twice.
fn weight(c: char) -> usize {
    match c as u32 {
        0..=4351 | 8192..=8205 | 8208..=8223 | 8242..=8247 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points_of_the_escaped_text() {
        let mut text = Text::default();
        text.plain("R&D 👩‍🚀 ");
        text.hashtag("宇宙");
        let tag = &text.entities.hashtags[0];
        // "R&amp;D" is 7, then a space, three code points of the astronaut, a space
        assert_eq!((tag.start, tag.end), (12, 15));
    }

    #[test]
    fn a_cut_never_leaves_half_an_html_entity_or_a_cut_hashtag() {
        for length in 100..140 {
            let mut text = Text::default();
            text.plain(&"x".repeat(length)).plain(" & ");
            text.hashtag("moon");
            text.plain(&"y".repeat(60));
            let retweet = text.retweeted("nasa_1", Id(1), Account { index: 1, language: 0 });
            let characters: Vec<char> = retweet.text.chars().collect();
            assert!(characters.len() <= RETWEET_LIMIT);
            assert_eq!(retweet.text.matches('&').count(), retweet.text.matches("&amp;").count());
            for tag in &retweet.entities.hashtags {
                assert_eq!(characters[tag.start..tag.end].iter().collect::<String>(), "#moon");
            }
        }
    }
}
