//! `GET /2/tweets`, `/2/users` and `/2/users/by`: posts and accounts that one can name. What is gone is among `errors`.
//! <https://docs.x.com/x-api/posts/lookup/introduction>

use crate::endpoint::{POSTS, USERS, USERS_BY};
use crate::fields::{Expansions, Fields};
use crate::request::{Request, list};
use model::{TweetId, UserId};

/// The most that X takes in one request.
pub const MOST: usize = 100;

/// Posts by id, at most [`MOST`].
pub fn posts(ids: &[TweetId], expansions: Expansions) -> Request {
    Request::new(&POSTS).with("ids", list(ids)).asking(Fields::posts(expansions))
}

/// Accounts by id, at most [`MOST`].
pub fn users(ids: &[UserId]) -> Request {
    Request::new(&USERS).with("ids", list(ids)).asking(Fields::Users)
}

/// Accounts by name, without `@`, at most [`MOST`].
pub fn users_by_names(names: &[&str]) -> Request {
    Request::new(&USERS_BY).with("usernames", list(names)).asking(Fields::Users)
}
