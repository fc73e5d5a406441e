//! Changes that clicks make to a filter: a chip removed, a facet value chosen, a bar zoomed to.

use super::ast::{Compare, Filter, Predicate, Scalar, Test};
use super::dates::DateValue;
use crate::Timestamp;
use crate::columns::{self, Column, Kind, WEEKDAYS};

/// How a facet value stands in a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    Free,
    Included,
    Excluded,
}

impl Filter {
    /// With one more condition.
    #[must_use]
    pub fn with(self, condition: impl Into<Filter>) -> Self {
        Filter::and([self, condition.into()])
    }

    /// The column that all its tests are about, if they are about one.
    pub fn column(&self) -> Option<&'static Column> {
        match self {
            Filter::All => None,
            Filter::Test(test) => Some(test.column),
            Filter::Not(inner) => inner.column(),
            Filter::And(parts) | Filter::Or(parts) => {
                let first = parts.first()?.column()?;
                parts.iter().all(|part| part.column() == Some(first)).then_some(first)
            }
        }
    }

    /// With another condition in the place of the conjunct there; with `All`, as without it.
    #[must_use]
    pub fn with_conjunct(&self, index: usize, condition: Filter) -> Self {
        let replaced = self.conjuncts().iter().enumerate();
        Filter::and(replaced.map(|(at, part)| if at == index { condition.clone() } else { part.clone() }))
    }

    /// Without the conjunct at that place.
    #[must_use]
    pub fn without_conjunct(&self, index: usize) -> Self {
        let kept = self.conjuncts().iter().enumerate().filter(|(at, _)| *at != index);
        Filter::and(kept.map(|(_, part)| part.clone()))
    }

    /// With the opposite of the conjunct at that place.
    #[must_use]
    pub fn with_conjunct_negated(&self, index: usize) -> Self {
        let turned = self.conjuncts().iter().enumerate();
        Filter::and(turned.map(|(at, part)| if at == index { part.clone().negate() } else { part.clone() }))
    }

    /// What the counts of the column's values are taken over: the filter without what a click on a value replaces.
    ///
    /// So the count beside a value is the number of tweets with that value after the click. What a click leaves
    /// as it is stays: ranges, beginnings, values that must be there together (`#moon #mars`), and exclusions
    /// of a column that may have several values.
    #[must_use]
    pub fn without_choice(&self, column: &'static Column) -> Self {
        let (present, missing) = (Filter::present(column), missing(column));
        let one_list = self.conjuncts().iter().filter(|part| values(part, column).is_some()).count() == 1;
        let stays = |part: &&Filter| match part {
            part if **part == present || **part == missing => false,
            Filter::Not(inner) if values(inner, column).is_some() => column.multi,
            part if values(part, column).is_some() => !one_list,
            _ => true,
        };
        Filter::and(self.conjuncts().iter().filter(stays).cloned())
    }

    /// Only tweets with this value: of a column that has one value, in place of those chosen before.
    #[must_use]
    pub fn narrowed(&self, column: &'static Column, value: &str) -> Self {
        match self.choice(column, value) {
            Choice::Included if column.multi || self.included(column).len() == 1 => self.clone(),
            _ if column.multi => self.without_value(column, value).with(facet_test(column, value)),
            _ => self.without_choice(column).with(facet_test(column, value)),
        }
    }

    /// Without the conjuncts that concern only this column.
    #[must_use]
    pub fn without_column(&self, column: &Column) -> Self {
        Filter::and(self.conjuncts().iter().filter(|part| part.column() != Some(column)).cloned())
    }

    /// Whether some conjunct concerns only this column.
    pub fn selects(&self, column: &Column) -> bool {
        self.conjuncts().iter().any(|part| part.column() == Some(column))
    }

    /// Whether the value is among those chosen, or among those excluded, by the conjuncts of its column.
    pub fn choice(&self, column: &Column, value: &str) -> Choice {
        if self.included(column).iter().any(|chosen| same(chosen, value)) {
            return Choice::Included;
        }
        if self.excluded(column).iter().any(|chosen| same(chosen, value)) {
            return Choice::Excluded;
        }
        Choice::Free
    }

    /// The values of `column:value` or `column:(a OR b)` conjuncts.
    pub fn included(&self, column: &Column) -> Vec<&str> {
        self.conjuncts().iter().filter_map(|part| values(part, column)).flatten().collect()
    }

    /// The values of `-column:value` or `-column:(a OR b)` conjuncts.
    pub fn excluded(&self, column: &Column) -> Vec<&str> {
        let negated = self.conjuncts().iter().filter_map(|part| match part {
            Filter::Not(inner) => values(inner, column),
            _ => None,
        });
        negated.flatten().collect()
    }

    /// Chooses the value beside those chosen before, or gives it up if it is one of them (or excluded).
    #[must_use]
    pub fn toggled(&self, column: &'static Column, value: &str) -> Self {
        let others = self.without_value(column, value);
        match self.choice(column, value) {
            Choice::Free => others.choosing(column, value),
            Choice::Included | Choice::Excluded => others,
        }
    }

    /// Excludes the value, whatever was chosen before.
    #[must_use]
    pub fn excluding(&self, column: &'static Column, value: &str) -> Self {
        let others = self.without_value(column, value);
        let test = facet_test(column, value);
        let mut parts = others.conjuncts().to_vec();
        let excluded = parts.iter_mut().find_map(|part| match part {
            Filter::Not(inner) if values(inner, column).is_some() => Some(inner),
            _ => None,
        });
        match excluded {
            Some(excluded) => **excluded = Filter::or([std::mem::take(&mut **excluded), test]),
            None => parts.push(test.negate()),
        }
        Filter::and(parts)
    }

    /// Requires that the column has no value (or gives that condition up).
    #[must_use]
    pub fn toggled_missing(&self, column: &'static Column) -> Self {
        let missing = missing(column);
        match self.conjuncts().iter().position(|part| *part == missing) {
            Some(index) => self.without_conjunct(index),
            None => self.without_choice(column).with(missing),
        }
    }

    /// Only from `start` up to (not including) `end`, in place of earlier conditions on that column.
    #[must_use]
    pub fn with_span(&self, column: &'static Column, start: Timestamp, end: Timestamp) -> Self {
        let limit = |compare, time| Test {
            column,
            predicate: Predicate::Compare(compare, Scalar::Date(DateValue::moment(time))),
        };
        self.without_column(column).with(limit(Compare::AtLeast, start)).with(limit(Compare::Less, end))
    }

    /// Only from this weekday (0 is Monday), this hour of the day, or both, UTC, in place of earlier conditions on these.
    #[must_use]
    pub fn with_hour_of_week(&self, weekday: Option<usize>, hour: Option<i64>) -> Self {
        let [days, hours] = ["weekday", "hour"].map(columns::find);
        let asked = |column: Option<&'static Column>, value: Option<Scalar>| {
            Some(Test { column: column?, predicate: Predicate::Equals(value?) }.into())
        };
        let day = weekday.and_then(|day| WEEKDAYS.get(day)).map(|day| Scalar::Word((*day).to_owned()));
        let others =
            [days, hours].into_iter().flatten().fold(self.clone(), |filter, column| filter.without_column(column));
        let parts: [Option<Filter>; 2] = [asked(days, day), asked(hours, hour.map(Scalar::Number))];
        Filter::and(std::iter::once(others).chain(parts.into_iter().flatten()))
    }

    /// With the value beside the chosen ones. Where several conditions must each hold (`#a #b`), it is one more.
    fn choosing(&self, column: &'static Column, value: &str) -> Self {
        let missing = missing(column);
        let mut parts: Vec<Filter> = self.conjuncts().iter().filter(|part| **part != missing).cloned().collect();
        let test = facet_test(column, value);
        let chosen: Vec<usize> = (0..parts.len()).filter(|at| values(&parts[*at], column).is_some()).collect();
        match chosen.as_slice() {
            [place] => parts[*place] = Filter::or([std::mem::take(&mut parts[*place]), test]),
            _ => parts.push(test),
        }
        Filter::and(parts)
    }

    /// Without the value among those chosen and those excluded.
    fn without_value(&self, column: &Column, value: &str) -> Self {
        let is_it =
            |part: &Filter| values(part, column).is_some_and(|values| values.iter().all(|other| same(other, value)));
        let without = |part: &Filter| match part {
            Filter::Or(parts) => Filter::or(parts.iter().filter(|part| !is_it(part)).cloned()),
            part if is_it(part) => Filter::All,
            part => part.clone(),
        };
        Filter::and(self.conjuncts().iter().map(|part| match part {
            Filter::Not(inner) if values(inner, column).is_some() => without(inner).negate(),
            part if values(part, column).is_some() => without(part),
            part => part.clone(),
        }))
    }
}

fn missing(column: &'static Column) -> Filter {
    Filter::present(column).negate()
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

/// The test that a facet's value stands for.
pub fn facet_test(column: &'static Column, value: &str) -> Filter {
    let scalar = match column.kind {
        Kind::Flag => Scalar::Flag(value == "yes"),
        _ => Scalar::Word(value.to_owned()),
    };
    Test { column, predicate: Predicate::Equals(scalar) }.into()
}

fn values<'a>(part: &'a Filter, column: &Column) -> Option<Vec<&'a str>> {
    let value = |part: &'a Filter| match part {
        Filter::Test(Test { column: of, predicate: Predicate::Equals(scalar) }) if of == &column => match scalar {
            Scalar::Word(word) => Some(word.as_str()),
            Scalar::Flag(true) => Some("yes"),
            Scalar::Flag(false) => Some("no"),
            _ => None,
        },
        _ => None,
    };
    match part {
        Filter::Or(parts) => parts.iter().map(value).collect(),
        other => value(other).map(|value| vec![value]),
    }
}
