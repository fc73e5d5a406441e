//! The end of a subscription by the link in a mail, for whoever holds the link.

use super::sheet;
use crate::markup::{Element, el};
use crate::url::encode;
use model::texts::unsubscribe as say;

/// Asks first: programs that look at links before people do must not use them.
pub fn ask(alert: &str, token: &str) -> Element {
    let form = el("form")
        .attr("method", "post")
        .attr("action", format!("/unsubscribe?token={}", encode(token)))
        .add(el("button").class("primary").attr("type", "submit").add(say::title()));
    let words = el("p").add(el("bdi").add(say::ask(alert)));
    sheet("unsubscribe", say::title(), vec![words, form])
}

/// It has ended. Others are told as before.
pub fn done() -> Element {
    let words = say::done_about();
    sheet("unsubscribe", say::done(), el("p").add(words))
}

/// The link is not one of Roost's, or has been used.
pub fn used() -> Element {
    let words = say::used_about();
    sheet("unsubscribe", say::used(), el("p").add(words))
}
