//! X's specifications, and what they say that answers look like.

use super::page::Page;
use crate::common::shared_data;
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

/// What every revision has: its posts are what the others' are.
const SEARCH: &str = "/2/tweets/search/recent";

/// One dated revision.
pub struct Specification {
    pub file: String,
    document: Value,
    /// The name of the schema of posts.
    post: String,
}

/// What a schema says once its references are followed and its parts joined.
#[derive(Default)]
pub struct Shape<'s> {
    pub properties: BTreeMap<&'s str, &'s Value>,
    pub item: Option<&'s Value>,
    pub kind: &'s str,
    pub format: &'s str,
    /// The words that a text may be.
    pub words: Vec<&'s str>,
    /// Names of the schemas that it is made of.
    pub schemas: Vec<&'s str>,
}

impl Specification {
    /// All of the folder, the one with the current names last.
    pub fn all() -> Option<Vec<Self>> {
        let folder = shared_data()?.join("openapi");
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
        files.sort();
        Some(files.iter().map(|file| Self::read(file)).collect())
    }

    fn read(path: &Path) -> Self {
        let document = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut specification = Self { file, document, post: String::new() };
        let data = specification.shape(specification.answer(SEARCH).unwrap()).properties["data"];
        let post = data["items"]["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        specification.post = post.to_owned();
        specification
    }

    /// A page of a search.
    pub fn page(&self) -> Page {
        Page::new(self, self.answer(SEARCH).unwrap())
    }

    /// A page of each shape that answers with posts have.
    pub fn pages(&self) -> Vec<Page> {
        let mut pages: Vec<Page> = Vec::new();
        for path in self.document["paths"].as_object().unwrap().keys() {
            let Some(answer) = self.answer(path) else { continue };
            let data = self.shape(answer).properties.get("data").map(|data| self.shape(data));
            let is_of_posts = |shape: Shape<'_>| {
                self.is_post(&shape) || shape.item.is_some_and(|item| self.is_post(&self.shape(item)))
            };
            if data.is_some_and(is_of_posts) {
                let page = Page::new(self, answer);
                if pages.iter().all(|known| known.answer != page.answer) {
                    pages.push(page);
                }
            }
        }
        pages
    }

    /// Whether it is the schema of posts, whatever its name.
    pub fn is_post(&self, shape: &Shape<'_>) -> bool {
        shape.schemas.contains(&self.post.as_str())
    }

    /// What a good answer to a GET is.
    fn answer(&self, path: &str) -> Option<&Value> {
        let content = &self.document["paths"][path]["get"]["responses"]["200"]["content"];
        Some(&content["application/json"]["schema"]).filter(|schema| schema.is_object())
    }

    pub fn shape<'s>(&'s self, schema: &'s Value) -> Shape<'s> {
        let mut shape = Shape::default();
        self.join(schema, &mut shape);
        shape
    }

    fn join<'s>(&'s self, schema: &'s Value, shape: &mut Shape<'s>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            if !shape.schemas.contains(&name) {
                shape.schemas.push(name);
                self.join(&self.document["components"]["schemas"][name], shape);
            }
            return;
        }
        let text = |name: &str| schema[name].as_str().unwrap_or_default();
        if shape.kind.is_empty() {
            (shape.kind, shape.format) = (text("type"), text("format"));
        }
        shape.words.extend(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str));
        shape
            .properties
            .extend(schema["properties"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
        shape.item = shape.item.or(schema.get("items"));
        for way in ["allOf", "oneOf", "anyOf"] {
            schema[way].as_array().into_iter().flatten().for_each(|part| self.join(part, shape));
        }
        // What a medium or a problem has beside, by its type.
        for reference in schema["discriminator"]["mapping"].as_object().into_iter().flat_map(|mapping| mapping.values())
        {
            let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
            if !shape.schemas.contains(&name) {
                shape.schemas.push(name);
                self.join(&self.document["components"]["schemas"][name], shape);
            }
        }
    }
}
