//! X's specification, and whether an answer is as it says.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use crate::common::Answer;
use crate::walker::Step;

/// The newest with posts, and the last with tweets.
const POSTS: &str = "openapi/x-openapi-newest-from-xdk-rs-0.4.1.json";
const TWEETS: &str = "openapi/x-openapi-2026-07-06-541ef718.json";
const SCHEMAS: &str = "#/components/schemas/";

pub struct Specifications {
    posts: Specification,
    tweets: Specification,
}

struct Specification {
    document: Value,
    /// By the name of their schema.
    validators: HashMap<String, Validator>,
}

impl Specifications {
    /// None where the folder of real data is missing, which is said.
    pub fn read() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration but this")]
        let folder = std::env::var("ROOST_SHARED_DATA").map(PathBuf::from);
        let folder = folder.unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
        if !folder.join(POSTS).is_file() {
            eprintln!("\n!!! SKIPPED: {POSTS} not found in {} (set ROOST_SHARED_DATA) !!!\n", folder.display());
            return None;
        }
        Some(Self {
            posts: Specification::read(&folder.join(POSTS)),
            tweets: Specification::read(&folder.join(TWEETS)),
        })
    }

    pub fn check(&mut self, step: &Step, answer: &Answer) -> Result<(), String> {
        if answer.status.is_success() {
            let one = if step.is_of_tweets { &mut self.tweets } else { &mut self.posts };
            let schema = one.answer(step)?;
            return one.check(&schema, &answer.body);
        }
        if answer.text.is_empty() {
            return if answer.status == 404 { Ok(()) } else { Err(format!("{} with nothing in it", answer.status)) };
        }
        // the newest describes only those that stand beside data
        let kind = answer.body["type"].as_str().unwrap_or_default();
        let mapped = &self.tweets.document["components"]["schemas"]["Problem"]["discriminator"]["mapping"][kind];
        let schema = mapped.as_str().ok_or_else(|| format!("{} is no problem: {}", answer.status, answer.text))?;
        self.tweets.check(&schema[SCHEMAS.len()..].to_owned(), &answer.body)
    }
}

impl Specification {
    fn read(path: &Path) -> Self {
        let text = std::fs::read(path).expect("a file");
        let mut document: Value = serde_json::from_slice(&text).expect("JSON");
        let mut joined = HashSet::new();
        find_joined(&document["components"]["schemas"], &mut joined);
        let Value::Object(schemas) = &mut document["components"]["schemas"] else { panic!("no schemas") };
        for (name, schema) in schemas {
            close(schema, joined.contains(name));
        }
        Self { document, validators: HashMap::new() }
    }

    /// The name of the schema of good answers to a request.
    fn answer(&self, step: &Step) -> Result<String, String> {
        let operation = &self.document["paths"][step.template][step.method.to_lowercase()];
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
        let name = schema.as_str().and_then(|reference| reference.strip_prefix(SCHEMAS));
        name.map(str::to_owned).ok_or_else(|| "the specification does not know it".to_owned())
    }

    fn check(&mut self, name: &String, body: &Value) -> Result<(), String> {
        if !self.validators.contains_key(name) {
            let reference = format!("{SCHEMAS}{name}");
            let schema = json!({ "allOf": [{ "$ref": reference }], "components": self.document["components"] });
            let validator = jsonschema::options().with_draft(Draft::Draft4).build(&schema).expect("a schema");
            self.validators.insert(name.clone(), validator);
        }
        let errors: Vec<String> = self.validators[name].iter_errors(body).map(|error| cut(error.to_string())).collect();
        if errors.is_empty() { Ok(()) } else { Err(format!("{name}: {}", errors.join("; "))) }
    }
}

fn cut(text: String) -> String {
    if text.chars().count() > 600 { text.chars().take(600).chain("…".chars()).collect() } else { text }
}

/// Names of schemas that others are made of.
fn find_joined(schema: &Value, joined: &mut HashSet<String>) {
    match schema {
        Value::Object(fields) => {
            for part in fields.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                joined.extend(part["$ref"].as_str().map(|reference| reference[SCHEMAS.len()..].to_owned()));
            }
            fields.values().for_each(|value| find_joined(value, joined));
        }
        Value::Array(items) => items.iter().for_each(|item| find_joined(item, joined)),
        _ => {}
    }
}

/// From OpenAPI 3.0 to JSON Schema: what may be null says so, and objects have no other names than those they declare,
/// unless they are a part of others.
fn close(schema: &mut Value, is_part: bool) {
    match schema {
        Value::Object(fields) => {
            if !is_part && fields.contains_key("properties") && !fields.contains_key("allOf") {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            if fields.get("nullable") == Some(&json!(true))
                && let Some(kind) = fields.get("type").cloned()
            {
                fields.insert("type".to_owned(), json!([kind, "null"]));
            }
            if fields.contains_key("enum") {
                fields.remove("pattern"); // that of reply settings is too short for their own values
            }
            for (name, value) in fields {
                if name == "properties" {
                    let Value::Object(properties) = value else { continue };
                    properties.values_mut().for_each(|property| close(property, false));
                } else if name != "example" && name != "enum" {
                    close(value, name == "allOf");
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| close(item, is_part)),
        _ => {}
    }
}
