//! One record of a table as a tweet.

use super::{columns::Columns, fields::Field};
use crate::{
    dates,
    decode::{Lookup, Record},
    ids,
    normalise::{self, Facts},
    wire::{
        WireAttachments, WireEntities, WireMetrics, WirePlace, WireReference, WireTwarc, WireTweet, WireUser,
        WireUserMetrics, WireWithheld,
        lenient::{Flag, List, Number, Obj, Text},
    },
};
use model::{Timestamp, TweetId, UserId, id::BadId, observed::Role};
use serde::{Deserialize, Serializer};

/// What spreadsheets leave where they took a text for a formula.
const CELL_ERRORS: [&str; 5] = ["#NAME?", "#VALUE!", "#REF!", "#ERROR!", "#N/A"];

/// What R, Python and databases write where there is nothing.
const ABSENT: [&str; 7] = ["", "NA", "NaN", "nan", "None", "null", "NULL"];

/// X takes 25,000 characters; a longer text is the rest of a file behind a quote that nothing closes.
const MAX_TEXT_CHARS: usize = 30_000;

/// From here on, 2010-11-06, ids hold their time and are large.
const SNOWFLAKES: Timestamp = Timestamp::from_seconds(1_289_001_600);

/// The fields that are ids of others than the tweet.
pub const OTHER_IDS: [Field; 7] = [
    Field::AuthorId,
    Field::Conversation,
    Field::ReplyTo,
    Field::ReplyToAuthor,
    Field::QuoteOf,
    Field::RepostOf,
    Field::ReferenceId,
];

/// One record with its header.
pub struct Row<'r> {
    pub header: &'r [String],
    pub columns: &'r Columns,
    pub cells: Vec<&'r str>,
    /// The fields whose ids are rounded in this part of the file.
    pub rounded: &'r [Field],
}

impl<'r> Row<'r> {
    /// Decodes the row; an error says why it is rejected.
    pub fn decode(&self, observed_at: Timestamp) -> Result<Record, String> {
        self.check_id()?;
        self.check_text()?;
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

    fn check_id(&self) -> Result<(), String> {
        let id: TweetId = ids::bare(self.cell(Field::Id)).parse().map_err(|error: BadId| error.to_string())?;
        if self.rounded.contains(&Field::Id) && ids::is_rounded(id.0) {
            return Err(ids::ROUNDED.to_owned());
        }
        let date = dates::parse(self.cell(Field::CreatedAt));
        match date.filter(|date| id.snowflake_ms().is_none() && *date > SNOWFLAKES) {
            Some(date) => Err(format!(
                "\"{id}\" is a row number, not a tweet id: ids this small ended in 2010, and the row is of {}. Name the \
                 column that has the ids: --map id=COLUMN",
                date.format("%Y-%m-%d")
            )),
            None => Ok(()),
        }
    }

    fn check_text(&self) -> Result<(), String> {
        let text = self.cell(Field::Text).trim();
        if text.is_empty() {
            return Err("the row has no text".to_owned());
        }
        if CELL_ERRORS.contains(&text) {
            return Err(format!("a spreadsheet has put {text} in place of the text"));
        }
        if text.len() > MAX_TEXT_CHARS && text.chars().count() > MAX_TEXT_CHARS {
            return Err(format!("its text is longer than {MAX_TEXT_CHARS} characters: is a quote never closed?"));
        }
        Ok(())
    }

    /// The cell of a field; of several the first that is filled; empty if there is none.
    pub fn cell(&self, field: Field) -> &'r str {
        let cells = || self.columns.all(field).iter().filter_map(|at| self.cells.get(*at)).copied();
        let filled = cells().find(|cell| !ABSENT.contains(&cell.trim()));
        filled.or_else(|| cells().find(|cell| !cell.trim().is_empty())).unwrap_or_default()
    }

    /// The fields whose ids are damaged, by rounding or by scientific notation. They are left out.
    pub fn damaged_ids(&self) -> impl Iterator<Item = Field> {
        OTHER_IDS.into_iter().filter(|field| self.is_damaged(*field))
    }

    fn is_damaged(&self, field: Field) -> bool {
        match ids::bare(self.cell(field)).parse() {
            Ok(UserId(id)) => self.rounded.contains(&field) && ids::is_rounded(id),
            Err(BadId::Scientific(_)) => true,
            Err(_) => false,
        }
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
        let references = [
            (Text::from("replied_to"), Field::ReplyTo),
            (Text::from("quoted"), Field::QuoteOf),
            (Text::from("retweeted"), Field::RepostOf),
            (self.text(Field::ReferenceKind), Field::ReferenceId),
        ];
        let references = references
            .into_iter()
            .map(|(kind, field)| Obj(Some(WireReference { kind, id: self.id(field), ..WireReference::default() })));
        List(references.collect())
    }

    /// Absent where the cell is empty, or says so in the words of R and Python.
    fn text(&self, field: Field) -> Text<'r> {
        let cell = self.cell(field).trim();
        if ABSENT.contains(&cell) { Text(None) } else { cell.into() }
    }

    fn id(&self, field: Field) -> Text<'r> {
        let id = ids::bare(self.cell(field));
        if ABSENT.contains(&id) || self.is_damaged(field) { Text(None) } else { id.into() }
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
