//! Tweets of API 1.1 ("original format"), turned into the shape of API v2.

use super::{
    WireAttachments, WireEntities, WireMedia, WireMetrics, WirePlace, WireReference, WireTag, WireTwarc, WireTweet,
    WireUrl, WireUser, WireWithheld,
    lenient::{Flag, List, Number, Obj, Text},
};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct V1Tweet<'a> {
    #[serde(borrow)]
    id_str: Text<'a>,
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    extended_tweet: Obj<V1Extended<'a>>,
    #[serde(borrow)]
    full_text: Text<'a>,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    created_at: Text<'a>,
    #[serde(borrow)]
    lang: Text<'a>,
    #[serde(borrow)]
    source: Text<'a>,
    #[serde(borrow)]
    pub user: Obj<WireUser<'a>>,
    #[serde(borrow)]
    conversation_id_str: Text<'a>,
    #[serde(borrow)]
    conversation_id: Text<'a>,
    #[serde(borrow)]
    in_reply_to_status_id_str: Text<'a>,
    #[serde(borrow)]
    in_reply_to_status_id: Text<'a>,
    #[serde(borrow)]
    in_reply_to_user_id_str: Text<'a>,
    #[serde(borrow)]
    in_reply_to_user_id: Text<'a>,
    #[serde(borrow)]
    quoted_status_id_str: Text<'a>,
    #[serde(borrow)]
    quoted_status_id: Text<'a>,
    #[serde(borrow)]
    pub retweeted_status: Option<&'a RawValue>,
    #[serde(borrow)]
    pub quoted_status: Option<&'a RawValue>,
    favorite_count: Number,
    retweet_count: Number,
    reply_count: Number,
    quote_count: Number,
    possibly_sensitive: Flag,
    #[serde(borrow)]
    entities: Obj<V1Entities<'a>>,
    #[serde(borrow)]
    extended_entities: Obj<V1Entities<'a>>,
    #[serde(borrow)]
    place: Obj<WirePlace<'a>>,
    #[serde(borrow)]
    withheld_in_countries: List<Text<'a>>,
    #[serde(borrow, rename = "__twarc")]
    twarc: Obj<WireTwarc<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct V1Extended<'a> {
    #[serde(borrow)]
    full_text: Text<'a>,
    #[serde(borrow)]
    entities: Obj<V1Entities<'a>>,
    #[serde(borrow)]
    extended_entities: Obj<V1Entities<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct V1Entities<'a> {
    #[serde(borrow)]
    hashtags: List<Obj<V1Tag<'a>>>,
    #[serde(borrow)]
    symbols: List<Obj<V1Tag<'a>>>,
    #[serde(borrow)]
    user_mentions: List<Obj<V1Tag<'a>>>,
    #[serde(borrow)]
    urls: List<Obj<V1Url<'a>>>,
    #[serde(borrow)]
    media: List<Obj<V1Media<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct V1Tag<'a> {
    indices: List<Number>,
    #[serde(borrow)]
    text: Text<'a>,
    #[serde(borrow)]
    screen_name: Text<'a>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct V1Url<'a> {
    indices: List<Number>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    expanded_url: Text<'a>,
    #[serde(borrow)]
    display_url: Text<'a>,
}

/// A medium is a link in the text as well; its `url` is that link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct V1Media<'a> {
    indices: List<Number>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow)]
    expanded_url: Text<'a>,
    #[serde(borrow)]
    display_url: Text<'a>,
    #[serde(borrow)]
    media_key: Text<'a>,
    #[serde(borrow)]
    id_str: Text<'a>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    ext_alt_text: Text<'a>,
    #[serde(borrow)]
    media_url_https: Text<'a>,
    video_info: Obj<super::WireVideo>,
}

/// The tweets inside it, by their id only.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct V1Id<'a> {
    #[serde(borrow)]
    id_str: Text<'a>,
    #[serde(borrow)]
    id: Text<'a>,
}

impl<'a> V1Tweet<'a> {
    /// The same tweet in the shape of API v2.
    pub fn into_v2(self) -> WireTweet<'a> {
        let references = self.references();
        let extended = self.extended_tweet.0.unwrap_or_default();
        let (text, entities, media) = match extended.full_text.0 {
            Some(text) => (Text(Some(text)), extended.entities, extended.extended_entities),
            None => (self.full_text.or(self.text), self.entities, self.extended_entities),
        };
        let author_id = self.user.0.as_ref().map(|user| user.id_str.clone().or(user.id.clone()));
        let (entities, media) = join(entities.0.unwrap_or_default(), media.0);
        WireTweet {
            id: self.id_str.or(self.id),
            text,
            created_at: self.created_at,
            author_id: author_id.unwrap_or_default(),
            conversation_id: self.conversation_id_str.or(self.conversation_id),
            in_reply_to_user_id: self.in_reply_to_user_id_str.or(self.in_reply_to_user_id),
            lang: self.lang,
            source: self.source,
            possibly_sensitive: self.possibly_sensitive,
            public_metrics: Obj(Some(WireMetrics {
                like_count: self.favorite_count,
                retweet_count: self.retweet_count,
                reply_count: self.reply_count,
                quote_count: self.quote_count,
                ..WireMetrics::default()
            })),
            entities: Obj(Some(entities)),
            attachments: Obj(Some(WireAttachments { media, ..WireAttachments::default() })),
            referenced_tweets: Some(references),
            geo: self.place,
            withheld: Obj(Some(WireWithheld { country_codes: self.withheld_in_countries })),
            author: self.user,
            twarc: self.twarc,
            ..WireTweet::default()
        }
    }

    /// As API v2 has it: a retweet refers to nothing but its original.
    fn references(&self) -> List<Obj<WireReference<'a>>> {
        let reference = |kind: &'static str, id: Text<'a>| {
            Obj(Some(WireReference { kind: kind.into(), id, ..WireReference::default() }))
        };
        if let Some(id) = self.retweeted_status.and_then(inner_id) {
            return List(vec![reference("retweeted", id)]);
        }
        let replied_to = self.in_reply_to_status_id_str.clone().or(self.in_reply_to_status_id.clone());
        let quoted = self.quoted_status_id_str.clone().or(self.quoted_status_id.clone());
        let quoted = quoted.or(self.quoted_status.and_then(inner_id).unwrap_or_default());
        let both = [("replied_to", replied_to), ("quoted", quoted)];
        List(both.into_iter().filter(|(_, id)| id.0.is_some()).map(|(kind, id)| reference(kind, id)).collect())
    }
}

fn inner_id(raw: &RawValue) -> Option<Text<'_>> {
    let inner: Obj<V1Id<'_>> = serde_json::from_str(raw.get()).ok()?;
    let id = inner.0.map(|tweet| tweet.id_str.or(tweet.id))?;
    id.0.is_some().then_some(id)
}

/// The entities of API v2, with media as links too, and the media. `extended` names all media of a tweet,
/// `entities` only the first.
fn join<'a>(
    entities: V1Entities<'a>,
    extended: Option<V1Entities<'a>>,
) -> (WireEntities<'a>, List<Obj<WireMedia<'a>>>) {
    let media = match extended.map(|extended| extended.media) {
        Some(media) if !media.0.is_empty() => media,
        _ => entities.media,
    };
    let mut urls: Vec<_> = entities.urls.0.into_iter().filter_map(|url| url.0).map(link).collect();
    let media_links = media.objects().map(|media| V1Url {
        indices: media.indices.clone(),
        url: media.url.clone(),
        expanded_url: media.expanded_url.clone(),
        display_url: media.display_url.clone(),
    });
    urls.extend(media_links.map(link));
    let entities = WireEntities {
        hashtags: tags(entities.hashtags),
        cashtags: tags(entities.symbols),
        mentions: tags(entities.user_mentions),
        urls: List(urls),
        annotations: List::default(),
    };
    let media = media.0.into_iter().filter_map(|media| media.0).map(medium).collect();
    (entities, List(media))
}

fn medium(media: V1Media<'_>) -> Obj<WireMedia<'_>> {
    Obj(Some(WireMedia {
        media_key: media.media_key,
        id_str: media.id_str,
        kind: media.kind,
        ext_alt_text: media.ext_alt_text,
        media_url_https: media.media_url_https,
        video_info: media.video_info,
        ..WireMedia::default()
    }))
}

fn link(url: V1Url<'_>) -> Obj<WireUrl<'_>> {
    let (start, end) = ends(&url.indices);
    let V1Url { url, expanded_url, display_url, .. } = url;
    Obj(Some(WireUrl { start, end, url, expanded_url, display_url, title: Text(None) }))
}

fn tags<'a>(tags: List<Obj<V1Tag<'a>>>) -> List<Obj<WireTag<'a>>> {
    let tag = |tag: V1Tag<'a>| {
        let (start, end) = ends(&tag.indices);
        Obj(Some(WireTag { start, end, tag: tag.text, username: tag.screen_name, ..WireTag::default() }))
    };
    List(tags.0.into_iter().filter_map(|item| item.0).map(tag).collect())
}

fn ends(indices: &List<Number>) -> (Number, Number) {
    let at = |index: usize| indices.0.get(index).copied().unwrap_or_default();
    (at(0), at(1))
}
