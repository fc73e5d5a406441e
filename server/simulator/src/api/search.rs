//! `GET /2/tweets/search/recent` and `/2/tweets/search/all`.

use std::sync::Arc;

use super::Simulator;
use super::answer::{Answer, Asked};
use super::fields::View;
use super::page::Page;
use super::problem::Problem;
use super::span::{Reach, Span, page};
use crate::tier::RECENT;
use tweetgen::time::SECOND;

/// Where no end is given, posts are at least so old.
const YOUNGEST: i64 = 30 * SECOND;
/// Tweets that are looked at for one page. Of recent ones there are hardly ever more; a page of the archive ends
/// before its reader gives up.
const RECENT_PATIENCE: usize = 200_000;
const ARCHIVE_PATIENCE: usize = 50_000;
/// Posts on a page of the archive that has context annotations, which are long.
const ANNOTATED: usize = 100;

/// What recent search and the archive differ in.
struct Kind {
    reach: Reach,
    longest_query: usize,
    most_results: usize,
    patience: usize,
}

pub fn recent(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let rights = simulator.config.tier.rights();
    let kind = Kind {
        reach: Reach::Past(RECENT),
        longest_query: rights.recent_query,
        most_results: 100,
        patience: RECENT_PATIENCE,
    };
    search(simulator, asked, &kind)
}

pub fn all(simulator: &Arc<Simulator>, asked: &Asked) -> Result<Answer, Problem> {
    let rights = simulator.config.tier.rights();
    if !rights.has_archive {
        return Err(Problem::not_enrolled());
    }
    let kind = Kind {
        reach: Reach::Archive,
        longest_query: rights.archive_query,
        most_results: 500,
        patience: ARCHIVE_PATIENCE,
    };
    search(simulator, asked, &kind)
}

fn search(simulator: &Simulator, asked: &Asked, kind: &Kind) -> Result<Answer, Problem> {
    let Asked { params, now, .. } = asked;
    let (text, query) = params.query(kind.longest_query)?;
    let max_results = params.number("max_results", 10, kind.most_results)?.unwrap_or(10);
    let view = View::of_posts(params, simulator.vocabulary())?;
    if max_results > ANNOTATED && view.selection.has("context_annotations") {
        let value = max_results.to_string();
        let message = format!(
            "The `max_results` query parameter value [{value}] must be at most {ANNOTATED} when requesting `tweet.fields=context_annotations`"
        );
        return Err(Problem::invalid(&[("max_results", &value)], message));
    }
    let order = params.word("sort_order", &["recency", "relevancy"])?;
    let span = Span::read(params, simulator, *now, kind.reach, YOUNGEST, page(params, text)?)?;
    let mut found = Page::find(
        simulator,
        span.ordinals,
        max_results,
        kind.patience,
        |ordinal| query.may_match(ordinal, &simulator.corpus),
        |record| query.matches(record, &simulator.corpus) && simulator.is_there(record, *now),
    );
    if order == Some("relevancy") {
        found.records.sort_by_key(|record| std::cmp::Reverse(record.tweet.public_metrics.like_count));
    }
    Ok(Answer::json(found.body(simulator, &view, *now, text)))
}
