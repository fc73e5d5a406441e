//! The borders of the panes under pointer and keys.

use super::{closest, find};
use crate::components::rails::{RAILS, Rail};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use web_sys::Element;

/// A pull at a border.
#[derive(Clone, Copy, Default)]
pub struct Pull(Option<&'static Rail>);

impl Pull {
    /// The pointer goes down.
    pub fn begin(event: &PointerEvent) -> Self {
        let border = closest(event, "[data-rail]").filter(|_| event.button() == 0);
        if let Some(border) = &border {
            // It fails only for pointers that are gone.
            let _ = border.set_pointer_capture(event.pointer_id());
            event.prevent_default();
        }
        Self(border.and_then(|border| rail_of(&border)))
    }

    /// The pointer moves: the pane is as wide as it says.
    pub fn go_on(self, event: &PointerEvent) {
        if let Some((rail, width)) = self.width(event) {
            rail.width.show(width);
        }
    }

    /// The pointer goes up.
    pub fn end(self, event: &PointerEvent) {
        if let Some((rail, width)) = self.width(event) {
            choose(rail, width);
        }
    }

    fn width(self, event: &PointerEvent) -> Option<(&'static Rail, &'static str)> {
        let rail = self.0?;
        let panes = find(".panes")?.get_bounding_client_rect();
        let at = f64::from(event.client_x());
        let width = if rail.grows_right { at - panes.left() } else { panes.right() - at };
        let nearest = rail.widths().min_by_key(|(wide, _)| (f64::from(*wide) - width).abs() as u32)?;
        Some((rail, nearest.1))
    }
}

/// Keys at a border: arrows make the pane wider or narrower, Enter folds the facets.
pub fn on_key(event: &KeyboardEvent) -> Option<()> {
    let rail = rail_of(&closest(event, "[data-rail]")?)?;
    let pane = find(&format!(".{}", rail.name))?.get_bounding_client_rect().width();
    let (mut wider, mut narrower) = (None, None);
    for (width, value) in rail.widths() {
        if f64::from(width) < pane - 1.0 {
            narrower = Some(value);
        } else if wider.is_none() && f64::from(width) > pane + 1.0 {
            wider = Some(value);
        }
    }
    let to = match (event.key().as_str(), rail.grows_right) {
        ("ArrowRight", true) | ("ArrowLeft", false) => wider?,
        ("ArrowLeft", true) | ("ArrowRight", false) => narrower?,
        ("Home", _) => rail.widths().next()?.1,
        ("End", _) => rail.widths().last()?.1,
        ("Enter", true) => folded_or_not(rail)?,
        _ => return None,
    };
    choose(rail, to);
    event.prevent_default();
    Some(())
}

/// A click on the button that folds.
pub fn clicked(event: &MouseEvent) {
    if let Some((rail, to)) =
        closest(event, "[data-fold]").and(RAILS.first()).and_then(|rail| Some((rail, folded_or_not(rail)?)))
    {
        choose(rail, to);
    }
}

/// What folds the pane if it is open, and opens it if it is folded.
fn folded_or_not(rail: &Rail) -> Option<&'static str> {
    rail.width.known(if rail.width.now() == "0" { "usual" } else { "0" })
}

fn rail_of(border: &Element) -> Option<&'static Rail> {
    let name = border.get_attribute("data-rail")?;
    RAILS.iter().find(|rail| rail.name == name)
}

/// Shows and remembers a width, and tells it to those who do not see it.
fn choose(rail: &Rail, width: &'static str) {
    rail.width.remember(width);
    let told = [
        (format!("[data-rail={}]", rail.name), "aria-valuenow", if width == "usual" { "260" } else { width }),
        (format!("[data-fold={}]", rail.name), "aria-expanded", if width == "0" { "false" } else { "true" }),
    ];
    for (place, attribute, value) in told {
        if let Some(element) = find(&place) {
            // Only a wrong name could make it fail.
            let _ = element.set_attribute(attribute, value);
        }
    }
}
