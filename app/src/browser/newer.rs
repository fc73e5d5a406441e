//! Tweets that have come since the page was answered.

use crate::api::explore::count_tweets;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::explore::ExploreQuery;
use std::time::Duration;

/// How often a page that is looked at asks.
const INTERVAL: Duration = Duration::from_secs(10);

/// What the page shows: its question, and the total that was answered.
pub type Shown = (ExploreQuery, u64);

/// How many more tweets match by now than are shown. Asks only while the page can be seen.
pub fn count_newer(shown: impl Fn() -> Option<Shown> + Copy + Send + Sync + 'static) -> ReadSignal<u64> {
    let (newer, set_newer) = signal(0);
    Effect::new(move |_| {
        // A new answer has them all.
        shown();
        set_newer.set(0);
    });
    Effect::new(move |_| {
        let ask = move || {
            if let Some(shown_now) = untrack(shown).filter(|_| !document().hidden()) {
                spawn_local(update(shown_now, shown, set_newer));
            }
        };
        // It fails only outside a page.
        if let Ok(interval) = set_interval_with_handle(ask, INTERVAL) {
            on_cleanup(move || interval.clear());
        }
    });
    newer
}

async fn update(asked: Shown, shown: impl Fn() -> Option<Shown>, newer: WriteSignal<u64>) {
    let (query, total) = &asked;
    // Where it fails, the next time will tell; what is shown stays true.
    if let Ok(now) = count_tweets(query.collection.clone(), query.filter.clone()).await
        && untrack(&shown).as_ref() == Some(&asked)
    {
        newer.set(now.saturating_sub(*total));
    }
}

/// Was the button clicked that shows them?
pub fn is_wanted(event: &leptos::ev::MouseEvent) -> bool {
    super::closest(event, "button.newer").is_some()
}
