//! What the query box offers while a filter is written: columns, then values with their counts.

use super::{Here, facet::value_name};
use crate::browser::values::values;
use crate::markup::{Element, el};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use model::explore::{FacetValue, ValuesPage, ValuesQuery};
use model::filter::{Completion, Wanted, completion};
use model::texts::{common, completions as say};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Options shown at a time.
const LIMIT: usize = 8;

/// The state of the list. What it offers follows from the draft and the caret.
#[derive(Clone, Copy)]
pub struct Completions {
    draft: RwSignal<String>,
    /// The byte of the draft before which the caret stands; `None` while nothing is to be offered.
    caret: RwSignal<Option<usize>>,
    /// The option that the arrows have reached.
    active: RwSignal<Option<usize>>,
    values: ReadSignal<Option<ValuesPage>>,
}

/// One option.
struct Choice {
    /// What the filter gets.
    written: String,
    /// What else there is to say of it.
    note: String,
    /// How many tweets have it.
    count: Option<u64>,
}

impl Completions {
    pub fn new(here: Memo<Here>, draft: RwSignal<String>) -> Self {
        let (caret, active) = (RwSignal::new(None), RwSignal::new(None));
        let query = Memo::new(move |_| here.with(|here| values_query(&completion_at(draft, caret)?, here)));
        Self { draft, caret, active, values: values(query) }
    }

    /// The draft was changed by typing.
    pub fn typed(&self, input: &HtmlInputElement) {
        self.draft.set(input.value());
        self.active.set(None);
        self.caret.set(caret_of(input));
    }

    pub fn close(&self) {
        self.caret.set(None);
        self.active.set(None);
    }

    /// Arrows choose, Tab and Enter take, Escape closes. Keys that mean nothing to the list are left to the box.
    pub fn on_key(&self, event: &KeyboardEvent) {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let key = event.key();
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() || event.is_composing() {
            return;
        }
        let count = self.choices().len();
        let active = self.active.get_untracked();
        match (key.as_str(), count, active) {
            ("ArrowDown", 0, _) => {
                self.caret.set(caret_of(&input));
                if self.choices().is_empty() {
                    return;
                }
            }
            ("ArrowDown", ..) => self.active.set(Some(active.map_or(0, |at| (at + 1) % count))),
            ("ArrowUp", 1.., _) => {
                self.active.set(Some(active.map_or(count, |at| at + count).saturating_sub(1) % count))
            }
            ("Escape", 1.., _) => self.close(),
            ("Tab", 1.., _) if self.is_begun() || active.is_some() => self.take(&input, active.unwrap_or(0)),
            ("Enter", 1.., Some(active)) => self.take(&input, active),
            // The form is sent.
            ("Enter", ..) => return self.close(),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Puts an option into the box.
    pub fn take(&self, input: &HtmlInputElement, number: usize) {
        let Some((completion, choice)) = self.completion().zip(self.choices().into_iter().nth(number)) else { return };
        let (text, caret) = self.draft.with_untracked(|draft| completion.put(draft, &choice.written));
        let place = text[..caret].encode_utf16().count() as u32;
        input.set_value(&text);
        // It fails only for fields that hold no text.
        let _ = input.set_selection_range(place, place);
        self.typed(input);
        if choice.written.ends_with([':', '=']) {
            return;
        }
        self.close();
    }

    /// The list, for assistive technology and for the pointer. The box is told which option is active by its id.
    pub fn list(&self) -> Element {
        let active = self.active.get();
        let option = |(number, choice): (usize, Choice)| {
            el("li")
                .attr("id", format!("option-{number}"))
                .attr("role", "option")
                .attr("aria-selected", if active == Some(number) { "true" } else { "false" })
                .attr("data-option", number.to_string())
                .add(el("code").add(choice.written))
                .add(el("span").class("quiet").add(el("bdi").add(choice.note)))
                .add(choice.count.map(|count| el("span").class("quiet count").add(common::tweets(count))))
        };
        let options = self.offered().into_iter().enumerate().map(option);
        el("ul").attr("id", "options").attr("role", "listbox").attr("aria-label", say::title()).each(options)
    }

    /// The id of the active option.
    pub fn active_id(&self) -> Option<String> {
        self.active.get().map(|number| format!("option-{number}"))
    }

    pub fn is_open(&self) -> bool {
        !self.offered().is_empty()
    }

    fn choices(&self) -> Vec<Choice> {
        untrack(|| self.offered())
    }

    fn completion(&self) -> Option<Completion> {
        completion_at(self.draft, self.caret)
    }

    /// Whether something that could be completed stands before the caret.
    fn is_begun(&self) -> bool {
        untrack(|| self.completion()).is_some_and(|completion| !completion.typed.is_empty())
    }

    fn offered(&self) -> Vec<Choice> {
        let Some(completion) = self.completion() else { return Vec::new() };
        let mut choices: Vec<Choice> = match &completion.wanted {
            Wanted::Field => {
                let field = |field: model::filter::FieldOption| Choice {
                    written: field.text,
                    note: field.help.into(),
                    count: None,
                };
                completion.fields().into_iter().map(field).collect()
            }
            Wanted::Shorthand(_) => {
                let choice =
                    |value: &str| Choice { written: completion.written(value), note: String::new(), count: None };
                completion.shorthands().into_iter().map(choice).collect()
            }
            Wanted::Value { column, .. } => {
                let choice = |value: &FacetValue| {
                    let (written, name) = (completion.written(&value.value), value_name(column, &value.value));
                    let note = if name == value.value || name == written { String::new() } else { name };
                    Choice { written, note, count: Some(value.count) }
                };
                self.values.with(|page| page.iter().flat_map(|page| &page.values).map(choice).collect())
            }
        };
        choices.truncate(LIMIT);
        let is_there = |choice: &Choice| {
            self.draft.with(|draft| draft.get(completion.at.clone()).is_some_and(|there| there == choice.written))
        };
        // What is complete needs no help.
        if let [only] = choices.as_slice()
            && is_there(only)
        {
            return Vec::new();
        }
        choices
    }
}

fn completion_at(draft: RwSignal<String>, caret: RwSignal<Option<usize>>) -> Option<Completion> {
    let caret = caret.get()?;
    draft.with(|draft| completion(draft, caret))
}

/// What to ask for the values that fit the place of the caret, counted within the filter whose results are shown.
fn values_query(completion: &Completion, here: &Here) -> Option<ValuesQuery> {
    let Wanted::Value { column, .. } = completion.wanted else { return None };
    Some(ValuesQuery {
        collection: here.url.collection.clone(),
        filter: here.filter.to_string(),
        column: column.name.to_owned(),
        containing: completion.typed.clone(),
        limit: LIMIT,
        ..ValuesQuery::default()
    })
}

/// The byte before which the caret stands, if nothing is selected.
fn caret_of(input: &HtmlInputElement) -> Option<usize> {
    let start = input.selection_start().ok()??;
    let end = input.selection_end().ok()??;
    (start == end).then(|| byte_at(&input.value(), start as usize))
}

/// From a place as browsers count, in UTF-16 units, to bytes.
fn byte_at(text: &str, place: usize) -> usize {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= place {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::byte_at;

    #[test]
    fn places_are_counted_as_browsers_do() {
        assert_eq!(byte_at("a🚀b", 1), 1);
        assert_eq!(byte_at("a🚀b", 3), 5);
        assert_eq!(byte_at("a🚀b", 4), 6);
        assert_eq!(byte_at("a", 9), 1);
    }
}
