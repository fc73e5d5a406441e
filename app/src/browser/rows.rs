//! Rows that are scrolled to are fetched, and stand where the bar says.

use super::scale::{Anchor, Scale};
use super::{find_html, scroll};
use crate::api::explore::load_rows;
use crate::components::Here;
use crate::components::held::{Held, Wanted};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::explore::ExploreQuery;
use web_sys::HtmlElement;

/// The first and last row in sight, from 1. Nothing until the rows are scrolled.
pub type Seen = Option<(u64, u64)>;

/// The part of the page that scrolls, measured.
struct Window {
    rows: HtmlElement,
    body: HtmlElement,
    scale: Scale,
}

impl Window {
    /// Nothing where rows are cards, or where there are none.
    fn measured(total: u64) -> Option<Self> {
        let rows = find_html(".rows").filter(|_| !scroll::are_cards())?;
        let body = find_html(".rows tbody")?;
        let row = find_html(".rows tbody tr")?.get_bounding_client_rect().height();
        let head = find_html(".rows thead")?.get_bounding_client_rect().height();
        let view = (f64::from(rows.client_height()) - head).max(row);
        (row > 0.0).then_some(Self { rows, body, scale: Scale { total, row, view } })
    }

    fn top(&self) -> f64 {
        f64::from(self.rows.scroll_top())
    }

    /// Puts the rows that are drawn to their place.
    fn place(&self, anchor: Anchor, held: &Held) {
        self.set_spaces(self.scale.spaces(anchor, held.before, held.rows().count() as u64));
    }

    /// Until other rows are drawn: were there less room for a moment, the bar would jump.
    fn make_room(&self, anchor: Anchor, held: &Held) {
        self.set_spaces(self.scale.spaces(anchor, held.before, 0));
    }

    fn set_spaces(&self, (above, below): (f64, f64)) {
        for (side, space) in [("padding-top", above), ("padding-bottom", below)] {
            // A length of our own making is never refused.
            let _ = self.body.style().set_property(side, &format!("{}px", space as i64));
        }
    }
}

/// Follows the bar.
#[derive(Clone, Copy)]
pub struct Rows {
    here: Memo<Here>,
    pub held: RwSignal<Held>,
    pub seen: RwSignal<Seen>,
    anchor: StoredValue<Anchor>,
    /// The height of a row when they were placed.
    height: StoredValue<f64>,
    total: StoredValue<u64>,
    is_asking: StoredValue<bool>,
}

impl Rows {
    pub fn new(here: Memo<Here>) -> Self {
        Self {
            here,
            held: RwSignal::new(Held::default()),
            seen: RwSignal::new(None),
            anchor: StoredValue::new(Anchor::default()),
            height: StoredValue::new(0.0),
            total: StoredValue::new(0),
            is_asking: StoredValue::new(false),
        }
    }

    /// Shows these rows, of so many, and scrolls to `top`, or to the first of them.
    pub fn begin(self, held: Held, total: u64, top: Option<i32>) {
        let first = held.before;
        self.total.set_value(total);
        self.held.set(held);
        self.seen.set(None);
        request_animation_frame(move || {
            let Some(window) = Window::measured(total) else { return };
            let there = window.scale.to(first);
            let anchor = top.map_or(there, |top| window.scale.moved(there, f64::from(top)));
            self.go(&window, anchor);
            self.scrolled();
        });
    }

    fn go(self, window: &Window, anchor: Anchor) {
        self.anchor.set_value(anchor);
        self.height.set_value(window.scale.row);
        self.held.with_untracked(|held| window.place(anchor, held));
        window.rows.set_scroll_top(anchor.top as i32);
    }

    /// The rows have become higher or lower: the same one stays the first in sight.
    pub fn resized(self) {
        request_animation_frame(move || {
            if let Some(window) = self.window() {
                self.go(&window, window.scale.to(self.anchor.get_value().first as u64));
            }
        });
    }

    fn window(self) -> Option<Window> {
        // By then the page may be gone.
        Window::measured(self.total.try_get_value()?)
    }

    /// The rows were scrolled.
    pub fn scrolled(self) {
        let Some(window) = self.window() else { return };
        if window.scale.row != self.height.get_value() {
            return self.resized();
        }
        let anchor = window.scale.moved(self.anchor.get_value(), window.top());
        self.anchor.set_value(anchor);
        let (first, last) = window.scale.in_sight(anchor);
        let seen = Some((first + 1, last));
        if self.seen.get_untracked() != seen {
            self.seen.set(seen);
        }
        let wanted = self.held.with_untracked(|held| {
            window.place(anchor, held);
            held.wanted(first, last, window.scale.total)
        });
        if let Some(wanted) = wanted.filter(|_| !self.is_asking.get_value()) {
            self.is_asking.set_value(true);
            spawn_local(self.ask(wanted));
        }
    }

    async fn ask(self, wanted: Wanted) {
        let asked = self.here.with_untracked(|here| here.asked.clone());
        let answer = load_rows(beyond(&asked, &wanted)).await;
        // By then the page may be gone, or show something else.
        if self.is_asking.try_get_value().is_none() {
            return;
        }
        self.is_asking.set_value(false);
        let is_same = self.here.with_untracked(|here| here.asked == asked);
        // Without an answer the next step of the bar asks again.
        let Ok(block) = answer else { return };
        if !is_same || block.rows.is_empty() {
            return;
        }
        let mut held = self.held.get_untracked();
        held.take(&wanted, block);
        if let Some(window) = self.window() {
            window.make_room(self.anchor.get_value(), &held);
        }
        self.held.set(held);
        request_animation_frame(move || self.scrolled());
    }
}

/// The question for rows beyond those that are held.
fn beyond(asked: &ExploreQuery, wanted: &Wanted) -> ExploreQuery {
    let (mut after, mut before, mut row) = (None, None, None);
    match wanted {
        Wanted::After(cursor) => after = Some(cursor.clone()),
        Wanted::Before(cursor) => before = Some(cursor.clone()),
        Wanted::Number(number) => row = Some(*number),
    }
    ExploreQuery { after, before, row, at: None, split: None, previous: false, view: None, ..asked.clone() }
}
