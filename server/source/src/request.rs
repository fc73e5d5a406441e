//! One request, before it is known how its fields are named and who asks.

use crate::endpoint::Endpoint;
use crate::fields::{Fields, Vocabulary};
use model::{Timestamp, TweetId};
use serde_json::Value;
use std::fmt::Display;

/// A request to one of the endpoints. The modules named after resources make them.
#[derive(Clone, Debug)]
pub struct Request {
    endpoint: &'static Endpoint,
    /// What stands for `{id}` in the path.
    id: Option<u64>,
    query: Vec<(&'static str, String)>,
    fields: Option<Fields>,
    body: Option<Value>,
}

/// Between which posts one looks. X does not take ids and times together, so neither does this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// As far as the endpoint reaches.
    #[default]
    All,
    /// Both excluded.
    Ids { since: Option<TweetId>, until: Option<TweetId> },
    /// The start included and the end excluded, in whole seconds. Only these reach the posts from before 2010-11-04,
    /// whose ids hold no time.
    Times { start: Option<Timestamp>, end: Option<Timestamp> },
}

impl Request {
    pub(crate) fn new(endpoint: &'static Endpoint) -> Self {
        Self { endpoint, id: None, query: Vec::new(), fields: None, body: None }
    }

    pub(crate) fn at(mut self, id: u64) -> Self {
        self.id = Some(id);
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.query.push((name, value.to_string()));
        self
    }

    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Display>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(crate) fn within(self, span: Span) -> Self {
        match span {
            Span::All => self,
            Span::Ids { since, until } => self.with_some("since_id", since).with_some("until_id", until),
            Span::Times { start, end } => {
                let written = |time: Timestamp| time.format("%FT%H:%M:%SZ");
                self.with_some("start_time", start.map(written)).with_some("end_time", end.map(written))
            }
        }
    }

    pub(crate) fn asking(mut self, fields: Fields) -> Self {
        self.fields = Some(fields);
        self
    }

    pub(crate) fn sending(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    pub(crate) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Whether it has parameters whose names depend on the vocabulary.
    pub(crate) fn has_two_wordings(&self) -> bool {
        matches!(self.fields, Some(Fields::Posts { .. }))
    }

    pub(crate) fn path(&self) -> String {
        match self.id {
            Some(id) => self.endpoint.path.replace("{id}", &id.to_string()),
            None => self.endpoint.path.to_owned(),
        }
    }

    pub(crate) fn parameters(&self, vocabulary: Vocabulary) -> Vec<(&'static str, String)> {
        let fields = self.fields.map(|fields| fields.parameters(vocabulary)).unwrap_or_default();
        self.query.iter().cloned().chain(fields).collect()
    }
}

/// Values between commas.
pub(crate) fn list(values: impl IntoIterator<Item = impl Display>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::USER_POSTS;

    #[test]
    fn a_request_is_written_as_x_reads_it() {
        let times = Span::Times { start: Some(Timestamp::from_millis(1_795_435_200_750)), end: None };
        let request = Request::new(&USER_POSTS).at(12).within(times).with_some("exclude", None::<&str>);
        assert_eq!(request.path(), "/2/users/12/tweets");
        assert_eq!(request.parameters(Vocabulary::Post), [("start_time", "2026-11-23T12:00:00Z".to_owned())]);
        let ids = Span::Ids { since: Some(TweetId(5)), until: Some(TweetId(9)) };
        let parameters = Request::new(&USER_POSTS).within(ids).parameters(Vocabulary::Post);
        assert_eq!(parameters, [("since_id", "5".to_owned()), ("until_id", "9".to_owned())]);
    }
}
