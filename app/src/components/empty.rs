use super::Here;
use crate::format;
use crate::markup::{Element, el, link};
use model::filter::{Filter, describe};

/// No rows: the conditions one by one, each with what there would be without it.
pub fn empty(here: &Here, without: &[u64]) -> Element {
    let conjuncts = here.filter.conjuncts();
    let section = el("section").class("empty");
    if conjuncts.is_empty() {
        return section
            .add(el("h2").add("No tweets here yet"))
            .add(el("p").add("They appear as soon as a schedule or an import has brought some."));
    }
    let condition = |(index, part): (usize, &Filter)| {
        let count = without.get(index).copied().unwrap_or_default();
        let without = here.filtered(&here.filter.without_conjunct(index));
        let found = match count {
            0 => "none without it either".to_owned(),
            count => format!("{} without it", format::counted(count, "tweet", "tweets")),
        };
        el("li").add(el("bdi").add(describe(part))).add(link(without).add(found))
    };
    section
        .add(el("h2").add("No tweets match"))
        .add(el("p").add("All of these must hold:"))
        .add(el("ul").each(conjuncts.iter().enumerate().map(condition)))
        .add(link(here.filtered(&Filter::All)).class("button").add("Show all tweets"))
}
