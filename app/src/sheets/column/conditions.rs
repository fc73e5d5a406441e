//! What the forms of a column's sheet ask for, as a condition; and a condition, as what the forms show.

use crate::url::pairs;
use model::columns::{Column, Kind};
use model::decimal;
use model::filter::{self, Choice, Compare, Filter, FilterError, MOST_CONDITIONS, Predicate, Scalar, Test};
use model::texts::column as say;
use model::zone;

/// The fields of the form that was sent.
pub struct Sent {
    query: String,
    fields: Vec<(String, String)>,
}

/// What a form wants, besides a condition that its fields tell by themselves.
pub enum Wanted {
    Condition(Filter),
    /// At least as high (or low) a value as the row at that place has.
    Top {
        place: u64,
        highest: bool,
    },
}

impl Sent {
    pub fn read(query: &str) -> Self {
        Self { query: query.to_owned(), fields: pairs(query) }
    }

    /// All of it, as the address has it.
    pub fn query(&self) -> &str {
        &self.query
    }

    pub fn field(&self, key: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Whether a form was sent, and not only the sheet asked for.
    pub fn is_form(&self) -> bool {
        self.field("set").is_some()
    }

    /// The place in the filter of the condition that is edited.
    pub fn part(&self, filter: &Filter, column: &Column) -> Option<usize> {
        let place: usize = self.field("part")?.parse().ok()?;
        filter.conjuncts().get(place).filter(|part| part.column() == Some(column)).map(|_| place)
    }

    /// The lines of the list that was pasted; commas and semicolons end lines too.
    pub fn list(&self) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        let text = self.field("list").unwrap_or_default();
        for line in text.split(['\n', '\r', ',', ';', '\t']).map(str::trim).filter(|line| !line.is_empty()) {
            if !seen.iter().any(|other| other == line) {
                seen.push(line.to_owned());
            }
        }
        seen
    }

    /// What is asked of the column; `None` if the form was left empty.
    ///
    /// # Errors
    /// If a value cannot be one of the column, or the condition is too long.
    pub fn wanted(&self, column: &'static Column) -> Result<Option<Wanted>, String> {
        let condition = match self.field("set").unwrap_or_default() {
            "range" => self.range(column)?,
            "last" => self.last(column)?,
            "list" => any_of(column, &self.list(), self.field("how") == Some("none"))?,
            "values" => self.values(column)?,
            "top" => {
                let highest = self.field("how") != Some("lowest");
                return self.number("count").map(|place| place.map(|place| Wanted::Top { place, highest }));
            }
            _ => self.compared(column)?,
        };
        Ok(condition.map(Wanted::Condition))
    }

    fn number(&self, key: &str) -> Result<Option<u64>, String> {
        let Some(text) = self.field(key) else { return Ok(None) };
        let number = text.replace([',', ' '], "").parse().ok().filter(|number| *number > 0);
        number.map(Some).ok_or_else(|| model::texts::column::number(text))
    }

    fn range(&self, column: &'static Column) -> Result<Option<Filter>, String> {
        let limit = |sign: &str, key: &str| self.field(key).map(|value| test(column, sign, value)).transpose();
        let (from, to) = (limit(">=", "from")?, limit("<=", "to")?);
        let parts: Vec<Filter> = from.into_iter().chain(to).collect();
        Ok((!parts.is_empty()).then(|| Filter::and(parts)))
    }

    fn last(&self, column: &'static Column) -> Result<Option<Filter>, String> {
        let Some(count) = self.number("count")? else { return Ok(None) };
        let unit = self.field("unit").filter(|unit| ["h", "d", "w"].contains(unit)).unwrap_or("d");
        test(column, ">=", &format!("now-{count}{unit}")).map(Some)
    }

    fn values(&self, column: &'static Column) -> Result<Option<Filter>, String> {
        let chosen = self.fields.iter().filter(|(key, _)| key == "v").map(|(_, value)| value.clone());
        let chosen: Vec<String> = chosen.collect();
        let tests = || chosen.iter().map(|value| filter::facet_test(column, value));
        if chosen.is_empty() {
            return Ok(None);
        }
        let condition = match self.field("how") {
            Some("none") => Filter::or(tests()).negate(),
            Some("all") if column.multi => Filter::and(tests()),
            _ => Filter::or(tests()),
        };
        readable(condition).map(Some)
    }

    fn compared(&self, column: &'static Column) -> Result<Option<Filter>, String> {
        let Some(value) = self.field("value") else { return Ok(None) };
        let condition = match self.field("how").unwrap_or("is") {
            "not" => test(column, ":", value)?.negate(),
            "starts" => starting(column, value)?,
            "starts-not" => starting(column, value)?.negate(),
            sign @ ("<" | "<=" | ">" | ">=") => test(column, sign, value)?,
            _ => test(column, ":", value)?,
        };
        Ok(Some(condition))
    }
}

/// The condition as the filter language reads it. What is written is taken as it is, without operators.
fn test(column: &'static Column, sign: &str, value: &str) -> Result<Filter, String> {
    let text = format!("{}{sign}{}", column.printed_name(), written(column, value));
    filter::typed(&text).map_err(|FilterError { message, .. }| message)
}

fn starting(column: &'static Column, value: &str) -> Result<Filter, String> {
    parsed(&format!("{}:{}*", column.printed_name(), quoted(value)))
}

fn written(column: &Column, value: &str) -> String {
    // Dates and numbers in quotes are not told from words; nothing in them could be an operator.
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-:.+".contains(&byte));
    if column.ordered() && is_plain && !value.contains("..") { value.to_owned() } else { quoted(value) }
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn parsed(text: &str) -> Result<Filter, String> {
    filter::parse(text).map_err(|FilterError { message, .. }| message)
}

/// The condition, if the filter language can say it.
fn readable(condition: Filter) -> Result<Filter, String> {
    match condition.size() {
        size if size > MOST_CONDITIONS => Err(say::long_list(&size.to_string(), &MOST_CONDITIONS.to_string())),
        _ => parsed(&condition.to_string()),
    }
}

fn any_of(column: &'static Column, values: &[String], none: bool) -> Result<Option<Filter>, String> {
    let tests: Vec<Filter> = values.iter().map(|value| test(column, ":", value)).collect::<Result<_, _>>()?;
    if tests.is_empty() {
        return Ok(None);
    }
    let any = Filter::or(tests);
    readable(if none { any.negate() } else { any }).map(Some)
}

/// The filter with what was asked for: in the place of the edited condition, of the column's conditions, or beside them.
pub fn joined(filter: &Filter, column: &'static Column, part: Option<usize>, sent: &Sent, condition: Filter) -> Filter {
    if let Some(place) = part {
        return filter.with_conjunct(place, condition);
    }
    let word = word_of(&condition);
    match (sent.field("set"), word) {
        (Some("compare"), Some((word, true))) if column.kind == Kind::Keyword => filter.excluding(column, word),
        (Some("compare"), Some((word, false))) if column.kind == Kind::Keyword => {
            if filter.choice(column, word) == Choice::Included { filter.clone() } else { filter.toggled(column, word) }
        }
        (Some("compare"), _) if column.kind == Kind::Keyword => filter.clone().with(condition),
        _ if column.kind == Kind::Text => filter.clone().with(condition),
        _ => filter.without_column(column).with(condition),
    }
}

/// The one value that a condition asks for, and whether it excludes it.
fn word_of(condition: &Filter) -> Option<(&str, bool)> {
    match condition {
        Filter::Test(Test { predicate: Predicate::Equals(Scalar::Word(word)), .. }) => Some((word, false)),
        Filter::Not(inner) => word_of(inner).map(|(word, _)| (word, true)),
        _ => None,
    }
}

/// What the forms show.
#[derive(Debug, Default, PartialEq)]
pub struct Shown {
    pub how: &'static str,
    pub value: String,
    pub from: String,
    pub to: String,
    pub list: Vec<String>,
    /// How the list and the chosen values are meant: `any`, `all` or `none`.
    pub mode: &'static str,
}

/// What is in the filter already: the edited condition, or else what there is to replace.
pub fn shown(filter: &Filter, column: &'static Column, part: Option<usize>) -> Shown {
    let filter = &filter.clone().shown(zone::current());
    let mut shown = Shown { mode: "any", ..Shown::default() };
    let of_column = filter.conjuncts().iter().filter(|other| other.column() == Some(column));
    match part.and_then(|place| filter.conjuncts().get(place)) {
        Some(condition) => shown.take(condition, false),
        None if column.ordered() => of_column.for_each(|condition| shown.take(condition, false)),
        None => {}
    }
    if part.is_none() {
        shown.list = Vec::new();
    }
    let (included, excluded) = (filter.included(column), filter.excluded(column));
    let conditions = filter.conjuncts().iter().filter(|other| other.column() == Some(column)).count();
    shown.mode = match (included.len(), excluded.len()) {
        (0, 1..) => "none",
        (2.., 0) if conditions > 1 => "all",
        _ => "any",
    };
    shown
}

impl Shown {
    fn take(&mut self, condition: &Filter, negated: bool) {
        match condition {
            Filter::Not(inner) => self.take(inner, !negated),
            Filter::Test(test) => self.take_test(&test.predicate, negated),
            Filter::Or(parts) => self.list = parts.iter().filter_map(value_of).collect(),
            Filter::And(_) | Filter::All => {}
        }
    }

    fn take_test(&mut self, predicate: &Predicate, negated: bool) {
        match predicate {
            Predicate::Matches(text) => (self.how, self.value) = (if negated { "not" } else { "is" }, text.clone()),
            Predicate::Prefix(text) => {
                (self.how, self.value) = (if negated { "starts-not" } else { "starts" }, text.clone());
            }
            Predicate::Equals(value) => (self.how, self.value) = (if negated { "not" } else { "is" }, text_of(value)),
            Predicate::Compare(Compare::AtLeast, value) if !negated => self.from = text_of(value),
            Predicate::Compare(Compare::AtMost, value) if !negated => self.to = text_of(value),
            Predicate::Compare(compare, value) => (self.how, self.value) = (compare.sign(), text_of(value)),
            Predicate::Between(from, to) => (self.from, self.to) = (text_of(from), text_of(to)),
            Predicate::Present => {}
        }
    }
}

fn value_of(part: &Filter) -> Option<String> {
    match part {
        Filter::Test(Test { predicate: Predicate::Equals(value), .. }) => Some(text_of(value)),
        Filter::Test(Test { predicate: Predicate::Matches(text), .. }) => Some(text.clone()),
        _ => None,
    }
}

fn text_of(value: &Scalar) -> String {
    match value {
        Scalar::Word(word) => word.clone(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Decimal(number) => decimal::print(*number),
        Scalar::Id(id) => id.to_string(),
        Scalar::Date(date) => date.to_string(),
        Scalar::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

#[cfg(test)]
mod tests;
