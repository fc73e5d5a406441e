use super::dates::DateValue;
use crate::columns::Column;

/// A condition on tweets, in normal form: make it by [`Filter::and`], [`Filter::or`] and [`Filter::negate`].
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Filter {
    /// No condition.
    #[default]
    All,
    Test(Test),
    Not(Box<Filter>),
    /// Two or more; none of them `All` or `And`.
    And(Vec<Filter>),
    /// Two or more; none of them `All` or `Or`.
    Or(Vec<Filter>),
}

/// A condition on one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub column: &'static Column,
    pub predicate: Predicate,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// It has a value.
    Present,
    /// Text columns: these words stand next to each other.
    Matches(String),
    /// A word (text) or the value (keyword) begins so.
    Prefix(String),
    Equals(Scalar),
    Compare(Compare, Scalar),
    /// From one to the other, both included.
    Between(Scalar, Scalar),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Compare {
    pub fn sign(self) -> &'static str {
        match self {
            Compare::Less => "<",
            Compare::AtMost => "<=",
            Compare::Greater => ">",
            Compare::AtLeast => ">=",
        }
    }
}

/// A value of the column's kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    Word(String),
    Number(i64),
    Decimal(f64),
    Id(u64),
    Date(DateValue),
    Flag(bool),
}

impl From<Test> for Filter {
    fn from(test: Test) -> Self {
        Filter::Test(test)
    }
}

impl Filter {
    /// The test that a keyword column has this value.
    pub fn equals(column: &'static Column, value: impl Into<String>) -> Self {
        Filter::Test(Test { column, predicate: Predicate::Equals(Scalar::Word(value.into())) })
    }

    /// The test that a column has a value.
    pub fn present(column: &'static Column) -> Self {
        Filter::Test(Test { column, predicate: Predicate::Present })
    }

    /// All of them.
    pub fn and(parts: impl IntoIterator<Item = Filter>) -> Self {
        let mut all = Vec::new();
        for part in parts {
            match part {
                Filter::All => {}
                Filter::And(inner) => all.extend(inner),
                other => all.push(other),
            }
        }
        single_or(all, Filter::And)
    }

    /// Any of them.
    pub fn or(parts: impl IntoIterator<Item = Filter>) -> Self {
        let mut any = Vec::new();
        for part in parts {
            match part {
                Filter::All => return Filter::All,
                Filter::Or(inner) => any.extend(inner),
                other => any.push(other),
            }
        }
        single_or(any, Filter::Or)
    }

    /// The opposite. Of `All` there is none: it stays.
    pub fn negate(self) -> Self {
        match self {
            Filter::All => Filter::All,
            Filter::Not(inner) => *inner,
            other => Filter::Not(Box::new(other)),
        }
    }

    /// The conditions that must all hold.
    pub fn conjuncts(&self) -> &[Filter] {
        match self {
            Filter::All => &[],
            Filter::And(parts) => parts,
            other => std::slice::from_ref(other),
        }
    }

    /// The number of tests in it.
    pub fn size(&self) -> usize {
        match self {
            Filter::All => 0,
            Filter::Test(_) => 1,
            Filter::Not(inner) => inner.size(),
            Filter::And(parts) | Filter::Or(parts) => parts.iter().map(Filter::size).sum(),
        }
    }
}

fn single_or(mut parts: Vec<Filter>, several: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        0 => Filter::All,
        1 => parts.remove(0),
        _ => several(parts),
    }
}
