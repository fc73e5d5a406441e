//! The fields that a table can have, and what other tools call them.

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
    /// Of the tweet that it refers to: in which way, and its id.
    ReferenceKind,
    ReferenceId,
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

pub struct Known {
    pub field: Field,
    /// Our name for it, as in `--map`.
    pub name: &'static str,
    /// What others call it, in lower case, between blanks. Of several columns the one named first here counts that
    /// is filled.
    columns: &'static str,
}

impl Known {
    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.split(' ')
    }
}

const fn known(field: Field, name: &'static str, columns: &'static str) -> Known {
    Known { field, name, columns }
}

/// In the order of [`Field`]. Names of API v2 as twarc and academictwitteR write them, of API 1.1 and rtweet, of
/// DMI-TCAT (`from_user_…`), snscrape, twint, and of X's archives of information operations. Names that differ
/// only in case, `_`, `.`, `-` or blanks are written once, unless they mean different things (`user_name`, `username`).
/// The whole text of a long post is its note.
pub const KNOWN: &[Known] = &[
    known(Field::Id, "id", "tweet_id post_id status_id id_str id"),
    known(
        Field::Text,
        "text",
        "note_post.text note_tweet.text full_text text tweet_text tweet_full_text raw_content content \
         tweet_content tweet",
    ),
    known(
        Field::CreatedAt,
        "created_at",
        "created_at tweet_created tweet_created_at tweet_time created date datetime date_time timestamp time",
    ),
    known(
        Field::AuthorId,
        "author_id",
        "author_id author.id user_id_str user.id_str user_id from_user_id from_user_id_str",
    ),
    known(
        Field::Username,
        "username",
        "author.username user.username user_username username screen_name user_screen_name from_user_name \
         from_user handle",
    ),
    known(
        Field::Name,
        "name",
        "author.name user.name user_name user_display_name display_name from_user_realname name",
    ),
    known(Field::Lang, "lang", "lang language tweet_lang tweet_language"),
    known(
        Field::Likes,
        "likes",
        "public_metrics.like_count like_count likes_count favorite_count favourite_count likes favorites \
         nlikes number_of_likes",
    ),
    known(
        Field::Reposts,
        "reposts",
        "public_metrics.repost_count public_metrics.retweet_count repost_count retweet_count retweets_count \
         reposts retweets nretweets number_of_shares",
    ),
    known(Field::Replies, "replies", "public_metrics.reply_count reply_count replies_count replies nreplies"),
    known(Field::Quotes, "quotes", "public_metrics.quote_count quote_count quotes"),
    known(Field::Bookmarks, "bookmarks", "public_metrics.bookmark_count bookmark_count bookmarked_count bookmarks"),
    known(Field::Views, "views", "public_metrics.impression_count impression_count view_count views"),
    known(Field::Source, "source", "source_label source tweet_source tweet_client_name"),
    known(Field::Conversation, "conversation", "conversation_id_str conversation_id conversation"),
    known(
        Field::ReplyTo,
        "reply_to",
        "referenced_posts.replied_to.id referenced_tweets.replied_to.id in_reply_to_status_id_str \
         in_reply_to_status_id in_reply_to_tweet_id reply_to_status_id reply_to",
    ),
    known(
        Field::ReplyToAuthor,
        "reply_to_author",
        "in_reply_to_user_id_str in_reply_to_user_id reply_to_user_id to_user_id reply_to_author",
    ),
    known(
        Field::QuoteOf,
        "quote_of",
        "referenced_posts.quoted.id referenced_tweets.quoted.id quoted_status_id_str quoted_status_id \
         quoted_tweet_tweetid quoted_tweet_id quote_id quote_of",
    ),
    known(
        Field::RepostOf,
        "repost_of",
        "referenced_posts.retweeted.id referenced_tweets.retweeted.id retweeted_status_id_str \
         retweeted_status_id retweet_status_id retweet_tweetid retweeted_tweet_id retweet_id repost_of",
    ),
    known(Field::ReferenceKind, "reference_kind", "sourcetweet_type"),
    known(Field::ReferenceId, "reference_id", "sourcetweet_id"),
    known(Field::Sensitive, "sensitive", "possibly_sensitive sensitive"),
    known(Field::ReplySettings, "reply_settings", "reply_settings"),
    known(Field::Place, "place", "geo.full_name place_full_name place"),
    known(Field::Country, "country", "geo.country_code place.country_code country_code country"),
    known(Field::WithheldIn, "withheld", "withheld.country_codes withheld_in_countries withheld"),
    known(Field::EditHistory, "edit_history", "edit_history_post_ids edit_history_tweet_ids"),
    known(Field::Hashtags, "hashtags", "entities.hashtags"),
    known(Field::Cashtags, "cashtags", "entities.cashtags"),
    known(Field::Mentions, "mentions", "entities.mentions"),
    known(Field::Urls, "urls", "entities.urls"),
    known(Field::Annotations, "annotations", "entities.annotations"),
    known(Field::Contexts, "context_annotations", "context_annotations"),
    known(Field::Media, "media", "attachments.media"),
    known(
        Field::AuthorDescription,
        "author_description",
        "author.description user.description user_profile_description from_user_description",
    ),
    known(
        Field::AuthorLocation,
        "author_location",
        "author.location user.location user_reported_location from_user_location",
    ),
    known(Field::AuthorUrl, "author_url", "author.url user.url user_profile_url from_user_url"),
    known(
        Field::AuthorPicture,
        "author_picture",
        "author.profile_image_url user.profile_image_url_https user.profile_image_url profile_image_url \
         from_user_profile_image_url",
    ),
    known(
        Field::AuthorCreated,
        "account_created",
        "author.created_at user.created_at user_created account_creation_date account_created_at \
         from_user_created_at",
    ),
    known(
        Field::Followers,
        "followers",
        "author.public_metrics.followers_count user.public_metrics.followers_count user.followers_count \
         followers_count follower_count user_followers from_user_followercount",
    ),
    known(
        Field::Following,
        "following",
        "author.public_metrics.following_count user.public_metrics.following_count user.following_count \
         user.friends_count friends_count following_count user_friends from_user_friendcount",
    ),
    known(
        Field::AuthorTweets,
        "author_tweets",
        "author.public_metrics.post_count author.public_metrics.tweet_count user.public_metrics.tweet_count \
         user.statuses_count user_tweet_count statuses_count from_user_tweetcount",
    ),
    known(Field::Verified, "verified", "author.verified user.verified from_user_verified verified"),
    known(Field::VerifiedType, "verified_type", "author.verified_type user.verified_type verified_type"),
    known(Field::RetrievedAt, "retrieved_at", "__twarc.retrieved_at"),
];

/// The field that a column of this name holds, and how far behind others of that field it stands.
pub fn find_column(name: &str) -> Option<(Field, usize)> {
    let find = |is: &dyn Fn(&str) -> bool| {
        let rank = |known: &Known| Some((known.field, known.columns().position(is)?));
        KNOWN.iter().find_map(rank)
    };
    let squashed = squash(name);
    find(&|column| column.eq_ignore_ascii_case(name.trim())).or_else(|| find(&|column| squash(column) == squashed))
}

fn squash(name: &str) -> String {
    let letters = name.trim().chars().filter(|letter| !matches!(letter, '_' | '.' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

pub fn find_field(name: &str) -> Option<Field> {
    let by_name = KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(name.trim()));
    by_name.map(|known| known.field).or_else(|| find_column(name).map(|(field, _)| field))
}

pub fn unknown_field(name: &str) -> String {
    let names: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
    format!("\"{name}\" is not a field. The fields are: {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_fields() {
        assert!(KNOWN.iter().enumerate().all(|(index, known)| known.field as usize == index));
    }

    #[test]
    fn names_that_differ_in_signs_are_the_same_unless_they_mean_something_else() {
        let field = |name: &str| find_column(name).map(|(field, _)| field);
        assert_eq!(field("Tweet ID"), Some(Field::Id));
        assert_eq!(field("likeCount"), Some(Field::Likes));
        assert_eq!((field("username"), field("user_name")), (Some(Field::Username), Some(Field::Name)));
        assert_eq!(field("mood"), None);
    }
}
