//! The parts of a page that only show: elements, attributes and text.
//!
//! A `view!` is a type of its own, and every type brings its own code for building, hydrating and updating it: with
//! a hundred parts that was a third of the module that browsers load. Markup is one type, compiled once. What reacts
//! by itself, to a signal or an event, is a `view!`; the events of markup are heard where it is mounted.

mod browser;
mod server;
mod view;

use std::borrow::Cow;

type Text = Cow<'static, str>;

/// An HTML or SVG element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    tag: &'static str,
    is_svg: bool,
    /// Who it is among its neighbours, whatever its place.
    key: Option<Text>,
    attributes: Vec<(&'static str, Text)>,
    children: Vec<Node>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    Text(Text),
}

/// An HTML element without anything in it.
pub fn el(tag: &'static str) -> Element {
    Element { tag, is_svg: false, key: None, attributes: Vec::new(), children: Vec::new() }
}

/// An SVG element without anything in it.
pub fn svg(tag: &'static str) -> Element {
    Element { is_svg: true, ..el(tag) }
}

/// A link within the site. The page does not scroll when it is followed.
pub fn link(href: String) -> Element {
    el("a").attr("href", href).attr("data-noscroll", "")
}

/// A link to a page that the server writes by itself. The browser opens it in the place of this one.
pub fn page_link(href: impl Into<Text>) -> Element {
    el("a").attr("href", href).attr("rel", "external")
}

/// A link to a sheet. The explore page opens it in a dialog.
pub fn sheet_link(href: impl Into<Text>) -> Element {
    page_link(href).attr("data-sheet", "")
}

impl Element {
    /// As the same thing wherever it stands among its neighbours: focus, scroll and what is typed stay with it.
    /// Keys differ among the children of an element; they are not written.
    pub fn key(mut self, key: impl Into<Text>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// With an attribute. A name that was set before keeps its first value in browsers: set each once.
    pub fn attr(mut self, name: &'static str, value: impl Into<Text>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With an attribute, if there is a value.
    pub fn attr_if(self, name: &'static str, value: Option<impl Into<Text>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// With an attribute that is there or not.
    pub fn flag(self, name: &'static str, is_set: bool) -> Self {
        if is_set { self.attr(name, "") } else { self }
    }

    /// With a class or several.
    pub fn class(self, names: impl Into<Text>) -> Self {
        self.attr("class", names)
    }

    /// With these elements after what is in it already.
    pub fn each(mut self, elements: impl IntoIterator<Item = Element>) -> Self {
        put_all(&mut self.children, &mut elements.into_iter());
        self
    }

    /// With this after what is in it already.
    #[expect(clippy::should_implement_trait, reason = "nothing is summed up")]
    pub fn add(mut self, content: impl Content) -> Self {
        content.put(&mut self.children);
        self
    }
}

/// Apart from [`Element::each`], so that it is compiled once: there are many lists.
fn put_all(into: &mut Vec<Node>, elements: &mut dyn Iterator<Item = Element>) {
    for element in elements {
        into.push(Node::Element(element));
    }
}

/// What can be put into an element.
pub trait Content {
    fn put(self, into: &mut Vec<Node>);
}

impl Content for Node {
    fn put(self, into: &mut Vec<Node>) {
        match (self, into.last_mut()) {
            // Browsers read no empty text and join neighbours.
            (Node::Text(text), _) if text.is_empty() => {}
            (Node::Text(text), Some(Node::Text(before))) => before.to_mut().push_str(&text),
            (node, _) => into.push(node),
        }
    }
}

impl Content for Element {
    fn put(self, into: &mut Vec<Node>) {
        into.push(Node::Element(self));
    }
}

impl Content for &'static str {
    fn put(self, into: &mut Vec<Node>) {
        Node::Text(self.into()).put(into);
    }
}

impl Content for String {
    fn put(self, into: &mut Vec<Node>) {
        Node::Text(self.into()).put(into);
    }
}

impl<C: Content> Content for Option<C> {
    fn put(self, into: &mut Vec<Node>) {
        if let Some(content) = self {
            content.put(into);
        }
    }
}

impl<C: Content, const N: usize> Content for [C; N] {
    fn put(self, into: &mut Vec<Node>) {
        self.into_iter().for_each(|content| content.put(into));
    }
}

impl<C: Content> Content for Vec<C> {
    fn put(self, into: &mut Vec<Node>) {
        self.into_iter().for_each(|content| content.put(into));
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Node::Element(element)
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Node::Text(text.into())
    }
}

impl From<&'static str> for Node {
    fn from(text: &'static str) -> Self {
        Node::Text(text.into())
    }
}
