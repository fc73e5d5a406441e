//! The rows under keys and pointer: from cell to cell, choosing rows, making columns wider.

use super::{closest, find, find_html};
use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use model::TweetId;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, NodeList};

/// Rows that are chosen, in the order of being chosen.
pub type Picked = RwSignal<Vec<TweetId>>;

/// Rows that Page Up and Page Down pass over.
const PAGE: usize = 8;

/// Cells, those of the heads included.
const CELL: &str = ".tweets :is(th, td)";

/// Where Tab stops in the rows.
const STOP: &str = ".tweets [tabindex=\"0\"]";

/// Makes the rows one stop of Tab: the cell where somebody was last, or else the first in sight. What is in cells is
/// reached from there ([`enter`]); without script Tab goes from link to link.
pub fn keep_one_stop() {
    // Those of a cell that somebody is in stay as they are.
    for link in all(".tweets :is(a, button):not([tabindex], td:has(:focus) *)") {
        set_stop(&link, false);
    }
    if find(STOP).is_none()
        && let Some(cell) = first_in_sight()
    {
        set_stop(&cell, true);
    }
}

/// The focus has come to something: if it is in a cell, that is where Tab stops from now on.
pub fn focused(event: &Event) {
    let (before, now) = (find(STOP), closest(event, CELL).map(|cell| stop_of(&cell)));
    if let Some(now) = &now
        && before.as_ref() != Some(now)
    {
        if let Some(before) = &before {
            set_stop(before, false);
        }
        set_stop(now, true);
    }
    if now != before {
        keep_one_stop();
    }
}

fn set_stop(element: &Element, is_stop: bool) {
    // Only a wrong name could make it fail.
    let _ = element.set_attribute("tabindex", if is_stop { "0" } else { "-1" });
}

/// What takes the focus of a cell: the cell, or what is in a head.
fn stop_of(cell: &Element) -> Element {
    let inner = cell.matches("th").unwrap_or(false).then(|| cell.query_selector("a, button").ok().flatten());
    inner.flatten().unwrap_or_else(|| cell.clone())
}

fn first_in_sight() -> Option<Element> {
    let top = find(".tweets thead")?.get_bounding_client_rect().bottom();
    let rows = all(".tweets tbody tr");
    rows.into_iter().find(|row| row.get_bounding_client_rect().top() >= top - 1.0)?.first_element_child()
}

fn all(selector: &str) -> Vec<Element> {
    document().query_selector_all(selector).map(elements).unwrap_or_default()
}

fn elements(list: NodeList) -> Vec<Element> {
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

/// Keys while the focus is in the rows.
pub fn on_key(event: &KeyboardEvent, picked: Picked) -> Option<()> {
    let Some(cell) = closest(event, CELL) else { return land(event) };
    let row = cell.closest("tr").ok()??;
    let is_stop = event.target().as_ref() == Some(stop_of(&cell).as_ref());
    match (event.key().as_str(), event.ctrl_key() || event.meta_key(), event.shift_key()) {
        ("ArrowDown", ..) if event.alt_key() => open_menu(&cell)?,
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
        ("F2", ..) => enter(&cell)?,
        ("Enter", false, false) if is_stop => {
            row.query_selector(".row-link").ok()??.dyn_into::<HtmlElement>().ok()?.click()
        }
        // At the link to the details, Escape closes them.
        ("Escape", ..) if !is_stop && (closest(event, ".row-link").is_none() || !details_are_open()) => focus(&cell),
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
    picked.set(all(".tweets tbody tr").iter().filter_map(id_of).collect());
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
    if let Some(element) = stop_of(element).dyn_ref::<HtmlElement>() {
        // What can be focused never refuses.
        let _ = element.focus();
    }
}

/// Goes to what is in the cell: from there Tab leads on through it, until the focus is elsewhere. In a head it is the
/// button of its menu.
fn enter(cell: &Element) -> Option<()> {
    if cell.matches("th").unwrap_or(false) {
        return find_in(cell, ".caret")?.focus().ok();
    }
    let links = elements(cell.query_selector_all("a:not([aria-hidden])").ok()?);
    for link in &links {
        // It fails for no element.
        let _ = link.remove_attribute("tabindex");
    }
    links.first()?.dyn_ref::<HtmlElement>()?.focus().ok()
}

/// Opens the menu of a head, and goes to its first item. Where the focus was, it comes back to.
fn open_menu(head: &Element) -> Option<()> {
    let caret = find_in(head, ".caret")?;
    caret.click();
    find_html(&format!("#{} a", caret.get_attribute("popovertarget")?))?.focus().ok()
}

fn find_in(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.query_selector(selector).ok()??.dyn_into().ok()
}

fn details_are_open() -> bool {
    find(".detail:not([hidden])").is_some()
}

/// The row that has the focus may be let go on the way: the rows as a whole keep it.
fn scroll_to(top: i32) -> Option<()> {
    let rows = find_html(".rows")?;
    rows.focus().ok()?;
    rows.set_scroll_top(top);
    if let Some(stop) = find(STOP) {
        set_stop(&stop, false);
    }
    request_animation_frame(keep_one_stop);
    Some(())
}

/// From the rows as a whole, an arrow goes to the first that is in sight.
fn land(event: &KeyboardEvent) -> Option<()> {
    let is_rows = closest(event, ".rows").is_some_and(|rows| event.target().as_ref() == Some(rows.as_ref()));
    if !is_rows || !event.key().starts_with("Arrow") {
        return None;
    }
    keep_one_stop();
    focus(&find(STOP)?);
    event.prevent_default();
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
            let _ = head.style().set_property("flex", "none");
            set_length(&head, "width", f64::from(width));
        }
    }

    /// The column and its width, if the pointer has moved since it went down.
    pub fn width(self, event: &PointerEvent) -> Option<(&'static str, u16)> {
        let (column, from, width) = self.0?;
        let moved = f64::from(event.client_x()) - from;
        (moved.abs() >= 1.0).then_some((column, (width + moved).clamp(0.0, 4000.0) as u16))
    }
}

/// Puts pinned columns beside each other: each where the ones before it end, which only the page knows. Where they
/// would take more than half of the width, they scroll like all others.
pub fn place_pins() {
    let Some(rows) = find_html(".rows") else { return };
    let (heads, mut end) = (all("th.pinned"), 0.0);
    // Most often none are pinned, and none were.
    if heads.is_empty() && !rows.has_attribute("style") {
        return;
    }
    for (head, name) in heads.iter().zip(["--pin-1", "--pin-2", "--pin-3"]) {
        set_length(&rows, name, end);
        end += head.get_bounding_client_rect().width();
    }
    let fits = end <= f64::from(rows.client_width()) / 2.0;
    set_length(&rows, "--pins", if fits { end } else { 0.0 });
    // Only a wrong name could make it fail.
    let _ = rows.toggle_attribute_with_force("data-loose", !fits);
}

fn set_length(element: &HtmlElement, name: &str, pixels: f64) {
    // A length of our own making is never refused.
    let _ = element.style().set_property(name, &format!("{pixels}px"));
}

/// The head is as wide as its class says again.
pub fn forget_widths() {
    if let Some(head) = find_html("th[style]") {
        let _ = head.remove_attribute("style");
    }
}
