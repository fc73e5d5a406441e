//! X's own words for tests on columns: `is:retweet`, `has:media`, `min_likes:50`.

use super::ast::{Compare, Predicate, Scalar, Test};
use crate::columns::{self, Column};

/// `is:…` and `has:…` with the tests they stand for. Where two words mean the same, the first is printed.
const SHORTHANDS: [(&str, &str, &str, Meaning); 18] = [
    ("is", "retweet", "type", Meaning::Value("retweet")),
    ("is", "repost", "type", Meaning::Value("retweet")),
    ("is", "reply", "type", Meaning::Value("reply")),
    ("is", "quote", "type", Meaning::Value("quote")),
    ("is", "original", "type", Meaning::Value("original")),
    ("is", "verified", "verified", Meaning::Yes),
    ("is", "sensitive", "sensitive", Meaning::Yes),
    ("is", "edited", "edited", Meaning::Yes),
    ("has", "media", "media", Meaning::Present),
    ("has", "images", "media", Meaning::Value("photo")),
    ("has", "videos", "media", Meaning::Value("video")),
    ("has", "video_link", "media", Meaning::Value("video")),
    ("has", "links", "domain", Meaning::Present),
    ("has", "hashtags", "hashtag", Meaning::Present),
    ("has", "mentions", "mention", Meaning::Present),
    ("has", "cashtags", "cashtag", Meaning::Present),
    ("has", "geo", "place", Meaning::Present),
    ("has", "poll", "poll", Meaning::Yes),
];

/// Words that are a comparison: `min_likes:50` is `likes>=50`.
pub(super) const COMPARISONS: [(&str, &str, Compare); 9] = [
    ("min_likes", "likes", Compare::AtLeast),
    ("min_faves", "likes", Compare::AtLeast),
    ("min_reposts", "reposts", Compare::AtLeast),
    ("min_retweets", "reposts", Compare::AtLeast),
    ("min_replies", "replies", Compare::AtLeast),
    ("min_quotes", "quotes", Compare::AtLeast),
    ("min_views", "views", Compare::AtLeast),
    ("since", "created", Compare::AtLeast),
    ("until", "created", Compare::Less),
];

/// Columns of other tools, with what they are called here.
const OTHER_COLUMNS: [(&str, &str); 35] = [
    ("date", "created"),
    ("time", "created"),
    ("day", "created"),
    ("dow", "weekday"),
    ("hour_of_day", "hour"),
    ("created_at", "created"),
    ("after", "since"),
    ("before", "until"),
    ("user", "from"),
    ("username", "from"),
    ("handle", "from"),
    ("by", "from"),
    ("author_id", "from"),
    ("language", "lang"),
    ("hashtags", "hashtag"),
    ("mentions", "mention"),
    ("favorites", "likes"),
    ("favourites", "likes"),
    ("favorite_count", "likes"),
    ("link", "url"),
    ("links", "url"),
    ("site", "domain"),
    ("host", "domain"),
    ("website", "domain"),
    ("content", "text"),
    ("body", "text"),
    ("message", "text"),
    ("tweet", "text"),
    ("location", "place"),
    ("followers_count", "followers"),
    ("app", "source"),
    ("client", "source"),
    ("project", "collection"),
    ("tweet_id", "id"),
    ("status_id", "id"),
];

/// What X's operators look at and Roost does not keep.
pub(super) const NOT_KEPT: [&str; 9] =
    ["list", "context", "point_radius", "bounding_box", "retweets_of", "near", "within", "bio", "sample"];

/// Values of other tools, with what they are called here: by the column or word that they follow.
const OTHER_VALUES: [(&str, &str, &str); 38] = [
    ("is", "rt", "retweet"),
    ("has", "photos", "images"),
    ("has", "photo", "images"),
    ("has", "pictures", "images"),
    ("has", "place", "geo"),
    ("has", "location", "geo"),
    ("has", "url", "links"),
    ("has", "urls", "links"),
    ("has", "tags", "hashtags"),
    ("type", "repost", "retweet"),
    ("type", "reposts", "retweet"),
    ("type", "rt", "retweet"),
    ("type", "tweet", "original"),
    ("type", "post", "original"),
    ("media", "image", "photo"),
    ("media", "images", "photo"),
    ("media", "picture", "photo"),
    ("media", "gif", "animated_gif"),
    ("lang", "english", "en"),
    ("lang", "german", "de"),
    ("lang", "french", "fr"),
    ("lang", "spanish", "es"),
    ("lang", "japanese", "ja"),
    ("lang", "portuguese", "pt"),
    ("weekday", "monday", "mon"),
    ("weekday", "tuesday", "tue"),
    ("weekday", "wednesday", "wed"),
    ("weekday", "thursday", "thu"),
    ("weekday", "friday", "fri"),
    ("weekday", "saturday", "sat"),
    ("weekday", "sunday", "sun"),
    ("weekday", "montag", "mon"),
    ("weekday", "dienstag", "tue"),
    ("weekday", "mittwoch", "wed"),
    ("weekday", "donnerstag", "thu"),
    ("weekday", "freitag", "fri"),
    ("weekday", "samstag", "sat"),
    ("weekday", "sonntag", "sun"),
];

/// X's web search writes `filter:replies` for `is:reply`.
const WEB_FILTERS: [(&str, &str); 10] = [
    ("replies", "is:reply"),
    ("retweets", "is:retweet"),
    ("nativeretweets", "is:retweet"),
    ("quote", "is:quote"),
    ("verified", "is:verified"),
    ("media", "has:media"),
    ("images", "has:images"),
    ("videos", "has:videos"),
    ("links", "has:links"),
    ("hashtags", "has:hashtags"),
];

#[derive(Clone, Copy)]
enum Meaning {
    Present,
    Yes,
    Value(&'static str),
}

impl Meaning {
    fn predicate(self) -> Predicate {
        match self {
            Meaning::Present => Predicate::Present,
            Meaning::Yes => Predicate::Equals(Scalar::Flag(true)),
            Meaning::Value(value) => Predicate::Equals(Scalar::Word(value.to_owned())),
        }
    }
}

/// The test that `is:value` or `has:value` stands for.
pub(super) fn shorthand(word: &str, value: &str) -> Option<Test> {
    let (_, _, column, meaning) = SHORTHANDS.iter().find(|(name, of, ..)| *name == word && *of == value)?;
    Some(Test { column: columns::find(column)?, predicate: meaning.predicate() })
}

/// The values that `is:` or `has:` takes.
pub(super) fn shorthand_values(word: &str) -> impl Iterator<Item = &'static str> {
    SHORTHANDS.iter().filter(move |(name, ..)| *name == word).map(|(_, value, ..)| *value)
}

/// How the test is written as `is:…` or `has:…`, if it can be.
pub(super) fn shorthand_of(test: &Test) -> Option<(&'static str, &'static str)> {
    SHORTHANDS
        .iter()
        .find(|(_, _, column, meaning)| *column == test.column.name && meaning.predicate() == test.predicate)
        .map(|(word, value, ..)| (*word, *value))
}

/// Every word that may stand before a `:`.
pub(super) fn field_words() -> impl Iterator<Item = &'static str> {
    let names = |column: &'static Column| std::iter::once(column.name).chain(column.aliases.iter().copied());
    columns::COLUMNS.iter().flat_map(names).chain(["is", "has"]).chain(COMPARISONS.iter().map(|(word, ..)| *word))
}

/// What another tool's column is called here.
pub(super) fn column_here(name: &str) -> Option<&'static str> {
    OTHER_COLUMNS.iter().find(|(other, _)| *other == name).map(|(_, here)| *here)
}

/// The columns that other tools call by a name that begins so.
pub(super) fn columns_elsewhere(start: &str) -> impl Iterator<Item = &'static str> {
    OTHER_COLUMNS.iter().filter(move |(other, _)| other.starts_with(start)).map(|(_, here)| *here)
}

/// What another tool's value is called here, after this column or word.
pub(super) fn value_here(after: &str, value: &str) -> Option<&'static str> {
    OTHER_VALUES.iter().find(|(of, other, _)| *of == after && *other == value).map(|(.., here)| *here)
}

/// What `filter:value` of X's web search is called here.
pub(super) fn web_filter_here(value: &str) -> Option<&'static str> {
    WEB_FILTERS.iter().find(|(other, _)| *other == value).map(|(_, here)| *here)
}
