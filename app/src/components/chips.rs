use super::{Here, icons};
use crate::markup::{Element, el, link};
use model::filter::{Compare, Filter, Predicate, describe};
use model::{Column, columns};

/// One chip per condition, each with a way to drop it. Nothing without conditions.
pub fn chips(here: &Here) -> Option<Element> {
    let conjuncts = here.filter.conjuncts();
    if conjuncts.is_empty() {
        return None;
    }
    let span = time_span(&here.filter);
    let others = conjuncts.iter().enumerate().filter(|(_, part)| span.is_none() || !is_time_limit(part));
    let others = others.map(|(index, part)| {
        let without = here.filtered(&here.filter.without_conjunct(index));
        chip(&describe(part), matches!(part, Filter::Not(_)), without)
    });
    let others: Vec<Element> = others.collect();
    let span = span.map(|(column, words)| chip(&words, false, here.filtered(&here.filter.without_column(column))));
    let clear = link(here.filtered(&Filter::All)).class("clear").add("Clear all");
    Some(el("ul").class("chips").attr("aria-label", "Conditions").add(others).add(span).add(el("li").add(clear)))
}

fn chip(words: &str, negated: bool, without: String) -> Element {
    let (subject, value) = split_words(words);
    let remove = link(without)
        .attr("aria-label", format!("Remove condition: {words}"))
        .attr("title", "Remove")
        .add(icons::close());
    el("li")
        .class(if negated { "chip not" } else { "chip" })
        .add(el("span").add(subject).add(el("b").add(el("bdi").add(value))))
        .add(remove)
}

/// `language is ` and `de or en`: what the condition is about, and what it asks.
fn split_words(words: &str) -> (String, String) {
    let betweens = [" is not ", " is ", " has ", " without ", " beginning with ", " from ", " ≥ ", " ≤ ", " > ", " < "];
    let place = betweens.iter().filter_map(|between| Some((words.find(between)?, *between))).min_by_key(|(at, _)| *at);
    match place {
        Some((at, between)) if between.trim().chars().all(|sign| !sign.is_alphabetic()) => {
            (words[..=at].to_owned(), words[at + 1..].to_owned())
        }
        Some((at, between)) => {
            let end = at + between.len();
            (words[..end].to_owned(), words[end..].to_owned())
        }
        None => (String::new(), words.to_owned()),
    }
}

/// The span of time that two conditions make together, in words.
fn time_span(filter: &Filter) -> Option<(&'static Column, String)> {
    let limits: Vec<&Filter> = filter.conjuncts().iter().filter(|part| is_time_limit(part)).collect();
    let [Filter::Test(first), Filter::Test(second)] = limits.as_slice() else { return None };
    let (Predicate::Compare(Compare::AtLeast, from), Predicate::Compare(end, to)) =
        (&first.predicate, &second.predicate)
    else {
        return None;
    };
    let until = if *end == Compare::Less { "to before" } else { "to" };
    let words = |value: &model::filter::Scalar| match value {
        model::filter::Scalar::Date(date) => date.to_string().replace('T', " "),
        _ => String::new(),
    };
    Some((first.column, format!("time from {} {until} {}", words(from), words(to))))
}

fn is_time_limit(part: &Filter) -> bool {
    matches!(part, Filter::Test(test) if Some(test.column) == columns::find("created")
        && matches!(test.predicate, Predicate::Compare(..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_stands_out() {
        let split = |words: &str| split_words(words);
        assert_eq!(split("language is de or en"), ("language is ".into(), "de or en".into()));
        assert_eq!(split("type is not retweet"), ("type is not ".into(), "retweet".into()));
        assert_eq!(split("likes ≥ 50"), ("likes ".into(), "≥ 50".into()));
        assert_eq!(split("text has “it is late”"), ("text has ".into(), "“it is late”".into()));
    }

    #[test]
    fn two_limits_of_time_are_one_span() {
        let filter = model::filter::parse("moon created>=2026-01-01T10:00 created<2026-01-02").unwrap();
        assert_eq!(time_span(&filter).unwrap().1, "time from 2026-01-01 10:00 to before 2026-01-02");
        assert!(time_span(&model::filter::parse("created>=2026-01-01").unwrap()).is_none());
    }
}
