//! From a plan to a tweet as X sends it.

use std::sync::Arc;

use super::accounts::Account;
use super::details::{EDITABLE, EDITED_SHARE, EDITS_ALLOWED};
use super::dice::{Dice, Domain};
use super::plan::{Kind, Plan};
use super::text::Text;
use super::vocabulary::LANGUAGES;
use super::{Corpus, context, details};
use crate::profile::Profile;
use crate::time::timestamp;
use crate::wire::{Attachments, EditControls, Id, Media, Metrics, Note, Place, Reference, Tweet};

/// A tweet with what belongs to it but is delivered beside it.
pub struct Record {
    pub ordinal: i64,
    pub kind: Kind,
    pub tweet: Tweet,
    pub author: Account,
    pub username: String,
    pub media: Vec<Media>,
    pub place: Option<Place>,
    pub target: Option<i64>,
    pub replied_to: Option<Account>,
    /// The retweeted tweet, which had to be made for this one's text.
    pub original: Option<Arc<Record>>,
}

impl Corpus {
    /// The tweet with this number.
    pub fn record(&self, ordinal: i64) -> Record {
        self.record_with(ordinal, |target| Arc::new(self.record(target)))
    }

    /// The same; `recall` gives an earlier tweet, which a retweet repeats.
    pub(crate) fn record_with(&self, ordinal: i64, recall: impl FnOnce(i64) -> Arc<Record>) -> Record {
        let plan = self.plan(ordinal);
        match (plan.kind, plan.target) {
            (Kind::Retweet, Some(target)) => self.retweet(&plan, recall(target.ordinal)),
            _ => self.own_words(&plan),
        }
    }

    fn retweet(&self, plan: &Plan, original: Arc<Record>) -> Record {
        let source = &original.tweet;
        let whole = Text::delivered(&source.text, &source.entities);
        let text = whole.retweeted(&original.username, source.author_id, original.author);
        let metrics = Metrics {
            retweet_count: source.public_metrics.retweet_count.max(1),
            reply_count: 0,
            like_count: 0,
            quote_count: 0,
            bookmark_count: 0,
            impression_count: 0,
        };
        let mut tweet = self.tweet(plan, text, None, metrics);
        tweet.attachments.clone_from(&source.attachments);
        tweet.possibly_sensitive = source.possibly_sensitive;
        if self.is_measured() {
            tweet.context_annotations.clone_from(&source.context_annotations);
        }
        Record { media: original.media.clone(), original: Some(original), ..self.bare_record(plan, tweet) }
    }

    fn own_words(&self, plan: &Plan) -> Record {
        let composed = self.compose(plan);
        let mut dice = Dice::new(self.seed(), Domain::Details, plan.ordinal);
        let mut tweet = self.tweet(plan, composed.text, composed.note, self.metrics(plan.ordinal));
        tweet.possibly_sensitive = dice.chance(0.02);
        if dice.chance(0.08) {
            tweet.reply_settings = Some(dice.pick(&["following", "mentionedUsers", "subscribers"]));
        }
        match self.world.profile {
            Profile::Demo if dice.chance(0.15) => tweet.context_annotations.push(context::one(plan)),
            Profile::Full => tweet.context_annotations = context::several(plan, &mut dice),
            Profile::Demo | Profile::Lean => {}
        }
        match self.world.profile {
            Profile::Demo if !dice.chance(EDITED_SHARE) => {}
            Profile::Demo => details::edit(&mut tweet, details::earlier_ids(plan, &mut dice)),
            Profile::Lean | Profile::Full => details::edit(&mut tweet, self.earlier_ids(plan)),
        }
        if !composed.media.is_empty() {
            let media_keys = composed.media.iter().map(|media| media.media_key.clone()).collect();
            tweet.attachments = Some(Attachments { media_keys });
        }
        let place = details::locate(&mut tweet, &mut dice);
        let replied_to = match plan.kind {
            Kind::Reply => plan.target.map(|target| target.author),
            _ => None,
        };
        tweet.in_reply_to_user_id = replied_to.map(|account| self.user_id(account));
        Record { media: composed.media, place, replied_to, ..self.bare_record(plan, tweet) }
    }

    fn bare_record(&self, plan: &Plan, tweet: Tweet) -> Record {
        Record {
            ordinal: plan.ordinal,
            kind: plan.kind,
            tweet,
            author: plan.author,
            username: self.accounts.username(plan.author),
            media: Vec::new(),
            place: None,
            target: plan.target.map(|target| target.ordinal),
            replied_to: None,
            original: None,
        }
    }

    fn tweet(&self, plan: &Plan, text: Text, note: Option<Note>, metrics: Metrics) -> Tweet {
        let reference = plan.target.map(|target| Reference {
            kind: match plan.kind {
                Kind::Retweet => "retweeted",
                Kind::Quote => "quoted",
                Kind::Reply | Kind::Original => "replied_to",
            },
            id: Id(target.id),
        });
        Tweet {
            id: Id(plan.id),
            text: text.text,
            edit_history_tweet_ids: vec![Id(plan.id)],
            author_id: self.user_id(plan.author),
            created_at: timestamp(plan.micros),
            conversation_id: Id(plan.conversation),
            in_reply_to_user_id: None,
            referenced_tweets: reference.into_iter().collect(),
            lang: LANGUAGES[plan.theme.language].code,
            possibly_sensitive: false,
            reply_settings: Some("everyone"),
            public_metrics: metrics,
            entities: text.entities,
            context_annotations: Vec::new(),
            attachments: None,
            geo: None,
            note_tweet: note,
            edit_controls: (self.world.profile != Profile::Lean).then(|| EditControls {
                edits_remaining: EDITS_ALLOWED,
                is_edit_eligible: plan.kind == Kind::Original,
                editable_until: timestamp(plan.micros + EDITABLE),
            }),
        }
    }
}
