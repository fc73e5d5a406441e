//! `GET /2/tweets/search/stream`: posts as they are written, each on a line with the rules that it matches.
//! <https://docs.x.com/x-api/posts/filtered-stream>

mod ladder;
mod lines;

use crate::client::{XClient, read};
use crate::egress::Reply;
use crate::endpoint::STREAM;
use crate::error::SourceError;
use crate::fields::{Expansions, Fields, Vocabulary};
use crate::request::Request;
use crate::{body, client::Answer, egress::MAX_ANSWER_MB};
pub use ladder::Reconnect;
pub use lines::Lines;
use reqwest::Response;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::fmt;
use std::time::Duration;

/// X gives a sign of life each 20 seconds. One that is a little late is no reason to connect again.
pub const PATIENCE: Duration = Duration::from_secs(20 + 5);
/// More than any post has with all that comes along.
const LONGEST_LINE: usize = 4 << 20;

/// A connection to the stream. X allows one at a time; it ends when this is dropped.
#[derive(Debug)]
pub struct Stream {
    lines: Lines,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A post, as JSON with `data`, `includes` and `matching_rules`. They come unordered, and some twice.
    Post(Vec<u8>),
    /// A sign of life.
    Alive,
    /// What is not known: X adds new kinds of messages.
    Unknown(Vec<u8>),
}

/// Why a stream is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEnd {
    /// No sign of life came.
    Silent,
    /// X closed the connection without a word.
    Closed,
    /// It broke off within a line.
    HalfLine,
    /// X said why it ends: its word for the kind, such as `OperationalDisconnect`, and its sentence.
    Disconnected { kind: String, detail: String },
}

/// A connection to all posts that match a rule. `backfill_minutes` (1 to 5) is for enterprises: X refuses it to others.
pub fn connect(expansions: Expansions, backfill_minutes: Option<u8>) -> Request {
    Request::new(&STREAM).with_some("backfill_minutes", backfill_minutes).asking(Fields::posts(expansions))
}

impl XClient {
    /// Connects to a stream. `patience` is [`PATIENCE`], but in tests.
    ///
    /// # Errors
    /// When X could not be reached, or refused: [`Reconnect`] says when to try again.
    pub async fn stream(&self, request: &Request, patience: Duration) -> Result<Stream, SourceError> {
        self.auth().check(request.endpoint())?;
        let known = self.vocabulary(request.endpoint());
        match self.open_stream(request, known, patience).await? {
            Ok(stream) => Ok(stream),
            Err(answer) if answer.refuses_names() => {
                let stream = self.open_stream(request, known.other(), patience).await?;
                stream.map_err(why)
            }
            Err(answer) => Err(why(answer)),
        }
    }

    async fn open_stream(
        &self,
        request: &Request,
        vocabulary: Vocabulary,
        patience: Duration,
    ) -> Result<Result<Stream, Answer>, SourceError> {
        let response = self.egress.open(self.ready(request, vocabulary).await?).await?;
        if response.status().is_success() {
            return Ok(Ok(Stream { lines: Lines::new(response, LONGEST_LINE, patience) }));
        }
        Ok(Err(self.refused(response).await?))
    }

    /// What X says instead of a stream or a file.
    pub(crate) async fn refused(&self, response: Response) -> Result<Answer, SourceError> {
        let at = self.egress.now();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = tokio::time::timeout(PATIENCE, body::read(response, MAX_ANSWER_MB << 20)).await;
        read(Reply { status, headers, body: body.map_err(|_| SourceError::Timeout)??, at })
    }
}

impl Stream {
    /// The next event. It can be cancelled: nothing that has come is lost.
    ///
    /// # Errors
    /// When the stream is over, which it always is in the end.
    pub async fn next(&mut self) -> Result<Event, SourceError> {
        let line = self.lines.next().await?.ok_or(SourceError::Stream(StreamEnd::Closed))?;
        event(line).map_err(SourceError::Stream)
    }
}

/// Why there is none.
pub(crate) fn why(answer: Answer) -> SourceError {
    answer.body.err().unwrap_or_else(|| SourceError::Garbled("it is not what was asked for".to_owned()))
}

#[derive(Deserialize)]
struct Line {
    data: Option<IgnoredAny>,
    #[serde(default)]
    errors: Vec<Disconnect>,
}

#[derive(Deserialize)]
struct Disconnect {
    title: Option<String>,
    disconnect_type: Option<String>,
    detail: Option<String>,
}

/// A line with errors and a post is a post of which something could not be had.
fn event(line: Vec<u8>) -> Result<Event, StreamEnd> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(Event::Alive);
    }
    match serde_json::from_slice::<Line>(&line) {
        Ok(Line { data: Some(_), .. }) => Ok(Event::Post(line)),
        Ok(Line { errors, .. }) => match errors.into_iter().next() {
            Some(Disconnect { title, disconnect_type, detail }) => Err(StreamEnd::Disconnected {
                kind: disconnect_type.or(title).unwrap_or_default(),
                detail: detail.unwrap_or_default(),
            }),
            None => Ok(Event::Unknown(line)),
        },
        Err(_) => Ok(Event::Unknown(line)),
    }
}

impl fmt::Display for StreamEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent => write!(f, "no sign of life came"),
            Self::Closed => write!(f, "X closed the connection"),
            Self::HalfLine => write!(f, "it broke off in the middle of a line"),
            Self::Disconnected { kind, detail } => {
                let words: String = detail.chars().filter(|letter| !letter.is_control()).take(300).collect();
                write!(f, "{kind}: {words}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_post_a_sign_of_life_an_end_or_something_new() {
        let read = |line: &str| event(line.as_bytes().to_vec());
        assert_eq!(read(""), Ok(Event::Alive));
        let partial = r#"{"data":{"id":"1"},"errors":[{"title":"Not Found Error"}],"matching_rules":[]}"#;
        assert!(matches!(read(partial), Ok(Event::Post(_))));
        let end =
            r#"{"errors":[{"title":"operational-disconnect","disconnect_type":"ForceDisconnect","detail":"Bye"}]}"#;
        let expected = StreamEnd::Disconnected { kind: "ForceDisconnect".to_owned(), detail: "Bye".to_owned() };
        assert_eq!(read(end), Err(expected));
        for new in [r#"{"notice":{}}"#, r#"{"data":{"id":"#, "7"] {
            assert_eq!(read(new), Ok(Event::Unknown(new.as_bytes().to_vec())));
        }
    }
}
