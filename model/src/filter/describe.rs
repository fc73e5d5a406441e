//! A filter in words, for chips and for the line beneath the query box.

use super::ast::{Compare, Filter, Predicate, Scalar, Test};

/// In words: `language is de or en, and likes ≥ 50`.
pub fn describe(filter: &Filter) -> String {
    match filter {
        Filter::All => "all tweets".to_owned(),
        Filter::Test(test) => describe_test(test, false),
        Filter::Not(inner) => match &**inner {
            Filter::Test(test) => describe_test(test, true),
            other => match one_column(other) {
                Some(text) => text.replacen(" is ", " is not ", 1),
                None => format!("not ({})", describe(other)),
            },
        },
        Filter::And(parts) => parts.iter().map(in_and).collect::<Vec<_>>().join(", and "),
        Filter::Or(parts) => match one_column(filter) {
            Some(text) => text,
            None => parts.iter().map(in_or).collect::<Vec<_>>().join(" or "),
        },
    }
}

fn in_and(part: &Filter) -> String {
    match part {
        Filter::Or(_) if one_column(part).is_none() => format!("({})", describe(part)),
        other => describe(other),
    }
}

fn in_or(part: &Filter) -> String {
    match part {
        Filter::And(_) => format!("({})", describe(part)),
        other => describe(other),
    }
}

/// `language is de or en`, if all alternatives are values of one column.
fn one_column(filter: &Filter) -> Option<String> {
    let Filter::Or(parts) = filter else { return None };
    let Some(Filter::Test(first)) = parts.first() else { return None };
    let value = |part: &Filter| match part {
        Filter::Test(Test { column, predicate: Predicate::Equals(value) }) if *column == first.column => {
            Some(worded(value))
        }
        _ => None,
    };
    let values: Vec<String> = parts.iter().map(value).collect::<Option<_>>()?;
    let values = match values.as_slice() {
        [some @ .., last] if values.len() <= 4 => format!("{} or {last}", some.join(", ")),
        _ => format!("any of {}", values.len()),
    };
    Some(format!("{} is {values}", subject(first)))
}

fn subject(test: &Test) -> String {
    match test.column.name {
        "lang" => "language".to_owned(),
        "created" => "time".to_owned(),
        name => name.replace('_', " "),
    }
}

fn describe_test(test: &Test, negated: bool) -> String {
    let subject = subject(test);
    let is = if negated { "is not" } else { "is" };
    let not = if negated { "not " } else { "" };
    match &test.predicate {
        Predicate::Present if negated => format!("{subject} is empty"),
        Predicate::Present => format!("{subject} is not empty"),
        Predicate::Matches(text) if negated => format!("{subject} without “{text}”"),
        Predicate::Matches(text) => format!("{subject} has “{text}”"),
        Predicate::Prefix(start) => format!("{subject} {not}beginning with “{start}”"),
        Predicate::Equals(value) => format!("{subject} {is} {}", worded(value)),
        Predicate::Compare(compare, value) => format!("{subject} {not}{} {}", sign(*compare), worded(value)),
        Predicate::Between(from, to) => format!("{subject} {not}from {} to {}", worded(from), worded(to)),
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

fn worded(value: &Scalar) -> String {
    match value {
        Scalar::Word(word) if word.len() == 32 && word.parse::<crate::Pid>().is_ok() => {
            word.parse::<crate::Pid>().map_or_else(|_| word.clone(), crate::Pid::short)
        }
        Scalar::Word(word) => word.clone(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Decimal(number) => crate::decimal::print(*number),
        Scalar::Id(id) => id.to_string(),
        Scalar::Date(date) => date.to_string().replace('T', " "),
        Scalar::Flag(true) => "yes".to_owned(),
        Scalar::Flag(false) => "no".to_owned(),
    }
}
