use super::{Here, all_values, avatar::avatar};
use crate::format;
use crate::markup::{Element, Node, el, link, svg};
use model::explore::{Facet, FacetValue};
use model::filter::{Choice, Filter, Predicate, Test};
use model::{Column, Pid, columns, columns::Format};

/// Values shown before "more".
const FIRST: usize = 5;

/// The values of some columns with their counts: each is chosen by a click and excluded by another.
pub fn facets(here: &Here, facets: &[Facet]) -> Vec<Element> {
    facets.iter().filter_map(|facet| Some(one(here, facet, columns::find(&facet.column)?))).collect()
}

fn one(here: &Here, facet: &Facet, column: &'static Column) -> Element {
    let largest = facet.values.iter().map(|value| value.count).chain([facet.missing]).max().unwrap_or(0).max(1);
    let scale = Scale { total: facet.total, largest };
    // A chosen value is never folded away.
    let (first, more): (Vec<_>, Vec<_>) = facet
        .values
        .iter()
        .enumerate()
        .partition(|(index, value)| *index < FIRST || here.filter.choice(column, &value.value) != Choice::Free);
    let rows = |values: Vec<(usize, &FacetValue)>| -> Vec<Element> {
        values.into_iter().map(|(_, value)| value_row(here, column, value, &scale)).collect()
    };
    let nothing = facet.values.is_empty() && facet.missing == 0;
    let unlisted = facet.distinct > facet.values.len() as u64;
    let rest = unlisted.then(|| all_values::button(column, facet.distinct));
    let more = (!more.is_empty()).then(|| {
        let summary = el("summary").add(format!("show {} more", more.len()));
        el("details").class("more").add(summary).add(el("ul").add(rows(more)))
    });
    let clear = here.filter.selects(column).then(|| {
        link(here.filtered(&here.filter.without_column(column)))
            .class("clear")
            .attr("aria-label", format!("clear the conditions on {}", column.title))
            .add("clear")
    });
    let values = el("details")
        .flag("open", true)
        .add(el("summary").add(el("h3").attr("title", column.help).add(facet_title(column))))
        .add(el("ul").add(rows(first)).add(missing_row(here, column, facet, &scale)))
        .add(more)
        .add(rest)
        .add(nothing.then(|| el("p").class("note").add("no values")));
    el("section").class("facet").attr("aria-label", facet_title(column)).add(values).add(clear)
}

/// What the column is called above its values.
pub fn facet_title(column: &'static Column) -> &'static str {
    if column.name == "lang" { "Language" } else { column.title }
}

/// What counts are shares of, and the count with the longest bar.
pub struct Scale {
    pub total: u64,
    pub largest: u64,
}

/// A value to choose and to exclude, with its count.
pub fn value_row(here: &Here, column: &'static Column, value: &FacetValue, scale: &Scale) -> Element {
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

fn missing_row(here: &Here, column: &'static Column, facet: &Facet, scale: &Scale) -> Option<Element> {
    let missing = Filter::from(Test { column, predicate: Predicate::Present }).negate();
    let present = missing.clone().negate();
    let is_chosen = here.filter.conjuncts().contains(&missing);
    let is_excluded = here.filter.conjuncts().contains(&present);
    let toggled = if is_excluded { here.filter.without_column(column) } else { here.filter.toggled_missing(column) };
    let row = Row {
        shown: vec!["(none)".into()],
        name: "(none)".to_owned(),
        count: facet.missing,
        choice: match (is_chosen, is_excluded) {
            (true, _) => Choice::Included,
            (_, true) => Choice::Excluded,
            _ => Choice::Free,
        },
        toggle: here.filtered(&toggled),
        exclude: (!is_excluded).then(|| here.filtered(&here.filter.without_column(column).with(present))),
    };
    (facet.missing > 0 || is_chosen || is_excluded).then(|| facet_row(row, scale))
}

struct Row {
    shown: Vec<Node>,
    name: String,
    count: u64,
    choice: Choice,
    toggle: String,
    exclude: Option<String>,
}

fn facet_row(row: Row, scale: &Scale) -> Element {
    let (class, act) = match row.choice {
        Choice::Free => ("value", "Only "),
        Choice::Included => ("value on", "No longer only "),
        Choice::Excluded => ("value off", "No longer without "),
    };
    let width = (100.0 * format::share(row.count, scale.largest)).clamp(0.0, 100.0);
    let share = format::percent(format::share(row.count, scale.total));
    let bar = svg("svg")
        .class("share")
        .attr("viewBox", "0 0 100 2")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .add(svg("rect").attr("width", format::tenths(width)).attr("height", "2"));
    let hidden = |text: &'static str| el("span").class("visually-hidden").add(text);
    let choose = link(row.toggle)
        .class("choose")
        .attr("title", format!("{} · {share}", format::counted(row.count, "tweet", "tweets")))
        .add(el("span").class("box").attr("aria-hidden", "true"))
        .add(hidden(act))
        .add(el("span").class("name").add(row.shown))
        .add(hidden(", "))
        .add(el("span").class("count").add(format::grouped(row.count)))
        .add(hidden(if row.count == 1 { " tweet" } else { " tweets" }))
        .add(bar);
    let exclude = row.exclude.map(|href| {
        let label = format!("Exclude {}", row.name);
        link(href).class("exclude").attr("aria-label", label).attr("title", "Exclude").add("−")
    });
    el("li").class(class).add(choose).add(exclude)
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

fn value_view(column: &Column, value: &str) -> Vec<Node> {
    match value.parse::<Pid>() {
        Ok(pid) if column.format == Format::Author => vec![avatar(pid, false).into(), pid.short().into()],
        _ => vec![super::tweet_text::foreign(&value_name(column, value)).into()],
    }
}
