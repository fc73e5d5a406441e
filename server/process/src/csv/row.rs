//! One record of a table as a tweet.

use super::{
    columns::{Columns, Field},
    ids,
};
use crate::{
    dates,
    decode::{Lookup, Record},
    normalise::{self, Facts},
    wire::{
        WireAttachments, WireEntities, WireMetrics, WirePlace, WireReference, WireTwarc, WireTweet, WireUser,
        WireUserMetrics, WireWithheld,
        lenient::{Flag, List, Number, Obj, Text},
    },
};
use model::{Timestamp, TweetId, id::BadId, observed::Role};
use serde::{Deserialize, Serializer};

/// What spreadsheets leave where they took a text for a formula.
const CELL_ERRORS: [&str; 5] = ["#NAME?", "#VALUE!", "#REF!", "#ERROR!", "#N/A"];

/// One record with its header.
pub struct Row<'r> {
    pub header: &'r [String],
    pub columns: &'r Columns,
    pub cells: Vec<&'r str>,
}

impl<'r> Row<'r> {
    /// Decodes the row; an error says why it is rejected. `rounded`: the ids of this file are.
    pub fn decode(&self, observed_at: Timestamp, rounded: bool) -> Result<Record, String> {
        let id: TweetId = ids::bare(self.cell(Field::Id)).parse().map_err(|error: BadId| error.to_string())?;
        let in_id = id.snowflake_ms().map(Timestamp::from_millis);
        let created_at = dates::parse_near(self.cell(Field::CreatedAt), in_id);
        if ids::is_rounded(id, rounded, created_at) {
            return Err(ids::ROUNDED.to_owned());
        }
        let text = self.cell(Field::Text);
        if text.trim().is_empty() {
            return Err("the row has no text".to_owned());
        }
        if CELL_ERRORS.contains(&text.trim()) {
            return Err(format!("a spreadsheet has put {} in place of the text", text.trim()));
        }
        let wire = self.wire();
        let lookup = Lookup::default();
        let observed_at = wire.twarc.0.as_ref().and_then(normalise::retrieved_at).unwrap_or(observed_at);
        let mut tweet = normalise::tweet(&wire, self.raw(), Role::Row, Facts { observed_at, lookup: &lookup })?;
        if !self.columns.has_entities() {
            tweet.tweet.entities = normalise::entities_of_plain_text(&tweet.tweet.text);
        }
        let author = wire.author.0.as_ref().and_then(|user| normalise::author(user, observed_at));
        let mut record = Record::default();
        record.tweets.push(tweet);
        record.authors.extend(author);
        Ok(record)
    }

    /// The cell of a field; empty if there is none.
    pub fn cell(&self, field: Field) -> &'r str {
        self.columns.at(field).and_then(|at| self.cells.get(at)).copied().unwrap_or_default()
    }

    /// The record as one JSON object, in the order of its columns.
    pub fn raw(&self) -> String {
        let mut json = Vec::new();
        let pairs = self.header.iter().zip(&self.cells);
        // Texts into memory: neither step can fail.
        let _ = serde_json::Serializer::new(&mut json).collect_map(pairs);
        String::from_utf8(json).unwrap_or_default()
    }

    fn wire(&self) -> WireTweet<'r> {
        WireTweet {
            id: ids::bare(self.cell(Field::Id)).into(),
            text: self.cell(Field::Text).into(),
            created_at: self.text(Field::CreatedAt),
            author_id: self.id(Field::AuthorId),
            conversation_id: self.id(Field::Conversation),
            in_reply_to_user_id: self.id(Field::ReplyToAuthor),
            lang: self.text(Field::Lang),
            source: self.text(Field::Source),
            reply_settings: self.text(Field::ReplySettings),
            possibly_sensitive: Flag::read(self.cell(Field::Sensitive)),
            public_metrics: Obj(Some(self.metrics())),
            entities: Obj(Some(WireEntities {
                hashtags: self.list(Field::Hashtags),
                cashtags: self.list(Field::Cashtags),
                mentions: self.list(Field::Mentions),
                urls: self.list(Field::Urls),
                annotations: self.list(Field::Annotations),
            })),
            attachments: Obj(Some(WireAttachments { media: self.list(Field::Media), ..WireAttachments::default() })),
            referenced_tweets: Some(self.references()),
            edit_history_tweet_ids: Some(self.list(Field::EditHistory)),
            geo: Obj(Some(WirePlace {
                full_name: self.text(Field::Place),
                country_code: self.text(Field::Country),
                ..WirePlace::default()
            })),
            context_annotations: self.list(Field::Contexts),
            withheld: Obj(Some(WireWithheld { country_codes: self.words(Field::WithheldIn) })),
            author: Obj(Some(self.author())),
            twarc: Obj(Some(WireTwarc { retrieved_at: self.text(Field::RetrievedAt) })),
            ..WireTweet::default()
        }
    }

    fn metrics(&self) -> WireMetrics {
        WireMetrics {
            like_count: self.number(Field::Likes),
            repost_count: self.number(Field::Reposts),
            retweet_count: Number(None),
            reply_count: self.number(Field::Replies),
            quote_count: self.number(Field::Quotes),
            bookmark_count: self.number(Field::Bookmarks),
            impression_count: self.number(Field::Views),
        }
    }

    fn author(&self) -> WireUser<'r> {
        WireUser {
            id: self.id(Field::AuthorId),
            username: Text(self.text(Field::Username).0.map(|name| match name.strip_prefix('@') {
                Some(bare) => bare.to_owned().into(),
                None => name,
            })),
            name: self.text(Field::Name),
            description: self.text(Field::AuthorDescription),
            location: self.text(Field::AuthorLocation),
            url: self.text(Field::AuthorUrl),
            profile_image_url: self.text(Field::AuthorPicture),
            created_at: self.text(Field::AuthorCreated),
            verified: Flag::read(self.cell(Field::Verified)),
            verified_type: self.text(Field::VerifiedType),
            public_metrics: Obj(Some(WireUserMetrics {
                followers_count: self.number(Field::Followers),
                following_count: self.number(Field::Following),
                post_count: self.number(Field::AuthorTweets),
                tweet_count: Number(None),
            })),
            ..WireUser::default()
        }
    }

    fn references(&self) -> List<Obj<WireReference<'r>>> {
        let kinds = [(Field::ReplyTo, "replied_to"), (Field::QuoteOf, "quoted"), (Field::RepostOf, "retweeted")];
        let references = kinds.into_iter().map(|(field, kind)| {
            Obj(Some(WireReference { kind: kind.into(), id: self.id(field), ..WireReference::default() }))
        });
        List(references.collect())
    }

    /// Absent where the cell is empty, or says so in the words of R and Python.
    fn text(&self, field: Field) -> Text<'r> {
        let cell = self.cell(field).trim();
        let absent = ["", "NA", "NaN", "nan", "None", "null", "NULL"].contains(&cell);
        Text((!absent).then(|| cell.into()))
    }

    fn id(&self, field: Field) -> Text<'r> {
        Text(self.text(field).0.map(|_| ids::bare(self.cell(field)).into()))
    }

    fn number(&self, field: Field) -> Number {
        Number::read(self.cell(field))
    }

    /// A list that twarc-csv has written as JSON.
    fn list<T: Deserialize<'r>>(&self, field: Field) -> List<T> {
        serde_json::from_str(self.cell(field)).unwrap_or_default()
    }

    /// A JSON list, or words between commas.
    fn words(&self, field: Field) -> List<Text<'r>> {
        let listed: List<Text<'r>> = self.list(field);
        if listed.0.is_empty() { List(vec![self.text(field)]) } else { listed }
    }
}
