//! X's error bodies, word for word where they were seen.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::usage::PROJECT;

#[derive(Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// `Null` for the answers of X that have none.
    body: Value,
}

impl Problem {
    pub fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    pub fn unauthorized() -> Self {
        Self::plain(StatusCode::UNAUTHORIZED, "Unauthorized")
    }

    pub fn too_many_requests() -> Self {
        Self::plain(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
    }

    pub fn internal() -> Self {
        Self::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// The path is not there, or not for this app: X says nothing more.
    pub fn nothing_there() -> Self {
        Self::new(StatusCode::NOT_FOUND, Value::Null)
    }

    /// A resource named by the path is not there.
    pub fn not_found(parameter: &str, value: &str) -> Self {
        let message = format!("The `{parameter}` query parameter value [{value}] does not exist");
        Self { status: StatusCode::NOT_FOUND, ..Self::invalid(&[(parameter, value)], message) }
    }

    /// A 400 about the given parameters.
    pub fn invalid(parameters: &[(&str, &str)], message: impl Into<String>) -> Self {
        let parameters: Map<String, Value> =
            parameters.iter().map(|&(name, value)| (name.to_owned(), json!([value]))).collect();
        Self::invalid_body(&json!(parameters), message)
    }

    /// The same about a part of a request's body.
    pub fn invalid_body(parameters: &Value, message: impl Into<String>) -> Self {
        let body = json!({
            "errors": [{ "parameters": parameters, "message": message.into() }],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        });
        Self { status: StatusCode::BAD_REQUEST, body }
    }

    /// This kind of token is not for this endpoint; `used` and `supported` as X names them.
    pub fn unsupported_authentication(used: &str, supported: &[&str]) -> Self {
        let detail = format!(
            "Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are [{}].",
            supported.join(", ")
        );
        let body = json!({
            "title": "Unsupported Authentication",
            "detail": detail,
            "type": "https://api.twitter.com/2/problems/unsupported-authentication",
            "status": 403,
        });
        Self { status: StatusCode::FORBIDDEN, body }
    }

    /// The app's tier does not have this endpoint.
    pub fn not_enrolled() -> Self {
        let body = json!({
            "title": "Client Forbidden",
            "detail": "This request must be made using an approved developer account that is enrolled in the requested endpoint. Learn more by visiting our documentation.",
            "reason": "client-not-enrolled",
            "registration_url": "https://developer.twitter.com/en/docs/projects/overview",
            "required_enrollment": "Appropriate Level of API Access",
            "type": "https://api.twitter.com/2/problems/client-forbidden",
        });
        Self { status: StatusCode::FORBIDDEN, body }
    }

    /// The posts of the month are used up.
    pub fn usage_cap() -> Self {
        let body = json!({
            "account_id": PROJECT,
            "product_name": "standard-basic",
            "title": "UsageCapExceeded",
            "period": "Monthly",
            "scope": "Product",
            "detail": "Usage cap exceeded: Monthly product cap",
            "type": "https://api.twitter.com/2/problems/usage-capped",
        });
        Self { status: StatusCode::TOO_MANY_REQUESTS, body }
    }

    /// Nothing is left of what was paid, in the older words.
    pub fn credits_depleted() -> Self {
        let body = json!({
            "title": "CreditsDepleted",
            "detail": format!("Your enrolled account [{PROJECT}] does not have any credits to fulfill this request."),
            "type": "https://api.twitter.com/2/problems/credits",
        });
        Self { status: StatusCode::PAYMENT_REQUIRED, body }
    }

    /// The same in the newer ones.
    pub fn payment_required() -> Self {
        let body = json!({
            "title": "Payment Required",
            "detail": "credits depleted",
            "status": 402,
            "type": "https://api.x.com/2/problems/credits-depleted",
        });
        Self { status: StatusCode::PAYMENT_REQUIRED, body }
    }

    /// As many streams are open as may be.
    pub fn too_many_connections() -> Self {
        let detail = "This stream is currently at the maximum allowed connection limit.";
        Self::connection(StatusCode::TOO_MANY_REQUESTS, "TooManyConnections", detail)
    }

    /// A stream would never have anything to send.
    pub fn no_rules() -> Self {
        let detail = "You must define rules using the POST /2/tweets/search/stream/rules endpoint before connecting to filtered stream.";
        Self::connection(StatusCode::CONFLICT, "RuleConfigurationIssue", detail)
    }

    fn connection(status: StatusCode, issue: &str, detail: &str) -> Self {
        let body = json!({
            "title": "ConnectionException",
            "detail": detail,
            "connection_issue": issue,
            "type": "https://api.twitter.com/2/problems/streaming-connection",
        });
        Self { status, body }
    }

    pub fn plain(status: StatusCode, title: &str) -> Self {
        let body = json!({ "title": title, "type": "about:blank", "status": status.as_u16(), "detail": title });
        Self { status, body }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if self.body.is_null() {
            return self.status.into_response();
        }
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, media_type, self.body.to_string()).into_response()
    }
}
