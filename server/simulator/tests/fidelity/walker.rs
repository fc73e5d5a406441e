//! Requests as they come, from a seed.

use axum::body::Body;
use axum::http::Request;
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::common::{Answer, HOUR, START, World, time};

/// So long a stream is listened to, and so many signs of life an hour brings.
const HOURS: usize = 48;
const BEATS: usize = 180;
/// Kinds of requests.
const KINDS: usize = 28;
const QUERIES: [&str; 9] = [
    "the",
    "the OR a OR de OR la",
    "the is:retweet",
    "(de OR la) lang:es",
    "min_likes:3",
    "the has:media",
    "nobodywritesthisword",
    "is:retweet",
    "(the",
];
const EXPANSIONS: [&str; 6] = [
    "author_id",
    "referenced_posts",
    "attachments.media_keys",
    "geo.place_id",
    "in_reply_to_user_id",
    "entities.mentions.username",
];
const OLDER_EXPANSIONS: [&str; 6] = [
    "author_id",
    "referenced_tweets.id",
    "attachments.media_keys",
    "geo.place_id",
    "referenced_tweets.id.author_id",
    "edit_history_tweet_ids",
];
const FIELDS: [&str; 13] = [
    "attachments",
    "context_annotations",
    "conversation_id",
    "created_at",
    "edit_controls",
    "entities",
    "geo",
    "lang",
    "note_post",
    "possibly_sensitive",
    "public_metrics",
    "reply_settings",
    "text",
];
const USER_FIELDS: [&str; 10] = [
    "created_at",
    "description",
    "location",
    "profile_image_url",
    "protected",
    "public_metrics",
    "url",
    "username",
    "verified",
    "verified_type",
];
const MEDIA_FIELDS: [&str; 8] =
    ["alt_text", "duration_ms", "height", "preview_image_url", "public_metrics", "type", "url", "variants"];
const PLACE_FIELDS: [&str; 5] = ["country", "country_code", "geo", "name", "place_type"];

/// A request, and what it is in the specification.
pub struct Step {
    pub method: &'static str,
    pub template: &'static str,
    pub path: String,
    pub body: String,
    /// It asks for the older names.
    pub is_of_tweets: bool,
}

pub struct Walker {
    state: u64,
    /// What was seen on the way.
    posts: Vec<String>,
    users: Vec<String>,
    names: Vec<String>,
    jobs: Vec<String>,
    rules: Vec<String>,
    connections: Vec<String>,
    /// Where the last page goes on.
    next: Option<String>,
}

impl Walker {
    pub fn new(seed: u64) -> Self {
        let none = Vec::new;
        Self {
            state: seed,
            posts: none(),
            users: none(),
            names: none(),
            jobs: none(),
            rules: none(),
            connections: none(),
            next: None,
        }
    }

    /// From 0 to before `n` (SplitMix64).
    pub fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// One of those that were seen, or one that nobody has.
    fn seen(&mut self, of: fn(&Self) -> &Vec<String>, unknown: &str) -> String {
        let known = of(self).clone();
        if known.is_empty() || self.below(8) == 0 { unknown.to_owned() } else { self.pick(&known) }
    }

    fn some(&mut self, parameter: &str, names: &[&str]) -> String {
        let chosen: Vec<&str> = names.iter().copied().filter(|_| self.below(3) == 0).collect();
        if chosen.is_empty() { String::new() } else { format!("&{parameter}={}", chosen.join(",")) }
    }

    /// Fields and expansions, and whether they have the older names.
    fn fields(&mut self) -> (String, bool) {
        let is_of_tweets = self.below(3) == 0;
        let mut fields = if is_of_tweets {
            let older: Vec<&str> =
                FIELDS.iter().map(|&name| if name == "note_post" { "note_tweet" } else { name }).collect();
            format!("&tweet.fields=id{}", self.some("", &older).replace("&=", ","))
        } else {
            self.some("post.fields", &FIELDS)
        };
        fields += &self.some("expansions", if is_of_tweets { &OLDER_EXPANSIONS } else { &EXPANSIONS });
        fields += &self.some("user.fields", &USER_FIELDS);
        fields += &self.some("media.fields", &MEDIA_FIELDS);
        fields += &self.some("place.fields", &PLACE_FIELDS);
        (fields, is_of_tweets)
    }

    fn posts_of(&mut self, template: &'static str, path: String) -> Step {
        let (fields, is_of_tweets) = self.fields();
        let path = format!("{path}{}{fields}", if path.contains('?') { "" } else { "?" }).replace("?&", "?");
        Step { is_of_tweets, ..plain("GET", template, path) }
    }

    fn users_of(&mut self, template: &'static str, path: String) -> Step {
        let fields = self.some("user.fields", &USER_FIELDS);
        let path = format!("{path}{}{fields}", if path.contains('?') { "" } else { "?" }).replace("?&", "?");
        plain("GET", template, path)
    }

    /// The next request; the first ones see to it that there is something to ask about.
    pub fn step(&mut self, number: usize) -> Step {
        if let Some(path) = self.next.take().filter(|_| self.below(2) == 0) {
            return self.again(path);
        }
        let kind = if number < KINDS { number } else { self.below(KINDS) };
        let query = self.pick(&QUERIES);
        let query = if number < KINDS { "the OR a" } else { query };
        match kind {
            0..8 => self.by_query(kind, query),
            8..18 => self.by_name(kind),
            _ => self.other(kind),
        }
    }

    fn by_query(&mut self, kind: usize, query: &str) -> Step {
        match kind {
            6 => self.count("/2/tweets/counts/recent", query),
            7 => self.count("/2/tweets/counts/all", query),
            4 | 5 => {
                let (path, start) = ("/2/tweets/search/all", time(START - 20 * 24 * HOUR));
                self.posts_of(path, format!("{path}?query={query}&start_time={start}"))
            }
            _ => {
                let (path, size) = ("/2/tweets/search/recent", 10 + self.below(95));
                self.posts_of(path, format!("{path}?query={query}&max_results={size}"))
            }
        }
    }

    /// What is named by ids or handles.
    fn by_name(&mut self, kind: usize) -> Step {
        let user = self.seen(|walker| &walker.users, "1");
        let name = self.seen(|walker| &walker.names, "nobody");
        let others: Vec<String> = (0..self.below(9)).map(|_| self.seen(|walker| &walker.users, "1")).collect();
        let posts: Vec<String> = (0..1 + self.below(9)).map(|_| self.seen(|walker| &walker.posts, "20")).collect();
        let since = |days: i64| time(START - days * 24 * HOUR);
        match kind {
            8 | 9 => self.posts_of("/2/tweets", format!("/2/tweets?ids={}", posts.join(","))),
            10 | 11 => {
                let id = self.seen(|walker| &walker.posts, "abc");
                self.posts_of("/2/tweets/{id}", format!("/2/tweets/{id}"))
            }
            12 => self.users_of("/2/users", format!("/2/users?ids={user},{}", others.join(","))),
            13 => self.users_of("/2/users/{id}", format!("/2/users/{user}")),
            14 => self.users_of("/2/users/by", format!("/2/users/by?usernames=nobody,{name}")),
            15 => self.users_of("/2/users/by/username/{username}", format!("/2/users/by/username/{name}")),
            16 => {
                let path = format!("/2/users/{user}/tweets?max_results=5&start_time={}", since(5));
                self.posts_of("/2/users/{id}/tweets", path)
            }
            _ => self.posts_of("/2/users/{id}/mentions", format!("/2/users/{user}/mentions?start_time={}", since(1))),
        }
    }

    fn again(&mut self, path: String) -> Step {
        let template = match path.split('?').next() {
            Some("/2/tweets/search/recent") => "/2/tweets/search/recent",
            Some("/2/tweets/search/all") => "/2/tweets/search/all",
            Some("/2/tweets/counts/all") => "/2/tweets/counts/all",
            Some(path) if path.ends_with("/mentions") => "/2/users/{id}/mentions",
            Some(path) if path.ends_with("/tweets") => "/2/users/{id}/tweets",
            other => panic!("nothing follows {other:?}"),
        };
        Step { is_of_tweets: path.contains("tweet.fields"), ..plain("GET", template, path) }
    }

    fn count(&mut self, template: &'static str, query: &str) -> Step {
        let granularity = self.pick(&["hour", "day", "hour", "week"]);
        let start = if template.ends_with("all") {
            format!("&start_time={}", time(START - 40 * 24 * HOUR))
        } else {
            String::new()
        };
        plain("GET", template, format!("{template}?query={query}&granularity={granularity}{start}"))
    }

    /// What is not read by query or id.
    fn other(&mut self, kind: usize) -> Step {
        const RULES: &str = "/2/tweets/search/stream/rules";
        match kind {
            18 => {
                let value = format!("the -word{}", self.below(40));
                let body =
                    json!({ "add": [{ "value": value, "tag": "t" }, { "value": self.pick(&["a", "is:retweet"]) }] });
                Step { body: body.to_string(), ..plain("POST", RULES, RULES.to_owned()) }
            }
            19 => plain("GET", RULES, RULES.to_owned()),
            20 => {
                let id = self.seen(|walker| &walker.rules, "1");
                let body = json!({ "delete": { "ids": [id] } });
                let path = format!("{RULES}?dry_run={}", self.pick(&["true", "true", "false"]));
                Step { body: body.to_string(), ..plain("POST", RULES, path) }
            }
            21 => self.posts_of("/2/tweets/search/stream", "/2/tweets/search/stream".to_owned()),
            22 => self.pick_plain(&["/2/tweets/search/stream/rules/counts", "/2/usage/credits"]),
            23 => plain(
                "GET",
                "/2/usage/tweets",
                "/2/usage/tweets?usage.fields=daily_client_app_usage,daily_project_usage,project_usage,cap_reset_day"
                    .to_owned(),
            ),
            24 => self.connection(),
            25 => {
                let body = json!({ "type": self.pick(&["users", "tweets"]) }).to_string();
                Step { body, ..plain("POST", "/2/compliance/jobs", "/2/compliance/jobs".to_owned()) }
            }
            26 => {
                let kind = self.pick(&["users", "tweets", "cats"]);
                plain("GET", "/2/compliance/jobs", format!("/2/compliance/jobs?type={kind}"))
            }
            _ => {
                let (method, id) = (self.pick(&["GET", "DELETE"]), self.seen(|walker| &walker.jobs, "1"));
                plain(method, "/2/compliance/jobs/{id}", format!("/2/compliance/jobs/{id}"))
            }
        }
    }

    fn pick_plain(&mut self, paths: &[&'static str]) -> Step {
        let path = self.pick(paths);
        plain("GET", path, path.to_owned())
    }

    fn connection(&mut self) -> Step {
        match self.below(6) {
            0 => {
                let id = self.seen(|walker| &walker.connections, "1");
                let body = json!({ "uuids": [id] }).to_string();
                Step { body, ..plain("DELETE", "/2/connections", "/2/connections".to_owned()) }
            }
            1 => plain("DELETE", "/2/connections/all", "/2/connections/all".to_owned()),
            2 => plain("DELETE", "/2/connections/{endpoint_id}", "/2/connections/filtered_stream".to_owned()),
            _ => plain("GET", "/2/connections", "/2/connections?status=all".to_owned()),
        }
    }

    /// Asks, and remembers what it sees.
    pub async fn take(&mut self, world: &World, step: &Step) -> Answer {
        if step.template == "/2/tweets/search/stream" {
            return first_line(world, step).await;
        }
        let request = Request::builder()
            .method(step.method)
            .uri(step.path.replace(' ', "%20").replace('"', "%22"))
            .header("authorization", "Bearer simulator");
        let answer = world.answer(request.body(Body::from(step.body.clone())).expect("a request")).await;
        self.remember(step, &answer.body);
        answer
    }

    fn remember(&mut self, step: &Step, body: &Value) {
        let data = body["data"].as_array().cloned().unwrap_or_default();
        let place = match step.template {
            "/2/compliance/jobs" => &mut self.jobs,
            "/2/tweets/search/stream/rules" => &mut self.rules,
            "/2/connections" => &mut self.connections,
            path if path.contains("search/") => &mut self.posts,
            _ => &mut Vec::new(),
        };
        place.extend(data.iter().chain([&body["data"]]).filter_map(|object| object["id"].as_str().map(str::to_owned)));
        for user in body["includes"]["users"].as_array().into_iter().flatten() {
            self.users.extend(user["id"].as_str().map(str::to_owned));
            self.names.extend(user["username"].as_str().map(str::to_owned));
        }
        let name = if step.template.starts_with("/2/users") { "pagination_token" } else { "next_token" };
        let path = step.path.split(&format!("&{name}=")).next().unwrap_or_default();
        let pages = step.template.contains("search/recent")
            || step.template.contains("/all")
            || step.template.starts_with("/2/users/{id}/");
        self.next = body["meta"]["next_token"]
            .as_str()
            .filter(|_| pages && step.method == "GET")
            .map(|token| format!("{path}&{name}={token}"));
    }
}

fn plain(method: &'static str, template: &'static str, path: String) -> Step {
    Step { method, template, path, body: String::new(), is_of_tweets: false }
}

/// The first line of a stream that is no sign of life, as if it were the answer; an empty one if none comes in two days.
async fn first_line(world: &World, step: &Step) -> Answer {
    let request = Request::get(&step.path).header("authorization", "Bearer simulator");
    let response =
        world.router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let (parts, body) = response.into_parts();
    if !parts.status.is_success() {
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("an answer");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        return Answer { status: parts.status, headers: parts.headers, body, text };
    }
    let mut lines = body.into_data_stream();
    for _ in 0..HOURS {
        world.advance(HOUR);
        for _ in 0..BEATS {
            let line = lines.next().await.expect("the stream goes on").expect("a line");
            if &line[..] != b"\r\n" {
                let text = String::from_utf8_lossy(&line).into_owned();
                let body = serde_json::from_slice(&line).expect("a line of JSON");
                return Answer { status: parts.status, headers: parts.headers, body, text };
            }
        }
    }
    Answer { status: parts.status, headers: parts.headers, body: json!({}), text: String::new() }
}
