//! Collections: what users open.

use crate::{CollectionId, Timestamp};
use serde::{Deserialize, Serialize};

/// A named set of tweets, filled by schedules and imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    pub id: CollectionId,
    /// Its name in URLs and in the filter language: lower case letters, digits and `-`.
    pub slug: String,
    pub title: String,
    pub created_at: Timestamp,
}

/// Makes the slug of a title: `AI landscape!` becomes `ai-landscape`. `None` if nothing is left of it.
pub fn slug_of(title: &str) -> Option<String> {
    let mut slug = String::new();
    for character in title.to_lowercase().chars() {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.trim_end_matches('-').chars().take(60).collect();
    (!slug.is_empty()).then_some(slug)
}

/// A collection in the list of collections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionSummary {
    pub collection: Collection,
    pub tweets: u64,
    pub newest: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_of_any_script() {
        assert_eq!(slug_of("AI landscape!").as_deref(), Some("ai-landscape"));
        assert_eq!(slug_of("  Überflug — 宇宙 2 ").as_deref(), Some("überflug-宇宙-2"));
        assert_eq!(slug_of("!!"), None);
    }
}
