//! Which column of a table is which field of a tweet.

use crate::ids;

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

struct Known {
    field: Field,
    /// Our name for it, as in `--map`.
    name: &'static str,
    /// What others call it, in lower case. Of several columns the one named first here counts that is filled.
    columns: &'static [&'static str],
}

const fn known(field: Field, name: &'static str, columns: &'static [&'static str]) -> Known {
    Known { field, name, columns }
}

/// In the order of [`Field`]. Names of API v2 as twarc and academictwitteR write them, of API 1.1 and rtweet, of
/// DMI-TCAT (`from_user_…`), snscrape, twint, and of X's archives of information operations. Names that differ
/// only in case, `_`, `.`, `-` or blanks are written once, unless they mean different things (`user_name`, `username`).
const KNOWN: &[Known] = &[
    known(Field::Id, "id", &["tweet_id", "post_id", "status_id", "id_str", "id"]),
    known(
        Field::Text,
        "text",
        &[
            // The whole of a long post, where `text` is cut off.
            "note_post.text",
            "note_tweet.text",
            "full_text",
            "text",
            "tweet_text",
            "tweet_full_text",
            "raw_content",
            "content",
            "tweet_content",
            "tweet",
        ],
    ),
    known(
        Field::CreatedAt,
        "created_at",
        &[
            "created_at",
            "tweet_created",
            "tweet_created_at",
            "tweet_time",
            "created",
            "date",
            "datetime",
            "date_time",
            "timestamp",
            "time",
        ],
    ),
    known(
        Field::AuthorId,
        "author_id",
        &["author_id", "author.id", "user_id_str", "user.id_str", "user_id", "from_user_id", "from_user_id_str"],
    ),
    known(
        Field::Username,
        "username",
        &[
            "author.username",
            "user.username",
            "user_username",
            "username",
            "screen_name",
            "user_screen_name",
            "from_user_name",
            "from_user",
            "handle",
        ],
    ),
    known(
        Field::Name,
        "name",
        &["author.name", "user.name", "user_name", "user_display_name", "display_name", "from_user_realname", "name"],
    ),
    known(Field::Lang, "lang", &["lang", "language", "tweet_lang", "tweet_language"]),
    known(
        Field::Likes,
        "likes",
        &[
            "public_metrics.like_count",
            "like_count",
            "likes_count",
            "favorite_count",
            "favourite_count",
            "likes",
            "favorites",
            "nlikes",
            "number_of_likes",
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
            "retweets_count",
            "reposts",
            "retweets",
            "nretweets",
            "number_of_shares",
        ],
    ),
    known(
        Field::Replies,
        "replies",
        &["public_metrics.reply_count", "reply_count", "replies_count", "replies", "nreplies"],
    ),
    known(Field::Quotes, "quotes", &["public_metrics.quote_count", "quote_count", "quotes"]),
    known(
        Field::Bookmarks,
        "bookmarks",
        &["public_metrics.bookmark_count", "bookmark_count", "bookmarked_count", "bookmarks"],
    ),
    known(Field::Views, "views", &["public_metrics.impression_count", "impression_count", "view_count", "views"]),
    known(Field::Source, "source", &["source_label", "source", "tweet_source", "tweet_client_name"]),
    known(Field::Conversation, "conversation", &["conversation_id_str", "conversation_id", "conversation"]),
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
        &["in_reply_to_user_id_str", "in_reply_to_user_id", "reply_to_user_id", "to_user_id", "reply_to_author"],
    ),
    known(
        Field::QuoteOf,
        "quote_of",
        &[
            "referenced_posts.quoted.id",
            "referenced_tweets.quoted.id",
            "quoted_status_id_str",
            "quoted_status_id",
            "quoted_tweet_tweetid",
            "quoted_tweet_id",
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
            "retweet_tweetid",
            "retweeted_tweet_id",
            "retweet_id",
            "repost_of",
        ],
    ),
    known(Field::ReferenceKind, "reference_kind", &["sourcetweet_type"]),
    known(Field::ReferenceId, "reference_id", &["sourcetweet_id"]),
    known(Field::Sensitive, "sensitive", &["possibly_sensitive", "sensitive"]),
    known(Field::ReplySettings, "reply_settings", &["reply_settings"]),
    known(Field::Place, "place", &["geo.full_name", "place_full_name", "place"]),
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
        &["author.description", "user.description", "user_profile_description", "from_user_description"],
    ),
    known(
        Field::AuthorLocation,
        "author_location",
        &["author.location", "user.location", "user_reported_location", "from_user_location"],
    ),
    known(Field::AuthorUrl, "author_url", &["author.url", "user.url", "user_profile_url", "from_user_url"]),
    known(
        Field::AuthorPicture,
        "author_picture",
        &[
            "author.profile_image_url",
            "user.profile_image_url_https",
            "user.profile_image_url",
            "profile_image_url",
            "from_user_profile_image_url",
        ],
    ),
    known(
        Field::AuthorCreated,
        "account_created",
        &[
            "author.created_at",
            "user.created_at",
            "user_created",
            "account_creation_date",
            "account_created_at",
            "from_user_created_at",
        ],
    ),
    known(
        Field::Followers,
        "followers",
        &[
            "author.public_metrics.followers_count",
            "user.public_metrics.followers_count",
            "user.followers_count",
            "followers_count",
            "follower_count",
            "user_followers",
            "from_user_followercount",
        ],
    ),
    known(
        Field::Following,
        "following",
        &[
            "author.public_metrics.following_count",
            "user.public_metrics.following_count",
            "user.following_count",
            "user.friends_count",
            "friends_count",
            "following_count",
            "user_friends",
            "from_user_friendcount",
        ],
    ),
    known(
        Field::AuthorTweets,
        "author_tweets",
        &[
            "author.public_metrics.post_count",
            "author.public_metrics.tweet_count",
            "user.public_metrics.tweet_count",
            "user.statuses_count",
            "user_tweet_count",
            "statuses_count",
            "from_user_tweetcount",
        ],
    ),
    known(Field::Verified, "verified", &["author.verified", "user.verified", "from_user_verified", "verified"]),
    known(Field::VerifiedType, "verified_type", &["author.verified_type", "user.verified_type", "verified_type"]),
    known(Field::RetrievedAt, "retrieved_at", &["__twarc.retrieved_at"]),
];

/// Where each field is in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// For each field its columns, the one that counts first.
    places: [Vec<usize>; KNOWN.len()],
    width: usize,
}

impl Columns {
    /// Finds the fields by the header's names and by `map`, pairs of field and column. An error says what
    /// there is instead.
    pub fn find(header: &[String], map: &[(String, String)]) -> Result<Self, String> {
        let mut places: [Vec<(usize, usize)>; KNOWN.len()] = std::array::from_fn(|_| Vec::new());
        for (at, name) in header.iter().enumerate() {
            if let Some((field, rank)) = find_column(name) {
                places[field as usize].push((rank, at));
            }
        }
        places.iter_mut().for_each(|columns| columns.sort_unstable());
        let places = places.map(|columns| columns.into_iter().map(|(_, at)| at).collect());
        let mut columns = Self { places, width: header.len() };
        for (field, column) in map {
            columns.put(field, column, header)?;
        }
        for required in [Field::Id, Field::Text] {
            if columns.at(required).is_none() {
                return Err(missing(required, header));
            }
        }
        Ok(columns)
    }

    /// Gives a field one column and no other; a column that was taken for another field is that no more.
    fn put(&mut self, field: &str, column: &str, header: &[String]) -> Result<(), String> {
        let field_at = find_field(field).ok_or_else(|| unknown_field(field))? as usize;
        let at = header.iter().position(|name| name.trim().eq_ignore_ascii_case(column.trim()));
        let at = at.ok_or_else(|| {
            let hint =
                if is_position(&header[0]) { " A position such as #1 means that there is no header." } else { "" };
            format!("there is no column \"{column}\" for {field}. {}{hint}", header_in_words(header))
        })?;
        self.places.iter_mut().for_each(|columns| columns.retain(|other| *other != at));
        self.places[field_at] = vec![at];
        Ok(())
    }

    /// The column of a field that counts first.
    pub fn at(&self, field: Field) -> Option<usize> {
        self.all(field).first().copied()
    }

    /// All columns of a field.
    pub fn all(&self, field: Field) -> &[usize] {
        &self.places[field as usize]
    }

    /// Whether any of X's own entity columns is there.
    pub fn has_entities(&self) -> bool {
        let columns = [Field::Hashtags, Field::Cashtags, Field::Mentions, Field::Urls];
        columns.iter().any(|field| self.at(*field).is_some())
    }

    /// What became of the columns, in words.
    pub fn in_words(&self, header: &[String]) -> String {
        let name = |at: usize| header.get(at).map_or("?", String::as_str);
        let used = KNOWN.iter().flat_map(|known| self.all(known.field).iter().map(|at| (known.name, name(*at))));
        let used = used.map(|(field, column)| match column == field {
            true => field.to_owned(),
            false => format!("{column} as {field}"),
        });
        let unused: Vec<_> = (0..self.width).filter(|at| !self.places.iter().any(|all| all.contains(at))).collect();
        let mut words = format!("columns used: {}", used.collect::<Vec<_>>().join(", "));
        if !unused.is_empty() {
            let names: Vec<_> = unused.into_iter().map(name).collect();
            words += &format!("; not used (kept with the tweet, not searchable): {}", names.join(", "));
        }
        if self.at(Field::AuthorId).is_none() {
            words += "; no column holds the author's id, so these tweets have no author";
        }
        words
    }
}

/// Whether the map names columns by position (`#1`), which also says that the table has no header.
pub fn by_position(map: &[(String, String)]) -> bool {
    map.iter().any(|(_, column)| is_position(column))
}

fn is_position(column: &str) -> bool {
    let digits = column.trim().strip_prefix('#').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The field that a column of this name holds, and how far behind others of that field it stands.
fn find_column(name: &str) -> Option<(Field, usize)> {
    let find = |is: &dyn Fn(&str) -> bool| {
        let rank = |known: &Known| Some((known.field, known.columns.iter().position(|column| is(column))?));
        KNOWN.iter().find_map(rank)
    };
    let squashed = squash(name);
    find(&|column| column.eq_ignore_ascii_case(name.trim())).or_else(|| find(&|column| squash(column) == squashed))
}

fn squash(name: &str) -> String {
    let letters = name.trim().chars().filter(|letter| !matches!(letter, '_' | '.' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

fn find_field(name: &str) -> Option<Field> {
    let by_name = KNOWN.iter().find(|known| known.name.eq_ignore_ascii_case(name.trim()));
    by_name.map(|known| known.field).or_else(|| find_column(name).map(|(field, _)| field))
}

fn unknown_field(name: &str) -> String {
    let names: Vec<_> = KNOWN.iter().map(|known| known.name).collect();
    format!("\"{name}\" is not a field. The fields are: {}", names.join(", "))
}

fn missing(field: Field, header: &[String]) -> String {
    if let Some(at) = header.iter().position(|name| ids::looks_like_id(name)) {
        let others = (0..header.len()).filter(|at| !ids::looks_like_id(&header[*at]));
        let text = others.max_by_key(|at| header[*at].chars().count()).unwrap_or(0);
        return format!(
            "its first line looks like a tweet, so it seems to have no header. Say where id and text are, counted \
             from 1: --map id=#{} --map text=#{}. That also means that there is no header",
            at + 1,
            text + 1
        );
    }
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

    /// The fields that are found, by our names.
    fn found(names: &str) -> Vec<&'static str> {
        let columns = Columns::find(&header(names), &[]).unwrap();
        KNOWN.iter().filter(|known| columns.at(known.field).is_some()).map(|known| known.name).collect()
    }

    #[test]
    fn the_columns_of_other_tools_are_known() {
        let tcat = "id,time,created_at,from_user_name,text,retweet_count,favorite_count,lang,source,from_user_id,\
            from_user_realname,from_user_verified,from_user_description,from_user_tweetcount,from_user_followercount,\
            from_user_friendcount,from_user_created_at,in_reply_to_status_id,quoted_status_id";
        let of_tcat = [
            "id",
            "text",
            "created_at",
            "author_id",
            "username",
            "name",
            "lang",
            "likes",
            "reposts",
            "source",
            "reply_to",
            "quote_of",
            "author_description",
            "account_created",
            "followers",
            "following",
            "author_tweets",
            "verified",
        ];
        assert_eq!(found(tcat), of_tcat);
        let twint = "id,conversation_id,created_at,user_id,username,name,tweet,language,replies_count,retweets_count,likes_count";
        let of_twint = [
            "id",
            "text",
            "created_at",
            "author_id",
            "username",
            "name",
            "lang",
            "likes",
            "reposts",
            "replies",
            "conversation",
        ];
        assert_eq!(found(twint), of_twint);
        let snscrape = "id,rawContent,date,user.id,user.username,replyCount,retweetCount,likeCount,quoteCount,conversationId,viewCount,inReplyToTweetId";
        let of_snscrape = [
            "id",
            "text",
            "created_at",
            "author_id",
            "username",
            "likes",
            "reposts",
            "replies",
            "quotes",
            "views",
            "conversation",
            "reply_to",
        ];
        assert_eq!(found(snscrape), of_snscrape);
        let tidy = "tweet_id,user_username,text,lang,created_at,author_id,user_name,user_tweet_count,user_following_count,sourcetweet_type,sourcetweet_id";
        let of_tidy = [
            "id",
            "text",
            "created_at",
            "author_id",
            "username",
            "name",
            "lang",
            "reference_kind",
            "reference_id",
            "following",
            "author_tweets",
        ];
        assert_eq!(found(tidy), of_tidy);
        let operations = "tweetid,userid,user_display_name,user_screen_name,follower_count,following_count,\
            account_creation_date,tweet_language,tweet_text,tweet_time,tweet_client_name,in_reply_to_userid,\
            in_reply_to_tweetid,quoted_tweet_tweetid,retweet_tweetid,like_count";
        let of_operations = [
            "id",
            "text",
            "created_at",
            "author_id",
            "username",
            "name",
            "lang",
            "likes",
            "source",
            "reply_to",
            "reply_to_author",
            "quote_of",
            "repost_of",
            "account_created",
            "followers",
            "following",
        ];
        assert_eq!(found(operations), of_operations);
    }

    #[test]
    fn the_report_names_every_column() {
        let names = header("tweet_id,airline,text,mood");
        let words = Columns::find(&names, &[]).unwrap().in_words(&names);
        assert_eq!(
            words,
            "columns used: tweet_id as id, text; not used (kept with the tweet, not searchable): airline, mood; \
             no column holds the author's id, so these tweets have no author"
        );
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
