use super::Here;
use crate::markup::{Element, el, link};
use model::filter::{Filter, describe};
use model::texts::{common, empty as say};

/// No rows: the conditions one by one, each with what there would be without it.
pub fn empty(here: &Here, without: &[u64]) -> Element {
    let conjuncts = here.filter.conjuncts();
    let section = el("section").class("empty");
    if conjuncts.is_empty() {
        return section.add(el("h2").add(say::nothing_yet())).add(el("p").add(say::nothing_yet_advice()));
    }
    let condition = |(index, part): (usize, &Filter)| {
        let count = without.get(index).copied().unwrap_or_default();
        let without = here.filtered(&here.filter.without_conjunct(index));
        let found = match count {
            0 => el("span").class("quiet").add(say::neither()),
            count => link(without).add(say::without(&common::tweets(count))),
        };
        el("li").add(el("bdi").add(describe(part))).add(found)
    };
    section
        .add(el("h2").add(say::no_match()))
        .add(el("p").add(say::all_hold()))
        .add(el("ul").each(conjuncts.iter().enumerate().map(condition)))
        .add(link(here.filtered(&Filter::All)).class("button").add(say::show_all()))
}
