use super::{icons, keys::keys_sheet};
use crate::browser;
use crate::markup::{Element, el};
use crate::settings::{Settings, THEME, choice_button};
use crate::site::Visit;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::account::CurrentUser;

/// The bar at the top of every page, and the page below it.
#[component]
pub fn Frame(
    /// The class of the page.
    class: &'static str,
    children: Children,
) -> impl IntoView {
    // rel=external: the browser itself moves the focus there
    let skip = el("a").class("skip").attr("href", "#content").attr("rel", "external").add("Skip to content");
    let (visit, settings) = (use_context::<Visit>().unwrap_or_default(), Settings::in_context());
    browser::listen_to_choices(settings);
    let location = use_location();
    browser::keep_address_true(&location);
    let path = location.pathname;
    view! {
        {skip}
        {move || path.with(|path| masthead(&visit, path, settings.theme.get()))}
        <main id="content" class=class tabindex="-1">{children()}</main>
        {keys_sheet()}
    }
}

fn masthead(visit: &Visit, path: &str, theme: &str) -> Element {
    let landscape = visit.installation.landscape.as_str();
    let badge = (!matches!(landscape, "" | "production")).then(|| {
        let text = format!("{} · {}", landscape.to_ascii_uppercase(), visit.installation.version);
        el("span").class("badge warn").add(text)
    });
    let keys = el("button")
        .class("quiet key-button")
        .attr("type", "button")
        .attr("popovertarget", "keys")
        .attr("aria-label", "Keyboard shortcuts")
        .add(el("kbd").add("?"));
    // Every page so far is the list of collections, or within one of them.
    let place = match path {
        "/" => Some("page"),
        _ => path.starts_with("/c/").then_some("true"),
    };
    let collections = el("a").attr("href", "/").attr_if("aria-current", place).add("Collections");
    el("header")
        .class("masthead")
        .add(el("a").class("brand").attr("href", "/").add(icons::mark()).add("Roost"))
        .add(el("nav").attr("aria-label", "Main").add(collections))
        .add(el("span").class("spacer"))
        .add(badge)
        .add(keys)
        .add(visit.user.as_ref().map(|user| account(user, theme)).unwrap_or_default())
}

fn account(user: &CurrentUser, theme: &str) -> Vec<Element> {
    let letter: String = user.name.chars().take(1).collect();
    let button = el("button")
        .class("account")
        .attr("type", "button")
        .attr("popovertarget", "account")
        .attr("aria-label", format!("Account of {}", user.name))
        .add(letter);
    let head = el("p")
        .class("menu-head")
        .add(el("strong").add(el("bdi").add(user.name.clone())))
        .add(el("span").class("quiet").add(user.role.name()));
    let sign_out = el("form")
        .attr("method", "post")
        .attr("action", "/sign-out")
        .add(el("button").class("menu-item").attr("type", "submit").add("Sign out"));
    let menu = el("div")
        .attr("id", "account")
        .class("menu end")
        .attr("popover", "auto")
        .add(head)
        .add(theme_switch(theme))
        .add(sign_out);
    vec![button, menu]
}

/// The choice of the colours. It needs script; without, the system decides.
fn theme_switch(theme: &str) -> Element {
    let titles = ["System", "Light", "Dark"];
    let choice = |(name, title): (&'static str, &'static str)| choice_button(&THEME, name, name == theme).add(title);
    let choices = THEME.values.into_iter().zip(titles).map(choice);
    el("div").class("switch").attr("role", "group").attr("aria-label", "Colours").each(choices)
}
