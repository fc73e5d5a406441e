//! Alerts: what is watched on a saved view, and when people are told of it.

use crate::columns::{self, Column, Kind};
use crate::number::grouped;
use crate::texts::rules as say;
use crate::time::{HOUR, MINUTE};
use crate::{Timestamp, TweetId};
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
    /// In plain words: `at least 10 new posts match`.
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

    /// Why it fired, in a sentence.
    pub fn reason(&self, moment: &Moment) -> String {
        let count = posts(moment.count);
        match self {
            Rule::NewMatches { .. } => format!("{count} new since {} UTC.", short(moment.from)),
            Rule::Threshold { column, at_least } => {
                format!("{count} new with {column} of at least {}.", grouped(u64::from(*at_least)))
            }
            Rule::Spike { .. } => {
                let usual = posts(moment.usual.unwrap_or_default());
                format!("{count} since {} UTC; usual for the whole hour: {usual}.", short(moment.from))
            }
            Rule::Silence { hours } => {
                format!("Nothing for {}: the last match was at {} UTC.", hours_in_words(*hours), short(moment.from))
            }
        }
    }
}

/// The number column of that name, which a threshold can be set on.
pub fn threshold_column(name: &str) -> Option<&'static Column> {
    columns::find(name).filter(|column| column.kind == Kind::Number)
}

fn posts(count: u64) -> String {
    match count {
        1 => "1 post".to_owned(),
        count => format!("{} posts", grouped(count)),
    }
}

fn hours_in_words(hours: u32) -> String {
    match hours {
        1 => say::hour().to_owned(),
        hours if hours > 24 && hours % 24 == 0 => say::days(&(hours / 24).to_string()),
        hours => say::hours(&hours.to_string()),
    }
}

fn short(time: Timestamp) -> String {
    time.format("%Y-%m-%d %H:%M")
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
}

impl Default for Pace {
    fn default() -> Self {
        Self { cool_down_minutes: 60, max_per_day: 10, daily_at: None }
    }
}

impl Pace {
    pub fn cool_down(self) -> i64 {
        i64::from(self.cool_down_minutes) * MINUTE
    }

    /// When people are told of what fired at that moment.
    pub fn told_at(self, fired: Timestamp) -> Timestamp {
        let Some(hour) = self.daily_at else { return fired };
        let today = Timestamp(fired.floor(crate::time::DAY).0 + i64::from(hour) * HOUR);
        if today.0 > fired.0 { today } else { Timestamp(today.0 + crate::time::DAY) }
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
        say::pace(&cool_down, &self.max_per_day.to_string(), &told)
    }

    /// Why it cannot be used as it is.
    pub fn fault(self) -> Option<String> {
        if self.cool_down_minutes > MOST_COOL_DOWN {
            return Some(say::pause_fault(&MOST_COOL_DOWN.to_string()));
        }
        if self.max_per_day == 0 || self.max_per_day > MOST_PER_DAY {
            return Some(say::day_fault(&MOST_PER_DAY.to_string()));
        }
        self.daily_at.filter(|hour| *hour > 23).map(|_| "The hour of the day must be from 0 to 23.".to_owned())
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
    pub reason: String,
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
        assert_eq!(said(Rule::NewMatches { at_least: 1 }), "a new post matches");
        assert_eq!(said(Rule::NewMatches { at_least: 12_000 }), "at least 12,000 new posts match");
        assert_eq!(said(Rule::Silence { hours: 48 }), "nothing matches for 2 days");
        assert_eq!(said(Rule::Silence { hours: 1 }), "nothing matches for an hour");
        let threshold = Rule::Threshold { column: "likes".into(), at_least: 1000 };
        assert_eq!(said(threshold), "a new match has likes of at least 1,000");
        let spike = Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 };
        assert!(said(spike).starts_with("far more posts match than usual at this hour of this weekday"));
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
    fn a_digest_waits_for_its_hour() {
        let at = |text: &str| Timestamp::parse_rfc3339(text).unwrap();
        let pace = Pace { daily_at: Some(8), ..Pace::default() };
        assert_eq!(pace.told_at(at("2026-01-31T07:59:59Z")), at("2026-01-31T08:00:00Z"));
        assert_eq!(pace.told_at(at("2026-01-31T08:00:00Z")), at("2026-02-01T08:00:00Z"));
        assert_eq!(Pace::default().told_at(at("2026-01-31T08:00:00Z")), at("2026-01-31T08:00:00Z"));
    }
}
