//! What is asked of each post and account, in both vocabularies of X.
//!
//! X gives ids and texts alone unless one names more, and cuts texts: a long post is whole only in `note_post`, a
//! repost only in the post that it refers to.

pub use model::schedule::Expansions;

/// The names that X takes and gives: in July 2026 it renamed tweets to posts, though not everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// `post.fields`, `referenced_posts`, `note_post` …
    Post,
    /// `tweet.fields`, `referenced_tweets`, `note_tweet` …
    Tweet,
}

impl Vocabulary {
    pub fn other(self) -> Self {
        match self {
            Self::Post => Self::Tweet,
            Self::Tweet => Self::Post,
        }
    }
}

/// What a request asks of its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fields {
    Posts {
        expansions: Expansions,
        /// What X thinks a post is about. With it, no page has more than 100 posts.
        annotations: bool,
    },
    Users,
}

type Parameter = (&'static str, String);

const ANNOTATIONS: &str = "context_annotations";
/// All that a column or the tweet card needs; those whose names changed stand below.
const POST_FIELDS: &str = "article,attachments,community_id,conversation_id,created_at,display_text_range,\
                           edit_controls,entities,geo,lang,paid_partnership,possibly_sensitive,public_metrics,\
                           reply_settings,source,withheld";
/// What has another name as an expansion, or is only one, in the current vocabulary.
const NEW_FIELDS: &str = "note_post";
const OLD_FIELDS: &str = "author_id,edit_history_tweet_ids,in_reply_to_user_id,note_tweet,referenced_tweets";

const USERS: &str = "author_id,in_reply_to_user_id";
const NEW_POSTS: &str = "referenced_posts,edit_history_post_ids";
const OLD_POSTS: &str = "referenced_tweets.id,edit_history_tweet_ids";
const OLD_AUTHORS_OF_POSTS: &str = "referenced_tweets.id.author_id";
const OLD_MEDIA_OF_POSTS: &str = "referenced_tweets.id.attachments.media_keys";
const ATTACHMENTS: &str = "attachments.media_keys,attachments.poll_ids,geo.place_id";

const USER_FIELDS: &str =
    "created_at,description,location,profile_image_url,protected,public_metrics,url,verified,verified_type";
const MEDIA_FIELDS: &str = "alt_text,duration_ms,preview_image_url,type,url";
const PLACE_FIELDS: &str = "country,country_code,full_name";
const POLL_FIELDS: &str = "options";

impl Fields {
    pub fn posts(expansions: Expansions) -> Self {
        Self::Posts { expansions, annotations: true }
    }

    /// The parameters that ask for them.
    pub fn parameters(self, vocabulary: Vocabulary) -> Vec<Parameter> {
        match self {
            Self::Posts { expansions, annotations } => of_posts(expansions, annotations, vocabulary),
            Self::Users => vec![("user.fields", USER_FIELDS.to_owned())],
        }
    }
}

fn of_posts(expansions: Expansions, annotations: bool, vocabulary: Vocabulary) -> Vec<Parameter> {
    let Expansions { users, tweets: posts, attachments } = expansions;
    let is_old = vocabulary == Vocabulary::Tweet;
    let name = if is_old { "tweet.fields" } else { "post.fields" };
    let own = if is_old { OLD_FIELDS } else { NEW_FIELDS };
    let referred = if is_old { OLD_POSTS } else { NEW_POSTS };
    let wanted = joined(&[
        (users, USERS),
        (posts, referred),
        (posts && users && is_old, OLD_AUTHORS_OF_POSTS),
        (attachments, ATTACHMENTS),
        (posts && attachments && is_old, OLD_MEDIA_OF_POSTS),
    ]);
    let mut parameters = vec![(name, joined(&[(true, POST_FIELDS), (true, own), (annotations, ANNOTATIONS)]))];
    if !wanted.is_empty() {
        parameters.push(("expansions", wanted));
    }
    if users {
        parameters.push(("user.fields", USER_FIELDS.to_owned()));
    }
    if attachments {
        let of_attachments =
            [("media.fields", MEDIA_FIELDS), ("place.fields", PLACE_FIELDS), ("poll.fields", POLL_FIELDS)];
        parameters.extend(of_attachments.map(|(name, fields)| (name, fields.to_owned())));
    }
    parameters
}

/// The lists that are wanted as one.
fn joined(lists: &[(bool, &str)]) -> String {
    let wanted: Vec<&str> = lists.iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, list)| *list).collect();
    wanted.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(expansions: Expansions, vocabulary: Vocabulary, name: &str) -> Option<String> {
        let parameters = Fields::posts(expansions).parameters(vocabulary);
        parameters.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    #[test]
    fn long_posts_and_referenced_posts_are_asked_for_in_both_vocabularies() {
        let new = |name| asked(Expansions::ALL, Vocabulary::Post, name).unwrap();
        assert!(new("post.fields").contains("note_post") && new("expansions").contains("referenced_posts"));
        let old = |name| asked(Expansions::ALL, Vocabulary::Tweet, name).unwrap();
        assert!(old("tweet.fields").contains("note_tweet") && old("expansions").contains("referenced_tweets.id"));
    }

    #[test]
    fn what_may_cost_is_left_out_on_request() {
        assert_eq!(asked(Expansions::NONE, Vocabulary::Post, "expansions"), None);
        assert_eq!(asked(Expansions::NONE, Vocabulary::Post, "user.fields"), None);
        let posts = Expansions { tweets: true, ..Expansions::NONE };
        assert_eq!(asked(posts, Vocabulary::Tweet, "expansions").as_deref(), Some(OLD_POSTS), "no author is billed");
    }
}
