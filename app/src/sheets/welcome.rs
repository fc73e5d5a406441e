use super::gate::{gate, gate_form, hidden_field, send_button};
use crate::markup::{Element, el};
use model::texts::gate as say;

/// The page of a link that signs in once: the token is used up by its button alone.
pub fn welcome(token: String) -> Element {
    let form = gate_form("/welcome", say::welcome())
        .add(el("p").class("quiet").add(say::once()))
        .add(hidden_field("token", token))
        .add(send_button(say::sign_in()).flag("autofocus", true));
    gate(form, None)
}
