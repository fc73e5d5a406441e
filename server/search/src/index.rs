use crate::ask::{Answer, Ask, At, IdPage};
use crate::directory::DurableDirectory;
use crate::error::{Result, SearchError};
use crate::explain::ExplainAsk;
use crate::explore::{Desk, PageAsk, order};
use crate::folder::{self, Lock};
use crate::schema::{self, Layout};
use crate::stats::StatsAsk;
use crate::values::ValuesAsk;
use crate::view::{Interners, View};
use crate::writer::Writer;
use crate::{Settings, tokenizer};
use model::change::Change;
use model::columns::{self, Column, Kind};
use model::digest::DayDigest;
use model::explain::Explanation;
use model::explore::{Bucket, Sort, ValuesPage};
use model::stats::{Activity, ColumnStats, Week};
use model::zone::Zone;
use model::{Filter, Timestamp, TweetId};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tantivy::{IndexReader, ReloadPolicy, u64_to_i64};

/// The index of tweets: derived from the store, and rebuilt from it whenever it is lost.
///
/// Cheap to clone. All methods block: call them from a thread that may. Any number of threads and processes may
/// search while one process changes it: the one that [`Index::lead`] let. All see the last commit that they
/// know of: the leader its own, the others that of their last [`Index::refresh`].
#[derive(Clone)]
pub struct Index(Arc<Inner>);

struct Inner {
    settings: Settings,
    layout: Layout,
    dir: PathBuf,
    view: RwLock<Arc<View>>,
    interners: Arc<Interners>,
    position: AtomicU64,
    /// Numbers the commit that searches see: a repair commits without a new position.
    commit: AtomicU64,
    disk: Mutex<Disk>,
}

/// The files of the index as this process has opened them.
pub(crate) struct Disk {
    pub index: tantivy::Index,
    reader: IndexReader,
    lead: Option<Lead>,
}

/// What only one process has at a time.
struct Lead {
    writer: Writer,
    lock: Lock,
    /// Whether what searches see goes with the next commit.
    is_replaced: bool,
}

impl Index {
    /// Opens the index in that folder, or makes it. One made by another version of Roost is replaced by an
    /// empty one at position 0.
    ///
    /// # Errors
    /// `Open` if its files are damaged; `Locked` if it must be replaced while another process changes it.
    pub fn open(dir: &Path, settings: Settings) -> Result<Self> {
        let layout = Layout::new();
        folder::prepare(dir, &layout)?;
        Self::opened(dir, settings, layout)
    }

    fn opened(dir: &Path, settings: Settings, layout: Layout) -> Result<Self> {
        let interners = Arc::new(Interners::new());
        let disk = Disk::open(dir)?;
        let (position, commit) = disk.committed()?;
        let view = View::new(disk.reader.searcher(), None, interners.clone());
        Ok(Self(Arc::new(Inner {
            settings,
            layout,
            dir: dir.to_owned(),
            view: RwLock::new(Arc::new(view)),
            interners,
            position: AtomicU64::new(position),
            commit: AtomicU64::new(commit),
            disk: Mutex::new(disk),
        })))
    }

    /// Opens an index to look at it: nothing is made, and one of another version is not replaced.
    ///
    /// # Errors
    /// `Open` if its files are damaged or there are none.
    pub fn look(dir: &Path, settings: Settings) -> Result<Self> {
        Self::opened(dir, settings, Layout::new())
    }

    /// Becomes the process that changes the index, if none is, until it ends or a change fails. Then
    /// [`Index::position`] tells from where to go on. If somebody has deleted the folder, an empty index is made there.
    ///
    /// Returns whether this process is the one.
    pub fn lead(&self) -> Result<bool> {
        let mut disk = self.disk();
        if disk.leads(&self.0.dir) {
            return Ok(true);
        }
        disk.lead = None;
        let Some(lock) = Lock::take(&self.0.dir)? else { return Ok(false) };
        folder::prepare_held(&self.0.dir, &self.0.layout, &lock)?;
        // Another process may have changed it since it was opened here.
        *disk = Disk::open(&self.0.dir)?;
        let view = View::new(disk.reader.searcher(), None, self.0.interners.clone());
        let writer = Writer::open(&disk.index, &view, self.0.settings)?;
        let is_replaced = self.look_at(&disk)?;
        disk.lead = Some(Lead { writer, lock, is_replaced });
        Ok(true)
    }

    /// Whether this process is the one that changes it.
    pub fn leads(&self) -> bool {
        self.disk().leads(&self.0.dir)
    }

    /// Whether searches still see what was there before [`Index::clear`], or before somebody deleted the folder: until
    /// the next commit.
    pub fn is_replaced(&self) -> bool {
        self.disk().lead.as_ref().is_some_and(|lead| lead.is_replaced)
    }

    /// The folder of the index.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// Lets searches see what another process has committed.
    pub fn refresh(&self) -> Result<()> {
        let disk = self.disk();
        let shown = (self.position(), self.0.commit.load(Ordering::Acquire));
        if disk.lead.is_none() && disk.committed()? != shown {
            self.look_at(&disk)?;
        }
        Ok(())
    }

    /// The position given with the last commit: all changes up to it are in the index. 0 for a new index.
    pub fn position(&self) -> u64 {
        self.0.position.load(Ordering::Acquire)
    }

    /// Takes in the changes, in their order. Searches see them after the next [`Index::commit`].
    ///
    /// # Errors
    /// `Locked` if this process does not lead. After any error all changes since the last commit are given up:
    /// [`Index::lead`] again and apply them from [`Index::position`].
    pub fn apply(&self, changes: Vec<Change>) -> Result<()> {
        self.write(|lead, _| changes.into_iter().try_for_each(|change| lead.writer.apply(&self.0.layout, change)))
    }

    /// Makes the applied changes durable and visible, together with the store's position that they lead to.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn commit(&self, position: u64) -> Result<()> {
        self.write(|lead, disk| {
            lead.writer.commit(position)?;
            lead.is_replaced = false;
            self.show(disk)
        })
    }

    /// Empties the index and sets its position to 0: with the next commit. Until then searches see what was there.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn clear(&self) -> Result<()> {
        self.write(|lead, _| {
            lead.writer.clear(self.position())?;
            lead.is_replaced = true;
            self.0.position.store(0, Ordering::Release);
            Ok(())
        })
    }

    /// Removes from the disk what was removed from the index. For a quiet hour: it rewrites files.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn purge(&self) -> Result<()> {
        self.write(|lead, disk| {
            lead.writer.purge(&self.view())?;
            self.show(disk)?;
            // The files of the older view are free only now.
            lead.writer.purge(&self.view())
        })
    }

    /// The part of the documents on disk that are replaced or removed, from 0 to 1.
    pub fn waste(&self) -> f64 {
        let view = self.view();
        let sum = |count: fn(&tantivy::SegmentReader) -> u32| -> f64 {
            view.segments().iter().map(|segment| f64::from(count(segment))).sum()
        };
        sum(tantivy::SegmentReader::num_deleted_docs) / sum(tantivy::SegmentReader::max_doc).max(1.0)
    }

    /// Opens what facets are counted by, so that the first question need not wait for it: of millions of tweets that
    /// takes seconds.
    pub fn warm_up(&self) -> Result<()> {
        let view = self.view();
        let mut counted = columns::COLUMNS.iter().filter(|column| column.facet && column.kind == Kind::Keyword);
        counted.try_for_each(|column| view.vocabulary(column).map(drop))
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

    /// The matching tweets per span of `width` microseconds of a date column, without the empty spans.
    ///
    /// # Errors
    /// `WrongColumn` if it is no date, and those of [`Index::count`].
    pub fn counts(&self, filter: &Filter, column: &Column, width: i64, now: Timestamp) -> Result<Vec<Bucket>> {
        self.desk(&self.view()).counts(filter, column, width, now)
    }

    /// One page of the matching tweets in an order.
    ///
    /// # Errors
    /// `BadCursor`, `WrongColumn` if it cannot be sorted by, and those of [`Index::count`].
    pub fn ids(&self, filter: &Filter, sort: &[Sort], at: &At, limit: usize, now: Timestamp) -> Result<IdPage> {
        self.desk(&self.view()).ids(filter, &PageAsk { order: order(sort)?, at, limit }, now)
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

    /// What sets the tweets of a range of time apart from the others.
    ///
    /// # Errors
    /// Those of [`Index::count`].
    pub fn explain(&self, ask: &ExplainAsk) -> Result<Explanation> {
        self.desk(&self.view()).explain(ask)
    }

    /// What the values of a column are like among the matching tweets.
    ///
    /// # Errors
    /// Those of [`Index::count`].
    pub fn stats(&self, ask: &StatsAsk) -> Result<ColumnStats> {
        self.desk(&self.view()).stats(ask)
    }

    /// The matching tweets by weekday and hour, by the clocks of a zone.
    ///
    /// # Errors
    /// Those of [`Index::count`].
    pub fn week(&self, filter: &Filter, zone: &Zone, now: Timestamp) -> Result<Week> {
        self.desk(&self.view()).week(filter, zone, now)
    }

    /// How many of the matching tweets their authors posted each.
    ///
    /// # Errors
    /// Those of [`Index::count`].
    pub fn activity(&self, filter: &Filter, now: Timestamp) -> Result<Activity> {
        self.desk(&self.view()).activity(filter, now)
    }

    /// The tweets of each day (number of the UTC day of `created`), for comparison with the store.
    pub fn days(&self) -> Result<BTreeMap<i64, DayDigest>> {
        let view = self.view();
        let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
        for (number, reader) in view.segments().iter().enumerate() {
            let values = |name| view.cells(number, schema::column(name)).map(|cells| &cells.values);
            let (ids, created) = (values("id")?, values("created")?);
            let (refreshed, first_seen) = (values("refreshed")?, values("first_seen")?);
            for doc in reader.doc_ids_alive() {
                let time = |cells: &tantivy::columnar::Column<u64>| Timestamp(cells.first(doc).map_or(0, u64_to_i64));
                let id = TweetId(ids.first(doc).unwrap_or(0));
                days.entry(time(created).day_number()).or_default().add(id, time(refreshed), time(first_seen));
            }
        }
        Ok(days)
    }

    pub(crate) fn view(&self) -> Arc<View> {
        self.0.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn desk<'a>(&'a self, view: &'a View) -> Desk<'a> {
        Desk { view, layout: &self.0.layout, settings: self.0.settings }
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets searches see the last commit, unless there is none yet and they see something. Returns whether it is so.
    fn look_at(&self, disk: &Disk) -> Result<bool> {
        let (position, commit) = disk.committed()?;
        let is_new = position == 0 && !self.is_empty();
        if !is_new {
            self.show(disk)?;
            return Ok(false);
        }
        self.0.commit.store(commit, Ordering::Release);
        self.0.position.store(position, Ordering::Release);
        Ok(true)
    }

    /// Lets searches see the last commit.
    fn show(&self, disk: &Disk) -> Result<()> {
        // Read before the documents: a position may only be too low, then changes are applied twice.
        let (position, commit) = disk.committed()?;
        disk.reader.reload()?;
        let older = self.view();
        let view = View::new(disk.reader.searcher(), Some(&older), self.0.interners.clone());
        view.warm_up(&older)?;
        *self.0.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        self.0.commit.store(commit, Ordering::Release);
        self.0.position.store(position, Ordering::Release);
        Ok(())
    }

    fn write<T>(&self, work: impl FnOnce(&mut Lead, &Disk) -> Result<T>) -> Result<T> {
        let mut disk = self.disk();
        let lead = disk.lead.take().filter(|lead| lead.lock.is_of(&self.0.dir));
        let mut lead = lead.ok_or(SearchError::Locked)?;
        let done = work(&mut lead, &disk)?;
        // After an error tantivy's writer is of no use, and the lead is given up.
        disk.lead = Some(lead);
        Ok(done)
    }
}

impl Disk {
    fn open(dir: &Path) -> Result<Self> {
        let failed = |why: tantivy::TantivyError| SearchError::Open { dir: dir.to_owned(), why: why.to_string() };
        let directory = DurableDirectory::open(&folder::tantivy_in(dir)).map_err(failed)?;
        let mut index = tantivy::Index::open(directory).map_err(failed)?;
        index.set_tokenizers(tokenizer::manager());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failed)?;
        Ok(Self { index, reader, lead: None })
    }

    fn leads(&self, dir: &Path) -> bool {
        self.lead.as_ref().is_some_and(|lead| lead.lock.is_of(dir))
    }

    /// The position of the last commit, and its number.
    fn committed(&self) -> Result<(u64, u64)> {
        let metas = self.index.load_metas()?;
        Ok((metas.payload.and_then(|payload| payload.parse().ok()).unwrap_or(0), metas.opstamp))
    }
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

    /// As [`Index::ids`].
    pub fn ids(&self, filter: &Filter, sort: &[Sort], at: &At, limit: usize, now: Timestamp) -> Result<IdPage> {
        self.index.desk(&self.view).ids(filter, &PageAsk { order: order(sort)?, at, limit }, now)
    }

    /// As [`Index::explore`].
    pub fn explore(&self, ask: &Ask) -> Result<Answer> {
        self.index.desk(&self.view).explore(ask)
    }

    /// As [`Index::stats`].
    pub fn stats(&self, ask: &StatsAsk) -> Result<ColumnStats> {
        self.index.desk(&self.view).stats(ask)
    }

    /// As [`Index::week`].
    pub fn week(&self, filter: &Filter, zone: &Zone, now: Timestamp) -> Result<Week> {
        self.index.desk(&self.view).week(filter, zone, now)
    }

    /// As [`Index::activity`].
    pub fn activity(&self, filter: &Filter, now: Timestamp) -> Result<Activity> {
        self.index.desk(&self.view).activity(filter, now)
    }
}
