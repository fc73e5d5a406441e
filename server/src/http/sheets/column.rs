//! What the values of a column are like, and the conditions on it.

use super::Asked;
use crate::http::AppState;
use app::components::Here;
use app::sheets::column::conditions::{Sent, Wanted, joined};
use app::sheets::column::{Sheet, column};
use app::url::ExploreUrl;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use model::columns::{self, Column, Value};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Test};
use model::texts::column as say;
use model::zone;
use service::Error;
use service::column::{ColumnQuery, at_place, card, unseen};

/// The sheet; or, when one of its forms was sent, the explore page with the condition that it asks for.
pub async fn show(
    asked: Asked,
    State(state): State<AppState>,
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let sent = Sent::read(&query.unwrap_or_default());
    match answer(&asked, &state, &collection, &sent).await {
        Ok(response) => response,
        Err(error) => asked.refused(error),
    }
}

async fn answer(asked: &Asked, state: &AppState, collection: &str, sent: &Sent) -> Result<Response, Error> {
    let here = Here::at(ExploreUrl::parse(collection, sent.query()), None);
    let name = sent.field("col").unwrap_or_default();
    let Some(of) = columns::find(name) else {
        return Err(Error::NotFound(say::no_column(name)));
    };
    let query = ColumnQuery {
        collection: collection.to_owned(),
        filter: here.written.clone(),
        column: of,
        containing: sent.field("find").unwrap_or_default().to_owned(),
        zone: zone::current(),
    };
    let (mut problem, mut list) = (None, None);
    if sent.is_form() {
        match taken(asked, state, &here, &query, sent).await? {
            Taken::Filter(filter) => return Ok(Redirect::to(&here.filtered(&filter)).into_response()),
            Taken::Refused(text) => problem = Some(text),
            Taken::Unseen(names, rest) => {
                problem = Some(told_unseen(&names, !rest.is_empty()));
                list = Some(rest);
            }
        }
    }
    let card = card(&state.service, &asked.user, &query).await?;
    let sheet = column(&Sheet { here: &here, column: of, card: &card, sent, problem, list });
    Ok(asked.show(of.title(), sheet))
}

/// What becomes of a form.
enum Taken {
    Filter(Filter),
    Refused(String),
    /// Names in the list that nobody has been seen with, and the rest of it.
    Unseen(Vec<String>, Vec<String>),
}

async fn taken(asked: &Asked, state: &AppState, here: &Here, query: &ColumnQuery, sent: &Sent) -> Result<Taken, Error> {
    let of = query.column;
    let wanted = match sent.wanted(of) {
        Ok(wanted) => wanted,
        Err(text) => return Ok(Taken::Refused(text)),
    };
    if sent.field("set") == Some("list") {
        let names = sent.list();
        let unseen = unseen(&state.service, of, &names).await?;
        if !unseen.is_empty() {
            let rest = names.into_iter().filter(|name| !unseen.contains(name)).collect();
            return Ok(Taken::Unseen(unseen, rest));
        }
    }
    let condition = match wanted {
        None => return Ok(Taken::Filter(here.filter.clone())),
        Some(Wanted::Condition(condition)) => condition,
        Some(Wanted::Top { place, highest }) => {
            let row = at_place(&state.service, &asked.user, query, place, highest).await?;
            match row.and_then(|row| limit_at(&row, of, highest)) {
                Some(condition) => condition,
                None => return Ok(Taken::Refused(say::no_tweet(of.title()))),
            }
        }
    };
    let part = sent.part(&here.filter, of);
    Ok(Taken::Filter(joined(&here.filter, of, part, sent, condition)))
}

/// At least (or most) the value that the row has.
fn limit_at(row: &model::Row, column: &'static Column, highest: bool) -> Option<Filter> {
    let mut scalar = None;
    (column.values)(row, &mut |value| {
        scalar = match value {
            Value::Number(number) => Some(Scalar::Number(number)),
            Value::Decimal(number) => Some(Scalar::Decimal(number)),
            Value::Id(id) => Some(Scalar::Id(id)),
            Value::Date(at) => Some(Scalar::Date(DateValue::moment(at))),
            Value::Text(_) | Value::Flag(_) => None,
        };
    });
    let compare = if highest { Compare::AtLeast } else { Compare::AtMost };
    Some(Test { column, predicate: Predicate::Compare(compare, scalar?) }.into())
}

/// At most so many names are told.
const TOLD: usize = 5;

fn told_unseen(names: &[String], is_some_left: bool) -> String {
    let shown = names.iter().take(TOLD).map(|name| format!("@{}", name.trim_start_matches('@')));
    let more =
        if names.len() > TOLD { format!(" {}", say::and_more((names.len() - TOLD) as u64)) } else { String::new() };
    let advice = if is_some_left { say::apply_again() } else { say::spelling() };
    say::unseen(&(shown.collect::<Vec<_>>().join(", ") + &more), advice)
}
