use super::{DateValue, Filter, Predicate, Scalar, Test};
use crate::time::Timestamp;

impl Filter {
    /// With every time that counts from now written as the moment that it is now.
    #[must_use]
    pub fn frozen(self, now: Timestamp) -> Self {
        let all = |parts: Vec<Filter>| parts.into_iter().map(|part| part.frozen(now)).collect::<Vec<_>>();
        match self {
            Filter::All => Filter::All,
            Filter::Test(Test { column, predicate }) => {
                let predicate = match predicate {
                    Predicate::Equals(value) => Predicate::Equals(value.frozen(now)),
                    Predicate::Compare(compare, value) => Predicate::Compare(compare, value.frozen(now)),
                    Predicate::Between(from, to) => Predicate::Between(from.frozen(now), to.frozen(now)),
                    other => other,
                };
                Filter::Test(Test { column, predicate })
            }
            Filter::Not(inner) => inner.frozen(now).negate(),
            Filter::And(parts) => Filter::and(all(parts)),
            Filter::Or(parts) => Filter::or(all(parts)),
        }
    }
}

impl Scalar {
    fn frozen(self, now: Timestamp) -> Self {
        match self {
            Scalar::Date(date @ DateValue::Ago { .. }) => Scalar::Date(DateValue::moment(date.span(now).0)),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use crate::time::Timestamp;

    #[test]
    fn times_that_count_from_now_become_moments() {
        let now = Timestamp::from_day(2026, 11, 26).unwrap();
        let frozen = |text: &str| parse(text).unwrap().frozen(now).to_string();
        assert_eq!(frozen("moon created>=now-7d -lang:de"), "moon created>=2026-11-19T00:00 -lang:de");
        assert_eq!(frozen("(created:now-2d..now OR likes>5)"), "created:2026-11-24T00:00..2026-11-26T00:00 OR likes>5");
        assert_eq!(frozen("created:2026-01"), "created:2026-01");
    }
}
