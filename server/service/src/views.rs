//! Saved views of a collection: a person's own, and those that are shared with all.

use crate::{Error, Service, collections};
use model::account::{CurrentUser, Role};
use model::view::{MAX_NAME, SavedView};
use store::views::NewView;

/// The longest query string that is saved.
const MAX_QUERY: usize = 8000;

/// The views that the user may open, by name.
pub async fn list(service: &Service, user: &CurrentUser, collection: &str) -> Result<Vec<SavedView>, Error> {
    let collection = collections::find(service, user, collection).await?;
    Ok(store::views::list(&service.store, collection.id, user.id).await?)
}

/// Saves a view, in place of the user's earlier one of that name. Returns its id.
pub async fn save(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    name: &str,
    query: String,
    is_shared: bool,
) -> Result<i64, Error> {
    let collection = collections::find(service, user, collection).await?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::Invalid(format!("A view needs a name of at most {MAX_NAME} characters.")));
    }
    if query.len() > MAX_QUERY {
        return Err(Error::Invalid("This view is too long to be saved: shorten its filter.".into()));
    }
    let new = NewView { collection: collection.id, owner: user.id, name: name.to_owned(), query, is_shared };
    Ok(store::views::save(&service.store, new, service.now()).await?)
}

/// Deletes one of the user's own views; admins may delete those that others share.
pub async fn delete(service: &Service, user: &CurrentUser, collection: &str, id: i64) -> Result<(), Error> {
    collections::find(service, user, collection).await?;
    if store::views::delete(&service.store, id, user.id, user.role == Role::Admin).await? {
        return Ok(());
    }
    Err(Error::NotFound("This view is not there any more, or it is somebody else's.".into()))
}
