use super::sheet;
use crate::components::{Here, query_box::post_form};
use crate::format;
use crate::markup::{Element, el, page_link};
use crate::url::ExploreUrl;
use model::filter::{self, Filter};
use model::texts::{share as say, sheets};
use model::{Timestamp, columns};

/// What is to be shared.
pub struct Share<'a> {
    pub here: &'a Here,
    /// Title of the collection.
    pub title: &'a str,
    /// The address of this site, without a slash at its end.
    pub site: String,
    /// The code of a short link that was made.
    pub code: Option<String>,
    pub now: Timestamp,
}

/// Links to what the explore page shows: one that goes on with the data, one that does not, a short one.
pub fn share(shared: &Share<'_>) -> Element {
    let here = shared.here;
    let live = format!("{}{}", shared.site, here.url.href());
    let frozen = format!("{}{}", shared.site, frozen(here, shared.now).href());
    let what = match here.filter {
        Filter::All => sheets::all_tweets_of(shared.title),
        ref filter => format!("{}: {}", shared.title, filter::describe(filter)),
    };
    let until = say::until(&format::stamp(shared.now));
    let content = vec![
        el("p").class("quiet").add(el("bdi").add(what)),
        link_field("live", say::live(), say::live_about(), live),
        link_field("frozen", say::frozen(), &until, frozen),
        short(shared),
        el("p").class("quiet").add(say::no_rights()),
        page_link(here.url.href()).class("button back").add(sheets::back()),
    ];
    sheet("share", say::title(), content)
}

/// What is shown, fixed to the tweets that are stored now.
fn frozen(here: &Here, now: Timestamp) -> ExploreUrl {
    let until = columns::find("first_seen").and_then(|column| {
        let moment = filter::DateValue::moment(now);
        filter::parse(&format!("{}<={moment}", column.printed_name())).ok()
    });
    let filter = Filter::and([here.filter.clone().frozen(now), until.unwrap_or_default()]);
    here.url.with_filter(&filter)
}

fn link_field(id: &'static str, title: &'static str, what: &str, link: String) -> Element {
    let input = el("input")
        .attr("type", "text")
        .attr("id", format!("link-{id}"))
        .attr("readonly", "")
        .attr("aria-describedby", format!("about-{id}"))
        .attr("value", link);
    let copy = el("button")
        .class("script")
        .attr("type", "button")
        .attr("data-copy", format!("#link-{id}"))
        .add(sheets::copy());
    el("section")
        .class("link-field")
        .add(el("h2").add(el("label").attr("for", format!("link-{id}")).add(title)))
        .add(el("p").class("quiet").attr("id", format!("about-{id}")).add(what.to_owned()))
        .add(el("div").class("with-button").add(input).add(copy))
}

fn short(shared: &Share<'_>) -> Element {
    if let Some(code) = &shared.code {
        return link_field("short", say::short(), say::short_about(), format!("{}/s/{code}", shared.site));
    }
    let make = el("button").attr("type", "submit").add(say::make());
    el("section")
        .class("link-field")
        .add(el("h2").add(say::short()))
        .add(el("p").class("quiet").add(say::short_about()))
        .add(post_form(shared.here, format!("{}/share", shared.here.url.path())).attr("data-sheet", "").add(make))
}
