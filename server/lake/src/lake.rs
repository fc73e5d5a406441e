use crate::columns;
use crate::commit;
use crate::delta::{Edit, State, Table};
use crate::error::{LakeError, Result};
use crate::pending::{Incoming, Pending};
use crate::read;
use crate::record::Record;
use crate::storage::{Files, Location};
use crate::tidy;
use model::change::Change;
use model::digest::DayDigest;
use model::{Row, Timestamp, TweetId};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::future::Future;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

const LOCK_FILE: &str = "LOCK";
const WORK_FOLDER: &str = "tmp";

/// A table of the lake: tweets in Parquet files, in Delta's format. It is derived from the store, and rebuilt from it
/// whenever it is lost.
///
/// Cheap to clone. Any number of threads and processes may read while one process changes it: the one that
/// [`Lake::lead`] let. All see the last commit that they know of: the leader its own, the others that of their last
/// [`Lake::refresh`].
pub struct Lake<R = Row>(Arc<Inner<R>>);

impl<R> Clone for Lake<R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

struct Inner<R> {
    table: Table,
    folder: PathBuf,
    /// The last commit that is known here. None before the first look, and where there is no lake yet.
    known: RwLock<Option<Arc<State>>>,
    lead: Mutex<Option<Lead<R>>>,
    leads: AtomicBool,
}

/// What only one process has at a time.
struct Lead<R> {
    pending: Pending<R>,
    lock: File,
}

/// Notes that this process leads no more, unless it is forgotten: where work fails, or nobody waits for its end.
struct Leading<'a>(&'a AtomicBool);

impl Drop for Leading<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// How much waits for the next [`Lake::commit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub tweets: usize,
    /// How much memory they take up.
    pub bytes: usize,
}

impl<R: Record> Lake<R> {
    /// A lake at that place. `folder`, on this machine, takes the lock and files that are being written; it is of this
    /// table alone. Nothing is looked at yet: see [`Lake::lead`] and [`Lake::refresh`].
    ///
    /// # Errors
    /// `Disk` if the folder cannot be made, `Files` if the place cannot be one.
    pub fn open(location: &Location, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join(WORK_FOLDER))?;
        Self::at(location, folder)
    }

    /// The lake at that place, to be looked at; `None` if there is none. Nothing is made there.
    ///
    /// # Errors
    /// As [`Lake::open`].
    pub fn look(location: &Location, folder: &Path) -> Result<Option<Self>> {
        if let Location::Folder(place) = location
            && !place.join(R::TABLE).is_dir()
        {
            return Ok(None);
        }
        Self::at(location, folder).map(Some)
    }

    fn at(location: &Location, folder: &Path) -> Result<Self> {
        let table = Table::new(Files::open(location, R::TABLE)?, folder.join(WORK_FOLDER));
        let (known, lead, leads) = Default::default();
        Ok(Self(Arc::new(Inner { table, folder: folder.to_owned(), known, lead, leads })))
    }

    /// Becomes the process that changes the lake, if none is, until it ends or a change fails. Then
    /// [`Lake::position`] tells from where to go on. Makes the lake if there is none, and adds the columns that it
    /// lacks; one whose columns are now of other types is emptied.
    ///
    /// Returns whether this process is the one.
    ///
    /// Where somebody has deleted the lake, an empty one is made.
    pub async fn lead(&self, now: Timestamp) -> Result<bool> {
        let mut lead = self.0.lead.lock().await;
        if self.is_held(lead.as_ref()) {
            return Ok(true);
        }
        if lead.take().is_some() {
            self.0.leads.store(false, Ordering::Release);
            // What is there now is another one.
            self.forget();
        }
        let work = self.0.folder.join(WORK_FOLDER);
        fs::create_dir_all(&work)?;
        let Some(lock) = take_lock(&self.0.folder)? else { return Ok(false) };
        empty(&work)?;
        let loaded = self.0.table.load().await.inspect_err(|error| self.forget_if_damaged(error))?;
        let mut state = match loaded {
            Some(state) => state,
            None => self.0.table.create(R::TABLE, &columns::table_schema::<R>(), now).await?,
        };
        let schema = columns::evolved::<R>(&state.schema);
        if schema.as_ref() != Some(&state.schema) {
            let (clear, position) = (schema.is_none(), schema.is_none().then_some(0));
            let schema = Some(schema.unwrap_or_else(columns::table_schema::<R>));
            let edit =
                Edit { operation: "CHANGE COLUMNS", clear, schema, position, data_change: true, ..Edit::default() };
            self.0.table.commit(&mut state, &edit, now).await?;
        }
        self.show(state);
        *lead = Some(Lead { pending: Pending::default(), lock });
        self.0.leads.store(true, Ordering::Release);
        Ok(true)
    }

    /// Whether this process is the one that changes it, as far as it knows.
    pub fn leads(&self) -> bool {
        self.0.leads.load(Ordering::Acquire)
    }

    /// Whether this process is the one that changes it, and nobody has deleted the folder.
    pub async fn still_leads(&self) -> bool {
        self.is_held(self.0.lead.lock().await.as_ref())
    }

    fn is_held(&self, lead: Option<&Lead<R>>) -> bool {
        lead.is_some_and(|lead| is_lock_of(&lead.lock, &self.0.folder))
    }

    /// Looks at what another process has committed.
    pub async fn refresh(&self) -> Result<()> {
        let lead = self.0.lead.lock().await;
        if lead.is_some() {
            return Ok(());
        }
        match self.known() {
            Some(known) => {
                let mut state = (*known).clone();
                let updated = self.0.table.update(&mut state).await;
                if updated.inspect_err(|error| self.forget_if_damaged(error))? {
                    self.show(state);
                }
            }
            None => {
                if let Some(state) = self.0.table.load().await? {
                    self.show(state);
                }
            }
        }
        Ok(())
    }

    /// Why its log cannot be read, if it is damaged. It reads all of the log that counts.
    ///
    /// # Errors
    /// If that cannot be told, because the place does not answer.
    pub async fn damage(&self) -> Result<Option<LakeError>> {
        self.0.table.damage().await
    }

    /// Removes a lake whose log is damaged, so that the next [`Lake::lead`] makes an empty one. Does nothing if the log can
    /// be read, or if another process changes it. What this process had not committed is given up.
    ///
    /// Returns why it could not be read.
    pub async fn discard_damaged(&self) -> Result<Option<LakeError>> {
        let mut lead = self.0.lead.lock().await;
        fs::create_dir_all(&self.0.folder)?;
        let held = if self.is_held(lead.as_ref()) { None } else { take_lock(&self.0.folder)? };
        if held.is_none() && !self.is_held(lead.as_ref()) {
            return Ok(None);
        }
        let damage = self.0.table.damage().await?;
        if damage.is_some() {
            self.0.leads.store(false, Ordering::Release);
            self.forget();
            self.0.table.discard().await?;
            *lead = None;
        }
        drop(held);
        Ok(damage)
    }

    /// The position given with the last commit: all changes up to it are in the lake, durably. 0 for a new lake.
    pub fn position(&self) -> u64 {
        self.known().map_or(0, |state| state.position)
    }

    /// Whether there is one, as far as was looked.
    pub fn is_made(&self) -> bool {
        self.known().is_some()
    }

    /// Tweets in it, as of the last commit.
    pub fn len(&self) -> u64 {
        self.known().map_or(0, |state| state.files.values().map(|file| file.rows).sum())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When files were written last; `None` as long as nothing is in it.
    pub fn written_at(&self) -> Option<Timestamp> {
        let millis = self.known()?.files.values().map(|file| file.written).max()?;
        Some(Timestamp(millis * 1000))
    }

    /// Takes in the changes, in their order. Of two rows of a tweet the one of the later version stays. Nothing is
    /// durable or to be seen before [`Lake::commit`].
    ///
    /// # Errors
    /// `Locked` if this process does not lead.
    pub async fn apply(&self, changes: Vec<Change<R>>) -> Result<()> {
        let incoming = on_own_thread(async move { Incoming::new(changes) }).await?;
        let mut lead = self.0.lead.lock().await;
        lead.as_mut().ok_or(LakeError::Locked)?.pending.add(incoming);
        Ok(())
    }

    /// What was applied and is not yet committed.
    pub async fn pending(&self) -> Waiting {
        let lead = self.0.lead.lock().await;
        lead.as_ref().map_or(Waiting { tweets: 0, bytes: 0 }, |lead| Waiting {
            tweets: lead.pending.len(),
            bytes: lead.pending.bytes(),
        })
    }

    /// Makes the applied changes durable and visible, together with the store's position that they lead to: all, or
    /// after a crash none.
    ///
    /// # Errors
    /// `Locked` if this process does not lead, `Conflict` if something else wrote. After any error all changes since the
    /// last commit are given up: [`Lake::lead`] again and apply them from [`Lake::position`].
    pub async fn commit(&self, position: u64, now: Timestamp) -> Result<()> {
        self.change(move |table, mut state, pending| async move {
            let edit = commit::edit(&table, &state, pending, now).await?;
            let edit = Edit { position: Some(position), ..edit };
            table.commit(&mut state, &edit, now).await?;
            Ok((state, Pending::default(), ()))
        })
        .await
    }

    /// Empties the lake and sets its position to 0. What was in it leaves the disk with [`Lake::vacuum`].
    ///
    /// # Errors
    /// As [`Lake::commit`].
    pub async fn clear(&self, now: Timestamp) -> Result<()> {
        self.change(move |table, mut state, _| async move {
            let schema = Some(columns::table_schema::<R>());
            let edit = Edit {
                operation: "CLEAR",
                clear: true,
                schema,
                position: Some(0),
                data_change: true,
                ..Edit::default()
            };
            table.commit(&mut state, &edit, now).await?;
            Ok((state, Pending::default(), ()))
        })
        .await
    }

    /// The tweets of each day (number of the UTC day of `created`), for comparison with the store. It reads all files.
    ///
    /// # Errors
    /// `Damaged` if a file is not as it was written.
    pub async fn days(&self) -> Result<BTreeMap<i64, DayDigest>> {
        let Some(state) = self.known() else { return Ok(BTreeMap::new()) };
        let files = self.0.table.files.clone();
        on_own_thread(async move {
            let mut days: BTreeMap<i64, DayDigest> = BTreeMap::new();
            for file in state.files.values() {
                let day = days.entry(file.day).or_default();
                for [id, version, first_seen] in read::checked(&files, file).await? {
                    day.add(TweetId(id.unsigned_abs()), Timestamp(version), Timestamp(first_seen));
                }
            }
            Ok(days)
        })
        .await
    }

    /// Merges the small files of each day before `end` (number of the UTC day since 1970). Returns how many files
    /// became fewer.
    ///
    /// # Errors
    /// As [`Lake::commit`].
    pub async fn compact(&self, end: i64, now: Timestamp) -> Result<u64> {
        let mut merged = 0;
        // A day at a time, so that changes need not wait for all.
        while let Some(state) = self.known()
            && let Some(group) = tidy::groups(&state, end).into_iter().next()
        {
            merged += group.len() as u64;
            self.change(move |table, mut state, pending| async move {
                let edit = tidy::merged::<R>(&table, &state, group, now).await?;
                table.commit(&mut state, &edit, now).await?;
                Ok((state, pending, ()))
            })
            .await?;
        }
        Ok(merged)
    }

    /// Removes what has not been part of the lake since `before` from the disk, and sums up the log. Whoever reads an
    /// older state then cannot go on. Returns how many files went.
    ///
    /// # Errors
    /// As [`Lake::commit`].
    pub async fn vacuum(&self, before: Timestamp, now: Timestamp) -> Result<u64> {
        self.change(move |table, mut state, pending| async move {
            let count = tidy::vacuum(&table, &state, before).await?;
            if state.checkpoint != Some(state.version) {
                table.sum_up(&mut state, now).await?;
            }
            Ok((state, pending, count))
        })
        .await
    }

    pub(crate) fn known(&self) -> Option<Arc<State>> {
        self.0.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn table(&self) -> &Table {
        &self.0.table
    }

    /// Lets the work, as the process that leads, go from one state to the next.
    async fn change<T, F>(&self, work: impl FnOnce(Table, State, Pending<R>) -> F) -> Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<(State, Pending<R>, T)>> + Send + 'static,
    {
        let mut lead = self.0.lead.lock().await;
        let leading = Leading(&self.0.leads);
        let held = lead.take().filter(|lead| self.is_held(Some(lead)));
        let (Some(Lead { pending, lock }), Some(state)) = (held, self.known()) else {
            return Err(LakeError::Locked);
        };
        if !self.0.table.has(&state).await? {
            return Err(LakeError::damaged("somebody has deleted it"));
        }
        let work = work(self.0.table.clone(), (*state).clone(), pending);
        // The lock goes along: if nobody waits any more, the work still ends before another process begins.
        let (state, pending, done, lock) = on_own_thread(async move {
            let (state, pending, done) = work.await?;
            Ok((state, pending, done, lock))
        })
        .await?;
        std::mem::forget(leading);
        self.show(state);
        *lead = Some(Lead { pending, lock });
        Ok(done)
    }

    fn forget(&self) {
        *self.0.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is made in place of one that is damaged begins anew to number its commits, so it is not taken for what follows.
    fn forget_if_damaged(&self, error: &LakeError) {
        if error.is_damage() {
            self.forget();
        }
    }

    fn show(&self, state: State) {
        *self.0.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(state));
    }
}

/// A process's right to change the lake, until the file is dropped or the process ends. `None` if another has it.
fn take_lock(folder: &Path) -> Result<Option<File>> {
    let file = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK_FILE))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Whether it still is the lock of that folder. It is not where somebody has deleted the folder.
fn is_lock_of(lock: &File, folder: &Path) -> bool {
    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let ids = lock.metadata().map(id).ok().zip(fs::metadata(folder.join(LOCK_FILE)).map(id).ok());
    ids.is_some_and(|(own, there)| own == there)
}

/// Removes what a process that was killed has left half written.
fn empty(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    Ok(())
}

/// Reading and writing columns is work for a processor, which must not keep others from their turn.
async fn on_own_thread<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let handle = Handle::current();
    let done = tokio::task::spawn_blocking(move || handle.block_on(work)).await;
    done.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
}
