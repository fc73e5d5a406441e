//! The kinds of faults.

use crate::wire::{Answer, Asked, EMPTY, seconds};
use model::time::{HOUR, MINUTE};
use serde_json::{Value, json};

/// What can go wrong.
pub struct Kind {
    pub name: &'static str,
    pub way: Way,
    /// The longest that it may make a run wait (µs).
    pub longest: i64,
    /// For how long X has said that it takes no searches (µs).
    pub closes: i64,
    /// Between two runs of a schedule (s).
    pub interval: u32,
    /// Of a hundred requests, so many have it,
    pub chance: u32,
    /// but of a query no more than so many one after the other.
    pub in_a_row: u32,
}

/// How it goes wrong.
pub enum Way {
    /// The connection is reset before there is an answer.
    Reset,
    /// It is closed.
    Close,
    /// It is reset in the middle of an answer.
    Torn,
    /// The answer comes in small parts.
    Drip,
    /// There is no answer.
    Silence,
    /// By faults of the simulator, with a plus between two of them.
    Script(&'static str),
    /// Somebody else answers.
    Instead(&'static str),
    /// X is asked for something else. None where this cannot happen.
    Asked(fn(&Asked) -> Option<Asked>),
    /// The answer is changed on its way.
    Answered(fn(&Asked, &Answer) -> Option<Vec<u8>>),
    /// The page that led to this one comes again.
    Repeated,
}

/// X has trouble, or is not there: 320 s at most.
const TROUBLE: i64 = seconds(320);
/// X's window, which ends with a whole second.
const WINDOW: i64 = 15 * MINUTE + seconds(1);
/// Runs that end at once are begun again by their schedule.
const ENDS: i64 = 0;

const fn kind(name: &'static str, longest: i64, way: Way) -> Kind {
    Kind { name, way, longest, closes: 0, interval: 600, chance: 50, in_a_row: 2 }
}

impl Kind {
    const fn closing(self, micros: i64) -> Self {
        Self { closes: micros, ..self }
    }

    /// There is more than a page to read. There are few such runs in a story, so most requests are struck.
    const fn of_long_runs(self) -> Self {
        Self { interval: 3 * 3_600, chance: 90, ..self }
    }

    /// Each request is struck, until so many of a query were.
    const fn all_of(self, in_a_row: u32) -> Self {
        Self { in_a_row, chance: 100, ..self }
    }
}

/// Kinds that are of a sort, and a name for them.
pub type Group = (&'static str, &'static [Kind]);

pub const GROUPS: &[Group] = &[
    ("silence", &[kind("no answer", TROUBLE, Way::Silence).all_of(4)]),
    ("the connection", CONNECTION),
    ("the body", BODY),
    ("X's trouble", TROUBLES),
    ("X's refusals", REFUSALS),
    ("X's limits", LIMITS),
    ("headers", HEADERS),
    ("pages", PAGES),
];

const CONNECTION: &[Kind] = &[
    kind("reset before an answer", TROUBLE, Way::Reset),
    kind("closed before an answer", TROUBLE, Way::Close),
    kind("reset in the middle of an answer", TROUBLE, Way::Torn),
    kind("chunks without an end", TROUBLE, Way::Script("kind = \"disconnect\"")),
    kind("bytes that drip", TROUBLE, Way::Drip),
    kind("an alert of TLS", TROUBLE, Way::Instead("\x15\x03\x03\x00\x02\x02\x28")),
];

const BODY: &[Kind] = &[
    kind("half of the JSON", TROUBLE, Way::Script("kind = \"half-line\"")),
    kind("nothing in it", TROUBLE, Way::Answered(|_, answer| Some(answer.saying("").bytes()))),
    kind("fewer bytes than it says", TROUBLE, Way::Answered(|_, answer| Some(longer(answer)))),
    kind("more bytes than it says", TROUBLE, Way::Answered(|_, answer| Some(shorter(answer)))),
    kind("gzip with a wrong sum", TROUBLE, Way::Answered(|_, answer| Some(badly_packed(answer)))),
    kind("a page in HTML", TROUBLE, Way::Answered(|_, answer| Some(answer.saying("<!doctype html><p>Log in").bytes()))),
    kind(
        "JSON of somebody else",
        TROUBLE,
        Way::Answered(|_, answer| Some(answer.saying(r#"{"status":"ok"}"#).bytes())),
    ),
    kind("errors and no page", TROUBLE, Way::Answered(only_errors)),
];

const TROUBLES: &[Kind] = &[
    kind("500", TROUBLE, Way::Script("kind = \"server-error\"\nstatus = 500")),
    kind("502 in HTML", TROUBLE, Way::Instead(BAD_GATEWAY)),
    kind("503", TROUBLE, Way::Script("kind = \"server-error\"")),
    kind("504", TROUBLE, Way::Script("kind = \"server-error\"\nstatus = 504")),
    kind("503 for an hour", TROUBLE, Way::Script("kind = \"server-error\"")).all_of(20),
];

/// After these the run ends.
const REFUSALS: &[Kind] = &[
    kind("400", ENDS, Way::Instead(BAD_REQUEST)),
    kind("401", ENDS, Way::Asked(|asked| Some(asked.by_nobody()))),
    kind("403", ENDS, Way::Instead(FORBIDDEN)),
    kind("404 with nothing in it", ENDS, Way::Script("kind = \"not-enabled\"")),
    kind("a redirect", ENDS, Way::Instead(REDIRECT)),
];

const LIMITS: &[Kind] = &[
    kind("429, the window", WINDOW, Way::Script("kind = \"rate-limit\"")).closing(15 * MINUTE),
    kind("429 without a header", WINDOW, Way::Script("kind = \"rate-limit\"+kind = \"no-headers\""))
        .closing(15 * MINUTE),
    kind("429 with a reset of NaN", WINDOW, Way::Instead(ODD_LIMIT)).closing(15 * MINUTE),
    kind("429, too fast", MINUTE, Way::Script("kind = \"too-fast\"")).closing(seconds(1)),
    kind("429, the cap of a month", HOUR, Way::Script("kind = \"usage-cap\"")).closing(HOUR),
    kind("402, CreditsDepleted", HOUR, Way::Script("kind = \"credits-depleted\"")).closing(HOUR),
    kind("402, Payment Required", HOUR, Way::Script("kind = \"payment-required\"")).closing(HOUR),
];

const HEADERS: &[Kind] = &[
    kind("no headers", 0, Way::Script("kind = \"no-headers\"")),
    kind("headers of nonsense", 0, Way::Answered(|_, answer| Some(nonsense(answer).bytes()))),
    kind("used up until NaN", WINDOW, Way::Answered(used_up_until_nan)).closing(15 * MINUTE),
    kind("X's clock is ahead", 0, Way::Script("kind = \"clock-skew\"\nseconds = 7200")),
    kind("X's clock is behind", 0, Way::Script("kind = \"clock-skew\"\nseconds = -7200")),
];

const PAGES: &[Kind] = &[
    kind("an empty page with a token", 0, Way::Answered(empty_page)),
    // X counts only what is long enough, and only there an end that is none can be told.
    Kind { in_a_row: 1, ..kind("an empty page without a token", 0, Way::Answered(empty_end)).of_long_runs() },
    kind("a post twice in a page", 0, Way::Script("kind = \"duplicate\"")),
    kind("the same token again", 0, Way::Answered(token_loop)).of_long_runs(),
    kind("the same page again", 0, Way::Repeated).of_long_runs(),
    kind("a token that X does not know", 0, Way::Asked(unknown_token)).of_long_runs(),
];

/// An end that is none, once, in a short run: X was not asked what it counts.
const fn held_back(interval: u32, chance: u32) -> Kind {
    Kind { in_a_row: 1, interval, chance, ..kind("an empty page at a time", 0, Way::Answered(empty_end)) }
}

pub const HELD_BACK: &[Kind] = &[held_back(600, 3)];

/// Most of what these runs read is not looked at again.
pub const HELD_BACK_FOR_AN_HOUR: &[Kind] = &[held_back(3_600, 30)];

const BAD_GATEWAY: &str =
    "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 21\r\n\r\n<h1>Bad Gateway</h1>\n";
const BAD_REQUEST: &str = "HTTP/1.1 400 Bad Request\r\ncontent-length: 32\r\n\r\n{\"title\":\"Invalid Request\"}     ";
const FORBIDDEN: &str = "HTTP/1.1 403 Forbidden\r\ncontent-length: 33\r\n\r\n{\"reason\":\"client-not-enrolled\"} ";
const REDIRECT: &str = "HTTP/1.1 302 Found\r\nlocation: https://login.example/\r\ncontent-length: 0\r\n\r\n";
const ODD_LIMIT: &str = "HTTP/1.1 429 Too Many Requests\r\nx-rate-limit-limit: 450\r\nx-rate-limit-remaining: 0\r\n\
    x-rate-limit-reset: NaN\r\ncontent-length: 2\r\n\r\n{}";

fn longer(answer: &Answer) -> Vec<u8> {
    answer.with("content-length", &(answer.body.len() + 1_000).to_string()).bytes()
}

fn shorter(answer: &Answer) -> Vec<u8> {
    answer.with("content-length", &(answer.body.len() / 2).to_string()).bytes()
}

/// Stored, not packed, with a checksum of something else.
fn badly_packed(answer: &Answer) -> Vec<u8> {
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let parts = answer.body.chunks(0xffff);
    let last = parts.len() - 1;
    for (number, part) in parts.enumerate() {
        let length = u16::try_from(part.len()).unwrap();
        packed.push(u8::from(number == last));
        packed.extend(length.to_le_bytes());
        packed.extend((!length).to_le_bytes());
        packed.extend(part);
    }
    packed.extend(0xbad5_u32.to_le_bytes());
    packed.extend(u32::try_from(answer.body.len()).unwrap().to_le_bytes());
    answer.with("content-encoding", "gzip").saying(packed).bytes()
}

fn only_errors(_: &Asked, answer: &Answer) -> Option<Vec<u8>> {
    let errors =
        json!({ "errors": [{ "title": "Service Unavailable", "detail": "try later", "type": "about:blank" }] });
    Some(answer.saying(errors.to_string()).bytes())
}

fn nonsense(answer: &Answer) -> Answer {
    let odd = answer.with("x-rate-limit-limit", "-1").with("x-rate-limit-remaining", "1e9");
    odd.with("x-rate-limit-reset", "99999999999999999999").with("date", "yesterday")
}

fn used_up_until_nan(asked: &Asked, answer: &Answer) -> Option<Vec<u8>> {
    asked.is_search().then(|| answer.with("x-rate-limit-remaining", "0").with("x-rate-limit-reset", "NaN").bytes())
}

/// The page with posts follows.
fn empty_page(asked: &Asked, answer: &Answer) -> Option<Vec<u8>> {
    answer.page()?;
    let token = format!("{EMPTY}{}", asked.parameter("next_token").unwrap_or_default());
    if token.starts_with(&format!("{EMPTY}{EMPTY}")) {
        return None;
    }
    Some(answer.saying(json!({ "meta": { "result_count": 0, "next_token": token } }).to_string()).bytes())
}

fn empty_end(_: &Asked, answer: &Answer) -> Option<Vec<u8>> {
    has_posts(&answer.page()?).then(|| answer.saying(r#"{"meta":{"result_count":0}}"#).bytes())
}

fn token_loop(asked: &Asked, answer: &Answer) -> Option<Vec<u8>> {
    let token = asked.parameter("next_token")?;
    let mut page = answer.page()?;
    page["meta"].get("next_token")?;
    page["meta"]["next_token"] = Value::String(token);
    Some(answer.saying(page.to_string()).bytes())
}

fn unknown_token(asked: &Asked) -> Option<Asked> {
    asked.parameter("next_token")?;
    Some(asked.with("next_token", Some("7140dibdnow9c7btw4b8yp9a2x")))
}

fn has_posts(page: &Value) -> bool {
    page["data"].as_array().is_some_and(|posts| !posts.is_empty())
}
