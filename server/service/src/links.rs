//! Short links to pages whose address is too long to be sent about. They open nothing by themselves: who follows one
//! needs the right to the page.

use crate::access::Hidden;
use crate::{Error, Service};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use model::account::CurrentUser;
use model::texts::refusals as say;
use ring::rand::{SecureRandom, SystemRandom};

/// The longest address that is kept.
const MAX_PATH: usize = 8000;

/// The code of a link to this path, which is one of this site. The same person gets the same code for the same path.
pub async fn shorten(service: &Service, user: &CurrentUser, path: String) -> Result<String, Error> {
    if path.len() > MAX_PATH {
        return Err(Error::Invalid(say::address_long(&path.len().to_string(), &MAX_PATH.to_string())));
    }
    let mut bytes = [0; 9];
    SystemRandom::new().fill(&mut bytes).map_err(|_| {
        tracing::error!("the system has no random numbers");
        Error::Internal
    })?;
    Ok(store::links::save(&service.store, user.id, URL_SAFE_NO_PAD.encode(bytes), path, service.now()).await?)
}

/// The path that the code stands for, if the user may open the page.
///
/// # Errors
/// `NotFound`, the same for a code that is not there and one that leads where the user may not go.
pub async fn follow(service: &Service, user: &CurrentUser, code: &str) -> Result<String, Error> {
    let path = store::links::path(&service.store, code).await?;
    let hidden = Hidden::from(service, user).await?;
    path.filter(|path| !hidden.has_path(path)).ok_or_else(|| Error::NotFound(say::no_link().into()))
}
