use super::{Here, all_values, avatar::avatar, icons};
use crate::format;
use crate::markup::{Element, Node, el, link, svg};
use crate::text;
use model::columns::{self, Format, type_name, weekday_name};
use model::explore::{ExplorePage, Facet, FacetValue};
use model::filter::{Choice, Filter, Predicate, Test};
use model::texts::{common, facets as say};
use model::{Column, Pid};

/// Values shown before "more".
const FIRST: usize = 5;

/// The button that opens the facets where they are a sheet, with the number of conditions.
pub fn sheet_button(here: &Here) -> Element {
    let conditions = here.filter.conjuncts().len() as u64;
    let count = (conditions > 0).then(|| {
        let told = common::conditions(conditions);
        el("span").class("number").attr("title", told).add(format::grouped(conditions))
    });
    el("button")
        .class("filters-button")
        .attr("type", "button")
        .attr("popovertarget", "facets")
        .add(icons::funnel())
        .add(say::title())
        .add(count)
}

/// The facets: the values of some columns with their counts, each chosen by a click and excluded by another. They
/// stand beside the rows, or are a sheet above them.
pub fn sheet(here: &Here, page: &ExplorePage) -> Vec<Element> {
    let close = |button: Element| {
        button.attr("type", "button").attr("popovertarget", "facets").attr("popovertargetaction", "hide")
    };
    let cross = close(el("button").class("step")).attr("aria-label", say::close()).add(icons::close());
    let head =
        el("header").class("panel-head").add(el("h2").add(say::title())).add(el("span").class("spacer")).add(cross);
    let foot = el("footer").class("sheet-foot").add(close(el("button").class("primary")).add(say::show(page.total)));
    let facets = page.facets.iter().filter_map(|facet| Some(one(here, facet, columns::find(&facet.column)?)));
    let sheet = el("aside")
        .attr("id", "facets")
        .class("facets")
        .attr("popover", "auto")
        .attr("aria-label", say::title())
        .add(head)
        .each(facets)
        .add(foot);
    vec![sheet]
}

fn one(here: &Here, facet: &Facet, column: &'static Column) -> Element {
    // Those without a value would leave nothing to see of the others.
    let largest = facet.values.iter().map(|value| value.count).max().unwrap_or(0).max(1);
    let scale = Scale { total: facet.total, largest };
    // A chosen value is never folded away.
    let (first, more): (Vec<_>, Vec<_>) = facet
        .values
        .iter()
        .enumerate()
        .partition(|(index, value)| *index < FIRST || choice(here, column, value) != Choice::Free);
    let rows = |values: Vec<(usize, &FacetValue)>| {
        el("ul").each(values.into_iter().map(|(_, value)| value_row(here, column, value, &scale)))
    };
    let nothing = facet.values.is_empty() && facet.missing == 0;
    let unlisted = facet.distinct > facet.values.len() as u64;
    let rest = unlisted.then(|| all_values::button(column, facet.distinct));
    let more = (!more.is_empty()).then(|| {
        let summary = el("summary").add(say::more(more.len() as u64));
        el("details").class("more").add(summary).add(rows(more))
    });
    let foot = (more.is_some() || rest.is_some()).then(|| el("div").class("facet-foot").add(more).add(rest));
    let clear = here.filter.selects(column).then(|| {
        link(here.filtered(&here.filter.without_column(column)))
            .class("clear")
            .attr("aria-label", say::clear_column(column.title()))
            .add(say::clear())
    });
    let values = el("details")
        .flag("open", true)
        .add(el("summary").add(el("h3").attr("title", column.help()).add(facet_title(column))))
        .add(rows(first).add(missing_row(here, column, facet, &scale)))
        .add(foot)
        .add(nothing.then(|| el("p").class("note").add(say::no_values())));
    el("section").key(column.name).class("facet").attr("aria-label", facet_title(column)).add(values).add(clear)
}

/// What the column is called above its values.
pub fn facet_title(column: &'static Column) -> &'static str {
    if column.name == "lang" { say::language() } else { column.title() }
}

/// What counts are shares of, and the count with the longest bar.
pub struct Scale {
    pub total: u64,
    pub largest: u64,
}

fn choice(here: &Here, column: &'static Column, value: &FacetValue) -> Choice {
    here.filter.choice(column, here.in_filter(column, &value.value))
}

/// A value to choose and to exclude, with its count.
pub fn value_row(here: &Here, column: &'static Column, value: &FacetValue, scale: &Scale) -> Element {
    let choice = choice(here, column, value);
    let in_filter = here.in_filter(column, &value.value);
    let row = Row {
        key: value.value.clone(),
        full: if column.format == Format::Language { text::language_name(&value.value) } else { None },
        has_bar: true,
        shown: value_view(column, &value.value),
        name: value_name(column, &value.value),
        count: value.count,
        choice,
        toggle: here.filtered(&here.filter.toggled(column, in_filter)),
        exclude: (choice != Choice::Excluded).then(|| here.filtered(&here.filter.excluding(column, in_filter))),
    };
    facet_row(row, scale)
}

fn missing_row(here: &Here, column: &'static Column, facet: &Facet, scale: &Scale) -> Option<Element> {
    let missing = Filter::from(Test { column, predicate: Predicate::Present }).negate();
    let present = missing.clone().negate();
    let is_chosen = here.filter.conjuncts().contains(&missing);
    let is_excluded = here.filter.conjuncts().contains(&present);
    let toggled = if is_excluded { here.filter.without_choice(column) } else { here.filter.toggled_missing(column) };
    let row = Row {
        // No value is written like this.
        key: "\u{0}".to_owned(),
        full: None,
        has_bar: false,
        shown: vec![common::none().into()],
        name: common::none().to_owned(),
        count: facet.missing,
        choice: match (is_chosen, is_excluded) {
            (true, _) => Choice::Included,
            (_, true) => Choice::Excluded,
            _ => Choice::Free,
        },
        toggle: here.filtered(&toggled),
        exclude: (!is_excluded).then(|| here.filtered(&here.filter.without_choice(column).with(present))),
    };
    (facet.missing > 0 || is_chosen || is_excluded).then(|| facet_row(row, scale))
}

struct Row {
    key: String,
    /// What a code stands for.
    full: Option<&'static str>,
    has_bar: bool,
    shown: Vec<Node>,
    name: String,
    count: u64,
    choice: Choice,
    toggle: String,
    exclude: Option<String>,
}

fn facet_row(row: Row, scale: &Scale) -> Element {
    let (class, act) = match row.choice {
        Choice::Free => ("value", say::only()),
        Choice::Included => ("value on", say::no_longer_only()),
        Choice::Excluded => ("value off", say::no_longer_without()),
    };
    let width = (100.0 * format::share(row.count, scale.largest)).clamp(0.0, 100.0);
    let share = format::percent(format::share(row.count, scale.total));
    let title = format!("{} · {share}", common::tweets(row.count));
    let bar = || {
        svg("svg")
            .class("share")
            .attr("viewBox", "0 0 100 2")
            .attr("preserveAspectRatio", "none")
            .attr("aria-hidden", "true")
            .add(svg("rect").attr("width", format::tenths(width)).attr("height", "2"))
    };
    let hidden = |text: String| el("span").class("visually-hidden").add(text);
    let choose = link(row.toggle)
        .class("choose")
        .attr("title", row.full.map_or_else(|| title.clone(), |full| format!("{full} · {title}")))
        .add(el("span").class("box").attr("aria-hidden", "true"))
        .add(hidden(format!("{act} ")))
        .add(el("span").class("name").add(row.shown))
        .add(hidden(", ".to_owned()))
        .add(el("span").class("count").add(format::grouped(row.count)))
        .add(hidden(format!(" {}", if row.count == 1 { say::tweet() } else { say::tweets() })))
        .add(row.has_bar.then(bar));
    let exclude = row.exclude.map(|href| {
        let label = say::exclude_value(&row.name);
        link(href).class("exclude").attr("aria-label", label).attr("title", say::exclude()).add("−")
    });
    el("li").key(row.key).class(class).add(choose).add(exclude)
}

/// A value as text.
pub fn value_name(column: &Column, value: &str) -> String {
    match column.format {
        Format::Author => value.parse::<Pid>().map_or_else(|_| value.to_owned(), Pid::short),
        Format::Sign(sign) => format!("{sign}{value}"),
        Format::Weekday => weekday_name(value).unwrap_or(value).to_owned(),
        _ if column.name == "media" => value.replace('_', " "),
        _ if column.name == "type" => type_name(value).unwrap_or(value).to_owned(),
        _ => value.to_owned(),
    }
}

fn value_view(column: &Column, value: &str) -> Vec<Node> {
    match value.parse::<Pid>() {
        Ok(pid) if column.format == Format::Author => vec![avatar(pid, false).into(), pid.short().into()],
        _ => vec![super::tweet_text::foreign(&value_name(column, value)).into()],
    }
}
