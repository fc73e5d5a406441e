//! A new alert: what is watched, when it fires, how people are told, and when it would have fired.

use super::alert_fields::{AlertForm, DAYS};
use super::{back_test, sheet};
use crate::components::{Here, icons, query_box::hidden_fields};
use crate::markup::{Element, el, page_link};
use model::columns::{COLUMNS, Kind};
use model::filter;
use model::view::{MAX_NAME, SavedView};
use service::alerts::BackTest;

/// Minutes of cool-down that can be chosen.
const COOL_DOWNS: [(u32, &str); 6] =
    [(0, "none"), (15, "15 minutes"), (60, "an hour"), (360, "6 hours"), (1440, "a day"), (10_080, "a week")];
/// What the form shows besides its fields.
pub struct Outlook<'a> {
    pub here: &'a Here,
    pub views: &'a [SavedView],
    /// Whether mails and webhooks can be sent here.
    pub mail: bool,
    pub webhooks: bool,
    /// When it would have fired, or why there is no telling.
    pub back_test: Result<&'a BackTest, String>,
    /// Why it could not be saved.
    pub refused: Option<String>,
}

/// The form. What it would have done gives way as somebody types.
pub fn alert_form(form: &AlertForm, outlook: &Outlook<'_>) -> Element {
    let path = outlook.here.url.path();
    let save = el("button")
        .class("primary")
        .attr("type", "submit")
        .attr("formmethod", "post")
        .attr("formaction", format!("{path}/alerts"))
        .add("Save alert");
    let refused = outlook.refused.clone().map(|why| el("p").class("refused").attr("role", "alert").add(why));
    let content = el("form")
        .class("alert-form")
        .attr("method", "get")
        .attr("action", format!("{path}/alerts/new"))
        .attr("data-sheet", "")
        .attr("data-live", "back-test")
        .add(hidden_fields(&outlook.here.url.first_page()))
        .add(refused)
        .add(what(form, outlook))
        .add(when(form))
        .add(preview(form, outlook))
        .add(how_often(form))
        .add(how(form, outlook))
        .add(el("div").class("actions").add(save));
    let back = page_link(outlook.here.url.href()).class("button back").add("Back to the tweets");
    sheet("new-alert", "New alert", vec![content, back])
}

fn what(form: &AlertForm, outlook: &Outlook<'_>) -> Element {
    let shown = match &outlook.here.filter {
        filter::Filter::All => "What is shown now: all tweets".to_owned(),
        filter => format!("What is shown now: {}", filter::describe(filter)),
    };
    let here = option("", &shown, &form.watch);
    let views =
        outlook.views.iter().map(|view| option(&view.id.to_string(), &format!("View: {}", view.name), &form.watch));
    let watch = el("select").attr("name", "watch").add(here).each(views);
    let name = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("maxlength", MAX_NAME.to_string())
        .attr("autocomplete", "off")
        .attr("placeholder", "Launch week")
        .attr("value", form.name.clone());
    el("div").class("pair").add(labelled("Name", name)).add(labelled("Watches", watch))
}

/// The kinds of rules; style shows the fields of the one that is chosen.
fn when(form: &AlertForm) -> Element {
    let columns = COLUMNS.iter().filter(|column| column.kind == Kind::Number);
    let columns = columns.map(|column| option(column.name, column.title(), &form.column));
    let sensitivities = [("high", "more"), ("normal", "far more"), ("low", "very many more")];
    let sensitivities = sensitivities.map(|(value, title)| option(value, title, &form.sensitivity));
    let spike = el("span")
        .add(el("select").attr("name", "sensitivity").attr("aria-label", "How much more").each(sensitivities))
        .add(" than usual at this hour of this weekday, and at least ")
        .add(field("spike_at_least", "Posts in the hour", &form.spike_at_least))
        .add(" in the hour");
    let new = el("span")
        .add("at least ")
        .add(field("new_at_least", "New posts", &form.new_at_least))
        .add(" since the last notice");
    let silence = el("span").add("nothing for ").add(field("hours", "Hours", &form.hours)).add(" hours");
    let threshold = el("span")
        .add("a new post with ")
        .add(el("select").attr("name", "column").attr("aria-label", "Column").each(columns))
        .add(" of at least ")
        .add(field("threshold", "At least", &form.threshold));
    let kinds = [
        ("spike", "Volume spike", spike),
        ("new", "New matches", new),
        ("silence", "Silence", silence),
        ("threshold", "Threshold", threshold),
    ];
    let kind = |(value, title, fields): (&'static str, &'static str, Element)| {
        let radio = el("input")
            .attr("type", "radio")
            .attr("name", "rule")
            .attr("value", value)
            .flag("checked", form.kind == value);
        el("div").class("rule").add(el("label").add(radio).add(el("strong").add(title))).add(fields.class("quiet"))
    };
    el("fieldset").add(el("legend").add("Fires on")).each(kinds.map(kind))
}

fn preview(form: &AlertForm, outlook: &Outlook<'_>) -> Element {
    let days = DAYS.map(|days| option(&days.to_string(), &format!("{days} days"), &form.days().to_string()));
    let look = el("button").attr("type", "submit").add("Look back");
    let days = labelled("Looks back", el("select").attr("name", "days").each(days));
    let shown = match &outlook.back_test {
        Ok(found) => back_test::back_test(outlook.here, found, form.days()),
        Err(why) => vec![el("p").class("refused").add(icons::warning()).add(why.clone())],
    };
    let live = el("div").attr("id", "back-test").attr("aria-live", "polite").add(shown);
    el("section")
        .class("preview")
        .attr("aria-label", "When it would have fired")
        .add(live)
        .add(el("div").class("actions").add(days).add(look))
}

fn how_often(form: &AlertForm) -> Element {
    let cool_downs = COOL_DOWNS.map(|(minutes, title)| option(&minutes.to_string(), title, &form.cool_down));
    let cool_down = el("select").attr("name", "cool_down").each(cool_downs);
    let most = field("most", "Most a day", &form.most);
    let at_once = option("", "at once", &form.daily);
    let hours = (0..24).map(|hour| option(&hour.to_string(), &format!("once a day, at {hour:02}:00 UTC"), &form.daily));
    let daily = el("select").attr("name", "daily").add(at_once).each(hours);
    el("div")
        .class("pair three")
        .add(labelled("Pause after a notice", cool_down))
        .add(labelled("Most in a day", most))
        .add(labelled("Tell", daily))
}

fn how(form: &AlertForm, outlook: &Outlook<'_>) -> Element {
    let text = |name: &'static str, kind: &'static str, placeholder: &'static str, value: &str| {
        el("input")
            .attr("type", kind)
            .attr("name", name)
            .attr("autocomplete", if kind == "email" { "email" } else { "off" })
            .attr("placeholder", placeholder)
            .attr("value", value.to_owned())
    };
    let off = |what: &'static str| el("p").class("note").add(what);
    let mail = match outlook.mail {
        true => labelled("Mail to, too", text("email", "email", "name@example.com", &form.email)),
        false => off("No mail: the admin has set no mail server (smtp_host)."),
    };
    let webhook = match outlook.webhooks {
        true => labelled("Webhook, too", text("webhook", "url", "https://", &form.webhook)),
        false => off("No webhooks: the admin has allowed no host (webhook_hosts)."),
    };
    el("section")
        .add(el("p").class("note").add("Notices always come to the bell at the top of Roost."))
        .add(el("div").class("pair").add(mail).add(webhook))
}

fn field(name: &'static str, label: &'static str, value: &str) -> Element {
    el("input")
        .class("number")
        .attr("type", "number")
        .attr("name", name)
        .attr("aria-label", label)
        .attr("value", value.to_owned())
}

fn labelled(title: &'static str, input: Element) -> Element {
    el("label").class("whole").add(title).add(input)
}

fn option(value: &str, title: &str, chosen: &str) -> Element {
    el("option").attr("value", value.to_owned()).flag("selected", value == chosen).add(title.to_owned())
}

/// How a receiver checks a webhook.
const SIGNATURE: &str = "Keep it: it is shown here alone. The header roost-signature of each webhook is \"v1=\" and the \
                         HMAC-SHA-256 of the header roost-timestamp, a dot and the body, in hex digits.";

/// The alert was saved: what its webhook is signed with, which is told this once.
pub fn webhook_told(secret: String) -> Element {
    let secret = el("input").attr("type", "text").attr("id", "secret").attr("readonly", "").attr("value", secret);
    let copy = el("button").class("script").attr("type", "button").attr("data-copy", "#secret").add("Copy");
    let content = vec![
        el("p")
            .add("Each webhook is signed, so that its receiver can tell that it comes from Roost. This is the secret:"),
        el("div")
            .class("with-button")
            .add(el("label").class("visually-hidden").attr("for", "secret").add("Secret"))
            .add(secret)
            .add(copy),
        el("p").class("note").add(SIGNATURE),
        page_link("/alerts").class("button").attr("data-sheet", "").add("All alerts"),
    ];
    sheet("webhook-secret", "The alert is saved", content)
}
