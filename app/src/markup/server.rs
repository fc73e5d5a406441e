use super::{Element, Node};

/// Elements that have nothing in them and no end.
const VOID: [&str; 5] = ["input", "meta", "link", "br", "hr"];

impl Element {
    /// As HTML.
    #[cfg(feature = "ssr")]
    pub fn html(&self) -> String {
        let mut html = String::new();
        self.write(&mut html);
        html
    }

    /// Writes it as HTML.
    pub(super) fn write(&self, html: &mut String) {
        html.push('<');
        html.push_str(self.tag);
        for (name, value) in &self.attributes {
            html.push(' ');
            html.push_str(name);
            html.push_str("=\"");
            escape(value, html);
            html.push('"');
        }
        html.push('>');
        if VOID.contains(&self.tag) {
            return;
        }
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(html),
                Node::Text(text) => escape(text, html),
            }
        }
        html.push_str("</");
        html.push_str(self.tag);
        html.push('>');
    }
}

/// Writes a text so that it is nothing but text, within an element and within quotes.
fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            // Browsers read it as an end of line, and what takes over the page would not find its text again.
            '\r' => html.push_str("&#13;"),
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{el, svg};
    use super::*;
    use proptest::prelude::*;

    fn html(element: Element) -> String {
        let mut html = String::new();
        element.write(&mut html);
        html
    }

    #[test]
    fn elements_attributes_and_texts_are_written() {
        let list = el("ul")
            .class("a")
            .add(vec![el("li").add("1"), el("li").add(None::<Element>).add(svg("path").attr("d", "M0"))]);
        assert_eq!(html(list), r#"<ul class="a"><li>1</li><li><path d="M0"></path></li></ul>"#);
        assert_eq!(html(el("input").flag("checked", true).flag("disabled", false)), r#"<input checked="">"#);
    }

    #[test]
    fn texts_beside_each_other_are_one() {
        assert_eq!(el("p").add("a").add("").add(String::from("b")), el("p").add("ab"));
    }

    proptest! {
        #[test]
        fn a_text_stays_a_text(text in ".{1,40}") {
            let written = html(el("p").attr("title", text.clone()).add(text.clone()));
            let inner = written.strip_prefix("<p title=\"").and_then(|rest| rest.strip_suffix("</p>"));
            let (value, content) = inner.and_then(|inner| inner.split_once("\">")).unwrap();
            prop_assert_eq!(value, content);
            prop_assert!(!content.contains(['<', '>', '"']));
            prop_assert!(!content.contains('\r'), "browsers read it as an end of line");
            let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#13;", "\r"), ("&amp;", "&")];
            let back = signs.iter().fold(content.to_owned(), |text, (written, sign)| text.replace(written, sign));
            prop_assert_eq!(back, text);
        }
    }
}
