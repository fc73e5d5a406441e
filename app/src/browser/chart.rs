//! The histogram under pointer and keys. It is markup: its events are heard where it is mounted.

use crate::components::histogram::{Scale, WIDTH};
use crate::format::tenths;
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};

const CHART: &str = ".histogram .chart";
/// A drag of less than this share of the width is a click.
const CLICK: f64 = 0.008;

/// A drag over the histogram: where it began, as a share of the width, and where it is.
#[derive(Clone, Copy)]
pub struct Drag {
    at: StoredValue<Option<(f64, f64)>>,
    /// It has just ended: the click that follows is a part of it.
    has_ended: StoredValue<bool>,
    /// The bars from which and up to which Shift and arrows have gone.
    keyed: StoredValue<Option<(u32, u32)>>,
}

impl Default for Drag {
    fn default() -> Self {
        Self { at: StoredValue::new(None), has_ended: StoredValue::new(false), keyed: StoredValue::new(None) }
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

    /// The link of the bar or the mark that was clicked; the router does not see links within SVG.
    pub fn clicked(&self, event: &MouseEvent) -> Option<String> {
        let ends_drag = self.has_ended.get_value();
        self.has_ended.set_value(false);
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return None;
        }
        let href = super::closest(event, ".histogram svg a")?.get_attribute("href")?;
        event.prevent_default();
        (!ends_drag).then_some(href)
    }

    /// Keys at the bars: arrows move from one to the next, with Shift they choose those between; Enter is to show these.
    pub fn on_key(&self, event: &KeyboardEvent) -> Option<Option<(Scale, f64, f64)>> {
        let chart = super::closest(event, CHART)?;
        let bars = chart.query_selector_all("a").ok()?;
        let focused = document().active_element();
        let current = (0..bars.length()).find(|at| bars.get(*at).as_ref() == focused.as_ref().map(AsRef::as_ref));
        let next = match (event.key().as_str(), current) {
            ("ArrowRight", None) => 0,
            ("ArrowLeft", None) => bars.length().checked_sub(1)?,
            ("ArrowRight", Some(at)) => at + 1,
            ("ArrowLeft", Some(at)) => at.checked_sub(1)?,
            ("Enter", _) => {
                let (first, last) = self.keyed_bars(&chart, &bars)?;
                let scale = Scale::from_text(&chart.get_attribute("data-scale")?)?;
                self.keyed.set_value(None);
                event.prevent_default();
                // The middles, for the edges are those of the neighbours too.
                return Some(Some((scale, f64::midpoint(first.0, first.1), f64::midpoint(last.0, last.1))));
            }
            _ => return None,
        };
        event.prevent_default();
        // An SVG link has the same focus() as an HTML element.
        bars.get(next)?.unchecked_into::<HtmlElement>().focus().ok()?;
        let first = self.keyed.get_value().map(|(first, _)| first).or(current).unwrap_or(next);
        self.keyed.set_value(event.shift_key().then_some((first, next)));
        let (first, last) = self.keyed_bars(&chart, &bars).unwrap_or_default();
        show_selection(first.0, last.1);
        Some(None)
    }

    /// Where the first and the last of the chosen bars begin and end, as shares of the width.
    fn keyed_bars(&self, chart: &Element, bars: &NodeList) -> Option<((f64, f64), (f64, f64))> {
        let (one, other) = self.keyed.get_value()?;
        let area = chart.get_bounding_client_rect();
        let share = |at: f64| ((at - area.left()) / area.width().max(1.0)).clamp(0.0, 1.0);
        let bar = |at: u32| {
            let bar = bars.get(at)?.unchecked_into::<Element>().get_bounding_client_rect();
            Some((share(bar.left()), share(bar.right())))
        };
        Some((bar(one.min(other))?, bar(one.max(other))?))
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
