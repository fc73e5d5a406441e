use super::Here;
use crate::erase::Erase;
use leptos::prelude::*;
use model::filter::{Filter, describe};

/// No rows: the conditions one by one, each with the way to do without it.
pub fn empty(here: &Here) -> AnyView {
    let conjuncts = here.filter.conjuncts();
    if conjuncts.is_empty() {
        return view! {
            <section class="empty">
                <h2>"No tweets here yet"</h2>
                <p>"They appear as soon as a schedule or an import has brought some."</p>
            </section>
        }
        .erased();
    }
    let conditions = conjuncts
        .iter()
        .enumerate()
        .map(|(index, part)| {
            let without = here.filtered(&here.filter.without_conjunct(index));
            view! { <li><bdi>{describe(part)}</bdi><a href=without>"without it"</a></li> }
        })
        .collect_view();
    view! {
        <section class="empty">
            <h2>"No tweets match"</h2>
            <p>"All of these must hold:"</p>
            <ul>{conditions}</ul>
            <a class="button" href=here.filtered(&Filter::All)>"Show all tweets"</a>
        </section>
    }
    .erased()
}
