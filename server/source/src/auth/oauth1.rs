//! OAuth 1.0a (RFC 5849): requests that are signed with the secrets of an app and a person.
//! <https://docs.x.com/fundamentals/authentication/oauth-1-0a/creating-a-signature>

use super::percent_encoded;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use model::Timestamp;
use model::time::SECOND;
use reqwest::Method;
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The keys that the developer portal shows for an app and the person who made it.
#[derive(Clone, Debug)]
pub struct SigningKeys {
    pub key: SecretString,
    pub secret: SecretString,
    pub token: SecretString,
    pub token_secret: SecretString,
}

impl SigningKeys {
    /// The header `authorization` for a request without a form in its body.
    pub(crate) fn header(&self, method: &Method, url: &Url, now: Timestamp, nonce: &str) -> String {
        let timestamp = now.0.div_euclid(SECOND).to_string();
        let own = [
            ("oauth_consumer_key", self.key.expose_secret()),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", &timestamp),
            ("oauth_token", self.token.expose_secret()),
            ("oauth_version", "1.0"),
        ];
        let query = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned()));
        let signed = query.chain(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let signature = self.signature(&base(method, url, signed));
        let parts = own.into_iter().chain([("oauth_signature", signature.as_str())]);
        let parts: Vec<String> = parts.map(|(name, value)| format!("{name}=\"{}\"", percent_encoded(value))).collect();
        format!("OAuth {}", parts.join(", "))
    }

    fn signature(&self, base: &str) -> String {
        let secrets =
            [&self.secret, &self.token_secret].map(|secret| percent_encoded(secret.expose_secret())).join("&");
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secrets.as_bytes());
        STANDARD.encode(hmac::sign(&key, base.as_bytes()))
    }
}

/// What is signed: the method, the address, and all parameters in the order of their encoded forms.
fn base(method: &Method, url: &Url, parameters: impl Iterator<Item = (String, String)>) -> String {
    let mut pairs: Vec<(String, String)> =
        parameters.map(|(name, value)| (percent_encoded(&name), percent_encoded(&value))).collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut address = url.clone();
    address.set_query(None);
    address.set_fragment(None);
    format!("{method}&{}&{}", percent_encoded(address.as_str()), percent_encoded(&pairs.join("&")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(key: &str, secret: &str, token: &str, token_secret: &str) -> SigningKeys {
        let [key, secret, token, token_secret] = [key, secret, token, token_secret].map(SecretString::from);
        SigningKeys { key, secret, token, token_secret }
    }

    fn pairs(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into_iter()
    }

    /// RFC 5849, section 3.4.1.1.
    #[test]
    fn the_text_that_is_signed_is_that_of_the_standard() {
        let url = Url::parse("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b").unwrap();
        let others = [
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("c2", ""),
            ("a3", "2 q"),
        ];
        let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%2525\
                        3D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth\
                        _signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";
        assert_eq!(base(&Method::POST, &url, query.into_iter().chain(pairs(&others))), expected);
    }

    /// RFC 5849, section 1.2.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let keys = keys("dpf43f3p2l4k3l03", "kd94hf93k423kf44", "nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
        let url = Url::parse("http://photos.example.net/photos").unwrap();
        let parameters = [
            ("file", "vacation.jpg"),
            ("size", "original"),
            ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            ("oauth_token", "nnch734d00sl2jdk"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131202"),
            ("oauth_nonce", "chapoH"),
        ];
        assert_eq!(keys.signature(&base(&Method::GET, &url, pairs(&parameters))), "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
    }

    /// The example of X's documentation, whose keys belong to nobody.
    #[test]
    fn the_signature_is_that_of_xs_documentation() {
        let token = "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb";
        let keys = keys(
            "xvz1evFS4wEEPTGEFPHBog",
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
            token,
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
        );
        let status = "Hello Ladies + Gentlemen, a signed OAuth request!";
        let url = "https://api.twitter.com/1.1/statuses/update.json?include_entities=true";
        let url = Url::parse_with_params(url, [("status", status)]).unwrap();
        let now = Timestamp::from_seconds(1_318_622_958);
        let header = keys.header(&Method::POST, &url, now, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg");
        assert!(header.contains("oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\""), "{header}");
        assert!(!format!("{keys:?}").contains("kAcSOqF"), "{keys:?}");
    }
}
