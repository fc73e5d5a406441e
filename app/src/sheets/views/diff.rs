//! What differs between two states of the explore page, in words.

use crate::url::{ExploreUrl, pairs, widths};
use model::columns::{self, COLUMNS};
use model::explore::Sort;
use model::filter::{self, Filter, describe};
use model::texts::{sorting, views as say};

/// What one has and the other has not, a line each: `+ likes ≥ 50`, `− column Source`, `order: newest first → likes,
/// highest first`. Only what a view keeps counts.
pub fn differences(before: &ExploreUrl, after: &ExploreUrl) -> Vec<String> {
    let mut lines = conditions(before, after);
    let off = |url: &ExploreUrl| url.off.iter().map(|text| say::switched_off(&worded(text))).collect();
    lines.extend(lists(off(before), off(after)));
    lines.extend(of_columns(before, after));
    lines.extend(change(say::order(), order(before), order(after)));
    lines.extend(change(say::divided(), split(before), split(after)));
    let compared = |url: &ExploreUrl| if url.previous { vec![say::compared().to_owned()] } else { vec![] };
    lines.extend(lists(compared(before), compared(after)));
    lines
}

/// What a view's query string names that there is not any more: columns of an earlier version of Roost.
pub fn lost(query: &str) -> Vec<String> {
    let mut lost = Vec::new();
    for (key, value) in pairs(query) {
        let what = match key.as_str() {
            "cols" => say::lost_column,
            "sort" => say::lost_order,
            "split" => say::lost_divided,
            "q" => {
                lost.extend(filter::parse(&value).err().map(|error| say::lost_filter(&error.message)));
                continue;
            }
            _ => continue,
        };
        let names = value.split(',').map(|name| name.trim_start_matches('-').split(':').next().unwrap_or_default());
        let unknown = names.filter(|name| !name.is_empty() && columns::find(name).is_none());
        lost.extend(unknown.map(what));
    }
    lost
}

fn conditions(before: &ExploreUrl, after: &ExploreUrl) -> Vec<String> {
    match (filter::parse(&before.q), filter::parse(&after.q)) {
        (Ok(before), Ok(after)) => {
            let parts = |filter: &Filter| filter.conjuncts().iter().map(describe).collect();
            lists(parts(&before), parts(&after))
        }
        _ => change(say::filter(), before.q.clone(), after.q.clone()).into_iter().collect(),
    }
}

/// What the second has more, and what it lacks.
fn lists(before: Vec<String>, after: Vec<String>) -> Vec<String> {
    let more = after.iter().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    let less = before.iter().filter(|line| !after.contains(line)).map(|line| format!("− {line}"));
    more.chain(less).collect()
}

fn change(what: &str, before: String, after: String) -> Option<String> {
    (before != after).then(|| format!("{what}: {before} → {after}"))
}

fn worded(text: &str) -> String {
    filter::parse(text).map_or_else(|_| text.to_owned(), |filter| describe(&filter))
}

fn of_columns(before: &ExploreUrl, after: &ExploreUrl) -> Vec<String> {
    let titles = |url: &ExploreUrl| url.shown_columns().iter().map(|column| say::column(column.title())).collect();
    let mut lines = lists(titles(before), titles(after));
    let common = |url: &ExploreUrl, other: &ExploreUrl| -> Vec<&'static str> {
        url.names().iter().copied().filter(|name| other.names().contains(name)).collect()
    };
    if common(before, after) != common(after, before) {
        lines.push(say::reordered().to_owned());
    }
    let looks = |names: &[&'static str], told: fn(&str) -> String| -> Vec<String> {
        names.iter().filter_map(|name| Some(told(columns::find(name)?.title()))).collect()
    };
    lines.extend(lists(looks(&before.pinned, say::pinned), looks(&after.pinned, say::pinned)));
    lines.extend(lists(looks(&before.bars, say::bars_in), looks(&after.bars, say::bars_in)));
    let both = common(after, before);
    let shown = COLUMNS.iter().filter(|column| both.contains(&column.name));
    lines.extend(shown.filter_map(|column| {
        let width = |url: &ExploreUrl| {
            widths::of(&url.widths, column.name)
                .map_or_else(|| say::usual().to_owned(), |width| say::pixels(&width.to_string()))
        };
        change(&say::width_of(column.title()), width(before), width(after))
    }));
    lines
}

fn order(url: &ExploreUrl) -> String {
    let key = |key: &Sort| match (key.column.as_str(), key.descending) {
        ("created", true) => say::newest().to_owned(),
        ("created", false) => say::oldest().to_owned(),
        (name, descending) => {
            let noun = columns::find(name).map_or(name, |column| column.noun());
            if descending { say::highest(noun) } else { say::lowest(noun) }
        }
    };
    url.order().iter().map(key).collect::<Vec<_>>().join(&format!("{} ", sorting::then()))
}

fn split(url: &ExploreUrl) -> String {
    url.split.map_or_else(|| say::nothing().to_owned(), |column| column.noun().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::views_button::is_changed;

    fn between(before: &str, after: &str) -> Vec<String> {
        let url = |search| ExploreUrl::parse("c", search);
        let lines = differences(&url(before), &url(after));
        assert_eq!(is_changed(&url(after), before), !lines.is_empty(), "{before} {after}");
        lines
    }

    #[test]
    fn each_change_is_a_line() {
        assert_eq!(between("q=moon+lang:de", "q=moon+likes>%3D50"), ["+ likes ≥ 50", "− language is de"]);
        assert_eq!(between("cols=text,source,likes", "cols=text,likes"), ["− column Source"]);
        assert_eq!(between("cols=text,likes", "cols=likes,text"), ["columns in another order"]);
        assert_eq!(between("cols=text,likes", "cols=text:420,likes"), ["width of Text: usual → 420 pixels"]);
        assert_eq!(between("", "sort=-likes"), ["order: newest first → likes, highest first"]);
        assert_eq!(
            between("split=lang", "previous=1"),
            ["bars divided by: language → nothing", "+ compared with the time before"]
        );
        assert_eq!(between("", "off=lang:de"), ["+ switched off: language is de"]);
        assert_eq!(between("pin=author", "bars=likes"), ["− pinned: Author", "+ bars in Likes"]);
    }

    #[test]
    fn what_a_view_does_not_keep_and_how_a_filter_is_written_is_no_change() {
        let nothing: [&str; 0] = [];
        assert_eq!(between("q=moon+lang:de", "q=(lang:de)+moon&after=x&row=9&tweet=5&view=3"), nothing);
    }

    #[test]
    fn what_there_is_not_any_more_is_told() {
        assert_eq!(lost("q=moon&cols=text,likes:90&sort=-likes&split=lang"), Vec::<String>::new());
        assert_eq!(lost("cols=text,mood:90&sort=-mood"), ["column “mood”", "order by “mood”"]);
        assert!(lost("q=mood:good")[0].starts_with("the filter: "));
    }
}
