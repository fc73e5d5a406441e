//! What it means when X says no: a state for each kind, and what a person can do about it.
//!
//! X has three forms of bodies (problem details, a list of errors, and OAuth's), and one status has several meanings.

use crate::limits::Limits;
use model::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// An answer of X that is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    pub kind: RefusalKind,
    /// X's own words.
    pub detail: String,
    /// Names of the parameters that X does not like.
    pub parameters: Vec<String>,
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// 429: the requests of the window, or of the day, are used up.
    WindowUsedUp { until: Option<Timestamp> },
    /// 429: requests are left, but this one came too soon after another.
    TooFast,
    /// 429: as many posts were read as the plan allows in a day or a month. Headers look healthy.
    UsageCap(Period),
    /// 429: as many streams are open as may be.
    TooManyConnections,
    /// 402, in both wordings.
    CreditsDepleted,
    /// 402 for any other reason, such as a limit of spending.
    PaymentRequired,
    /// 401.
    Unauthorized,
    /// 403: the app is in no project, or its account is not enrolled.
    NotEnrolled,
    /// 403: the plan does not have this endpoint.
    AccessLevel,
    /// 403: the endpoint takes another kind of credential.
    WrongAuthentication,
    /// 403: the account is not set up for this stream.
    NotProvisioned,
    /// 403: X keeps this for its own apps.
    OfficialAppsOnly,
    /// 403: this one thing is not to be seen.
    NotAuthorized,
    /// 403, for a reason that is in X's words only.
    Forbidden,
    /// 404 with nothing in it: the path is unknown, or not turned on for this app.
    NotEnabled,
    /// 404: the thing asked for is not there.
    NotFound,
    /// 409: a stream without rules would never send anything.
    NoRules,
    /// 409: another of its kind is under way.
    Conflict,
    /// 3xx. X does not send one elsewhere, so whoever does is not X.
    Redirect,
    /// 5xx.
    Unavailable,
    /// The rest of 4xx: X does not understand the request.
    Invalid,
}

/// What a cap on posts counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Day,
    Month,
    Unknown,
}

impl Refusal {
    /// The state that Roost knows of without asking X.
    pub fn closed(until: Timestamp) -> Self {
        Self {
            status: 429,
            kind: RefusalKind::WindowUsedUp { until: Some(until) },
            detail: String::new(),
            parameters: Vec::new(),
        }
    }

    pub(crate) fn read(status: u16, body: &[u8], limits: &Limits, now: Timestamp) -> Self {
        let problem = serde_json::from_slice::<Problem>(body).unwrap_or_default();
        let is_empty = body.iter().all(u8::is_ascii_whitespace);
        let kind = match status {
            300..=399 => RefusalKind::Redirect,
            401 => RefusalKind::Unauthorized,
            402 if problem.says_credits() => RefusalKind::CreditsDepleted,
            402 => RefusalKind::PaymentRequired,
            403 => problem.forbidden(),
            404 if is_empty => RefusalKind::NotEnabled,
            404 => RefusalKind::NotFound,
            409 if problem.connection_issue.is_some() => RefusalKind::NoRules,
            409 => RefusalKind::Conflict,
            429 => problem.too_many(limits, now),
            500.. => RefusalKind::Unavailable,
            _ => RefusalKind::Invalid,
        };
        let parameters = problem.errors.iter().flat_map(|item| item.parameters.keys().cloned()).collect();
        Self { status, kind, detail: problem.words(), parameters }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.kind.words(), self.status)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        if let RefusalKind::WindowUsedUp { until: Some(until) } = self.kind {
            write!(f, "; the next window begins at {} UTC", until.format("%H:%M:%S"))?;
        }
        match self.kind.advice() {
            "" => Ok(()),
            advice => write!(f, ". {advice}"),
        }
    }
}

impl RefusalKind {
    fn words(self) -> &'static str {
        match self {
            Self::WindowUsedUp { .. } => "X's limit of requests is used up",
            Self::TooFast => "X was asked too fast",
            Self::UsageCap(Period::Day) => "the account has read as many posts as it may today",
            Self::UsageCap(Period::Month) => "the account has read as many posts as it may this month",
            Self::UsageCap(Period::Unknown) => "the account has read as many posts as it may",
            Self::TooManyConnections => "as many streams are open as X allows",
            Self::CreditsDepleted => "the account has no credits left",
            Self::PaymentRequired => "X wants to be paid first",
            Self::Unauthorized => "X refused the credential",
            Self::NotEnrolled => "the app is not enrolled with X",
            Self::AccessLevel => "the account's plan does not have this",
            Self::WrongAuthentication => "X takes another kind of credential for this",
            Self::NotProvisioned => "the account is not set up for this stream",
            Self::OfficialAppsOnly => "X keeps this for its own apps",
            Self::NotAuthorized => "X does not show this to the account",
            Self::Forbidden => "X forbids this request",
            Self::NotEnabled => "X does not have this for the app",
            Self::NotFound => "X does not have this",
            Self::NoRules => "the stream has no rules",
            Self::Conflict => "X is still busy with another of these",
            Self::Redirect => "the answer leads to another address, where Roost does not go",
            Self::Unavailable => "X has trouble of its own",
            Self::Invalid => "X does not understand the request",
        }
    }

    /// What a person can do; nothing where waiting is all there is to do and Roost does that.
    pub fn advice(self) -> &'static str {
        match self {
            Self::WindowUsedUp { .. } | Self::TooFast | Self::Unavailable => "",
            Self::UsageCap(_) => "Wait until X counts anew, or choose a larger plan in X's developer portal",
            Self::TooManyConnections => "End the other connections, or wait until X notices that they are gone",
            Self::CreditsDepleted => "Buy credits in X's developer portal",
            Self::PaymentRequired => "Look at billing and at the limit of spending in X's developer portal",
            Self::Unauthorized => "Make a new token in X's developer portal and replace the bearer token here",
            Self::NotEnrolled => "Put the app into a project in X's developer portal",
            Self::AccessLevel => "Choose a plan that has it in X's developer portal, or another kind of schedule",
            Self::WrongAuthentication => "Choose a credential of the kind that X names",
            Self::NotProvisioned | Self::OfficialAppsOnly => "Ask X for access",
            Self::NotAuthorized => "It may be protected or withheld; a credential of a person who may see it helps",
            Self::Forbidden => "Look at the app's state in X's developer portal",
            Self::NotEnabled => "Look whether the plan has it; X's status page tells of outages",
            Self::NotFound => "It was deleted, or never there",
            Self::NoRules => "Add a rule first",
            Self::Conflict => "Wait for the other to end, or delete it",
            Self::Redirect => "Look at the proxy and the network between Roost and X",
            Self::Invalid => "Change the query as X's words say",
        }
    }
}

/// What error bodies of X hold, in all their forms.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: Option<String>,
    detail: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    reason: Option<String>,
    period: Option<String>,
    connection_issue: Option<String>,
    required_enrollment: Option<String>,
    errors: Vec<Item>,
    /// OAuth 2.0's form.
    error_description: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    message: Option<String>,
    detail: Option<String>,
    code: Option<i64>,
    parameters: BTreeMap<String, Value>,
}

impl Problem {
    /// The last part of the type: its host changed once.
    fn kind(&self) -> &str {
        self.kind.as_deref().and_then(|kind| kind.rsplit('/').next()).unwrap_or_default()
    }

    fn says_credits(&self) -> bool {
        matches!(self.kind(), "credits" | "credits-depleted") || self.title.as_deref() == Some("CreditsDepleted")
    }

    fn has_code(&self, code: i64) -> bool {
        self.errors.iter().any(|item| item.code == Some(code))
    }

    fn too_many(&self, limits: &Limits, now: Timestamp) -> RefusalKind {
        if self.kind() == "usage-capped" || self.title.as_deref() == Some("UsageCapExceeded") {
            return RefusalKind::UsageCap(match self.period.as_deref() {
                Some("Daily") => Period::Day,
                Some("Monthly") => Period::Month,
                _ => Period::Unknown,
            });
        }
        if self.connection_issue.is_some() || self.kind() == "streaming-connection" {
            return RefusalKind::TooManyConnections;
        }
        if limits.remaining().is_some_and(|remaining| remaining > 0) {
            return RefusalKind::TooFast;
        }
        let told = limits.window.and_then(|window| window.reset);
        RefusalKind::WindowUsedUp { until: limits.closed_until(now).or(told) }
    }

    fn forbidden(&self) -> RefusalKind {
        match (self.kind(), self.reason.as_deref()) {
            ("unsupported-authentication", _) => RefusalKind::WrongAuthentication,
            (_, Some("official-client-forbidden")) => RefusalKind::OfficialAppsOnly,
            // "Appropriate Level of API Access" is what enrolled apps are told of plans.
            (_, Some("client-not-enrolled")) if self.required_enrollment.is_some() => RefusalKind::AccessLevel,
            (_, Some("client-not-enrolled")) => RefusalKind::NotEnrolled,
            ("not-authorized-for-resource" | "not-authorized-for-field" | "field-unauthorized", _) => {
                RefusalKind::NotAuthorized
            }
            ("streaming-connection", _) => RefusalKind::NotProvisioned,
            _ if self.has_code(453) => RefusalKind::AccessLevel,
            _ if [32, 89, 99, 215].into_iter().any(|code| self.has_code(code)) => RefusalKind::Unauthorized,
            _ => RefusalKind::Forbidden,
        }
    }

    /// The words that say most, on one line.
    fn words(self) -> String {
        let first = self.errors.into_iter().find_map(|item| item.message.or(item.detail));
        let words = first.or(self.error_description).or(self.detail).or(self.title).unwrap_or_default();
        words.chars().filter(|letter| !letter.is_control()).take(300).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::RateLimits;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

    fn refusal(status: u16, body: &str, remaining: u32) -> Refusal {
        let window = RateLimits { limit: Some(450), remaining, reset: Some(Timestamp(NOW.0 + 60_000_000)) };
        Refusal::read(status, body.as_bytes(), &Limits { window: Some(window), ..Limits::default() }, NOW)
    }

    #[test]
    fn xs_refusals_keep_their_reason() {
        let body = r#"{"errors":[{"parameters":{"since_id":["1"]},"message":"Invalid since_id\n"}],"title":"Invalid Request"}"#;
        let error = refusal(400, body, 3);
        let words = "X does not understand the request (400): Invalid since_id. Change the query as X's words say";
        assert_eq!(
            (error.to_string().as_str(), error.parameters.as_slice()),
            (words, ["since_id".to_owned()].as_slice())
        );
        assert_eq!(refusal(502, "<html>", 3).to_string(), "X has trouble of its own (502)");
    }

    #[test]
    fn a_status_has_several_meanings() {
        let window = r#"{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}"#;
        let until = Some(Timestamp(NOW.0 + 60_000_000));
        assert_eq!(refusal(429, window, 0).kind, RefusalKind::WindowUsedUp { until });
        assert_eq!(refusal(429, window, 5).kind, RefusalKind::TooFast);
        let unknown = Refusal::read(429, window.as_bytes(), &Limits::default(), NOW);
        assert_eq!(unknown.kind, RefusalKind::WindowUsedUp { until: None });
        let level = r#"{"errors":[{"message":"You currently have access to a subset of endpoints","code":453}]}"#;
        assert_eq!(refusal(403, level, 5).kind, RefusalKind::AccessLevel);
        assert_eq!(refusal(403, "{}", 5).kind, RefusalKind::Forbidden);
        assert_eq!(
            refusal(402, r#"{"title":"Payment Required","detail":"spending limit"}"#, 5).kind,
            RefusalKind::PaymentRequired
        );
        assert_eq!(refusal(404, "", 5).kind, RefusalKind::NotEnabled);
        assert_eq!(refusal(404, "{}", 5).kind, RefusalKind::NotFound);
        assert_eq!(refusal(302, "", 5).kind, RefusalKind::Redirect);
    }

    #[test]
    fn bodies_of_any_shape_are_survived() {
        for body in ["", "null", "[]", "{\"errors\":null}", "{\"errors\":[1]}", "{\"title\":7}", "\u{0}"] {
            assert_eq!(refusal(400, body, 1).kind, RefusalKind::Invalid, "{body}");
        }
    }
}
