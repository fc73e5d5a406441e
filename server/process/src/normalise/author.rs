//! Accounts.

use super::text::unescape;
use crate::{
    dates,
    wire::{WireUser, lenient::Text},
};
use model::{
    Timestamp, UserId,
    observed::{Identity, ObservedAuthor},
    tweet::AuthorStats,
};

/// The account, if it has an id and tells anything beside it: an id alone says nothing about the account, and must
/// not pass for a later observation of it.
///
/// `verified` holds if X says so in either way: the old flag, or a `verified_type` of blue, business or
/// government. It is absent if X tells neither.
pub(crate) fn author(user: &WireUser<'_>, version: Timestamp) -> Option<ObservedAuthor> {
    let (identity, stats) = (identity(user), stats(user));
    let tells = identity != Identity::default() || stats != AuthorStats::default();
    tells.then_some(ObservedAuthor { id: id(user)?, version, identity, stats })
}

pub(super) fn id(user: &WireUser<'_>) -> Option<UserId> {
    user.id_str.parse().or_else(|| user.id.parse())
}

fn identity(user: &WireUser<'_>) -> Identity {
    let plain = |text: &Text<'_>| text.filled().map(|text| unescape(text).0.into_owned());
    let links = user.entities.0.as_ref().and_then(|entities| entities.url.0.as_ref());
    let link = links.and_then(|links| links.urls.objects().find_map(|url| url.expanded_url.owned()));
    Identity {
        handle: user.username.owned().or(user.screen_name.owned()),
        name: plain(&user.name),
        description: plain(&user.description),
        location: plain(&user.location),
        url: link.or(user.url.owned()),
        picture: user.profile_image_url_https.owned().or(user.profile_image_url.owned()),
    }
}

fn stats(user: &WireUser<'_>) -> AuthorStats {
    let metrics = user.public_metrics.0.unwrap_or_default();
    let by_type = user.verified_type.filled().map(|kind| matches!(kind, "blue" | "business" | "government"));
    let verified = match (user.verified.0, by_type) {
        (None, None) => None,
        (flag, by_type) => Some(flag == Some(true) || by_type == Some(true)),
    };
    AuthorStats {
        followers: metrics.followers_count.0.or(user.followers_count.0),
        following: metrics.following_count.0.or(user.friends_count.0),
        tweets: metrics.post_count.0.or(metrics.tweet_count.0).or(user.statuses_count.0),
        verified,
        created_at: user.created_at.filled().and_then(dates::parse),
    }
}
