//! The alerts that somebody may see: what they watch, how they are, and what can be done about them.

use super::sheet;
use crate::components::icons;
use crate::format;
use crate::markup::{Element, el, link, page_link};
use crate::url::{ExploreUrl, encode};
use model::alert::{Alert, Subscription};
use model::texts::{alerts as say, frame, sheets, unsubscribe};
use model::{Filter, Timestamp, columns, filter};
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
        let none = el("p").class("quiet").add(say::none());
        return sheet("alerts", say::title(), vec![none, page_link("/").class("button").add(frame::collections())]);
    }
    let items = shown.alerts.iter().map(|alert| item(shown, alert));
    sheet("alerts", say::title(), el("ul").class("alert-list").each(items))
}

fn item(shown: &Alerts<'_>, alert: &Alert) -> Element {
    let head = el("h2").add(el("bdi").add(alert.name.clone())).add(" ").add(state(alert));
    let trouble = alert.problem.clone().or_else(|| shown.troubles.get(&alert.id).map(|why| say::not_delivered(why)));
    let trouble = trouble.map(|why| el("p").class("refused").add(icons::warning()).add(why));
    let fired = match alert.last_fired {
        Some(at) => say::last_fired(&format::short_time_by(at, shown.now)),
        None => say::never_fired().to_owned(),
    };
    let told = format!(
        "{fired} · {} · {}",
        say::told(alert.subscribers),
        alert.webhook_host.as_ref().map_or_else(|| say::no_webhook().to_owned(), |host| say::webhook(host)),
    );
    let whose = (!alert.is_mine)
        .then(|| el("p").class("quiet").add(format!("{} ", say::by())).add(el("bdi").add(alert.owner.clone())));
    el("li")
        .class("alert")
        .add(head)
        .add(
            el("p")
                .add(format!("{} ", say::fires_when()))
                .add(alert.rule.describe())
                .add(format!(" {} ", say::within()))
                .add(watched(alert))
                .add("."),
        )
        .add(el("p").class("quiet").add(upper(&alert.pace.describe())).add("."))
        .add(el("p").class("quiet").add(told))
        .add(whose)
        .add(trouble)
        .add(actions(shown, alert))
}

fn state(alert: &Alert) -> Element {
    let (class, word) = match (alert.is_paused, &alert.problem) {
        (true, _) => ("badge", say::paused()),
        (false, Some(_)) => ("badge warn", say::cannot()),
        (false, None) => ("badge good", say::watching()),
    };
    el("span").class(class).add(word)
}

fn watched(alert: &Alert) -> Element {
    let in_collection = |view: &str| format!("{view} ({})", alert.collection_title);
    let Some(view) = &alert.view else { return el("bdi").add(in_collection(say::no_view())) };
    let url = ExploreUrl::parse(&alert.collection, &view.query).with_view(Some(view.id));
    // A view that was only made to keep what the alert watches says nothing to its maker.
    let words = if view.name == alert.name { tweets(alert, &url.q) } else { in_collection(&view.name) };
    link(url.href()).add(el("bdi").add(words))
}

/// What an alert watches of a filter, in words: all but its limits of time.
fn tweets(alert: &Alert, text: &str) -> String {
    let filter = filter::parse(text).ok().zip(columns::find("created"));
    match filter.map(|(filter, created)| filter.without_column(created)) {
        None | Some(Filter::All) => alert.collection_title.clone(),
        Some(filter) => format!("{}: {}", alert.collection_title, filter::describe(&filter)),
    }
}

fn actions(shown: &Alerts<'_>, alert: &Alert) -> Element {
    let may_change = alert.is_mine || shown.is_admin;
    let (pause, word) = if alert.is_paused { ("resume", say::resume()) } else { ("pause", say::pause()) };
    let pause = may_change.then(|| form(alert, pause).add(button(word, &alert.name)));
    let delete = may_change.then(|| {
        let sure = el("button").class("danger").attr("type", "submit").add(say::delete_everyone());
        let summary = el("summary").class("button danger").attr("aria-label", say::delete_one(&alert.name));
        let summary = summary.add(say::delete());
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
            .attr("aria-label", say::mail_for(&alert.name))
            .attr("value", value.to_owned());
        shown.mail.then(|| el("label").class("subscribe").add(say::mail()).add(input))
    };
    match &alert.subscription {
        Some(Subscription { email: address }) => {
            let address = address.as_deref().unwrap_or_default();
            let change = form(alert, "subscribe")
                .class("with-button")
                .add(email(address))
                .add(button(sheets::save(), &alert.name));
            let stop = form(alert, "unsubscribe").add(button(unsubscribe::title(), &alert.name));
            if shown.mail { vec![change, stop] } else { vec![stop] }
        }
        None => {
            vec![form(alert, "subscribe").class("with-button").add(email("")).add(button(say::tell_me(), &alert.name))]
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
