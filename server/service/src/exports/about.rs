//! Where the rows of a file come from: what was asked, by whom and when, and how much of it is here.

use model::Timestamp;
use model::columns::Column;
use model::explore::Sort;
use model::export::ExportFormat;

/// The provenance of a file.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub collection: String,
    pub slug: String,
    pub filter: String,
    pub sort: Vec<Sort>,
    pub columns: Vec<&'static Column>,
    pub by: String,
    pub at: Timestamp,
    /// Tweets that the file is to hold.
    pub rows: u64,
    /// Tweets that match.
    pub matching: u64,
    pub format: ExportFormat,
}

impl About {
    /// Its lines, each a name and a text, once `written` rows are in the file.
    pub fn lines(&self, written: u64) -> Vec<(&'static str, String)> {
        vec![
            ("Collection", self.collection.clone()),
            ("Filter", if self.filter.is_empty() { "none: all tweets".to_owned() } else { self.filter.clone() }),
            ("Order", order(&self.sort)),
            ("Rows", format!("{written} of {} tweets that match", self.matching)),
            ("Exported at", format!("{} (all times are UTC)", self.at.to_rfc3339())),
            ("Exported by", self.by.clone()),
            ("Authors", "as pseudonyms of this installation of Roost".to_owned()),
            ("Made with", format!("Roost {}", env!("CARGO_PKG_VERSION"))),
        ]
    }

    /// What each column means: its name and a sentence.
    pub fn dictionary(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.columns.iter().map(|column| (column.name, column.help))
    }
}

fn order(sort: &[Sort]) -> String {
    if sort.is_empty() {
        return "newest first".to_owned();
    }
    let keys: Vec<String> = sort.iter().map(key).collect();
    keys.join("; then ")
}

fn key(key: &Sort) -> String {
    let direction = if key.descending { "highest or newest first" } else { "lowest or oldest first" };
    format!("by {}, {direction}", key.column)
}
