use crate::endpoint::Caller;
use crate::refusal::Refusal;
use crate::stream::StreamEnd;
use std::error::Error;

/// Why X gave no answer, in words for the person who looks after the schedule. They hold no address, secret or query.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error(
        "{0} is no address Roost may fetch from: it takes https://api.x.com, or (not in production) a simulator on this machine"
    )]
    Address(String),
    #[error("the address of the proxy cannot be used: it must be http:// or https:// with a host")]
    Proxy,
    #[error("the X API cannot be reached: {0}")]
    Network(String),
    #[error("the X API did not answer in time")]
    Timeout,
    #[error("{0}")]
    Refused(Box<Refusal>),
    #[error("the answer is larger than {0} MB")]
    TooLarge(usize),
    #[error("the answer was packed more than {0} times: that is no answer of X")]
    Inflated(usize),
    #[error("the answer cannot be understood: {0}")]
    Garbled(String),
    #[error("X takes {} here, and this credential is {}", among(.takes), .has.name())]
    WrongCredential { takes: &'static [Caller], has: Caller },
    #[error("X no longer takes the token of the person who allowed Roost to ask: let them allow it again")]
    ConsentLost,
    #[error("the tokens of the credential could not be kept: {0}")]
    Keeper(String),
    #[error("the token of the credential has letters that no token has: copy it anew")]
    Token,
    #[error("the stream ended: {0}")]
    Stream(StreamEnd),
    #[error("the system gives no random numbers")]
    Random,
}

impl SourceError {
    /// What X said, if it said no.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The cause ("connection refused") says more than reqwest's own words, and those hold the address.
    pub(crate) fn of_http(error: reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::Timeout;
        }
        let error = error.without_url();
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Self::Network(cause.to_string())
    }
}

impl From<Refusal> for SourceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl Caller {
    fn name(self) -> &'static str {
        match self {
            Self::App => "the bearer token of an app",
            Self::User => "a person's token (OAuth 2.0)",
            Self::Signed => "a person's keys (OAuth 1.0a)",
        }
    }
}

fn among(callers: &[Caller]) -> String {
    let names: Vec<&str> = callers.iter().map(|caller| caller.name()).collect();
    names.join(" or ")
}
