use super::signed_out;
use crate::api::{explore::load_explore, tweets::load_tweet};
use crate::components::detail::{Place, detail, panel_head};
use crate::components::query_box::{QueryBox, filter_error};
use crate::components::{
    Here, chips, column_menu, columns_menu, empty, facet, frame::Frame, headline, histogram, icons,
};
use crate::components::{load::load, pager, skeleton, table, time_button};
use crate::erase::Erase;
use crate::error::AppError;
use crate::site::{self, page_title, signed_in};
use crate::{browser, url::ExploreUrl};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use model::explore::{ExplorePage, ExploreQuery, TweetDetail};
use model::{Timestamp, TweetId, filter};

type Answer<T> = Resource<Result<T, AppError>>;

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
    let page = Resource::new(move || query.get(), load_page);
    let opened = move || url.with(|url| url.tweet.map(|id| (url.collection.clone(), id)));
    let detail = Resource::new(opened, load_detail);
    enhance(url, query);
    view! { <Frame class="explore">{workbench(State { url, query, page, detail })}</Frame> }.erased()
}

/// What the page is made of.
#[derive(Clone, Copy)]
struct State {
    url: Memo<ExploreUrl>,
    /// What is asked for: the URL, without what only changes the view.
    query: Memo<ExploreQuery>,
    page: Answer<ExplorePage>,
    detail: Answer<Option<TweetDetail>>,
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

fn workbench(state: State) -> AnyView {
    let navigate = use_navigate();
    let on_submit = move |event| {
        let collection = state.url.with_untracked(|url| url.collection.clone());
        if let Some(target) = browser::form_target(&event, &collection) {
            navigate(&target, NavigateOptions { scroll: false, ..Default::default() });
        }
    };
    view! {
        <div class="workbench" on:submit=on_submit on:click=|event| browser::close_menu_of(&event)>
            {top(state)}
            {panes(state)}
            {move || menus(&state.here(Timestamp::default()))}
        </div>
    }
    .erased()
}

/// Title, query box, chips.
fn top(state: State) -> AnyView {
    let slug = move || state.url.with(|url| url.collection.clone());
    let title = move || {
        state.page.with(|answer| {
            let title = match answer {
                Some(Ok(page)) => page.collection.title.clone(),
                _ => slug(),
            };
            view! { {page_title(&format!("{title} · Roost"))} <h1><bdi>{title}</bdi></h1> }.erased()
        })
    };
    let error = move || {
        state.url.with(|url| {
            let error = filter::parse(&url.q).err()?;
            let note = "Until then the results are not updated.";
            Some(view! {
                <div class="applied-error" role="alert">
                    {filter_error(url, &url.q, &error)}
                    <p class="quiet">{note}</p>
                </div>
            })
        })
    };
    view! {
        <section class="top">
            <div class="title-row">
                <Transition fallback=move || view! { <h1>{slug}</h1> }>{title}</Transition>
            </div>
            <div class="query-row">
                <QueryBox url=state.url/>
                {move || time_button::time_button(&state.here(Timestamp::default()))}
                <button class="filters-button" type="button" popovertarget="facets">{icons::funnel()}"Filters"</button>
            </div>
            {error}
            {move || chips::chips(&state.here(Timestamp::default()))}
        </section>
    }
    .erased()
}

/// Facets, results, details.
fn panes(state: State) -> AnyView {
    let pending = RwSignal::new(false);
    let body = move |page: &ExplorePage| results(&state.here(page.answered_at), page);
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
    .erased()
}

fn results(here: &Here, page: &ExplorePage) -> AnyView {
    let rows = if page.rows.is_empty() { empty::empty(here) } else { table::table(here, &page.rows) };
    view! {
        <aside id="facets" class="facets" popover="auto" aria-label="Filters">
            <header class="panel-head">
                <h2>"Filters"</h2>
                <span class="spacer"></span>
                <button class="step" type="button" popovertarget="facets" popovertargetaction="hide" aria-label="Close the filters">
                    {icons::close()}
                </button>
            </header>
            {facet::facets(here, &page.facets)}
        </aside>
        <section class="center" aria-label="Results">
            {headline::headline(here, page)}
            {histogram::histogram(here, &page.histogram)}
            {rows}
            {pager::pager(here, page)}
        </section>
    }
    .erased()
}

/// The menus, apart from what opens them: they float above all else.
fn menus(here: &Here) -> AnyView {
    view! { {column_menu::menus(here)} {columns_menu::columns_menu(here)} }.erased()
}

fn detail_panel(state: State, is_open: Memo<bool>) -> AnyView {
    let pending = RwSignal::new(false);
    let head = move || {
        with_page(state, |page| {
            let place = page.zip(state.url.with(|url| url.tweet)).map(|(page, id)| Place::on(page, id));
            panel_head(&state.here(now_of(page)), &place.unwrap_or_default())
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
                row.map(|row| detail(&state.here(now_of(page)), row, &[])).erased()
            }),
        }
    };
    view! {
        <aside class="detail" class:is-loading=pending hidden=move || !is_open.get() aria-label="Details">
            <Transition fallback=|| ()>{head}</Transition>
            {load(state.detail, pending, skeleton::list_skeleton, body)}
        </aside>
    }
    .erased()
}

fn with_page(state: State, view: impl FnOnce(Option<&ExplorePage>) -> AnyView) -> AnyView {
    state.page.with(|answer| view(answer.as_ref().and_then(|answer| answer.as_ref().ok())))
}

fn now_of(page: Option<&ExplorePage>) -> Timestamp {
    page.map(|page| page.answered_at).unwrap_or_default()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
