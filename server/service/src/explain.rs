//! What sets the tweets of a range of time apart from the others.

use crate::error::blocking;
use crate::explore::resolved;
use crate::{Error, Service, collections};
use model::account::CurrentUser;
use model::explain::Explanation;
use search::ExplainAsk;

/// Values told per column.
const SIZE: usize = 8;

/// What sets the tweets of the time that the filter asks for apart from those that the rest of it finds at other times;
/// `None` if the filter asks for no time.
pub async fn explain(
    service: &Service,
    user: &CurrentUser,
    collection: &str,
    filter: &str,
) -> Result<Option<Explanation>, Error> {
    let opened = collections::open(service, user, collection).await?;
    let filter = opened.members_matching(resolved(service, filter).await?.filter);
    let Some(ask) = ExplainAsk::of_range_in(&filter, SIZE, service.now()) else { return Ok(None) };
    let index = service.index.clone();
    Ok(Some(blocking(move || index.explain(&ask)).await??))
}
