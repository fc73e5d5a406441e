//! A filter in words, for chips and for the line beneath the query box.

use super::ast::{Compare, Filter, Predicate, Scalar, Test};
use crate::columns::{Column, Format, type_name, weekday_name};
use crate::texts::{Text, common, describe as say};
use crate::zone;

/// A condition in words: `language is ` and what it asks for, `de or en`, which stands out.
pub struct Words {
    pub head: String,
    pub value: String,
}

impl Words {
    fn new(test: &Test, between: &str, value: String) -> Self {
        Self { head: format!("{} {between} ", test.column.noun()), value }
    }

    fn whole(value: String) -> Self {
        Self { head: String::new(), value }
    }
}

/// In words: `language is de or en, and likes ≥ 50`, with times of the current zone.
pub fn describe(filter: &Filter) -> String {
    let Words { head, value } = in_words(filter);
    head + &value
}

/// The same, with what it asks for apart.
pub fn in_words(filter: &Filter) -> Words {
    told(&filter.clone().shown(zone::current()))
}

fn whole(filter: &Filter) -> String {
    let Words { head, value } = told(filter);
    head + &value
}

fn told(filter: &Filter) -> Words {
    match filter {
        Filter::All => Words::whole(say::all().to_owned()),
        Filter::Test(test) => describe_test(test, false),
        Filter::Not(inner) => match &**inner {
            Filter::Test(test) => describe_test(test, true),
            other => one_column(other, say::is_not()).unwrap_or_else(|| Words::whole(say::not(&whole(other)))),
        },
        Filter::And(parts) => {
            Words::whole(parts.iter().map(in_and).collect::<Vec<_>>().join(&format!("{} ", say::and())))
        }
        Filter::Or(parts) => one_column(filter, say::is()).unwrap_or_else(|| {
            Words::whole(parts.iter().map(in_or).collect::<Vec<_>>().join(&format!(" {} ", say::or())))
        }),
    }
}

fn in_and(part: &Filter) -> String {
    match part {
        Filter::Or(_) if one_column(part, say::is()).is_none() => format!("({})", whole(part)),
        other => whole(other),
    }
}

fn in_or(part: &Filter) -> String {
    match part {
        Filter::And(_) => format!("({})", whole(part)),
        other => whole(other),
    }
}

/// `language is de or en`, if all alternatives are values of one column.
fn one_column(filter: &Filter, is: &str) -> Option<Words> {
    let Filter::Or(parts) = filter else { return None };
    let Some(Filter::Test(first)) = parts.first() else { return None };
    let value = |part: &Filter| match part {
        Filter::Test(Test { column, predicate: Predicate::Equals(value) }) if *column == first.column => {
            Some(worded(column, value))
        }
        _ => None,
    };
    let values: Vec<String> = parts.iter().map(value).collect::<Option<_>>()?;
    let values = match values.as_slice() {
        [some @ .., last] if values.len() <= 4 => format!("{} {} {last}", some.join(", "), say::or()),
        _ => say::any_of(&values.len().to_string()),
    };
    Some(Words::new(first, is, values))
}

fn describe_test(test: &Test, negated: bool) -> Words {
    let words = |between: &str, value: String| Words::new(test, between, value);
    let either = |yes: Text, no: Text| if negated { no() } else { yes() };
    match &test.predicate {
        // That there is nothing is said of what has nothing.
        Predicate::Present => words(either(say::is_not, say::is), say::empty().to_owned()),
        Predicate::Matches(text) => words(either(say::has, say::without), say::quoted(text)),
        Predicate::Prefix(start) => words(either(say::beginning, say::not_beginning), say::quoted(start)),
        Predicate::Equals(value) => words(either(say::is, say::is_not), worded(test.column, value)),
        Predicate::Compare(compare, value) => {
            let asked = format!("{} {}", sign(*compare), worded(test.column, value));
            if negated {
                words(say::not_sign(), asked)
            } else {
                Words { head: format!("{} ", test.column.noun()), value: asked }
            }
        }
        Predicate::Between(from, to) => {
            let asked = say::to(&worded(test.column, from), &worded(test.column, to));
            words(either(say::from, say::not_from), asked)
        }
    }
}

fn sign(compare: Compare) -> &'static str {
    match compare {
        Compare::Less => "<",
        Compare::AtMost => "≤",
        Compare::Greater => ">",
        Compare::AtLeast => "≥",
    }
}

fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", crate::number::grouped(number.unsigned_abs()))
}

fn worded(column: &Column, value: &Scalar) -> String {
    match value {
        Scalar::Word(word) if column.format == Format::Weekday => {
            weekday_name(word).map_or_else(|| word.clone(), str::to_owned)
        }
        Scalar::Word(word) if word.len() == 32 && word.parse::<crate::Pid>().is_ok() => {
            word.parse::<crate::Pid>().map_or_else(|_| word.clone(), crate::Pid::short)
        }
        Scalar::Word(word) if column.name == "type" => type_name(word).unwrap_or(word).to_owned(),
        Scalar::Word(word) => word.clone(),
        Scalar::Number(number) => signed(*number),
        Scalar::Decimal(number) => crate::decimal::print(*number),
        Scalar::Id(id) => id.to_string(),
        Scalar::Date(date) => date.to_string().replace('T', " "),
        Scalar::Flag(true) => common::yes().to_owned(),
        Scalar::Flag(false) => common::no().to_owned(),
    }
}
