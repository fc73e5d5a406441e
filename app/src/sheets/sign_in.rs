use super::gate::{Problem, gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::markup::Element;
use model::texts::gate as say;

/// The way in. `next` is the page to go on to.
pub fn sign_in(next: &str, problem: Option<Problem>) -> Element {
    let form = gate_form("/sign-in", say::sign_in())
        .add(problem.map(Problem::told))
        .add(hidden_field("next", next.to_owned()))
        .add(name_field())
        .add(password_field(say::password(), "password", "current-password"))
        .add(send_button(say::sign_in()));
    gate(form, Some(say::lost()))
}
