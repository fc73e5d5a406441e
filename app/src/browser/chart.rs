//! The histogram under pointer and keys. It is markup: its events are heard where it is mounted.

use crate::components::histogram::{Scale, WIDTH};
use crate::format::tenths;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const CHART: &str = ".histogram .chart";
/// A drag of less than this share of the width is a click.
const CLICK: f64 = 0.008;

/// A drag over the histogram: where it began, as a share of the width, and where it is.
#[derive(Clone, Copy)]
pub struct Drag {
    at: StoredValue<Option<(f64, f64)>>,
    /// It has just ended: the click that follows is a part of it.
    has_ended: StoredValue<bool>,
}

impl Default for Drag {
    fn default() -> Self {
        Self { at: StoredValue::new(None), has_ended: StoredValue::new(false) }
    }
}

impl Drag {
    /// The pointer goes down.
    pub fn begin(&self, event: &PointerEvent) {
        let on_chart = event.button() == 0 && !event.shift_key() && super::closest(event, CHART).is_some();
        self.at.set_value(share_of_width(event).filter(|_| on_chart).map(|at| (at, at)));
        self.has_ended.set_value(false);
    }

    /// The pointer moves. Once it is a drag, the chart hears of the pointer wherever it goes.
    pub fn go_on(&self, event: &PointerEvent) {
        let held = event.buttons() == 1;
        if let (true, Some((start, _)), Some(now)) = (held, self.at.get_value(), share_of_width(event)) {
            let was_drag = self.dragged().is_some();
            self.at.set_value(Some((start, now)));
            show_selection(start, now);
            if let Some(chart) = super::find(CHART).filter(|_| !was_drag && self.dragged().is_some()) {
                // It fails only for pointers that are gone.
                let _ = chart.set_pointer_capture(event.pointer_id());
            }
        }
    }

    /// The pointer goes up: what was dragged over, if it was a drag.
    pub fn end(&self) -> Option<(Scale, f64, f64)> {
        let dragged = self.dragged();
        self.cancel();
        let (start, end) = dragged?;
        let has_ended = self.has_ended;
        has_ended.set_value(true);
        // The click comes at once or never; the page may be gone by then.
        set_timeout(
            move || {
                let _ = has_ended.try_set_value(false);
            },
            Duration::ZERO,
        );
        let scale = super::find(CHART)?.get_attribute("data-scale")?;
        Some((Scale::from_text(&scale)?, start, end))
    }

    /// The browser takes the pointer for something else, such as scrolling.
    pub fn cancel(&self) {
        if self.at.get_value().is_some() {
            self.at.set_value(None);
            show_selection(0.0, 0.0);
        }
    }

    /// The link of the bar that was clicked; the router does not see links within SVG.
    pub fn clicked(&self, event: &MouseEvent) -> Option<String> {
        let ends_drag = self.has_ended.get_value();
        self.has_ended.set_value(false);
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return None;
        }
        let href = super::closest(event, ".histogram .chart a")?.get_attribute("href")?;
        event.prevent_default();
        (!ends_drag).then_some(href)
    }

    fn dragged(&self) -> Option<(f64, f64)> {
        self.at.get_value().filter(|(start, end)| (start - end).abs() > CLICK)
    }
}

fn share_of_width(event: &PointerEvent) -> Option<f64> {
    let area = super::find(CHART)?.get_bounding_client_rect();
    Some(((f64::from(event.client_x()) - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0))
}

fn show_selection(one: f64, other: f64) {
    if let Some(selection) = super::find(".histogram .selection") {
        // Only a wrong name could make these fail.
        let _ = selection.set_attribute("x", &tenths(one.min(other) * WIDTH));
        let _ = selection.set_attribute("width", &tenths((one - other).abs() * WIDTH));
    }
}

/// Arrow keys move the focus from bar to bar.
pub fn on_key(event: &KeyboardEvent) -> Option<()> {
    let forward = match event.key().as_str() {
        "ArrowRight" => true,
        "ArrowLeft" => false,
        _ => return None,
    };
    let bars = super::closest(event, CHART)?.query_selector_all("a").ok()?;
    let focused = document().active_element();
    let current = (0..bars.length()).find(|at| bars.get(*at).as_ref() == focused.as_ref().map(AsRef::as_ref));
    let next = match (current, forward) {
        (None, true) => 0,
        (None, false) => bars.length().checked_sub(1)?,
        (Some(at), true) => at + 1,
        (Some(at), false) => at.checked_sub(1)?,
    };
    event.prevent_default();
    // An SVG link has the same focus() as an HTML element.
    bars.get(next)?.unchecked_into::<HtmlElement>().focus().ok()
}
