//! What X tells and Roost does not store.

use super::page::Name;

/// Of which object which properties, with all that is in them, and why.
type NotStored = (&'static str, &'static [&'static str], &'static str);

pub const NOT_STORED: &[NotStored] = &[
    (
        "posts",
        &["article", "article_title", "attachments.media_source_post_id", "card_uri", "media_metadata"],
        "what is attached is read at X, where its link leads; media tell themselves what they are",
    ),
    (
        "posts",
        &["community_id", "display_text_range", "edit_controls", "scopes"],
        "who may see and edit a post, and how X shows it, is X's matter",
    ),
    (
        "posts",
        &[
            "matched_media_notes",
            "note_request_suggestions",
            "suggested_source_links",
            "suggested_source_links_with_counts",
        ],
        "this is for people who write community notes",
    ),
    ("posts", &["non_public_metrics", "organic_metrics", "promoted_metrics"], "only its author gets them"),
    (
        "posts",
        &[
            "context_annotations.domain",
            "context_annotations.entity.description",
            "context_annotations.entity.id",
            "entities.annotations.end",
            "entities.annotations.probability",
            "entities.annotations.start",
            "entities.annotations.type",
        ],
        "what X thinks a post is about is kept as names",
    ),
    (
        "posts",
        &["entities.mentions.id", "note_post.entities.mentions.id", "username"],
        "a mention is kept as it stands in the text, and who wrote a post is told by the user beside it",
    ),
    (
        "posts",
        &[
            "entities.urls.description",
            "entities.urls.images",
            "entities.urls.media_key",
            "entities.urls.status",
            "entities.urls.unwound_url",
            "note_post.entities.urls.description",
            "note_post.entities.urls.images",
            "note_post.entities.urls.media_key",
            "note_post.entities.urls.status",
            "note_post.entities.urls.unwound_url",
        ],
        "of a link both addresses, what is shown, and the title are kept",
    ),
    ("posts", &["geo.coordinates", "withheld.copyright", "withheld.scope"], "places and countries are kept by name"),
    (
        "users",
        &[
            "active_follower_count",
            "affiliation",
            "confirmed_email",
            "connection_status",
            "entities.description",
            "is_identity_verified",
            "parody",
            "protected",
            "receives_your_dm",
            "subscriber_count",
            "subscribes_to_you",
            "subscription",
            "subscription_type",
            "verified_followers_count",
            "withheld",
        ],
        "no more is kept about people than tweets are read by",
    ),
    (
        "users",
        &["most_recent_post_id", "pinned_post_id", "profile_banner_url"],
        "they are of the page that X shows of a user",
    ),
    (
        "users",
        &["public_metrics.like_count", "public_metrics.listed_count", "public_metrics.media_count"],
        "followers, following and posts are kept",
    ),
    (
        "users",
        &[
            "entities.url.urls.description",
            "entities.url.urls.display_url",
            "entities.url.urls.end",
            "entities.url.urls.images",
            "entities.url.urls.media_key",
            "entities.url.urls.start",
            "entities.url.urls.status",
            "entities.url.urls.title",
            "entities.url.urls.unwound_url",
            "entities.url.urls.url",
        ],
        "of a user's link the address to which it leads is kept",
    ),
    (
        "media",
        &["height", "non_public_metrics", "organic_metrics", "promoted_metrics", "public_metrics", "variants", "width"],
        "of media it is kept what they are and show, where they are, and how long they play",
    ),
    (
        "places",
        &["contained_within", "country", "geo", "name", "place_type"],
        "the full name and the country's code say it",
    ),
    (
        "polls",
        &["duration_minutes", "end_datetime", "options.position", "voting_status"],
        "the choices come in their order",
    ),
    ("topics", &["description", "id", "name"], "no tweet refers to them"),
    (
        "calls",
        &[
            "conversation_id",
            "created_at",
            "host_id",
            "id",
            "join_policy",
            "join_url",
            "participant_count",
            "title",
            "viewer_may_join",
        ],
        "no tweet refers to them",
    ),
    ("answer", &["errors"], "what X could not give is only counted"),
    ("answer", &["matching_rules"], "a page is kept for the schedule that asked for it"),
];

/// The property that stands above for it.
pub fn not_stored(name: &Name) -> Option<(&'static str, &'static str)> {
    let is_in = |property: &&&str| {
        name.path.strip_prefix(**property).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let of_object = NOT_STORED.iter().filter(|(object, ..)| *object == name.object);
    let mut properties = of_object.flat_map(|(object, properties, _)| properties.iter().map(move |one| (*object, one)));
    properties.find(|(_, property)| is_in(property)).map(|(object, property)| (object, *property))
}
