//! Credentials for the X API without their secrets, the access tier of each, and what the tiers may ask: for admins.

use super::sheet;
use crate::markup::{Element, el, page_link};
use model::credential::Credential;
use model::limit::{Caller, Limit};
use model::texts::{credentials as say, sheets};
use std::collections::BTreeSet;

/// Microseconds.
const MILLISECOND: i64 = 1_000;

/// What the page is made of.
pub struct Credentials<'a> {
    pub credentials: &'a [Credential],
    /// By tier, endpoint and caller.
    pub limits: &'a [Limit],
    /// Whether something has just been saved.
    pub is_saved: bool,
}

/// The page.
pub fn credentials(shown: &Credentials<'_>) -> Element {
    let saved = shown.is_saved.then(|| el("p").class("done").attr("role", "status").add(say::saved()));
    let tiers: BTreeSet<&str> = shown.limits.iter().map(|limit| limit.tier.as_str()).collect();
    let known = match shown.credentials {
        [] => el("p").class("quiet").add(say::none()),
        known => table(
            &[say::name(), say::kind(), say::address(), say::tier()],
            known.iter().map(|credential| credential_row(credential, &tiers)),
        ),
    };
    let limits = el("section")
        .add(el("h2").add(say::limits()))
        .add(el("p").class("quiet").add(say::limits_about()))
        .each(tiers.iter().map(|name| tier(name, shown)));
    let style = |href: &'static str| el("link").attr("rel", "stylesheet").attr("href", href);
    sheet("pipeline credentials", say::title(), vec![el("section").add(saved).add(known), limits])
        .add(page_link("/pipeline").class("button").add(model::texts::pipeline::title()))
        .add([style("/pipeline.css"), style("/credentials.css")])
}

/// The limits of a tier; at hand where a credential has it.
fn tier(name: &str, shown: &Credentials<'_>) -> Element {
    let with = shown.credentials.iter().filter(|credential| credential.tier == name).count();
    let count = (with > 0).then(|| el("span").class("quiet").add(say::with(with as u64)));
    let head = [say::endpoint(), say::whose(), say::requests(), say::apart(), ""];
    let limits = shown.limits.iter().filter(|limit| limit.tier == name).map(limit_row);
    el("details")
        .flag("open", with > 0)
        .add(el("summary").add(name.to_owned()).add(" ").add(count))
        .add(table(&head, limits))
}

fn table(titles: &[&'static str], rows: impl Iterator<Item = Element>) -> Element {
    let heads = titles.iter().map(|title| match *title {
        "" => el("td"),
        title => el("th").attr("scope", "col").add(title),
    });
    el("table").class("facts").add(el("thead").add(el("tr").each(heads))).add(el("tbody").each(rows))
}

fn credential_row(credential: &Credential, tiers: &BTreeSet<&str>) -> Element {
    let option = |tier: &&str| {
        el("option")
            .attr("value", (*tier).to_owned())
            .flag("selected", *tier == credential.tier)
            .add((*tier).to_owned())
    };
    let label = format!("{}: {}", say::tier(), credential.name);
    let select = el("select").attr("name", "tier").attr("aria-label", label).each(tiers.iter().map(option));
    let form = form(format!("/credentials/{}/tier", credential.id)).add(select).add(save(&credential.name));
    el("tr")
        .add(el("th").attr("scope", "row").add(el("bdi").add(credential.name.clone())))
        .add(cell(say::kind(), credential.kind.name().to_owned()))
        .add(cell(say::address(), credential.base_url.clone()))
        .add(el("td").attr("data-label", say::tier()).add(form))
}

fn limit_row(limit: &Limit) -> Element {
    let whose = match limit.caller {
        Caller::App => say::app(),
        Caller::Person => say::person(),
    };
    let of = format!("{} {} {whose}", limit.tier, limit.endpoint);
    // The form has its fields in cells of their own.
    let id = format!("{}-{}-{}", limit.tier, limit.endpoint.replace('/', "-"), limit.caller.name());
    let hidden = |name: &'static str, value: &str| {
        el("input").attr("type", "hidden").attr("name", name).attr("value", value.to_owned())
    };
    let number = |name: &'static str, title: &'static str, least: &'static str, value: i64| {
        let input = el("input")
            .attr("type", "number")
            .attr("form", id.clone())
            .attr("name", name)
            .attr("min", least)
            .attr("aria-label", format!("{title}: {of}"))
            .attr("value", value.to_string());
        el("td").attr("data-label", title).add(input)
    };
    let form = form("/limits".to_owned())
        .attr("id", id.clone())
        .add(hidden("tier", &limit.tier))
        .add(hidden("endpoint", &limit.endpoint))
        .add(hidden("caller", limit.caller.name()))
        .add(save(&of));
    el("tr")
        .add(el("th").attr("scope", "row").add(el("code").add(limit.endpoint.clone())))
        .add(cell(say::whose(), whose.to_owned()))
        .add(number("requests", say::requests(), "1", limit.requests.into()))
        .add(number("apart", say::apart(), "0", limit.spacing / MILLISECOND))
        .add(el("td").add(form))
}

fn form(action: String) -> Element {
    el("form").class("actions").attr("method", "post").attr("action", action)
}

fn save(of: &str) -> Element {
    let label = format!("{}: {of}", sheets::save());
    el("button").attr("type", "submit").attr("aria-label", label).add(sheets::save())
}

fn cell(label: &'static str, text: String) -> Element {
    el("td").attr("data-label", label).add(el("bdi").add(text))
}
