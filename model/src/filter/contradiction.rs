//! Conditions that no tweet can meet together: `lang:de lang:en`.

use super::ast::{Filter, Predicate, Scalar, Test};
use super::error::FilterError;
use crate::columns::{Column, Kind};
use crate::texts::filter as say;
use std::ops::Range;

/// The first two conjuncts that ask a column which has one value for two.
pub(super) fn find(text: &str, parts: &[(Filter, Range<usize>)], grouped: bool) -> Option<FilterError> {
    for (index, (second, at)) in parts.iter().enumerate() {
        let Some((column, wanted)) = wanted(second) else { continue };
        let clash = parts[..index].iter().enumerate().find(|(_, (first, _))| {
            self::wanted(first).is_some_and(|(other, values)| other == column && disjoint(&values, &wanted))
        });
        if let Some((earlier, (first, first_at))) = clash {
            let message = say::contradiction(column.printed_name());
            // What stands between them, or in parentheses with one of them, has no place in the suggestion.
            let alone = |span: &Range<usize>| parts.iter().filter(|(_, other)| other == span).count() == 1;
            if earlier + 1 != index || !alone(first_at) || !alone(at) {
                return Some(FilterError::new(at.clone(), message));
            }
            let either = if grouped {
                format!("{} OR {}", &text[first_at.clone()], &text[at.clone()])
            } else {
                Filter::or([first.clone(), second.clone()]).to_string()
            };
            return Some(FilterError::new(first_at.start..at.end, message).suggest(either));
        }
    }
    None
}

/// The values of which a tweet must have one, if the filter says nothing else.
fn wanted(filter: &Filter) -> Option<(&'static Column, Vec<&Scalar>)> {
    let one = |filter| match filter {
        &Filter::Test(Test { column, predicate: Predicate::Equals(ref value) })
            if !column.multi && column.kind != Kind::Date =>
        {
            Some((column, value))
        }
        _ => None,
    };
    let Filter::Or(parts) = filter else {
        return one(filter).map(|(column, value)| (column, vec![value]));
    };
    let column = one(parts.first()?)?.0;
    let values = parts.iter().map(|part| one(part).filter(|(of, _)| *of == column).map(|(_, value)| value));
    Some((column, values.collect::<Option<_>>()?))
}

fn disjoint(left: &[&Scalar], right: &[&Scalar]) -> bool {
    !left.iter().any(|left| right.iter().any(|right| same(left, right)))
}

fn same(left: &Scalar, right: &Scalar) -> bool {
    match (left, right) {
        (Scalar::Word(left), Scalar::Word(right)) => left.to_lowercase() == right.to_lowercase(),
        _ => left == right,
    }
}
