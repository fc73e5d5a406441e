//! Every part of the pages in every state, for those who change how Roost looks. In the development landscape alone.

mod data;

use super::{plots, sheet};
use crate::api::Shared;
use crate::browser::newer::Since;
use crate::components::{
    avatar::avatar, chips, detail, empty::empty, error_panel::error_panel_at, facet, headline::headline, held::Held,
    histogram::histogram, icons, pager::pager, query_box::filter_error, selection::selection_bar, skeleton, sort_note,
    split, table::table, time, time_button::time_button, tweet_card::small_card,
};
use crate::error::AppError;
use crate::markup::{Content, Element, el, page_link};
use data::{NOW, here};
use model::Timestamp;

/// A filter with conditions of all kinds, one switched off, and an order by two columns.
const QUERY: &str =
    "q=launch+lang:(en+OR+de)+-is:retweet+likes>%3D5+created>%3Dnow-7d&off=has:media&sort=-likes,created";

/// All of it. The colours are chosen in the menu of the account.
pub fn gallery() -> Element {
    let parts = [
        part("Buttons", buttons()),
        part("Fields", fields()),
        part("Badges, notes, keys", badges()),
        part("Times and authors", times()),
        part("Conditions", conditions()),
        part("What is found, and how far it can be trusted", headlines()),
        part("Histogram", histograms()),
        part("Rows", rows()),
        part("Facets", el("div").class("center").add(facet::sheet_button(&here(QUERY))).each(facets())),
        part("A tweet", tweet()),
        part("Nothing found", empty(&here(QUERY), &[1204, 0, 12, 3, 0])),
        part("Errors", errors()),
        part("Before the first answer", bones()),
        part("Plots", plots_of_each_kind()),
    ];
    let note = el("p").class("quiet").add("The colours are chosen in the menu of the account.");
    sheet("gallery", "Gallery", note).each(parts).add(style())
}

/// What only this page looks like.
fn style() -> Element {
    el("link").attr("rel", "stylesheet").attr("href", "/dev/gallery.css")
}

fn part(title: &'static str, content: impl Content) -> Element {
    el("section").attr("aria-label", title).add(el("h2").add(title)).add(content)
}

fn line() -> Element {
    el("div").class("actions")
}

fn button(class: &'static str, words: &'static str) -> Element {
    el("button").attr("type", "button").class(class).add(words)
}

fn buttons() -> Vec<Element> {
    let of = |disabled| {
        let all =
            [("", "Plain"), ("primary", "Export 12,480 tweets"), ("quiet", "Quiet"), ("danger", "Delete for good")];
        line().each(all.map(|(class, words)| button(class, words).flag("disabled", disabled)))
    };
    let icon = |label: &'static str, icon| button("step", "").attr("aria-label", label).add(icon);
    let others = line()
        .add(page_link("#content").class("button").add("A link"))
        .add(page_link("#content").class("button small").add("A small one"))
        .add(page_link("#content").class("button").attr("aria-current", "true").add("The current one"))
        .add(icon("Close", icons::close()))
        .add(icon("Be told", icons::bell()));
    let sure =
        el("details").class("sure").add(el("summary").class("button").add("Delete")).add(button("danger", "Sure"));
    vec![of(false), of(true), others, sure]
}

fn fields() -> Vec<Element> {
    let labelled = |words: &'static str, field: Element| el("label").class("whole").add(words).add(field);
    let input = |kind: &'static str, value: &'static str| el("input").attr("type", kind).attr("value", value);
    let options = ["at once", "once a day"].map(|words| el("option").add(words));
    let choice = |kind: &'static str, words: &'static str, checked| {
        let input = input(kind, "on").attr("name", "choice").flag("checked", checked);
        el("label").add(input).add(" ").add(words)
    };
    let copied = el("div")
        .class("with-button")
        .add(input("text", "https://roost.example/s/abc").attr("aria-label", "With a button").flag("readonly", true))
        .add(button("", "Copy"));
    vec![
        el("div")
            .class("pair three")
            .add(labelled("Text", input("text", "Launch week")))
            .add(labelled("Empty", input("text", "").attr("placeholder", "lang:en likes>=50")))
            .add(labelled("Date", input("date", "2026-11-18"))),
        el("div")
            .class("pair three")
            .add(labelled("Number", input("number", "20")))
            .add(labelled("Choice", el("select").each(options)))
            .add(labelled("Password", input("password", "secret"))),
        line().add(choice("checkbox", "For everyone", true)).add(choice("checkbox", "Locked", false)),
        line().add(choice("radio", "Volume spike", true)).add(choice("radio", "Silence", false)),
        copied,
    ]
}

fn badges() -> Vec<Element> {
    let badge = |(class, words): (&'static str, &'static str)| el("span").class(class).add(words);
    let key = |key: &'static str| el("kbd").add(key);
    vec![
        line()
            .each([("badge", "paused"), ("badge warn", "DEVELOPMENT · 0.1.0"), ("badge good", "watching")].map(badge)),
        el("p").class("note").add("A note: what one may want to know."),
        el("p").class("quiet").add("Quieter words than those around them."),
        el("p").class("refused").add(icons::warning()).add("Not delivered: the mail server does not answer."),
        el("p").class("form-error").add("The two passwords differ. Write the same one twice."),
        line().each(["?", "Esc", "Shift"].map(key)),
    ]
}

fn times() -> Vec<Element> {
    let ages = [0, 6, 90, 60 * 30, 60 * 24 * 12, 60 * 24 * 700];
    let at = |minutes: i64| Timestamp(NOW.0 - minutes * model::time::MINUTE);
    vec![
        line().each(ages.map(|age| time::time(at(age), NOW))),
        line().each(ages.map(|age| time::time_ago(at(age), NOW))),
        line().each((0..10).map(|index| avatar(data::pid(index), false))).add(avatar(data::pid(3), true)),
    ]
}

fn conditions() -> Vec<Element> {
    let (here, wrong) = (here(QUERY), here("q=lan:de+likes>%3D2"));
    let told = wrong.error.as_ref().map(|error| filter_error(&wrong.url, &wrong.written, error));
    let applied = el("div").class("applied-error").add(told);
    vec![
        el("div").add(chips::chips(&here)),
        line().add(time_button(&here)).add(split::split_button(&here)).add(sort_note::sort_note(&here)),
        applied,
    ]
}

fn headlines() -> Vec<Element> {
    let (here, page) = (here(QUERY), data::page());
    let behind = model::explore::ExplorePage { behind: 310, ..data::page() };
    vec![
        headline(&here, &page, Since::default()),
        headline(&here, &page, Since { newer: 24, minutes: 7 }),
        headline(&here, &behind, Since::default()),
    ]
}

fn histograms() -> Vec<Element> {
    let (plain, split) = (data::histogram(false), data::histogram(true));
    vec![histogram(&here(QUERY), &plain, &[]), histogram(&here("split=lang"), &split, &data::fired())]
}

fn rows() -> Vec<Element> {
    let page = Shared::new(data::page());
    let (open, picked) = (page.rows[1].tweet.id, [page.rows[2].tweet.id, page.rows[3].tweet.id]);
    let here = here(&format!("sort=-likes&tweet={open}"));
    vec![
        table(&here, &Held::of(&page), page.total, &picked),
        pager(&here, &page, None, "cosy"),
        selection_bar(&here, &picked),
    ]
}

fn facets() -> Vec<Element> {
    facet::sheet(&here(QUERY), &data::page())
}

fn tweet() -> Element {
    let here = here("q=launch");
    let shown = detail::detail(&here, &data::row(0), &[]);
    el("div").class("detail").each(shown).add(small_card(&here, &data::row(3), "quotes"))
}

fn errors() -> Vec<Element> {
    let errors = [
        AppError::SignedOut,
        AppError::Forbidden,
        AppError::NotFound("There is no collection \"space\".".to_owned()),
        AppError::Invalid("\"many\" is no number of tweets.".to_owned()),
        AppError::Unavailable,
    ];
    errors.iter().map(|error| error_panel_at(error, "/dev/gallery".to_owned())).collect()
}

fn bones() -> Vec<Element> {
    let center = el("div")
        .class("center")
        .each(skeleton::headline_skeleton())
        .each(skeleton::chart_skeleton())
        .each(skeleton::rows_skeleton());
    vec![center, el("div").each(skeleton::facets_skeleton())]
}

fn plots_of_each_kind() -> Element {
    let here = here("q=launch");
    let figure = |of: &service::plots::Plotted| {
        el("section").class("plot").add(plots::draw(&here, of).figure(&here, of.plot)).add(plots::trust(of))
    };
    el("div").class("plot-grid").each(data::plots().iter().map(figure))
}
