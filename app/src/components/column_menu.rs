use super::{Here, icons, query_box::hidden_fields};
use crate::markup::{Element, el, link};
use crate::url::widths;
use model::columns::{Column, Kind};
use model::filter::{Compare, Filter, Predicate, Scalar, Test};

/// The button in a column's head that opens its menu.
pub fn button(column: &'static Column) -> Element {
    el("button")
        .class("caret")
        .attr("type", "button")
        .attr("popovertarget", id(column))
        .attr("aria-label", format!("Menu of {}", column.title))
        .add(icons::caret())
}

fn id(column: &Column) -> String {
    format!("menu-{}", column.name)
}

/// The menus of the shown columns, and that of the time.
pub fn menus(here: &Here) -> Vec<Element> {
    let mut columns = here.url.shown_columns();
    columns.extend(model::columns::find("created").filter(|time| !columns.contains(time)));
    columns.into_iter().map(|column| menu(here, column)).collect()
}

/// The menu of a column: order, conditions that fit its type, hiding it.
fn menu(here: &Here, column: &'static Column) -> Element {
    let clear =
        here.filter.selects(column).then(|| item("Any value", here.filtered(&here.filter.without_column(column))));
    let head =
        el("p").class("menu-head").add(el("strong").add(column.title)).add(el("span").class("quiet").add(column.help));
    let conditions = el("div").class("menu-group").add(conditions(here, column)).add(presence(here, column)).add(clear);
    el("div")
        .attr("id", id(column))
        .key(column.name)
        .class(if column.ordered() { "menu end" } else { "menu" })
        .attr("popover", "auto")
        .add(head)
        .add(column.sortable.then(|| sort_items(here, column)))
        .add(conditions)
        .add(place_items(here, column))
}

fn item(text: impl Into<String>, href: String) -> Element {
    link(href).class("menu-item").add(text.into())
}

fn sort_items(here: &Here, column: &'static Column) -> Element {
    let (up, down) = match column.kind {
        Kind::Date => ("Oldest first", "Newest first"),
        Kind::Number | Kind::Decimal | Kind::Id => ("Lowest first", "Highest first"),
        Kind::Flag => ("No first", "Yes first"),
        Kind::Text | Kind::Keyword => ("A to Z", "Z to A"),
    };
    let is_key = here.url.sort.iter().any(|key| key.column == column.name);
    let remove = is_key.then(|| item("Remove sort", here.not_sorted(column)));
    let also = (!is_key && !here.url.sort.is_empty()).then(|| item("As one more order", here.also_sorted(column)));
    el("div")
        .class("menu-group")
        .add(item(format!("↓ {down}"), here.sorted(column.name, true)))
        .add(item(format!("↑ {up}"), here.sorted(column.name, false)))
        .add(also)
        .add(remove)
}

fn conditions(here: &Here, column: &'static Column) -> Vec<Element> {
    let ways: &[(&'static str, &'static str)] = match column.kind {
        Kind::Flag => return flag_items(here, column),
        Kind::Date => {
            let mut items = last_items(here, column);
            items.push(limits_form(here, column, "date", ["From", "To"]));
            return items;
        }
        Kind::Number | Kind::Decimal => return vec![limits_form(here, column, "text", ["At least", "At most"])],
        Kind::Id => &[("is", "is"), ("not", "is not")],
        Kind::Keyword => &[("is", "is"), ("not", "is not"), ("starts", "begins with")],
        Kind::Text => &[("has", "contains"), ("not", "does not contain"), ("starts", "word begins with")],
    };
    vec![value_form(here, column, ways)]
}

fn flag_items(here: &Here, column: &'static Column) -> Vec<Element> {
    let only = |flag: bool| {
        let test = Test { column, predicate: Predicate::Equals(Scalar::Flag(flag)) };
        here.filtered(&here.filter.without_column(column).with(test))
    };
    vec![item("Only yes", only(true)), item("Only no", only(false))]
}

/// A form that changes the condition on this column.
fn form(here: &Here, column: &'static Column) -> Element {
    el("form")
        .class("menu-form")
        .attr("method", "get")
        .attr("action", here.url.path())
        .add(hidden_fields(&here.url.with_text(here.url.q.clone())))
        .add(el("input").attr("type", "hidden").attr("name", "on").attr("value", column.name))
}

fn apply() -> Element {
    el("button").attr("type", "submit").add("Apply")
}

/// Two limits, either of which may be left open.
fn limits_form(here: &Here, column: &'static Column, kind: &'static str, titles: [&'static str; 2]) -> Element {
    let (min, max) = limits(&here.filter, column);
    let field = |title: &'static str, name: &'static str, value: String| {
        let input = el("input")
            .attr("type", kind)
            .attr("name", name)
            .attr("value", value)
            .attr_if("inputmode", (kind == "text").then_some("decimal"))
            .attr("autocomplete", "off");
        el("label").add(title).add(input)
    };
    form(here, column).add(field(titles[0], "min", min)).add(field(titles[1], "max", max)).add(apply())
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
            Some(Scalar::Decimal(number)) => model::decimal::print(*number),
            // The field takes whole days only.
            Some(Scalar::Date(date)) => Some(date.to_string()).filter(|text| text.len() == 10).unwrap_or_default(),
            _ => String::new(),
        }
    };
    (limit(Compare::AtLeast), limit(Compare::AtMost))
}

fn last_items(here: &Here, column: &'static Column) -> Vec<Element> {
    [("Last 24 hours", "24h"), ("Last 7 days", "7d"), ("Last 30 days", "30d"), ("Last 12 months", "365d")]
        .into_iter()
        .filter_map(|(text, ago)| {
            let since = model::filter::parse(&format!("{}>=now-{ago}", column.printed_name())).ok()?;
            Some(item(text, here.filtered(&here.filter.without_column(column).with(since))))
        })
        .collect()
}

fn value_form(here: &Here, column: &'static Column, ways: &[(&'static str, &'static str)]) -> Element {
    let options = ways.iter().map(|(value, text)| el("option").attr("value", *value).add(*text));
    let way =
        el("select").attr("name", "op").attr("aria-label", format!("How to compare {}", column.title)).each(options);
    let value = el("input")
        .attr("type", "text")
        .attr("name", "val")
        .attr("aria-label", format!("Value of {}", column.title))
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false");
    form(here, column).add(way).add(value).add(apply())
}

/// Whether there is a value: not for columns that always have one.
fn presence(here: &Here, column: &'static Column) -> Vec<Element> {
    if matches!(
        column.name,
        "created" | "text" | "type" | "poll" | "edited" | "length" | "id" | "first_seen" | "refreshed" | "collection"
    ) {
        return Vec::new();
    }
    let present = Filter::from(Test { column, predicate: Predicate::Present });
    let with = |condition: Filter| here.filtered(&here.filter.without_column(column).with(condition));
    vec![item("Not empty", with(present.clone())), item("Empty", with(present.negate()))]
}

/// About how wide a column is in pixels, of which one goes out that nobody has sized yet.
const USUAL: i32 = 140;

/// For shown columns: to another place, another width, or away.
fn place_items(here: &Here, column: &'static Column) -> Option<Element> {
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
    let hide = (!others.is_empty()).then(|| item("Hide column", here.url.with_columns(others).href()));
    let resized = |by: i32| {
        let now = widths::of(&here.url.widths, column.name).map_or(USUAL, i32::from);
        here.url.with_width(column.name, u16::try_from(now + by).ok()).href()
    };
    let usual = widths::of(&here.url.widths, column.name).is_some();
    let usual = usual.then(|| item("Usual width", here.url.with_width(column.name, None).href()));
    let group = el("div").class("menu-group").add(left).add(right);
    Some(group.add(item("Wider", resized(40))).add(item("Narrower", resized(-40))).add(usual).add(hide))
}
