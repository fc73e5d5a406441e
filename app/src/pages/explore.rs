mod answers;
mod state;

#[cfg(feature = "ssr")]
pub use self::answers::Prepared;
use self::answers::{load_detail, load_page};
use self::state::State;
use super::signed_out;
use crate::browser::{self, chart, grid, newer, rails::Pull, scroll, sheet};
use crate::components::all_values::{self, AllValues};
use crate::components::detail::{Place, detail, panel_head};
use crate::components::histogram::Scale;
use crate::components::load::{load, transition};
use crate::components::query_box::{QueryBox, filter_error};
use crate::components::{
    Here, chips, column_menu, columns_menu, empty, error_panel::error_panel, facet, frame::Frame, go_to, headline,
    histogram, pager, rails, selection::selection_bar, skeleton, sort_note, split, table, time_button,
    title_row::title_row,
};
use crate::erase::Erase;
use crate::error::AppError;
use crate::markup::{Element, el};
use crate::site::{self, page_title, signed_in};
use crate::url::ExploreUrl;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use model::explore::TweetDetail;
use model::texts::{errors, explore as say};
use model::{Column, TweetId};
use std::sync::Arc;

/// The explore page: a filter, and all that it finds.
#[component]
pub fn Explore() -> impl IntoView {
    if signed_in().is_none() {
        return signed_out();
    }
    let (params, search) = (use_params_map(), use_location().search);
    let url = move || {
        let collection = params.with(|params| params.get("collection")).unwrap_or_default();
        search.with(|search| ExploreUrl::parse(&collection, search))
    };
    if search.with_untracked(|search| ExploreUrl::is_edit(search)) {
        site::redirect(&untrack(url).href());
    }
    let here = Memo::new(move |before: Option<&Here>| Here::at(url(), before));
    let state = State::new(here, load_page, load_detail);
    enhance(state);
    page_title(move || format!("{} · Roost", state.name()));
    view! { <Frame class="explore">{workbench(state).erased()}</Frame> }.erased()
}

/// Keys, and what should be in view and have the focus after a change.
fn enhance(state: State) {
    browser::listen_to_keys();
    scroll::follow(state.here, state.shown, state.rows);
    Effect::new(move |_| {
        state.settings.density.track();
        state.rows.resized();
    });
    Effect::new(move |_| {
        state.here.track();
        state.shown.track();
        state.rows.held.track();
        request_animation_frame(|| {
            grid::keep_one_stop();
            grid::place_pins();
        });
    });
    Effect::new(move |before: Option<Option<TweetId>>| {
        let now = state.here.with(|here| here.url.tweet);
        match (before, now) {
            (Some(Some(closed)), None) => request_animation_frame(move || browser::leave_details(closed)),
            (before, Some(_)) => request_animation_frame(move || {
                browser::show_open_row();
                if before == Some(None) {
                    browser::enter_details();
                }
            }),
            _ => {}
        }
        now
    });
}

/// Where a click leads, and whether it takes the place of the address.
type Target = Option<(String, bool)>;

fn workbench(state: State) -> impl IntoView {
    let navigate = use_navigate();
    let go = move |target: Target| {
        if let Some((href, replace)) = target {
            navigate(&href, NavigateOptions { scroll: false, replace, ..Default::default() });
        }
    };
    let drag = chart::Drag::default();
    let values_of = RwSignal::new(None);
    let on_submit = {
        let go = go.clone();
        move |event: SubmitEvent| {
            sheet::submitted(&event);
            let collection = state.here.with_untracked(|here| here.url.collection.clone());
            go(browser::form_target(&event, &collection).map(|href| (href, false)));
        }
    };
    let on_click = {
        let go = go.clone();
        move |event: MouseEvent| go(clicked(state, drag, values_of, &event))
    };
    let resize = StoredValue::new(grid::Resize::default());
    let pull = StoredValue::new(Pull::default());
    let go_by_key = go.clone();
    let on_pointer_up = move |event: PointerEvent| {
        pull.get_value().end(&event);
        pull.set_value(Pull::default());
        let sized = resize.get_value().width(&event);
        resize.set_value(grid::Resize::default());
        grid::forget_widths();
        if let Some((column, width)) = sized {
            go(Some((state.here.with_untracked(|here| here.url.with_width(column, Some(width)).href()), false)));
        }
        go(zoomed(state, drag.end()));
    };
    let on_key = move |event: KeyboardEvent| match drag.on_key(&event) {
        Some(chosen) => go_by_key(zoomed(state, chosen)),
        // Keys that mean nothing to histogram and rows are for others.
        None => drop(grid::on_key(&event, state.picked).or_else(|| browser::rails::on_key(&event))),
    };
    view! {
        <div
            class="workbench"
            on:submit=on_submit
            on:input=|event| sheet::typed(&event)
            on:click=on_click
            on:auxclick=|event| browser::open_clicked_row(&event)
            on:pointerdown=move |event| {
                drag.begin(&event);
                resize.set_value(grid::Resize::begin(&event));
                pull.set_value(Pull::begin(&event));
            }
            on:pointermove=move |event| {
                drag.go_on(&event);
                resize.get_value().go_on(&event);
                pull.get_value().go_on(&event);
            }
            on:pointerup=on_pointer_up
            on:pointercancel=move |_| drag.cancel()
            // It does not bubble.
            on:scroll:capture=move |event| if browser::closest(&event, ".rows").is_some() {
                grid::place_pins();
                state.rows.scrolled();
            }
            on:keydown=on_key
        >
            {top(state)}
            {panes(state)}
            {part(state, RwSignal::new(false), Vec::new, menus)}
            <AllValues column=values_of here=state.here/>
            {sheet::dialog()}
        </div>
    }
}

/// Where the part of the histogram leads that was chosen: the scale, and from where to where.
fn zoomed(state: State, chosen: Option<(Scale, f64, f64)>) -> Target {
    let (scale, one, other) = chosen?;
    state.here.with_untracked(|here| scale.zoomed(here, one, other)).map(|href| (href, false))
}

/// Does what a click asks for, or says where it leads.
fn clicked(
    state: State,
    drag: chart::Drag,
    values_of: RwSignal<Option<&'static Column>>,
    event: &MouseEvent,
) -> Target {
    browser::close_menu_of(event);
    sheet::clicked(event);
    grid::clicked(event, state.picked);
    browser::rails::clicked(event);
    browser::open_clicked_row(event);
    if let Some(column) = all_values::asked_for(event) {
        values_of.set(Some(column));
    }
    if browser::closest(event, "[data-retry]").is_some() {
        event.prevent_default();
        state.page.refetch();
        state.detail.refetch();
    }
    if newer::is_wanted(event) {
        if !state.here.with_untracked(Here::shows_newest) {
            return Some((state.here.with_untracked(Here::newest), false));
        }
        scroll::to_top();
        state.page.refetch();
    }
    let collection = state.here.with_untracked(|here| here.url.collection.clone());
    let to = browser::also_sorted(event).or_else(|| drag.clicked(event));
    to.map(|href| (href, false)).or_else(|| browser::taken_over(event, &collection))
}

/// A part of the page that is shown anew whenever what it reads of the state changes.
fn part(
    state: State,
    pending: RwSignal<bool>,
    skeleton: fn() -> Vec<Element>,
    shown: fn(State) -> Vec<Element>,
) -> impl IntoView {
    transition(Arc::new(move || shown(state)), pending, skeleton)
}

/// Title, query box, chips, and what went wrong.
fn top(state: State) -> impl IntoView {
    view! {
        <section class="top">
            <div class="title-row">
                {part(state, RwSignal::new(false), Vec::new, title)}
            </div>
            <div class="query-row">
                <QueryBox here=state.here/>
                {part(state, RwSignal::new(false), Vec::new, chosen_time)}
                {move || state.here.with(facet::sheet_button)}
            </div>
            {part(state, RwSignal::new(false), Vec::new, applied_error)}
            {move || state.here.with(chips::chips)}
            {move || state.here.with(go_to::note)}
            {move || failure_above_page(state)}
        </section>
    }
}

fn title(state: State) -> Vec<Element> {
    let name = state.name();
    state.perhaps_on_page(|here, page| title_row(here, page, name))
}

fn chosen_time(state: State) -> Vec<Element> {
    state.perhaps_on_page(|here, _| vec![time_button::time_button(here)])
}

/// What is wrong with the filter of the URL: what the page finds itself, or what only the server knows, such as
/// handles that nobody has.
fn applied_error(state: State) -> Vec<Element> {
    let answered = match state.failure() {
        Some(AppError::Filter(error, _)) => Some(error),
        _ => None,
    };
    state.here.with(|here| {
        let Some(error) = here.error.as_ref().or(answered.as_ref()) else { return Vec::new() };
        let note = state.shown.with(Option::is_some).then(|| el("p").class("quiet").add(errors::not_updated()));
        let told = filter_error(&here.url, &here.written, error);
        vec![el("div").class("applied-error").attr("role", "alert").add(told).add(note)]
    })
}

/// What went wrong, if there is still a page to read beneath it.
fn failure_above_page(state: State) -> Option<Element> {
    let failure = state.failure().filter(|failure| !matches!(failure, AppError::Filter(..)))?;
    let older = || el("p").add(errors::older());
    state.shown.with(Option::is_some).then(|| error_panel(&failure).add(older()))
}

/// Facets, results, details.
fn panes(state: State) -> impl IntoView {
    let pending = RwSignal::new(false);
    let quiet = RwSignal::new(false);
    let is_open = move || state.here.with(|here| here.url.tweet.is_some());
    view! {
        <div
            class="panes"
            class:is-loading=pending
            class:is-stale=move || state.is_stale()
            class:with-detail=is_open
            aria-busy=move || pending.get().to_string()
        >
            {part(state, quiet, skeleton::facets_skeleton, |state| state.on_page(facet::sheet))}
            <section class="center" aria-label=say::results()>
                {part(state, pending, skeleton::headline_skeleton, found)}
                {part(state, quiet, skeleton::chart_skeleton, bars)}
                {part(state, quiet, skeleton::rows_skeleton, results)}
                {part(state, quiet, Vec::new, foot)}
            </section>
            {detail_panel(state)}
            {part(state, quiet, Vec::new, |state| state.on_page(|_, _| rails::rails()))}
        </div>
    }
}

fn found(state: State) -> Vec<Element> {
    state.on_page(|here, page| vec![headline::headline(here, page, state.since.get())])
}

fn bars(state: State) -> Vec<Element> {
    state.on_page(|here, page| vec![histogram::histogram(here, &page.histogram, &page.fired)])
}

fn results(state: State) -> Vec<Element> {
    if state.shown.with(Option::is_none)
        && let Some(error) = state.failure()
    {
        return vec![error_panel(&error)];
    }
    let held = state.held().unwrap_or_default();
    state.on_page(|here, page| {
        vec![match page.total {
            // What there would be without a condition is known of the filter that was answered.
            0 if state.is_stale() => el("div"),
            0 => empty::empty(here, &page.without),
            total => state.picked.with(|picked| table::table(here, &held, total, picked)),
        }]
    })
}

fn foot(state: State) -> Vec<Element> {
    let (density, seen) = (state.settings.density.get(), state.rows.seen.get());
    state.on_page(|here, page| {
        vec![state.picked.with(|picked| match picked.as_slice() {
            [] => pager::pager(here, page, seen, density),
            picked => selection_bar(here, picked),
        })]
    })
}

/// The menus, apart from what opens them: they float above all else.
fn menus(state: State) -> Vec<Element> {
    state.perhaps_on_page(|here, page| {
        let menus = el("div")
            .class("menus")
            .add(page.map(|page| go_to::menu(here, page)))
            .add(column_menu::menus(here))
            .add(columns_menu::columns_menu(here))
            .add(sort_note::sort_menu(here))
            .add(split::split_menu(here));
        vec![menus]
    })
}

fn detail_panel(state: State) -> impl IntoView {
    let head = |state: State| {
        state.perhaps_on_page(|here, page| {
            let held = state.held().unwrap_or_default();
            let place = page.zip(here.url.tweet).map(|(page, id)| Place::among(&held, page.total, id));
            vec![panel_head(here, &place.unwrap_or_default())]
        })
    };
    let pending = RwSignal::new(false);
    let body = move |found: &Option<TweetDetail>| {
        state.perhaps_on_page(|here, page| {
            let opened = here.url.tweet;
            match found {
                Some(found) if Some(found.row.tweet.id) == opened => detail(here, &found.row, &found.referenced),
                // What the row knows is there at once; the rest follows.
                _ => {
                    let row = page.and_then(|page| page.rows.iter().find(|row| Some(row.tweet.id) == opened));
                    row.map(|row| detail(here, row, &[])).unwrap_or_default()
                }
            }
        })
    };
    view! {
        <aside
            class="detail"
            class:is-loading=pending
            hidden=move || state.here.with(|here| here.url.tweet.is_none())
            aria-label=say::details()
            tabindex="-1"
        >
            {part(state, RwSignal::new(false), Vec::new, head)}
            {load(state.detail, pending, skeleton::list_skeleton, body)}
        </aside>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests;
