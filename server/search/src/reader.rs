//! Reads a column for many documents at a time: one by one it would take several times as long.

use tantivy::DocId;
use tantivy::columnar::column_index::MultiValueIndex;
use tantivy::columnar::{Column, ColumnIndex, ColumnValues};

pub(crate) struct Reader<'a> {
    column: &'a Column<u64>,
    owners: Vec<DocId>,
    rows: Vec<u32>,
    next_rows: Vec<u32>,
    starts: Vec<u32>,
    ends: Vec<u32>,
    values: Vec<u64>,
}

impl<'a> Reader<'a> {
    pub fn new(column: &'a Column<u64>) -> Self {
        Self {
            column,
            owners: Vec::new(),
            rows: Vec::new(),
            next_rows: Vec::new(),
            starts: Vec::new(),
            ends: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Those of the documents (ascending) that have a value, and all their values in the same order.
    pub fn read<'b>(&'b mut self, docs: &'b [DocId]) -> (&'b [DocId], &'b [u64]) {
        self.owners.clear();
        self.rows.clear();
        self.values.clear();
        match &self.column.index {
            ColumnIndex::Empty { .. } => {}
            ColumnIndex::Full => {
                get(&*self.column.values, docs, &mut self.values);
                return (docs, &self.values);
            }
            ColumnIndex::Optional(index) => {
                index.rank_if_exists_batch(docs, &mut self.owners, &mut self.rows);
                get(&*self.column.values, &self.rows, &mut self.values);
            }
            ColumnIndex::Multivalued(MultiValueIndex::MultiValueIndexV2(index)) => {
                index.optional_index.rank_if_exists_batch(docs, &mut self.owners, &mut self.rows);
                self.read_lists(&*index.start_index_column);
            }
            ColumnIndex::Multivalued(MultiValueIndex::MultiValueIndexV1(index)) => {
                self.owners.extend(docs.iter().filter(|doc| self.column.index.has_value(**doc)));
                self.rows.extend_from_slice(&self.owners);
                self.read_lists(&*index.start_index_column);
            }
        }
        (&self.owners, &self.values)
    }

    /// Reads the lists of the numbers in `rows`, which lie one after the other between their starts.
    fn read_lists(&mut self, list_starts: &dyn ColumnValues<u32>) {
        let (Some(first), Some(last)) = (self.rows.first().copied(), self.rows.last().copied()) else { return };
        self.next_rows.clear();
        self.next_rows.extend(self.rows.iter().map(|row| row + 1));
        if is_run(&self.rows) {
            let (from, to) = (list_starts.get_val(first), list_starts.get_val(last + 1));
            self.rows.clear();
            self.rows.extend(from..to);
        } else {
            get(list_starts, &self.rows, &mut self.starts);
            get(list_starts, &self.next_rows, &mut self.ends);
            self.rows.clear();
            self.starts.iter().zip(&self.ends).for_each(|(start, end)| self.rows.extend(*start..*end));
        }
        get(&*self.column.values, &self.rows, &mut self.values);
    }
}

fn get<T: Copy + Default + PartialOrd + 'static>(column: &dyn ColumnValues<T>, rows: &[u32], values: &mut Vec<T>) {
    values.resize(rows.len(), T::default());
    match rows.first() {
        Some(first) if is_run(rows) => column.get_range(u64::from(*first), values),
        _ => column.get_vals(rows, values),
    }
}

/// Whether ascending numbers have no gap.
fn is_run(rows: &[u32]) -> bool {
    matches!((rows.first(), rows.last()), (Some(first), Some(last)) if (last - first) as usize + 1 == rows.len())
}
