//! One committed state of the index, with what searches keep of it in memory.

use crate::error::Result;
use crate::schema::place;
use crate::words::{Interner, Vocabulary};
use model::columns::{COLUMNS, Column, Kind};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tantivy::columnar::{self, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

/// One column of one segment.
pub(crate) struct Cells {
    /// Numbers in an order-preserving form; of words, their places in the dictionary.
    pub values: columnar::Column<u64>,
    pub words: Option<StrColumn>,
}

/// The columns of a segment, opened when they are first needed. A segment never changes but for deletions.
type SegmentCells = Vec<OnceLock<Cells>>;

/// The interners of all columns, shared by all views of an index.
#[derive(Default)]
pub(crate) struct Interners(Vec<Mutex<Arc<Mutex<Interner>>>>);

impl Interners {
    pub fn new() -> Self {
        Self(COLUMNS.iter().map(|_| Mutex::default()).collect())
    }
}

pub(crate) struct View {
    pub searcher: Searcher,
    cells: Vec<(SegmentId, Arc<SegmentCells>)>,
    vocabularies: Vec<OnceLock<Arc<Vocabulary>>>,
    interners: Arc<Interners>,
}

impl View {
    /// A view of what the searcher sees, which takes over what `older` has opened.
    pub fn new(searcher: Searcher, older: Option<&View>, interners: Arc<Interners>) -> Self {
        let opened: HashMap<SegmentId, Arc<SegmentCells>> =
            older.map(|view| view.cells.iter().cloned().collect()).unwrap_or_default();
        let cells = searcher.segment_readers().iter().map(|reader| {
            let id = reader.segment_id();
            let fresh = || Arc::new(COLUMNS.iter().map(|_| OnceLock::new()).collect());
            (id, opened.get(&id).cloned().unwrap_or_else(fresh))
        });
        let cells = cells.collect();
        let vocabularies = COLUMNS.iter().map(|_| OnceLock::new()).collect();
        Self { searcher, cells, vocabularies, interners }
    }

    /// Prepares what questions to the older view have used, so that none waits for it.
    pub fn warm_up(&self, older: &View) -> Result<()> {
        for (column, used) in COLUMNS.iter().zip(&older.vocabularies) {
            if used.get().is_some() {
                self.vocabulary(column)?;
            }
        }
        Ok(())
    }

    pub fn segments(&self) -> &[SegmentReader] {
        self.searcher.segment_readers()
    }

    /// The column in the segment of that number.
    pub fn cells(&self, segment: usize, column: &Column) -> Result<&Cells> {
        let cell = &self.cells[segment].1[place(column)];
        if let Some(cells) = cell.get() {
            return Ok(cells);
        }
        let opened = open(&self.segments()[segment], column)?;
        Ok(cell.get_or_init(|| opened))
    }

    /// The words of a keyword column, numbered alike in all segments.
    pub fn vocabulary(&self, column: &'static Column) -> Result<Arc<Vocabulary>> {
        let place = place(column);
        if let Some(vocabulary) = self.vocabularies[place].get() {
            return Ok(vocabulary.clone());
        }
        // Held while the words are numbered: two questions at once must not do it twice.
        let mut slot = self.interners.0[place].lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vocabulary) = self.vocabularies[place].get() {
            return Ok(vocabulary.clone());
        }
        let mut segments = Vec::with_capacity(self.cells.len());
        for (number, (id, _)) in self.cells.iter().enumerate() {
            segments.push((*id, self.cells(number, column)?.words.as_ref()));
        }
        let vocabulary = Arc::new(Vocabulary::new(&mut slot, &segments)?);
        Ok(self.vocabularies[place].get_or_init(|| vocabulary).clone())
    }
}

fn open(reader: &SegmentReader, column: &Column) -> Result<Cells> {
    let fields = reader.fast_fields();
    let empty = || columnar::Column::build_empty_column(reader.max_doc());
    if column.kind == Kind::Keyword {
        let words = fields.str(column.name)?;
        let values = words.as_ref().map_or_else(empty, |words| words.ords().clone());
        return Ok(Cells { values, words });
    }
    let values = fields.u64_lenient(column.name)?.map_or_else(empty, |(values, _)| values);
    Ok(Cells { values, words: None })
}
