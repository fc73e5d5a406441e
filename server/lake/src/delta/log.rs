//! The log of a table: one numbered file per commit, which exists wholly or not at all.

use super::action::Line;
use super::state::{self, Edit, State};
use super::{Version, checkpoint};
use crate::error::{LakeError, Result};
use crate::storage::Files;
use arrow::datatypes::Schema;
use model::Timestamp;
use model::time::HOUR;
use object_store::path::Path;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tempfile::NamedTempFile;

const LOG: &str = "_delta_log";
const LAST_CHECKPOINT: &str = "_delta_log/_last_checkpoint";
/// Commits after which a checkpoint sums them up.
pub const CHECKPOINT_EVERY: Version = 50;
/// For how long what was removed, and what is summed up, is kept for those who still read it.
pub const KEPT_HOURS: i64 = 12;

/// A table in Delta's format. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Table {
    pub files: Files,
    /// Where files are written before they are brought to their place.
    work: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct LastCheckpoint {
    version: Version,
    /// Lines in it.
    size: usize,
}

impl Table {
    pub fn new(files: Files, work: PathBuf) -> Self {
        Self { files, work }
    }

    /// The table after its last commit; `None` if there is none yet.
    pub async fn load(&self) -> Result<Option<State>> {
        let checkpoint = match self.files.read(&Path::from(LAST_CHECKPOINT)).await? {
            Some(content) => serde_json::from_slice::<LastCheckpoint>(&content).ok(),
            None => None,
        };
        let mut state = None;
        if let Some(LastCheckpoint { version, .. }) = checkpoint
            && let Some(content) = self.files.read(&checkpoint_path(version)).await?
        {
            let begun = State::begin(version, checkpoint::read(content)?)?;
            state = Some(State { checkpoint: Some(version), ..begun });
        }
        for version in self.versions_after(state.as_ref().map(|state| state.version)).await? {
            let lines = self.read_commit(version).await?;
            match &mut state {
                Some(state) => next(state, version, lines)?,
                None if version > 0 => return Err(LakeError::damaged("the first commit of its log is missing")),
                None => state = Some(State::begin(version, lines)?),
            }
        }
        Ok(state)
    }

    /// Why the log cannot be read, if it is damaged.
    pub async fn damage(&self) -> Result<Option<LakeError>> {
        match self.load().await {
            Ok(_) => Ok(None),
            Err(error) if error.is_damage() => Ok(Some(error)),
            Err(error) => Err(error),
        }
    }

    /// Removes all files of a table whose log is damaged. Where that ends half-way the log is still damaged, or gone:
    /// it goes first, and its oldest commits before the others.
    pub async fn discard(&self) -> Result<()> {
        for folder in [Some(Path::from(LOG)), None] {
            for file in self.files.list(folder.as_ref(), None).await? {
                self.files.delete(&file.location).await?;
            }
        }
        Ok(())
    }

    /// Takes in what was committed since. Returns whether there was anything.
    pub async fn update(&self, state: &mut State) -> Result<bool> {
        let versions = self.versions_after(Some(state.version)).await?;
        match versions.first() {
            None if self.has(state).await? => return Ok(false),
            Some(first) if *first == state.version + 1 => {}
            // What came next is summed up, and its commits are gone; or it is another table now.
            _ => *state = self.load().await?.ok_or_else(|| LakeError::damaged("its log is gone"))?,
        }
        for version in versions.into_iter().filter(|version| *version > state.version).collect::<Vec<_>>() {
            let lines = self.read_commit(version).await?;
            next(state, version, lines)?;
        }
        Ok(true)
    }

    /// Whether the table still is where that is its state.
    pub async fn has(&self, state: &State) -> Result<bool> {
        Ok(self.files.read(&commit_path(state.version)).await?.is_some())
    }

    /// Makes an empty table.
    ///
    /// # Errors
    /// `Conflict` if there is one.
    pub async fn create(&self, name: &str, schema: &Schema, now: Timestamp) -> Result<State> {
        let lines = state::first_lines(name, schema, now)?;
        self.write_commit(0, &lines).await?;
        State::begin(0, lines)
    }

    /// Makes the change, wholly or not at all.
    ///
    /// # Errors
    /// `Conflict` if something else has written a commit of this number.
    pub async fn commit(&self, state: &mut State, edit: &Edit, now: Timestamp) -> Result<()> {
        let lines = state.lines(edit, now)?;
        let version = state.version + 1;
        self.write_commit(version, &lines).await?;
        state.apply(version, lines)?;
        if version.is_multiple_of(CHECKPOINT_EVERY)
            && let Err(error) = self.sum_up(state, now).await
        {
            // The commit stands; the next checkpoint sums it up too.
            tracing::warn!(error = %error, "no checkpoint of the lake could be written");
        }
        Ok(())
    }

    /// Writes a checkpoint, and removes the commits that it and time have made needless.
    pub async fn sum_up(&self, state: &mut State, now: Timestamp) -> Result<()> {
        let oldest = (now.0 - KEPT_HOURS * HOUR) / 1000;
        state.removed.retain(|_, removed| removed.deletion_timestamp.is_some_and(|at| at >= oldest));
        let lines = state.summary()?;
        let mut file = self.new_file()?;
        checkpoint::write(&lines, &mut file)?;
        self.files.place(&checkpoint_path(state.version), file).await?;
        let mut last = self.new_file()?;
        serde_json::to_writer(&mut last, &LastCheckpoint { version: state.version, size: lines.len() })
            .map_err(LakeError::damaged)?;
        self.files.place(&Path::from(LAST_CHECKPOINT), last).await?;
        state.checkpoint = Some(state.version);
        self.forget_before(state.version, oldest).await
    }

    /// Removes commits and checkpoints that are older than that version and that time, in milliseconds.
    async fn forget_before(&self, version: Version, oldest: i64) -> Result<()> {
        for file in self.files.list(Some(&Path::from(LOG)), None).await? {
            let number = file.location.filename().and_then(|name| name.split_once('.')?.0.parse::<Version>().ok());
            if number.is_some_and(|number| number < version) && file.last_modified.timestamp_millis() < oldest {
                self.files.delete(&file.location).await?;
            }
        }
        Ok(())
    }

    /// A file that is gone when it is not brought to a place.
    pub fn new_file(&self) -> Result<NamedTempFile> {
        Ok(NamedTempFile::new_in(&self.work)?)
    }

    async fn versions_after(&self, version: Option<Version>) -> Result<Vec<Version>> {
        let offset = version.map(commit_path);
        let found = self.files.list(Some(&Path::from(LOG)), offset.as_ref()).await?;
        let number = |path: &Path| path.filename()?.strip_suffix(".json")?.parse().ok();
        Ok(found.iter().filter_map(|file| number(&file.location)).collect())
    }

    async fn read_commit(&self, version: Version) -> Result<Vec<Line>> {
        let content = self.files.read(&commit_path(version)).await?;
        parse(&content.ok_or_else(|| LakeError::damaged(format!("commit {version} of its log is gone")))?)
    }

    async fn write_commit(&self, version: Version, lines: &[Line]) -> Result<()> {
        let mut content = Vec::new();
        for line in lines {
            serde_json::to_writer(&mut content, line).map_err(LakeError::damaged)?;
            content.push(b'\n');
        }
        let written = self.files.create(&commit_path(version), content).await?;
        if written { Ok(()) } else { Err(LakeError::Conflict(version)) }
    }
}

fn next(state: &mut State, version: Version, lines: Vec<Line>) -> Result<()> {
    if version != state.version + 1 {
        return Err(LakeError::damaged(format!("commit {} of its log is missing", state.version + 1)));
    }
    state.apply(version, lines)
}

pub fn parse(lines: &[u8]) -> Result<Vec<Line>> {
    let lines = lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).map_err(LakeError::damaged)).collect()
}

fn commit_path(version: Version) -> Path {
    Path::from(format!("{LOG}/{version:020}.json"))
}

fn checkpoint_path(version: Version) -> Path {
    Path::from(format!("{LOG}/{version:020}.checkpoint.parquet"))
}
