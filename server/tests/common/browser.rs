//! A browser without JavaScript.

use super::Server;
use reqwest::{Client, Method, RequestBuilder, Response, header, redirect::Policy};
use std::collections::BTreeMap;

pub const PASSWORD: &str = "correct horse battery staple";

/// A browser without JavaScript: it keeps its cookies and follows no redirect by itself.
pub struct Browser<'s> {
    pub server: &'s Server,
    http: Client,
    pub cookies: BTreeMap<String, String>,
}

impl<'s> Browser<'s> {
    pub fn new(server: &'s Server) -> Self {
        Self { server, http: client(), cookies: BTreeMap::new() }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.server.url(path)).header("sec-fetch-site", "same-origin");
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    pub fn is_signed_in(&self) -> bool {
        self.cookies.contains_key("roost")
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Response {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.request(Method::POST, path).body(body);
        let response = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").send().await.unwrap();
        for set in response.headers().get_all(header::SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("HttpOnly") && set.contains("Path=/"), "{set}");
            assert!(set.contains("SameSite=Lax") || set.contains("SameSite=Strict"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => self.cookies.remove(name),
                _ => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        response
    }

    pub async fn sign_in(&mut self, name: &str) {
        let to = location(&self.post("/sign-in", &[("name", name), ("password", PASSWORD)]).await);
        assert!(self.is_signed_in(), "{to}");
    }

    pub async fn set_up(&mut self) {
        let token = self.server.setup_token.clone().unwrap();
        let form = [("token", token.as_str()), ("name", "Ann"), ("password", PASSWORD), ("again", PASSWORD)];
        assert_eq!(location(&self.post("/setup", &form).await), "/");
        assert!(self.is_signed_in());
    }
}

/// Everything is on this machine and in the clear, but the client will not be made without a TLS provider.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

pub fn location(response: &Response) -> String {
    assert!(response.status().is_redirection(), "{response:?}");
    response.headers()[header::LOCATION].to_str().unwrap().to_owned()
}
