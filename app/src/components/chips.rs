use super::{Here, icons};
use crate::markup::{Element, Node, el, link, sheet_link};
use model::columns;
use model::filter::{self, Compare, Filter, Predicate, Words, describe, in_words};
use model::texts::chips as say;
use model::zone;

/// One chip per condition, each with a way to drop it and a menu. Nothing without conditions.
pub fn chips(here: &Here) -> Option<Element> {
    let conjuncts = here.filter.conjuncts();
    if conjuncts.is_empty() && here.url.off.is_empty() {
        return None;
    }
    let span = time_span(&here.filter.clone().shown(zone::current()));
    let in_span = |index: usize| span.as_ref().is_some_and(|(places, _)| places.contains(&index));
    let others = conjuncts.iter().enumerate().filter(|(index, _)| !in_span(*index));
    let others = others.map(|(index, part)| condition_chip(here, index, part));
    let span = span.as_ref().map(|([from, to], words)| {
        let without = here.filtered(&here.filter.without_conjunct(*to).without_conjunct(*from));
        let told = format!("{}{}", words.head, words.value);
        let edit = edit_link(here, "created", None).class("words").attr("aria-label", say::edit(&told));
        chip("chip").key("time").add(edit.add(worded(words))).add(remove(&told, without))
    });
    let off = here.url.off.iter().enumerate().filter_map(|(index, text)| off_chip(here, index, text));
    let clear = here.url.without_all_conditions().href();
    let clear = el("li").class("end").key("clear").add(link(clear).class("clear").add(say::clear()));
    let list = el("ul").class("chips").attr("aria-label", say::conditions());
    Some(list.each(others).add(span).each(off).add(clear))
}

fn chip(class: &'static str) -> Element {
    el("li").class(class)
}

fn condition_chip(here: &Here, index: usize, part: &Filter) -> Element {
    let (words, parts) = (describe(part), in_words(part));
    let without = here.filter.without_conjunct(index);
    let is_negated = matches!(part, Filter::Not(_));
    let id = format!("chip-{index}");
    let open = el("button")
        .class("words")
        .attr("type", "button")
        .attr("popovertarget", id.clone())
        .attr("aria-label", say::change(&words))
        .add(worded(&parts));
    let opposite = if is_negated { say::include() } else { say::exclude() };
    let item = |text: &'static str, href: String| link(href).class("menu-item").add(text);
    let edit =
        part.column().map(|column| edit_link(here, column.name, Some(index)).class("menu-item").add(say::edit_item()));
    let only = (here.filter.conjuncts().len() > 1).then(|| item(say::only(), here.filtered(part)));
    let menu = el("div")
        .attr("id", id)
        .class("menu")
        .attr("popover", "auto")
        .add(edit)
        .add(item(opposite, here.filtered(&here.filter.with_conjunct_negated(index))))
        .add(item(say::switch_off(), here.url.with_off(part, &without).href()))
        .add(only)
        .add(item(say::remove(), here.filtered(&without)));
    let class = if is_negated { "chip not" } else { "chip" };
    chip(class).key(words.clone()).add(open).add(remove(&words, here.filtered(&without))).add(menu)
}

/// Opens the sheet of the column, to change that condition or all of them.
fn edit_link(here: &Here, column: &'static str, place: Option<usize>) -> Element {
    let part = place.map(|place| format!("&part={place}")).unwrap_or_default();
    sheet_link(here.url.sheet("column", &format!("col={column}{part}")))
}

/// A condition without effect: a click brings it back. What cannot be read any more is not shown.
fn off_chip(here: &Here, index: usize, text: &str) -> Option<Element> {
    let condition = filter::parse(text).ok()?;
    let words = describe(&condition);
    let on = here.url.without_off(index, &here.filter.clone().with(condition.clone())).href();
    let gone = here.url.without_off(index, &here.filter).href();
    let switch = link(on).class("words").attr("aria-label", say::switch_on(&words)).add(worded(&in_words(&condition)));
    Some(chip("chip off").key(format!("off {words}")).add(switch).add(remove(&words, gone)))
}

fn remove(words: &str, href: String) -> Element {
    link(href)
        .class("remove")
        .attr("aria-label", say::remove_condition(words))
        .attr("title", say::remove())
        .add(icons::close())
}

/// The words of a condition; what it asks for stands out.
fn worded(words: &Words) -> Vec<Node> {
    vec![words.head.clone().into(), el("b").add(el("bdi").add(words.value.clone())).into()]
}

/// The span of time that two conditions make together: their places, the earlier one first, and their words.
fn time_span(filter: &Filter) -> Option<([usize; 2], Words)> {
    let limits = filter.conjuncts().iter().enumerate().filter(|(_, part)| is_time_limit(part));
    let limits: Vec<(usize, &Filter)> = limits.collect();
    let [(first, Filter::Test(from)), (second, Filter::Test(to))] = limits.as_slice() else { return None };
    let (Predicate::Compare(Compare::AtLeast, from), Predicate::Compare(end, to)) = (&from.predicate, &to.predicate)
    else {
        return None;
    };
    let span: fn(&str, &str) -> String = match end {
        Compare::Less => say::to_before,
        Compare::AtMost => say::to,
        // Both begin a span.
        Compare::Greater | Compare::AtLeast => return None,
    };
    let words = |value: &model::filter::Scalar| match value {
        model::filter::Scalar::Date(date) => date.to_string().replace('T', " "),
        _ => String::new(),
    };
    Some(([*first, *second], Words { head: say::time_from().to_owned() + " ", value: span(&words(from), &words(to)) }))
}

fn is_time_limit(part: &Filter) -> bool {
    matches!(part, Filter::Test(test) if Some(test.column) == columns::find("created")
        && matches!(test.predicate, Predicate::Compare(..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_limits_of_time_are_one_span() {
        let filter = model::filter::parse("moon created>=2026-01-01T10:00 created<2026-01-02").unwrap();
        let (places, words) = time_span(&filter).unwrap();
        assert_eq!((places, words.head.as_str()), ([1, 2], "time from "));
        assert_eq!(words.value, "2026-01-01 10:00 to before 2026-01-02");
        for other in
            ["created>=2026-01-01", "created>=2026-01-01 created>=2026-01-02", "created<2026-01-01 created<2026-02"]
        {
            assert!(time_span(&model::filter::parse(other).unwrap()).is_none(), "{other}");
        }
    }
}
