use super::{form_error, query_value};
use crate::components::gate::{gate, gate_form, hidden_field, name_field, password_field, send_button};
use crate::erase::Erase;
use crate::markup::el;
use crate::site::page_title;
use leptos::prelude::*;

/// The first start: whoever holds the one-time link becomes the first admin.
#[component]
pub fn Setup() -> impl IntoView {
    let what = "Make the first account. It is an admin: it can manage schedules, credentials and people.";
    let rule = "At least 15 characters; long matters more than odd.";
    let form = gate_form("/setup", "Set up Roost")
        .add(el("p").class("quiet").add(what))
        .add(form_error())
        .add(hidden_field("token", query_value("token").unwrap_or_default()))
        .add(name_field())
        .add(password_field("Password", "password", "new-password"))
        .add(password_field("Password again", "again", "new-password"))
        .add(el("p").attr("id", "rule").class("quiet").add(rule))
        .add(send_button("Make the account"));
    page_title(|| "Set up · Roost".to_owned());
    gate(form, None).erased()
}
