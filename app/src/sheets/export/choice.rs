//! What is chosen in the form of an export, as its fields have it.

use crate::url::{ExploreUrl, encode, pairs};
use model::TweetId;
use model::columns::COLUMNS;
use model::export::{ExportFormat, ExportQuery};
use model::texts::export as say;
use model::zone;

/// The fields of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the explore page shows.
    pub url: ExploreUrl,
    pub format: ExportFormat,
    /// How many rows from the top, as it was written; empty for all.
    pub first: String,
    pub all_columns: bool,
    /// Name of a time zone; empty for UTC.
    pub zone: String,
    pub decimal_comma: bool,
    /// Tweets that were chosen in the table.
    pub ids: Vec<TweetId>,
    /// Whether only these are wanted.
    pub only_ids: bool,
    /// What cannot be understood, in words.
    pub problem: Option<String>,
}

impl Choice {
    /// Reads the fields of the explore page's URL and of the form: `format`, `first`, `columns` (`all`), `zone`,
    /// `decimal` (`,`), `ids` (numbers with commas between), `which` (`all` or `chosen`).
    pub fn read(collection: &str, fields: &str) -> Self {
        let pairs = pairs(fields);
        let field = |name: &str| {
            pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        let mut choice = Self { url: ExploreUrl::parse(collection, fields).first_page(), ..Self::default() };
        if let Some(name) = field("format") {
            match ExportFormat::ALL.into_iter().find(|format| format.name() == name) {
                Some(format) => choice.format = format,
                None => choice.problem = Some(say::no_format(name)),
            }
        }
        choice.first = field("first").unwrap_or_default().to_owned();
        choice.all_columns = field("columns") == Some("all");
        choice.zone = match pairs.iter().find(|(key, _)| key == "zone") {
            Some((_, zone)) => zone.trim(),
            None => &*zone::current().name,
        }
        .to_owned();
        if choice.zone == "UTC" {
            choice.zone.clear();
        }
        choice.decimal_comma = field("decimal") == Some(",");
        choice.ids = field("ids").into_iter().flat_map(|ids| ids.split(',')).filter_map(|id| id.parse().ok()).collect();
        choice.only_ids = !choice.ids.is_empty() && field("which") != Some("all");
        if choice.problem.is_none() && choice.limit().is_err() {
            choice.problem = Some(say::no_number(&choice.first));
        }
        choice
    }

    /// What to ask the service for.
    ///
    /// # Errors
    /// What cannot be understood, in words.
    pub fn query(&self) -> Result<ExportQuery, String> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let all = || COLUMNS.iter().map(|column| column.name.to_owned()).collect();
        let shown = || self.url.shown_columns().iter().map(|column| column.name.to_owned()).collect();
        Ok(ExportQuery {
            collection: self.url.collection.clone(),
            filter: self.url.q.clone(),
            sort: self.url.sort.clone(),
            columns: if self.all_columns { all() } else { shown() },
            format: self.format,
            first: self.limit().unwrap_or_default(),
            ids: if self.only_ids { self.ids.clone() } else { Vec::new() },
            zone: self.zone.clone(),
            decimal_comma: self.decimal_comma,
        })
    }

    fn limit(&self) -> Result<Option<u64>, std::num::ParseIntError> {
        let digits: String = self.first.chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}')).collect();
        if digits.is_empty() { Ok(None) } else { digits.parse().map(Some) }
    }

    /// The link to the form, so filled in.
    pub fn href(&self) -> String {
        let mut query = self.url.query_string();
        let mut put = |name: &str, value: &str| {
            if !value.is_empty() {
                query.push_str(&format!("{}{name}={}", if query.is_empty() { "" } else { "&" }, encode(value)));
            }
        };
        put("format", self.format.name());
        put("first", &self.first);
        put("columns", if self.all_columns { "all" } else { "" });
        // Where nothing is said, it is the zone of the page.
        put("zone", if self.zone.is_empty() && !zone::current().is_utc() { "UTC" } else { &self.zone });
        put("decimal", if self.decimal_comma { "," } else { "" });
        put("ids", &self.ids_text());
        put("which", if !self.ids.is_empty() && !self.only_ids { "all" } else { "" });
        format!("{}/export?{query}", self.url.path())
    }

    /// The chosen tweets as a field has them.
    pub fn ids_text(&self) -> String {
        self.ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back_as_it_was_filled_in() {
        for fields in [
            "q=moon&sort=likes&cols=text,likes&format=xlsx&first=1,000&zone=Europe/Berlin&decimal=,&ids=3,7&which=chosen",
            "format=parquet&columns=all&ids=3&which=all",
            "format=csv",
        ] {
            let choice = Choice::read("moon", fields);
            let (path, again) = choice.href().split_once('?').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
            assert_eq!((path.as_str(), Choice::read("moon", &again)), ("/c/moon/export", choice), "{fields}");
        }
        let query = Choice::read("moon", "q=a&cols=text&after=x&first=1 000&ids=3,7,x&format=jsonl").query().unwrap();
        assert_eq!(
            (query.first, query.ids, query.columns),
            (Some(1000), vec![TweetId(3), TweetId(7)], vec!["text".into()])
        );
        let pinned = Choice::read("moon", "cols=text,lang,likes&pin=likes").query().unwrap();
        assert_eq!(pinned.columns, ["likes", "text", "lang"], "in the order in which they are shown");
        assert_eq!(Choice::read("moon", "ids=3&which=all").query().unwrap().ids, []);
    }

    #[test]
    fn what_makes_no_sense_is_told_and_kept() {
        let wrong = Choice::read("moon", "first=abc&format=csv");
        assert_eq!((wrong.query(), wrong.first.as_str()), (Err("\"abc\" is no number of tweets.".into()), "abc"));
        assert_eq!(Choice::read("moon", "format=pdf").query(), Err("There is no format \"pdf\".".into()));
    }
}
