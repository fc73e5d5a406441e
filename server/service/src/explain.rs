//! What sets the tweets of a range of time apart from the others.

use crate::error::blocking;
use crate::explore::resolved;
use crate::{Error, Service, collections};
use model::Filter;
use model::account::CurrentUser;
use model::columns::{self, Column, Kind};
use model::explain::{Explanation, Standout};
use model::explore::Sort;
use model::filter::{Predicate, Test};
use search::{At, ExplainAsk, stands_beside_links};

/// Values told per column.
const SIZE: usize = 8;
/// Words beyond these, for some are pieces of links.
const SPARE: usize = 16;
/// Tweets that are looked into for a word, the newest ones.
const LOOKED_INTO: usize = 20;

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
    let Some(ask) = ExplainAsk::of_range_in(&filter, SIZE + SPARE, service.now()) else { return Ok(None) };
    let (index, others) = (service.index.clone(), ask.filter.clone());
    let mut explanation = blocking(move || index.explain(&ask)).await??;
    let created = columns::find("created");
    let inside = created.map(|created| others.with_span(created, explanation.from, explanation.to)).unwrap_or_default();
    for section in &mut explanation.sections {
        let column = columns::find(&section.column).filter(|column| column.kind == Kind::Text);
        if let Some(column) = column {
            section.values = beside_links(service, &inside, column, std::mem::take(&mut section.values)).await?;
        }
        section.values.truncate(SIZE);
    }
    Ok(Some(explanation))
}

/// The words that are no mere pieces of links, such as the codes of shortened ones: the first of them.
async fn beside_links(
    service: &Service,
    inside: &Filter,
    column: &'static Column,
    words: Vec<Standout>,
) -> Result<Vec<Standout>, Error> {
    let mut kept = Vec::new();
    for word in words {
        if kept.len() == SIZE {
            break;
        }
        let has_it = Test { column, predicate: Predicate::Matches(word.value.clone()) };
        let filter = inside.clone().with(has_it);
        let (index, now) = (service.index.clone(), service.now());
        let page = blocking(move || index.ids(&filter, &[Sort::default()], &At::First, LOOKED_INTO, now)).await??;
        let rows = store::tweets::by_ids(&service.store, &page.ids).await?;
        if rows.iter().any(|row| stands_beside_links(&row.tweet.text, &word.value)) {
            kept.push(word);
        }
    }
    Ok(kept)
}
