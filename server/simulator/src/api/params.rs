//! Reading a request's parameters, with X's messages.

use chrono::DateTime;

use super::problem::Problem;
use crate::query::Query;
use tweetgen::time::SECOND;

/// Names and values as they came.
pub struct Params(pub Vec<(String, String)>);

impl Params {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Refuses names that are in none of the lists.
    pub fn check_names(&self, known: &[&[&str]]) -> Result<(), Problem> {
        let is_known = |name: &String| known.iter().any(|names| names.contains(&name.as_str()));
        let Some((name, value)) = self.0.iter().find(|(name, _)| !is_known(name)) else { return Ok(()) };
        let message = format!("The query parameter [{name}] is not one of [{}]", known.concat().join(","));
        Err(Problem::invalid(&[(name, value)], message))
    }

    /// A query that is no longer than `longest` characters.
    pub fn query(&self, longest: usize) -> Result<(&str, Query), Problem> {
        let text = self.get("query").unwrap_or_default();
        Ok((text, parse_query(text, longest)?))
    }

    /// A number from `least` to `most`, both included.
    pub fn number(&self, name: &str, least: usize, most: usize) -> Result<Option<usize>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.parse() {
            Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => {
                let message = format!("The `{name}` query parameter value [{value}] is not between {least} and {most}");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }

    /// One of these words.
    pub fn word<'a>(&self, name: &str, words: &[&'a str]) -> Result<Option<&'a str>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match words.iter().find(|&&word| word == value) {
            Some(word) => Ok(Some(word)),
            None => {
                let list = words.join(",");
                let message = format!("The `{name}` query parameter value [{value}] is not one of [{list}]");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }

    /// `true` or `false`, in any case; false if it is not given.
    pub fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            Some("true") => Ok(true), // `True` of clients in Python, which nobody saw refused
            Some("false") | None => Ok(false),
            Some(_) => self.word(name, &["true", "false"]).map(|_| false),
        }
    }

    /// A time in µs, cut to the second as X does.
    pub fn time(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match DateTime::parse_from_rfc3339(value) {
            Ok(time) => Ok(Some(time.timestamp() * SECOND)),
            Err(_) => {
                let message = format!("The `{name}` query parameter value [{value}] is not a valid RFC3339 timestamp");
                Err(Problem::invalid(&[(name, value)], message))
            }
        }
    }

    pub fn id(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.get(name).map(|value| id(name, value)).transpose()
    }

    /// One to `most` ids, or names that `read` takes, between commas; the same one twice counts once.
    pub fn list<T: PartialEq>(
        &self,
        name: &str,
        most: usize,
        read: impl Fn(&str, &str) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let value = self.get(name).unwrap_or_default();
        let items: Vec<&str> = value.split(',').filter(|item| !item.is_empty()).collect();
        if items.is_empty() {
            return Err(Problem::invalid(&[(name, value)], format!("The `{name}` query parameter can not be empty")));
        }
        if items.len() > most {
            let message = format!(
                "The number of values in the `{name}` query parameter list [{}] is not between 1 and {most}",
                items.len()
            );
            return Err(Problem::invalid(&[(name, value)], message));
        }
        let mut list = Vec::new();
        for item in items {
            let item = read(name, item)?;
            if !list.contains(&item) {
                list.push(item);
            }
        }
        Ok(list)
    }

    /// The page token, and the name it came under.
    pub fn page(&self) -> Option<(&'static str, &str)> {
        let tokens = ["next_token", "pagination_token"].map(|name| self.get(name).map(|value| (name, value)));
        tokens.into_iter().flatten().next()
    }
}

/// Up to 19 digits.
pub fn id(name: &str, value: &str) -> Result<u64, Problem> {
    let is_short = (1..=19).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(id) if is_short => Ok(id),
        _ => {
            let message = format!("The `{name}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$");
            Err(Problem::invalid(&[(name, value)], message))
        }
    }
}

/// A handle without the `@`.
pub fn username(name: &str, value: &str) -> Result<String, Problem> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_plain && (1..=15).contains(&value.len()) {
        return Ok(value.to_owned());
    }
    let message = format!("The `{name}` query parameter value [{value}] does not match ^[A-Za-z0-9_]{{1,15}}$");
    Err(Problem::invalid(&[(name, value)], message))
}

/// Parses a query no longer than `longest` characters.
pub fn parse_query(text: &str, longest: usize) -> Result<Query, Problem> {
    let length = text.chars().count();
    let message = if text.trim().is_empty() {
        "The `query` query parameter can not be empty".to_owned()
    } else if length > longest {
        format!("The `query` query parameter value is {length} characters long; the maximum is {longest}")
    } else {
        match Query::parse(text) {
            Ok(query) => return Ok(query),
            Err(message) => message,
        }
    };
    Err(Problem::invalid(&[("query", text)], message))
}
