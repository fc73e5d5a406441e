use crate::ask::{Answer, Ask, Change, IdPage};
use crate::error::{Result, SearchError};
use crate::explore::{Desk, page_ask};
use crate::schema::{self, Layout};
use crate::values::ValuesAsk;
use crate::view::{Interners, View};
use crate::writer::Writer;
use crate::{Settings, tokenizer};
use model::digest::DayDigest;
use model::explore::{Sort, ValuesPage};
use model::{Filter, Timestamp, TweetId};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::{IndexReader, ReloadPolicy, u64_to_i64};

/// The file beside the index that tells which version of Roost made it.
const VERSION_FILE: &str = "VERSION";
/// The folder of tantivy's own files.
const FOLDER: &str = "tantivy";

/// The index of tweets: derived from the store, and rebuilt from it whenever it is lost.
///
/// Cheap to clone. All methods block: call them from a thread that may. Any number of threads may search while
/// one changes it; they see the last commit.
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    settings: Settings,
    layout: Layout,
    index: tantivy::Index,
    reader: IndexReader,
    view: RwLock<Arc<View>>,
    interners: Arc<Interners>,
    position: AtomicU64,
    /// Opened by the first change: who only searches needs no lock.
    writer: Mutex<Option<Writer>>,
}

impl Index {
    /// Opens the index in that folder, or makes it. One made by another version of Roost is replaced by an
    /// empty one at position 0.
    ///
    /// # Errors
    /// `Open` if its files are damaged; `OtherVersion` if it would have to be made but may only be read.
    pub fn open(dir: &Path, settings: Settings) -> Result<Self> {
        let failed = |why: tantivy::TantivyError| SearchError::Open { dir: dir.to_owned(), why: why.to_string() };
        let layout = Layout::new();
        let folder = dir.join(FOLDER);
        let index = if is_current(dir)? {
            tantivy::Index::open_in_dir(&folder).map_err(failed)?
        } else if settings.read_only {
            return Err(SearchError::OtherVersion { dir: dir.to_owned() });
        } else {
            replace(dir, &folder, &layout)?
        };
        let mut index = index;
        index.set_tokenizers(tokenizer::manager());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failed)?;
        let position = committed_position(&index)?;
        let interners = Arc::new(Interners::new());
        let view = View::new(reader.searcher(), None, interners.clone());
        Ok(Self(Arc::new(Inner {
            settings,
            layout,
            index,
            reader,
            view: RwLock::new(Arc::new(view)),
            interners,
            position: AtomicU64::new(position),
            writer: Mutex::new(None),
        })))
    }

    /// The position given with the last commit: all changes up to it are in the index. 0 for a new index.
    pub fn position(&self) -> u64 {
        self.0.position.load(Ordering::Acquire)
    }

    /// Takes in the changes, in their order. Searches see them after the next [`Index::commit`].
    ///
    /// # Errors
    /// After any error all changes since the last commit are given up: apply them again from [`Index::position`].
    pub fn apply(&self, changes: Vec<Change>) -> Result<()> {
        self.write(|writer| changes.into_iter().try_for_each(|change| writer.apply(&self.0.layout, change)))
    }

    /// Makes the applied changes durable and visible, together with the store's position that they lead to.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn commit(&self, position: u64) -> Result<()> {
        self.write(|writer| {
            writer.commit(position)?;
            self.show(position)
        })
    }

    /// Empties the index, durably, and sets its position to 0.
    pub fn clear(&self) -> Result<()> {
        self.write(|writer| {
            writer.clear()?;
            self.show(0)
        })
    }

    /// Removes from the disk what was removed from the index. For a quiet hour: it rewrites files.
    pub fn purge(&self) -> Result<()> {
        self.write(|writer| {
            writer.purge(&self.view())?;
            self.show(self.position())?;
            // The files of the older view are free only now.
            writer.purge(&self.view())
        })
    }

    /// Tweets in the index.
    pub fn len(&self) -> u64 {
        self.view().searcher.num_docs()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tweets that match.
    ///
    /// # Errors
    /// `NothingToSearch` if the filter looks for a text without words.
    pub fn count(&self, filter: &Filter, now: Timestamp) -> Result<u64> {
        self.desk(&self.view()).count(filter, now)
    }

    /// One page of the matching tweets, next to a cursor of an earlier page in the same order.
    ///
    /// # Errors
    /// `BadCursor`, `WrongColumn` if it cannot be sorted by, and those of [`Index::count`].
    pub fn ids(
        &self,
        filter: &Filter,
        sort: &Sort,
        after: Option<&str>,
        before: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<IdPage> {
        let ask = page_ask(sort, after, before, limit)?;
        self.desk(&self.view()).ids(filter, &ask, now)
    }

    /// A page with its facets and histogram, all of one state of the index.
    ///
    /// # Errors
    /// Those of [`Index::ids`], and `WrongColumn` if a facet is none.
    pub fn explore(&self, ask: &Ask) -> Result<Answer> {
        self.desk(&self.view()).explore(ask)
    }

    /// The index as it is now. It stays so however long it is kept, whatever comes into the index meanwhile.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { index: self.clone(), view: self.view() }
    }

    /// The values of a column among the matching tweets.
    ///
    /// # Errors
    /// `WrongColumn` if its values are not counted, and those of [`Index::count`].
    pub fn values(&self, ask: ValuesAsk) -> Result<ValuesPage> {
        self.desk(&self.view()).values(ask)
    }

    /// The tweets of each day (number of the UTC day of `created`), for comparison with the store.
    pub fn days(&self) -> Result<BTreeMap<i64, DayDigest>> {
        let view = self.view();
        let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
        for (number, reader) in view.segments().iter().enumerate() {
            let values = |name| view.cells(number, schema::column(name)).map(|cells| &cells.values);
            let (ids, created, refreshed) = (values("id")?, values("created")?, values("refreshed")?);
            for doc in reader.doc_ids_alive() {
                let time = |cells: &tantivy::columnar::Column<u64>| Timestamp(cells.first(doc).map_or(0, u64_to_i64));
                let id = TweetId(ids.first(doc).unwrap_or(0));
                days.entry(time(created).day_number()).or_default().add(id, time(refreshed));
            }
        }
        Ok(days)
    }

    fn view(&self) -> Arc<View> {
        self.0.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn desk<'a>(&'a self, view: &'a View) -> Desk<'a> {
        Desk { view, layout: &self.0.layout, threads: self.0.settings.threads }
    }

    /// Lets searches see the last commit.
    fn show(&self, position: u64) -> Result<()> {
        self.0.reader.reload()?;
        let older = self.view();
        let view = View::new(self.0.reader.searcher(), Some(&older), self.0.interners.clone());
        view.warm_up(&older)?;
        *self.0.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        self.0.position.store(position, Ordering::Release);
        Ok(())
    }

    fn write<T>(&self, work: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let mut slot = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match &mut *slot {
            Some(writer) => writer,
            none => none.insert(Writer::open(&self.0.index, &self.view(), self.0.settings)?),
        };
        let result = work(writer);
        if result.is_err() {
            // tantivy's writer is of no use after an error.
            *slot = None;
        }
        result
    }
}

fn is_current(dir: &Path) -> Result<bool> {
    match fs::read_to_string(dir.join(VERSION_FILE)) {
        Ok(version) => Ok(version.trim() == schema::version_tag()?),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes an empty index. The version is written last: until then the next start begins anew.
fn replace(dir: &Path, folder: &Path, layout: &Layout) -> Result<tantivy::Index> {
    for removed in [fs::remove_file(dir.join(VERSION_FILE)), fs::remove_dir_all(folder)] {
        match removed {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    fs::create_dir_all(folder)?;
    let index = tantivy::Index::create_in_dir(folder, layout.schema.clone())?;
    let mut version = File::create(dir.join(VERSION_FILE))?;
    version.write_all(schema::version_tag()?.as_bytes())?;
    version.sync_all()?;
    File::open(dir)?.sync_all()?;
    Ok(index)
}

fn committed_position(index: &tantivy::Index) -> Result<u64> {
    Ok(index.load_metas()?.payload.and_then(|payload| payload.parse().ok()).unwrap_or(0))
}

/// One state of the index, to go through page by page.
#[derive(Clone)]
pub struct Snapshot {
    index: Index,
    view: Arc<View>,
}

impl Snapshot {
    /// As [`Index::count`].
    pub fn count(&self, filter: &Filter, now: Timestamp) -> Result<u64> {
        self.index.desk(&self.view).count(filter, now)
    }

    /// As [`Index::ids`], forwards only.
    pub fn ids(
        &self,
        filter: &Filter,
        sort: &Sort,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<IdPage> {
        let ask = page_ask(sort, after, None, limit)?;
        self.index.desk(&self.view).ids(filter, &ask, now)
    }
}
