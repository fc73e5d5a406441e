//! What has changed since the page was answered: tweets have come, and time has passed.

use crate::api::explore::count_tweets;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::{Timestamp, explore::ExploreQuery};
use std::time::Duration;

/// How often a page that is looked at asks.
const INTERVAL: Duration = Duration::from_secs(10);

/// What the page shows: its question, the total that was answered, and when. Nothing while that is not known.
pub type Shown = (ExploreQuery, u64, Timestamp);

/// Since the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// So many more tweets match.
    pub newer: u64,
    /// So much time has passed.
    pub minutes: i64,
}

/// Watches what happens since the answer; asks for new tweets only while the page can be seen.
pub fn watch(shown: impl Fn() -> Option<Shown> + Copy + Send + Sync + 'static) -> RwSignal<Since> {
    let since = RwSignal::new(Since::default());
    let answered = StoredValue::new(0.0);
    Effect::new(move |before: Option<Option<Shown>>| {
        let now = shown();
        // A new answer has them all.
        if before.as_ref() != Some(&now) {
            answered.set_value(js_sys::Date::now());
            since.set(Since::default());
        }
        now
    });
    Effect::new(move |_| {
        let look = move || {
            let minutes = ((js_sys::Date::now() - answered.get_value()) / 60_000.0) as i64;
            change(since, |since| since.minutes = minutes);
            if let Some(asked) = untrack(shown).filter(|_| !document().hidden()) {
                spawn_local(count(asked, shown, since));
            }
        };
        // It fails only outside a page.
        if let Ok(interval) = set_interval_with_handle(look, INTERVAL) {
            on_cleanup(move || interval.clear());
        }
    });
    since
}

/// Tells those who listen only of what is another.
fn change(since: RwSignal<Since>, change: impl FnOnce(&mut Since)) {
    let Some(before) = since.try_get_untracked() else { return };
    let mut now = before;
    change(&mut now);
    if now != before {
        since.set(now);
    }
}

async fn count(asked: Shown, shown: impl Fn() -> Option<Shown>, since: RwSignal<Since>) {
    let (query, total, _) = &asked;
    // Where it fails, the next time will tell; what is shown stays true.
    let Ok(now) = count_tweets(query.collection.clone(), query.filter.clone()).await else { return };
    let is_gone = since.try_get_untracked().is_none();
    if !is_gone && untrack(shown).as_ref() == Some(&asked) {
        change(since, |since| since.newer = now.saturating_sub(*total));
    }
}

/// Was the button clicked that shows them?
pub fn is_wanted(event: &leptos::ev::MouseEvent) -> bool {
    super::closest(event, "button.newer").is_some()
}
