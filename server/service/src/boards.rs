//! Boards: plots of several views under one range of time.

use crate::plots::{Plotted, Tweets, plotted, snapshot, tweets};
use crate::{Error, Service, views};
use model::account::{CurrentUser, Role};
use model::board::{Board, MAX_NAME, MOST_PANELS, Panel, Shows, TimeRange};
use model::filter::parse;
use model::plot::Plot;
use model::texts::refusals as say;
use model::zone::{self, Zone};
use search::Snapshot;
use store::boards::NewPanel;
use url::form_urlencoded;

/// The longest filter that a panel keeps.
const MAX_FILTER: usize = 8000;

/// What a panel shows.
#[derive(Clone, Debug)]
pub struct Found {
    /// Title of the collection.
    pub collection: String,
    /// Name of the view, if it is one.
    pub view: Option<String>,
    /// The query string of the explore page that it stands for, without the range of time.
    pub query: String,
    /// The filter, with the range of time.
    pub filter: String,
    pub plotted: Plotted,
}

/// A panel with what it shows, or why it shows nothing.
pub type Shown = (Panel, Result<Found, Error>);

/// The boards that the user may open, by name.
pub async fn list(service: &Service, user: &CurrentUser) -> Result<Vec<Board>, Error> {
    Ok(store::boards::list(&service.store, user.id).await?)
}

/// A board that the user may open.
pub async fn find(service: &Service, user: &CurrentUser, id: i64) -> Result<Board, Error> {
    let found = store::boards::find(&service.store, id, user.id).await?;
    found.ok_or_else(|| Error::NotFound(say::no_board().into()))
}

/// Whether the user may change it.
pub fn may_change(user: &CurrentUser, board: &Board) -> bool {
    board.is_mine || (board.is_shared && user.role == Role::Admin)
}

/// What the panels of a board show in a range of time: all of one state of the index, each with its own error.
pub async fn show(service: &Service, user: &CurrentUser, board: &Board, range: TimeRange) -> Vec<Shown> {
    let (index, zone) = (snapshot(service), zone::current());
    let work = board.panels.iter().map(|panel| {
        let (service, user, index, panel) = (service.clone(), user.clone(), index.clone(), panel.clone());
        tokio::spawn(async move {
            let found = shown((&service, &user), &index, &panel, range, zone).await;
            (panel, found)
        })
    });
    let work: Vec<_> = work.collect();
    let mut done = Vec::with_capacity(work.len());
    for (work, panel) in work.into_iter().zip(&board.panels) {
        done.push(work.await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "a panel of a board panicked");
            (panel.clone(), Err(Error::Internal))
        }));
    }
    done
}

async fn shown(
    (service, user): (&Service, &CurrentUser),
    index: &Snapshot,
    panel: &Panel,
    range: TimeRange,
    zone: &'static Zone,
) -> Result<Found, Error> {
    let (view, query) = source(service, user, panel).await?;
    let filter = parse(&filter_of(&query))?.with(range.filter()).to_string();
    let tweets: Tweets = tweets(service, user, &panel.collection, &filter).await?;
    let plotted = plotted(service, index, &tweets, panel.plot, zone).await?;
    Ok(Found { collection: tweets.collection.title, view, query, filter, plotted })
}

/// The view's name, and the query string of what the panel is about.
async fn source(service: &Service, user: &CurrentUser, panel: &Panel) -> Result<(Option<String>, String), Error> {
    match &panel.shows {
        Shows::Filter(filter) => {
            Ok((None, form_urlencoded::Serializer::new(String::new()).append_pair("q", filter).finish()))
        }
        Shows::View(id) => {
            let views = views::list(service, user, &panel.collection).await?;
            let view = views
                .into_iter()
                .find(|view| view.id == *id)
                .ok_or_else(|| Error::NotFound(say::no_panel_view().into()))?;
            Ok((Some(view.name), view.query))
        }
    }
}

/// The filter in the query string of an explore page.
fn filter_of(query: &str) -> String {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == "q").map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Makes a board without panels. Returns its id.
pub async fn create(service: &Service, user: &CurrentUser, name: &str, is_shared: bool) -> Result<i64, Error> {
    let name = named(name)?;
    Ok(store::boards::create(&service.store, user.id, name, is_shared, service.now()).await?)
}

/// Gives a board another name, and shares it or not. Its owner may and, of a shared one, admins.
pub async fn change(service: &Service, user: &CurrentUser, id: i64, name: &str, is_shared: bool) -> Result<(), Error> {
    own(service, user, id).await?;
    Ok(store::boards::change(&service.store, id, named(name)?, is_shared).await?)
}

/// Deletes a board, for everyone. Who may, see [`change`].
pub async fn delete(service: &Service, user: &CurrentUser, id: i64) -> Result<(), Error> {
    own(service, user, id).await?;
    Ok(store::boards::delete(&service.store, id).await?)
}

/// Adds a panel to a board. Who may, see [`change`].
///
/// # Errors
/// `Invalid` if the board is full or the filter too long, and those of [`tweets`], if the panel could show nothing.
pub async fn add_panel(
    service: &Service,
    user: &CurrentUser,
    id: i64,
    plot: Plot,
    collection: &str,
    shows: Shows,
) -> Result<i64, Error> {
    let board = own(service, user, id).await?;
    if board.panels.len() >= MOST_PANELS {
        return Err(Error::Invalid(say::board_full(&MOST_PANELS.to_string())));
    }
    let panel = Panel { id: 0, plot, collection: collection.to_owned(), shows };
    let (_, query) = source(service, user, &panel).await?;
    let filter = filter_of(&query);
    if filter.len() > MAX_FILTER {
        return Err(Error::Invalid(say::filter_too_long().into()));
    }
    let collection = tweets(service, user, collection, &filter).await?.collection.id;
    Ok(store::boards::add_panel(&service.store, id, NewPanel { plot, collection, shows: panel.shows }).await?)
}

/// Puts a panel one place forward, or back. Who may, see [`change`].
pub async fn move_panel(
    service: &Service,
    user: &CurrentUser,
    id: i64,
    panel: i64,
    forward: bool,
) -> Result<(), Error> {
    let board = own(service, user, id).await?;
    let mut order: Vec<i64> = board.panels.iter().map(|panel| panel.id).collect();
    let Some(place) = order.iter().position(|id| *id == panel) else { return Err(no_panel()) };
    let other = if forward { place.checked_sub(1) } else { Some(place + 1) };
    if let Some(other) = other.filter(|other| *other < order.len()) {
        order.swap(place, other);
    }
    Ok(store::boards::order_panels(&service.store, id, &order).await?)
}

/// Takes a panel off a board. Who may, see [`change`].
pub async fn remove_panel(service: &Service, user: &CurrentUser, id: i64, panel: i64) -> Result<(), Error> {
    own(service, user, id).await?;
    Ok(store::boards::remove_panel(&service.store, id, panel).await?)
}

/// The board that the user begins with, as long as they may open it.
pub async fn start(service: &Service, user: &CurrentUser) -> Result<Option<i64>, Error> {
    match store::boards::start(&service.store, user.id).await? {
        Some(id) => Ok(store::boards::find(&service.store, id, user.id).await?.map(|board| board.id)),
        None => Ok(None),
    }
}

/// Lets the user begin with a board, or with the collections.
pub async fn set_start(service: &Service, user: &CurrentUser, board: Option<i64>) -> Result<(), Error> {
    if let Some(id) = board {
        find(service, user, id).await?;
    }
    Ok(store::boards::set_start(&service.store, user.id, board).await?)
}

async fn own(service: &Service, user: &CurrentUser, id: i64) -> Result<Board, Error> {
    let board = find(service, user, id).await?;
    if may_change(user, &board) {
        return Ok(board);
    }
    Err(Error::Invalid(say::board_of_other(&board.owner)))
}

fn named(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME {
        return Err(Error::Invalid(say::board_name(&MAX_NAME.to_string())));
    }
    Ok(name.to_owned())
}

fn no_panel() -> Error {
    Error::NotFound(say::no_panel().into())
}
