//! `/2/tweets/search/stream/rules`: what the filtered stream sends. A rule is at work some 20 seconds after it was added.
//! <https://docs.x.com/x-api/posts/filtered-stream/integrate/build-a-rule>

use crate::endpoint::{CHANGE_RULES, RULES};
use crate::error::SourceError;
use crate::read::{Listed, number, object};
use crate::request::Request;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The most that X takes in one request.
pub const MOST: usize = 1_000;

/// A rule that X has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Rule {
    pub id: String,
    pub value: String,
    /// What its posts are marked with.
    pub tag: Option<String>,
}

/// A rule that X shall have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewRule {
    /// In X's query language.
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// Whether rules are changed, or X only says what would come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Do,
    Try,
}

/// A page of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub rules: Vec<Rule>,
    pub next_token: Option<String>,
}

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The rules that were added.
    pub added: Vec<Rule>,
    pub deleted: u64,
    /// Why others were not. X does the rest nevertheless.
    pub refused: Vec<RefusedRule>,
}

/// A rule that X did not add or delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRule {
    /// The rule, or the id, as it was sent.
    pub value: String,
    /// X's word: `DuplicateRule`, `RulesCapExceeded` …
    pub title: String,
    pub detail: String,
    /// Of a duplicate: the rule that is there already.
    pub id: Option<String>,
}

pub fn list(next_token: Option<&str>) -> Request {
    Request::new(&RULES).with("max_results", MOST).with_some("pagination_token", next_token)
}

/// Adds at most [`MOST`] rules.
pub fn add(rules: &[NewRule], mode: Mode) -> Request {
    change(mode).sending(json!({ "add": rules }))
}

/// Deletes at most [`MOST`] rules by their ids.
pub fn delete(ids: &[String], mode: Mode) -> Request {
    change(mode).sending(json!({ "delete": { "ids": ids } }))
}

fn change(mode: Mode) -> Request {
    let request = Request::new(&CHANGE_RULES);
    if mode == Mode::Try { request.with("dry_run", true) } else { request }
}

impl Rules {
    /// Reads an answer to [`list`].
    ///
    /// # Errors
    /// When it holds no rules.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        let page: Listed<Rule> = object(json)?;
        Ok(Self { rules: page.data, next_token: page.meta.next_token })
    }
}

impl Changed {
    /// Reads an answer to [`add`] or [`delete`].
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &[u8]) -> Result<Self, SourceError> {
        let answer: Answered = object(json)?;
        let refused = answer.errors.into_iter().map(Problem::refused).collect();
        Ok(Self { added: answer.data, deleted: answer.meta.summary.deleted.unwrap_or(0), refused })
    }
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    data: Vec<Rule>,
    meta: Meta,
    #[serde(default)]
    errors: Vec<Problem>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    summary: Summary,
}

#[derive(Default, Deserialize)]
struct Summary {
    #[serde(default, deserialize_with = "number")]
    deleted: Option<u64>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Problem {
    value: String,
    title: String,
    detail: Option<String>,
    details: Vec<String>,
    id: Option<String>,
}

impl Problem {
    fn refused(self) -> RefusedRule {
        let Self { value, title, detail, details, id } = self;
        RefusedRule { value, title, detail: detail.unwrap_or_else(|| details.join(" ")), id }
    }
}
