//! The one writer of an index.

use crate::error::Result;
use crate::schema::Layout;
use crate::seen::Seen;
use crate::view::View;
use crate::{Settings, schema};
use model::TweetId;
use model::change::Change;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, UserOperation};
use tantivy::{IndexWriter, Term};

/// Small segments in which more than this share is deleted are merged, so that what was removed leaves the disk.
const DELETED_SHARE: f32 = 0.1;

/// Segments with more documents are left as they are until a purge: a merge maps all that it reads into memory.
const LARGE: usize = 100_000;

pub(crate) struct Writer {
    writer: IndexWriter,
    seen: Seen,
}

impl Writer {
    pub fn open(index: &tantivy::Index, view: &View, settings: Settings) -> Result<Self> {
        let options = IndexWriterOptions::builder()
            // Two make twice as many segments of half the size: a tweet costs a fifth more, and merging it two thirds.
            .num_worker_threads(1)
            .memory_budget_per_thread(settings.memory)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = index.writer_with_options(options)?;
        let mut merging = LogMergePolicy::default();
        merging.set_del_docs_ratio_before_merge(DELETED_SHARE);
        merging.set_max_docs_before_merge(LARGE);
        writer.set_merge_policy(Box::new(merging));
        Ok(Self { writer, seen: seen_in(view)? })
    }

    pub fn apply(&mut self, layout: &Layout, change: Change) -> Result<()> {
        let delete = |TweetId(id): TweetId| UserOperation::Delete(Term::from_field_u64(layout.id, id));
        match change {
            Change::Put(row) => {
                let document = layout.document(&row);
                if self.seen.insert(row.tweet.id.0) {
                    self.writer.run([delete(row.tweet.id), UserOperation::Add(document)])?;
                } else {
                    self.writer.add_document(document)?;
                }
            }
            Change::Remove(id) if self.seen.contains(id.0) => {
                self.writer.delete_term(Term::from_field_u64(layout.id, id.0));
            }
            Change::Remove(_) => {}
        }
        Ok(())
    }

    /// Makes all changes durable, and the position with them.
    pub fn commit(&mut self, position: u64) -> Result<()> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&position.to_string());
        commit.commit()?;
        Ok(())
    }

    /// Empties the index with the next commit. What was applied is committed before, with the position that it had.
    pub fn clear(&mut self, position: u64) -> Result<()> {
        // tantivy numbers operations anew then: a deletion that is not yet done would hit what comes after it.
        self.commit(position)?;
        self.writer.delete_all_documents()?;
        self.seen = Seen::new(0);
        Ok(())
    }

    /// Merges the segments that hold deleted documents, each by itself, and removes unused files.
    pub fn purge(&mut self, view: &View) -> Result<()> {
        for reader in view.segments().iter().filter(|reader| reader.has_deletes()) {
            // A merge already under way may have taken the segment: then its deletions go there.
            let _ = self.writer.merge(&[reader.segment_id()]).wait();
        }
        self.writer.garbage_collect_files().wait()?;
        Ok(())
    }
}

fn seen_in(view: &View) -> Result<Seen> {
    let mut seen = Seen::new(view.searcher.num_docs() as usize * 2);
    for segment in 0..view.segments().len() {
        view.cells(segment, schema::column("id"))?.values.values.iter().for_each(|id| {
            seen.insert(id);
        });
    }
    Ok(seen)
}
