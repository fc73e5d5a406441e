//! The search index of Roost: finds, counts and orders tweets by any column.
//!
//! It is derived from the store: [`Index::position`] tells up to which change, and it can be thrown away.
//! Only this crate names tantivy. All about columns follows from [`model::columns::COLUMNS`], by kind:
//!
//! | kind | indexed | fast field |
//! |---|---|---|
//! | text | by word, with positions, see `tokenizer` | whether there is a text |
//! | keyword | the whole value in lower case | the value as it is |
//! | number, date, decimal, id, flag | - (`id` itself is) | the number |
//!
//! `query` compiles filters; `matches` collects the documents that they find, and `facets`, `histogram` and
//! `page` go through those, side by side on the machine's cores. `explain` compares the documents of a time with the
//! others, and `stats` describes their values. `words` numbers the words of a column alike in
//! all segments, so that counts can be added without comparing texts.

mod ask;
mod counts;
mod cursor;
mod directory;
mod error;
mod excluded;
mod explain;
mod explore;
mod facets;
mod folder;
mod histogram;
mod index;
mod matches;
mod odds;
mod page;
mod query;
mod reader;
mod repair;
mod schema;
mod seek;
mod seen;
mod spread;
mod stats;
mod terms;
mod tokenizer;
mod values;
mod view;
mod words;
mod writer;

pub use ask::{Answer, Ask, At, IdPage};
pub use error::{Result, SearchError};
pub use explain::ExplainAsk;
pub use index::{Index, Snapshot};
pub use model::change::Change;
pub use repair::{discard_if_damaged, is_current};
pub use stats::StatsAsk;
pub use tokenizer::stands_beside_links;
pub use values::ValuesAsk;

/// How the index uses the machine.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Threads that one search may use.
    pub threads: usize,
    /// Memory for tweets that are not yet written out, in bytes: at least 15 MB.
    pub memory: usize,
    /// With fewer tweets than this, another thread or a count beforehand costs more than it saves.
    pub few: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { threads: 2, memory: 60 << 20, few: 20_000 }
    }
}
