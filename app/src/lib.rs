//! What the user sees: every page of Roost, compiled for the server (feature `ssr`) and for the browser (`hydrate`,
//! without the [`sheets`]).
//!
//! A page is a function of its URL ([`url`]) and of what the server functions ([`api`]) answer: links and GET forms
//! move it, so it works before and without WebAssembly. Most pages are sheets: a file in [`sheets`] and a
//! route of the server. One that reacts by itself is a file in [`pages`] and a route here.

// Views nest types deeply.
#![recursion_limit = "256"]

pub mod api;
pub mod browser;
pub mod components;
pub mod erase;
pub mod error;
pub mod format;
pub mod markup;
pub mod pages;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod sheets;
pub mod site;
pub mod text;
pub mod url;

use components::scripts::scripts;
use leptos::prelude::*;
use leptos_meta::MetaTags;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};
use model::texts::language;
use pages::Explore;
use settings::{DENSITY, DETAIL_WIDTH, FACETS_WIDTH, LANGUAGE, Settings, THEME};
use site::{SitePkg, Visit};

/// The HTML document around the pages, made on the server. Needs [`SitePkg`] in the context.
pub fn shell() -> impl IntoView {
    let pkg = use_context::<SitePkg>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html
            lang=language::code()
            data-theme=THEME.attribute_value()
            data-density=DENSITY.attribute_value()
            data-language=LANGUAGE.attribute_value()
            data-facets=FACETS_WIDTH.attribute_value()
            data-detail=DETAIL_WIDTH.attribute_value()
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <meta name="texts" content=page_texts()/>
                <meta name="zone" content=model::zone::current().to_text()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {scripts(&pkg)}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What the browser says with script, which has no texts of its own.
#[cfg(not(target_arch = "wasm32"))]
fn page_texts() -> String {
    model::texts::page_texts()
}

/// The document is made on the server alone.
#[cfg(target_arch = "wasm32")]
fn page_texts() -> String {
    String::new()
}

/// The table of pages that react by themselves. All others are [`sheets`].
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "ssr")]
    leptos_meta::provide_meta_context();
    provide_context(Visit::current());
    provide_context(Settings::current());

    view! {
        <Router>
            // Links to whatever is no page of these load it anew.
            <FlatRoutes fallback=|| ()>
                <Route path=path!("/c/:collection") view=Explore ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
