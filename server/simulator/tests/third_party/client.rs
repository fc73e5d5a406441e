//! Clients of other people, each run as a process of its own.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::process::Command;

use crate::common::time;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Client {
    Twarc2,
    Tweepy,
}

pub const BOTH: [Client; 2] = [Client::Twarc2, Client::Tweepy];

/// What a client made of a call.
pub struct Made {
    pub answer: Value,
    /// What it wrote for people.
    pub said: String,
}

/// Whether there is a Python to run them.
pub fn is_there() -> bool {
    let is_there = python().is_some();
    if !is_there {
        eprintln!("SKIPPED: ROOST_TEST_PYTHON is not set (`make test-long` sets it): a Python with twarc and tweepy");
    }
    is_there
}

fn python() -> Option<std::ffi::OsString> {
    std::env::var_os("ROOST_TEST_PYTHON").filter(|name| !name.is_empty())
}

impl Client {
    /// Has the client make a call to the simulator at `address`, as its script describes calls.
    pub async fn run(self, address: SocketAddr, call: Value) -> Made {
        let script = match self {
            Self::Twarc2 => "by_twarc2.py",
            Self::Tweepy => "by_tweepy.py",
        };
        let mut command = Command::new(python().expect("a Python"));
        command.env_clear().env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
        command.arg(format!("{}/tests/python/{script}", env!("CARGO_MANIFEST_DIR")));
        command.args([format!("http://{address}"), call.to_string()]).kill_on_drop(true);
        let output = command.output().await.expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{call}: {}\n{said}", output.status);
        Made { answer: serde_json::from_slice(&output.stdout).expect("JSON"), said }
    }
}

impl Made {
    /// The objects of all pages, in their order.
    pub fn data(&self) -> Vec<Value> {
        let pages = self.answer["pages"].as_array().expect("pages");
        let objects = pages.iter().map(|page| match &page["data"] {
            Value::Array(objects) => objects.clone(),
            Value::Null => Vec::new(),
            object => vec![object.clone()],
        });
        objects.flatten().collect()
    }

    pub fn ids(&self) -> Vec<String> {
        self.data().iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The errors that stand in the pages.
    pub fn errors(&self) -> Vec<Value> {
        let pages = self.answer["pages"].as_array().expect("pages");
        pages.iter().flat_map(|page| page["errors"].as_array().cloned().unwrap_or_default()).collect()
    }
}

/// A command of twarc2; `input` is the file that it reads.
pub fn command(words: &[&str], input: &[String]) -> Value {
    json!({ "command": words, "input": input.join("\n") })
}

/// A command about a time: its first words, `--start-time`, `--end-time`, its last words.
pub fn timed(first: &[&str], (from, to): (i64, i64), last: &[&str]) -> Value {
    // click takes no zone
    let [from, to] = [from, to].map(|micros| time(micros).replace('Z', ""));
    command(&[first, &["--start-time", &from, "--end-time", &to], last].concat(), &[])
}

/// A call of tweepy that asks for all that twarc2 asks for by itself.
pub fn call(method: &str, mut arguments: Value) -> Value {
    let (fields, expansions) = (
        "attachments,author_id,context_annotations,conversation_id,created_at,edit_controls,entities,geo,id,\
         in_reply_to_user_id,lang,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,text,withheld",
        "attachments.media_keys,attachments.poll_ids,author_id,edit_history_tweet_ids,entities.mentions.username,\
         geo.place_id,in_reply_to_user_id,referenced_tweets.id,referenced_tweets.id.author_id",
    );
    arguments["tweet_fields"] = json!(fields);
    arguments["expansions"] = json!(expansions);
    arguments["user_fields"] = json!("created_at,description,location,protected,public_metrics,url,verified");
    arguments["media_fields"] = json!("alt_text,duration_ms,height,public_metrics,url,variants,width");
    arguments["place_fields"] = json!("country,country_code,geo,name,place_type");
    arguments["poll_fields"] = json!("duration_minutes,options,voting_status");
    json!({ "method": method, "arguments": arguments })
}

/// The same through all pages, so many seconds apart.
pub fn paged(method: &str, arguments: Value, pause: f64) -> Value {
    let mut call = call(method, arguments);
    call["pause"] = json!(pause);
    call
}
