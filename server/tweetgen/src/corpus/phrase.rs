//! Fills a template's slots.

use super::dice::Dice;
use super::text::Text;
use super::vocabulary::{Language, Topic};

pub struct Phrase<'a> {
    pub language: &'a Language,
    pub topic: &'a Topic,
}

impl Phrase<'_> {
    /// Appends `template` to `text` with every slot filled.
    pub fn write(&self, template: &str, text: &mut Text, dice: &mut Dice) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.plain(before);
            let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
            self.fill(slot, text, dice);
            rest = behind;
        }
        text.plain(rest);
    }

    /// Like [`Phrase::write`], with a capital first letter.
    pub fn write_sentence(&self, template: &str, text: &mut Text, dice: &mut Dice) {
        let mut sentence = Text::default();
        self.write(template, &mut sentence, dice);
        let first = sentence.text.chars().next();
        if let Some(lower) = first
            && lower.is_lowercase()
            && let [upper] = lower.to_uppercase().collect::<Vec<_>>()[..]
        {
            sentence.text.replace_range(..lower.len_utf8(), upper.encode_utf8(&mut [0; 4]));
        }
        text.append(&sentence);
    }

    fn fill(&self, slot: &str, text: &mut Text, dice: &mut Dice) {
        match slot {
            "thing" => self.write(dice.pick(&self.topic.things), text, dice),
            "event" => self.write(dice.pick(&self.topic.events), text, dice),
            "tag" => text.hashtag(dice.pick(&self.topic.tags)),
            "name" => {
                text.plain(dice.pick(&self.language.names));
            }
            "city" => {
                let city = dice.pick(&self.language.cities);
                let probability = dice.chance(0.3).then(|| 0.5 + dice.below(4_900) as f64 / 10_000.0);
                text.place(city, probability);
            }
            "n" => {
                // small numbers are commoner than large ones
                let share = dice.unit();
                text.plain(&(2 + (38.0 * share * share) as u64).to_string());
            }
            "big" => {
                let amount = dice.between(100, 10_000);
                text.plain(&thousands(amount));
            }
            "hour" => {
                let (hour, minute) = (dice.below(24), dice.below(12) * 5);
                text.plain(&format!("{hour:02}:{minute:02}"));
            }
            other => panic!("unknown slot {{{other}}} in the vocabulary of {}", self.language.code),
        }
    }
}

fn thousands(amount: i64) -> String {
    match amount {
        ..1_000 => amount.to_string(),
        _ => format!("{},{:03}", amount / 1_000, amount % 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Domain;
    use super::super::vocabulary::LANGUAGES;
    use super::*;

    #[test]
    fn every_template_of_every_language_can_be_filled() {
        let mut dice = Dice::new(1, Domain::Text, 1);
        for language in LANGUAGES.iter() {
            for topic in &language.topics {
                let phrase = Phrase { language, topic };
                let lists = [
                    &topic.lines,
                    &topic.things,
                    &topic.events,
                    &language.replies,
                    &language.quotes,
                    &language.openers,
                    &language.closers,
                    &language.bots,
                ];
                for template in lists.into_iter().flatten() {
                    let mut text = Text::default();
                    phrase.write_sentence(template, &mut text, &mut dice);
                    assert!(!text.text.is_empty() && !text.text.contains(['{', '}']), "{template}");
                    assert!(text.fits(0), "{template} is longer than a tweet");
                }
            }
        }
    }
}
