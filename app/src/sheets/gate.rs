//! The frame of sign-in and setup: the name of the product, a form, a note.

use crate::components::icons;
use crate::markup::{Element, el};
use model::texts::gate as say;

/// The page around the form.
pub fn gate(form: Element, note: Option<&'static str>) -> Element {
    el("main")
        .attr("id", "content")
        .class("gate")
        .add(el("p").class("brand").add(icons::mark()).add("Roost"))
        .add(form)
        .add(note.map(|note| el("p").class("note").add(note)))
}

/// A form that the server takes as it is, with or without script.
pub fn gate_form(action: &'static str, title: &'static str) -> Element {
    el("form").class("gate-form").attr("method", "post").attr("action", action).add(el("h1").add(title))
}

/// The field for the name.
pub fn name_field() -> Element {
    let input = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("autocomplete", "username")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .flag("required", true)
        .flag("autofocus", true);
    el("label").add(say::name()).add(input)
}

/// A field for a password; `completion` says to password managers which.
pub fn password_field(title: &'static str, name: &'static str, completion: &'static str) -> Element {
    let is_new = completion == "new-password";
    let input = el("input")
        .attr("type", "password")
        .attr("name", name)
        .attr("autocomplete", completion)
        .attr_if("minlength", is_new.then_some("15"))
        .attr_if("aria-describedby", is_new.then_some("rule"))
        .flag("required", true);
    el("label").add(title).add(input)
}

/// What the form knows and the person need not.
pub fn hidden_field(name: &'static str, value: String) -> Element {
    el("input").attr("type", "hidden").attr("name", name).attr("value", value)
}

/// The button that sends the form.
pub fn send_button(text: &'static str) -> Element {
    el("button").class("primary").attr("type", "submit").add(text)
}

/// Why a form came back: the server names it in `?error=`.
#[derive(Clone, Copy, Debug)]
pub struct Problem(&'static str);

impl Problem {
    /// The problem of that name, in words.
    pub fn named(name: &str) -> Self {
        Self(match name {
            "wrong" => say::wrong(),
            "throttled" => say::throttled(),
            "weak" => say::weak(),
            "mismatch" => say::mismatch(),
            "token" | "link" => say::link(),
            "taken" => say::taken(),
            "session" => say::session(),
            _ => say::other(),
        })
    }

    pub fn told(self) -> Element {
        el("p").class("form-error").attr("role", "alert").add(self.0)
    }
}
