//! Words, entities and attachments of everything that is not a retweet.

use super::accounts::code;
use super::dice::{Dice, Domain};
use super::phrase::Phrase;
use super::plan::{Kind, Plan};
use super::text::Text;
use super::topics::{Extras, extras};
use super::vocabulary::LANGUAGES;
use super::{Corpus, hostile, media};
use crate::time::timestamp;
use crate::wire::{Media, Note, Url};

const HOSTILE_SHARE: f64 = 0.002;
const NOTE_SHARE: f64 = 0.01;
const DISPLAY_LIMIT: usize = 26;

pub struct Composed {
    pub text: Text,
    pub note: Option<Note>,
    pub media: Vec<Media>,
}

/// One tweet being written.
pub(super) struct Pen<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) plan: &'a Plan,
    pub(super) phrase: Phrase<'a>,
    extras: Extras,
    pub(super) text: Text,
    pub(super) dice: Dice,
}

impl Corpus {
    pub(super) fn compose(&self, plan: &Plan) -> Composed {
        let language = &LANGUAGES[plan.theme.language];
        let topic = &language.topics[plan.theme.topic];
        let pen = Pen {
            corpus: self,
            plan,
            phrase: Phrase { language, topic },
            extras: extras(topic.name),
            text: Text::default(),
            dice: Dice::new(self.seed(), Domain::Text, plan.ordinal),
        };
        pen.compose()
    }
}

impl Pen<'_> {
    fn compose(mut self) -> Composed {
        let long = self.dice.chance(NOTE_SHARE);
        self.address();
        if self.corpus.is_measured() {
            self.measured_words();
        } else if self.dice.chance(HOSTILE_SHARE) {
            self.text.plain(&hostile::text(&mut self.dice));
        } else if self.corpus.accounts.is_bot(self.plan.author) {
            let line = self.dice.pick(&self.phrase.language.bots);
            self.sentence(line);
        } else {
            self.body();
        }
        match (long, self.corpus.is_measured()) {
            (true, true) => self.essay(),
            (true, false) => self.lengthen(),
            (false, _) => {}
        }
        self.decorate();
        self.link();
        let media = self.illustrate();
        self.quote();
        if !self.text.is_long() {
            return Composed { text: self.text, note: None, media };
        }
        let text = self.text.preview();
        let note = Note { text: self.text.text, entities: self.text.entities.of_note() };
        Composed { text, note: Some(note), media }
    }

    /// Words by frequency, or what breaks programs, or what must not leak.
    fn measured_words(&mut self) {
        let ordinal = self.plan.ordinal;
        if self.corpus.is_hostile(ordinal) {
            self.text.plain(&hostile::any(&mut self.dice));
        } else {
            self.prose();
        }
        if self.corpus.is_planted(ordinal) {
            self.text.space();
            self.text.plain(&self.corpus.marker(ordinal));
        }
    }

    /// A reply begins with the one it answers.
    fn address(&mut self) {
        if self.plan.kind == Kind::Reply
            && let Some(target) = self.plan.target
        {
            self.mention(target.author);
            self.text.space();
            if self.corpus.is_measured() {
                self.address_more();
            }
        }
    }

    fn body(&mut self) {
        let language = self.phrase.language;
        let stock = match self.plan.kind {
            Kind::Reply => Some(&language.replies),
            Kind::Quote => Some(&language.quotes),
            _ => None,
        };
        if let Some(stock) = stock
            && self.dice.chance(0.6)
        {
            let line = self.dice.pick(stock);
            self.sentence(line);
            if self.dice.chance(0.5) {
                return;
            }
            self.stop();
        } else if self.dice.chance(0.2) {
            let opener = self.dice.pick(&language.openers);
            self.phrase.write(opener, &mut self.text, &mut self.dice);
            self.text.plain(language.gap());
        }
        let line = self.dice.pick(&self.phrase.topic.lines);
        self.sentence(line);
        if self.dice.chance(0.18) && self.text.fits(40) {
            self.stop();
            let closer = self.dice.pick(&language.closers);
            self.phrase.write(closer, &mut self.text, &mut self.dice);
        }
    }

    /// More sentences, beyond what fits into a tweet.
    fn lengthen(&mut self) {
        let wanted = self.dice.between(4, 30);
        for number in 0.. {
            if number >= wanted && self.text.is_long() {
                break;
            }
            if number % 4 == 3 {
                self.text.plain("\n\n");
            } else {
                self.stop();
            }
            let line = self.dice.pick(&self.phrase.topic.lines);
            self.sentence(line);
        }
    }

    fn sentence(&mut self, template: &str) {
        self.phrase.write_sentence(template, &mut self.text, &mut self.dice);
    }

    /// Ends a sentence and leaves room for the next one.
    fn stop(&mut self) {
        if self.text.text.ends_with(char::is_alphanumeric) && self.phrase.language.code != "und" {
            let stop = match self.phrase.language.code {
                "ja" | "zh" => "。",
                "hi" => "।",
                "th" => "",
                _ => ".",
            };
            self.text.plain(stop);
        }
        self.text.plain(self.phrase.language.gap());
    }

    /// Mentions, emoji, hashtags, cashtags.
    fn decorate(&mut self) {
        let original = self.plan.kind == Kind::Original;
        if self.dice.chance(if original { 0.1 } else { 0.05 }) && self.text.fits(17) {
            let other = self.corpus.accounts.draw(self.plan.theme.language, &mut self.dice);
            self.text.space();
            self.mention(other);
        }
        if self.dice.chance(0.16) && self.text.fits(24) {
            let emoji = self.dice.pick(self.extras.emoji);
            self.text.space();
            for _ in 0..=self.dice.below(3) {
                self.text.plain(emoji);
            }
        }
        if let Some(trend) = self.plan.theme.trend {
            let mut dice = Dice::new(self.corpus.seed(), Domain::Trend, !(trend as i64));
            let tag = self.long_tag(&mut dice);
            self.tag(&tag);
        }
        let mut probability = if original { 0.24 } else { 0.08 };
        while self.dice.chance(probability) {
            probability = 0.4;
            let mut dice = Dice::new(self.dice.next(), Domain::Details, 0);
            let tag = match self.corpus.is_measured() {
                true => self.measured_tag(&mut dice),
                false if dice.chance(0.35) => self.long_tag(&mut dice),
                false => self.topic_tag(&mut dice),
            };
            self.tag(&tag);
        }
        if self.dice.chance(0.06) && !self.extras.cashtags.is_empty() && self.text.fits(6) {
            self.text.space();
            self.text.cashtag(self.dice.pick(self.extras.cashtags));
        }
    }

    fn topic_tag(&self, dice: &mut Dice) -> String {
        (dice.pick(&self.phrase.topic.tags)).to_owned()
    }

    /// A tag of a kind that never ends: topic and place, or topic and number.
    fn long_tag(&self, dice: &mut Dice) -> String {
        let tag = dice.pick(&self.phrase.topic.tags);
        if dice.chance(0.5) {
            let city = dice.pick(&self.phrase.language.cities).replace(' ', "");
            return format!("{tag}{city}");
        }
        format!("{tag}{}", dice.below(3_000))
    }

    fn tag(&mut self, tag: &str) {
        let known = self.text.entities.hashtags.iter().any(|entity| entity.tag == tag);
        if !known && self.text.fits(2 * tag.chars().count() + 2) {
            self.text.space();
            self.text.hashtag(tag);
        }
    }

    pub(super) fn mention(&mut self, account: super::accounts::Account) {
        let accounts = &self.corpus.accounts;
        self.text.mention(&accounts.username(account), accounts.id(account), account);
    }

    fn link(&mut self) {
        let share = if self.plan.kind == Kind::Original { 0.28 } else { 0.05 };
        if !self.dice.chance(share) || !self.text.fits(24) {
            return;
        }
        let site = self.dice.pick(self.extras.sites);
        let day = timestamp(self.plan.micros);
        let tag = self.extras.entity.to_lowercase().replace(" & ", "-").replace(' ', "-");
        let address = format!("{site}/{}/{tag}-{}", day[..7].replace('-', "/"), self.dice.below(90_000));
        let mut url = Url { expanded_url: format!("https://{address}"), ..Url::default() };
        if self.corpus.has_all_fields() {
            self.describe(&mut url);
        }
        self.address_link(url, &address);
    }

    fn illustrate(&mut self) -> Vec<Media> {
        let share = if self.plan.kind == Kind::Original { 0.2 } else { 0.05 };
        if !self.dice.chance(share) || !self.text.fits(24) {
            return Vec::new();
        }
        let mut dice = Dice::new(self.corpus.seed(), Domain::Media, self.plan.ordinal);
        let media = media::attach(self.plan.micros, &mut dice, |dice| {
            let mut text = Text::default();
            let line = dice.pick(&self.phrase.topic.lines);
            self.phrase.write_sentence(line, &mut text, dice);
            text.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        });
        if let [first, ..] = media.as_slice() {
            let kind = if first.kind == "photo" { "photo" } else { "video" };
            let username = self.corpus.accounts.username(self.plan.author);
            let key = first.media_key.clone();
            let address = format!("https://x.com/{username}/status/{}/{kind}/1", self.plan.id);
            let display = format!("pic.x.com/{}", code(&mut self.dice));
            self.address_link(Url { expanded_url: address, media_key: Some(key), ..Url::default() }, &display);
        }
        media
    }

    /// A quote ends with a link to what it quotes.
    fn quote(&mut self) {
        if self.plan.kind == Kind::Quote
            && let Some(target) = self.plan.target
        {
            let username = self.corpus.accounts.username(target.author);
            let address = format!("x.com/{username}/status/{}", target.id);
            self.address_link(Url { expanded_url: format!("https://{address}"), ..Url::default() }, &address);
        }
    }

    fn address_link(&mut self, url: Url, display: &str) {
        let mut display_url: String = display.chars().take(DISPLAY_LIMIT).collect();
        if display_url.len() < display.len() {
            display_url.push('…');
        }
        let short = format!("https://t.co/{}", code(&mut self.dice));
        self.text.space();
        self.text.url(Url { url: short, display_url, ..url });
    }
}
