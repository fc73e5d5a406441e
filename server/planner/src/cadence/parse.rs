//! A cadence as people write it; [`Display`](std::fmt::Display) writes it so, too.
//!
//! ```text
//! cadence  = "every" [number] unit ["," "counted from" moment]
//!          | "at" times ["every day" | "on" days] "," zone
//! unit     = second | minute | hour | day | week, or more of them
//! days     = "weekdays" | "weekends" | Monday … | "the" 1st … | last … "day of the month"
//! moment   = as in RFC 3339; zone = its name; several times or days are divided by "," or "and"
//! ```
//!
//! Words are read in any case. No list goes on with the name of a zone, so the comma before it is no doubt.

use super::{ANCHOR, BadCadence, BadText, Cadence, Calendar, Days, Interval, MonthDay, Weekday};
use model::Timestamp;
use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

/// What an interval is told in, and its seconds.
pub(super) const UNITS: [(&str, u32); 5] =
    [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

impl FromStr for Cadence {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let mut reader = Reader::new(text);
        let cadence = if reader.take("every") {
            Self::Every(reader.interval()?)
        } else if reader.take("at") {
            Self::At(reader.calendar()?)
        } else {
            let say = "write \"every 15 minutes\", or \"at 09:00 on weekdays, Europe/Vienna\"";
            return Err(reader.unexpected(say));
        };
        if reader.peek().is_empty() {
            Ok(cadence)
        } else {
            Err(reader.unexpected("nothing may follow here: leave it out"))
        }
    }
}

/// Reads a text word by word; a comma is a word.
struct Reader<'a> {
    text: &'a str,
    words: Vec<Range<usize>>,
    next: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut is_open = false;
        for (at, letter) in text.char_indices() {
            let end = at + letter.len_utf8();
            match words.last_mut() {
                Some(word) if is_open && letter != ',' && !letter.is_whitespace() => word.end = end,
                _ if letter.is_whitespace() => {}
                _ => words.push(at..end),
            }
            is_open = letter != ',' && !letter.is_whitespace();
        }
        Self { text, words, next: 0 }
    }

    fn interval(&mut self) -> Result<Interval, BadText> {
        let start = self.next;
        let number = if starts_with_digit(self.peek()) {
            let say = "this is no number: write a whole one in digits, and then its unit";
            let number: u32 = self.peek().parse().map_err(|_| self.unexpected(say))?;
            self.next += 1;
            number
        } else {
            1
        };
        let say = "this is no interval: write a number, and seconds, minutes, hours, days or weeks";
        let (_, length) =
            UNITS.into_iter().find(|(unit, _)| self.take_plural(unit)).ok_or_else(|| self.unexpected(say))?;
        let seconds = u64::from(number) * u64::from(length);
        let known = u32::try_from(seconds).map_err(|_| BadCadence::Interval(seconds));
        let known = known.and_then(|seconds| Interval::new(seconds, ANCHOR)).map_err(|bad| self.bad(start, bad))?;
        if self.peek().eq_ignore_ascii_case("at") {
            return Err(self.unexpected("times of day come first: write \"at 09:00 every day, Europe/Vienna\""));
        }
        if !self.take(",") {
            return Ok(known);
        }
        self.expect(&["counted", "from"])?;
        let start = self.next;
        let say = "a moment is missing here: write it as 2026-01-31T12:00:00Z";
        let anchor = Timestamp::parse_rfc3339(self.peek()).ok_or_else(|| self.unexpected(say))?;
        self.next += 1;
        Interval::new(known.seconds(), anchor).map_err(|bad| self.bad(start, bad))
    }

    fn calendar(&mut self) -> Result<Calendar, BadText> {
        let start = self.next;
        let times = self.list(starts_with_digit, |word| word.parse())?;
        let days = if self.take("every") {
            self.expect(&["day"])?;
            Days::every()
        } else if self.take("on") {
            self.days()?
        } else {
            Days::every()
        };
        let say =
            "write days such as \"on weekdays\", or none, then a comma and a time zone: \", Europe/Vienna\", \", UTC\"";
        if !self.take(",") || self.peek().is_empty() {
            return Err(self.unexpected(say));
        }
        let zone = self.peek();
        self.next += 1;
        Calendar::new(times, days, zone).map_err(|bad| match bad {
            BadCadence::Zone(_) => self.bad(self.next - 1, bad),
            _ => self.bad(start, bad),
        })
    }

    fn days(&mut self) -> Result<Days, BadText> {
        if self.take("weekdays") {
            return Ok(Days::weekdays());
        }
        if self.take("weekends") {
            return Ok(Days::weekends());
        }
        if !self.take("the") {
            let read = |word: &str| weekday(word).ok_or_else(|| BadCadence::Day(word.to_owned()));
            return Ok(Days::Week(self.list(|word| weekday(word).is_some(), read)?));
        }
        let days = self.list(|word| starts_with_digit(word) || word.eq_ignore_ascii_case("last"), month_day)?;
        self.expect(&["day", "of", "the", "month"])?;
        Ok(Days::Month(days))
    }

    /// One item, and those that follow: after a comma only what looks like one.
    fn list<T: Ord>(
        &mut self,
        is_item: impl Fn(&str) -> bool,
        read: impl Fn(&str) -> Result<T, BadCadence>,
    ) -> Result<BTreeSet<T>, BadText> {
        let mut items = BTreeSet::new();
        loop {
            items.insert(read(self.peek()).map_err(|bad| self.unexpected(&bad.to_string()))?);
            self.next += 1;
            let end = self.next;
            let (has_comma, has_and) = (self.take(","), self.take("and"));
            if !(has_and || has_comma && is_item(self.peek())) {
                self.next = end;
                return Ok(items);
            }
        }
    }

    /// The next word; empty at the end.
    fn peek(&self) -> &'a str {
        self.words.get(self.next).map_or("", |word| &self.text[word.clone()])
    }

    /// Goes over the next word, if it is this one.
    fn take(&mut self, word: &str) -> bool {
        let is_next = self.peek().eq_ignore_ascii_case(word);
        self.next += usize::from(is_next);
        is_next
    }

    fn take_plural(&mut self, word: &str) -> bool {
        let is_next = is_plural_of(self.peek(), word);
        self.next += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, words: &[&str]) -> Result<(), BadText> {
        for (number, word) in words.iter().enumerate() {
            if !self.take(word) {
                return Err(self.unexpected(&format!("write {:?} here", words[number..].join(" "))));
            }
        }
        Ok(())
    }

    fn unexpected(&self, message: &str) -> BadText {
        let end = self.text.len();
        self.error(self.words.get(self.next).cloned().unwrap_or(end..end), message.to_owned())
    }

    /// What is wrong with the words from that one up to here.
    fn bad(&self, start: usize, bad: BadCadence) -> BadText {
        self.error(self.words[start].start..self.words[self.next - 1].end, bad.to_string())
    }

    fn error(&self, at: Range<usize>, message: String) -> BadText {
        BadText { character: self.text[..at.start].chars().count() + 1, at, message }
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Whether it is that word, with or without an s.
fn is_plural_of(word: &str, singular: &str) -> bool {
    let stem = word.strip_suffix(['s', 'S']).unwrap_or(word);
    stem.eq_ignore_ascii_case(singular)
}

fn weekday(word: &str) -> Option<Weekday> {
    Weekday::ALL.into_iter().find(|day| is_plural_of(word, &format!("{day:?}")))
}

fn month_day(word: &str) -> Result<MonthDay, BadCadence> {
    let word = word.to_ascii_lowercase();
    if word == "last" {
        return Ok(MonthDay::Last);
    }
    let digits = ["st", "nd", "rd", "th"].into_iter().find_map(|suffix| word.strip_suffix(suffix)).unwrap_or(&word);
    let day = Some(digits).filter(|digits| starts_with_digit(digits)).and_then(|digits| digits.parse().ok());
    let day = day.map(MonthDay::Day).ok_or_else(|| BadCadence::Day(word.clone()))?;
    day.check().map(|()| day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_reads(text: &str, written: &str) {
        let cadence: Cadence = text.parse().unwrap_or_else(|bad| panic!("{text}: {bad}"));
        assert_eq!(cadence.to_string(), written);
        assert_eq!(written.parse(), Ok(cadence), "{written}");
    }

    #[test]
    fn an_interval_is_told_in_the_largest_unit() {
        assert_reads("every 15 minutes", "every 15 minutes");
        assert_reads("Every minute", "every minute");
        assert_reads(" every  1 Hours ", "every hour");
        assert_reads("every 90 seconds", "every 90 seconds");
        assert_reads("every 36 hours", "every 36 hours");
        assert_reads("every 14 days", "every 2 weeks");
        assert_reads("every 31 days", "every 31 days");
        let counted = "every 2 days, counted from 2026-11-27T08:00:00Z";
        assert_reads("every 2 days,counted from 2026-11-27T09:00:00+01:00", counted);
        assert_reads("every day, counted from 1970-01-05T00:00:00Z", "every day");
    }

    #[test]
    fn times_of_day_and_days_are_lists() {
        let weekdays = "at 09:00 and 17:30 on weekdays, Europe/Vienna";
        assert_reads(weekdays, weekdays);
        assert_reads("AT 17:30, 9:00, and 09:00 ON Weekdays, europe/vienna", weekdays);
        assert_reads("at 9:00, UTC", "at 09:00 every day, UTC");
        assert_reads(
            "at 0:05, 12:00, 23:59 every day, Asia/Kolkata",
            "at 00:05, 12:00 and 23:59 every day, Asia/Kolkata",
        );
        assert_reads("at 09:00 on Saturday, sunday, UTC", "at 09:00 on weekends, UTC");
        assert_reads("at 09:00 on friday and Mondays, UTC", "at 09:00 on Mondays and Fridays, UTC");
    }

    #[test]
    fn days_of_the_month_have_numbers_or_are_the_last() {
        let days = "at 06:00 on the 1st, 2nd, 3rd, 11th, 22nd and last day of the month, UTC";
        assert_reads("at 6:00 on the last, 22, 11, 3rd, 2 and 1 day of the month, utc", days);
        assert_reads("at 06:00 on the 30th day of the month, UTC", "at 06:00 on the 30th day of the month, UTC");
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place_and_what_to_do() {
        for (text, place, told) in [
            ("", "", "write \"every 15 minutes\""),
            ("daily", "daily", "write \"every 15 minutes\""),
            ("every", "", "this is no interval"),
            ("every -5 minutes", "-5", "write a number"),
            ("every 1.5 hours", "1.5", "a whole one"),
            ("every 15 fortnights", "fortnights", "seconds, minutes, hours, days or weeks"),
            ("every 4 seconds", "4 seconds", "from 5 seconds to 31 days"),
            ("every 5 weeks", "5 weeks", "3024000 seconds are no interval"),
            ("every 4294967295 weeks", "4294967295 weeks", "from 5 seconds to 31 days"),
            ("every day at 09:00, UTC", "at", "at 09:00 every day"),
            ("every day, Europe/Vienna", "Europe/Vienna", "write \"counted from\""),
            ("every day, counted", "", "write \"from\""),
            ("every day, counted from Monday", "Monday", "2026-01-31T12:00:00Z"),
            ("every day, counted from 2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.5Z", "a whole second"),
            ("every day, counted from 2100-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "1970 to 2099"),
            ("every day, counted from 2026-01-31T12:00:00Z or so", "or", "leave it out"),
            ("at", "", "no time of day"),
            ("at 9 on weekdays, UTC", "9", "such as 09:30"),
            ("at 09:00 and 24:00, UTC", "24:00", "such as 09:30"),
            ("at 9:60, UTC", "9:60", "such as 09:30"),
            ("at +9:00, UTC", "+9:00", "such as 09:30"),
            ("at 09:00 every weekday, UTC", "weekday", "write \"day\""),
            ("at 09:00 on Moonday, UTC", "Moonday", "names such as Monday"),
            ("at 09:00 on Monday and 1st, UTC", "1st", "names such as Monday"),
            ("at 09:00 on the first day of the month, UTC", "first", "the 1st and last day"),
            ("at 09:00 on the 1st and 400th day of the month, UTC", "400th", "the 1st and last day"),
            ("at 09:00 on the 1st, UTC", ",", "write \"day of the month\""),
            ("at 09:00 on weekdays", "", "a comma and a time zone"),
            ("at 09:00 Europe/Vienna", "Europe/Vienna", "a comma and a time zone"),
            ("at 09:00 täglich, UTC", "täglich", "write days such as"),
            ("at 09:00,", "", "a comma and a time zone"),
            ("at 09:00, Mars/Olympus", "Mars/Olympus", "by its name"),
            ("at 09:00, Etc/Unknown", "Etc/Unknown", "by its name"),
            ("at 09:00 on the 32nd day of the month, UTC", "32nd", "the 1st and last day"),
            ("at 09:00, UTC, please", ",", "leave it out"),
        ] {
            let bad = text.parse::<Cadence>().unwrap_err();
            assert_eq!(&text[bad.at.clone()], place, "{text}: {bad}");
            assert!(bad.to_string().contains(told), "{text}: {bad}");
        }
        let bad = "at 09:00 on täglich und, UTC".parse::<Cadence>().unwrap_err();
        assert_eq!((bad.at.start, bad.character), (12, 13));
        let bad = "äöü".parse::<Cadence>().unwrap_err();
        assert!(bad.to_string().starts_with("at character 1: "));
    }

    #[test]
    fn more_times_than_a_quarter_of_an_hour_are_an_interval() {
        let times: Vec<String> = (0..97).map(|number| format!("{}:{:02}", number / 60, number % 60)).collect();
        let bad = format!("at {}, UTC", times.join(", ")).parse::<Cadence>().unwrap_err();
        assert!(bad.message.contains("97 times of a day are too many"), "{bad}");
        assert!(format!("at {}, UTC", times[1..].join(" and ")).parse::<Cadence>().is_ok());
    }
}
