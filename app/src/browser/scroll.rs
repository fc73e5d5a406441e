//! How far the rows are scrolled: to the top for a new question, and on Back to where they were.

use super::rows::Rows;
use crate::api::Shared;
use crate::components::{Here, held::Held};
use leptos::prelude::*;
use model::explore::{ExplorePage, ExploreQuery};

/// Places that are remembered; older ones are forgotten.
const MOST: usize = 50;

/// Shows the rows of the page whenever the answer to another question has come: those that it begins with, or on Back
/// those where one was.
pub fn follow(here: Memo<Here>, shown: Memo<Option<Shared<ExplorePage>>>, rows: Rows) {
    let places = StoredValue::new(Vec::<(ExploreQuery, i32)>::new());
    let (by_history, awaited) = (StoredValue::new(false), StoredValue::new(false));
    Effect::new(move |_| {
        // The router has heard of it first and the effect below has run: what it said of the way is corrected here.
        let listener = window_event_listener(leptos::ev::popstate, move |_| by_history.set_value(true));
        on_cleanup(move || listener.remove());
    });
    Effect::new(move |before: Option<ExploreQuery>| {
        let now = here.with(|here| here.asked.clone());
        if let Some(before) = before.filter(|before| *before != now) {
            remember(places, before);
            by_history.set_value(false);
            awaited.set_value(true);
        }
        now
    });
    Effect::new(move |_| {
        let is_another = awaited.get_value();
        awaited.set_value(false);
        let asked = here.with_untracked(|here| here.asked.clone());
        let place = (is_another && by_history.get_value()).then(|| place_of(places, &asked)).flatten();
        shown.with(|page| {
            if let Some(page) = page {
                rows.begin(Held::of(page), page.total, place);
            }
        });
        if is_another && are_cards() {
            request_animation_frame(move || scroll_window_to(place.unwrap_or(0)));
        }
    });
}

fn place_of(places: StoredValue<Vec<(ExploreQuery, i32)>>, query: &ExploreQuery) -> Option<i32> {
    places.with_value(|places| places.iter().find(|(of, _)| of == query).map(|(_, place)| *place))
}

fn remember(places: StoredValue<Vec<(ExploreQuery, i32)>>, query: ExploreQuery) {
    let place = if are_cards() {
        window().scroll_y().map_or(0, |y| y as i32)
    } else {
        super::find(".rows").map_or(0, |rows| rows.scroll_top())
    };
    places.update_value(|places| {
        places.retain(|(of, _)| *of != query);
        places.truncate(MOST);
        places.insert(0, (query, place));
    });
}

/// To the top at once.
pub fn to_top() {
    if are_cards() {
        scroll_window_to(0);
    } else if let Some(rows) = super::find(".rows") {
        rows.set_scroll_top(0);
    }
}

/// Up to this width rows are cards, and the page scrolls as a whole.
const CARDS: f64 = 640.0;

/// Whether rows are cards.
pub fn are_cards() -> bool {
    super::is_narrower_than(CARDS)
}

fn scroll_window_to(place: i32) {
    window().scroll_to_with_x_and_y(0.0, f64::from(place));
}
