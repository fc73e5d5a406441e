use super::completions::Completions;
use super::{Here, icons};
use crate::browser;
use crate::markup::{Element, el};
use crate::url::ExploreUrl;
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use model::filter::{self, FilterError};
use model::texts::query as say;
use model::zone;

/// The box for the filter. While it is typed in, what it means is told below it, without asking the server.
#[component]
pub fn QueryBox(here: Memo<Here>) -> impl IntoView {
    let written = move || here.with(|here| here.typed.clone());
    let draft = RwSignal::new(untrack(written));
    // Somebody may have typed before the page was taken over; taking over puts back what the server has written.
    let typed = browser::typed_query();
    let completions = Completions::new(here, draft);
    // What was typed gives way to another filter, and to nothing else.
    Effect::new(move |before: Option<String>| {
        let now = written();
        match before {
            None => draft.set(typed.clone().unwrap_or_else(|| now.clone())),
            Some(before) if before != now => {
                draft.set(now.clone());
                completions.close();
            }
            Some(_) => {}
        }
        now
    });

    let hint = move || {
        let draft = draft.get();
        if draft.trim() == written() {
            return None;
        }
        Some(match filter::typed(&draft) {
            Ok(filter) => el("p")
                .class("meaning")
                .add(filter::describe(&filter))
                .add(" ")
                .add(el("span").class("quiet").add(el("kbd").add("Enter")).add(format!(" {}", say::applies()))),
            // It is being written: what fits is offered.
            Err(_) if completions.is_open() => return None,
            Err(error) => el("div").class("meaning").add(here.with(|here| filter_error(&here.url, &draft, &error))),
        })
    };
    let hidden = move || {
        let typed = el("input").attr("type", "hidden").attr("name", "typed").attr("value", "1");
        let fields = here.with(|here| hidden_fields(&here.url.with_text(String::new())));
        fields.into_iter().chain((!zone::current().is_utc()).then_some(typed)).collect::<Vec<_>>()
    };
    view! {
        <form class="query" role="search" method="get" action=move || here.with(|here| here.url.path())>
            {icons::search()}
            <label class="visually-hidden" for="query">{say::label()}</label>
            <input
                id="query"
                name="q"
                type="text"
                placeholder=say::placeholder()
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                enterkeyhint="search"
                maxlength="4096"
                role="combobox"
                aria-autocomplete="list"
                aria-controls="options"
                aria-expanded=move || completions.is_open().to_string()
                aria-activedescendant=move || completions.active_id()
                aria-describedby="meaning"
                value=untrack(written)
                prop:value=draft
                on:input:target=move |event| completions.typed(&event.target())
                on:keydown=move |event| completions.on_key(&event)
                on:blur=move |_| completions.close()
            />
            {hidden}
            <kbd class="hint" aria-hidden="true">"/"</kbd>
            <button class="quiet" type="submit">{say::search()}</button>
            <div class="hints" on:pointerdown=move |event| take_clicked(&event, completions)>
                {move || completions.list()}
                <div id="meaning" aria-live="polite">{hint}</div>
            </div>
        </form>
    }
}

/// Takes the option under the pointer. The box keeps the focus.
fn take_clicked(event: &PointerEvent, completions: Completions) {
    let option = browser::closest(event, "[data-option]").and_then(|option| option.get_attribute("data-option"));
    let number = option.and_then(|number| number.parse().ok());
    if let Some((input, number)) = browser::query_input().zip(number) {
        event.prevent_default();
        completions.take(&input, number);
    }
}

/// The state, for a form that changes a part of it.
pub fn hidden_fields(url: &ExploreUrl) -> Vec<Element> {
    let field =
        |(name, value): (String, String)| el("input").attr("type", "hidden").attr("name", name).attr("value", value);
    crate::url::pairs(&url.query_string()).into_iter().map(field).collect()
}

/// A form that the server handles itself. It knows the page that it was sent from, for those who must sign in again.
pub fn post_form(here: &Here, action: String) -> Element {
    let next = el("input").attr("type", "hidden").attr("name", "next").attr("value", here.url.href());
    el("form").attr("method", "post").attr("action", action).add(hidden_fields(&here.url)).add(next)
}

/// What is wrong with a filter: the place marked, the reason, and the way out in one click.
pub fn filter_error(url: &ExploreUrl, text: &str, error: &FilterError) -> Element {
    let part = |start: usize, end: usize| text.get(start..end).unwrap_or_default().to_owned();
    let (start, end) = (error.at.start.min(text.len()), error.at.end.min(text.len()));
    let wrong = if start == end { "\u{2007}".to_owned() } else { part(start, end) };
    let place = el("code").class("place").add(part(0, start)).add(el("mark").add(wrong)).add(part(end, text.len()));
    let fix = error.corrected(text).map(|fixed| {
        let href = url.with_text(filter::for_all(fixed.trim())).href();
        el("a")
            .class("button small")
            .attr("href", href)
            .add(format!("{} ", say::change_to()))
            .add(el("code").add(fixed))
    });
    el("div").class("filter-error").add(place).add(el("p").add(icons::warning()).add(error.message.clone())).add(fix)
}
