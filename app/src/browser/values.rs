//! The values of a column, fetched as somebody types.

use crate::api::explore::list_values;
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::explore::{ValuesPage, ValuesQuery};
use std::time::Duration;

/// How long typing must rest before the server is asked.
const REST: Duration = Duration::from_millis(120);

/// The values for the question of the moment. What is not answered (yet) shows the last answer; no question, none.
pub fn values(query: Memo<Option<ValuesQuery>>) -> ReadSignal<Option<ValuesPage>> {
    let (page, set_page) = signal(None);
    Effect::new(move |before: Option<Option<ValuesQuery>>| {
        let now = query.get();
        let column = |query: &Option<ValuesQuery>| query.as_ref().map(|query| query.column.clone());
        if before.is_some_and(|before| column(&before) != column(&now)) {
            set_page.set(None);
        }
        if let Some(asked) = now.clone() {
            set_timeout(move || spawn_local(answer(asked, query, set_page)), REST);
        }
        now
    });
    page
}

async fn answer(asked: ValuesQuery, query: Memo<Option<ValuesQuery>>, page: WriteSignal<Option<ValuesPage>>) {
    // By then the page may be gone.
    let is_wanted = || query.try_with_untracked(|now| now.as_ref() == Some(&asked)) == Some(true);
    if !is_wanted() {
        return;
    }
    // Without an answer what was listed stays; the filter can still be written.
    if let Ok(answer) = list_values(asked.clone()).await
        && is_wanted()
    {
        page.try_set(Some(answer));
    }
}
