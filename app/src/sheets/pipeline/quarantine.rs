//! What could not be understood: its groups, and one of a group as it came.

use super::{Timestamp, between};
use crate::components::time::time;
use crate::format;
use crate::markup::{Element, el, page_link};
use crate::sheets::sheet;
use model::texts::pipeline as say;
use service::quarantine::{Group, Reject};

/// Characters of a reject that are shown: a page of X may have hundreds of thousands.
const MOST_SHOWN: usize = 20_000;

/// The groups, or that there are none.
pub fn groups(groups: &[Group], now: Timestamp) -> Element {
    if groups.is_empty() {
        return el("p").class("quiet").add(say::quarantine_none());
    }
    el("div")
        .add(el("p").class("quiet").add(say::quarantine_about()))
        .add(el("ul").class("quarantine").each(groups.iter().map(|group| item(group, now))))
}

fn item(group: &Group, now: Timestamp) -> Element {
    let count = group.count.unsigned_abs();
    let facts =
        el("p").class("quiet").add(say::alike(count)).add(" · ").add(between(group.first_at, group.last_at, now));
    let sure = el("button").class("danger").attr("type", "submit").add(say::drop_sure(count));
    let summary = el("summary").class("button").attr("aria-label", named(say::drop(), group)).add(say::drop());
    let drop = el("details").class("sure").add(summary).add(form(group, "drop").add(sure));
    let actions = el("div")
        .class("actions")
        .add(form(group, "look").add(button(say::look(), group)))
        .add(form(group, "again").add(button(say::again(), group)))
        .add(drop);
    // Roost notes reasons in English.
    el("li")
        .add(el("h3").attr("lang", "en").add(group.reason.clone()))
        .add(el("p").add(el("code").add(group.shape.clone())))
        .add(facts)
        .add(actions)
}

fn form(group: &Group, action: &'static str) -> Element {
    el("form").attr("method", "post").attr("action", format!("/pipeline/quarantine/{}/{action}", group.last_id))
}

fn button(word: &'static str, group: &Group) -> Element {
    el("button").attr("type", "submit").attr("aria-label", named(word, group)).add(word)
}

fn named(word: &str, group: &Group) -> String {
    format!("{word}: {}", group.reason)
}

/// One of a group.
pub struct Sample<'a> {
    pub group: &'a Group,
    pub reject: &'a Reject,
    pub now: Timestamp,
}

/// One of a group as it came.
pub fn sample(shown: &Sample<'_>) -> Element {
    let content = String::from_utf8_lossy(&shown.reject.content);
    let count = content.chars().count();
    let first: String = content.chars().take(MOST_SHOWN).collect();
    let cut = (count > MOST_SHOWN).then(|| {
        let [shown, all] = [MOST_SHOWN, count].map(|characters| format::grouped(characters as u64));
        el("p").class("quiet").add(say::cut(&shown, &all))
    });
    let fact = |name: &'static str, value: Element| el("div").add(el("dt").add(name)).add(el("dd").add(value));
    let facts = el("dl")
        .add(fact(say::reason(), el("span").attr("lang", "en").add(shown.group.reason.clone())))
        .add(fact(say::shape(), el("code").add(shown.group.shape.clone())))
        .add(fact(say::seen(), time(shown.reject.observed_at, shown.now)));
    let content = match first.is_empty() {
        true => el("p").class("quiet").add(say::empty()),
        false => el("pre").attr("tabindex", "0").attr("dir", "ltr").attr("aria-label", say::content()).add(first),
    };
    sheet("reject", say::sample(shown.group.count.unsigned_abs()), el("p").add(say::sample_about()))
        .add(facts)
        .add(cut)
        .add(content)
        .add(page_link("/pipeline").class("button").add(say::back()))
        .add(super::style())
}
