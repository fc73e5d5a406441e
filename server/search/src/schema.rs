//! The fields of the index, derived from the table of columns.

use crate::{error::Result, tokenizer};
use model::columns::{COLUMNS, Column, Kind, Row, Value};
use std::hash::{DefaultHasher, Hash, Hasher};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

/// Longer keywords are cut at this many bytes, in the index and in questions alike: tantivy drops long terms.
const MAX_KEYWORD: usize = 1000;

/// Part of the version of the index: raise it when a column gives other values for the same tweet.
const VALUES_VERSION: u32 = 1;

/// The fields of one column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub main: Field,
    /// For text columns, which have no fast field that tells whether there is a value.
    pub present: Option<Field>,
}

#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub schema: Schema,
    fields: Vec<Fields>,
    pub id: Field,
}

impl Layout {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let mut fields = Vec::with_capacity(COLUMNS.len());
        for column in COLUMNS {
            let name = column.name;
            let main = match column.kind {
                Kind::Text => builder.add_text_field(name, text_options()),
                Kind::Keyword => builder.add_text_field(name, keyword_options()),
                Kind::Number | Kind::Date => builder.add_i64_field(name, FAST),
                Kind::Decimal => builder.add_f64_field(name, FAST),
                // Upserts delete by id, which needs its term.
                Kind::Id if name == "id" => builder.add_u64_field(name, FAST | INDEXED),
                Kind::Id | Kind::Flag => builder.add_u64_field(name, FAST),
            };
            let present = (column.kind == Kind::Text).then(|| builder.add_u64_field(&present_name(name), FAST));
            fields.push(Fields { main, present });
        }
        let id = fields[place(column("id"))].main;
        Self { schema: builder.build(), fields, id }
    }

    pub fn of(&self, column: &Column) -> Fields {
        self.fields[place(column)]
    }

    /// The row as tantivy takes it.
    pub fn document(&self, row: &Row) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        let mut seen: Vec<String> = Vec::new();
        for (column, fields) in COLUMNS.iter().zip(&self.fields) {
            seen.clear();
            let mut present = false;
            (column.values)(row, &mut |value| match value {
                Value::Text(text) if text.trim().is_empty() => {}
                Value::Text(text) if column.kind == Kind::Text => {
                    document.add_text(fields.main, text);
                    present = true;
                }
                Value::Text(text) => {
                    let text = cut(text);
                    // A tweet counts once for a value, however often and in whatever case it has it.
                    if !column.multi || is_new(&mut seen, text) {
                        document.add_text(fields.main, text);
                    }
                }
                Value::Number(number) => document.add_i64(fields.main, number),
                Value::Date(date) => document.add_i64(fields.main, date.0),
                Value::Decimal(number) if number.is_finite() => document.add_f64(fields.main, number),
                Value::Decimal(_) => {}
                Value::Id(id) => document.add_u64(fields.main, id),
                Value::Flag(flag) => document.add_u64(fields.main, u64::from(flag)),
            });
            if let Some(field) = fields.present.filter(|_| present) {
                document.add_u64(field, 1);
            }
        }
        document
    }
}

fn is_new(seen: &mut Vec<String>, text: &str) -> bool {
    let folded = folded_keyword(text);
    let new = !seen.contains(&folded);
    if new {
        seen.push(folded);
    }
    new
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_KEYWORD)]
}

/// The form in which keywords are compared.
pub(crate) fn folded_keyword(text: &str) -> String {
    // Char by char, as tantivy's lower-caser does: str::to_lowercase differs at a final sigma.
    cut(text).chars().flat_map(char::to_lowercase).collect()
}

fn present_name(column: &str) -> String {
    format!("{column}:present")
}

/// The fast field that has a value in exactly the documents in which the column has one.
pub(crate) fn presence_field(column: &Column) -> String {
    match column.kind {
        Kind::Text => present_name(column.name),
        _ => column.name.to_owned(),
    }
}

/// The place of the column in the table.
pub(crate) fn place(column: &Column) -> usize {
    COLUMNS.iter().position(|other| other == column).unwrap_or(0)
}

/// A column that this crate itself needs.
pub(crate) fn column(name: &str) -> &'static Column {
    COLUMNS.iter().find(|column| column.name == name).unwrap_or(&COLUMNS[0])
}

fn text_options() -> TextOptions {
    indexed_by(tokenizer::NAMES.0, IndexRecordOption::WithFreqsAndPositions)
}

fn keyword_options() -> TextOptions {
    indexed_by(tokenizer::NAMES.1, IndexRecordOption::Basic).set_fast(tantivy::tokenizer::RAW_TOKENIZER_NAME)
}

fn indexed_by(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option).set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

/// Changes whenever an index made before could not answer as one made now.
pub(crate) fn version_tag() -> Result<String> {
    let mut hasher = DefaultHasher::new();
    tokenizer::VERSION.hash(&mut hasher);
    (VALUES_VERSION, MAX_KEYWORD).hash(&mut hasher);
    tantivy::version_string().hash(&mut hasher);
    serde_json::to_string(&Layout::new().schema).map_err(std::io::Error::from)?.hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}
