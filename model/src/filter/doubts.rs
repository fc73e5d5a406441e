//! Values that no tweet has, and what was probably meant. In quotes, every value is taken as it is.

use super::error::nearest;
use super::lexer::DASHES;
use super::words;
use crate::columns::{Column, Format, WEEKDAYS};
use crate::texts::filter as say;

pub(super) struct Doubt {
    pub message: String,
    pub suggestion: Option<String>,
}

/// What makes an unquoted value of a keyword column look like a mistake.
pub(super) fn doubt(column: &Column, value: &str, grouped: bool) -> Option<Doubt> {
    if let Some(here) = words::value_here(column.name, &value.to_lowercase()) {
        return refuse(say::called_here(value, here), Some(here.to_owned()));
    }
    if value.contains(',') {
        return list(value, grouped);
    }
    let name = column.printed_name();
    match (column.name, column.format) {
        (_, Format::Weekday) => weekday(name, value, grouped),
        ("type", _) => one_of(name, value, &["original", "reply", "quote", "retweet"], true),
        ("media", _) => one_of(name, value, &["photo", "video", "animated_gif"], false),
        ("lang", _) if !is_language(value) => refuse(say::language_code(name, value), None),
        ("country" | "withheld", _) if !is_country(value) => refuse(say::country_code(name, value), None),
        ("domain", _) => domain(name, value),
        (_, Format::Author) => handle(name, value),
        (_, Format::Sign(sign)) => tag(sign, value),
        _ => None,
    }
}

fn refuse(message: String, suggestion: Option<String>) -> Option<Doubt> {
    Some(Doubt { message, suggestion })
}

/// `de,en` for `(de OR en)`.
fn list(value: &str, grouped: bool) -> Option<Doubt> {
    let parts: Vec<_> = value.split(',').filter(|part| !part.is_empty()).collect();
    let either = parts.join(" OR ");
    let (message, suggestion) = match parts.as_slice() {
        [] | [_] => (say::comma_out(), either),
        _ if grouped => (say::or_between(), either),
        _ => (say::or_in_parentheses(), format!("({either})")),
    };
    refuse(say::quote_comma(message), (!suggestion.is_empty()).then_some(suggestion))
}

/// `mon..wed` for `(mon OR tue OR wed)`.
fn weekday(name: &str, value: &str, grouped: bool) -> Option<Doubt> {
    let place = |text: &str| WEEKDAYS.iter().position(|day| *day == text);
    if let Some((from, to)) = value.split_once("..").and_then(|(from, to)| place(from).zip(place(to))) {
        let length = (to + 7 - from) % 7 + 1;
        let days: Vec<&str> = WEEKDAYS.iter().cycle().skip(from).take(length).copied().collect();
        let either = days.join(" OR ");
        return refuse(say::weekdays_between().to_owned(), Some(if grouped { either } else { format!("({either})") }));
    }
    one_of(name, value, &WEEKDAYS, true)
}

fn one_of(name: &str, value: &str, known: &[&str], only: bool) -> Option<Doubt> {
    if known.contains(&value) {
        return None;
    }
    let close = nearest(value, known.iter().copied());
    if close.is_none() && !only {
        return None;
    }
    refuse(say::one_of(name, &known.join(", "), value), close.map(str::to_owned))
}

/// Two or three letters, then perhaps a script or a region: `zh-tw`.
fn is_language(value: &str) -> bool {
    let mut parts = value.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    let is_first = (2..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_first && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_country(value: &str) -> bool {
    value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn domain(name: &str, value: &str) -> Option<Doubt> {
    let host = value.split_once("://").map_or(value, |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    if host != value {
        return refuse(say::host_alone(name), host.contains('.').then(|| host.to_owned()));
    }
    if value.contains('.') {
        return None;
    }
    refuse(say::whole_host(name, value), None)
}

fn handle(name: &str, value: &str) -> Option<Doubt> {
    if value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return None;
    }
    let message = say::handle(name, value);
    let in_link = value.split_once("x.com/").or_else(|| value.split_once("twitter.com/"));
    let rest = in_link.map_or(value, |(_, rest)| rest.trim_start_matches('@'));
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let tail_is_noise = in_link.is_some() || rest[end..].chars().all(is_punctuation);
    refuse(message, (end > 0 && tail_is_noise).then(|| rest[..end].to_owned()))
}

fn tag(sign: char, value: &str) -> Option<Doubt> {
    let inner_points = sign == '$' && !value.ends_with('.');
    let end = value.find(|c| is_punctuation(c) && !(inner_points && c == '.')).unwrap_or(value.len());
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic) || (sign == '@' && !text.is_empty());
    if end == value.len() {
        return if has_letter(value) { None } else { refuse(say::tag_letter(&sign.to_string(), value), None) };
    }
    let message = say::tag_signs(&sign.to_string(), &value[end..]);
    let noise = value[end..].chars().all(is_punctuation) && has_letter(&value[..end]);
    refuse(message, noise.then(|| value[..end].to_owned()))
}

/// Signs that end a tag or handle.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation() && c != '_' || c.is_whitespace();
    }
    DASHES.contains(&c)
        || matches!(c, '¡' | '«' | '»' | '¿' | '،' | '؛' | '؟' | '\u{2010}'..='\u{205E}')
        || matches!(c, '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}')
}
