use super::gate::{Problem, gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::markup::{Element, el};

/// The first start: whoever holds the one-time link becomes the first admin.
pub fn setup(token: &str, problem: Option<Problem>) -> Element {
    let what = "Make the first account. It is an admin: it can manage schedules, credentials and people.";
    let rule = "At least 15 characters; long matters more than odd.";
    let form = gate_form("/setup", "Set up Roost")
        .add(el("p").class("quiet").add(what))
        .add(problem.map(Problem::told))
        .add(hidden_field("token", token.to_owned()))
        .add(name_field())
        .add(password_field("Password", "password", "new-password"))
        .add(password_field("Password again", "again", "new-password"))
        .add(el("p").attr("id", "rule").class("quiet").add(rule))
        .add(send_button("Make the account"));
    gate(form, None)
}
