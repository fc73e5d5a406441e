//! Alerts on saved views: made, listed, evaluated, told. What fires when is in [`watch`].

mod backtest;
mod evaluate;
mod follow;
mod outlets;
mod tell;
mod usual;
mod watch;
mod watched;

pub use backtest::{BackTest, Fired, back_test};
pub use evaluate::evaluate_all;
pub use follow::follow;
pub use outlets::{OutletSettings, Outlets, sends_mail, sends_webhooks};
pub use tell::{subscription_of, tell_due};

use crate::access::Hidden;
use crate::{Error, Service, collections, views};
use model::account::{CurrentUser, Role};
use model::alert::{Alert, Notice, Pace, Rule};
use model::texts::refusals as say;
use model::view::MAX_NAME;
use model::{Row, TweetId};
use watch::Progress;
use watched::WatchedView;

/// Notices that are listed.
const NOTICES: u64 = 100;

/// What an alert watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watching {
    /// A saved view.
    View(i64),
    /// What the query string of the explore page shows; it is saved as a view under the alert's name.
    Query(String),
}

/// An alert to be made.
#[derive(Clone, Debug)]
pub struct NewAlert {
    pub name: String,
    pub watching: Watching,
    pub rule: Rule,
    pub pace: Pace,
    /// The maker's address, if mails shall come too.
    pub email: Option<String>,
    pub webhook: Option<String>,
}

/// Makes an alert that tells its maker. It watches what comes from now on. Returns its number.
///
/// # Errors
/// `Invalid` says what is wrong with it; `NotFound` if there is no such view that the user may open.
pub async fn create(service: &Service, user: &CurrentUser, collection: &str, new: NewAlert) -> Result<i64, Error> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::Invalid(say::alert_name(&MAX_NAME.to_string())));
    }
    if let Some(fault) = new.rule.fault().or_else(|| new.pace.fault()) {
        return Err(Error::Invalid(fault));
    }
    let email = new.email.map(|email| service.outlets.check_email(&email)).transpose()?;
    let webhook = new.webhook.map(|webhook| service.outlets.check_webhook(&webhook)).transpose()?;
    let of = collections::find(service, user, collection).await?;
    let query = query_of(service, user, collection, &new.watching).await?;
    let view = WatchedView::new(service, user, collection, &query, &new.rule).await?;
    let progress = evaluate::begin(service, &view, &new.rule, new.pace, service.now()).await?;
    let view = match new.watching {
        Watching::View(id) => id,
        Watching::Query(query) => view_named(service, user, collection, name, query).await?,
    };
    let new = store::alerts::NewAlert {
        view,
        collection: of.id,
        owner: user.id,
        name: name.to_owned(),
        rule: new.rule,
        pace: new.pace,
        webhook,
        email,
        progress: written(&progress)?,
    };
    Ok(store::alerts::create(&service.store, new, service.now()).await?)
}

/// The view under which it is kept what an alert watches that was made of no view: one of the user's own of that name,
/// which never takes the place of another.
async fn view_named(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    name: &str,
    query: String,
) -> Result<i64, Error> {
    let views = views::list(service, user, collection).await?;
    match views.into_iter().find(|view| view.is_mine && view.name == name) {
        Some(view) if view.query == query => Ok(view.id),
        Some(_) => Err(Error::Invalid(say::alert_view_taken(name))),
        None => {
            let manner = views::Manner { name: name.to_owned(), is_shared: false, is_locked: true };
            views::create(service, user, collection, manner, query).await
        }
    }
}

/// The query string of what is to be watched, if the user may open it.
pub async fn query_of(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    watching: &Watching,
) -> Result<String, Error> {
    match watching {
        Watching::Query(query) => Ok(query.clone()),
        Watching::View(id) => {
            let views = views::list(service, user, collection).await?;
            let view = views.into_iter().find(|view| view.id == *id);
            Ok(view.ok_or_else(|| Error::NotFound(say::no_alert_view().to_owned()))?.query)
        }
    }
}

/// The alerts that the user may see, by name: their own, and those on shared views, of collections that they may open.
pub async fn list(service: &Service, user: &CurrentUser) -> Result<Vec<Alert>, Error> {
    let hidden = Hidden::from(service, user).await?;
    let mut alerts = store::alerts::list(&service.store, user.id).await?;
    alerts.retain(|alert| !hidden.has(&alert.collection));
    Ok(alerts)
}

/// Why the latest mail or webhook of an alert has not arrived, by the alert's number.
pub async fn troubles(service: &Service) -> Result<std::collections::BTreeMap<i64, String>, Error> {
    Ok(store::alerts::deliveries::troubles(&service.store).await?)
}

/// What its receiver checks the signatures of an alert's webhook with, as hex digits. For its maker alone.
pub async fn webhook_secret(service: &Service, user: &CurrentUser, id: i64) -> Result<Option<String>, Error> {
    let alert = visible(service, user, id).await?;
    let is_shown = alert.is_mine && alert.webhook_host.is_some();
    Ok(is_shown.then(|| outlets::webhook_secret(service, id)))
}

/// Lets an alert rest. Its maker may, and admins.
pub async fn pause(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    own(service, user, id).await?;
    Ok(store::alerts::set_paused(&service.store, id, true, None).await?)
}

/// Lets an alert go on: with what comes from now on.
pub async fn resume(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    own(service, user, id).await?;
    let gone = || Error::NotFound("This alert is not there any more.".to_owned());
    let alert = store::alerts::find(&service.store, id).await?.ok_or_else(gone)?;
    let view = evaluate::view_of(service, &alert).await?;
    let progress = evaluate::begin(service, &view, &alert.rule, alert.pace, service.now()).await?;
    store::alerts::set_problem(&service.store, id, None).await?;
    Ok(store::alerts::set_paused(&service.store, id, false, Some(written(&progress)?)).await?)
}

/// Deletes an alert with its notices, for everyone. Its maker may, and admins.
pub async fn delete(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    own(service, user, id).await?;
    Ok(store::alerts::delete(&service.store, id).await?)
}

/// Tells the user too of an alert that they may see; with an address, by mail as well.
pub async fn subscribe(service: &Service, user: &CurrentUser, id: i64, email: Option<String>) -> Result<(), Error> {
    visible(service, user, id).await?;
    let email = email.map(|email| service.outlets.check_email(&email)).transpose()?;
    Ok(store::alerts::subscriptions::subscribe(&service.store, id, user.id, email, service.now()).await?)
}

/// Tells the user no more of an alert; others are told as before.
pub async fn unsubscribe(service: &Service, user: i64, id: i64) -> Result<(), Error> {
    Ok(store::alerts::subscriptions::unsubscribe(&service.store, id, user, service.now()).await?)
}

/// The user's latest notices of collections that they may open, newest first.
pub async fn notices(service: &Service, user: &CurrentUser) -> Result<Vec<Notice>, Error> {
    let hidden = Hidden::from(service, user).await?;
    Ok(store::alerts::notices::list(&service.store, user.id, service.now(), &hidden.0, NOTICES).await?)
}

/// The posts that notices show, as far as they are still stored.
pub async fn samples(service: &Service, user: &CurrentUser, notices: &[Notice]) -> Result<Vec<Row>, Error> {
    let hidden = Hidden::from(service, user).await?;
    let ids: Vec<TweetId> = notices.iter().flat_map(|notice| notice.samples.iter().copied()).collect();
    Ok(hidden.rows(store::tweets::by_ids(&service.store, &ids).await?))
}

/// How many notices the user has not read.
pub async fn unread(service: &Service, user: &CurrentUser) -> Result<u64, Error> {
    let hidden = Hidden::from(service, user).await?;
    Ok(store::alerts::notices::unread(&service.store, user.id, service.now(), &hidden.0).await?)
}

/// Marks one of the user's notices as read, or all.
pub async fn mark_read(service: &Service, user: &CurrentUser, notice: Option<i64>) -> Result<(), Error> {
    Ok(store::alerts::notices::mark_read(&service.store, user.id, notice, service.now()).await?)
}

async fn visible(service: &Service, user: &CurrentUser, id: i64) -> Result<Alert, Error> {
    let found = list(service, user).await?.into_iter().find(|alert| alert.id == id);
    found.ok_or_else(|| Error::NotFound(say::no_alert().to_owned()))
}

async fn own(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    let alert = visible(service, user, id).await?;
    if alert.is_mine || user.role == Role::Admin {
        return Ok(());
    }
    Err(Error::Invalid(say::alert_of_other(&alert.owner)))
}

fn written(progress: &Progress) -> Result<String, Error> {
    serde_json::to_string(progress).map_err(|error| {
        tracing::error!(error = %error, "the progress of an alert cannot be written");
        Error::Internal
    })
}
