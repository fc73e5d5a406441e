use super::{Here, avatar::avatar};
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::explore::{Facet, FacetValue};
use model::filter::{Choice, Filter, Predicate, Test};
use model::{Column, Pid, columns, columns::Format};

/// Values shown before "more".
const FIRST: usize = 5;

/// The values of some columns with their counts: each is chosen by a click and excluded by another.
pub fn facets(here: &Here, facets: &[Facet]) -> AnyView {
    facets.iter().filter_map(|facet| Some(one(here, facet, columns::find(&facet.column)?))).collect_view().erased()
}

fn one(here: &Here, facet: &Facet, column: &'static Column) -> AnyView {
    let largest = facet.values.iter().map(|value| value.count).chain([facet.missing]).max().unwrap_or(0).max(1);
    let scale = Scale { total: facet.total, largest };
    let row = |value: &FacetValue| value_row(here, column, value, &scale);
    // A chosen value is never folded away.
    let (first, more): (Vec<_>, Vec<_>) = facet
        .values
        .iter()
        .enumerate()
        .partition(|(index, value)| *index < FIRST || here.filter.choice(column, &value.value) != Choice::Free);
    let first = first.into_iter().map(|(_, value)| row(value)).collect_view();
    let rest = facet.distinct.saturating_sub(facet.values.len() as u64);
    let rest = (rest > 0).then(|| {
        let text = format!("top {} of {}", facet.values.len(), format::grouped(facet.distinct));
        view! { <p class="note">{text}</p> }.erased()
    });
    let more = match more.is_empty() {
        true => rest,
        false => Some(folded(more.len(), more.into_iter().map(|(_, value)| row(value)).collect(), rest)),
    };
    let clear = here.filter.selects(column).then(|| {
        let label = format!("Clear the conditions on {}", column.title);
        view! { <a class="clear" href=here.filtered(&here.filter.without_column(column)) aria-label=label>"clear"</a> }
    });
    let nothing = (facet.values.is_empty() && facet.missing == 0).then(|| view! { <p class="note">"no values"</p> });
    view! {
        <section class="facet" aria-label=facet_title(column)>
            <details open>
                <summary><h3 title=column.help>{facet_title(column)}</h3></summary>
                <ul>{first}{missing_row(here, column, facet, &scale)}</ul>
                {more}
                {nothing}
            </details>
            {clear}
        </section>
    }
    .erased()
}

fn folded(count: usize, rows: Vec<AnyView>, rest: Option<AnyView>) -> AnyView {
    view! {
        <details class="more">
            <summary>{format!("show {count} more")}</summary>
            <ul>{rows}</ul>
            {rest}
        </details>
    }
    .erased()
}

fn facet_title(column: &'static Column) -> &'static str {
    if column.name == "lang" { "Language" } else { column.title }
}

struct Scale {
    total: u64,
    largest: u64,
}

fn value_row(here: &Here, column: &'static Column, value: &FacetValue, scale: &Scale) -> AnyView {
    let choice = here.filter.choice(column, &value.value);
    let row = Row {
        shown: value_view(column, &value.value),
        name: value_name(column, &value.value),
        count: value.count,
        choice,
        toggle: here.filtered(&here.filter.toggled(column, &value.value)),
        exclude: (choice != Choice::Excluded).then(|| here.filtered(&here.filter.excluding(column, &value.value))),
    };
    facet_row(row, scale)
}

fn missing_row(here: &Here, column: &'static Column, facet: &Facet, scale: &Scale) -> Option<AnyView> {
    let missing = Filter::from(Test { column, predicate: Predicate::Present }).negate();
    let present = missing.clone().negate();
    let is_chosen = here.filter.conjuncts().contains(&missing);
    let is_excluded = here.filter.conjuncts().contains(&present);
    let row = Row {
        shown: "(none)".erased(),
        name: "(none)".to_owned(),
        count: facet.missing,
        choice: match (is_chosen, is_excluded) {
            (true, _) => Choice::Included,
            (_, true) => Choice::Excluded,
            _ => Choice::Free,
        },
        toggle: here.filtered(&if is_excluded {
            here.filter.without_column(column)
        } else {
            here.filter.toggled_missing(column)
        }),
        exclude: (!is_excluded).then(|| here.filtered(&here.filter.without_column(column).with(present))),
    };
    (facet.missing > 0 || is_chosen || is_excluded).then(|| facet_row(row, scale))
}

struct Row {
    shown: AnyView,
    name: String,
    count: u64,
    choice: Choice,
    toggle: String,
    exclude: Option<String>,
}

fn facet_row(row: Row, scale: &Scale) -> AnyView {
    let (class, act) = match row.choice {
        Choice::Free => ("value", "Only"),
        Choice::Included => ("value on", "No longer only"),
        Choice::Excluded => ("value off", "No longer without"),
    };
    let width = (100.0 * format::share(row.count, scale.largest)).clamp(0.0, 100.0);
    let share = format::percent(format::share(row.count, scale.total));
    let noun = if row.count == 1 { " tweet" } else { " tweets" };
    let title = format!("{} · {share}", format::counted(row.count, "tweet", "tweets"));
    let exclude = row.exclude.map(|href| {
        let label = format!("Exclude {}", row.name);
        view! { <a class="exclude" href=href aria-label=label title="Exclude" data-noscroll="">"−"</a> }
    });
    view! {
        <li class=class>
            <a class="choose" href=row.toggle title=title data-noscroll="">
                <span class="box" aria-hidden="true"></span>
                <span class="visually-hidden">{act}" "</span>
                <span class="name">{row.shown}</span>
                <span class="visually-hidden">", "</span>
                <span class="count">{format::grouped(row.count)}</span>
                <span class="visually-hidden">{noun}</span>
                <svg class="share" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=width.to_string() height="2"></rect>
                </svg>
            </a>
            {exclude}
        </li>
    }
    .erased()
}

/// A value as text.
pub fn value_name(column: &Column, value: &str) -> String {
    match column.format {
        Format::Author => value.parse::<Pid>().map_or_else(|_| value.to_owned(), Pid::short),
        Format::Sign(sign) => format!("{sign}{value}"),
        _ if column.name == "media" => value.replace('_', " "),
        _ => value.to_owned(),
    }
}

fn value_view(column: &Column, value: &str) -> AnyView {
    match value.parse::<Pid>() {
        Ok(pid) if column.format == Format::Author => view! { {avatar(pid, false)} {pid.short()} }.erased(),
        _ => super::tweet_text::foreign(&value_name(column, value)),
    }
}
