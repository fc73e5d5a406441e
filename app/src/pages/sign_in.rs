use super::{form_error, query_value};
use crate::components::gate::{gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::erase::Erase;
use crate::site::{local_path, page_title};
use leptos::prelude::*;

/// The way in.
#[component]
pub fn SignIn() -> impl IntoView {
    let next = query_value("next").map_or_else(|| "/".to_owned(), |next| local_path(&next).to_owned());
    let form = gate_form("/sign-in", "Sign in")
        .add(form_error())
        .add(hidden_field("next", next))
        .add(name_field())
        .add(password_field("Password", "password", "current-password"))
        .add(send_button("Sign in"));
    let note = "No account, or the password is lost? An admin of this installation can help.";
    page_title(|| "Sign in · Roost".to_owned());
    gate(form, Some(note)).erased()
}
