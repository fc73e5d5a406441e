//! How busy each stage was in the last minute.

use super::{table, words};
use crate::format::{self, grouped};
use crate::markup::{Element, el};
use model::texts::pipeline as say;
use service::pipeline::{Pace, Stage, WINDOW};

/// The stages, and which of them sets the pace; or that there was nothing to do.
pub fn pace(paces: &[Pace]) -> Element {
    let Some(busiest) = paces.iter().max_by_key(|pace| pace.busy) else {
        return el("p").class("quiet").add(say::pace_none());
    };
    let about = say::pace_about(name(busiest.stage), &share(busiest));
    let rows = paces.iter().map(|pace| {
        let number =
            |label: &'static str, value: String| el("td").class("number").attr("data-label", label).add(words(value));
        el("tr")
            .add(el("th").attr("scope", "row").add(name(pace.stage)))
            .add(number(say::tweets_head(), grouped(pace.tweets)))
            .add(number(say::busy(), share(pace)))
    });
    el("div").add(el("p").class("quiet").add(about)).add(table(
        1,
        &[say::stage(), say::tweets_head(), say::busy()],
        rows,
    ))
}

fn name(stage: Stage) -> &'static str {
    match stage {
        Stage::Prepare => say::prepare(),
        Stage::Store => say::write(),
        Stage::Index => say::fill_index(),
        Stage::Lake => say::fill_lake(),
        Stage::RawLake => say::fill_raw_lake(),
    }
}

fn share(pace: &Pace) -> String {
    format::percent(pace.busy.as_secs_f64() / WINDOW.as_secs_f64())
}
