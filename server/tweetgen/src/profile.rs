//! What a world of tweets is like.

/// The manner of texts, and how much a tweet carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Sentences that can be read, for people who look at Roost.
    Demo,
    /// The statistics of real tweets, with few fields: about 0.75 KB a tweet.
    Lean,
    /// The same texts with all fields: about 1.75 KB a tweet, and what belongs to it beside.
    Full,
}

impl Profile {
    /// All of them, as they are named in commands.
    pub const ALL: [(&str, Self); 3] = [("demo", Self::Demo), ("lean", Self::Lean), ("full", Self::Full)];

    /// Whether words, kinds and shares follow published figures.
    pub(crate) fn is_measured(self) -> bool {
        self != Self::Demo
    }
}

/// Same world: same tweets.
#[derive(Clone, Debug)]
pub struct World {
    pub profile: Profile,
    /// Any number; another seed, other tweets.
    pub seed: u64,
    /// Tweets in the seven days before the origin.
    pub tweets: u64,
    /// Where history ends and growth begins (µs UTC).
    pub origin_micros: i64,
    /// Tweets per second after the origin, on average over a week.
    pub rate_per_second: f64,
}

impl World {
    /// Seven days with `tweets` tweets that end at `end_micros` (µs UTC), and nothing after.
    pub fn week(profile: Profile, seed: u64, tweets: u64, end_micros: i64) -> Self {
        Self { profile, seed, tweets, origin_micros: end_micros, rate_per_second: 0.0 }
    }
}
