//! What stands after the sign: values of each kind of column.

use super::ast::{Compare, Filter, Predicate, Scalar, Test};
use super::dates::DateValue;
use super::doubts::{Doubt, doubt};
use super::error::{FilterError, nearest};
use super::numbers::{decimal, number};
use super::subject::{Meaning, Subject};
use super::{near_dates, words};
use crate::collection::slug_of;
use crate::columns::{self, Column, Format, Kind};
use crate::symbol::is_symbol;
use crate::texts::filter as say;
use std::ops::Range;

type Result<T> = std::result::Result<T, FilterError>;

/// A value as it stands in the text, without its quotes and without a `*` at its end.
pub(super) struct Written<'a> {
    pub text: &'a str,
    pub quoted: bool,
    pub starred: bool,
    /// Where operators may stand beside it.
    pub grouped: bool,
    pub at: Range<usize>,
}

impl<'a> Written<'a> {
    pub fn word(word: &'a str, grouped: bool, at: Range<usize>) -> Self {
        let rest = word.strip_suffix('*');
        Written { text: rest.unwrap_or(word), quoted: false, starred: rest.is_some(), grouped, at }
    }

    fn error(&self, message: impl Into<String>) -> FilterError {
        FilterError::new(self.at.clone(), message)
    }
}

pub(super) fn text_column() -> &'static Column {
    columns::find("text").expect("the table of columns has a text column")
}

/// The column that `#`, `@` or `$` before a word stands for, and the rest of the word.
pub(super) fn sign_column(word: &str) -> Option<(&'static Column, &str)> {
    let (name, tag) = match word.chars().next()? {
        '#' => ("hashtag", &word[1..]),
        '@' => ("mention", &word[1..]),
        // A price such as $5 is no cashtag: symbols begin with a letter.
        '$' if word[1..].starts_with(char::is_alphabetic) => ("cashtag", &word[1..]),
        _ => return None,
    };
    Some((columns::find(name)?, tag))
}

pub(super) fn subject_test(subject: &Subject, value: &Written<'_>) -> Result<Filter> {
    if value.starred && !matches!(subject.meaning, Meaning::Column(_)) {
        return Err(value.error(say::no_star_colon(&subject.name)));
    }
    match subject.meaning {
        Meaning::Column(column) => column_test(column, subject.sign, value),
        Meaning::Comparison(column, compare) => {
            Ok(Test { column, predicate: Predicate::Compare(compare, scalar(column, value)?) }.into())
        }
        Meaning::Shorthand => shorthand(&subject.name, value),
    }
}

fn shorthand(name: &str, value: &Written<'_>) -> Result<Filter> {
    let wanted = value.text.to_lowercase();
    if let Some(test) = words::shorthand(name, &wanted) {
        return Ok(test.into());
    }
    if name == "is" && wanted == "nullcast" {
        return Err(value.error(say::nullcast()));
    }
    let known: Vec<_> = words::shorthand_values(name).collect();
    let error = value.error(say::one_of_these(name, &known.join(", ")));
    let close = words::value_here(name, &wanted).or_else(|| nearest(&wanted, known.into_iter()));
    Err(match close {
        Some(close) => error.suggest(close),
        None => error,
    })
}

pub(super) fn column_test(column: &'static Column, sign: &str, value: &Written<'_>) -> Result<Filter> {
    let compare = match sign {
        "<" => Some(Compare::Less),
        "<=" => Some(Compare::AtMost),
        ">" => Some(Compare::Greater),
        ">=" => Some(Compare::AtLeast),
        _ => None,
    };
    if let Some(compare) = compare {
        return Ok(Test { column, predicate: comparison(column, compare, sign, value)? }.into());
    }
    if value.starred && value.text.is_empty() && !value.quoted {
        return Ok(Test { column, predicate: Predicate::Present }.into());
    }
    if value.text.trim().is_empty() {
        return Err(value.error(say::nothing_to_search()));
    }
    let wordy = matches!(column.kind, Kind::Text | Kind::Keyword);
    if wordy && !value.quoted && value.text.contains('*') {
        return Err(value.error(say::star_at_end()));
    }
    let predicate = match column.kind {
        _ if value.starred => prefix(column, value)?,
        Kind::Text => Predicate::Matches(searchable(value.text, &value.at)?),
        _ if column.ordered() && !value.quoted && value.text.contains("..") => range(column, value)?,
        _ => Predicate::Equals(scalar(column, value).map_err(|error| match near_range(column, value) {
            Some(range) => error.suggest(range),
            None => error,
        })?),
    };
    match predicate {
        Predicate::Equals(Scalar::Date(date @ DateValue::Ago { .. })) => Err(single_moment(value, date)),
        predicate => Ok(Test { column, predicate }.into()),
    }
}

/// `created:now-7d` would be one millionth of a second.
fn single_moment(value: &Written<'_>, date: DateValue) -> FilterError {
    let error = value.error(say::single_moment(&date.to_string()));
    if date == DateValue::NOW { error } else { error.suggest(format!("{date}..")) }
}

fn comparison(column: &'static Column, compare: Compare, sign: &str, value: &Written<'_>) -> Result<Predicate> {
    let name = column.printed_name();
    if !column.ordered() {
        return Err(value.error(say::no_order(name, sign)));
    }
    if value.starred {
        return Err(value.error(say::no_star(&format!("{name}{sign}"))));
    }
    Ok(Predicate::Compare(compare, scalar(column, value)?))
}

fn prefix(column: &'static Column, value: &Written<'_>) -> Result<Predicate> {
    let name = column.printed_name();
    if !matches!(column.kind, Kind::Text | Kind::Keyword) {
        return Err(value.error(say::no_words(name)));
    }
    if column.format == Format::Author {
        let message = say::whole_handle(name, value.text.trim_start_matches('@'));
        return Err(value.error(message).suggest(value.text));
    }
    let start = match column.kind {
        Kind::Text => searchable(value.text, &value.at)?,
        _ => keyword(column, value.text, value.quoted),
    };
    if start.chars().count() < 2 {
        return Err(value.error(say::two_letters()));
    }
    Ok(Predicate::Prefix(start))
}

fn range(column: &'static Column, value: &Written<'_>) -> Result<Predicate> {
    let (from, to) = value.text.split_once("..").unwrap_or((value.text, ""));
    if to.starts_with('.') && column.kind != Kind::Decimal {
        let to = to.trim_start_matches('.');
        return Err(value.error(say::two_points()).suggest(format!("{from}..{to}")));
    }
    let end = |text: &str| {
        let end = Written { text, at: value.at.clone(), ..*value };
        (!text.is_empty()).then(|| scalar(column, &end)).transpose()
    };
    match (end(from)?, end(to)?) {
        (Some(first), Some(last)) if reversed(&first, &last) => {
            let turned = format!("{to}..{from}");
            Err(value.error(say::reversed(&turned)).suggest(turned))
        }
        (Some(from), Some(to)) => Ok(Predicate::Between(from, to)),
        (Some(from), None) => Ok(Predicate::Compare(Compare::AtLeast, from)),
        (None, Some(to)) => Ok(Predicate::Compare(Compare::AtMost, to)),
        (None, None) => Err(value.error(say::one_end())),
    }
}

/// Whether the first certainly comes after the last.
fn reversed(first: &Scalar, last: &Scalar) -> bool {
    match (first, last) {
        (Scalar::Number(first), Scalar::Number(last)) => first > last,
        (Scalar::Decimal(first), Scalar::Decimal(last)) => first > last,
        (Scalar::Id(first), Scalar::Id(last)) => first > last,
        (Scalar::Date(first), Scalar::Date(last)) => first.certainly_after(*last),
        _ => false,
    }
}

/// Text that has something to look for: signs alone are not in the index.
pub(super) fn searchable(text: &str, at: &Range<usize>) -> Result<String> {
    if text.chars().any(|c| c.is_alphanumeric() || is_symbol(c)) {
        return Ok(text.to_owned());
    }
    let error = |message: String| FilterError::new(at.clone(), message);
    Err(match text {
        "|" | "||" => error(say::is_written(text, "OR")).suggest("OR"),
        "&" | "&&" => error(say::is_written(text, "AND")).suggest("AND"),
        _ => error(say::only_signs(text)),
    })
}

fn scalar(column: &'static Column, value: &Written<'_>) -> Result<Scalar> {
    let text = value.text;
    let wrong = |needed: &str, near: Option<String>| {
        let error = value.error(say::needs(column.printed_name(), needed, text));
        match near {
            Some(near) => error.suggest(near),
            None => error,
        }
    };
    match column.kind {
        Kind::Text | Kind::Keyword => word(column, value),
        Kind::Number if column.name == "hour" => {
            let hour = number(text).filter(|hour| (0..24).contains(hour));
            hour.map(Scalar::Number).ok_or_else(|| wrong(say::an_hour(), None))
        }
        Kind::Number => number(text).map(Scalar::Number).ok_or_else(|| wrong(say::a_number(), None)),
        Kind::Decimal => decimal(text).map(Scalar::Decimal).ok_or_else(|| {
            let near = text.replace(',', ".");
            wrong(say::a_decimal(), decimal(&near).map(|_| near))
        }),
        Kind::Id => id(text).map_err(|needed| wrong(needed, id_in_link(text))),
        Kind::Date => DateValue::parse(text)
            .map(Scalar::Date)
            .ok_or_else(|| wrong(say::a_date(), near_dates::near(text).map(|date| date.to_string()))),
        Kind::Flag => match text.to_lowercase().as_str() {
            "yes" | "true" | "1" => Ok(Scalar::Flag(true)),
            "no" | "false" | "0" => Ok(Scalar::Flag(false)),
            _ => Err(wrong(say::yes_or_no(), None)),
        },
    }
}

fn word(column: &'static Column, value: &Written<'_>) -> Result<Scalar> {
    let word = keyword(column, value.text, value.quoted);
    if word.is_empty() {
        return Err(value.error(say::no_value(column.printed_name())));
    }
    let doubt = if value.quoted { None } else { doubt(column, &word, value.grouped) };
    match doubt {
        None => Ok(Scalar::Word(word)),
        Some(Doubt { message, suggestion }) => Err(FilterError { suggestion, ..value.error(message) }),
    }
}

fn id(text: &str) -> std::result::Result<Scalar, &'static str> {
    text.parse::<crate::TweetId>().map(|id| Scalar::Id(id.0)).map_err(|bad| match bad {
        crate::id::BadId::Scientific(_) => say::all_digits(),
        _ => say::an_id(),
    })
}

/// The id in a tweet's address: `https://x.com/nasa/status/123`.
fn id_in_link(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("/status/")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    id(&rest[..end]).ok().map(|_| rest[..end].to_owned())
}

/// `50-100` for `50..100`, where both ends are values of the column.
fn near_range(column: &'static Column, value: &Written<'_>) -> Option<String> {
    let is_value = |text: &str| match column.kind {
        Kind::Number => number(text).is_some(),
        Kind::Decimal => decimal(text).is_some(),
        Kind::Date => DateValue::parse(text).is_some(),
        _ => false,
    };
    ["…", "–", "—", "-"].into_iter().find_map(|between| {
        let mut places = value.text.match_indices(between);
        places.find_map(|(place, _)| {
            let (from, to) = (&value.text[..place], &value.text[place + between.len()..]);
            (is_value(from) && is_value(to)).then(|| format!("{from}..{to}"))
        })
    })
}

/// The value as the column keeps it: tags, handles and hosts in lower case and without their sign; codes
/// in the case that X gives them, unless they are quoted.
pub(super) fn keyword(column: &Column, text: &str, quoted: bool) -> String {
    match (column.format, column.name) {
        (Format::Sign(sign), _) => text.trim_start_matches(sign).to_lowercase(),
        (Format::Author, _) => text.trim_start_matches('@').to_lowercase(),
        (_, "domain") => {
            let host = text.to_lowercase();
            if quoted { host } else { host.trim_start_matches("www.").to_owned() }
        }
        (_, "lang" | "type" | "media" | "weekday") if !quoted => text.to_lowercase(),
        (_, "country" | "withheld") if !quoted => text.to_uppercase(),
        (_, "collection") if !quoted => slug_of(text).unwrap_or_else(|| text.to_owned()),
        _ => text.to_owned(),
    }
}
