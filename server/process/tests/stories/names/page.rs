//! A page that has everything that a specification describes, once.

use super::specification::{Shape, Specification};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An answer, and the names in it that hold something.
pub struct Page {
    pub answer: Value,
    pub names: Vec<Name>,
}

/// A property without properties of its own.
#[derive(Clone, Debug)]
pub struct Name {
    /// Where it is in the answer, and where the object is that it tells of: a post, a user …
    pub pointer: String,
    pub root: String,
    /// What that object is: `posts`, whatever they are called here, or as its list is called.
    pub object: String,
    /// Where in that object it is.
    pub path: String,
}

/// A name with one word for what X calls a tweet or a post. Values are made of these, so they are the same where names
/// mean the same.
pub fn one_word(name: &str) -> String {
    name.replace("tweet", "post")
}

/// Where the walk is.
#[derive(Clone, Default)]
struct At {
    pointer: String,
    root: String,
    object: String,
    path: String,
    /// The last name on the way, and the one before it.
    name: String,
    holder: String,
    /// The text that entities here are of.
    text: String,
}

impl At {
    fn property(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { one_word(name) } else { format!("{}.{}", self.path, one_word(name)) };
        let pointer = format!("{}/{name}", self.pointer);
        Self { pointer, path, name: one_word(name), holder: self.name.clone(), ..self.clone() }
    }

    /// In a list that has one thing.
    fn item(&self) -> Self {
        Self { pointer: format!("{}/0", self.pointer), ..self.clone() }
    }

    /// At the beginning of an object that is told of.
    fn object(&self, object: &str) -> Self {
        Self { root: self.pointer.clone(), object: object.to_owned(), path: String::new(), ..self.clone() }
    }

    fn is_included(&self) -> bool {
        self.object == "answer" && self.path.starts_with("includes.") && self.path.matches('.').count() == 1
    }
}

impl Page {
    pub fn new(specification: &Specification, schema: &Value) -> Self {
        let mut page = Self { answer: Value::Null, names: Vec::new() };
        page.answer = page.fill(specification, specification.shape(schema), At::default().object("answer"));
        page
    }

    fn fill(&mut self, specification: &Specification, shape: Shape<'_>, mut at: At) -> Value {
        if let Some(item) = shape.item {
            return json!([self.fill(specification, specification.shape(item), at.item())]);
        }
        if shape.properties.is_empty() {
            return plain(&shape, &at);
        }
        if specification.is_post(&shape) {
            at = at.object("posts");
        } else if at.is_included() {
            at = at.object(&at.name);
        }
        if shape.properties.contains_key("text") {
            at.text = text(&at.name);
        }
        let is_entity = ["start", "end"].iter().all(|name| shape.properties.contains_key(name));
        let filled = shape.properties.iter().map(|(name, schema)| {
            let (inner, at) = (specification.shape(schema), at.property(name));
            if is_leaf(specification, &inner) {
                let At { pointer, root, object, path, .. } = at.clone();
                self.names.push(Name { pointer, root, object, path });
            }
            let value = entity(&at).filter(|_| is_entity);
            ((*name).to_owned(), value.unwrap_or_else(|| self.fill(specification, inner, at)))
        });
        Value::Object(filled.collect())
    }

    /// The answer without some of its properties.
    pub fn without<'n>(&self, names: impl IntoIterator<Item = &'n Name>) -> Value {
        let mut answer = self.answer.clone();
        for name in names {
            let (object, name) = name.pointer.rsplit_once('/').unwrap();
            answer.pointer_mut(object).and_then(Value::as_object_mut).unwrap().remove(name);
        }
        answer
    }
}

fn is_leaf(specification: &Specification, shape: &Shape<'_>) -> bool {
    shape.properties.is_empty() && shape.item.is_none_or(|item| is_leaf(specification, &specification.shape(item)))
}

const WORD: &str = "moon";

/// One of each entity, twice: where an offset is not read, the first is found.
fn text(of: &str) -> String {
    format!("{of} #{WORD} ${WORD} @{WORD} https://{WORD} #{WORD} ${WORD} @{WORD} https://{WORD}")
}

/// The value of an entity that stands in the text.
fn entity(at: &At) -> Option<Value> {
    let sign = match at.holder.as_str() {
        "cashtags" => "$",
        "mentions" => "@",
        "urls" => "https://",
        _ => "#",
    };
    let written = format!("{sign}{WORD}");
    let start = at.text.rfind(&written).unwrap_or_default();
    match at.name.as_str() {
        "start" => Some(json!(start)),
        "end" => Some(json!(start + written.len())),
        "tag" | "username" => Some(json!(WORD)),
        "url" => Some(json!(written)),
        _ => None,
    }
}

fn plain(shape: &Shape<'_>, at: &At) -> Value {
    let name = at.name.as_str();
    match shape.kind {
        "boolean" => json!(true),
        "integer" | "number" => json!(1 + hash(name) % 1_000),
        "string" if name == "text" => json!(at.text),
        "string" if shape.format == "date-time" || name.ends_with("_at") => json!("2026-11-20T08:00:00.000Z"),
        // Other texts are kept as they come, and not all revisions say which words they may be.
        "string" => match (shape.words.first().filter(|_| name == "type"), thing_of_id(at)) {
            (Some(word), _) => json!(word),
            // Some time after 2018, when the ids tell it.
            (None, Some(thing)) => json!((1_000_000_000_000_000_000 + hash(&thing) % (1 << 59)).to_string()),
            (None, None) => json!(name),
        },
        _ => json!({ "some": "thing" }),
    }
}

/// What an id is of: what refers to a thing has the same one as the thing.
fn thing_of_id(at: &At) -> Option<String> {
    if at.name == "id" {
        return Some(at.holder.trim_end_matches('s').to_owned());
    }
    let ends = ["_id", "_ids", "_key", "_keys"];
    ends.iter().find_map(|end| at.name.strip_suffix(end)).map(str::to_owned)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
