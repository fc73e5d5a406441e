//! What stands before the sign: a column, or X's word for a test on one.

use super::ast::Compare;
use super::error::{FilterError, nearest};
use super::lexer::ends_word;
use super::printer::quoted;
use super::words;
use crate::columns::{self, Column, Kind};
use crate::texts::filter as say;
use std::ops::Range;

/// The column (or X's word) whose values are being read, and the sign after it.
pub(super) struct Subject {
    pub name: String,
    pub sign: &'static str,
    pub meaning: Meaning,
}

#[derive(Clone, Copy)]
pub(super) enum Meaning {
    Column(&'static Column),
    Shorthand,
    Comparison(&'static Column, Compare),
}

impl Subject {
    /// Whether the value begins with a `-` that can only be meant to exclude it.
    pub fn excludes(&self, value: &str) -> bool {
        if !matches!(self.sign, ":" | "=") {
            return false;
        }
        let wordy = match self.meaning {
            Meaning::Column(column) => matches!(column.kind, Kind::Text | Kind::Keyword | Kind::Flag),
            Meaning::Shorthand => true,
            Meaning::Comparison(..) => false,
        };
        wordy && value.starts_with('-') && !value.trim_start_matches('-').is_empty()
    }
}

/// Finds out what `name` and `sign` mean.
pub(super) fn subject(text: &str, name: &str, sign: &str, span: &Range<usize>) -> Result<Subject, FilterError> {
    let lower = name.to_lowercase();
    let Some(meaning) = meaning(&lower) else {
        return Err(unknown_column(text, name, sign, span));
    };
    let sign = known_sign(name, sign, span)?;
    if !matches!(meaning, Meaning::Column(_)) && sign != ":" {
        return Err(FilterError::new(span.clone(), say::colon(&lower)).suggest(format!("{lower}:")));
    }
    Ok(Subject { name: lower, sign, meaning })
}

/// Whether the word may stand before a sign.
pub(super) fn known_field(name: &str) -> bool {
    meaning(&name.to_lowercase()).is_some()
}

fn meaning(lower: &str) -> Option<Meaning> {
    if let Some((_, column, compare)) = words::COMPARISONS.iter().find(|(word, ..)| *word == lower) {
        return columns::find(column).map(|column| Meaning::Comparison(column, *compare));
    }
    match lower {
        "is" | "has" => Some(Meaning::Shorthand),
        _ => columns::find(lower).map(Meaning::Column),
    }
}

/// The sign that is meant; what other tools write is named, with the right one.
fn known_sign(name: &str, sign: &str, span: &Range<usize>) -> Result<&'static str, FilterError> {
    let instead = match sign {
        ":" => return Ok(":"),
        "=" => return Ok("="),
        "<" => return Ok("<"),
        ">" => return Ok(">"),
        "<=" | "≤" => return Ok("<="),
        ">=" | "≥" => return Ok(">="),
        "==" | "::" | ":=" | "=:" => format!("{name}:"),
        "=>" | ":>=" | ":≥" | ">:" | ":=>" => format!("{name}>="),
        "=<" | ":<=" | ":≤" | "<:" | ":=<" => format!("{name}<="),
        ":>" => format!("{name}>"),
        ":<" => format!("{name}<"),
        "!=" | "!==" | "<>" | "≠" | ":≠" => format!("-{name}:"),
        _ => {
            return Err(FilterError::new(span.clone(), say::no_comparison(sign)));
        }
    };
    let message = say::written_here(&format!("{name}{sign}"), &instead);
    Err(FilterError::new(span.clone(), message).suggest(instead))
}

fn unknown_column(text: &str, name: &str, sign: &str, span: &Range<usize>) -> FilterError {
    let word_end = text[span.start..].find(char::is_whitespace).map_or(text.len(), |length| span.start + length);
    let word = &text[span.start..word_end];
    let lower = name.to_lowercase();
    if lower == "http" || lower == "https" {
        return FilterError::new(span.start..word_end, say::link()).suggest(format!("url:{}", quoted(word)));
    }
    if words::NOT_KEPT.contains(&lower.as_str()) {
        return FilterError::new(span.start..word_end, say::not_kept(name));
    }
    if lower == "filter" {
        return web_filter(text, span);
    }
    let message = say::no_column(name);
    let here = words::column_here(&lower).or_else(|| nearest(&lower, words::field_words()));
    if let Some(here) = here {
        let message = format!("{message} {}", say::did_you_mean(here));
        return FilterError::new(span.start..span.end - sign.len(), message).suggest(here);
    }
    let message = format!("{message} {}", say::quote_words());
    let error = FilterError::new(span.start..word_end, message);
    // A quote within the word would make a mess of any suggestion.
    if word.contains(|c| ends_word(c) && !matches!(c, '(' | ')')) || word.ends_with('(') {
        return error;
    }
    error.suggest(quoted(word))
}

fn web_filter(text: &str, span: &Range<usize>) -> FilterError {
    let end = text[span.end..].find(ends_word).map_or(text.len(), |length| span.end + length);
    let error = FilterError::new(span.start..end, say::web_filter());
    match words::web_filter_here(&text[span.end..end].to_lowercase()) {
        Some(here) => error.suggest(here),
        None => error,
    }
}
