//! Filters as tantivy's queries.

use crate::{
    error::{Result, SearchError},
    excluded::Excluded,
    schema::{self, Layout, folded_keyword, presence_field},
    tokenizer::{self, Wanted},
};
use model::Timestamp;
use model::columns::{Column, Kind};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Test};
use std::ops::Bound;
use tantivy::query::{
    AllQuery, BooleanQuery, ExistsQuery, FastFieldRangeQuery, InvertedIndexRangeQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

type Limits = (Bound<Term>, Bound<Term>);

/// Words that the last one of a phrase may stand for: tantivy looks at the places of each in every document.
const MOST_EXPANSIONS: u32 = 1000;

/// Compiles filters for one moment.
pub(crate) struct Compiler<'a> {
    pub layout: &'a Layout,
    pub searcher: &'a Searcher,
    /// What `now` means.
    pub now: Timestamp,
}

impl Compiler<'_> {
    /// # Errors
    /// If a test has no words to look for, or does not fit its column (the parser makes none such).
    pub fn filter(&self, filter: &Filter) -> Result<Box<dyn Query>> {
        match filter {
            Filter::All => Ok(Box::new(AllQuery)),
            Filter::Test(test) => self.test(test),
            Filter::Not(_) => self.all_of(std::slice::from_ref(filter)),
            Filter::And(parts) => self.all_of(parts),
            Filter::Or(parts) => {
                let parts = parts.iter().map(|part| Ok((Occur::Should, self.filter(part)?)));
                Ok(Box::new(BooleanQuery::new(parts.collect::<Result<_>>()?)))
            }
        }
    }

    fn all_of(&self, parts: &[Filter]) -> Result<Box<dyn Query>> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for part in parts {
            clauses.push(match part {
                Filter::Not(inner) => (Occur::MustNot, Box::new(Excluded(self.filter(inner)?))),
                other => (Occur::Must, self.filter(other)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            // tantivy finds nothing by exclusions alone.
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn test(&self, test: &Test) -> Result<Box<dyn Query>> {
        let column = test.column;
        match &test.predicate {
            Predicate::Present => Ok(Box::new(ExistsQuery::new(presence_field(column), false))),
            Predicate::Matches(text) => self.words(column, text, false),
            Predicate::Prefix(text) => match column.kind {
                Kind::Keyword => Ok(self.keyword_prefix(column, text)),
                _ => self.words(column, text, true),
            },
            Predicate::Equals(value) => self.equals(column, value),
            Predicate::Compare(compare, value) => self.compare(column, *compare, value),
            Predicate::Between(from, to) => {
                let (lower, _) = self.limits(column, from)?;
                let (_, upper) = self.limits(column, to)?;
                Ok(Box::new(FastFieldRangeQuery::new(lower, upper)))
            }
        }
    }

    fn equals(&self, column: &Column, value: &Scalar) -> Result<Box<dyn Query>> {
        match (column.kind, value) {
            (Kind::Keyword, Scalar::Word(word)) => {
                let term = Term::from_field_text(self.main(column), &folded_keyword(word));
                Ok(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }
            (Kind::Text, Scalar::Word(word)) => self.words(column, word, false),
            _ => {
                let (lower, upper) = self.limits(column, value)?;
                Ok(Box::new(FastFieldRangeQuery::new(lower, upper)))
            }
        }
    }

    fn compare(&self, column: &Column, compare: Compare, value: &Scalar) -> Result<Box<dyn Query>> {
        let (lower, upper) = self.limits(column, value)?;
        let (lower, upper) = match compare {
            Compare::Less => (Bound::Unbounded, beyond(lower)),
            Compare::AtMost => (Bound::Unbounded, upper),
            Compare::Greater => (beyond(upper), Bound::Unbounded),
            Compare::AtLeast => (lower, Bound::Unbounded),
        };
        Ok(Box::new(FastFieldRangeQuery::new(lower, upper)))
    }

    /// The span of values that count as equal to this one: one value, or all moments of a date.
    fn limits(&self, column: &Column, value: &Scalar) -> Result<Limits> {
        let field = self.main(column);
        let one = |term: Term| (Bound::Included(term.clone()), Bound::Included(term));
        match (column.kind, value) {
            (Kind::Number, Scalar::Number(number)) => Ok(one(Term::from_field_i64(field, *number))),
            (Kind::Decimal, Scalar::Decimal(number)) => Ok(one(Term::from_field_f64(field, *number))),
            (Kind::Id, Scalar::Id(id)) => Ok(one(Term::from_field_u64(field, *id))),
            (Kind::Flag, Scalar::Flag(flag)) => Ok(one(Term::from_field_u64(field, u64::from(*flag)))),
            (Kind::Date, Scalar::Date(date)) => Ok(self.date_limits(field, *date)),
            _ => Err(SearchError::WrongColumn { column: column.name.to_owned(), what: "compared to such a value" }),
        }
    }

    fn date_limits(&self, field: Field, date: DateValue) -> Limits {
        let (start, end) = date.span(self.now);
        let term = |time: Timestamp| Term::from_field_i64(field, time.0);
        (Bound::Included(term(start)), Bound::Excluded(term(end)))
    }

    fn keyword_prefix(&self, column: &Column, text: &str) -> Box<dyn Query> {
        let start = folded_keyword(text);
        let field = self.main(column);
        let upper = match after_all_with_prefix(&start) {
            Some(end) => Bound::Excluded(Term::from_field_text(field, &end)),
            None => Bound::Unbounded,
        };
        Box::new(InvertedIndexRangeQuery::new(Bound::Included(Term::from_field_text(field, &start)), upper))
    }

    /// The words of the text next to each other; with `prefix`, the last may go on.
    fn words(&self, column: &Column, text: &str, prefix: bool) -> Result<Box<dyn Query>> {
        if column.kind != Kind::Text {
            return Err(SearchError::WrongColumn { column: column.name.to_owned(), what: "searched by word" });
        }
        let field = self.main(column);
        let wanted = tokenizer::wanted(text);
        let Some(last) = wanted.last() else { return Err(SearchError::NothingToSearch(text.to_owned())) };
        let prefix = prefix && last.extensible;
        let term = |want: &Wanted| Term::from_field_text(field, &want.text);
        let placed: Vec<(usize, Term)> = wanted.iter().map(|want| (want.position, term(want))).collect();
        Ok(match placed.len() {
            _ if prefix => {
                let most = self.most_with_prefix(field, &last.text)?;
                if placed.len() > 1 && most > MOST_EXPANSIONS {
                    return Err(SearchError::TooManyWords(text.to_owned()));
                }
                let mut query = PhrasePrefixQuery::new_with_offset(placed);
                query.set_max_expansions(most);
                Box::new(query)
            }
            1 => Box::new(TermQuery::new(term(last), IndexRecordOption::Basic)),
            _ => Box::new(PhraseQuery::new_with_offset(placed)),
        })
    }

    /// The most terms that begin so in one segment: tantivy makes room for as many as it is allowed to take.
    fn most_with_prefix(&self, field: Field, start: &str) -> Result<u32> {
        let mut most = 0;
        for reader in self.searcher.segment_readers() {
            let index = reader.inverted_index(field)?;
            let mut range = index.terms().range().ge(start.as_bytes());
            if let Some(end) = after_all_with_prefix(start) {
                range = range.lt(end.as_bytes());
            }
            let mut terms = range.into_stream()?;
            let mut count = 0;
            while terms.advance() {
                count += 1;
            }
            most = most.max(count);
        }
        Ok(most)
    }

    fn main(&self, column: &Column) -> Field {
        self.layout.of(column).main
    }
}

/// The other side of a limit: what lies before an included start, or after an excluded end.
fn beyond(limit: Bound<Term>) -> Bound<Term> {
    match limit {
        Bound::Included(term) => Bound::Excluded(term),
        Bound::Excluded(term) => Bound::Included(term),
        Bound::Unbounded => Bound::Unbounded,
    }
}

/// The first text after all that begin with `start`.
fn after_all_with_prefix(start: &str) -> Option<String> {
    let mut chars: Vec<char> = start.chars().collect();
    while let Some(last) = chars.pop() {
        let next = (last as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

/// The span [from, to) of `created` that the filter's conditions on it alone allow, where they limit it.
pub(crate) fn created_limits(filter: &Filter, now: Timestamp) -> (Option<i64>, Option<i64>) {
    let created = schema::column("created");
    let (mut from, mut to) = (None, None);
    for part in filter.conjuncts() {
        let Filter::Test(Test { column, predicate }) = part else { continue };
        if *column != created {
            continue;
        }
        let (start, end) = predicate_limits(predicate, now);
        from = from.max(start);
        to = [to, end].into_iter().flatten().min();
    }
    (from, to)
}

fn predicate_limits(predicate: &Predicate, now: Timestamp) -> (Option<i64>, Option<i64>) {
    let span = |value: &Scalar| match value {
        Scalar::Date(date) => {
            let (start, end) = date.span(now);
            (Some(start.0), Some(end.0))
        }
        _ => (None, None),
    };
    match predicate {
        Predicate::Equals(value) => span(value),
        Predicate::Between(from, to) => (span(from).0, span(to).1),
        Predicate::Compare(Compare::AtLeast, value) => (span(value).0, None),
        Predicate::Compare(Compare::Greater, value) => (span(value).1, None),
        Predicate::Compare(Compare::AtMost, value) => (None, span(value).1),
        Predicate::Compare(Compare::Less, value) => (None, span(value).0),
        Predicate::Present | Predicate::Matches(_) | Predicate::Prefix(_) => (None, None),
    }
}
