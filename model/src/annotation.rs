//! Tags and notes: what people put on tweets. Not X's own annotations, which are a field of the tweet.

use crate::{Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// The longest tag, in characters.
pub const MAX_TAG: usize = 50;
/// The most tags of a tweet.
pub const MOST_TAGS: usize = 50;
/// The longest note, in characters.
pub const MAX_NOTE: usize = 5_000;

/// Something that a person did to what stands on a tweet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    pub tweet: TweetId,
    /// The version of the tweet that it is about. A removal that takes away this version takes the annotation, too; and
    /// of two annotations of the same thing that of the later version wins.
    pub seen: Timestamp,
    /// Of two that are about one version, the later wins.
    pub at: Timestamp,
    /// The number of the account.
    pub by: i64,
    pub act: Act,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Puts a tag on the tweet.
    Tag(String),
    /// Takes a tag away, whoever put it there.
    Untag(String),
    /// Writes the person's own note in place of what it was; an empty one takes it away.
    Note(String),
}

/// A tag as it is kept: in small letters, with single spaces. None if it is no tag: empty, too long, or with control
/// characters.
pub fn tag_of(text: &str) -> Option<String> {
    let tag = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let is_tag = !tag.is_empty() && tag.chars().count() <= MAX_TAG && !tag.contains(char::is_control);
    is_tag.then_some(tag)
}

/// What people put on a tweet, as one of them sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// By name.
    pub tags: Vec<Tagged>,
    /// Theirs first, then the oldest first.
    pub notes: Vec<Note>,
}

/// A tag, who put it there last, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    pub tag: String,
    /// The name of the account; empty if it is gone.
    pub by: String,
    pub at: Timestamp,
}

/// A person's note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    /// The name of the account; empty if it is gone.
    pub by: String,
    pub is_mine: bool,
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_small_short_and_of_one_line() {
        assert_eq!(tag_of("  To  Check ").as_deref(), Some("to check"));
        assert_eq!(tag_of("ÄRGER\n2").as_deref(), Some("ärger 2"));
        for nothing in ["", " \n", "a\0b", "a\u{7f}b", &"x".repeat(MAX_TAG + 1)] {
            assert_eq!(tag_of(nothing), None, "{nothing:?}");
        }
        assert_eq!(tag_of(&"ß".repeat(MAX_TAG)).map(|tag| tag.chars().count()), Some(MAX_TAG));
    }
}
