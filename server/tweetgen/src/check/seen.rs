//! Pages as a reader sees them: the check trusts what was written, not what was meant.

use std::borrow::Cow;

use anyhow::Context;
use serde::Deserialize;

const HEAD: &[u8] = b"{\"data\":[";

#[derive(Deserialize)]
pub struct Tweet<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub author_id: Cow<'a, str>,
    #[serde(borrow)]
    pub lang: Cow<'a, str>,
    #[serde(borrow, default)]
    pub referenced_tweets: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    pub entities: Entities<'a>,
}

#[derive(Deserialize)]
pub struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
pub struct Entities<'a> {
    #[serde(borrow, default)]
    pub hashtags: Vec<Entity<'a>>,
    #[serde(borrow, default)]
    pub mentions: Vec<Entity<'a>>,
    #[serde(borrow, default)]
    pub urls: Vec<Entity<'a>>,
}

#[derive(Deserialize)]
pub struct Entity<'a> {
    pub start: usize,
    pub end: usize,
    #[serde(borrow, alias = "username", alias = "url")]
    pub tag: Cow<'a, str>,
}

impl Tweet<'_> {
    pub fn kind(&self) -> &str {
        self.referenced_tweets.first().map_or("original", |reference| &reference.kind)
    }

    pub fn number(&self) -> u64 {
        self.id.parse().unwrap_or_default()
    }

    /// Entities that are not where their offsets say, in code points.
    pub fn misplaced(&self) -> usize {
        let is_misplaced = |entity: &&Entity<'_>, sign: &str| {
            let rest = self.text.chars().skip(entity.start).take(entity.end.saturating_sub(entity.start));
            !rest.eq(sign.chars().chain(entity.tag.chars()))
        };
        let lists = [(&self.entities.hashtags, "#"), (&self.entities.mentions, "@"), (&self.entities.urls, "")];
        lists.iter().map(|(list, sign)| list.iter().filter(|entity| is_misplaced(entity, sign)).count()).sum()
    }
}

/// No more than its id: this much of any tweet can be read.
#[derive(Deserialize)]
pub struct Named<'a> {
    #[serde(borrow)]
    pub id: Cow<'a, str>,
}

/// Calls `see` with every tweet of a page and its size in bytes.
///
/// # Errors
/// When this is no page.
pub fn each_tweet<'a, T: Deserialize<'a>>(page: &'a [u8], mut see: impl FnMut(&T, usize)) -> anyhow::Result<()> {
    anyhow::ensure!(page.starts_with(HEAD), "a page begins with its data");
    let mut at = HEAD.len();
    loop {
        let mut stream = serde_json::Deserializer::from_slice(&page[at..]).into_iter::<T>();
        let tweet = stream.next().context("a page ends too early")?.context("a tweet cannot be read")?;
        let size = stream.byte_offset();
        see(&tweet, size);
        at += size;
        if page.get(at) != Some(&b',') {
            return Ok(());
        }
        at += 1;
    }
}
