//! What goes wrong: a script names faults of X, as they were seen, and the requests that they strike.
//!
//! ```toml
//! seed = 7
//! vocabulary = "mixed"
//!
//! [[fault]]
//! kind = "server-error"                # the other kinds: [`Kind`]
//! path = "/2/tweets/search"            # paths that begin so; all, if it is not given
//! after = 2                            # lets so many requests pass,
//! times = 3                            # then holds for so many,
//! chance = 0.5                         # and strikes so often
//! ```

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::Vocabulary;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Same seed and same requests, same faults.
    #[serde(default)]
    pub seed: u64,
    /// Names used in answers, instead of those that the configuration says.
    pub vocabulary: Option<Vocabulary>,
    /// In their order.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: Kind,
    /// It strikes requests whose path begins so.
    #[serde(default)]
    pub path: String,
    /// So many of them pass first; of a stream's own faults, so many lines.
    #[serde(default)]
    pub after: u64,
    /// Then it holds for so many, or for ever.
    pub times: Option<u64>,
    /// And strikes this share of them.
    #[serde(default = "always")]
    pub chance: f64,
    /// Of a server error.
    #[serde(default = "unavailable")]
    pub status: u16,
    /// How far X's clock goes ahead.
    #[serde(default)]
    pub seconds: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 429: the window is used up.
    RateLimit,
    /// 429: it is not, but this came too soon after another.
    TooFast,
    /// 429: the month's posts are used up, and no header says so.
    UsageCap,
    /// 429: as many streams are open as may be.
    ConnectionLimit,
    /// 402, in its older words.
    CreditsDepleted,
    /// 402, in its newer words.
    PaymentRequired,
    /// 5xx.
    ServerError,
    /// 404 with nothing in it.
    NotEnabled,
    /// An answer without `x-rate-limit-…`.
    NoHeaders,
    /// One whose headers cannot be read, beside those of 24 hours.
    OddHeaders,
    /// X's clock goes ahead.
    ClockSkew,
    /// A page without posts that another follows, if one would.
    EmptyPage,
    /// A page without posts, and no other.
    EmptyEnd,
    /// An answer that ends in its middle; of a stream, a line that does, and the stream with it.
    HalfLine,
    /// The first object of an answer again at its end; of a stream, a line twice.
    Duplicate,
    /// The connection breaks in the middle of an answer; a stream says so before.
    Disconnect,
    /// A stream's connection breaks in the middle of a line, and nobody says so.
    Break,
    /// A stream that counts as open after its client has gone.
    LeftOpen,
}

fn always() -> f64 {
    1.0
}

fn unavailable() -> u16 {
    503
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let script: Self = toml::from_str(text).context("this is no script of faults")?;
        for fault in &script.faults {
            ensure!((500..600).contains(&fault.status), "status {}: a server error is one of 500 to 599", fault.status);
            ensure!((0.0..=1.0).contains(&fault.chance), "chance {}: it is a share from 0 to 1", fault.chance);
        }
        Ok(script)
    }
}
