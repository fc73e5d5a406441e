use super::{icons, keys::keys_sheet};
use crate::browser;
use crate::markup::{Element, el, page_link};
use crate::settings::{LANGUAGE, Settings, THEME, choice_form};
use crate::site::Visit;
use crate::url::encode;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::account::{CurrentUser, Role};
use model::texts::{Text, frame as say};
use model::zone;

/// A part of Roost: path, the beginning of the paths within it, title.
type Place = (&'static str, &'static str, Text);

const PLACES: [Place; 5] = [
    ("/boards", "/boards/", say::boards),
    ("/?all", "/c/", say::collections),
    ("/alerts", "/alerts", say::alerts),
    ("/exports", "/exports/", say::exports),
    ("/sql", "/sql/", say::sql),
];

/// Those that the person may go to: the last is not for everybody.
fn places(user: Option<&CurrentUser>) -> impl Iterator<Item = Place> {
    let is_analyst = user.is_some_and(|user| user.role >= Role::Analyst);
    PLACES.into_iter().take(PLACES.len() - usize::from(!is_analyst))
}

/// The bar at the top of every page, and the page below it.
#[component]
pub fn Frame(
    /// The class of the page.
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let (visit, settings) = (use_context::<Visit>().unwrap_or_default(), Settings::in_context());
    browser::listen_to_choices(settings);
    let location = use_location();
    browser::keep_address_true(&location);
    let address = move || match location.search.get() {
        search if search.is_empty() => location.pathname.get(),
        search => format!("{}?{search}", location.pathname.get()),
    };
    view! {
        {skip()}
        {move || masthead(&visit, &address(), settings.theme.get(), settings.language)}
        <main id="content" class=class tabindex="-1">{children()}</main>
        {keys_sheet()}
    }
}

/// The first link of a page, for keyboards.
pub fn skip() -> Element {
    // rel=external: the browser itself moves the focus there
    page_link("#content").class("skip").add(say::skip())
}

/// The bar at the top. `address` is path and query of the page.
pub fn masthead(visit: &Visit, address: &str, theme: &str, language: &str) -> Element {
    let landscape = visit.installation.landscape.as_str();
    let badge = (!matches!(landscape, "" | "production")).then(|| {
        // Narrow windows show the landscape alone.
        let version = el("span").class("version").add(format!(" · {}", visit.installation.version));
        el("span").class("badge warn").add(landscape.to_ascii_uppercase()).add(version)
    });
    let keys = el("button")
        .class("quiet key-button")
        .attr("type", "button")
        .attr("popovertarget", "keys")
        .attr("aria-label", say::shortcuts())
        .add(el("kbd").add("?"));
    let path = address.split('?').next().unwrap_or_default();
    let place = |(href, under, title): Place| {
        let current = if path == href.trim_end_matches("?all") {
            Some("page")
        } else {
            path.starts_with(under).then_some("true")
        };
        page_link(href).attr_if("aria-current", current).add(title())
    };
    el("header")
        .class("masthead")
        .add(page_link("/").class("brand").add(icons::mark()).add("Roost"))
        .add(el("nav").attr("aria-label", say::main()).each(places(visit.user.as_ref()).map(place)))
        .add(el("span").class("spacer"))
        .add(badge)
        .add(keys)
        .add(visit.user.is_some().then(|| bell(visit.unread)))
        .add(visit.user.as_ref().map(|user| account(user, address, theme, language)).unwrap_or_default())
}

/// The way to the notices, with the number of those that are new.
fn bell(unread: u64) -> Element {
    let count = (unread > 0).then(|| el("span").class("unread").add(unread.to_string()));
    let bell = page_link("/notices").class("button quiet bell").attr("title", say::notices()).add(icons::bell());
    bell.add(el("span").class("visually-hidden").add(format!("{} ", say::notices()))).add(count)
}

fn account(user: &CurrentUser, address: &str, theme: &str, language: &str) -> Vec<Element> {
    let letter: String = user.name.chars().take(1).collect();
    let button = el("button")
        .class("account")
        .attr("type", "button")
        .attr("popovertarget", "account")
        .attr("aria-label", say::account(&user.name))
        .add(letter);
    let head = el("p")
        .class("menu-head")
        .add(el("strong").add(el("bdi").add(user.name.clone())))
        .add(el("span").class("quiet").add(role(user.role)));
    let sign_out = el("form")
        .attr("method", "post")
        .attr("action", "/sign-out")
        .add(el("button").class("menu-item").attr("type", "submit").add(say::sign_out()));
    let colours = choice_form(&THEME, theme, &[say::system(), say::light(), say::dark()], address.to_owned())
        .attr("role", "group")
        .attr("aria-label", say::colours());

    // In their own words, so that whoever reads only one of them finds it.
    let languages = choice_form(&LANGUAGE, language, &[say::browser(), "English", "Deutsch"], address.to_owned())
        .attr("role", "group")
        .attr("aria-label", say::language());

    let zone = page_link(format!("/zone?next={}", encode(address))).class("menu-item");
    let zone = zone.add(say::zone(&zone::current().name));
    let parts =
        el("nav").class("menu-group phone-nav").attr("aria-label", say::parts()).each(places(Some(user)).map(part));
    let pipeline = (user.role == Role::Admin).then(|| page_link("/pipeline").class("menu-item").add(say::pipeline()));
    let menu = el("div")
        .attr("id", "account")
        .class("menu end")
        .attr("popover", "auto")
        .add(head)
        .add(parts)
        .add(
            el("div")
                .class("menu-group")
                .add(caption(say::colours()))
                .add(colours)
                .add(caption(say::language()))
                .add(languages)
                .add(zone),
        )
        .add(el("div").class("menu-group").add(pipeline).add(sign_out));
    vec![button, menu]
}

fn caption(words: &'static str) -> Element {
    el("p").class("menu-caption").attr("aria-hidden", "true").add(words)
}

/// The way to a part of Roost from the menu of the account, where the bar has no room for it.
fn part((href, _, title): Place) -> Element {
    page_link(href).class("menu-item").add(title())
}

/// What a role is called.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Viewer => say::viewer(),
        Role::Analyst => say::analyst(),
        Role::Admin => say::admin(),
    }
}
