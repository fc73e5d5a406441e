//! Sheets: pages that the server writes by itself. They work without script, and the explore page opens them in a
//! dialog (`browser::sheet`). What they are made of never reaches the browser's WebAssembly.

pub mod access;
pub mod alert_fields;
pub mod alert_form;
pub mod alerts;
pub mod annotations;
mod back_test;
pub mod boards;
pub mod collections;
pub mod column;
pub mod credentials;
pub mod explain;
pub mod export;
pub mod exports;
pub mod gallery;
pub mod gate;
mod not_found;
pub mod notices;
pub mod pipeline;
pub mod plots;
mod problem;
pub mod schedule;
pub mod selection;
mod setup;
pub mod share;
mod sign_in;
pub mod sql;
pub mod tweet;
pub mod unsubscribe;
pub mod views;
mod welcome;
pub mod zone;

pub use not_found::not_found;
pub use problem::problem;
pub use setup::setup;
pub use sign_in::sign_in;
pub use welcome::welcome;

use crate::components::{frame, keys::keys_sheet};
use crate::markup::{Content, Element, el};
use crate::settings::{DENSITY, LANGUAGE, THEME};
use crate::site::{SitePkg, Visit};
use http::HeaderMap;
use model::texts::language;

/// What stands around a sheet.
pub struct Surroundings {
    pub visit: Visit,
    pub site: SitePkg,
    /// Path and query of the sheet.
    pub address: String,
    theme: &'static str,
    density: &'static str,
    language: &'static str,
}

impl Surroundings {
    /// For a request with these headers, whose cookies tell how the person likes the pages.
    pub fn new(visit: Visit, site: SitePkg, address: String, headers: &HeaderMap) -> Self {
        let [theme, density, language] = [THEME, DENSITY, LANGUAGE].map(|choice| choice.in_cookies(headers));
        Self { visit, site, address, theme, density, language }
    }

    /// The whole document. `refresh` is after how many seconds the browser asks again.
    pub fn document(&self, title: &str, refresh: Option<u32>, sheet: Element) -> String {
        let head = self.head(title, refresh);
        let page = el("main").attr("id", "content").class("sheet-page").attr("tabindex", "-1").add(sheet);
        self.page(
            head,
            vec![
                frame::skip(),
                frame::masthead(&self.visit, &self.address, self.theme, self.language),
                page,
                keys_sheet(),
            ],
        )
    }

    /// The document of the way in, which has no bar at its top.
    pub fn gate(&self, title: &str, gate: Element) -> String {
        let style = el("link").attr("rel", "stylesheet").attr("href", "/gate.css");
        self.page(self.head(title, None).add(style), vec![gate])
    }

    fn head(&self, title: &str, refresh: Option<u32>) -> Element {
        let meta = |name: &'static str, content: &'static str| el("meta").attr("name", name).attr("content", content);
        let again =
            refresh.map(|seconds| el("meta").attr("http-equiv", "refresh").attr("content", seconds.to_string()));
        el("head")
            .add(el("meta").attr("charset", "utf-8"))
            .add(meta("viewport", "width=device-width, initial-scale=1"))
            .add(meta("color-scheme", "light dark"))
            .add(meta("robots", "noindex"))
            .add(again)
            .add(el("title").add(format!("{title} · Roost")))
            .add(el("link").attr("rel", "icon").attr("href", "/favicon.svg").attr("type", "image/svg+xml"))
            .add(el("link").attr("rel", "stylesheet").attr("href", format!("/pkg/{}", self.site.css)))
    }

    fn page(&self, head: Element, body: Vec<Element>) -> String {
        let html = el("html")
            .attr("lang", language::code())
            .attr_if("data-theme", THEME.unless_usual(self.theme))
            .attr_if("data-density", DENSITY.unless_usual(self.density))
            .add(head)
            .add(el("body").each(body));
        format!("<!DOCTYPE html>{}", html.html())
    }
}

/// A sheet: its name, and what is in it. `class` is its own, for style.
pub fn sheet(class: &'static str, title: impl Content, content: impl Content) -> Element {
    el("article").class(class).add(el("h1").attr("id", "sheet-title").add(title)).add(content)
}
