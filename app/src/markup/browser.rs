use super::{Element, Node, Text};
use leptos::prelude::document;
use wasm_bindgen::JsCast;

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element in the page, with what it was made of.
pub struct Built {
    pub(super) dom: web_sys::Element,
    tag: &'static str,
    key: Option<Text>,
    attributes: Vec<(&'static str, Text)>,
    children: Vec<BuiltNode>,
}

enum BuiltNode {
    Element(Built),
    Text(web_sys::Text, Text),
}

impl BuiltNode {
    fn dom(&self) -> &web_sys::Node {
        match self {
            BuiltNode::Element(element) => &element.dom,
            BuiltNode::Text(text, _) => text,
        }
    }

    fn key(&self) -> Option<&Text> {
        match self {
            BuiltNode::Element(element) => element.key.as_ref(),
            BuiltNode::Text(..) => None,
        }
    }
}

// That a browser refuses to make or insert an ordinary node cannot happen: the results of the DOM's own functions
// are not looked at.
impl Element {
    /// Makes it anew.
    pub(super) fn build(self) -> Built {
        let dom = if self.is_svg {
            document().create_element_ns(Some(SVG), self.tag)
        } else {
            document().create_element(self.tag)
        };
        let dom = dom.unwrap_or_else(|error| wasm_bindgen::throw_val(error));
        for (name, value) in &self.attributes {
            set_attribute(&dom, name, value);
        }
        let children = self.children.into_iter().map(|child| append(&dom, child)).collect();
        Built { dom, tag: self.tag, key: self.key, attributes: self.attributes, children }
    }

    /// Takes over what the server has written; where there is something else, that gives way.
    pub(super) fn adopt(self, found: web_sys::Node) -> Built {
        if found.node_name().eq_ignore_ascii_case(self.tag) {
            return self.adopt_same(found.unchecked_into());
        }
        report_mismatch(self.tag, Some(&found));
        let built = self.build();
        if let Some(parent) = found.parent_node() {
            let _ = parent.replace_child(&built.dom, &found);
        }
        built
    }

    fn adopt_same(self, dom: web_sys::Element) -> Built {
        let mut children = Vec::with_capacity(self.children.len());
        let mut next = dom.first_child();
        for child in self.children {
            let found = next.take();
            next = found.as_ref().and_then(web_sys::Node::next_sibling);
            children.push(adopt_child(&dom, child, found));
        }
        while let Some(left) = next {
            report_mismatch("nothing", Some(&left));
            next = left.next_sibling();
            let _ = dom.remove_child(&left);
        }
        Built { dom, tag: self.tag, key: self.key, attributes: self.attributes, children }
    }
}

fn adopt_child(parent: &web_sys::Element, child: Node, found: Option<web_sys::Node>) -> BuiltNode {
    match (child, found) {
        (Node::Element(element), Some(found)) => BuiltNode::Element(element.adopt(found)),
        (Node::Text(text), Some(found)) if found.node_type() == web_sys::Node::TEXT_NODE => {
            let dom = found.unchecked_into::<web_sys::Text>();
            if dom.data() != *text {
                report_mismatch("another text", Some(&dom));
                dom.set_data(&text);
            }
            BuiltNode::Text(dom, text)
        }
        (child, found) => {
            report_mismatch("something else", found.as_ref());
            let built = append(parent, child);
            if let Some(found) = found {
                let _ = parent.replace_child(built.dom(), &found);
            }
            built
        }
    }
}

/// The page is not as it was written: something has changed it before us, such as a translator, or the browser has read
/// it as something else, such as links within links. The text of tweets is not told.
fn report_mismatch(written: &str, found: Option<&web_sys::Node>) {
    let name = found.map_or_else(|| "nothing".to_owned(), web_sys::Node::node_name);
    let place = found.and_then(web_sys::Node::parent_element);
    let place = place.map(|place| format!("{} {}", place.tag_name(), place.class_name())).unwrap_or_default();
    web_sys::console::error_1(&format!("Written was {written}, found was {name}, within {place}").into());
}

fn append(parent: &web_sys::Element, child: Node) -> BuiltNode {
    let built = match child {
        Node::Element(element) => BuiltNode::Element(element.build()),
        Node::Text(text) => BuiltNode::Text(document().create_text_node(&text), text),
    };
    let _ = parent.append_child(built.dom());
    built
}

impl Built {
    /// Makes the page show the new markup. What had the focus keeps it, even if it was moved.
    pub(super) fn refresh(&mut self, new: Element) {
        let focused = document().active_element();
        self.update(new);
        if let Some(focused) = focused.filter(|focused| focused.is_connected())
            && document().active_element().as_ref() != Some(&focused)
            && let Some(focused) = focused.dyn_ref::<web_sys::HtmlElement>()
        {
            let _ = focused.focus();
        }
    }

    /// Makes the page show the new markup, touching only what differs, so that focus and scroll survive.
    fn update(&mut self, new: Element) {
        if self.tag != new.tag {
            let built = new.build();
            let _ = self.dom.replace_with_with_node_1(&built.dom);
            *self = built;
            return;
        }
        if self.attributes != new.attributes {
            self.update_attributes(new.attributes);
        }
        self.drop_gone(&new.children);
        let count = new.children.len();
        for (place, child) in new.children.into_iter().enumerate() {
            self.bring(place, &child);
            match self.children.get_mut(place) {
                Some(old) => old.update(child, &self.dom),
                None => self.children.push(append(&self.dom, child)),
            }
        }
        for old in self.children.drain(count..) {
            let _ = self.dom.remove_child(old.dom());
        }
    }

    /// Removes what has a key that is not there any more: then the others need not move.
    fn drop_gone(&mut self, new: &[Node]) {
        let dom = &self.dom;
        self.children.retain(|old| {
            let stays = old.key().is_none_or(|key| new.iter().any(|child| child.key() == Some(key)));
            if !stays {
                let _ = dom.remove_child(old.dom());
            }
            stays
        });
    }

    /// Brings to this place the child that is the same as the new one, or makes room for it.
    fn bring(&mut self, place: usize, new: &Node) {
        let Some(here) = self.children.get(place) else { return };
        if here.key() == new.key() {
            return;
        }
        let before = here.dom().clone();
        let found =
            new.key().and_then(|key| (place..self.children.len()).find(|at| self.children[*at].key() == Some(key)));
        let child = match found {
            Some(at) => self.children.remove(at),
            None => append(&self.dom, new.clone()),
        };
        let _ = self.dom.insert_before(child.dom(), Some(&before));
        self.children.insert(place, child);
    }

    fn update_attributes(&mut self, new: Vec<(&'static str, Text)>) {
        for (name, value) in &new {
            if !self.attributes.iter().any(|old| old == &(*name, value.clone())) {
                set_attribute(&self.dom, name, value);
                self.set_property(name, Some(value));
            }
        }
        for (name, _) in &self.attributes {
            if !new.iter().any(|(kept, _)| kept == name) {
                let _ = self.dom.remove_attribute(name);
                self.set_property(name, None);
            }
        }
        self.attributes = new;
    }

    /// Once the user has touched a field, its attributes are only defaults.
    fn set_property(&self, name: &str, value: Option<&str>) {
        if let Some(input) = self.dom.dyn_ref::<web_sys::HtmlInputElement>() {
            match name {
                "value" => input.set_value(value.unwrap_or_default()),
                "checked" => input.set_checked(value.is_some()),
                _ => {}
            }
        }
    }
}

impl Node {
    fn key(&self) -> Option<&Text> {
        match self {
            Node::Element(element) => element.key.as_ref(),
            Node::Text(_) => None,
        }
    }
}

impl BuiltNode {
    fn update(&mut self, new: Node, parent: &web_sys::Element) {
        match (&mut *self, new) {
            (BuiltNode::Element(old), Node::Element(new)) => old.update(new),
            (BuiltNode::Text(dom, old), Node::Text(new)) => {
                if *old != new {
                    dom.set_data(&new);
                    *old = new;
                }
            }
            (_, new) => {
                let built = append(parent, new);
                let _ = parent.replace_child(built.dom(), self.dom());
                *self = built;
            }
        }
    }
}

fn set_attribute(dom: &web_sys::Element, name: &str, value: &str) {
    let _ = dom.set_attribute(name, value);
}
