//! What a view finds, as an alert on it sees it.

use super::usual::{Hours, WEEKS, hour_of};
use super::watch::{Matches, Progress};
use crate::error::blocking;
use crate::explore::resolved;
use crate::{Error, Service, collections};
use model::account::CurrentUser;
use model::alert::{Moment, Rule};
use model::columns::{self, Column};
use model::explore::{Bucket, Sort};
use model::filter::{Compare, DateValue, Predicate, Scalar, Test, parse};
use model::time::{DAY, HOUR, SECOND};
use model::{Filter, Timestamp, TweetId};
use search::At;
use url::form_urlencoded;

/// Parts of a view's query string that are about one page of it.
const OF_ONE_PAGE: [&str; 8] = ["q", "off", "after", "before", "row", "tweet", "view", "previous"];
/// Posts that a notice shows.
const SAMPLES: usize = 3;

/// The condition of a view for an alert's rule, without the view's own limits of time: an alert watches what comes.
pub(super) struct WatchedView {
    /// As people write it.
    condition: Filter,
    /// As the index understands it, for the members of the collection.
    resolved: Filter,
    /// The view's query string.
    query: String,
}

/// Which time of a post counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clock {
    /// When Roost first saw it: what is new is new, however old.
    Arrival,
    /// When it was posted: what comes late is no spike of now, and no end of silence then.
    Posting,
}

fn clock(rule: &Rule) -> Clock {
    match rule {
        Rule::NewMatches { .. } | Rule::Threshold { .. } => Clock::Arrival,
        Rule::Spike { .. } | Rule::Silence { .. } => Clock::Posting,
    }
}

impl WatchedView {
    /// As the user sees it.
    pub async fn new(
        service: &Service,
        user: &CurrentUser,
        collection: &str,
        query: &str,
        rule: &Rule,
    ) -> Result<Self, Error> {
        let opened = collections::open(service, user, collection).await?;
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let text = pairs.find(|(key, _)| key == "q").map(|(_, value)| value.into_owned()).unwrap_or_default();
        let mut condition = parse(&text)?.without_column(column("created")?);
        if let Rule::Threshold { column: name, at_least } = rule {
            let predicate = Predicate::Compare(Compare::AtLeast, Scalar::Number(i64::from(*at_least)));
            condition = condition.with(Test { column: column(name)?, predicate });
        }
        let resolved = opened.members_matching(resolved(service, &condition.to_string()).await?.filter);
        Ok(Self { condition, resolved, query: query.to_owned() })
    }

    /// What has come since the last evaluation, up to `cut`, by second.
    ///
    /// It is found by `first_seen`: posts come minutes or, after an outage, hours after they were posted, so by the
    /// time of posting some would be missed; and a change number is new with every look at an old post.
    pub async fn arrived(
        &self,
        service: &Service,
        rule: &Rule,
        progress: &Progress,
        cut: Timestamp,
    ) -> Result<Vec<Matches>, Error> {
        let (created, first_seen) = (column("created")?, column("first_seen")?);
        let filter = self.resolved.clone().with(span(first_seen, progress.until, cut));
        let filter = filter.with(from(created, progress.history));
        let clock = clock(rule);
        let by = if clock == Clock::Arrival { first_seen } else { created };
        let counts = self.counts(service, filter, by, SECOND).await?;
        let last = Timestamp(cut.0 - SECOND);
        let matches = counts.into_iter().map(|Bucket { start, count }| Matches {
            at: start.max(progress.until).min(last),
            posted: start,
            count,
        });
        Ok(matches.collect())
    }

    /// What was posted from one time to the other, by second, as if it had come at once.
    pub async fn posted(&self, service: &Service, from: Timestamp, to: Timestamp) -> Result<Vec<Matches>, Error> {
        let created = column("created")?;
        let filter = self.resolved.clone().with(span(created, from, to));
        let counts = self.counts(service, filter, created, SECOND).await?;
        Ok(counts.into_iter().map(|Bucket { start, count }| Matches { at: start, posted: start, count }).collect())
    }

    /// What the hours from one to the other are compared with.
    pub async fn hours(&self, service: &Service, first: i64, last: i64) -> Result<Hours, Error> {
        let created = column("created")?;
        let from = Timestamp(first * HOUR - WEEKS * 7 * DAY);
        let filter = self.resolved.clone().with(span(created, from, Timestamp((last + 1) * HOUR)));
        let counts = self.counts(service, filter, created, HOUR).await?;
        let first = self.edge(service, self.resolved.clone(), false).await?;
        let counts = counts.into_iter().map(|bucket| (hour_of(bucket.start), bucket.count)).collect();
        Ok(Hours { counts, first: first.map(hour_of) })
    }

    /// When the last match before that moment was posted.
    pub async fn newest_before(&self, service: &Service, at: Timestamp) -> Result<Option<Timestamp>, Error> {
        let before = limit(column("created")?, Compare::Less, at);
        let newest = self.edge(service, self.resolved.clone().with(before), true).await?;
        Ok(newest.map(|newest| newest.floor(SECOND)))
    }

    /// When the first or the last match was posted.
    async fn edge(&self, service: &Service, filter: Filter, last: bool) -> Result<Option<Timestamp>, Error> {
        let sort = [Sort { column: "created".to_owned(), descending: last }];
        let ids = ids(service, filter, sort, 1).await?;
        let rows = store::tweets::by_ids(&service.store, &ids).await?;
        Ok(rows.first().map(|row| row.tweet.created_at))
    }

    /// The query string of the explore page that shows what a moment is about. `history` is when what counts begins.
    pub fn link(&self, rule: &Rule, moment: &Moment, history: Option<Timestamp>) -> Result<String, Error> {
        let condition = self.condition.clone().with(window(rule, moment, history)?);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &condition.to_string());
        let kept = form_urlencoded::parse(self.query.as_bytes());
        query.extend_pairs(kept.filter(|(key, _)| !OF_ONE_PAGE.contains(&key.as_ref())));
        Ok(query.finish())
    }

    /// The newest posts of what a moment is about.
    pub async fn samples(
        &self,
        service: &Service,
        rule: &Rule,
        moment: &Moment,
        history: Timestamp,
    ) -> Result<Vec<TweetId>, Error> {
        let filter = self.resolved.clone().with(window(rule, moment, Some(history))?);
        ids(service, filter, [Sort::default()], SAMPLES).await
    }

    async fn counts(
        &self,
        service: &Service,
        filter: Filter,
        by: &'static Column,
        width: i64,
    ) -> Result<Vec<Bucket>, Error> {
        let (index, now) = (service.index.clone(), service.now());
        Ok(blocking(move || index.counts(&filter, by, width, now)).await??)
    }
}

async fn ids(service: &Service, filter: Filter, sort: [Sort; 1], limit: usize) -> Result<Vec<TweetId>, Error> {
    let (index, now) = (service.index.clone(), service.now());
    Ok(blocking(move || index.ids(&filter, &sort, &At::First, limit, now)).await??.ids)
}

/// The posts that a moment counted. A back-test has no history: it counts by the time of posting alone.
fn window(rule: &Rule, moment: &Moment, history: Option<Timestamp>) -> Result<Filter, Error> {
    let created = column("created")?;
    match (clock(rule), history) {
        (Clock::Arrival, Some(history)) => {
            Ok(span(column("first_seen")?, moment.from, moment.to).with(from(created, history)))
        }
        _ => Ok(span(created, moment.from, moment.to)),
    }
}

fn span(column: &'static Column, start: Timestamp, end: Timestamp) -> Filter {
    from(column, start).with(limit(column, Compare::Less, end))
}

fn from(column: &'static Column, start: Timestamp) -> Filter {
    limit(column, Compare::AtLeast, start)
}

fn limit(column: &'static Column, compare: Compare, time: Timestamp) -> Filter {
    Test { column, predicate: Predicate::Compare(compare, Scalar::Date(DateValue::moment(time))) }.into()
}

fn column(name: &str) -> Result<&'static Column, Error> {
    columns::find(name).ok_or_else(|| Error::Invalid(model::texts::refusals::no_column(name)))
}
