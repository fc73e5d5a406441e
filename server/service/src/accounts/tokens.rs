use crate::Error;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};
use store::users::TokenHash;
use zeroize::Zeroizing;

/// A secret that whoever holds it is trusted by: 256 random bits. It has no `Debug`, so that it reaches no log.
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    pub(super) fn random() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| {
            tracing::error!("the system has no random numbers");
            Error::Internal
        })?;
        Ok(Self(bytes))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        <[u8; 32]>::try_from(bytes.as_slice()).ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// For a cookie or a link: 43 characters.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    pub(super) fn hash(&self) -> TokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, self.0.as_slice()).as_ref());
        hash
    }
}
