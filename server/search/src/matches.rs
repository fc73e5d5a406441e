//! The documents that a filter finds, and ways to go through them.

use crate::error::Result;
use crate::view::View;
use std::sync::atomic::{AtomicUsize, Ordering};
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocId, SegmentReader};

/// Documents that are gone through at a time.
const CHUNK: usize = 2048;

/// The documents of a segment that match, ascending.
pub(crate) enum Docs {
    /// All of so many.
    All(u32),
    Some(Vec<DocId>),
}

impl Docs {
    fn find(query: &dyn Query, view: &View, reader: &SegmentReader) -> Result<Self> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(&view.searcher))?;
        let mut docs = Vec::new();
        match reader.alive_bitset() {
            None => weight.for_each_no_score(reader, &mut |block| docs.extend_from_slice(block))?,
            Some(alive) => weight.for_each_no_score(reader, &mut |block| {
                docs.extend(block.iter().copied().filter(|doc| alive.is_alive(*doc)));
            })?,
        }
        let all = docs.len() == reader.max_doc() as usize;
        Ok(if all { Docs::All(reader.max_doc()) } else { Docs::Some(docs) })
    }

    pub fn len(&self) -> usize {
        match self {
            Docs::All(count) => *count as usize,
            Docs::Some(docs) => docs.len(),
        }
    }

    pub fn to_vec(&self) -> Vec<DocId> {
        match self {
            Docs::All(count) => (0..*count).collect(),
            Docs::Some(docs) => docs.clone(),
        }
    }

    pub fn for_each_chunk(&self, mut visit: impl FnMut(&[DocId])) {
        match self {
            Docs::Some(docs) => docs.chunks(CHUNK).for_each(visit),
            Docs::All(count) => {
                let mut chunk = Vec::with_capacity(CHUNK);
                for start in (0..*count).step_by(CHUNK) {
                    chunk.clear();
                    chunk.extend(start..(start + CHUNK as u32).min(*count));
                    visit(&chunk);
                }
            }
        }
    }
}

/// What a query finds, by segment.
pub(crate) struct Matches {
    pub docs: Vec<Docs>,
    pub total: u64,
}

/// What each query finds.
pub(crate) fn find_all(queries: &[Box<dyn Query>], view: &View, threads: usize) -> Result<Vec<Matches>> {
    let segments = view.segments();
    let found = in_parallel(threads, queries.len() * segments.len(), |task| {
        Docs::find(&*queries[task / segments.len()], view, &segments[task % segments.len()])
    })?;
    let mut found = found.into_iter();
    let matches = queries.iter().map(|_| {
        let docs: Vec<Docs> = found.by_ref().take(segments.len()).collect();
        let total = docs.iter().map(|docs| docs.len() as u64).sum();
        Matches { docs, total }
    });
    Ok(matches.collect())
}

/// Does the tasks 0 to `count` on so many threads. Returns their results in order, or an error of one.
pub(crate) fn in_parallel<T: Send>(
    threads: usize,
    count: usize,
    task: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    if threads < 2 || count < 2 {
        return (0..count).map(task).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, task(number)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for helper in helpers {
            match helper.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}
