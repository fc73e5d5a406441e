use super::ast::{Filter, Predicate, Scalar, Test};
use super::doubts::doubt;
use super::lexer::{DASHES, SIGNS, ends_word};
use super::values::{keyword, sign_column};
use super::words;
use crate::columns::{Column, Format, Kind};
use std::fmt::{self, Display, Formatter};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Filter::All => Ok(()),
            Filter::Test(test) => test.fmt(f),
            Filter::Not(inner) => match &**inner {
                Filter::Test(test) => write!(f, "-{test}"),
                Filter::Or(parts) if one_column(parts).is_some() => write!(f, "-{inner}"),
                _ => write!(f, "-({inner})"),
            },
            Filter::And(parts) => joined(f, parts, " ", |f, part| match part {
                Filter::Or(inner) if one_column(inner).is_none() => write!(f, "({part})"),
                _ => part.fmt(f),
            }),
            Filter::Or(parts) => match one_column(parts) {
                Some((name, values)) => write!(f, "{name}:({})", values.join(" OR ")),
                None => joined(f, parts, " OR ", |f, part| part.fmt(f)),
            },
        }
    }
}

fn joined(
    f: &mut Formatter<'_>,
    parts: &[Filter],
    between: &str,
    one: impl Fn(&mut Formatter<'_>, &Filter) -> fmt::Result,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(between)?;
        }
        one(f, part)?;
    }
    Ok(())
}

/// The column and the printed values, if all parts compare the same column to a value: `lang:(de OR en)`.
fn one_column(parts: &[Filter]) -> Option<(&'static str, Vec<String>)> {
    let Some(Filter::Test(first)) = parts.first() else { return None };
    let values = parts.iter().map(|part| match part {
        Filter::Test(Test { column, predicate: Predicate::Equals(value) }) if *column == first.column => {
            Some(printed(first.column, value, true))
        }
        _ => None,
    });
    Some((first.column.printed_name(), values.collect::<Option<_>>()?))
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some((word, value)) = words::shorthand_of(self) {
            return write!(f, "{word}:{value}");
        }
        let name = self.column.printed_name();
        let is_text = self.column.name == "text";
        match &self.predicate {
            Predicate::Present => write!(f, "{name}:*"),
            Predicate::Matches(text) if is_text && is_free(text) => f.write_str(text),
            Predicate::Matches(text) if is_text => f.write_str(&quoted(text)),
            Predicate::Matches(text) => write!(f, "{name}:{}", word(self.column, text, false)),
            Predicate::Prefix(start) if is_text && is_free(start) => write!(f, "{start}*"),
            Predicate::Prefix(start) => write!(f, "{name}:{}*", prefix(self.column, start)),
            Predicate::Equals(value) => match tagged(self.column, value) {
                Some(tagged) => f.write_str(&tagged),
                None => write!(f, "{name}:{}", printed(self.column, value, false)),
            },
            Predicate::Compare(compare, value) => {
                write!(f, "{name}{}{}", compare.sign(), printed(self.column, value, false))
            }
            Predicate::Between(from, to) => {
                let [from, to] = [from, to].map(|end| printed(self.column, end, false));
                write!(f, "{name}:{from}..{to}")
            }
        }
    }
}

/// A value after `column:`, or within its group, where operators count and a `-` excludes.
pub(super) fn printed(column: &Column, value: &Scalar, grouped: bool) -> String {
    match value {
        Scalar::Word(text) => word(column, text, grouped),
        Scalar::Number(number) => signed(number.to_string(), grouped),
        Scalar::Decimal(number) => signed(crate::decimal::print(*number), grouped),
        Scalar::Id(id) => id.to_string(),
        Scalar::Date(date) => date.to_string(),
        Scalar::Flag(true) => "yes".to_owned(),
        Scalar::Flag(false) => "no".to_owned(),
    }
}

fn signed(number: String, grouped: bool) -> String {
    if grouped && number.starts_with('-') { quoted(&number) } else { number }
}

/// A word, quoted where it would be read as something else or doubted.
fn word(column: &Column, text: &str, grouped: bool) -> String {
    let taken_as_it_is =
        column.kind != Kind::Keyword || keyword(column, text, false) == text && doubt(column, text, grouped).is_none();
    let plain = if grouped { is_free(text) } else { is_plain(text) };
    if plain && taken_as_it_is { text.to_owned() } else { quoted(text) }
}

fn prefix(column: &Column, start: &str) -> String {
    let same = column.kind != Kind::Keyword || keyword(column, start, false) == start;
    if same && is_plain(start) { start.to_owned() } else { quoted(start) }
}

/// Whether it reads as one word after `column:`.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|c| ends_word(c) || matches!(c, '\\' | '*'))
        && !text.contains("..")
        && !text.starts_with(SIGNS)
        && !text.starts_with(DASHES)
        && !text.starts_with(['#', '@', '$', '!'])
}

/// Whether it reads as one word where no column stands before it.
fn is_free(text: &str) -> bool {
    is_plain(text)
        && !text.contains(SIGNS)
        && !text.contains("!=")
        && !["and", "or", "not"].iter().any(|operator| text.eq_ignore_ascii_case(operator))
}

/// The value after `#`, `@` or `$`, if it reads so.
fn tagged(column: &Column, value: &Scalar) -> Option<String> {
    let (Format::Sign(sign), Scalar::Word(tag)) = (column.format, value) else { return None };
    let tagged = format!("{sign}{tag}");
    let read_so = sign_column(&tagged).is_some_and(|(of, _)| of == column);
    (read_so && is_free(tag) && word(column, tag, true) == *tag).then_some(tagged)
}

/// The text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
