//! Saved views of a collection: a person's own, and those of the team.

use crate::{Error, Service, collections};
use model::CollectionId;
use model::account::CurrentUser;
use model::texts::refusals as say;
use model::view::{MAX_NAME, SavedView};
use store::views::NewView;

pub use store::views::Manner;

/// The longest query string that is saved.
const MAX_QUERY: usize = 8000;

/// What became of saving over a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedOver {
    Done,
    /// Somebody has changed it meanwhile: as it is now. Nothing was saved.
    Stale(Box<SavedView>),
}

/// The views that the user may open, by name.
pub async fn list(service: &Service, user: &CurrentUser, collection: &str) -> Result<Vec<SavedView>, Error> {
    let collection = collections::find(service, user, collection).await?;
    Ok(store::views::list(&service.store, collection.id, user.id).await?)
}

/// One of them.
pub async fn find(service: &Service, user: &CurrentUser, collection: &str, id: i64) -> Result<SavedView, Error> {
    let found = list(service, user, collection).await?.into_iter().find(|view| view.id == id);
    found.ok_or_else(|| Error::NotFound(say::no_view().to_owned()))
}

/// Saves a view of the user's own under a new name. Returns its id.
///
/// # Errors
/// `Invalid` if the name is none or taken, or the view too long.
pub async fn create(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    manner: Manner,
    query: String,
) -> Result<i64, Error> {
    let collection = collections::find(service, user, collection).await?;
    let new = checked(collection.id, user, manner, query)?;
    let name = new.name.clone();
    store::views::create(&service.store, new, service.now()).await.map_err(|error| taken(error, &name))
}

/// Saves over a view that the user may change, if it is still as they have seen it: at that version.
///
/// # Errors
/// `Invalid` if it is locked, or too long; `NotFound` if it has gone.
pub async fn save_over(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    (id, version): (i64, i64),
    query: String,
) -> Result<SavedOver, Error> {
    let view = find(service, user, collection, id).await?;
    if !view.may_save(user.role) {
        return Err(Error::Invalid(say::view_locked(&view.owner)));
    }
    check_length(&query)?;
    if store::views::save_over(&service.store, id, version, query, service.now()).await? {
        return Ok(SavedOver::Done);
    }
    Ok(SavedOver::Stale(Box::new(find(service, user, collection, id).await?)))
}

/// Names, shares and locks a view: one's own; admins may with those that others share.
///
/// # Errors
/// `Invalid` if the name is none or taken, or the view somebody else's.
pub async fn manage(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    id: i64,
    manner: Manner,
) -> Result<(), Error> {
    own(service, user, collection, id).await?;
    let name = name_of(&manner.name)?;
    let manner = Manner { name: name.clone(), ..manner };
    store::views::set(&service.store, id, manner).await.map_err(|error| taken(error, &name))
}

/// Deletes a view: one's own; admins may delete those that others share.
pub async fn delete(service: &Service, user: &CurrentUser, collection: &str, id: i64) -> Result<(), Error> {
    own(service, user, collection, id).await?;
    Ok(store::views::delete(&service.store, id).await?)
}

async fn own(service: &Service, user: &CurrentUser, collection: &str, id: i64) -> Result<(), Error> {
    let view = find(service, user, collection, id).await?;
    match view.may_manage(user.role) {
        true => Ok(()),
        false => Err(Error::Invalid(model::texts::views::of_other(&view.owner))),
    }
}

fn checked(collection: CollectionId, owner: &CurrentUser, manner: Manner, query: String) -> Result<NewView, Error> {
    check_length(&query)?;
    let Manner { name, is_shared, is_locked } = manner;
    Ok(NewView { collection, owner: owner.id, name: name_of(&name)?, query, is_shared, is_locked })
}

fn name_of(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::Invalid(say::view_name(&MAX_NAME.to_string())));
    }
    Ok(name.to_owned())
}

fn check_length(query: &str) -> Result<(), Error> {
    if query.len() > MAX_QUERY {
        return Err(Error::Invalid(say::view_long().into()));
    }
    Ok(())
}

fn taken(error: store::StoreError, name: &str) -> Error {
    match error {
        store::StoreError::Taken(_) => Error::Invalid(say::view_taken(name)),
        error => error.into(),
    }
}
