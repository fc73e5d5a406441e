use super::gate::{Problem, gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::markup::{Element, el};
use model::texts::gate as say;

/// The first start: whoever holds the one-time link becomes the first admin.
pub fn setup(token: &str, problem: Option<Problem>) -> Element {
    let what = say::first();
    let rule = say::rule();
    let form = gate_form("/setup", say::set_up())
        .add(el("p").class("quiet").add(what))
        .add(problem.map(Problem::told))
        .add(hidden_field("token", token.to_owned()))
        .add(name_field())
        .add(password_field(say::password(), "password", "new-password"))
        .add(el("p").attr("id", "rule").class("quiet").add(rule))
        .add(password_field(say::again(), "again", "new-password"))
        .add(send_button(say::make()));
    gate(form, None)
}
