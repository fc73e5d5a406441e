//! What goes wrong with pages.

use serde::Serialize;

use crate::Corpus;
use crate::corpus::{Dice, Domain};
use crate::wire::{Id, Tweet};
use crate::written::Written;

/// X's partial error: something that was asked for is not there.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    value: Id,
    detail: String,
    title: &'static str,
    resource_type: &'static str,
    parameter: &'static str,
    resource_id: Id,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// What is wrong with a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The first tweet that is referred to is not there, and an error says so.
    PartialError,
    /// Half of the users are not there, and nothing says so.
    MissingUsers,
    /// Tweets have fields that nobody knows yet.
    UnknownFields,
    /// Fields without a value are null instead of absent.
    Nulls,
    /// Fields that usually are there are not.
    Absent,
}

impl Fault {
    /// The fault of the page with this number, if it has one: half of them have.
    pub fn of(corpus: &Corpus, page: i64) -> Option<Self> {
        match Dice::new(corpus.world().seed, Domain::Fault, page).below(20) {
            0..4 => Some(Self::PartialError),
            4 => Some(Self::MissingUsers),
            5..7 => Some(Self::UnknownFields),
            7..9 => Some(Self::Nulls),
            9 => Some(Self::Absent),
            _ => None,
        }
    }

    /// Takes away what is missing; what X says about it.
    pub fn thin(self, includes: &mut Written<'_, '_>) -> Option<Problem> {
        match self {
            Self::PartialError if !includes.tweets.is_empty() => Some(not_found(includes.tweets.remove(0).0)),
            Self::MissingUsers => {
                includes.users.truncate(includes.users.len() / 2);
                None
            }
            _ => None,
        }
    }

    /// A tweet without fields that usually are there.
    pub fn bare(tweet: Tweet) -> Tweet {
        Tweet { edit_controls: None, reply_settings: None, context_annotations: Vec::new(), ..tweet }
    }

    /// Puts fields into a tweet, whose JSON begins at `start` of `bytes`.
    pub fn blow_up(self, tweet: &Tweet, bytes: &mut Vec<u8>, start: usize) {
        match self {
            Self::UnknownFields => {
                insert(
                    bytes,
                    start,
                    r#""reactions":{"kinds":["🫠","🪩"],"share":0.25,"by":null},"is_from_tomorrow":true,"#,
                );
            }
            Self::Nulls => {
                let absent = [("attachments", tweet.attachments.is_none()), ("geo", tweet.geo.is_none())];
                for (name, _) in absent.into_iter().filter(|&(_, is_absent)| is_absent) {
                    insert(bytes, start, &format!("\"{name}\":null,"));
                }
                insert(bytes, start, r#""withheld":null,"source":null,"#);
            }
            Self::PartialError | Self::MissingUsers | Self::Absent => {}
        }
    }
}

/// Makes a hostile tweet's JSON hostile too: half a character, names twice, deep nesting, huge numbers.
pub fn spoil(corpus: &Corpus, ordinal: i64, bytes: &mut Vec<u8>, start: usize) {
    let number = Dice::new(corpus.world().seed, Domain::Fault, !ordinal).below(4);
    match number {
        0 => {
            let end = b"\",\"edit_history_tweet_ids\"";
            if let Some(at) = bytes[start..].windows(end.len()).position(|part| part == end) {
                bytes.splice(start + at..start + at, *br" \ud83d");
            }
        }
        1 => insert(bytes, start, r#""lang":"zz","possibly_sensitive":false,"#),
        2 => insert(bytes, start, &format!("\"deep\":{}{},", "[".repeat(90), "]".repeat(90))),
        _ => insert(bytes, start, r#""big":123456789012345678901234567890,"small":-0.0,"tiny":1e-400,"#),
    }
}

/// Behind the brace that begins an object.
fn insert(bytes: &mut Vec<u8>, start: usize, fields: &str) {
    bytes.splice(start + 1..start + 1, fields.bytes());
}

fn not_found(id: Id) -> Problem {
    Problem {
        value: id,
        detail: format!("Could not find tweet with referenced_tweets.id: [{}].", id.0),
        title: "Not Found Error",
        resource_type: "tweet",
        parameter: "referenced_tweets.id",
        resource_id: id,
        kind: "https://api.twitter.com/2/problems/resource-not-found",
    }
}
