//! The fields of the form for a new alert, and what they say.

use model::alert::{Pace, Rule, Sensitivity};
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
        let daily_at = if self.daily.is_empty() { None } else { Some(number(&self.daily)?) };
        Ok(Pace {
            cool_down_minutes: number(&self.cool_down)?,
            max_per_day: number(&self.most)?,
            daily_at: daily_at.map(|hour| u8::try_from(hour).unwrap_or(u8::MAX)),
        })
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
        assert_eq!(form.pace(), Ok(Pace { cool_down_minutes: 0, max_per_day: 3, daily_at: Some(7) }));
        assert_eq!((form.watching("q=a"), form.days()), (Watching::Query("q=a".into()), 60));
    }

    #[test]
    fn what_is_no_number_is_told() {
        assert_eq!(form("rule=new&new_at_least=many").rule(), Err("\"many\" is no number.".to_owned()));
    }
}
