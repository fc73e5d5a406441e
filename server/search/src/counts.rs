//! Matches per span of time, for as long a time as is wanted: what a histogram would be with buckets of one width.

use crate::error::{Result, SearchError};
use crate::matches::Matches;
use crate::reader::Reader;
use crate::view::View;
use model::Timestamp;
use model::columns::{Column, Kind};
use model::explore::Bucket;
use std::collections::BTreeMap;
use tantivy::u64_to_i64;

/// The buckets that have matches, by the column, ascending; their starts are multiples of the width.
pub(crate) fn counts(view: &View, matches: &Matches, column: &Column, width: i64) -> Result<Vec<Bucket>> {
    if column.kind != Kind::Date {
        return Err(SearchError::WrongColumn { column: column.name.to_owned(), what: "a time" });
    }
    let mut counts: BTreeMap<Timestamp, u64> = BTreeMap::new();
    for (segment, docs) in matches.docs.iter().enumerate() {
        let mut reader = Reader::new(&view.cells(segment, column)?.values);
        // Neighbours mostly share their bucket.
        let mut run: (Timestamp, u64) = (Timestamp(i64::MIN), 0);
        docs.for_each_chunk(|chunk| {
            for value in reader.read(chunk).1 {
                let start = Timestamp(u64_to_i64(*value)).floor(width);
                if start != run.0 {
                    *counts.entry(run.0).or_default() += run.1;
                    run = (start, 0);
                }
                run.1 += 1;
            }
        });
        *counts.entry(run.0).or_default() += run.1;
    }
    let counted = counts.into_iter().filter(|(_, count)| *count > 0);
    Ok(counted.map(|(start, count)| Bucket { start, count }).collect())
}
