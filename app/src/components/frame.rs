use super::{icons, keys::keys_sheet};
use crate::erase::Erase;
use crate::site::Visit;
use leptos::prelude::*;
use model::account::CurrentUser;

/// The bar at the top of every page, and the page below it.
#[component]
pub fn Frame(
    /// The class of the page.
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let visit = use_context::<Visit>().unwrap_or_default();
    let landscape = visit.installation.landscape.as_str();
    let badge = (!matches!(landscape, "" | "production")).then(|| {
        let text = format!("{} · {}", landscape.to_uppercase(), visit.installation.version);
        view! { <span class="badge warn">{text}</span> }
    });
    view! {
        <a class="skip" href="#content" rel="external">"Skip to content"</a>
        <header class="masthead">
            <a class="brand" href="/">{icons::mark()}"Roost"</a>
            <nav aria-label="Main">
                <a href="/">"Collections"</a>
            </nav>
            <span class="spacer"></span>
            {badge}
            <button class="quiet key-button" type="button" popovertarget="keys" aria-label="Keyboard shortcuts">
                <kbd>"?"</kbd>
            </button>
            {visit.user.as_ref().map(account)}
        </header>
        <main id="content" class=class tabindex="-1">{children()}</main>
        {keys_sheet()}
    }
    .erased()
}

fn account(user: &CurrentUser) -> AnyView {
    let letter: String = user.name.chars().take(1).flat_map(char::to_uppercase).collect();
    let label = format!("Account of {}", user.name);
    view! {
        <button class="account" type="button" popovertarget="account" aria-label=label>{letter}</button>
        <div id="account" class="menu end" popover="auto">
            <p class="menu-head">
                <strong><bdi>{user.name.clone()}</bdi></strong>
                <span class="quiet">{user.role.name()}</span>
            </p>
            <form method="post" action="/sign-out">
                <button class="menu-item" type="submit">"Sign out"</button>
            </form>
        </div>
    }
    .erased()
}
