//! Sealing: what names a person, or is a secret, is written only encrypted.
//!
//! A key file (mode 0400, made at the first start) holds the installation's key. It wraps the *data keys* in the
//! database, one for each purpose and UTC day, and these seal the values with AES-256-GCM. What a sealed value
//! belongs to (table, row, column) is authenticated with it, so that it opens nowhere else.
//!
//! A sealed value is `1 | key id (4 bytes) | nonce (12) | ciphertext | tag (16)`.

mod carried;

pub(crate) use carried::{Opener, carried_keys};

use crate::entity::data_keys;
use crate::error::{Result, StoreError};
use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Pid, Timestamp, UserId};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const HEADER: usize = 1 + 4 + NONCE_LEN;

/// What a data key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Raw,
    Identity,
    /// Records of the durable log.
    Log,
    Credential,
    /// What was asked for in an export.
    Export,
    /// What people write about tweets.
    Note,
    /// Details of what was done.
    Audit,
    /// Not a sealing key: it makes pseudonyms, and is the same for ever.
    Pseudonym,
    /// Not a sealing key: it signs links and webhooks, and is the same for ever.
    Signature,
    /// Not a sealing key: it goes into every password hash, so that a stolen database is not enough to guess them.
    Pepper,
    /// Not a sealing key: it chains the entries of the audit, and is the same for ever.
    Chain,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Raw => "raw",
            Purpose::Identity => "identity",
            Purpose::Log => "log",
            Purpose::Credential => "credential",
            Purpose::Export => "export",
            Purpose::Note => "note",
            Purpose::Audit => "audit",
            Purpose::Pseudonym => "pseudonym",
            Purpose::Signature => "signature",
            Purpose::Pepper => "pepper",
            Purpose::Chain => "chain",
        }
    }
}

/// Which value is sealed: nothing but this place will open it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub table: &'a str,
    pub row: &'a [u8],
    pub column: &'a str,
}

/// A data key that is ready to seal.
#[derive(Clone)]
pub struct SealingKey {
    id: u32,
    key: Arc<LessSafeKey>,
}

/// Keys and what they do.
pub struct Vault {
    database: DatabaseConnection,
    installation: LessSafeKey,
    pseudonyms: hmac::Key,
    chain: hmac::Key,
    signatures: hmac::Key,
    pepper: Zeroizing<Vec<u8>>,
    random: SystemRandom,
    keys: RwLock<HashMap<u32, SealingKey>>,
    current: RwLock<HashMap<(Purpose, i64), SealingKey>>,
}

impl Vault {
    pub(crate) async fn open(key_file: &Path, database: &DatabaseConnection) -> Result<Self> {
        let random = SystemRandom::new();
        let has_data = data_keys::Entity::find().one(database).await?.is_some();
        let secret = load_key_file(key_file, &random, has_data)?;
        let installation = cipher(&secret)?;
        let unset = hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]);
        let mut vault = Self {
            database: database.clone(),
            installation,
            pseudonyms: unset.clone(),
            chain: unset.clone(),
            signatures: unset,
            pepper: Zeroizing::default(),
            random,
            keys: RwLock::default(),
            current: RwLock::default(),
        };
        let (_, secret) = vault.data_key(Purpose::Pseudonym, 0).await?;
        vault.pseudonyms = hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice());
        let (_, secret) = vault.data_key(Purpose::Chain, 0).await?;
        vault.chain = hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice());
        let (_, secret) = vault.data_key(Purpose::Signature, 0).await?;
        vault.signatures = hmac::Key::new(hmac::HMAC_SHA256, secret.as_slice());
        vault.pepper = vault.data_key(Purpose::Pepper, 0).await?.1;
        Ok(vault)
    }

    /// What is mixed into password hashes.
    pub fn pepper(&self) -> Zeroizing<Vec<u8>> {
        self.pepper.clone()
    }

    /// What only this installation can make of a text, for one purpose: a signature of it, or a secret for it.
    pub fn signature(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut signature = [0; 32];
        signature.copy_from_slice(hmac::sign(&self.signatures, format!("{purpose}|{text}").as_bytes()).as_ref());
        signature
    }

    /// Whether it is that signature.
    pub fn is_signature(&self, purpose: &str, text: &str, signature: &[u8]) -> bool {
        hmac::verify(&self.signatures, format!("{purpose}|{text}").as_bytes(), signature).is_ok()
    }

    /// The pseudonym of an account.
    pub fn pid(&self, user: UserId) -> Pid {
        self.keyed_hash("author", &user.to_string())
    }

    /// What a handle is looked up by. Handles are the same in any case of letters.
    pub fn handle_key(&self, handle: &str) -> [u8; 16] {
        self.keyed_hash("handle", &handle.to_lowercase()).0
    }

    /// The hash of an entry of the audit, which only this installation can make.
    pub(crate) fn chain_hash(&self, text: &[u8]) -> [u8; 32] {
        let mut hash = [0; 32];
        hash.copy_from_slice(hmac::sign(&self.chain, text).as_ref());
        hash
    }

    fn keyed_hash(&self, label: &str, text: &str) -> Pid {
        let mut context = hmac::Context::with_key(&self.pseudonyms);
        context.update(label.as_bytes());
        context.update(text.as_bytes());
        let mut pid = [0; 16];
        pid.copy_from_slice(&context.sign().as_ref()[..16]);
        Pid(pid)
    }

    /// The key that seals values of this purpose today; the first value of a day makes it.
    pub async fn sealing_key(&self, purpose: Purpose, now: Timestamp) -> Result<SealingKey> {
        let day = now.day_number();
        let known = self.current.read().ok().and_then(|current| current.get(&(purpose, day)).cloned());
        if let Some(key) = known {
            return Ok(key);
        }
        let (id, secret) = self.data_key(purpose, day).await?;
        let key = SealingKey { id, key: Arc::new(cipher(&secret)?) };
        if let (Ok(mut current), Ok(mut keys)) = (self.current.write(), self.keys.write()) {
            current.insert((purpose, day), key.clone());
            keys.insert(id, key.clone());
        }
        Ok(key)
    }

    /// Encrypts a value for its place.
    pub fn seal(&self, key: &SealingKey, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| StoreError::Sealed("no random numbers to be had"))?;
        let mut sealed = Vec::with_capacity(HEADER + plain.len() + AES_256_GCM.tag_len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&key.id.to_le_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = key
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                additional_data(place, key.id),
                &mut sealed[HEADER..],
            )
            .map_err(|_| StoreError::Sealed("the value is too long"))?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Decrypts a value of this place.
    pub async fn unseal(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.unseal_within(&self.database, place, sealed).await
    }

    /// The same within a transaction, which may hold the only connection there is.
    pub(crate) async fn unseal_within(
        &self,
        connection: &impl ConnectionTrait,
        place: Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let sealed = Sealed::read(sealed)?;
        let key = self.key_of(connection, sealed.key).await?;
        sealed.open(&key.key, place)
    }

    async fn key_of(&self, connection: &impl ConnectionTrait, id: u32) -> Result<SealingKey> {
        if let Some(key) = self.keys.read().ok().and_then(|keys| keys.get(&id).cloned()) {
            return Ok(key);
        }
        let row = data_keys::Entity::find_by_id(i64::from(id)).one(connection).await?;
        let row = row.ok_or(StoreError::Sealed("its data key is gone"))?;
        let key = SealingKey { id, key: Arc::new(cipher(&unwrap(&self.installation, &row)?)?) };
        if let Ok(mut keys) = self.keys.write() {
            keys.insert(id, key.clone());
        }
        Ok(key)
    }

    /// The data key of that purpose and day, made if need be. Two processes that make it at once get the same.
    async fn data_key(&self, purpose: Purpose, day: i64) -> Result<(u32, Zeroizing<Vec<u8>>)> {
        let find = || {
            data_keys::Entity::find()
                .filter(data_keys::Column::Purpose.eq(purpose.name()))
                .filter(data_keys::Column::Day.eq(day))
                .one(&self.database)
        };
        let row = match find().await? {
            Some(row) => row,
            None => {
                self.make_data_key(purpose, day).await?;
                find().await?.ok_or(StoreError::Sealed("its data key is gone"))?
            }
        };
        let id = u32::try_from(row.id).map_err(|_| StoreError::Sealed("there are too many data keys"))?;
        Ok((id, unwrap(&self.installation, &row)?))
    }

    async fn make_data_key(&self, purpose: Purpose, day: i64) -> Result<()> {
        let mut secret = Zeroizing::new(vec![0; 32]);
        let mut nonce = [0; NONCE_LEN];
        let filled = self.random.fill(&mut secret).and_then(|()| self.random.fill(&mut nonce));
        filled.map_err(|_| StoreError::Sealed("no random numbers to be had"))?;
        let tag = self
            .installation
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                wrapping_data(purpose.name(), day),
                &mut secret,
            )
            .map_err(|_| StoreError::Sealed("the value is too long"))?;
        let wrapped = [&nonce, secret.as_slice(), tag.as_ref()].concat();
        let row = data_keys::ActiveModel {
            id: NotSet,
            purpose: Set(purpose.name().to_owned()),
            day: Set(day),
            wrapped: Set(wrapped),
        };
        let once = OnConflict::columns([data_keys::Column::Purpose, data_keys::Column::Day]).do_nothing().to_owned();
        data_keys::Entity::insert(row).on_conflict(once).exec_without_returning(&self.database).await?;
        Ok(())
    }
}

/// The parts of a sealed value.
struct Sealed<'a> {
    /// The id of its data key.
    key: u32,
    nonce: Nonce,
    body: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn read(sealed: &'a [u8]) -> Result<Self> {
        let (header, body) = sealed.split_at_checked(HEADER).ok_or(StoreError::Sealed("it is too short"))?;
        if header[0] != FORMAT {
            return Err(StoreError::Sealed("its format is newer than this version of Roost"));
        }
        let key = u32::from_le_bytes([header[1], header[2], header[3], header[4]]);
        let nonce =
            Nonce::try_assume_unique_for_key(&header[5..]).map_err(|_| StoreError::Sealed("it is too short"))?;
        Ok(Self { key, nonce, body })
    }

    fn open(self, key: &LessSafeKey, place: Place<'_>) -> Result<Zeroizing<Vec<u8>>> {
        let mut body = Zeroizing::new(self.body.to_vec());
        let length = key
            .open_in_place(self.nonce, additional_data(place, self.key), body.as_mut_slice())
            .map_err(|_| StoreError::Sealed("it was changed, moved, or sealed with another key"))?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

/// Opens each of these data keys with the key of that file.
///
/// # Errors
/// `KeyFile` if there is no key in it; `Sealed` if it is another's.
pub(crate) fn check_key(key_file: &Path, rows: &[data_keys::Model]) -> Result<()> {
    let installation = cipher(&load_key_file(key_file, &SystemRandom::new(), true)?)?;
    rows.iter().try_for_each(|row| unwrap(&installation, row).map(drop))
}

fn unwrap(installation: &LessSafeKey, row: &data_keys::Model) -> Result<Zeroizing<Vec<u8>>> {
    let wrong = StoreError::Sealed("the key file does not fit");
    let Some((nonce, body)) = row.wrapped.split_at_checked(NONCE_LEN) else { return Err(wrong) };
    let Ok(nonce) = Nonce::try_assume_unique_for_key(nonce) else { return Err(wrong) };
    let mut body = Zeroizing::new(body.to_vec());
    match installation.open_in_place(nonce, wrapping_data(&row.purpose, row.day), body.as_mut_slice()) {
        Ok(secret) => Ok(Zeroizing::new(secret.to_vec())),
        Err(_) => Err(wrong),
    }
}

fn cipher(secret: &[u8]) -> Result<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, secret).map_err(|_| StoreError::Sealed("a key has the wrong length"))?;
    Ok(LessSafeKey::new(key))
}

/// Lengths before the parts, so that no two places read alike.
fn additional_data(place: Place<'_>, key: u32) -> Aad<Vec<u8>> {
    let mut data = Vec::with_capacity(64);
    for part in [place.table.as_bytes(), place.row, place.column.as_bytes(), &key.to_le_bytes()] {
        data.extend_from_slice(&(part.len() as u32).to_le_bytes());
        data.extend_from_slice(part);
    }
    Aad::from(data)
}

fn wrapping_data(purpose: &str, day: i64) -> Aad<Vec<u8>> {
    Aad::from(format!("data_keys|{purpose}|{day}").into_bytes())
}

/// Reads the key, or makes it where there are no data yet that another key has sealed.
fn load_key_file(path: &Path, random: &SystemRandom, has_data: bool) -> Result<Zeroizing<Vec<u8>>> {
    let failed = |reason: String| StoreError::KeyFile { path: path.display().to_string(), reason };
    match std::fs::read_to_string(path).map(Zeroizing::new) {
        Ok(text) => {
            check_mode(path).map_err(failed)?;
            let secret = STANDARD.decode(text.trim()).map(Zeroizing::new);
            let secret = secret.map_err(|_| failed("it is not base64".to_owned()))?;
            if secret.len() != 32 {
                return Err(failed(format!("it holds {} bytes, not 32", secret.len())));
            }
            Ok(secret)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !has_data => {
            match make_key_file(path, random) {
                // Another process was faster: its key is the one.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => load_key_file(path, random, true),
                made => made.map_err(|error| failed(error.to_string())),
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(failed("it is missing, and what is in the database cannot be opened without it. Restore it".to_owned()))
        }
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Writes the key beside its place and links it there when it is whole and on the disk: a crash leaves no key or a
/// whole one, and of two processes that begin at once one finds that there is a key already.
fn make_key_file(path: &Path, random: &SystemRandom) -> std::io::Result<Zeroizing<Vec<u8>>> {
    use std::io::Write;
    let mut secret = Zeroizing::new(vec![0; 32]);
    random.fill(&mut secret).map_err(|_| std::io::Error::other("no random numbers to be had"))?;
    let unfinished = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
    // What an earlier process of that number left, killed half-way.
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = options.open(&unfinished)?;
    let text = Zeroizing::new(format!("{}\n", Zeroizing::new(STANDARD.encode(&secret)).as_str()));
    let linked = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::hard_link(&unfinished, path));
    std::fs::remove_file(&unfinished)?;
    linked?;
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::File::open(folder)?.sync_all()?;
    Ok(secret)
}

/// A key that others can read is no key: everything sealed would be open to them.
#[cfg(unix)]
fn check_mode(path: &Path) -> std::result::Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_err(|error| error.to_string())?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(format!("others than its owner may read it (mode {mode:03o}). Run: chmod 400 {}", path.display()))
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> std::result::Result<(), String> {
    Ok(())
}
