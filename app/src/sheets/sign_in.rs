use super::gate::{Problem, gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::markup::Element;

/// The way in. `next` is the page to go on to.
pub fn sign_in(next: &str, problem: Option<Problem>) -> Element {
    let form = gate_form("/sign-in", "Sign in")
        .add(problem.map(Problem::told))
        .add(hidden_field("next", next.to_owned()))
        .add(name_field())
        .add(password_field("Password", "password", "current-password"))
        .add(send_button("Sign in"));
    gate(form, Some("No account, or the password is lost? An admin of this installation can help."))
}
