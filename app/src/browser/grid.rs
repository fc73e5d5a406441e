//! The rows under keys and pointer: from cell to cell, choosing rows, making columns wider.

use super::{closest, find, find_html};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use model::TweetId;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Rows that are chosen, in the order of being chosen.
pub type Picked = RwSignal<Vec<TweetId>>;

/// Rows that Page Up and Page Down pass over.
const PAGE: usize = 8;

/// Keys while the focus is in the rows.
pub fn on_key(event: &KeyboardEvent, picked: Picked) -> Option<()> {
    let cell = closest(event, ".tweets :is(th, td)")?;
    let row = cell.closest("tr").ok()??;
    let is_cell = event.target().as_ref() == Some(cell.as_ref());
    match (event.key().as_str(), event.ctrl_key() || event.meta_key(), event.shift_key()) {
        ("ArrowRight", false, false) => focus(&beside(&cell, true)?),
        ("ArrowLeft", false, false) => focus(&beside(&cell, false)?),
        ("ArrowDown", false, shift) => go(&cell, &row, true, 1, picked, shift)?,
        ("ArrowUp", false, shift) => go(&cell, &row, false, 1, picked, shift)?,
        ("PageDown", false, false) => go(&cell, &row, true, PAGE, picked, false)?,
        ("PageUp", false, false) => go(&cell, &row, false, PAGE, picked, false)?,
        ("Home", false, false) => focus(&row.first_element_child()?),
        ("End", false, false) => focus(&last_shown(&row)?),
        ("Home", true, false) => scroll_to(0)?,
        ("End", true, false) => scroll_to(find(".rows")?.scroll_height())?,
        ("F2", ..) => focus(&cell.query_selector("a, button").ok()??),
        ("Enter", false, false) if is_cell => {
            row.query_selector(".row-link").ok()??.dyn_into::<HtmlElement>().ok()?.click()
        }
        // At the link to the details, Escape closes them.
        ("Escape", ..) if closest(event, ".value-link").is_some() => focus(&cell),
        (" ", false, _) => toggle(picked, id_of(&row)?),
        ("a", true, false) => pick_all(picked),
        ("c", false, false) => copy(&cell),
        _ => return None,
    }
    event.prevent_default();
    Some(())
}

/// A click on the box before a row.
pub fn clicked(event: &MouseEvent, picked: Picked) {
    let id = closest(event, "[data-pick]").and_then(|mark| id_of(&mark.closest("tr").ok()??));
    if let Some(id) = id {
        event.prevent_default();
        toggle(picked, id);
    } else if closest(event, "[data-unpick]").is_some() {
        picked.set(Vec::new());
    }
}

/// The tweet of a row.
fn id_of(row: &Element) -> Option<TweetId> {
    row.get_attribute("data-id")?.parse().ok()
}

fn toggle(picked: Picked, id: TweetId) {
    picked.update(|picked| match picked.iter().position(|other| *other == id) {
        Some(place) => drop(picked.remove(place)),
        None => picked.push(id),
    });
}

/// Chooses all rows that are drawn.
fn pick_all(picked: Picked) {
    let Ok(rows) = document().query_selector_all(".tweets tbody tr") else { return };
    let ids = (0..rows.length()).filter_map(|at| id_of(&rows.get(at)?.dyn_into().ok()?));
    picked.set(ids.collect());
}

/// Moves the focus so many rows on; with Shift, the row there is chosen too.
fn go(cell: &Element, row: &Element, down: bool, rows: usize, picked: Picked, extend: bool) -> Option<()> {
    let column = cell.get_attribute("data-column")?;
    let mut to = step(row, down)?;
    for _ in 1..rows {
        to = step(&to, down).unwrap_or(to);
    }
    focus(&to.query_selector(&format!("[data-column=\"{column}\"]")).ok()??);
    if extend {
        for id in [row, &to].into_iter().filter_map(id_of) {
            picked.update(|picked| {
                if !picked.contains(&id) {
                    picked.push(id);
                }
            });
        }
    }
    Some(())
}

/// The row below or above; the heads are above the first.
fn step(row: &Element, down: bool) -> Option<Element> {
    let is_head = row.closest("thead").ok()?.is_some();
    match (down, is_head) {
        (true, true) => find(".tweets tbody tr"),
        (true, false) => row.next_element_sibling(),
        (false, _) => row.previous_element_sibling().or_else(|| find(".tweets thead tr").filter(|_| !is_head)),
    }
}

/// The next cell to the right or the left that is shown.
fn beside(cell: &Element, right: bool) -> Option<Element> {
    let next = |cell: &Element| if right { cell.next_element_sibling() } else { cell.previous_element_sibling() };
    std::iter::successors(next(cell), next).find(is_shown)
}

fn last_shown(row: &Element) -> Option<Element> {
    std::iter::successors(row.last_element_child(), Element::previous_element_sibling).find(is_shown)
}

fn is_shown(cell: &Element) -> bool {
    cell.client_width() > 0
}

/// Focuses a cell, or what is in the head.
fn focus(element: &Element) {
    let inner = element.matches("th").unwrap_or(false).then(|| element.query_selector("a, button").ok().flatten());
    let element = inner.flatten().unwrap_or_else(|| element.clone());
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // What can be focused never refuses.
        let _ = element.focus();
    }
}

/// The row that has the focus may be let go on the way: the rows as a whole keep it.
fn scroll_to(top: i32) -> Option<()> {
    let rows = find_html(".rows")?;
    rows.focus().ok()?;
    rows.set_scroll_top(top);
    Some(())
}

fn copy(cell: &Element) {
    let text = cell.text_content().unwrap_or_default();
    let _ = window().navigator().clipboard().write_text(text.trim());
}

/// A pull at the border of a head: the column, and where it began.
#[derive(Clone, Copy, Default)]
pub struct Resize(Option<(&'static str, f64, f64)>);

impl Resize {
    /// The pointer goes down.
    pub fn begin(event: &PointerEvent) -> Self {
        let began = || {
            let grip = closest(event, "[data-grip]")?;
            let column = model::columns::find(&grip.get_attribute("data-grip")?)?;
            let width = grip.closest("th").ok()??.get_bounding_client_rect().width();
            // It fails only for pointers that are gone.
            let _ = grip.set_pointer_capture(event.pointer_id());
            event.prevent_default();
            Some((column.name, f64::from(event.client_x()), width))
        };
        Self(began())
    }

    /// The pointer moves: the head shows its new width.
    pub fn go_on(self, event: &PointerEvent) {
        if let Some((column, width)) = self.width(event)
            && let Some(head) = find_html(&format!("th[data-column=\"{column}\"]"))
        {
            for (name, value) in [("flex", "none".to_owned()), ("width", format!("{width}px"))] {
                // A length of our own making is never refused.
                let _ = head.style().set_property(name, &value);
            }
        }
    }

    /// The column and its width, if the pointer has moved since it went down.
    pub fn width(self, event: &PointerEvent) -> Option<(&'static str, u16)> {
        let (column, from, width) = self.0?;
        let moved = f64::from(event.client_x()) - from;
        (moved.abs() >= 1.0).then_some((column, (width + moved).clamp(0.0, 4000.0) as u16))
    }
}

/// The head is as wide as its class says again.
pub fn forget_widths() {
    if let Some(head) = find_html("th[style]") {
        let _ = head.remove_attribute("style");
    }
}
