//! When it is looked what rules X has, and what follows.

use super::runs::REST;
use super::{Keeper, RULES_AGAIN, Trouble};
use crate::stream::cover::Moved;
use crate::stream::line::{Route, Routes};
use crate::stream::rules::{self, Ruled, Wanted};
use model::Timestamp;
use model::schedule::{Schedule, Wait};
use model::time::{MINUTE, SECOND};
use source::SourceError;
use std::collections::BTreeMap;
use std::sync::Arc;

/// X has a new rule at work 20 seconds after it was made.
const RULE_BEGINS: i64 = 20 * SECOND;
/// How often it is looked whether X still has the rules.
const RULES_LAST: i64 = 15 * MINUTE;

impl Keeper {
    /// Has X's rules be what they should be, if they are not, or have not been looked at for a while.
    pub(super) fn look_at_rules(&mut self, now: Timestamp) {
        let Ok(client) = &self.client else { return };
        let wanted = self.wanted();
        let is_as_wanted = wanted.keys().eq(self.ruled.ids.keys());
        let is_fresh = !self.is_doubtful && self.ruled.asked_at.is_some_and(|at| now - at < RULES_LAST);
        if self.ruling.is_some() || now < self.not_before || (is_as_wanted && is_fresh) {
            return;
        }
        let client = Arc::clone(client);
        self.ruling = Some(tokio::spawn(async move { rules::reconcile(&client, &wanted, now).await }));
    }

    fn wanted(&self) -> Wanted {
        let mut wanted = Wanted::new();
        for stream in self.streams.values().filter(|stream| stream.ends.is_none()) {
            wanted.entry(stream.query().to_owned()).or_insert(stream.schedule.id);
        }
        wanted
    }

    /// What came of it: posts come for whom a rule is there, and who has none fails.
    pub(super) async fn take_rules(&mut self, ruled: Result<Ruled, SourceError>) -> Result<(), Trouble> {
        let now = self.service.now();
        let ruled = match ruled {
            Ok(ruled) => ruled,
            Err(error) => {
                self.rules_failed(&error, now);
                return Ok(());
            }
        };
        (self.is_doubtful, self.rules_wait) = (false, None);
        let is_named = |query: &String| ruled.ids.contains_key(query) || ruled.refused.contains_key(query);
        if !self.wanted().keys().all(is_named) {
            self.not_before = Timestamp(now.0 + RULES_AGAIN);
        }
        let moved = self.cover_ruled(&ruled, now);
        let refused: Vec<(i64, String)> = self
            .streams
            .values()
            .filter_map(|stream| Some((stream.schedule.id, ruled.refused.get(stream.query())?.clone())))
            .collect();
        self.ruled = ruled;
        self.route();
        refused.into_iter().for_each(|(schedule, reason)| self.fail(schedule, reason));
        self.put_down(moved, BTreeMap::new());
        self.note().await
    }

    /// From when on posts come by the rules.
    fn cover_ruled(&mut self, ruled: &Ruled, now: Timestamp) -> Moved {
        let mut moved = Moved::default();
        for stream in self.streams.values() {
            let (id, query) = (stream.schedule.id, stream.query());
            let Some(rule) = ruled.ids.get(query) else { continue };
            let begins = Timestamp(now.0 + if ruled.added.contains(query) { RULE_BEGINS } else { 0 });
            let had = self.ruled.ids.get(query);
            if !self.cover.has(id) {
                self.cover.join(id, stream.mark, begins);
            } else if had != Some(rule) {
                // It was there, and somebody has taken it away since.
                if let Some(since) = self.ruled.asked_at.filter(|_| had.is_some()) {
                    self.cover.doubt(id, since, &mut moved);
                }
                self.cover.begins(id, begins);
            }
        }
        moved
    }

    fn rules_failed(&mut self, error: &SourceError, now: Timestamp) {
        tracing::info!(credential = self.credential, error = %error, "the rules of a stream are not as they should be");
        let again = source::backoff::again(error, 1, now, 0.0);
        self.is_doubtful = true;
        self.not_before = again.unwrap_or(Timestamp(now.0 + REST)).max(Timestamp(now.0 + RULES_AGAIN));
        self.rules_wait = again.map(|_| Wait { until: self.not_before, reason: error.to_string() });
        if again.is_none() {
            self.fail_all(&error.to_string());
        }
    }

    pub(super) fn forget_rules(&mut self) {
        self.is_doubtful = true;
        self.not_before = Timestamp(i64::MIN);
        if let Some(ruling) = self.ruling.take() {
            ruling.abort();
        }
    }

    /// Tells the reader for whom lines are.
    pub(super) fn route(&self) {
        let mut routes = Routes::new();
        for stream in self.streams.values() {
            let Some(rule) = self.ruled.ids.get(stream.query()).filter(|_| stream.ends.is_none()) else { continue };
            let Schedule { id: schedule, collection, .. } = stream.schedule;
            routes.entry(rule.clone()).or_default().push(Route { schedule, collection, run: stream.run });
        }
        self.shared.route(routes);
    }
}
