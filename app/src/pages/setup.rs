use super::{form_error, query_value};
use crate::components::icons;
use crate::erase::Erase;
use crate::site::page_title;
use leptos::prelude::*;

/// The first start: whoever holds the one-time link becomes the first admin.
#[component]
pub fn Setup() -> impl IntoView {
    view! {
        {page_title("Set up · Roost")}
        <main id="content" class="gate">
            <p class="brand">{icons::mark()}"Roost"</p>
            <form class="gate-form" method="post" action="/setup">
                <h1>"Set up Roost"</h1>
                <p class="quiet">"Make the first account. It is an admin: it can manage schedules, credentials and people."</p>
                {form_error()}
                <input type="hidden" name="token" value=query_value("token").unwrap_or_default()/>
                <label>
                    "Name"
                    <input type="text" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus/>
                </label>
                <label>
                    "Password"
                    <input type="password" name="password" autocomplete="new-password" minlength="15" required aria-describedby="rule"/>
                    <small id="rule">"At least 15 characters; long matters more than odd."</small>
                </label>
                <label>
                    "Password again"
                    <input type="password" name="again" autocomplete="new-password" minlength="15" required/>
                </label>
                <button class="primary" type="submit">"Make the account"</button>
            </form>
        </main>
    }
    .erased()
}
