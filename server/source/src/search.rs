//! `GET /2/tweets/search/recent`: the last seven days, newest first.
//! <https://docs.x.com/x-api/posts/search-recent-posts>

use crate::client::{Answer, XClient};
use crate::error::SourceError;
use model::time::{DAY, MINUTE};
use model::{Timestamp, TweetId};

/// Its path. Limits are counted for each.
pub const ENDPOINT: &str = "/2/tweets/search/recent";

/// How far back it goes, less a margin for the time that a request takes and for clocks that differ.
const REACH: i64 = 7 * DAY - MINUTE;

/// Milliseconds of X's epoch, from which the times in ids count.
const EPOCH_MS: i64 = 1_288_834_974_657;

/// The most that X gives in one page.
const PAGE: &str = "100";

/// Fields that Roost keeps, in the words of the API of 2026; all that a column or the tweet card needs.
const POST_FIELDS: &str = "attachments,context_annotations,conversation_id,created_at,edit_controls,entities,geo,lang,\
                           note_post,paid_partnership,possibly_sensitive,public_metrics,reply_settings,source,withheld";
const EXPANSIONS: &str = "author_id,attachments.media_keys,attachments.poll_ids,geo.place_id,in_reply_to_user_id,\
                          referenced_posts,edit_history_post_ids";
const USER_FIELDS: &str =
    "created_at,description,location,profile_image_url,protected,public_metrics,url,verified,verified_type";
const MEDIA_FIELDS: &str = "alt_text,duration_ms,preview_image_url,type,url";
const PLACE_FIELDS: &str = "country,country_code,full_name";
const POLL_FIELDS: &str = "options";

/// Which page of which search.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest<'a> {
    /// In X's query language.
    pub query: &'a str,
    /// Only tweets after this one.
    pub since_id: Option<TweetId>,
    /// Only tweets before this one.
    pub until_id: Option<TweetId>,
    /// The page to go on with, from the answer before.
    pub next_token: Option<&'a str>,
}

/// The oldest `since_id` that X takes now: it refuses older ones, though they would only mean "all there is".
pub fn oldest_since_id(now: Timestamp) -> TweetId {
    let ms = (now.0 - REACH) / 1000 - EPOCH_MS;
    TweetId(ms.max(0).unsigned_abs() << 22)
}

/// Fetches one page of recent tweets.
pub async fn recent(client: &XClient, request: &SearchRequest<'_>) -> Result<Answer, SourceError> {
    let since_id = request.since_id.map(|id| id.to_string());
    let until_id = request.until_id.map(|id| id.to_string());
    let mut parameters = vec![
        ("query", request.query),
        ("max_results", PAGE),
        ("post.fields", POST_FIELDS),
        ("expansions", EXPANSIONS),
        ("user.fields", USER_FIELDS),
        ("media.fields", MEDIA_FIELDS),
        ("place.fields", PLACE_FIELDS),
        ("poll.fields", POLL_FIELDS),
    ];
    if let Some(since_id) = &since_id {
        parameters.push(("since_id", since_id));
    }
    if let Some(until_id) = &until_id {
        parameters.push(("until_id", until_id));
    }
    if let Some(token) = request.next_token {
        parameters.push(("next_token", token));
    }
    client.get(ENDPOINT, &parameters).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_id_is_almost_seven_days_old() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let age = now.0 / 1000 - oldest_since_id(now).snowflake_ms().unwrap();
        assert_eq!(age, (7 * DAY - MINUTE) / 1000);
    }
}
