//! Which column of a table is which field of a tweet.

/// A field that a column can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Id,
    Text,
    CreatedAt,
    AuthorId,
    Username,
    Name,
    Lang,
    Likes,
    Reposts,
    Replies,
    Quotes,
    Bookmarks,
    Views,
    Source,
    Conversation,
    ReplyTo,
    ReplyToAuthor,
    QuoteOf,
    RepostOf,
    Sensitive,
    ReplySettings,
    Place,
    Country,
    WithheldIn,
    EditHistory,
    Hashtags,
    Cashtags,
    Mentions,
    Urls,
    Annotations,
    Contexts,
    Media,
    AuthorDescription,
    AuthorLocation,
    AuthorUrl,
    AuthorPicture,
    AuthorCreated,
    Followers,
    Following,
    AuthorTweets,
    Verified,
    VerifiedType,
    RetrievedAt,
}

struct Known {
    field: Field,
    /// Our name for it, as in `--map`.
    name: &'static str,
    /// What others call it, in lower case; of several columns the one named first here counts.
    columns: &'static [&'static str],
}

const fn known(field: Field, name: &'static str, columns: &'static [&'static str]) -> Known {
    Known { field, name, columns }
}

/// In the order of [`Field`].
const KNOWN: &[Known] = &[
    known(Field::Id, "id", &["tweet_id", "tweetid", "post_id", "status_id", "id_str", "tweet id", "id"]),
    known(
        Field::Text,
        "text",
        &["full_text", "text", "tweet_text", "tweet_full_text", "tweet text", "content", "tweet", "note_tweet.text"],
    ),
    known(
        Field::CreatedAt,
        "created_at",
        &["created_at", "tweet_created", "tweet_created_at", "created", "date", "datetime", "timestamp", "time"],
    ),
    known(
        Field::AuthorId,
        "author_id",
        &["author_id", "author.id", "user_id", "user.id", "user_id_str", "user.id_str"],
    ),
    known(
        Field::Username,
        "username",
        &[
            "author.username",
            "username",
            "screen_name",
            "user.screen_name",
            "user_screen_name",
            "user_username",
            "handle",
        ],
    ),
    known(Field::Name, "name", &["author.name", "user.name", "user_name", "display_name", "name"]),
    known(Field::Lang, "lang", &["lang", "language", "tweet_lang"]),
    known(
        Field::Likes,
        "likes",
        &[
            "public_metrics.like_count",
            "like_count",
            "favorite_count",
            "favourite_count",
            "likes",
            "favorites",
            "nlikes",
        ],
    ),
    known(
        Field::Reposts,
        "reposts",
        &[
            "public_metrics.repost_count",
            "public_metrics.retweet_count",
            "repost_count",
            "retweet_count",
            "reposts",
            "retweets",
            "nretweets",
        ],
    ),
    known(Field::Replies, "replies", &["public_metrics.reply_count", "reply_count", "replies", "nreplies"]),
    known(Field::Quotes, "quotes", &["public_metrics.quote_count", "quote_count", "quotes"]),
    known(Field::Bookmarks, "bookmarks", &["public_metrics.bookmark_count", "bookmark_count", "bookmarks"]),
    known(Field::Views, "views", &["public_metrics.impression_count", "impression_count", "view_count", "views"]),
    known(Field::Source, "source", &["source", "tweet_source"]),
    known(Field::Conversation, "conversation", &["conversation_id", "conversation_id_str", "conversation"]),
    known(
        Field::ReplyTo,
        "reply_to",
        &[
            "referenced_posts.replied_to.id",
            "referenced_tweets.replied_to.id",
            "in_reply_to_status_id_str",
            "in_reply_to_status_id",
            "in_reply_to_tweet_id",
            "reply_to_status_id",
            "reply_to",
        ],
    ),
    known(
        Field::ReplyToAuthor,
        "reply_to_author",
        &["in_reply_to_user_id", "in_reply_to_user_id_str", "reply_to_user_id", "reply_to_author"],
    ),
    known(
        Field::QuoteOf,
        "quote_of",
        &[
            "referenced_posts.quoted.id",
            "referenced_tweets.quoted.id",
            "quoted_status_id_str",
            "quoted_status_id",
            "quote_id",
            "quote_of",
        ],
    ),
    known(
        Field::RepostOf,
        "repost_of",
        &[
            "referenced_posts.retweeted.id",
            "referenced_tweets.retweeted.id",
            "retweeted_status_id_str",
            "retweeted_status_id",
            "retweet_status_id",
            "retweeted_status.id",
            "retweet_id",
            "repost_of",
        ],
    ),
    known(Field::Sensitive, "sensitive", &["possibly_sensitive", "sensitive"]),
    known(Field::ReplySettings, "reply_settings", &["reply_settings"]),
    known(Field::Place, "place", &["geo.full_name", "place_full_name", "place.full_name", "place"]),
    known(Field::Country, "country", &["geo.country_code", "place.country_code", "country_code", "country"]),
    known(Field::WithheldIn, "withheld", &["withheld.country_codes", "withheld_in_countries", "withheld"]),
    known(Field::EditHistory, "edit_history", &["edit_history_post_ids", "edit_history_tweet_ids"]),
    known(Field::Hashtags, "hashtags", &["entities.hashtags"]),
    known(Field::Cashtags, "cashtags", &["entities.cashtags"]),
    known(Field::Mentions, "mentions", &["entities.mentions"]),
    known(Field::Urls, "urls", &["entities.urls"]),
    known(Field::Annotations, "annotations", &["entities.annotations"]),
    known(Field::Contexts, "context_annotations", &["context_annotations"]),
    known(Field::Media, "media", &["attachments.media"]),
    known(
        Field::AuthorDescription,
        "author_description",
        &["author.description", "user.description", "user_description"],
    ),
    known(Field::AuthorLocation, "author_location", &["author.location", "user.location", "user_location"]),
    known(Field::AuthorUrl, "author_url", &["author.url", "user.url", "user_url"]),
    known(Field::AuthorPicture, "author_picture", &["author.profile_image_url", "user.profile_image_url_https"]),
    known(
        Field::AuthorCreated,
        "account_created",
        &["author.created_at", "user.created_at", "user_created_at", "user_created"],
    ),
    known(
        Field::Followers,
        "followers",
        &[
            "author.public_metrics.followers_count",
            "user.followers_count",
            "user_followers_count",
            "followers_count",
            "user_followers",
        ],
    ),
    known(
        Field::Following,
        "following",
        &[
            "author.public_metrics.following_count",
            "user.friends_count",
            "user_friends_count",
            "friends_count",
            "user_friends",
        ],
    ),
    known(
        Field::AuthorTweets,
        "author_tweets",
        &[
            "author.public_metrics.post_count",
            "author.public_metrics.tweet_count",
            "user.statuses_count",
            "statuses_count",
        ],
    ),
    known(Field::Verified, "verified", &["author.verified", "user.verified", "user_verified", "verified"]),
    known(Field::VerifiedType, "verified_type", &["author.verified_type", "verified_type"]),
    known(Field::RetrievedAt, "retrieved_at", &["__twarc.retrieved_at"]),
];

/// Where each field is in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns([Option<usize>; KNOWN.len()]);

impl Columns {
    /// Finds the fields by the header's names and by `map`, pairs of field and column. An error says what
    /// there is instead.
    pub fn find(header: &[String], map: &[(String, String)]) -> Result<Self, String> {
        let place = |column: &str| header.iter().position(|name| name.trim().eq_ignore_ascii_case(column.trim()));
        let mut places = KNOWN.iter().map(|known| known.columns.iter().find_map(|column| place(column)));
        let mut columns = Self(std::array::from_fn(|_| places.next().flatten()));
        for (field, column) in map {
            let known = find_field(field).ok_or_else(|| unknown_field(field))?;
            let at = place(column)
                .ok_or_else(|| format!("there is no column \"{column}\" for {field}. {}", header_in_words(header)))?;
            columns.0[known as usize] = Some(at);
        }
        for required in [Field::Id, Field::Text] {
            if columns.at(required).is_none() {
                return Err(missing(required, header));
            }
        }
        Ok(columns)
    }

    pub fn at(&self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }

    /// Whether any of X's own entity columns is there.
    pub fn has_entities(&self) -> bool {
        let columns = [Field::Hashtags, Field::Cashtags, Field::Mentions, Field::Urls];
        columns.iter().any(|field| self.at(*field).is_some())
    }
}

fn find_field(name: &str) -> Option<Field> {
    let is = |word: &str| word.eq_ignore_ascii_case(name.trim());
    let by_name = KNOWN.iter().find(|known| is(known.name));
    let by_column = || KNOWN.iter().find(|known| known.columns.iter().any(|column| is(column)));
    by_name.or_else(by_column).map(|known| known.field)
}

fn unknown_field(name: &str) -> String {
    let names: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
    format!("\"{name}\" is not a field. The fields are: {}", names.join(", "))
}

fn missing(field: Field, header: &[String]) -> String {
    let (what, name) = if field == Field::Id { ("id", "id") } else { ("text", "text") };
    format!(
        "no column holds the tweet's {what}, as far as its name tells. {} Name it: --map {name}=COLUMN",
        header_in_words(header)
    )
}

fn header_in_words(header: &[String]) -> String {
    let names: Vec<String> = header.iter().take(60).map(|name| name.chars().take(40).collect()).collect();
    format!("The columns are: {}.", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &str) -> Vec<String> {
        names.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        assert!(KNOWN.iter().enumerate().all(|(index, known)| known.field as usize == index));
    }

    #[test]
    fn common_names_are_known() {
        let columns = Columns::find(&header("Tweet_ID,airline,text,tweet_created"), &[]).unwrap();
        assert_eq!(columns.at(Field::Id), Some(0));
        assert_eq!(columns.at(Field::CreatedAt), Some(3));
        assert_eq!(columns.at(Field::Likes), None);
    }

    #[test]
    fn the_map_goes_before_and_its_errors_help() {
        let names = header("nr,body,id");
        let map = |field: &str, column: &str| vec![(field.to_owned(), column.to_owned())];
        let columns = Columns::find(&names, &map("text", "body")).unwrap();
        assert_eq!((columns.at(Field::Id), columns.at(Field::Text)), (Some(2), Some(1)));
        let error = |map: &[(String, String)]| Columns::find(&names, map).unwrap_err();
        assert!(error(&map("colour", "body")).starts_with("\"colour\" is not a field. The fields are: id, text,"));
        assert!(error(&map("text", "words")).contains("no column \"words\""));
        assert!(error(&[]).ends_with("Name it: --map text=COLUMN"));
    }
}
