//! Sends requests as somebody, in the words that X takes.

use crate::auth::Auth;
use crate::egress::{Egress, Reply};
use crate::endpoint::Endpoint;
use crate::error::SourceError;
use crate::fields::Vocabulary;
use crate::limits::Limits;
use crate::refusal::{Refusal, RefusalKind};
use crate::request::Request;
use reqwest::RequestBuilder;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::de::IgnoredAny;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use url::Url;

/// A client of one X API with one credential.
pub struct XClient {
    pub(crate) egress: Egress,
    auth: Auth,
    /// Paths of endpoints that take the other vocabulary than they are known for.
    renamed: Mutex<HashSet<&'static str>>,
}

/// What X answered, and what it says of its limits: a refusal uses them up as well.
#[derive(Debug)]
pub struct Answer {
    /// JSON, if X did what it was asked.
    pub body: Result<Vec<u8>, SourceError>,
    pub limits: Limits,
}

impl XClient {
    pub fn new(egress: Egress, auth: Auth) -> Self {
        Self { egress, auth, renamed: Mutex::default() }
    }

    /// Sends a request once; once more only where X takes its fields under their other names, or where the person's
    /// token was no longer good and could be refreshed.
    ///
    /// # Errors
    /// When X could not be reached, or not understood. What X refuses is in the answer.
    pub async fn send(&self, request: &Request) -> Result<Answer, SourceError> {
        self.auth.check(request.endpoint())?;
        let vocabulary = self.vocabulary(request.endpoint());
        let answer = self.ask(request, vocabulary).await?;
        if !request.has_two_wordings() || !answer.refuses_names() {
            return Ok(answer);
        }
        let again = self.ask(request, vocabulary.other()).await?;
        if again.body.is_ok() {
            tracing::warn!(endpoint = request.endpoint().path, "X takes its fields under their other names");
            self.turn(request.endpoint());
        }
        Ok(again)
    }

    async fn ask(&self, request: &Request, vocabulary: Vocabulary) -> Result<Answer, SourceError> {
        let url = self.url(request, vocabulary)?;
        let word = self.word(request, &url).await?;
        let reply = self.egress.exchange(self.built(request, &url, word.as_ref())).await?;
        if reply.status != 401 || !self.auth.renew(word.as_ref()).await? {
            return read(reply);
        }
        let word = self.word(request, &url).await?;
        read(self.egress.exchange(self.built(request, &url, word.as_ref())).await?)
    }

    /// The request as it is sent.
    pub(crate) async fn ready(&self, request: &Request, vocabulary: Vocabulary) -> Result<RequestBuilder, SourceError> {
        let url = self.url(request, vocabulary)?;
        let word = self.word(request, &url).await?;
        Ok(self.built(request, &url, word.as_ref()))
    }

    fn url(&self, request: &Request, vocabulary: Vocabulary) -> Result<Url, SourceError> {
        let mut url = self.egress.url(&request.path())?;
        let parameters = request.parameters(vocabulary);
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(&parameters);
        }
        Ok(url)
    }

    /// Who asks, where X wants to know.
    async fn word(&self, request: &Request, url: &Url) -> Result<Option<HeaderValue>, SourceError> {
        let endpoint = request.endpoint();
        if endpoint.callers.is_empty() {
            return Ok(None);
        }
        self.auth.word(&endpoint.method, url, &self.egress).await.map(Some)
    }

    fn built(&self, request: &Request, url: &Url, word: Option<&HeaderValue>) -> RequestBuilder {
        let mut builder = self.egress.request(request.endpoint().method.clone(), url.clone());
        if let Some(body) = request.body() {
            builder = builder.json(body);
        }
        match word {
            Some(word) => builder.header(AUTHORIZATION, word),
            None => builder,
        }
    }

    pub(crate) fn vocabulary(&self, endpoint: &'static Endpoint) -> Vocabulary {
        let is_renamed = self.renamed.lock().unwrap_or_else(PoisonError::into_inner).contains(endpoint.path);
        if is_renamed { endpoint.vocabulary.other() } else { endpoint.vocabulary }
    }

    fn turn(&self, endpoint: &'static Endpoint) {
        let mut renamed = self.renamed.lock().unwrap_or_else(PoisonError::into_inner);
        if !renamed.remove(endpoint.path) {
            renamed.insert(endpoint.path);
        }
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.auth
    }
}

impl Answer {
    /// Whether X does not know the names of the fields; and there is a request left to try the others.
    pub(crate) fn refuses_names(&self) -> bool {
        let Err(SourceError::Refused(refusal)) = &self.body else { return false };
        let is_about_fields = |name: &String| matches!(name.as_str(), "post.fields" | "tweet.fields" | "expansions");
        let is_about_names = refusal.kind == RefusalKind::Invalid && refusal.parameters.iter().any(is_about_fields);
        is_about_names && self.limits.remaining() != Some(0)
    }
}

/// What X said, with what it said no with as a value.
pub(crate) fn read(reply: Reply) -> Result<Answer, SourceError> {
    let limits = Limits::from_headers(&reply.headers, reply.at);
    if !(200..300).contains(&reply.status) {
        let refusal = Refusal::read(reply.status, &reply.body, &limits, reply.at);
        return Ok(Answer { body: Err(refusal.into()), limits });
    }
    // Half of an answer, or the page of somebody between X and us: both come with a healthy status.
    let body = match serde_json::from_slice::<IgnoredAny>(&reply.body) {
        Ok(_) => Ok(reply.body),
        Err(error) => Err(SourceError::Garbled(format!("it is no JSON, or not all of it ({error})"))),
    };
    Ok(Answer { body, limits })
}
