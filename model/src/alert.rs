//! Alerts: what is watched on a saved view, and when people are told of it.

use crate::columns::{self, Column, Kind};
use crate::number::grouped;
use crate::texts::{language, rules as say};
use crate::time::{DAY, HOUR, MINUTE};
use crate::{Timestamp, TweetId, zone};
use serde::{Deserialize, Serialize};

/// The largest number that a rule may ask for.
pub const MOST: u32 = 1_000_000;
/// The longest silence that can be watched, in hours: 30 days.
pub const MOST_HOURS: u32 = 720;
/// The longest cool-down, in minutes: a week.
pub const MOST_COOL_DOWN: u32 = 7 * 24 * 60;
/// Notices that an alert may give in a day (UTC), at most.
pub const MOST_PER_DAY: u32 = 100;

/// When an alert fires. docs/adding-an-alert-rule.md has the formulas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Rule {
    /// So many matches have come since the last notice.
    NewMatches { at_least: u32 },
    /// An hour has far more matches than the same hour of the same weekday usually has, and at least so many.
    Spike { sensitivity: Sensitivity, at_least: u32 },
    /// Nothing has matched for so many hours.
    Silence { hours: u32 },
    /// A new match has at least so much of a number column.
    Threshold { column: String, at_least: u32 },
}

/// How far above the usual an hour must be to be a spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    High,
    Normal,
    Low,
}

impl Sensitivity {
    pub const ALL: [Sensitivity; 3] = [Sensitivity::High, Sensitivity::Normal, Sensitivity::Low];

    pub fn name(self) -> &'static str {
        match self {
            Sensitivity::High => "high",
            Sensitivity::Normal => "normal",
            Sensitivity::Low => "low",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sensitivity| sensitivity.name() == name)
    }

    /// Spreads above the median.
    pub fn spreads(self) -> f64 {
        match self {
            Sensitivity::High => 3.0,
            Sensitivity::Normal => 5.0,
            Sensitivity::Low => 8.0,
        }
    }
}

impl Rule {
    /// In plain words: `at least 10 new tweets match`.
    pub fn describe(&self) -> String {
        match self {
            Rule::NewMatches { at_least: 1 } => say::a_post().to_owned(),
            Rule::NewMatches { at_least } => say::posts(&grouped(u64::from(*at_least))),
            Rule::Spike { sensitivity, at_least } => {
                let more = match sensitivity {
                    Sensitivity::High => say::spike_more,
                    Sensitivity::Normal => say::spike_far,
                    Sensitivity::Low => say::spike_very,
                };
                more(&grouped(u64::from(*at_least)))
            }
            Rule::Silence { hours } => say::silence(&hours_in_words(*hours)),
            Rule::Threshold { column, at_least } => say::threshold(column, &grouped(u64::from(*at_least))),
        }
    }

    /// Why it cannot be used as it is, in words for the person who wrote it.
    pub fn fault(&self) -> Option<String> {
        let out_of = |number: u32, most: u32| number == 0 || number > most;
        match self {
            Rule::NewMatches { at_least } | Rule::Spike { at_least, .. } if out_of(*at_least, MOST) => {
                Some(say::posts_fault(&grouped(u64::from(MOST))))
            }
            Rule::Silence { hours } if out_of(*hours, MOST_HOURS) => Some(say::hours_fault(&MOST_HOURS.to_string())),
            Rule::Threshold { column, .. } if threshold_column(column).is_none() => Some(say::column_fault(column)),
            _ => None,
        }
    }

    /// Why it fired.
    pub fn reason(&self, moment: &Moment) -> Reason {
        let Moment { count, from: since, to, .. } = *moment;
        if moment.all_clear {
            return match self {
                Rule::Silence { .. } => Reason::SilenceOver { count, at: since },
                _ => Reason::SpikeOver { count, since, to },
            };
        }
        match self {
            Rule::NewMatches { .. } => Reason::NewMatches { count, since },
            Rule::Threshold { column, at_least } => {
                Reason::Threshold { count, column: column.clone(), at_least: *at_least }
            }
            Rule::Spike { .. } => Reason::Spike { count, since, usual: moment.usual.unwrap_or_default() },
            Rule::Silence { hours } => Reason::Silence { hours: *hours, last: since },
        }
    }
}

/// Why an alert fired, to be told to each reader in their language and by their clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    NewMatches {
        count: u64,
        since: Timestamp,
    },
    Threshold {
        count: u64,
        column: String,
        at_least: u32,
    },
    Spike {
        count: u64,
        since: Timestamp,
        usual: u64,
    },
    Silence {
        hours: u32,
        last: Timestamp,
    },
    SpikeOver {
        count: u64,
        since: Timestamp,
        to: Timestamp,
    },
    SilenceOver {
        count: u64,
        at: Timestamp,
    },
    /// As it was written by Roost before it kept the reasons themselves.
    #[serde(skip)]
    Told(String),
}

impl Reason {
    /// As it is stored.
    pub fn to_text(&self) -> String {
        match self {
            Reason::Told(text) => text.clone(),
            other => serde_json::to_string(other).unwrap_or_default(),
        }
    }

    /// Reads what is stored.
    pub fn from_text(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| Reason::Told(text.to_owned()))
    }

    /// In a sentence.
    pub fn told(&self) -> String {
        match self {
            Reason::NewMatches { count, since } => say::new_since(&say::some(*count), &short(*since)),
            Reason::Threshold { count, column, at_least } => {
                say::new_with(&say::some(*count), column, &grouped(u64::from(*at_least)))
            }
            Reason::Spike { count, since, usual } => {
                say::unusual(&say::some(*count), &short(*since), &say::some(*usual))
            }
            Reason::Silence { hours, last } => say::silent(&hours_in_words(*hours), &short(*last)),
            Reason::SpikeOver { count, since, to } => say::spike_over(&say::some(*count), &short(*since), &short(*to)),
            Reason::SilenceOver { count, at } => say::silence_over(&say::some(*count), &short(*at)),
            Reason::Told(text) => text.clone(),
        }
    }
}

/// The number column of that name, which a threshold can be set on.
pub fn threshold_column(name: &str) -> Option<&'static Column> {
    columns::find(name).filter(|column| column.kind == Kind::Number)
}

fn hours_in_words(hours: u32) -> String {
    match hours {
        1 => say::hour().to_owned(),
        hours if hours > 24 && hours % 24 == 0 => say::days(&(hours / 24).to_string()),
        hours => say::hours(&hours.to_string()),
    }
}

fn short(time: Timestamp) -> String {
    let zone = zone::current();
    format!("{} {}", zone.civil(time).format("%Y-%m-%d %H:%M"), zone.label(time))
}

/// How often people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Minutes after a notice in which there is no other.
    pub cool_down_minutes: u32,
    /// Notices in a day (UTC).
    pub max_per_day: u32,
    /// The hour (UTC, 0 to 23) at which all notices of a day come together; at once without it.
    pub daily_at: Option<u8>,
    /// When nobody is told: what fires then is told together when it is over.
    pub quiet: Option<Quiet>,
    /// Whether it is told as well that a spike or a silence is over.
    pub all_clear: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { cool_down_minutes: 60, max_per_day: 10, daily_at: None, quiet: None, all_clear: false }
    }
}

impl Pace {
    pub fn cool_down(self) -> i64 {
        i64::from(self.cool_down_minutes) * MINUTE
    }

    /// When people are told of what fired at that moment.
    pub fn told_at(self, fired: Timestamp) -> Timestamp {
        let told = match self.daily_at {
            Some(hour) => {
                let today = Timestamp(fired.floor(DAY).0 + i64::from(hour) * HOUR);
                if today.0 > fired.0 { today } else { Timestamp(today.0 + DAY) }
            }
            None => fired,
        };
        self.quiet.and_then(|quiet| quiet.over(told)).unwrap_or(told)
    }

    /// In plain words.
    pub fn describe(self) -> String {
        let cool_down = match self.cool_down_minutes {
            0 => say::no_pause().to_owned(),
            minutes if minutes % 60 == 0 => say::one_in(&hours_in_words(minutes / 60)),
            minutes => say::one_in_minutes(&minutes.to_string()),
        };
        let told = match self.daily_at {
            Some(hour) => say::daily(&format!("{hour:02}")),
            None => say::at_once().to_owned(),
        };
        let quiet = self.quiet.map(|quiet| format!(", {}", quiet.describe())).unwrap_or_default();
        let all_clear = if self.all_clear { format!(", {}", say::all_clear()) } else { String::new() };
        say::pace(&cool_down, &self.max_per_day.to_string(), &told) + &quiet + &all_clear
    }

    /// Why it cannot be used as it is.
    pub fn fault(self) -> Option<String> {
        if self.cool_down_minutes > MOST_COOL_DOWN {
            return Some(say::pause_fault(&MOST_COOL_DOWN.to_string()));
        }
        if self.max_per_day == 0 || self.max_per_day > MOST_PER_DAY {
            return Some(say::day_fault(&MOST_PER_DAY.to_string()));
        }
        if self.daily_at.is_some_and(|hour| hour > 23) {
            return Some(say::hour_fault().to_owned());
        }
        self.quiet.and_then(Quiet::fault)
    }
}

/// Hours of some weekdays in which nobody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// The hours (0 to 23) at which it begins and ends: on the same day, or on the next if the end is not later.
    pub from: u8,
    pub to: u8,
    /// The weekdays on which it begins, a bit for each: 1 is Monday, 64 is Sunday.
    pub days: u8,
}

impl Quiet {
    /// All weekdays.
    pub const ALL_DAYS: u8 = 0b111_1111;

    /// The clock by which it is quiet: how far it is ahead of UTC at that moment.
    fn ahead(_: Timestamp) -> i64 {
        0
    }

    /// What that clock is called.
    pub const ZONE: &str = "UTC";

    /// When it is not quiet any more: that moment itself, if it is not quiet then. `None` if it is always quiet.
    fn over(self, at: Timestamp) -> Option<Timestamp> {
        let mut at = at;
        // What ends may end into the next.
        for _ in 0..=7 {
            match self.end(at) {
                Some(end) => at = end,
                None => return Some(at),
            }
        }
        None
    }

    /// When it ends, if it is quiet at that moment.
    fn end(self, at: Timestamp) -> Option<Timestamp> {
        let ahead = Self::ahead(at);
        let local = Timestamp(at.0 + ahead);
        let hours = (i64::from(self.to) - i64::from(self.from)).rem_euclid(24);
        let length = if hours == 0 { DAY } else { hours * HOUR };
        let today = local.floor(DAY);
        [today, Timestamp(today.0 - DAY)].into_iter().find_map(|day| {
            let start = day.0 + i64::from(self.from) * HOUR;
            let is_quiet = self.days >> day.weekday() & 1 == 1 && (start..start + length).contains(&local.0);
            is_quiet.then_some(Timestamp(start + length - ahead))
        })
    }

    fn describe(self) -> String {
        let hours = [self.from, self.to].map(|hour| format!("{hour:02}:00"));
        let names = language::days().split(' ').enumerate().filter(|(day, _)| self.days >> day & 1 == 1);
        let names: Vec<&str> = names.map(|(_, name)| name).collect();
        let days = if self.days == Self::ALL_DAYS { say::each_day().to_owned() } else { names.join(", ") };
        say::quiet(&hours[0], &hours[1], Self::ZONE, &days)
    }

    fn fault(self) -> Option<String> {
        if self.from > 23 || self.to > 23 {
            return Some(say::hour_fault().to_owned());
        }
        if self.days & Self::ALL_DAYS == 0 {
            return Some(say::quiet_days_fault().to_owned());
        }
        self.over(Timestamp(0)).is_none().then(|| say::quiet_fault().to_owned())
    }
}

/// A moment at which an alert fires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub at: Timestamp,
    /// Posts that it fires for; none of a silence.
    pub count: u64,
    /// The span of time that it is about, `to` not included.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Of a spike: what the whole hour usually has.
    pub usual: Option<u64>,
    /// Whether it tells that what was told before is over.
    #[serde(default)]
    pub all_clear: bool,
}

/// An alert, as the signed-in person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub id: i64,
    pub name: String,
    pub rule: Rule,
    pub pace: Pace,
    /// Slug and title of the collection.
    pub collection: String,
    pub collection_title: String,
    /// The saved view that it watches, unless it was deleted.
    pub view: Option<WatchedView>,
    /// The name of the person who made it.
    pub owner: String,
    /// Whether the signed-in person made it.
    pub is_mine: bool,
    /// Whether others may subscribe to it: its view is shared.
    pub is_shared: bool,
    pub is_paused: bool,
    /// Why it cannot be evaluated.
    pub problem: Option<String>,
    pub last_fired: Option<Timestamp>,
    pub subscription: Option<Subscription>,
    /// The host that its webhook goes to.
    pub webhook_host: Option<String>,
    /// How many people are told.
    pub subscribers: u64,
}

/// The saved view of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchedView {
    pub id: i64,
    pub name: String,
    /// Query string of the explore page.
    pub query: String,
}

/// How the signed-in person is told, besides in the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The address to which mails go.
    pub email: Option<String>,
}

/// A notice in the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub id: i64,
    pub alert: i64,
    pub alert_name: String,
    /// Slug of the collection.
    pub collection: String,
    pub at: Timestamp,
    pub reason: Reason,
    pub count: u64,
    /// Query string of the explore page that shows what it is about.
    pub query: String,
    pub samples: Vec<TweetId>,
    pub is_read: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_as_sentences() {
        let said = |rule: Rule| rule.describe();
        assert_eq!(said(Rule::NewMatches { at_least: 1 }), "a new tweet matches");
        assert_eq!(said(Rule::NewMatches { at_least: 12_000 }), "at least 12,000 new tweets match");
        assert_eq!(said(Rule::Silence { hours: 48 }), "nothing matches for 2 days");
        assert_eq!(said(Rule::Silence { hours: 1 }), "nothing matches for an hour");
        let threshold = Rule::Threshold { column: "likes".into(), at_least: 1000 };
        assert_eq!(said(threshold), "a new match has likes of at least 1,000");
        let spike = Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 };
        assert!(said(spike).starts_with("far more tweets match than usual at this hour of this weekday"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_words() {
        assert!(Rule::NewMatches { at_least: 0 }.fault().is_some());
        assert!(Rule::Silence { hours: 721 }.fault().is_some());
        assert!(Rule::Threshold { column: "text".into(), at_least: 1 }.fault().is_some());
        assert!(Rule::Threshold { column: "likes".into(), at_least: 0 }.fault().is_none());
        assert!(Pace { max_per_day: 0, ..Pace::default() }.fault().is_some());
        assert!(Pace { daily_at: Some(24), ..Pace::default() }.fault().is_some());
        assert!(Pace::default().fault().is_none());
    }

    #[test]
    fn what_fires_in_quiet_hours_is_told_when_they_are_over() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
        let told = |quiet: Quiet, fired: &str| {
            Pace { quiet: Some(quiet), ..Pace::default() }.told_at(at(fired)).format("%u %H:%M")
        };
        // 2 February 2026 is a Monday.
        let nights = Quiet { from: 22, to: 7, days: Quiet::ALL_DAYS };
        assert_eq!(told(nights, "2026-02-02T21:59:59Z"), "1 21:59");
        assert_eq!(told(nights, "2026-02-02T22:00:00Z"), "2 07:00");
        assert_eq!(told(nights, "2026-02-03T06:59:59Z"), "2 07:00");
        assert_eq!(told(nights, "2026-02-03T07:00:00Z"), "2 07:00");
        let weekend = Quiet { from: 0, to: 0, days: 0b110_0000 };
        assert_eq!(told(weekend, "2026-02-06T23:59:00Z"), "5 23:59");
        assert_eq!(told(weekend, "2026-02-07T00:00:00Z"), "1 00:00");
        let fridays = Quiet { days: 0b001_0000, ..nights };
        assert_eq!(told(fridays, "2026-02-07T03:00:00Z"), "6 07:00", "it began on Friday");
        assert_eq!(told(fridays, "2026-02-07T23:00:00Z"), "6 23:00");
        let digest = Pace { daily_at: Some(6), quiet: Some(nights), ..Pace::default() };
        assert_eq!(digest.told_at(at("2026-02-02T12:00:00Z")), at("2026-02-03T07:00:00Z"));
        assert!(digest.describe().ends_with(", quiet from 22:00 to 07:00 UTC, each day"), "{}", digest.describe());
        let always = Quiet { from: 5, to: 5, days: Quiet::ALL_DAYS };
        for quiet in [always, Quiet { days: 0, ..nights }, Quiet { to: 24, ..nights }] {
            assert!(Pace { quiet: Some(quiet), ..Pace::default() }.fault().is_some(), "{quiet:?}");
        }
    }

    #[test]
    fn a_digest_waits_for_its_hour() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
        let pace = Pace { daily_at: Some(8), ..Pace::default() };
        assert_eq!(pace.told_at(at("2026-01-31T07:59:59Z")), at("2026-01-31T08:00:00Z"));
        assert_eq!(pace.told_at(at("2026-01-31T08:00:00Z")), at("2026-02-01T08:00:00Z"));
        assert_eq!(Pace::default().told_at(at("2026-01-31T08:00:00Z")), at("2026-01-31T08:00:00Z"));
    }
}
