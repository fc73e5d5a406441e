use super::{Here, icons, query_box::hidden_fields};
use crate::erase::Erase;
use leptos::prelude::*;
use model::columns::{Column, Kind};
use model::filter::{Compare, Filter, Predicate, Scalar, Test};

/// The button in a column's head that opens its menu.
pub fn button(column: &'static Column) -> AnyView {
    let label = format!("Menu of {}", column.title);
    view! {
        <button class="caret" type="button" popovertarget=id(column) aria-label=label>{icons::caret()}</button>
    }
    .erased()
}

fn id(column: &Column) -> String {
    format!("menu-{}", column.name)
}

/// The menus of the shown columns, and that of the time.
pub fn menus(here: &Here) -> AnyView {
    let mut columns = here.url.shown_columns();
    columns.extend(model::columns::find("created").filter(|time| !columns.contains(time)));
    columns.into_iter().map(|column| menu(here, column)).collect_view().erased()
}

/// The menu of a column: order, conditions that fit its type, hiding it.
fn menu(here: &Here, column: &'static Column) -> AnyView {
    let clear =
        here.filter.selects(column).then(|| item("Any value", here.filtered(&here.filter.without_column(column))));
    let class = if column.ordered() { "menu end" } else { "menu" };
    view! {
        <div id=id(column) class=class popover="auto">
            <p class="menu-head"><strong>{column.title}</strong><span class="quiet">{column.help}</span></p>
            {column.sortable.then(|| sort_items(here, column))}
            <div class="menu-group">
                {conditions(here, column)}
                {presence(here, column)}
                {clear}
            </div>
            {hide(here, column)}
        </div>
    }
    .erased()
}

fn item(text: impl Into<String>, href: String) -> AnyView {
    view! { <a class="menu-item" href=href data-noscroll="">{text.into()}</a> }.erased()
}

fn sort_items(here: &Here, column: &'static Column) -> AnyView {
    let (up, down) = match column.kind {
        Kind::Date => ("Oldest first", "Newest first"),
        Kind::Number | Kind::Decimal | Kind::Id => ("Lowest first", "Highest first"),
        Kind::Flag => ("No first", "Yes first"),
        Kind::Text | Kind::Keyword => ("A to Z", "Z to A"),
    };
    let default = model::explore::Sort::default();
    let is_sorted = here.url.sort.column == column.name && here.url.sort != default;
    let remove = is_sorted.then(|| item("Remove sort", here.sorted(&default.column, default.descending)));
    view! {
        <div class="menu-group">
            {item(format!("↓ {down}"), here.sorted(column.name, true))}
            {item(format!("↑ {up}"), here.sorted(column.name, false))}
            {remove}
        </div>
    }
    .erased()
}

fn conditions(here: &Here, column: &'static Column) -> AnyView {
    match column.kind {
        Kind::Flag => flag_items(here, column),
        Kind::Number | Kind::Decimal | Kind::Date => limits_form(here, column),
        Kind::Id => value_form(here, column, &[("is", "is"), ("not", "is not")]),
        Kind::Keyword => value_form(here, column, &[("is", "is"), ("not", "is not"), ("starts", "begins with")]),
        Kind::Text => value_form(
            here,
            column,
            &[("has", "contains"), ("not", "does not contain"), ("starts", "word begins with")],
        ),
    }
}

fn flag_items(here: &Here, column: &'static Column) -> AnyView {
    let only = |flag: bool| {
        let test = Test { column, predicate: Predicate::Equals(Scalar::Flag(flag)) };
        here.filtered(&here.filter.without_column(column).with(test))
    };
    view! { {item("Only yes", only(true))} {item("Only no", only(false))} }.erased()
}

/// Two limits, either of which may be left open.
fn limits_form(here: &Here, column: &'static Column) -> AnyView {
    let (kind, from, to) = match column.kind {
        Kind::Date => ("date", "From", "To"),
        _ => ("text", "At least", "At most"),
    };
    let mode = if kind == "text" { "decimal" } else { "none" };
    let (min, max) = limits(&here.filter, column);
    view! {
        {(column.kind == Kind::Date).then(|| last_items(here, column))}
        <form class="menu-form" method="get" action=here.url.path()>
            {hidden_fields(&here.url.with_text(here.url.q.clone()))}
            <input type="hidden" name="on" value=column.name/>
            <label>{from}<input type=kind name="min" value=min inputmode=mode autocomplete="off"/></label>
            <label>{to}<input type=kind name="max" value=max inputmode=mode autocomplete="off"/></label>
            <button type="submit">"Apply"</button>
        </form>
    }
    .erased()
}

/// The limits that the filter sets now, as far as the form can say them.
fn limits(filter: &Filter, column: &Column) -> (String, String) {
    let limit = |wanted: Compare| {
        let found = filter.conjuncts().iter().find_map(|part| match part {
            Filter::Test(Test { column: of, predicate: Predicate::Compare(compare, value) })
                if *of == column && *compare == wanted =>
            {
                Some(value)
            }
            _ => None,
        });
        match found {
            Some(Scalar::Number(number)) => number.to_string(),
            Some(Scalar::Decimal(number)) => number.to_string(),
            // The field takes whole days only.
            Some(Scalar::Date(date)) => Some(date.to_string()).filter(|text| text.len() == 10).unwrap_or_default(),
            _ => String::new(),
        }
    };
    (limit(Compare::AtLeast), limit(Compare::AtMost))
}

fn last_items(here: &Here, column: &'static Column) -> AnyView {
    [("Last 24 hours", "24h"), ("Last 7 days", "7d"), ("Last 30 days", "30d"), ("Last 12 months", "365d")]
        .into_iter()
        .filter_map(|(text, ago)| {
            let since = model::filter::parse(&format!("{}>=now-{ago}", column.printed_name())).ok()?;
            Some(item(text, here.filtered(&here.filter.without_column(column).with(since))))
        })
        .collect_view()
        .erased()
}

fn value_form(here: &Here, column: &'static Column, ways: &[(&'static str, &'static str)]) -> AnyView {
    let options = ways.iter().map(|(value, text)| view! { <option value=*value>{*text}</option> }).collect_view();
    let (way, value) = (format!("How to compare {}", column.title), format!("Value of {}", column.title));
    view! {
        <form class="menu-form" method="get" action=here.url.path()>
            {hidden_fields(&here.url.with_text(here.url.q.clone()))}
            <input type="hidden" name="on" value=column.name/>
            <select name="op" aria-label=way>{options}</select>
            <input type="text" name="val" aria-label=value autocomplete="off" autocapitalize="off" spellcheck="false"/>
            <button type="submit">"Apply"</button>
        </form>
    }
    .erased()
}

/// Whether there is a value: not for columns that always have one.
fn presence(here: &Here, column: &'static Column) -> Option<AnyView> {
    if matches!(
        column.name,
        "created" | "text" | "type" | "poll" | "edited" | "length" | "id" | "first_seen" | "refreshed" | "collection"
    ) {
        return None;
    }
    let present = Filter::from(Test { column, predicate: Predicate::Present });
    let with = |condition: Filter| here.filtered(&here.filter.without_column(column).with(condition));
    Some(view! { {item("Not empty", with(present.clone()))} {item("Empty", with(present.negate()))} }.erased())
}

fn hide(here: &Here, column: &'static Column) -> Option<AnyView> {
    let shown = here.url.shown_columns();
    let others: Vec<&'static str> = shown.iter().map(|other| other.name).filter(|name| *name != column.name).collect();
    let place = shown.iter().position(|other| *other == column)?;
    let moved = |to: usize| {
        let mut names: Vec<&'static str> = shown.iter().map(|other| other.name).collect();
        names.swap(place, to);
        here.url.with_columns(names).href()
    };
    let left = (place > 0).then(|| item("Move left", moved(place - 1)));
    let right = (place + 1 < shown.len()).then(|| item("Move right", moved(place + 1)));
    let hide = (!others.is_empty()).then(|| item("Hide column", here.url.with_columns(others.clone()).href()));
    Some(view! { <div class="menu-group">{left}{right}{hide}</div> }.erased())
}
