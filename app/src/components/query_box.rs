use super::icons;
use crate::erase::Erase;
use crate::url::ExploreUrl;
use leptos::prelude::*;
use model::filter::{self, FilterError};

/// The box for the filter. While it is typed in, what it means is told below it, without asking the server.
#[component]
pub fn QueryBox(#[prop(into)] url: Signal<ExploreUrl>) -> impl IntoView {
    let draft = RwSignal::new(url.with_untracked(|url| url.q.clone()));
    // What was typed gives way to what a link or Back has set.
    Effect::new(move |_| draft.set(url.with(|url| url.q.clone())));

    let hint = move || {
        let (draft, url) = (draft.get(), url.get());
        if draft.trim() == url.q {
            return ().erased();
        }
        match filter::parse(&draft) {
            Ok(filter) => view! {
                <p class="meaning">
                    {filter::describe(&filter)}" "<span class="quiet"><kbd>"Enter"</kbd>" applies it"</span>
                </p>
            }
            .erased(),
            Err(error) => view! { <div class="meaning">{filter_error(&url, &draft, &error)}</div> }.erased(),
        }
    };
    let hidden = move || hidden_fields(&url.get().with_text(String::new()));
    view! {
        <form class="query" role="search" method="get" action=move || url.with(ExploreUrl::path)>
            {icons::search()}
            <label class="visually-hidden" for="query">"Filter"</label>
            <input
                id="query"
                name="q"
                type="text"
                placeholder="Words, or conditions such as lang:en likes>=50 -is:retweet"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="search"
                maxlength="4096"
                aria-describedby="meaning"
                value=url.with_untracked(|url| url.q.clone())
                prop:value=draft
                on:input:target=move |event| draft.set(event.target().value())
            />
            {hidden}
            <kbd class="hint" aria-hidden="true">"/"</kbd>
            <button class="quiet" type="submit">"Search"</button>
            <div id="meaning" class="hints" aria-live="polite">{hint}</div>
        </form>
    }
    .erased()
}

/// The state, for a form that changes a part of it.
pub fn hidden_fields(url: &ExploreUrl) -> AnyView {
    let fields = crate::url::pairs(&url.query_string());
    fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view()
        .erased()
}

/// What is wrong with a filter: the place marked, the reason, and the way out in one click.
pub fn filter_error(url: &ExploreUrl, text: &str, error: &FilterError) -> AnyView {
    let place = |start: usize, end: usize| text.get(start..end).unwrap_or_default().to_owned();
    let (start, end) = (error.at.start.min(text.len()), error.at.end.min(text.len()));
    let wrong = if start == end { "\u{2007}".to_owned() } else { place(start, end) };
    let fix = error.corrected(text).map(|fixed| {
        let href = url.with_text(fixed.trim().to_owned()).href();
        view! { <a class="button small" href=href>"Change to "<code>{fixed}</code></a> }
    });
    view! {
        <div class="filter-error">
            <code class="place">{place(0, start)}<mark>{wrong}</mark>{place(end, text.len())}</code>
            <p>{icons::warning()}{error.message.clone()}</p>
            {fix}
        </div>
    }
    .erased()
}
