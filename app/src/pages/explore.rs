use super::signed_out;
use crate::api::{Answer, ask, explore::load_explore, tweets::load_tweet};
use crate::browser::{self, chart, newer};
use crate::components::all_values::{self, AllValues};
use crate::components::detail::{Place, detail, panel_head};
use crate::components::load::{load, transition};
use crate::components::query_box::{QueryBox, filter_error};
use crate::components::{
    Here, chips, column_menu, columns_menu, empty, export_menu, facet, frame::Frame, headline, histogram,
};
use crate::components::{icons, pager, skeleton, table, time_button, views_menu};
use crate::erase::Erase;
use crate::error::AppError;
use crate::markup::{Element, el};
use crate::site::{self, page_title, signed_in};
use crate::url::ExploreUrl;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use model::explore::{ExplorePage, ExploreQuery, TweetDetail};
use model::{Timestamp, TweetId, filter};
use std::sync::Arc;

/// The explore page: a filter, and all that it finds.
#[component]
pub fn Explore() -> impl IntoView {
    if signed_in().is_none() {
        return signed_out();
    }
    let (params, search) = (use_params_map(), use_location().search);
    let url = Memo::new(move |_| {
        let collection = params.with(|params| params.get("collection")).unwrap_or_default();
        search.with(|search| ExploreUrl::parse(&collection, search))
    });
    if search.with_untracked(|search| ExploreUrl::is_edit(search)) {
        site::redirect(&url.with_untracked(ExploreUrl::href));
    }
    let query = Memo::new(move |shown: Option<&ExploreQuery>| next_query(&url.get(), shown));
    let page = ask(move || query.get(), load_page);
    let opened = move || url.with(|url| url.tweet.map(|id| (url.collection.clone(), id)));
    let detail = ask(opened, load_detail);
    enhance(url, query);
    let shown = move || page.with(|answer| Some((query.get(), answer.as_ref()?.as_ref().ok()?.total)));
    let state = State { url, query, page, detail, newer: newer::count_newer(shown) };
    let title = page_title(move || format!("{} · Roost", state.name()));
    view! { <Frame class="explore">{title} {workbench(state).erased()}</Frame> }.erased()
}

/// What the page is made of.
#[derive(Clone, Copy)]
struct State {
    url: Memo<ExploreUrl>,
    /// What is asked for: the URL, without what only changes the view.
    query: Memo<ExploreQuery>,
    page: Answer<ExplorePage>,
    detail: Answer<Option<TweetDetail>>,
    /// Tweets that have come since the answer.
    newer: ReadSignal<u64>,
}

impl State {
    /// Where the user is. With a filter that cannot be read, links go on from the one whose results are shown.
    fn here(&self, now: Timestamp) -> Here {
        let url = self.url.get();
        match filter::parse(&url.q) {
            Ok(filter) => Here { url, filter, now },
            Err(_) => {
                let shown = filter::parse(&self.query.get().filter).unwrap_or_default();
                Here { url: url.with_filter(&shown), filter: shown, now }
            }
        }
    }

    /// The title of the collection, or its slug until that is known.
    fn name(&self) -> String {
        let title = |page: &ExplorePage| page.collection.title.clone();
        let title = self.page.with(|answer| answer.as_ref()?.as_ref().ok().map(title));
        title.unwrap_or_else(|| self.url.with(|url| url.collection.clone()))
    }

    fn filter_is_wrong(&self) -> bool {
        self.url.with(|url| filter::parse(&url.q).is_err())
    }
}

/// What to ask for: as long as the filter cannot be read, what is shown stays.
fn next_query(url: &ExploreUrl, shown: Option<&ExploreQuery>) -> ExploreQuery {
    match shown {
        Some(shown) if shown.collection == url.collection && filter::parse(&url.q).is_err() => shown.clone(),
        _ => url.query(),
    }
}

async fn load_page(query: ExploreQuery) -> Result<ExplorePage, AppError> {
    filter::parse(&query.filter).map_err(AppError::Filter)?;
    load_explore(query).await
}

async fn load_detail(key: Option<(String, TweetId)>) -> Result<Option<TweetDetail>, AppError> {
    match key {
        Some((collection, id)) => load_tweet(collection, id).await.map(Some),
        None => Ok(None),
    }
}

/// Keys, and what should be in view after a change.
fn enhance(url: Memo<ExploreUrl>, query: Memo<ExploreQuery>) {
    browser::listen_to_keys();
    Effect::new(move |before: Option<ExploreQuery>| {
        let now = query.get();
        if before.is_some_and(|before| before != now) {
            browser::scroll_rows_to_top();
        }
        now
    });
    Effect::new(move |_| {
        if url.with(|url| url.tweet.is_some()) {
            request_animation_frame(browser::show_open_row);
        }
    });
}

fn workbench(state: State) -> impl IntoView {
    let navigate = use_navigate();
    let go = move |target: Option<String>| {
        if let Some(target) = target {
            navigate(&target, NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    let drag = chart::Drag::default();
    let values_of = RwSignal::new(None);
    let on_submit = {
        let go = go.clone();
        move |event: SubmitEvent| {
            let collection = state.url.with_untracked(|url| url.collection.clone());
            go(browser::form_target(&event, &collection));
        }
    };
    let on_click = {
        let go = go.clone();
        move |event: MouseEvent| {
            browser::close_menu_of(&event);
            browser::open_clicked_row(&event);
            if let Some(column) = all_values::asked_for(&event) {
                values_of.set(Some(column));
            }
            if newer::is_wanted(&event) {
                state.page.refetch();
            }
            go(drag.clicked(&event));
        }
    };
    let on_pointer_up = move |_| {
        let zoomed = drag
            .end()
            .and_then(|(scale, one, other)| untrack(|| scale.zoomed(&state.here(Timestamp::default()), one, other)));
        go(zoomed);
    };
    view! {
        <div
            class="workbench"
            on:submit=on_submit
            on:click=on_click
            on:pointerdown=move |event| drag.begin(&event)
            on:pointermove=move |event| drag.go_on(&event)
            on:pointerup=on_pointer_up
            on:keydown=|event| {
                // Keys that mean nothing to the histogram are for others.
                let _ = chart::on_key(&event);
            }
        >
            {top(state)}
            {panes(state)}
            {move || menus(&state.here(Timestamp::default()))}
            <AllValues column=values_of here=Signal::derive(move || state.here(Timestamp::default()))/>
        </div>
    }
}

/// Title, query box, chips.
fn top(state: State) -> impl IntoView {
    let heading = move || {
        let title = el("h1").add(el("bdi").add(state.name()));
        with_page(state, |page| vec![title, views_menu::views_button(&state.here(now_of(page)), page)])
    };
    let heading = transition(Arc::new(heading), RwSignal::new(false));
    let filters = el("button")
        .class("filters-button")
        .attr("type", "button")
        .attr("popovertarget", "facets")
        .add(icons::funnel())
        .add("Filters");
    view! {
        <section class="top">
            <div class="title-row">{heading}</div>
            <div class="query-row">
                <QueryBox url=state.url/>
                {move || time_button::time_button(&state.here(Timestamp::default()))}
                {filters}
            </div>
            {move || state.url.with(applied_error)}
            {move || chips::chips(&state.here(Timestamp::default()))}
        </section>
    }
}

/// What is wrong with the filter of the URL.
fn applied_error(url: &ExploreUrl) -> Option<Element> {
    let error = filter::parse(&url.q).err()?;
    let note = el("p").class("quiet").add("Until then the results are not updated.");
    Some(el("div").class("applied-error").attr("role", "alert").add(filter_error(url, &url.q, &error)).add(note))
}

/// Facets, results, details.
fn panes(state: State) -> impl IntoView {
    let pending = RwSignal::new(false);
    let body = move |page: &ExplorePage| results(&state.here(page.answered_at), page, state.newer.get());
    let is_open = Memo::new(move |_| state.url.with(|url| url.tweet.is_some()));
    view! {
        <div
            class="panes"
            class:is-loading=pending
            class:is-stale=move || state.filter_is_wrong()
            class:with-detail=is_open
            aria-busy=move || pending.get().to_string()
        >
            {load(state.page, pending, skeleton::explore_skeleton, body)}
            {detail_panel(state, is_open)}
        </div>
    }
}

fn results(here: &Here, page: &ExplorePage, newer: u64) -> Vec<Element> {
    let rows = if page.rows.is_empty() { empty::empty(here, &page.without) } else { table::table(here, &page.rows) };
    let close = el("button")
        .class("step")
        .attr("type", "button")
        .attr("popovertarget", "facets")
        .attr("popovertargetaction", "hide")
        .attr("aria-label", "Close the filters")
        .add(icons::close());
    let head = el("header").class("panel-head").add(el("h2").add("Filters")).add(el("span").class("spacer")).add(close);
    let facets = el("aside")
        .attr("id", "facets")
        .class("facets")
        .attr("popover", "auto")
        .attr("aria-label", "Filters")
        .add(head)
        .add(facet::facets(here, &page.facets));
    let center = el("section")
        .class("center")
        .attr("aria-label", "Results")
        .add(headline::headline(here, page, newer))
        .add(histogram::histogram(here, &page.histogram))
        .add(rows)
        .add(pager::pager(here, page));
    vec![facets, center, export_menu::export_menu(here, page), views_menu::views_menu(here, page)]
}

/// The menus, apart from what opens them: they float above all else.
fn menus(here: &Here) -> Vec<Element> {
    let mut menus = column_menu::menus(here);
    menus.push(columns_menu::columns_menu(here));
    menus
}

fn detail_panel(state: State, is_open: Memo<bool>) -> impl IntoView {
    let pending = RwSignal::new(false);
    let head = move || {
        with_page(state, |page| {
            let place = page.zip(state.url.with(|url| url.tweet)).map(|(page, id)| Place::on(page, id));
            vec![panel_head(&state.here(now_of(page)), &place.unwrap_or_default())]
        })
    };
    let body = move |found: &Option<TweetDetail>| {
        let opened = state.url.with(|url| url.tweet);
        match found {
            Some(found) if Some(found.row.tweet.id) == opened => {
                with_page(state, |page| detail(&state.here(now_of(page)), &found.row, &found.referenced))
            }
            // What the row knows is there at once; the rest follows.
            _ => with_page(state, |page| {
                let row = page.and_then(|page| page.rows.iter().find(|row| Some(row.tweet.id) == opened));
                row.map(|row| detail(&state.here(now_of(page)), row, &[])).unwrap_or_default()
            }),
        }
    };
    view! {
        <aside class="detail" class:is-loading=pending hidden=move || !is_open.get() aria-label="Details">
            {transition(Arc::new(head), RwSignal::new(false))}
            {load(state.detail, pending, skeleton::list_skeleton, body)}
        </aside>
    }
}

fn with_page(state: State, view: impl FnOnce(Option<&ExplorePage>) -> Vec<Element>) -> Vec<Element> {
    state.page.with(|answer| view(answer.as_ref().and_then(|answer| answer.as_ref().ok())))
}

fn now_of(page: Option<&ExplorePage>) -> Timestamp {
    page.map(|page| page.answered_at).unwrap_or_default()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
