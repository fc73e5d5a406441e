//! What comes beside the tweets of a page.

use crate::wire::{
    WireMedia, WirePlace, WirePoll, WireUser,
    lenient::{List, Obj, RawList, Text},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The `includes` of a page, or a `users_*.json` of the split form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Includes<'a> {
    #[serde(borrow)]
    pub users: List<Obj<WireUser<'a>>>,
    #[serde(borrow)]
    posts: Option<RawList<'a>>,
    #[serde(borrow)]
    tweets: Option<RawList<'a>>,
    #[serde(borrow)]
    media: List<Obj<WireMedia<'a>>>,
    #[serde(borrow)]
    polls: List<Obj<WirePoll<'a>>>,
    #[serde(borrow)]
    places: List<Obj<WirePlace<'a>>>,
}

impl<'a> Includes<'a> {
    /// Nothing, if it is not an object.
    pub fn parse(json: &'a str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    pub fn tweets(&self) -> &[&'a RawValue] {
        self.posts.as_ref().or(self.tweets.as_ref()).map_or(&[], |list| &list.0)
    }
}

/// Finds what tweets name by key.
#[derive(Debug, Default)]
pub(crate) struct Lookup<'i> {
    pub media: HashMap<&'i str, &'i WireMedia<'i>>,
    pub polls: HashMap<&'i str, &'i WirePoll<'i>>,
    pub places: HashMap<&'i str, &'i WirePlace<'i>>,
}

impl<'i> Lookup<'i> {
    pub fn new(includes: &'i Includes<'i>) -> Self {
        Self {
            media: by_key(&includes.media, |media| &media.media_key),
            polls: by_key(&includes.polls, |poll| &poll.id),
            places: by_key(&includes.places, |place| &place.id),
        }
    }
}

fn by_key<'i, T>(list: &'i List<Obj<T>>, key: impl Fn(&'i T) -> &'i Text<'i>) -> HashMap<&'i str, &'i T> {
    list.objects().filter_map(|item| key(item).filled().map(|key| (key, item))).collect()
}
