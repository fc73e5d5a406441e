//! The table of columns: one row per column of a tweet that users see, filter, sort, count or export.
//!
//! The filter language, the header menus, the facets, the search index and the docs all read this table.
//! To add a column, add a row (docs/adding-a-column.md).

use crate::texts::{Text, columns as say, kinds, language};
use crate::tweet::{AuthorStats, Pace, ReferenceKind};
use crate::{Pid, Timestamp, Tweet, TweetId};
use serde::{Deserialize, Serialize};

/// A tweet with all that its columns need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub tweet: Tweet,
    #[serde(default)]
    pub author_stats: AuthorStats,
    /// Slugs of the collections it is in.
    #[serde(default)]
    pub collections: Vec<String>,
    /// Names of the schedules that brought it.
    #[serde(default)]
    pub queries: Vec<String>,
    pub first_seen: Timestamp,
    #[serde(default)]
    pub pace: Pace,
    /// What people tagged it with, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether somebody wrote a note about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noted: bool,
}

/// One value of one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Decimal(f64),
    Id(u64),
    Date(Timestamp),
    Flag(bool),
}

/// The type of a column: it decides which comparisons, menus and index field it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Prose, searched by word.
    Text,
    /// A word from a list, compared as a whole.
    Keyword,
    Number,
    Decimal,
    /// An X id: compared, never added up.
    Id,
    Date,
    /// Yes or no.
    Flag,
}

/// How a cell shows its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Plain,
    Text,
    Author,
    Time,
    Count,
    Percent,
    Flag,
    Id,
    /// With this sign before the value: `#`, `@` or `$`.
    Sign(char),
    Language,
    Link,
    Weekday,
}

/// A column. See [`COLUMNS`].
pub struct Column {
    /// Its name in the filter language, in URLs and in exports.
    pub name: &'static str,
    /// Other words for it that the filter language accepts; the first is X's own and is the one printed.
    pub aliases: &'static [&'static str],
    title: Text,
    noun: Text,
    pub kind: Kind,
    /// A tweet may have several values of it.
    pub multi: bool,
    pub sortable: bool,
    /// Counted per value beside the table.
    pub facet: bool,
    pub format: Format,
    help: Text,
    /// Hands every value that a row has to the given function.
    pub values: Values,
}

/// Hands values to a function, one by one: most columns have one value and need no list.
pub type Values = fn(&Row, &mut dyn FnMut(Value<'_>));

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Column {}

impl std::fmt::Debug for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Column {
    /// Its head in the table.
    pub fn title(&self) -> &'static str {
        (self.title)()
    }

    /// What it is called within a sentence.
    pub fn noun(&self) -> &'static str {
        (self.noun)()
    }

    /// In a sentence, for menus and docs.
    pub fn help(&self) -> &'static str {
        (self.help)()
    }

    /// The word for it that X itself uses, if X has one.
    pub fn printed_name(&self) -> &'static str {
        self.aliases.first().copied().unwrap_or(self.name)
    }

    /// Whether `<`, `>=` and ranges make sense.
    pub fn ordered(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Decimal | Kind::Id | Kind::Date)
    }
}

/// The column of that name or alias.
pub fn find(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name || column.aliases.contains(&name))
}

/// The columns that the table shows until the user chooses others.
pub const DEFAULT_COLUMNS: [&str; 8] = ["created", "author", "text", "lang", "likes", "reposts", "replies", "views"];

/// How the days of the week are written, Monday first.
pub static WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What a day of the week is called.
pub fn weekday_name(written: &str) -> Option<&'static str> {
    let place = WEEKDAYS.iter().position(|day| *day == written)?;
    language::days().split(' ').nth(place)
}

/// The facets beside the table, in their order.
pub const DEFAULT_FACETS: [&str; 8] = ["lang", "type", "hashtag", "author", "domain", "media", "mention", "query"];

const BASE: Column = Column {
    name: "",
    aliases: &[],
    title: || "",
    noun: || "",
    kind: Kind::Keyword,
    multi: false,
    sortable: false,
    facet: false,
    format: Format::Plain,
    help: || "",
    values: |_, _| (),
};

const KEYWORD: Column = Column { sortable: true, facet: true, ..BASE };
const LIST: Column = Column { multi: true, facet: true, ..BASE };
const NUMBER: Column = Column { kind: Kind::Number, sortable: true, format: Format::Count, ..BASE };
const PACE: Column = Column { kind: Kind::Decimal, ..NUMBER };
const DATE: Column = Column { kind: Kind::Date, sortable: true, format: Format::Time, ..BASE };
const FLAG: Column = Column { kind: Kind::Flag, sortable: true, facet: true, format: Format::Flag, ..BASE };
const ID: Column = Column { kind: Kind::Id, format: Format::Id, ..BASE };

/// Every column there is.
pub static COLUMNS: &[Column] = &[
    Column {
        name: "created",
        title: say::created,
        noun: say::created_noun,
        help: say::created_help,
        values: |row, put| put(Value::Date(row.tweet.created_at)),
        ..DATE
    },
    Column {
        name: "author",
        aliases: &["from"],
        title: say::author,
        noun: say::author_noun,
        format: Format::Author,
        help: say::author_help,
        values: |row, put| pid(row.tweet.author, put),
        ..KEYWORD
    },
    Column {
        name: "text",
        title: say::text,
        noun: say::text_noun,
        kind: Kind::Text,
        format: Format::Text,
        help: say::text_help,
        values: |row, put| put(Value::Text(&row.tweet.text)),
        ..BASE
    },
    Column {
        name: "lang",
        title: say::lang,
        noun: say::lang_noun,
        format: Format::Language,
        help: say::lang_help,
        values: |row, put| text(row.tweet.lang.as_deref(), put),
        ..KEYWORD
    },
    Column {
        name: "likes",
        aliases: &["likes", "like_count", "faves"],
        title: say::likes,
        noun: say::likes_noun,
        help: say::likes_help,
        values: |row, put| number(row.tweet.metrics.likes, put),
        ..NUMBER
    },
    Column {
        name: "reposts",
        aliases: &["reposts", "retweets", "repost_count", "retweet_count"],
        title: say::reposts,
        noun: say::reposts_noun,
        help: say::reposts_help,
        values: |row, put| number(row.tweet.metrics.reposts, put),
        ..NUMBER
    },
    Column {
        name: "replies",
        aliases: &["replies", "reply_count"],
        title: say::replies,
        noun: say::replies_noun,
        help: say::replies_help,
        values: |row, put| number(row.tweet.metrics.replies, put),
        ..NUMBER
    },
    Column {
        name: "views",
        aliases: &["views", "impressions", "impression_count"],
        title: say::views,
        noun: say::views_noun,
        help: say::views_help,
        values: |row, put| number(row.tweet.metrics.views, put),
        ..NUMBER
    },
    Column {
        name: "query",
        title: say::query,
        noun: say::query_noun,
        help: say::query_help,
        values: |row, put| texts(&row.queries, put),
        ..LIST
    },
    Column { name: "type", title: say::kind, noun: say::kind_noun, help: say::kind_help, values: tweet_types, ..LIST },
    Column {
        name: "hashtag",
        title: say::hashtag,
        noun: say::hashtag_noun,
        format: Format::Sign('#'),
        help: say::hashtag_help,
        values: |row, put| tags(&row.tweet.entities.hashtags, put),
        ..LIST
    },
    Column {
        name: "mention",
        title: say::mention,
        noun: say::mention_noun,
        format: Format::Sign('@'),
        help: say::mention_help,
        values: |row, put| tags(&row.tweet.entities.mentions, put),
        ..LIST
    },
    Column {
        name: "cashtag",
        title: say::cashtag,
        noun: say::cashtag_noun,
        format: Format::Sign('$'),
        help: say::cashtag_help,
        values: |row, put| tags(&row.tweet.entities.cashtags, put),
        ..LIST
    },
    Column {
        name: "domain",
        title: say::domain,
        noun: say::domain_noun,
        help: say::domain_help,
        values: |row, put| {
            row.tweet.entities.links.iter().filter_map(|link| link.domain()).for_each(|host| put(Value::Text(&host)))
        },
        ..LIST
    },
    Column {
        name: "url",
        title: say::url,
        noun: say::url_noun,
        kind: Kind::Text,
        multi: true,
        format: Format::Link,
        help: say::url_help,
        values: |row, put| {
            row.tweet
                .entities
                .links
                .iter()
                .for_each(|link| put(Value::Text(link.expanded.as_deref().unwrap_or(&link.url))));
        },
        ..BASE
    },
    Column {
        name: "media",
        title: say::media,
        noun: say::media_noun,
        help: say::media_help,
        values: |row, put| row.tweet.media.iter().for_each(|media| put(Value::Text(&media.kind))),
        ..LIST
    },
    Column {
        name: "alt_text",
        title: say::alt_text,
        noun: say::alt_text_noun,
        help: say::alt_text_help,
        values: |row, put| {
            if !row.tweet.media.is_empty() {
                put(Value::Flag(row.tweet.media.iter().any(|media| media.alt_text.is_some())));
            }
        },
        ..FLAG
    },
    Column {
        name: "poll",
        title: say::poll,
        noun: say::poll_noun,
        help: say::poll_help,
        values: |row, put| put(Value::Flag(row.tweet.poll.is_some())),
        ..FLAG
    },
    Column {
        name: "place",
        title: say::place,
        noun: say::place_noun,
        help: say::place_help,
        values: |row, put| text(row.tweet.place.as_ref().map(|place| place.name.as_str()), put),
        ..KEYWORD
    },
    Column {
        name: "country",
        aliases: &["place_country"],
        title: say::country,
        noun: say::country_noun,
        help: say::country_help,
        values: |row, put| text(row.tweet.place.as_ref().and_then(|place| place.country.as_deref()), put),
        ..KEYWORD
    },
    Column {
        name: "source",
        title: say::source,
        noun: say::source_noun,
        help: say::source_help,
        values: |row, put| text(row.tweet.source.as_deref(), put),
        ..KEYWORD
    },
    Column {
        name: "verified",
        title: say::verified,
        noun: say::verified_noun,
        help: say::verified_help,
        values: |row, put| flag(row.author_stats.verified, put),
        ..FLAG
    },
    Column {
        name: "followers",
        title: say::followers,
        noun: say::followers_noun,
        help: say::followers_help,
        values: |row, put| number(row.author_stats.followers, put),
        ..NUMBER
    },
    Column {
        name: "following",
        title: say::following,
        noun: say::following_noun,
        help: say::following_help,
        values: |row, put| number(row.author_stats.following, put),
        ..NUMBER
    },
    Column {
        name: "author_tweets",
        title: say::author_tweets,
        noun: say::author_tweets_noun,
        help: say::author_tweets_help,
        values: |row, put| number(row.author_stats.tweets, put),
        ..NUMBER
    },
    Column {
        name: "account_created",
        title: say::account_created,
        noun: say::account_created_noun,
        help: say::account_created_help,
        values: |row, put| {
            if let Some(created) = row.author_stats.created_at {
                put(Value::Date(created));
            }
        },
        ..DATE
    },
    Column {
        name: "quotes",
        aliases: &["quotes", "quote_count"],
        title: say::quotes,
        noun: say::quotes_noun,
        help: say::quotes_help,
        values: |row, put| number(row.tweet.metrics.quotes, put),
        ..NUMBER
    },
    Column {
        name: "bookmarks",
        aliases: &["bookmarks", "bookmark_count"],
        title: say::bookmarks,
        noun: say::bookmarks_noun,
        help: say::bookmarks_help,
        values: |row, put| number(row.tweet.metrics.bookmarks, put),
        ..NUMBER
    },
    Column {
        name: "engagement",
        title: say::engagement,
        noun: say::engagement_noun,
        kind: Kind::Decimal,
        sortable: true,
        format: Format::Percent,
        help: say::engagement_help,
        values: engagement,
        ..BASE
    },
    Column {
        name: "likes_per_hour",
        title: say::likes_per_hour,
        noun: say::likes_per_hour_noun,
        help: say::likes_per_hour_help,
        values: |row, put| tenths(row.pace.likes, put),
        ..PACE
    },
    Column {
        name: "views_per_hour",
        title: say::views_per_hour,
        noun: say::views_per_hour_noun,
        help: say::views_per_hour_help,
        values: |row, put| tenths(row.pace.views, put),
        ..PACE
    },
    Column {
        name: "length",
        title: say::length,
        noun: say::length_noun,
        help: say::length_help,
        values: |row, put| put(Value::Number(row.tweet.text.chars().count() as i64)),
        ..NUMBER
    },
    Column {
        name: "annotation",
        aliases: &["entity"],
        title: say::annotation,
        noun: say::annotation_noun,
        help: say::annotation_help,
        values: |row, put| texts(&row.tweet.annotations, put),
        ..LIST
    },
    Column {
        name: "tag",
        title: say::tag,
        noun: say::tag_noun,
        help: say::tag_help,
        values: |row, put| row.tags.iter().for_each(|tag| put(Value::Text(tag))),
        ..LIST
    },
    Column {
        name: "noted",
        title: say::noted,
        noun: say::noted_noun,
        help: say::noted_help,
        values: |row, put| put(Value::Flag(row.noted)),
        ..FLAG
    },
    Column {
        name: "sensitive",
        title: say::sensitive,
        noun: say::sensitive_noun,
        help: say::sensitive_help,
        values: |row, put| flag(row.tweet.sensitive, put),
        ..FLAG
    },
    Column {
        name: "edited",
        title: say::edited,
        noun: say::edited_noun,
        help: say::edited_help,
        values: |row, put| put(Value::Flag(row.tweet.edit_history.len() > 1)),
        ..FLAG
    },
    Column {
        name: "paid_partnership",
        title: say::paid_partnership,
        noun: say::paid_partnership_noun,
        help: say::paid_partnership_help,
        values: |row, put| flag(row.tweet.paid_partnership, put),
        ..FLAG
    },
    Column {
        name: "reply_settings",
        title: say::reply_settings,
        noun: say::reply_settings_noun,
        help: say::reply_settings_help,
        values: |row, put| text(row.tweet.reply_settings.as_deref(), put),
        ..KEYWORD
    },
    Column {
        name: "withheld",
        title: say::withheld,
        noun: say::withheld_noun,
        help: say::withheld_help,
        values: |row, put| texts(&row.tweet.withheld_in, put),
        ..LIST
    },
    Column {
        name: "collection",
        title: say::collection,
        noun: say::collection_noun,
        help: say::collection_help,
        values: |row, put| texts(&row.collections, put),
        ..LIST
    },
    Column {
        name: "id",
        title: say::id,
        noun: say::id_noun,
        sortable: true,
        help: say::id_help,
        values: |row, put| put(Value::Id(row.tweet.id.0)),
        ..ID
    },
    Column {
        name: "conversation",
        aliases: &["conversation_id"],
        title: say::conversation,
        noun: say::conversation_noun,
        help: say::conversation_help,
        values: |row, put| id(row.tweet.conversation, put),
        ..ID
    },
    Column {
        name: "reply_to",
        aliases: &["in_reply_to_tweet_id"],
        title: say::reply_to,
        noun: say::reply_to_noun,
        help: say::reply_to_help,
        values: |row, put| id(row.tweet.reference(ReferenceKind::RepliedTo), put),
        ..ID
    },
    Column {
        name: "quote_of",
        aliases: &["quotes_of_tweet_id"],
        title: say::quote_of,
        noun: say::quote_of_noun,
        help: say::quote_of_help,
        values: |row, put| id(row.tweet.reference(ReferenceKind::Quoted), put),
        ..ID
    },
    Column {
        name: "repost_of",
        aliases: &["retweets_of_tweet_id"],
        title: say::repost_of,
        noun: say::repost_of_noun,
        help: say::repost_of_help,
        values: |row, put| id(row.tweet.reference(ReferenceKind::Retweeted), put),
        ..ID
    },
    Column {
        name: "reply_to_author",
        aliases: &["to"],
        title: say::reply_to_author,
        noun: say::reply_to_author_noun,
        format: Format::Author,
        help: say::reply_to_author_help,
        values: |row, put| pid(row.tweet.reply_to_author, put),
        ..KEYWORD
    },
    Column {
        name: "weekday",
        title: say::weekday,
        noun: say::weekday_noun,
        format: Format::Weekday,
        sortable: false,
        help: say::weekday_help,
        values: |row, put| put(Value::Text(WEEKDAYS[row.tweet.created_at.weekday()])),
        ..KEYWORD
    },
    Column {
        name: "hour",
        title: say::hour,
        noun: say::hour_noun,
        format: Format::Plain,
        help: say::hour_help,
        values: |row, put| put(Value::Number(row.tweet.created_at.hour())),
        ..NUMBER
    },
    Column {
        name: "first_seen",
        title: say::first_seen,
        noun: say::first_seen_noun,
        help: say::first_seen_help,
        values: |row, put| put(Value::Date(row.first_seen)),
        ..DATE
    },
    Column {
        name: "refreshed",
        title: say::refreshed,
        noun: say::refreshed_noun,
        help: say::refreshed_help,
        values: |row, put| put(Value::Date(row.tweet.version)),
        ..DATE
    },
];

fn number(value: Option<u64>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(value) = value {
        put(Value::Number(i64::try_from(value).unwrap_or(i64::MAX)));
    }
}

fn tenths(value: Option<i64>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(value) = value {
        put(Value::Decimal(value as f64 / 10.0));
    }
}

fn id(value: Option<TweetId>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(TweetId(id)) = value {
        put(Value::Id(id));
    }
}

fn pid(value: Option<Pid>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(pid) = value {
        put(Value::Text(&pid.to_string()));
    }
}

fn flag(value: Option<bool>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(value) = value {
        put(Value::Flag(value));
    }
}

fn text(value: Option<&str>, put: &mut dyn FnMut(Value<'_>)) {
    if let Some(value) = value {
        put(Value::Text(value));
    }
}

fn texts(values: &[String], put: &mut dyn FnMut(Value<'_>)) {
    values.iter().for_each(|value| put(Value::Text(value)));
}

fn tags(tags: &[crate::tweet::Tag], put: &mut dyn FnMut(Value<'_>)) {
    tags.iter().for_each(|tag| put(Value::Text(&tag.tag.to_lowercase())));
}

/// What a value of the column `type` is called.
pub fn type_name(value: &str) -> Option<&'static str> {
    match value {
        "original" => Some(kinds::original()),
        "reply" => Some(kinds::reply()),
        "quote" => Some(kinds::quote()),
        "retweet" => Some(kinds::retweet()),
        _ => None,
    }
}

fn tweet_types(row: &Row, put: &mut dyn FnMut(Value<'_>)) {
    if row.tweet.references.is_empty() {
        put(Value::Text("original"));
    }
    for reference in &row.tweet.references {
        put(Value::Text(match reference.kind {
            ReferenceKind::RepliedTo => "reply",
            ReferenceKind::Quoted => "quote",
            ReferenceKind::Retweeted => "retweet",
        }));
    }
}

fn engagement(row: &Row, put: &mut dyn FnMut(Value<'_>)) {
    let metrics = &row.tweet.metrics;
    if let Some(views) = metrics.views.filter(|views| *views > 0) {
        let acts = [metrics.likes, metrics.reposts, metrics.replies, metrics.quotes];
        // Not `sum`: of no numbers that is -0.
        let acts = acts.into_iter().flatten().fold(0.0, |sum, count| sum + count as f64);
        put(Value::Decimal(acts / views as f64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_name_and_alias_means_one_column() {
        let mut seen = HashSet::new();
        for column in COLUMNS {
            let names: HashSet<_> = std::iter::once(column.name).chain(column.aliases.iter().copied()).collect();
            for name in names {
                assert!(seen.insert(name), "{name} is used twice");
                assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            }
            assert!(!column.title().is_empty() && column.help().ends_with('.'), "{} lacks words", column.name);
        }
        assert!(COLUMNS.len() >= 34);
    }

    #[test]
    fn the_defaults_exist() {
        assert!(DEFAULT_COLUMNS.iter().all(|name| find(name).is_some()));
        assert!(DEFAULT_FACETS.iter().all(|name| find(name).is_some_and(|column| column.facet)));
    }

    #[test]
    fn a_multi_valued_column_cannot_be_sorted() {
        assert!(COLUMNS.iter().all(|column| !(column.multi && column.sortable)));
    }

    #[test]
    fn a_quoting_reply_is_both() {
        use crate::tweet::Reference;
        let mut tweet = Tweet::new(TweetId(1), Timestamp(0), Timestamp(0), "");
        tweet.references = vec![
            Reference { kind: ReferenceKind::RepliedTo, id: TweetId(2) },
            Reference { kind: ReferenceKind::Quoted, id: TweetId(3) },
        ];
        let row = Row {
            tweet,
            author_stats: AuthorStats::default(),
            collections: vec![],
            queries: vec![],
            first_seen: Timestamp(0),
            pace: Default::default(),
            tags: Vec::new(),
            noted: false,
        };
        let mut types = Vec::new();
        (find("type").unwrap().values)(&row, &mut |value| types.push(format!("{value:?}")));
        assert_eq!(types, [r#"Text("reply")"#, r#"Text("quote")"#]);
    }
}
