//! A new alert: what is watched, when it fires, how people are told, and when it would have fired.

use super::alert_fields::{AlertForm, DAYS};
use super::{back_test, sheet};
use crate::components::{Here, icons, query_box::hidden_fields};
use crate::markup::{Element, el, page_link};
use model::alert::Quiet;
use model::columns::{self, COLUMNS, Kind};
use model::texts::{Text, language, new_alert as say, sheets};
use model::view::{MAX_NAME, SavedView};
use model::{Filter, filter};
use service::alerts::BackTest;

/// Minutes of cool-down that can be chosen.
const COOL_DOWNS: [(u32, Text); 6] = [
    (0, say::none),
    (15, say::quarter),
    (60, say::an_hour),
    (360, say::six_hours),
    (1440, say::a_day),
    (10_080, say::a_week),
];

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
        .add(say::save());
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
    let back = page_link(outlook.here.url.href()).class("button back").add(sheets::back());
    sheet("new-alert", say::title(), vec![content, back])
}

fn what(form: &AlertForm, outlook: &Outlook<'_>) -> Vec<Element> {
    let filter = columns::find("created").map(|column| outlook.here.filter.without_column(column)).unwrap_or_default();
    let shown = match filter {
        Filter::All => say::all().to_owned(),
        filter => say::shown(&filter::describe(&filter)),
    };
    let here = option("", &shown, &form.watch);
    let views = outlook.views.iter().map(|view| option(&view.id.to_string(), &say::view(&view.name), &form.watch));
    let watch = el("select").attr("name", "watch").attr("aria-describedby", "limits").add(here).each(views);
    let name = el("input")
        .attr("type", "text")
        .attr("name", "name")
        .attr("maxlength", MAX_NAME.to_string())
        .attr("autocomplete", "off")
        .attr("placeholder", say::example())
        .attr("value", form.name.clone());
    let pair = el("div").class("pair").add(labelled(say::name(), name)).add(labelled(say::watches(), watch));
    vec![pair, el("p").class("note").attr("id", "limits").add(say::limits())]
}

/// The kinds of rules; style shows the fields of the one that is chosen.
fn when(form: &AlertForm) -> Element {
    let columns = COLUMNS.iter().filter(|column| column.kind == Kind::Number);
    let columns = columns.map(|column| option(column.name, column.title(), &form.column));
    let sensitivities = [("high", say::more()), ("normal", say::far_more()), ("low", say::very_many())];
    let sensitivities = sensitivities.map(|(value, title)| option(value, title, &form.sensitivity));
    let spike = el("span")
        .add(el("select").attr("name", "sensitivity").attr("aria-label", say::how_much()).each(sensitivities))
        .add(format!(" {} ", say::than_usual()))
        .add(field("spike_at_least", say::posts_hour(), &form.spike_at_least))
        .add(format!(" {}", say::in_hour()));
    let new = el("span")
        .add(format!("{} ", say::at_least()))
        .add(field("new_at_least", say::new_posts(), &form.new_at_least))
        .add(format!(" {}", say::since()));
    let silence = el("span")
        .add(format!("{} ", say::nothing_for()))
        .add(field("hours", say::hours_label(), &form.hours))
        .add(format!(" {}", say::hours()));
    let threshold = el("span")
        .add(format!("{} ", say::new_with()))
        .add(el("select").attr("name", "column").attr("aria-label", say::column()).each(columns))
        .add(format!(" {} ", say::of_at_least()))
        .add(field("threshold", say::threshold_label(), &form.threshold));
    let kinds = [
        ("spike", say::spike(), spike),
        ("new", say::new(), new),
        ("silence", say::silence(), silence),
        ("threshold", say::threshold(), threshold),
    ];
    let kind = |(value, title, fields): (&'static str, &'static str, Element)| {
        let radio = el("input")
            .attr("type", "radio")
            .attr("name", "rule")
            .attr("value", value)
            .flag("checked", form.kind == value);
        el("div").class("rule").add(el("label").add(radio).add(el("strong").add(title))).add(fields.class("quiet"))
    };
    el("fieldset").add(el("legend").add(say::fires_on())).each(kinds.map(kind))
}

fn preview(form: &AlertForm, outlook: &Outlook<'_>) -> Element {
    let days = DAYS.map(|days| option(&days.to_string(), &say::days(&days.to_string()), &form.days().to_string()));
    let look = el("button").attr("type", "submit").add(say::look());
    let days = labelled(say::looks(), el("select").attr("name", "days").each(days));
    let shown = match &outlook.back_test {
        Ok(found) => back_test::back_test(outlook.here, found, form.days()),
        Err(why) => vec![el("p").class("refused").add(icons::warning()).add(why.clone())],
    };
    let live = el("div").attr("id", "back-test").attr("aria-live", "polite").add(shown);
    el("section")
        .class("preview")
        .attr("aria-label", say::would())
        .add(live)
        .add(el("div").class("actions").add(days).add(look))
}

fn how_often(form: &AlertForm) -> Vec<Element> {
    let cool_downs = COOL_DOWNS.map(|(minutes, title)| option(&minutes.to_string(), title(), &form.cool_down));
    let cool_down = el("select").attr("name", "cool_down").each(cool_downs);
    let most = field("most", say::most_label(), &form.most);
    let at_once = option("", say::at_once(), &form.daily);
    let hours = (0..24).map(|hour| option(&hour.to_string(), &say::daily(&format!("{hour:02}")), &form.daily));
    let daily = el("select").attr("name", "daily").add(at_once).each(hours);
    let pace = el("div")
        .class("pair three")
        .add(labelled(say::pause(), cool_down))
        .add(labelled(say::most(), most))
        .add(labelled(say::tell(), daily));
    let all_clear = check("all_clear", "1", form.all_clear).add(say::all_clear());
    vec![pace, quiet(form), all_clear.class("check all-clear")]
}

/// When nobody is told: hours, and the weekdays on which they begin.
fn quiet(form: &AlertForm) -> Element {
    let hours = |chosen: &str| -> Vec<Element> {
        (0..24_u8).map(|hour| option(&hour.to_string(), &format!("{hour:02}:00"), chosen)).collect()
    };
    let select = |name: &'static str, label: &'static str| el("select").attr("name", name).attr("aria-label", label);
    let none = option("", say::quiet_none(), &form.quiet_from);
    let from = select("quiet_from", say::quiet_from()).add(none).each(hours(&form.quiet_from));
    let to = select("quiet_to", say::quiet_to()).each(hours(&form.quiet_to));
    let day = |(number, name): (u8, &'static str)| {
        check("quiet_day", &number.to_string(), form.quiet_days.contains(&number)).class("check").add(name)
    };
    let days = (1..).zip(language::days().split(' ')).map(day);
    let times = el("div").class("rule quiet-hours").add(from).add(say::until()).add(to).add(say::quiet_on()).each(days);
    let note = el("p").class("note").add(say::quiet_note(Quiet::ZONE));
    el("fieldset").add(el("legend").add(say::quiet())).add(times).add(note)
}

fn check(name: &'static str, value: &str, is_checked: bool) -> Element {
    let input = el("input").attr("type", "checkbox").attr("name", name).attr("value", value.to_owned());
    el("label").add(input.flag("checked", is_checked))
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
        true => labelled(say::mail(), text("email", "email", "name@example.com", &form.email)),
        false => off(say::no_mail()),
    };
    let webhook = match outlook.webhooks {
        true => labelled(say::webhook(), text("webhook", "url", "https://", &form.webhook)),
        false => off(say::no_webhook()),
    };
    el("section").add(el("p").class("note").add(say::bell())).add(el("div").class("pair").add(mail).add(webhook))
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

/// The alert was saved: what its webhook is signed with, which is told this once.
pub fn webhook_told(secret: String) -> Element {
    let secret = el("input").attr("type", "text").attr("id", "secret").attr("readonly", "").attr("value", secret);
    let copy = el("button").class("script").attr("type", "button").attr("data-copy", "#secret").add(sheets::copy());
    let content = vec![
        el("p").add(say::signed()),
        el("div")
            .class("with-button")
            .add(el("label").class("visually-hidden").attr("for", "secret").add(say::secret()))
            .add(secret)
            .add(copy),
        el("p").class("note").add(say::signature()),
        page_link("/alerts").class("button").attr("data-sheet", "").add(say::all_alerts()),
    ];
    sheet("webhook-secret", say::saved(), content)
}
