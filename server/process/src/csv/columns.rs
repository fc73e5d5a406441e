//! Which column of a table is which field of a tweet.

use super::fields::{Field, KNOWN, find_column, find_field, unknown_field};
use crate::ids;

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
            let hint = if header.first().is_some_and(|name| is_position(name)) {
                " A position such as #1 means that there is no header."
            } else {
                ""
            };
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
