//! Which fields and objects a request wants, and cutting answers down to them.

mod names;

use std::collections::HashSet;

use serde_json::Value;
use tweetgen::Expansions;

use super::params::Params;
use super::problem::Problem;
use crate::Vocabulary;
use names::{
    EXPANSIONS, MEDIA_FIELDS, NO_POST_FIELDS, PLACE_FIELDS, TWEET_FIELDS, USER_EXPANSIONS, USER_FIELDS, current, older,
};

/// Of objects that the corpus does not have, or that are not cut.
const OTHERS: [&str; 2] = ["poll.fields", "search_count.fields"];

/// How a request wants its answer.
pub struct View {
    pub selection: Selection,
    vocabulary: Vocabulary,
}

impl View {
    /// Of an answer whose `data` are posts.
    pub fn of_posts(params: &Params, fixed: Option<Vocabulary>) -> Result<Self, Problem> {
        Self::read(params, fixed, EXPANSIONS)
    }

    /// Of an answer whose `data` are users.
    pub fn of_users(params: &Params, fixed: Option<Vocabulary>) -> Result<Self, Problem> {
        Self::read(params, fixed, USER_EXPANSIONS)
    }

    fn read(params: &Params, fixed: Option<Vocabulary>, expansions: &'static [&'static str]) -> Result<Self, Problem> {
        let mut selection = Selection::new(expansions);
        for (name, value) in &params.0 {
            if name == "expansions" || (name.ends_with(".fields") && !OTHERS.contains(&name.as_str())) {
                selection.read(name, value)?;
            }
        }
        let vocabulary = fixed.unwrap_or(match params.get("tweet.fields") {
            Some(_) if params.get("post.fields").is_none() => Vocabulary::Tweet,
            _ => Vocabulary::Post,
        });
        Ok(Self { selection, vocabulary })
    }

    /// The answer in the names that are wanted.
    pub fn named(&self, answer: Value) -> Value {
        names::named(answer, self.vocabulary)
    }
}

/// What a request asks for, in the older names.
pub struct Selection {
    pub expansions: Expansions,
    /// Names that `expansions` may have.
    known_expansions: &'static [&'static str],
    tweet: HashSet<&'static str>,
    user: HashSet<&'static str>,
    media: HashSet<&'static str>,
    place: HashSet<&'static str>,
}

impl Selection {
    /// The fields that come unasked; of `expansions` only these names are known.
    fn new(known_expansions: &'static [&'static str]) -> Self {
        Self {
            known_expansions,
            expansions: Expansions::default(),
            tweet: HashSet::from(["id", "text", "edit_history_tweet_ids"]),
            user: HashSet::from(["id", "name", "username"]),
            media: HashSet::from(["media_key", "type"]),
            place: HashSet::from(["id", "full_name"]),
        }
    }

    /// Reads one `*.fields` or `expansions` parameter.
    fn read(&mut self, parameter: &str, value: &str) -> Result<(), Problem> {
        let allowed = match parameter {
            "tweet.fields" | "post.fields" => TWEET_FIELDS,
            "user.fields" => USER_FIELDS,
            "media.fields" => MEDIA_FIELDS,
            "place.fields" => PLACE_FIELDS,
            _ => self.known_expansions,
        };
        for name in value.split(',') {
            let older = older(name, parameter);
            let is_gone = parameter == "post.fields" && NO_POST_FIELDS.contains(&name);
            let known = allowed.iter().find(|&&known| known == older && !is_gone);
            let &known = known.ok_or_else(|| unknown(parameter, value, name, allowed))?;
            match parameter {
                "tweet.fields" | "post.fields" => self.tweet.insert(known),
                "user.fields" => self.user.insert(known),
                "media.fields" => self.media.insert(known),
                "place.fields" => self.place.insert(known),
                _ => {
                    self.expand(known);
                    continue;
                }
            };
        }
        Ok(())
    }

    /// Wants an object; the field that points to it comes with it.
    fn expand(&mut self, name: &str) {
        let wanted = &mut self.expansions;
        let (flag, field) = match name {
            "author_id" => (&mut wanted.author, "author_id"),
            "edit_history_tweet_ids" => (&mut wanted.edit_history, "edit_history_tweet_ids"),
            "in_reply_to_user_id" => (&mut wanted.in_reply_to, "in_reply_to_user_id"),
            "attachments.media_keys" => (&mut wanted.media, "attachments"),
            "entities.mentions.username" => (&mut wanted.mentions, "entities"),
            "geo.place_id" => (&mut wanted.place, "geo"),
            "referenced_tweets.id" => (&mut wanted.referenced, "referenced_tweets"),
            "referenced_tweets.id.author_id" => (&mut wanted.referenced_author, "referenced_tweets"),
            "referenced_tweets.id.attachments.media_keys" => (&mut wanted.referenced_media, "referenced_tweets"),
            _ => return, // objects the corpus does not have: polls, articles, pinned posts
        };
        *flag = true;
        self.tweet.insert(field);
    }

    /// Whether posts shall have this field.
    pub fn has(&self, field: &str) -> bool {
        self.tweet.contains(field)
    }

    pub fn tweet(&self, value: Value) -> Value {
        cut(value, &self.tweet)
    }

    pub fn user(&self, value: Value) -> Value {
        cut(value, &self.user)
    }

    /// Cuts the objects of an `includes` down to their fields.
    pub fn includes(&self, value: Value) -> Value {
        let Value::Object(lists) = value else { return value };
        let lists = lists.into_iter().map(|(name, list)| {
            let keep = match name.as_str() {
                "users" => &self.user,
                "media" => &self.media,
                "places" => &self.place,
                _ => &self.tweet,
            };
            let Value::Array(objects) = list else { return (name, list) };
            (name, objects.into_iter().map(|object| cut(object, keep)).collect())
        });
        Value::Object(lists.collect())
    }
}

fn unknown(parameter: &str, value: &str, name: &str, allowed: &[&str]) -> Problem {
    let names: Vec<&str> = match parameter {
        "post.fields" => {
            allowed.iter().map(|name| current(name)).filter(|name| !NO_POST_FIELDS.contains(name)).collect()
        }
        _ => allowed.to_vec(),
    };
    let message = format!("The `{parameter}` query parameter value [{name}] is not one of [{}]", names.join(","));
    Problem::invalid(&[(parameter, value)], message)
}

fn cut(value: Value, keep: &HashSet<&str>) -> Value {
    match value {
        Value::Object(mut fields) => {
            fields.retain(|name, _| keep.contains(name.as_str()));
            Value::Object(fields)
        }
        other => other,
    }
}
