//! The fields of the form for a new alert, and what they say.

use model::alert::{Pace, Quiet, Rule, Sensitivity};
use model::texts::new_alert as say;
use service::alerts::{NewAlert, Watching};

/// Days that can be looked back on.
pub(super) const DAYS: [u32; 4] = [7, 30, 60, 90];

/// The fields of the form, as they were filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertForm {
    pub(super) name: String,
    /// The number of a view, or nothing for what the page shows.
    pub(super) watch: String,
    pub(super) kind: String,
    pub(super) new_at_least: String,
    pub(super) spike_at_least: String,
    pub(super) sensitivity: String,
    pub(super) hours: String,
    pub(super) column: String,
    pub(super) threshold: String,
    pub(super) cool_down: String,
    pub(super) most: String,
    /// An hour of the day, or nothing for at once.
    pub(super) daily: String,
    /// The hours at which quiet hours begin and end; they are none without a beginning.
    pub(super) quiet_from: String,
    pub(super) quiet_to: String,
    /// The weekdays on which they begin, from 1 for Monday to 7.
    pub(super) quiet_days: Vec<u8>,
    pub(super) all_clear: bool,
    pub(super) email: String,
    pub(super) webhook: String,
    pub(super) days: String,
}

impl AlertForm {
    /// Reads the fields; what is missing has its usual value, and `watch` that of the view that is open.
    pub fn parse(pairs: &[(String, String)], open: Option<i64>) -> Self {
        let field = |name: &str, usual: &str| {
            let found = pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
            found.unwrap_or(usual).to_owned()
        };
        let all = |name: &'static str| {
            let of_name = pairs.iter().filter(move |(key, _)| key == name);
            of_name.filter_map(|(_, value)| value.parse::<u8>().ok())
        };
        // Boxes that are not checked are not sent.
        let was_sent = pairs.iter().any(|(key, _)| key == "rule");
        let open = open.map(|view| view.to_string()).unwrap_or_default();
        Self {
            name: field("name", ""),
            watch: field("watch", &open),
            kind: field("rule", "spike"),
            new_at_least: field("new_at_least", "1"),
            spike_at_least: field("spike_at_least", "20"),
            sensitivity: field("sensitivity", Sensitivity::Normal.name()),
            hours: field("hours", "6"),
            column: field("column", "likes"),
            threshold: field("threshold", "1000"),
            cool_down: field("cool_down", "60"),
            most: field("most", "10"),
            daily: field("daily", ""),
            quiet_from: field("quiet_from", ""),
            quiet_to: field("quiet_to", "7"),
            quiet_days: if was_sent { all("quiet_day").collect() } else { (1..=7).collect() },
            all_clear: all("all_clear").next().is_some(),
            email: field("email", ""),
            webhook: field("webhook", ""),
            days: field("days", "30"),
        }
    }

    /// What is to be watched; `query` is what the page shows.
    pub fn watching(&self, query: &str) -> Watching {
        self.watch.parse().map_or_else(|_| Watching::Query(query.to_owned()), Watching::View)
    }

    /// When it fires, or why that cannot be read.
    pub fn rule(&self) -> Result<Rule, String> {
        match self.kind.as_str() {
            "new" => Ok(Rule::NewMatches { at_least: number(&self.new_at_least)? }),
            "silence" => Ok(Rule::Silence { hours: number(&self.hours)? }),
            "threshold" => Ok(Rule::Threshold { column: self.column.clone(), at_least: number(&self.threshold)? }),
            _ => {
                let sensitivity = Sensitivity::from_name(&self.sensitivity).unwrap_or(Sensitivity::Normal);
                Ok(Rule::Spike { sensitivity, at_least: number(&self.spike_at_least)? })
            }
        }
    }

    /// How often people are told, or why that cannot be read.
    pub fn pace(&self) -> Result<Pace, String> {
        let hour = |text: &str| number(text).map(|hour| u8::try_from(hour).unwrap_or(u8::MAX));
        let given = |text: &str| if text.is_empty() { Ok(None) } else { hour(text).map(Some) };
        let quiet = match given(&self.quiet_from)? {
            Some(from) => Some(Quiet { from, to: hour(&self.quiet_to)?, days: self.quiet_bits() }),
            None => None,
        };
        Ok(Pace {
            cool_down_minutes: number(&self.cool_down)?,
            max_per_day: number(&self.most)?,
            daily_at: given(&self.daily)?,
            quiet,
            all_clear: self.all_clear && matches!(self.kind.as_str(), "spike" | "silence"),
        })
    }

    fn quiet_bits(&self) -> u8 {
        self.quiet_days.iter().filter(|day| (1..=7).contains(*day)).fold(0, |bits, day| bits | 1 << (day - 1))
    }

    /// How many days to look back on.
    pub fn days(&self) -> u32 {
        self.days.parse().ok().filter(|days| DAYS.contains(days)).unwrap_or(30)
    }

    /// The alert that it describes.
    pub fn alert(&self, query: &str) -> Result<NewAlert, String> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(NewAlert {
            name: self.name.clone(),
            watching: self.watching(query),
            rule: self.rule()?,
            pace: self.pace()?,
            email: given(&self.email),
            webhook: given(&self.webhook),
        })
    }
}

fn number(text: &str) -> Result<u32, String> {
    if text.is_empty() {
        return Err(say::missing().to_owned());
    }
    text.replace([',', ' '], "").parse().map_err(|_| say::no_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &str) -> AlertForm {
        AlertForm::parse(&crate::url::pairs(fields), Some(7))
    }

    #[test]
    fn an_empty_form_is_a_usual_alert() {
        let form = form("q=launch");
        assert_eq!(form.rule(), Ok(Rule::Spike { sensitivity: Sensitivity::Normal, at_least: 20 }));
        assert_eq!(form.pace(), Ok(Pace::default()));
        assert_eq!((form.watching("q=launch"), form.days()), (Watching::View(7), 30));
    }

    #[test]
    fn what_is_filled_in_is_what_comes_out() {
        let form = form("rule=threshold&column=views&threshold=12,000&cool_down=0&most=3&daily=7&watch=&days=60");
        assert_eq!(form.rule(), Ok(Rule::Threshold { column: "views".into(), at_least: 12_000 }));
        assert_eq!(
            form.pace(),
            Ok(Pace { cool_down_minutes: 0, max_per_day: 3, daily_at: Some(7), ..Pace::default() })
        );
        assert_eq!((form.watching("q=a"), form.days()), (Watching::Query("q=a".into()), 60));
    }

    #[test]
    fn quiet_hours_are_those_of_the_checked_days() {
        let quiet = |fields: &str| form(fields).pace().map(|pace| pace.quiet);
        let days = Quiet::ALL_DAYS;
        assert_eq!(quiet("quiet_from=22"), Ok(Some(Quiet { from: 22, to: 7, days })));
        let weekend = "rule=spike&quiet_from=0&quiet_to=0&quiet_day=6&quiet_day=7";
        assert_eq!(quiet(weekend), Ok(Some(Quiet { from: 0, to: 0, days: 0b110_0000 })));
        assert_eq!(quiet("rule=spike&quiet_from=&quiet_to=7&quiet_day=1"), Ok(None));
        let all_clear = |fields: &str| form(fields).pace().map(|pace| pace.all_clear);
        assert_eq!(all_clear("rule=silence&all_clear=1"), Ok(true));
        assert_eq!(all_clear("rule=new&all_clear=1"), Ok(false), "that never ends");
    }

    #[test]
    fn what_is_no_number_is_told() {
        assert_eq!(form("rule=new&new_at_least=many").rule(), Err("\"many\" is no number.".to_owned()));
    }
}
