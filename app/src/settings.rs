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
    pub values: [&'static str; 3],
    /// The one that is not written.
    usual: &'static str,
}

/// The scheme of colours.
pub const THEME: Choice =
    Choice { cookie: "theme", attribute: "data-theme", values: ["system", "light", "dark"], usual: "system" };

/// How close the rows of a table stand.
pub const DENSITY: Choice =
    Choice { cookie: "density", attribute: "data-density", values: ["compact", "cosy", "roomy"], usual: "cosy" };

/// What is chosen now. In the context of every page.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub theme: RwSignal<&'static str>,
    pub density: RwSignal<&'static str>,
}

impl Settings {
    /// As the request or the document says.
    pub fn current() -> Self {
        Self { theme: RwSignal::new(THEME.now()), density: RwSignal::new(DENSITY.now()) }
    }

    /// Those that the app has put into the context.
    pub fn in_context() -> Self {
        use_context().unwrap_or_else(Self::current)
    }

    /// Chooses what a button of [`choice_button`] stands for.
    pub fn choose(&self, button: &web_sys::Element) {
        for (choice, signal) in [(&THEME, self.theme), (&DENSITY, self.density)] {
            if let Some(value) = button.get_attribute(choice.attribute).and_then(|value| choice.known(&value)) {
                choice.remember(value);
                signal.set(value);
            }
        }
    }
}

impl Choice {
    /// The attribute of the document: none for the usual value.
    pub fn attribute_value(&self) -> Option<&'static str> {
        Some(self.now()).filter(|value| *value != self.usual)
    }

    fn known(&self, value: &str) -> Option<&'static str> {
        self.values.into_iter().find(|known| *known == value)
    }

    fn now(&self) -> &'static str {
        self.read().and_then(|value| self.known(&value)).unwrap_or(self.usual)
    }

    #[cfg(feature = "ssr")]
    fn read(&self) -> Option<String> {
        let parts = use_context::<http::request::Parts>()?;
        let cookies = parts.headers.get_all(http::header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.cookie).map(|(_, value)| value.to_owned())
    }

    #[cfg(not(feature = "ssr"))]
    fn read(&self) -> Option<String> {
        document().document_element()?.get_attribute(self.attribute)
    }

    fn remember(&self, value: &'static str) {
        browser::set_cookie(self.cookie, value);
        if let Some(root) = document().document_element() {
            // Only a wrong name could make it fail.
            let _ = root.set_attribute(self.attribute, value);
        }
    }
}

/// A button for one of the values.
pub fn choice_button(choice: &Choice, value: &'static str, is_chosen: bool) -> Element {
    el("button")
        .key(value)
        .attr("type", "button")
        .attr(choice.attribute, value)
        .attr("aria-pressed", if is_chosen { "true" } else { "false" })
}
