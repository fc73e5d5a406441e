//! The end of a subscription by the link in a mail, for whoever holds the link.

use super::sheet;
use crate::markup::{Element, el};
use crate::url::encode;

/// Asks first: programs that look at links before people do must not use them.
pub fn ask(alert: &str, token: &str) -> Element {
    let form = el("form")
        .attr("method", "post")
        .attr("action", format!("/unsubscribe?token={}", encode(token)))
        .add(el("button").class("primary").attr("type", "submit").add("Unsubscribe"));
    let words = el("p").add("No more notices and mails of the alert ").add(el("bdi").add(alert.to_owned())).add("?");
    sheet("unsubscribe", "Unsubscribe", vec![words, form])
}

/// It has ended. Others are told as before.
pub fn done() -> Element {
    let words = "You get no more notices and mails of this alert. Others are told as before.";
    sheet("unsubscribe", "You are unsubscribed", el("p").add(words))
}

/// The link is not one of Roost's, or has been used.
pub fn used() -> Element {
    let words = "This link is not complete, or the subscription has ended already. The list of alerts tells.";
    sheet("unsubscribe", "Nothing to unsubscribe from", el("p").add(words))
}
