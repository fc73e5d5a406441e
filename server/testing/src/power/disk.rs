use super::journal::{Change, contents};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Bytes that a disk writes wholly or not at all.
const SECTOR: usize = 512;

/// What becomes of that which was not synced.
pub enum Chance {
    /// All of it is there: no power was lost.
    Kept,
    /// None of it.
    Lost,
    /// Any part of it, as this seed (which is not 0) says.
    Any(u64),
}

impl Chance {
    /// Whether something is there.
    fn keeps(&mut self) -> bool {
        match self {
            Self::Kept => true,
            Self::Lost => false,
            Self::Any(seed) => {
                *seed ^= *seed << 13;
                *seed ^= *seed >> 7;
                *seed ^= *seed << 17;
                (*seed >> 20).is_multiple_of(2)
            }
        }
    }
}

/// The files of a folder at a moment, and what of them is durable. Time goes on with [`Disk::take`].
#[derive(Default)]
pub struct Disk<'j> {
    files: Vec<File<'j>>,
    /// As whoever looks sees them.
    names: Names,
    /// As they are on the disk.
    durable: Names,
    /// What has changed since in folders.
    renamed: Vec<Renaming>,
}

type Names = BTreeMap<PathBuf, Node>;

#[derive(Clone, Copy)]
enum Node {
    Folder,
    /// With its number.
    File(usize),
}

#[derive(Default)]
struct File<'j> {
    durable: Vec<u8>,
    /// What has changed since.
    edits: Vec<Edit<'j>>,
}

enum Edit<'j> {
    Write(usize, &'j [u8]),
    SetLength(usize),
}

/// A change of names. One from a folder to another is durable with the other, and is never half done.
struct Renaming {
    gone: Option<PathBuf>,
    come: Option<(PathBuf, Node)>,
}

impl Renaming {
    fn apply(&self, names: &mut Names) {
        self.gone.iter().for_each(|gone| _ = names.remove(gone));
        names.extend(self.come.clone());
    }

    /// The folder that must be synced.
    fn folder(&self) -> Option<&Path> {
        self.come.as_ref().map(|(path, _)| path).or(self.gone.as_ref())?.parent()
    }
}

impl<'j> Disk<'j> {
    /// What the program did next.
    ///
    /// # Panics
    /// Where it speaks of something that is not there.
    pub fn take(&mut self, change: &'j Change) {
        match change {
            Change::Create(path) => {
                self.files.push(File::default());
                self.rename(None, Some((path.clone(), Node::File(self.files.len() - 1))));
            }
            Change::MakeFolder(path) => self.rename(None, Some((path.clone(), Node::Folder))),
            Change::Write { path, offset, bytes } => self.file(path).edits.push(Edit::Write(*offset, bytes)),
            Change::SetLength { path, length } => self.file(path).edits.push(Edit::SetLength(*length)),
            Change::Rename { from, to } => {
                let node = Node::File(self.number(from));
                self.rename(Some(from.clone()), Some((to.clone(), node)));
            }
            Change::Link { from, to } => {
                let node = Node::File(self.number(from));
                self.rename(None, Some((to.clone(), node)));
            }
            Change::Remove(path) => self.rename(Some(path.clone()), None),
            Change::Sync(path) => self.sync(path),
        }
    }

    fn number(&self, path: &Path) -> usize {
        match self.names.get(path) {
            Some(Node::File(number)) => *number,
            _ => panic!("{} is no file", path.display()),
        }
    }

    fn file(&mut self, path: &Path) -> &mut File<'j> {
        let number = self.number(path);
        &mut self.files[number]
    }

    fn rename(&mut self, gone: Option<PathBuf>, come: Option<(PathBuf, Node)>) {
        let renaming = Renaming { gone, come };
        renaming.apply(&mut self.names);
        self.renamed.push(renaming);
    }

    fn sync(&mut self, path: &Path) {
        if let Some(Node::File(number)) = self.names.get(path).copied() {
            let file = &mut self.files[number];
            file.edits.drain(..).for_each(|edit| edit.apply(&mut file.durable));
            return;
        }
        for renaming in self.renamed.extract_if(.., |renaming| renaming.folder() == Some(path)) {
            renaming.apply(&mut self.durable);
        }
    }

    /// What is in a file now, synced or not; nothing if there is none.
    pub fn read(&self, path: &Path) -> Vec<u8> {
        match self.names.get(path) {
            Some(Node::File(number)) => self.files[*number].after(&mut Chance::Kept),
            _ => Vec::new(),
        }
    }

    /// Makes the folder as it may be if the power is lost now.
    ///
    /// # Errors
    /// What the file system says.
    pub fn lose_power(&self, folder: &Path, mut chance: Chance) -> io::Result<()> {
        let mut names = self.durable.clone();
        for renaming in &self.renamed {
            if chance.keeps() {
                renaming.apply(&mut names);
            }
        }
        for (path, node) in &names {
            // A name in a folder that is lost is lost with it.
            let target = folder.join(path);
            match node {
                _ if !target.parent().is_some_and(Path::is_dir) => {}
                Node::Folder => std::fs::create_dir(target)?,
                Node::File(number) => {
                    std::fs::write(&target, self.files[*number].after(&mut chance))?;
                    // The key's file must be its owner's only; modes are not recorded.
                    std::fs::set_permissions(target, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
                }
            }
        }
        Ok(())
    }

    /// The first path that is not as it is in that folder, where the program has worked: something was not recorded then.
    ///
    /// # Errors
    /// What the file system says.
    pub fn differs_from(&self, folder: &Path) -> io::Result<Option<PathBuf>> {
        let mut there: BTreeMap<PathBuf, Option<Vec<u8>>> = contents(folder)?.into_iter().collect();
        for (path, node) in &self.names {
            let content = match node {
                Node::Folder => None,
                Node::File(number) => Some(self.files[*number].after(&mut Chance::Kept)),
            };
            if there.remove(path) != Some(content) {
                return Ok(Some(path.clone()));
            }
        }
        Ok(there.into_keys().next())
    }
}

impl File<'_> {
    /// What is in it with what chance leaves of its edits.
    fn after(&self, chance: &mut Chance) -> Vec<u8> {
        let mut content = self.durable.clone();
        for edit in &self.edits {
            match edit {
                Edit::Write(offset, bytes) if chance.keeps() => {
                    let is_torn = matches!(chance, Chance::Any(_)) && chance.keeps();
                    write(&mut content, *offset, bytes, || !is_torn || chance.keeps());
                }
                Edit::SetLength(_) if chance.keeps() => edit.apply(&mut content),
                _ => {}
            }
        }
        content
    }
}

impl Edit<'_> {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write(offset, bytes) => write(content, *offset, bytes, || true),
            Self::SetLength(length) => content.resize(*length, 0),
        }
    }
}

/// Writes those sectors that `keeps` says yes to. What lies before them and was never written is zeros.
fn write(content: &mut Vec<u8>, mut offset: usize, mut bytes: &[u8], mut keeps: impl FnMut() -> bool) {
    while !bytes.is_empty() {
        let (sector, rest) = bytes.split_at(bytes.len().min(SECTOR - offset % SECTOR));
        if keeps() {
            let end = offset + sector.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[offset..end].copy_from_slice(sector);
        }
        offset += sector.len();
        bytes = rest;
    }
}
