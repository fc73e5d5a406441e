//! What sets the tweets of a range of time apart: values that are more frequent there than in the rest.

use crate::error::Result;
use crate::explore::Desk;
use crate::matches::{Matches, in_parallel};
use crate::odds::Sides;
use crate::query::created_limits;
use crate::schema::column;
use crate::terms;
use model::columns::{Column, Kind};
use model::explain::{EXPLAINED, Explanation, LEAST_SCORE, Section, Standout};
use model::filter::{Compare, DateValue, Predicate, Scalar, Test};
use model::{Filter, Timestamp};

/// Which range is to be explained, within what.
#[derive(Clone, Debug)]
pub struct ExplainAsk {
    pub filter: Filter,
    /// The range: from its start up to, not including, its end.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Values wanted per column.
    pub size: usize,
    /// What `now` means in the filter.
    pub now: Timestamp,
}

impl ExplainAsk {
    /// The range that the filter itself asks for, within the rest of the filter. A side that it leaves open begins with
    /// 1970 or ends now. `None` if it asks for no range.
    pub fn of_range_in(filter: &Filter, size: usize, now: Timestamp) -> Option<Self> {
        let (from, to) = match created_limits(filter, now) {
            (None, None) => return None,
            (from, to) => (from.map_or(Timestamp(0), Timestamp), to.map_or(now, Timestamp)),
        };
        Some(Self { filter: filter.without_column(column("created")), from, to, size, now })
    }

    /// The filters of the tweets in the range and of those outside.
    fn filters(&self) -> [Filter; 2] {
        let limit = |compare, time| {
            let predicate = Predicate::Compare(compare, Scalar::Date(DateValue::moment(time)));
            Filter::from(Test { column: column("created"), predicate })
        };
        let range = Filter::and([limit(Compare::AtLeast, self.from), limit(Compare::Less, self.to)]);
        [self.filter.clone().with(range.clone()), self.filter.clone().with(range.negate())]
    }
}

/// The two sets of tweets.
pub(crate) struct Contrast<'a> {
    pub inside: &'a Matches,
    pub outside: &'a Matches,
    pub size: usize,
}

impl Contrast<'_> {
    pub fn sides(&self) -> Sides {
        Sides { inside: self.inside.total, outside: self.outside.total }
    }
}

impl Desk<'_> {
    pub fn explain(&self, ask: &ExplainAsk) -> Result<Explanation> {
        let found = self.matches(&ask.filters(), ask.now)?;
        let contrast = Contrast { inside: &found[0], outside: &found[1], size: ask.size };
        let mut sections = Vec::with_capacity(EXPLAINED.len());
        if contrast.inside.total > 0 && contrast.outside.total > 0 {
            sections = in_parallel(self.threads(), EXPLAINED.len(), |number| {
                let column = column(EXPLAINED[number]);
                // The words are counted on all threads once the rest is done.
                let values = if column.kind == Kind::Text { Vec::new() } else { self.keywords(&contrast, column)? };
                Ok(Section { column: column.name.to_owned(), values })
            })?;
            for section in sections.iter_mut().filter(|section| column(&section.column).kind == Kind::Text) {
                section.values = terms::standouts(self, &contrast, column(&section.column))?;
            }
        }
        let Sides { inside, outside } = contrast.sides();
        Ok(Explanation { from: ask.from, to: ask.to, inside, outside, sections })
    }

    fn keywords(&self, contrast: &Contrast<'_>, column: &'static Column) -> Result<Vec<Standout>> {
        let sides = contrast.sides();
        let counts = self.count_words(contrast.inside, column)?;
        let others = self.count_words(contrast.outside, column)?;
        let mut best = Best::new(contrast.size);
        for (number, inside) in counts.all().filter(|(_, inside)| *inside >= sides.least()) {
            let outside = others.of(number);
            best.offer(number, inside, outside, sides.score(inside, outside));
        }
        best.named(|number| counts.word(self.view, column, *number))
    }
}

/// The values that stand out most.
pub(crate) struct Best<T> {
    size: usize,
    kept: Vec<(T, u64, u64, f64)>,
}

impl<T> Best<T> {
    pub fn new(size: usize) -> Self {
        Self { size, kept: Vec::new() }
    }

    pub fn offer(&mut self, value: T, inside: u64, outside: u64, score: f64) {
        if score >= self.least() {
            self.kept.push((value, inside, outside, score));
            if self.kept.len() > 4 * self.size + 16 {
                self.cut();
            }
        }
    }

    /// What a value must score to be kept.
    pub fn least(&self) -> f64 {
        if self.size > 0 && self.kept.len() >= self.size {
            // Exact after each cut, lower in between: then some are kept in vain.
            self.kept[..self.size].iter().map(|kept| kept.3).fold(f64::INFINITY, f64::min).max(LEAST_SCORE)
        } else {
            LEAST_SCORE
        }
    }

    fn cut(&mut self) {
        self.kept.sort_by(|a, b| b.3.total_cmp(&a.3).then(b.1.cmp(&a.1)));
        self.kept.truncate(self.size);
    }

    /// The values in order. Those of equal score and count are ordered by name, as far as all are kept.
    pub fn named(mut self, name: impl Fn(&T) -> Result<Option<String>>) -> Result<Vec<Standout>> {
        self.cut();
        let mut values = Vec::with_capacity(self.kept.len());
        for (value, inside, outside, score) in self.kept {
            if let Some(value) = name(&value)? {
                values.push(Standout { value, inside, outside, score });
            }
        }
        values.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then(b.inside.cmp(&a.inside)).then_with(|| a.value.cmp(&b.value))
        });
        Ok(values)
    }
}
