//! Where the files of the lake are: a folder, or a bucket that speaks S3's language.

use crate::error::Result;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::client::SpawnedReqwestConnector;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, WriteMultipart};
use secrecy::{ExposeSecret, SecretString};
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::NamedTempFile;
use tokio::runtime::Handle;

/// Bytes that are sent at a time.
const PART: usize = 8 << 20;

/// Where a lake is.
#[derive(Clone, Debug)]
pub enum Location {
    Folder(PathBuf),
    S3 {
        /// Of a store other than Amazon's: `https://s3.example.com`.
        endpoint: Option<String>,
        bucket: String,
        /// Folder within the bucket.
        prefix: String,
        region: String,
        access_key: String,
        secret_key: SecretString,
    },
}

/// The files below one folder of a lake. Paths are relative to it. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder itself, if it is on this machine: then what is written is also synced.
    local: Option<PathBuf>,
}

impl Files {
    /// The files of the folder `name` at that place. A folder on this machine is made.
    pub fn open(location: &Location, name: &str) -> Result<Self> {
        match location {
            Location::Folder(folder) => {
                let folder = folder.join(name);
                fs::create_dir_all(&folder)?;
                Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(&folder)?), local: Some(folder) })
            }
            Location::S3 { endpoint, bucket, prefix, region, access_key, secret_key } => {
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(access_key)
                    .with_secret_access_key(secret_key.expose_secret())
                    // Questions run in a runtime of their own, and its connections would end with it.
                    .with_http_connector(SpawnedReqwestConnector::new(Handle::current()));
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                let prefix = Path::from(prefix.as_str()).join(name);
                Ok(Self { store: Arc::new(PrefixStore::new(builder.build()?, prefix)), local: None })
            }
        }
    }

    pub fn store(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    /// The content of a file, if there is one.
    pub async fn read(&self, path: &Path) -> Result<Option<Bytes>> {
        match self.store.get(path).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The CRC-32 of a file, if it is on this machine: a bucket looks after its own.
    pub async fn checksum(&self, path: &Path) -> Result<Option<u32>> {
        if self.local.is_none() {
            return Ok(None);
        }
        let mut pieces = self.store.get(path).await?.into_stream();
        let mut hash = crc32fast::Hasher::new();
        while let Some(piece) = pieces.try_next().await? {
            hash.update(&piece);
        }
        Ok(Some(hash.finalize()))
    }

    /// The files below a folder, in the order of their paths, those after `offset`.
    pub async fn list(&self, folder: Option<&Path>, offset: Option<&Path>) -> Result<Vec<ObjectMeta>> {
        let mut found: Vec<ObjectMeta> = match offset {
            Some(offset) => self.store.list_with_offset(folder, offset).try_collect().await?,
            None => self.store.list(folder).try_collect().await?,
        };
        found.sort_by(|a, b| a.location.cmp(&b.location));
        Ok(found)
    }

    /// Writes a file that must not exist. Returns false if it does.
    pub async fn create(&self, path: &Path, content: Vec<u8>) -> Result<bool> {
        if let Some(target) = self.local_path(path) {
            return create_durably(&target, &content);
        }
        match self.store.put_opts(path, content.into(), PutMode::Create.into()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a finished file to its place, in place of one that may be there.
    pub async fn place(&self, path: &Path, file: NamedTempFile) -> Result<()> {
        if let Some(target) = self.local_path(path) {
            make_parent(&target)?;
            file.as_file().sync_all()?;
            file.persist(&target).map_err(|failed| failed.error)?;
            return sync_parent(&target);
        }
        let mut file = file.reopen()?;
        let size = file.metadata()?.len() as usize;
        if size <= PART {
            let mut content = Vec::with_capacity(size);
            file.read_to_end(&mut content)?;
            self.store.put(path, content.into()).await?;
            return Ok(());
        }
        let mut upload = WriteMultipart::new_with_chunk_size(self.store.put_multipart(path).await?, PART);
        let mut part = vec![0; PART];
        loop {
            let read = file.read(&mut part)?;
            if read == 0 {
                break;
            }
            upload.wait_for_capacity(2).await?;
            upload.write(&part[..read]);
        }
        upload.finish().await?;
        Ok(())
    }

    /// Removes a file, if it is there.
    pub async fn delete(&self, path: &Path) -> Result<()> {
        match self.store.delete(path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn local_path(&self, path: &Path) -> Option<PathBuf> {
        self.local.as_ref().map(|folder| folder.join(path.as_ref()))
    }
}

/// The name appears when the content is on the disk, and only if there was none: a link to an existing name fails.
fn create_durably(target: &std::path::Path, content: &[u8]) -> Result<bool> {
    let folder = make_parent(target)?;
    let mut file = NamedTempFile::with_prefix_in(".new-", folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(target) {
        Ok(_) => sync_parent(target).map(|()| true),
        Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(failed) => Err(failed.error.into()),
    }
}

fn make_parent(target: &std::path::Path) -> Result<&std::path::Path> {
    let folder = target.parent().unwrap_or(target);
    if !folder.is_dir() {
        fs::create_dir_all(folder)?;
        sync_parent(folder)?;
    }
    Ok(folder)
}

fn sync_parent(path: &std::path::Path) -> Result<()> {
    Ok(path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())?)
}
