//! What a question in SQL gives, or why it gives nothing.

use crate::columns::{self, Kind};

/// The answer to a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    pub columns: Vec<AnswerColumn>,
    /// The first rows.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows there are, as far as they were counted.
    pub total: u64,
    /// Whether there are more rows than were counted.
    pub more: bool,
    pub read: Read,
}

/// What was read for an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub rows: u64,
    /// Of the files. Not known to who may not know of all tweets: it would tell how many others there are.
    pub bytes: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnswerColumn {
    pub name: String,
    /// As Arrow calls it.
    pub data_type: String,
    pub kind: CellKind,
}

impl AnswerColumn {
    /// Whether its numbers are ids, which nobody counts with.
    pub fn is_id(&self) -> bool {
        self.kind == CellKind::Whole && columns::find(&self.name).is_some_and(|column| column.kind == Kind::Id)
    }
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    Text,
    Whole,
    Decimal,
    Flag,
    /// A moment, by RFC 3339.
    Time,
    /// `2026-01-31`.
    Day,
    List,
    #[default]
    Other,
}

impl CellKind {
    pub fn is_number(self) -> bool {
        matches!(self, Self::Whole | Self::Decimal)
    }

    pub fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::Day)
    }
}

/// A value of an answer. What has no form of its own here (times, dates, intervals) is text.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    None,
    Flag(bool),
    Whole(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Cell>),
}

impl Cell {
    /// As a text; empty without a value.
    pub fn text(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Flag(flag) => flag.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Text(text) => text.clone(),
            Self::List(cells) => cells.iter().map(Self::text).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A place in a question, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u64,
    pub column: u64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// What is wrong with the question, in a line, as the engine says it.
    #[error("{message}{}", place.map(|at| format!(" (line {}, column {})", at.line, at.column)).unwrap_or_default())]
    Wrong { message: String, place: Option<Place> },
    #[error("the question is longer than {0} bytes: shorten it")]
    Length(usize),
    #[error("the lake answers questions and takes no changes: begin with SELECT, WITH, EXPLAIN, SHOW or DESCRIBE")]
    Change,
    #[error("how a question is worked out tells of tweets that are not for you: ask it without EXPLAIN")]
    Plan,
    #[error("the question took longer than {0} seconds: narrow it down, best by day")]
    Time(u64),
    #[error("the question needs more than {0} MB of memory: narrow it down, best by day")]
    Memory(usize),
    #[error("the question made the engine fail: ask it in another way")]
    Failed,
    #[error("too many questions are being answered: ask again in a moment")]
    Busy,
    #[error("there is no lake yet: fill it with `roost relake`")]
    NoLake,
}
