//! How a person likes the pages: remembered in cookies, which the server reads too, so that pages come as they will
//! look. There is nothing in them that anybody else could use.

use crate::browser;
use crate::markup::{Element, el};
use leptos::prelude::*;

/// Something to choose. It is a cookie, and an attribute of the document for style to see.
#[derive(Debug)]
pub struct Choice {
    pub cookie: &'static str,
    attribute: &'static str,
    pub values: &'static [&'static str],
    /// The one that is not written.
    usual: &'static str,
}

/// The scheme of colours.
pub const THEME: Choice =
    Choice { cookie: "theme", attribute: "data-theme", values: &["system", "light", "dark"], usual: "system" };

/// How close the rows of a table stand.
pub const DENSITY: Choice =
    Choice { cookie: "density", attribute: "data-density", values: &["compact", "cosy", "roomy"], usual: "cosy" };

/// How wide the facets are beside the rows, in pixels: 0 is folded away, `usual` is left to style.
pub const FACETS_WIDTH: Choice = Choice {
    cookie: "facets",
    attribute: "data-facets",
    values: &["usual", "0", "200", "240", "280", "320", "360", "400", "440"],
    usual: "usual",
};

/// The same of the details.
pub const DETAIL_WIDTH: Choice = Choice {
    cookie: "detail",
    attribute: "data-detail",
    values: &["usual", "320", "360", "400", "440", "480", "520", "560", "600", "640"],
    usual: "usual",
};

/// The language: that of the browser, or one that Roost speaks. Only a new page is in another one.
pub const LANGUAGE: Choice =
    Choice { cookie: "language", attribute: "data-language", values: &["browser", "en", "de"], usual: "browser" };

/// The time zone, by its name; that of the browser where none is chosen.
pub const ZONE: &str = "zone";

/// The zone of the browser, which script tells (`components::scripts`).
pub const BROWSER_ZONE: &str = "browser_zone";

/// What is chosen now. In the context of every page.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub theme: RwSignal<&'static str>,
    pub density: RwSignal<&'static str>,
    pub language: &'static str,
}

impl Settings {
    /// As the request or the document says.
    pub fn current() -> Self {
        Self { theme: RwSignal::new(THEME.now()), density: RwSignal::new(DENSITY.now()), language: LANGUAGE.now() }
    }

    /// Those that the app has put into the context.
    pub fn in_context() -> Self {
        use_context().unwrap_or_else(Self::current)
    }

    /// Chooses what a button of [`choice_form`] stands for. Returns whether it is one.
    pub fn choose(&self, button: &web_sys::Element) -> bool {
        for (choice, signal) in [(&THEME, self.theme), (&DENSITY, self.density)] {
            if let Some(value) = button.get_attribute(choice.attribute).and_then(|value| choice.known(&value)) {
                choice.remember(value);
                signal.set(value);
                return true;
            }
        }
        false
    }
}

impl Choice {
    /// The attribute of the document: none for the usual value.
    pub fn attribute_value(&self) -> Option<&'static str> {
        self.unless_usual(self.now())
    }

    /// The attribute of a document that shows this value.
    pub fn unless_usual(&self, value: &'static str) -> Option<&'static str> {
        Some(value).filter(|value| *value != self.usual)
    }

    /// The value of that name.
    pub fn known(&self, value: &str) -> Option<&'static str> {
        self.values.iter().copied().find(|known| *known == value)
    }

    #[cfg(feature = "ssr")]
    pub fn now(&self) -> &'static str {
        use_context::<http::request::Parts>().map_or(self.usual, |parts| self.in_cookies(&parts.headers))
    }

    /// What the cookies of a request say.
    #[cfg(feature = "ssr")]
    pub fn in_cookies(&self, headers: &http::HeaderMap) -> &'static str {
        let cookies = headers.get_all(http::header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        let value = pairs.find(|(name, _)| *name == self.cookie).map(|(_, value)| value);
        value.and_then(|value| self.known(value)).unwrap_or(self.usual)
    }

    #[cfg(not(feature = "ssr"))]
    pub fn now(&self) -> &'static str {
        let value = document().document_element().and_then(|root| root.get_attribute(self.attribute));
        value.and_then(|value| self.known(&value)).unwrap_or(self.usual)
    }

    /// Shows this value, and has it come again.
    pub fn remember(&self, value: &'static str) {
        browser::set_cookie(self.cookie, value);
        self.show(value);
    }

    /// Shows this value for now.
    pub fn show(&self, value: &'static str) {
        if let Some(root) = document().document_element() {
            // Only a wrong name could make it fail.
            let _ = root.set_attribute(self.attribute, value);
        }
    }
}

/// A form with a button for each of the values. The server takes it (`/settings`) and leads back to `next`; script
/// hears the buttons and needs no server.
pub fn choice_form(choice: &Choice, chosen: &str, titles: &[&'static str], next: String) -> Element {
    let button =
        |(value, title): (&&'static str, &&'static str)| choice_button(choice, value, *value == chosen).add(*title);
    let next = el("input").attr("type", "hidden").attr("name", "next").attr("value", next);
    el("form")
        .class("switch")
        .attr("method", "post")
        .attr("action", "/settings")
        .each(choice.values.iter().zip(titles).map(button))
        .add(next)
}

fn choice_button(choice: &Choice, value: &'static str, is_chosen: bool) -> Element {
    el("button")
        .key(value)
        .attr("type", "submit")
        .attr("name", choice.cookie)
        .attr("value", value)
        .attr(choice.attribute, value)
        .attr("aria-pressed", if is_chosen { "true" } else { "false" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_can_be_chosen() {
        assert_eq!(LANGUAGE.values[1..], model::texts::CODES);
    }
}
