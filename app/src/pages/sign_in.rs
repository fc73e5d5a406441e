use super::{form_error, query_value};
use crate::components::icons;
use crate::erase::Erase;
use crate::site::{local_path, page_title};
use leptos::prelude::*;

/// The way in. The form goes to the server as it is, with or without script.
#[component]
pub fn SignIn() -> impl IntoView {
    let next = query_value("next").map_or_else(|| "/".to_owned(), |next| local_path(&next).to_owned());
    view! {
        {page_title("Sign in · Roost")}
        <main id="content" class="gate">
            <p class="brand">{icons::mark()}"Roost"</p>
            <form class="gate-form" method="post" action="/sign-in">
                <h1>"Sign in"</h1>
                {form_error()}
                <input type="hidden" name="next" value=next/>
                <label>
                    "Name"
                    <input type="text" name="name" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus/>
                </label>
                <label>
                    "Password"
                    <input type="password" name="password" autocomplete="current-password" required/>
                </label>
                <button class="primary" type="submit">"Sign in"</button>
            </form>
            <p class="note">"No account, or the password is lost? An admin of this installation can help."</p>
        </main>
    }
    .erased()
}
