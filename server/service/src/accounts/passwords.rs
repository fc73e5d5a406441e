use crate::Error;
use crate::error::blocking;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

/// Without a second factor NIST asks for at least 15 characters, and for no rules on which.
pub const MIN_LENGTH: usize = 15;
pub const MAX_LENGTH: usize = 128;

/// OWASP's parameters: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes that are computed at once (each takes 19 MiB and a core), and how long others wait for their turn.
const AT_ONCE: usize = 2;
/// Those who may wait; more are turned away at once.
const QUEUE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    #[error("a password has at least {MIN_LENGTH} characters; a few words make a good one")]
    Short,
    #[error("a password has at most {MAX_LENGTH} characters")]
    Long,
    #[error("the password is too easy to guess")]
    Common,
}

/// Words that a guesser tries first.
const COMMON: [&str; 8] =
    ["password", "passwort", "qwertyuiop", "letmein", "iloveyou", "administrator", "123456789", "roost"];

pub(super) fn check(password: &str, name: &str) -> Result<(), Weakness> {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return Err(Weakness::Short);
    }
    if length > MAX_LENGTH {
        return Err(Weakness::Long);
    }
    let lower = password.to_lowercase();
    let mut rest = COMMON.iter().fold(lower.clone(), |rest, word| rest.replace(word, ""));
    let name = name.trim().to_lowercase();
    if !name.is_empty() {
        rest = rest.replace(&name, "");
    }
    let distinct: HashSet<char> = lower.chars().collect();
    // What is left when the easy parts are gone must still be something to guess.
    if distinct.len() < 5 || rest.chars().count() < 8 { Err(Weakness::Common) } else { Ok(()) }
}

/// Makes and checks argon2id hashes, few at a time.
pub(super) struct Hasher {
    pepper: Arc<Zeroizing<Vec<u8>>>,
    turns: Arc<Semaphore>,
    queue: Semaphore,
}

impl Hasher {
    pub(super) fn new(pepper: Zeroizing<Vec<u8>>) -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { pepper: Arc::new(pepper), turns, queue: Semaphore::new(AT_ONCE + QUEUE) }
    }

    pub(super) async fn hash(&self, password: Zeroizing<String>) -> Result<String, Error> {
        self.compute(move |argon2| {
            argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| {
                tracing::error!(error = %error, "a password could not be hashed");
                Error::Internal
            })
        })
        .await
    }

    /// Whether the password is the one of that hash. Without a hash it takes as long, and is never right.
    pub(super) async fn verify(&self, password: Zeroizing<String>, hash: Option<String>) -> Result<bool, Error> {
        self.compute(move |argon2| {
            let Some(hash) = hash else {
                let _ = argon2.hash_password(password.as_bytes());
                return Ok(false);
            };
            let hash = PasswordHash::new(&hash).map_err(|error| {
                tracing::error!(error = %error, "a stored password hash is damaged");
                Error::Internal
            })?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let busy = || Error::Invalid(model::texts::refusals::busy().into());
        let _place = self.queue.try_acquire().map_err(|_| busy())?;
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(busy()) };
        let pepper = Arc::clone(&self.pepper);
        blocking(move || {
            let _turn = turn;
            let failed = |error: argon2::Error| {
                tracing::error!(error = %error, "argon2 could not be set up");
                Error::Internal
            };
            let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(failed)?;
            let argon2 =
                Argon2::new_with_secret(&pepper, Algorithm::Argon2id, Version::V0x13, params).map_err(failed)?;
            work(&argon2)
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_must_be_long_and_not_the_first_guess() {
        assert_eq!(check("short", "ann"), Err(Weakness::Short));
        assert_eq!(check(&"x".repeat(200), "ann"), Err(Weakness::Long));
        for easy in ["password123456789", "aaaaaaaaaaaaaaaaaaaa", "annannannannannannann", "roost roost roost"] {
            assert_eq!(check(easy, "ann"), Err(Weakness::Common), "{easy}");
        }
        assert_eq!(check("correct horse battery", "ann"), Ok(()));
        assert_eq!(check("ein langer Satz 🐦", "ann"), Ok(()));
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_and_its_pepper_only() {
        let hasher = Hasher::new(Zeroizing::new(vec![1; 32]));
        let password = || Zeroizing::new("correct horse battery".to_owned());
        let hash = hasher.hash(password()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify(password(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(Zeroizing::new("wrong horse battery".to_owned()), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify(password(), None).await.unwrap());
        let other = Hasher::new(Zeroizing::new(vec![2; 32]));
        assert!(!other.verify(password(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn more_than_can_wait_are_turned_away_at_once() {
        let hasher = Hasher::new(Zeroizing::new(vec![1; 32]));
        let _all = hasher.queue.acquire_many((AT_ONCE + QUEUE) as u32).await.unwrap();
        let refused = hasher.verify(Zeroizing::new("correct horse battery".to_owned()), None).await;
        assert!(refused.unwrap_err().to_string().contains("Too many people"));
    }
}
