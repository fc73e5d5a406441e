//! OAuth 1.0a: requests that are signed with two secrets.

use axum::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use tweetgen::time::{MINUTE, SECOND};

use super::endpoints::Endpoint;
use super::gate::Raw;
use crate::App;

/// How far the client's clock may be off.
const OFF: i64 = 5 * MINUTE;
const SIGNATURE: &str = "oauth_signature";
/// What is signed by clients that do not know that they ask a simulator.
const X: [&str; 2] = ["https://api.x.com", "https://api.twitter.com"];

/// Whether `header`, what follows `OAuth ` in the request's `authorization`, is signed with the secrets of `app`.
pub fn is_signed(app: &App, endpoint: &Endpoint, raw: &Raw, header: &str, now: i64) -> bool {
    let given = pairs(header);
    let get = |name: &str| given.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let time = get("oauth_timestamp").parse::<i64>().unwrap_or(0);
    let is_ours = get("oauth_consumer_key") == app.key
        && get("oauth_token") == app.access_token
        && get("oauth_signature_method") == "HMAC-SHA1"
        && !get("oauth_nonce").is_empty()
        && (time * SECOND - now).abs() <= OFF;
    let Ok(signature) = STANDARD.decode(get(SIGNATURE)) else { return false };
    let secrets = format!("{}&{}", encode(&app.secret), encode(&app.access_secret));
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secrets.as_bytes());
    let host = raw.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = format!("http://{host}");
    let is_right = |host| hmac::verify(&key, base(endpoint, raw, host, &given).as_bytes(), &signature).is_ok();
    is_ours && [own.as_str()].into_iter().chain(X).any(is_right)
}

/// What is signed: the method, the address at `host` and all parameters in their order.
fn base(endpoint: &Endpoint, raw: &Raw, host: &str, given: &[(String, String)]) -> String {
    let query = form_urlencoded::parse(raw.uri.query().unwrap_or_default().as_bytes());
    let signed = given.iter().filter(|(name, _)| name != SIGNATURE && name != "realm");
    let mut parameters: Vec<(String, String)> = query
        .map(|(name, value)| (encode(&name), encode(&value)))
        .chain(signed.map(|(name, value)| (encode(name), encode(value))))
        .collect();
    parameters.sort();
    let parameters: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("{host}{}", raw.uri.path());
    format!("{}&{}&{}", endpoint.method, encode(&address), encode(&parameters.join("&")))
}

/// `name="value"` between commas, percent-decoded.
fn pairs(header: &str) -> Vec<(String, String)> {
    let pairs = header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let plain = pairs.map(|(name, value)| format!("{name}={}", value.trim_matches('"')));
    plain.flat_map(|pair| form_urlencoded::parse(pair.as_bytes()).into_owned().collect::<Vec<_>>()).collect()
}

/// Percent-encoding of RFC 3986, which leaves only letters, digits and `-._~`.
fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}
