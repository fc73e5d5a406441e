//! The alerts that somebody may see: what they watch, how they are, and what can be done about them.

use super::sheet;
use crate::components::icons;
use crate::format;
use crate::markup::{Element, el, link, page_link};
use crate::url::{ExploreUrl, encode};
use model::Timestamp;
use model::alert::{Alert, Subscription};
use std::collections::BTreeMap;

/// What the list is made of.
pub struct Alerts<'a> {
    pub alerts: &'a [Alert],
    /// Why mails or webhooks of an alert do not arrive, by its number.
    pub troubles: &'a BTreeMap<i64, String>,
    /// Whether mails can be sent here.
    pub mail: bool,
    /// Whether the person may change the alerts of others.
    pub is_admin: bool,
    pub now: Timestamp,
}

/// The list.
pub fn alerts(shown: &Alerts<'_>) -> Element {
    if shown.alerts.is_empty() {
        let none = el("p").class("quiet").add(
            "No alerts yet. Open a collection, filter for what matters, and choose Alert: Roost then tells you when \
             something happens there.",
        );
        return sheet("alerts", "Alerts", vec![none, page_link("/").class("button").add("Collections")]);
    }
    let items = shown.alerts.iter().map(|alert| item(shown, alert));
    sheet("alerts", "Alerts", el("ul").class("alert-list").each(items))
}

fn item(shown: &Alerts<'_>, alert: &Alert) -> Element {
    let head = el("h2").add(el("bdi").add(alert.name.clone())).add(" ").add(state(alert));
    let trouble =
        alert.problem.clone().or_else(|| shown.troubles.get(&alert.id).map(|why| format!("Not delivered: {why}.")));
    let trouble = trouble.map(|why| el("p").class("refused").add(icons::warning()).add(why));
    let fired = match alert.last_fired {
        Some(at) => format!("Last fired {} UTC", format::short_time(at, shown.now)),
        None => "Has not fired yet".to_owned(),
    };
    let told = format!(
        "{fired} · {} · {}",
        format::counted(alert.subscribers, "person is told", "people are told"),
        alert.webhook_host.as_ref().map_or_else(|| "no webhook".to_owned(), |host| format!("webhook to {host}")),
    );
    let whose = (!alert.is_mine).then(|| el("p").class("quiet").add("by ").add(el("bdi").add(alert.owner.clone())));
    el("li")
        .class("alert")
        .add(head)
        .add(el("p").add("Fires when ").add(alert.rule.describe()).add(" in ").add(watched(alert)).add("."))
        .add(el("p").class("quiet").add(upper(&alert.pace.describe())).add("."))
        .add(el("p").class("quiet").add(told))
        .add(whose)
        .add(trouble)
        .add(actions(shown, alert))
}

fn state(alert: &Alert) -> Element {
    let (class, word) = match (alert.is_paused, &alert.problem) {
        (true, _) => ("badge", "paused"),
        (false, Some(_)) => ("badge warn", "cannot watch"),
        (false, None) => ("badge good", "watching"),
    };
    el("span").class(class).add(word)
}

fn watched(alert: &Alert) -> Element {
    let name = |view: &str| el("bdi").add(format!("{view} ({})", alert.collection_title));
    match &alert.view {
        Some(view) => {
            let url = ExploreUrl::parse(&alert.collection, &view.query).with_view(Some(view.id));
            link(url.href()).add(name(&view.name))
        }
        None => name("a view that was deleted"),
    }
}

fn actions(shown: &Alerts<'_>, alert: &Alert) -> Element {
    let may_change = alert.is_mine || shown.is_admin;
    let (pause, word) = if alert.is_paused { ("resume", "Resume") } else { ("pause", "Pause") };
    let pause = may_change.then(|| form(alert, pause).add(button(word, &alert.name)));
    let delete = may_change.then(|| {
        let sure = el("button").class("danger").attr("type", "submit").add("Delete for everyone");
        let summary = el("summary").class("button").attr("aria-label", format!("Delete {}", alert.name)).add("Delete");
        el("details").class("sure").add(summary).add(form(alert, "delete").add(sure))
    });
    el("div").class("actions").add(subscription(shown, alert)).add(pause).add(delete)
}

/// Being told or not. Those who are can say where mails go.
fn subscription(shown: &Alerts<'_>, alert: &Alert) -> Vec<Element> {
    let email = |value: &str| {
        let input = el("input")
            .attr("type", "email")
            .attr("name", "email")
            .attr("autocomplete", "email")
            .attr("placeholder", "Mail to, too")
            .attr("aria-label", format!("Mail address for {}", alert.name))
            .attr("value", value.to_owned());
        shown.mail.then_some(input)
    };
    match &alert.subscription {
        Some(Subscription { email: address }) => {
            let address = address.as_deref().unwrap_or_default();
            let change =
                form(alert, "subscribe").class("with-button").add(email(address)).add(button("Save", &alert.name));
            let stop = form(alert, "unsubscribe").add(button("Unsubscribe", &alert.name));
            if shown.mail { vec![change, stop] } else { vec![stop] }
        }
        None => {
            vec![form(alert, "subscribe").class("with-button").add(email("")).add(button("Tell me too", &alert.name))]
        }
    }
}

fn form(alert: &Alert, action: &str) -> Element {
    let action = format!("/alerts/{}/{}", alert.id, encode(action));
    el("form").attr("method", "post").attr("action", action).attr("data-sheet", "")
}

fn button(word: &'static str, name: &str) -> Element {
    el("button").attr("type", "submit").attr("aria-label", format!("{word}: {name}")).add(word)
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
