//! What Roost says to people, in their language: a function per text, by the part of the pages that shows it.
//!
//! The texts stand in `model/texts`, one file per language, and are compiled into the server alone. What the browser
//! needs of them travels with the page ([`page_texts`], [`adopt`]), so that it loads one language and not all.

use crate::number::grouped;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(target_arch = "wasm32")]
pub use of_page::adopt;
#[cfg(target_arch = "wasm32")]
use of_page::text;
#[cfg(not(target_arch = "wasm32"))]
use of_request::text;
#[cfg(not(target_arch = "wasm32"))]
pub use of_request::{Language, page_texts, within};

/// A text in a table, looked up when it is shown.
pub type Text = fn() -> &'static str;

/// The same with a number of things.
pub type Counted = fn(u64) -> String;

/// A text with its placeholders filled.
fn filled(index: usize, values: &[&str]) -> String {
    fill(text(index), values)
}

/// A text about a number of things, which is its first placeholder.
fn counted(index: usize, n: u64, values: &[&str]) -> String {
    let forms = text(index);
    let form = match forms.split_once('|') {
        Some((one, _)) if n == 1 => one,
        Some((_, other)) => other,
        None => forms,
    };
    let number = grouped(n);
    let values: Vec<&str> = std::iter::once(number.as_str()).chain(values.iter().copied()).collect();
    fill(form, &values)
}

/// `{0}` and so on give way to the values.
fn fill(text: &str, values: &[&str]) -> String {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap_or_default();
        let value = number.parse::<usize>().ok().and_then(|number| values.get(number));
        filled.push_str(value.copied().unwrap_or_default());
        filled.push_str(rest);
    }
    filled
}

/// On the server: every language, and the one of the request that is answered.
#[cfg(not(target_arch = "wasm32"))]
mod of_request {
    use super::{CODES, FOR_BROWSER, TABLES};
    use std::cell::Cell;

    /// A language that Roost speaks.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Language(usize);

    thread_local! {
        static CURRENT: Cell<Language> = const { Cell::new(Language(0)) };
    }

    impl Language {
        /// By its code, or by one of a region of it: `de-AT`.
        pub fn named(tag: &str) -> Option<Self> {
            let code = tag.split('-').next().unwrap_or_default();
            CODES.iter().position(|known| known.eq_ignore_ascii_case(code)).map(Self)
        }

        /// The first of those that a browser asks for (`Accept-Language`) that Roost speaks.
        pub fn accepted(header: &str) -> Self {
            let weighed = header.split(',').filter_map(|part| {
                let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
                let weight = rest.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>).unwrap_or(0.0);
                Some((Self::named(tag.trim())?, weight)).filter(|(_, weight)| *weight > 0.0)
            });
            let best = weighed.reduce(|best, next| if next.1 > best.1 { next } else { best });
            best.map(|(language, _)| language).unwrap_or_default()
        }
    }

    /// Does something in a language. The caller does not wait for anything within it: another request would go on in
    /// this language.
    pub fn within<T>(language: Language, act: impl FnOnce() -> T) -> T {
        /// Goes back to the language before, also where `act` panics.
        struct Back(Language);
        impl Drop for Back {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        let _back = Back(CURRENT.replace(language));
        act()
    }

    /// The texts that the browser needs, in the current language, one a line.
    pub fn page_texts() -> String {
        TABLES[CURRENT.get().0][..FOR_BROWSER].join("\n")
    }

    pub(super) fn text(index: usize) -> &'static str {
        TABLES[CURRENT.get().0][index]
    }
}

/// In the browser: the texts that came with the page.
#[cfg(target_arch = "wasm32")]
mod of_page {
    use std::sync::OnceLock;

    static TEXTS: OnceLock<Vec<&'static str>> = OnceLock::new();

    /// Takes the texts of the page, for as long as it lives.
    pub fn adopt(texts: String) {
        TEXTS.get_or_init(|| texts.leak().split('\n').collect());
    }

    pub(super) fn text(index: usize) -> &'static str {
        TEXTS.get().and_then(|texts| texts.get(index)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_say_which_languages_they_like() {
        let code = |header: &str| {
            CODES[CODES.iter().position(|code| Language::named(code) == Some(Language::accepted(header))).unwrap()]
        };
        assert_eq!(code(""), "en");
        assert_eq!(code("de-AT,de;q=0.9,en;q=0.8"), "de");
        assert_eq!(code("fr, en;q=0.4, de;q=0.7"), "de");
        assert_eq!(code("de;q=0, EN-gb"), "en");
        assert_eq!(code("ja"), "en");
    }

    #[test]
    fn placeholders_are_filled_once() {
        assert_eq!(fill("a {1} b {0}{0}", &["{1}", "y"]), "a y b {1}{1}");
    }

    #[test]
    fn a_language_holds_where_it_is_chosen_and_nowhere_else() {
        let german = Language::named("de").unwrap();
        assert_eq!(within(german, || (frame::sign_out(), common::tweets(2000))), ("Abmelden", "2.000 Tweets".into()));
        assert_eq!((frame::sign_out(), common::tweets(1)), ("Sign out", "1 tweet".into()));
    }
}
