//! What an app may, by what is paid for it.

use tweetgen::time::DAY;

/// The tiers of 2026. Requests in 15 minutes stand with each endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tier {
    Basic,
    Pro,
    /// What new apps have.
    #[default]
    PayPerUse,
    Enterprise,
}

/// What a tier allows.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// Longest query of a recent search and of one in the archive, in characters.
    pub recent_query: usize,
    pub archive_query: usize,
    pub has_archive: bool,
    /// Rules of the filtered stream, and their length in characters.
    pub rules: usize,
    pub rule_length: usize,
    /// A stream may begin up to five minutes in the past.
    pub has_backfill: bool,
    /// Posts that may be read in a month.
    pub monthly_posts: Option<u64>,
}

/// Posts of the last seven days are recent.
pub const RECENT: i64 = 7 * DAY;

impl Tier {
    pub fn rights(self) -> Rights {
        let self_serve = Rights {
            recent_query: 512,
            archive_query: 1_024,
            has_archive: true,
            rules: 1_000,
            rule_length: 1_024,
            has_backfill: false,
            monthly_posts: Some(3_000_000),
        };
        match self {
            Self::Basic => Rights { has_archive: false, monthly_posts: Some(15_000), ..self_serve },
            Self::Pro => Rights { monthly_posts: Some(1_000_000), ..self_serve },
            Self::PayPerUse => self_serve,
            Self::Enterprise => Rights {
                recent_query: 4_096,
                archive_query: 4_096,
                rule_length: 2_048,
                has_backfill: true,
                monthly_posts: None,
                ..self_serve
            },
        }
    }
}
