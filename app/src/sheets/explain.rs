use super::sheet;
use crate::components::Here;
use crate::components::facet::{facet_title, value_name};
use crate::components::tweet_text::foreign;
use crate::format::{self, percent, share};
use crate::markup::{Element, el, link, page_link, svg};
use crate::text;
use model::columns::{self, Column, Kind};
use model::explain::{Explanation, Section, Standout};
use model::filter::{Filter, Predicate, Test, describe};
use model::texts::{common, explain as say, language, sheets};

/// What sets the tweets of a range of time apart from the others; nothing if no range is chosen.
pub fn explain(here: &Here, found: Option<&Explanation>) -> Element {
    let back = page_link(here.url.href()).class("button back").add(sheets::back());
    let Some(found) = found else {
        let advice = say::choose();
        return sheet("explain", say::title(), [el("p").add(advice), back]);
    };
    let scale = largest(found);
    let sections = found.sections.iter().filter_map(|section| table(here, found, section, scale));
    let content = el("div").class("sections").each(sections);
    sheet("explain", say::title(), vec![summary(found), context(here, found), content, basis(found), back])
}

/// The first thing to know, in a sentence.
fn summary(found: &Explanation) -> Element {
    let all = found.sections.iter().flat_map(|section| section.values.iter().map(move |value| (section, value)));
    // Of equal ones the last is taken, and tags come before words.
    let first = all.rev().max_by(|(_, a), (_, b)| a.score.total_cmp(&b.score));
    let said = match first {
        _ if found.inside == 0 => say::none().to_owned(),
        _ if found.outside == 0 => say::all().to_owned(),
        None => say::nothing().to_owned(),
        Some((section, value)) => sentence(found, section, value),
    };
    el("p").class("lead").attr("role", "status").add(el("bdi").add(said))
}

fn sentence(found: &Explanation, section: &Section, value: &Standout) -> String {
    let Some(column) = columns::find(&section.column) else { return String::new() };
    let name = value_name(column, &value.value);
    let here = percent(share(value.inside, found.inside));
    let there = percent(share(value.outside, found.outside));
    let tweets = common::tweets(found.inside);
    let told: fn(&str, &str, &str, &str) -> String = match column.name {
        "author" => say::author,
        "text" => say::word,
        "lang" => say::lang,
        "domain" => say::domain,
        _ => say::value,
    };
    let language = text::language_name(&value.value).filter(|_| column.name == "lang");
    told(language.unwrap_or(&name), &here, &tweets, &there)
}

/// The range, and what it is compared with.
fn context(here: &Here, found: &Explanation) -> Element {
    let codes = language::weekday_year_time();
    let (from, to) = (format::written(found.from, codes), format::written(found.to, &format!("{codes} %Z")));
    let others = columns::find("created").map(|column| here.filter.without_column(column)).unwrap_or_default();
    let others = match others {
        Filter::All => String::new(),
        filter => format!(" {}", say::both(&describe(&filter))),
    };
    let (inside, outside) = (common::tweets(found.inside), format::grouped(found.outside));
    let text = say::context(&from, &to, &inside, &outside) + &others;
    el("p").class("quiet").add(el("bdi").add(text))
}

fn basis(found: &Explanation) -> Element {
    let least = (found.inside / 2000).max(3);
    let basis = el("p").class("note").add(say::basis(&least.to_string()));
    el("details").class("basis").add(el("summary").add(say::how())).add(basis)
}

/// The largest of all shares, which has the longest bar.
fn largest(found: &Explanation) -> f64 {
    let values = found.sections.iter().flat_map(|section| &section.values);
    values.flat_map(|value| shares(found, value)).fold(0.0, f64::max)
}

/// The shares of a value here and in the others.
fn shares(found: &Explanation, value: &Standout) -> [f64; 2] {
    [share(value.inside, found.inside), share(value.outside, found.outside)]
}

/// `scale` is the share with the longest bar.
fn table(here: &Here, found: &Explanation, section: &Section, scale: f64) -> Option<Element> {
    let column = columns::find(&section.column)?;
    let head = |text: &'static str| el("th").attr("scope", "col").class("number").add(text);
    let title = if column.kind == Kind::Text { say::words() } else { facet_title(column) };
    let heads = el("tr")
        .add(el("th").attr("scope", "col").add(title))
        .add(head(say::tweets()))
        .add(head(say::here()))
        .add(head(say::others()))
        .add(el("td").attr("aria-hidden", "true"));
    let values = section.values.iter().filter(|value| !is_told(found, column, value));
    let rows: Vec<Element> = values.map(|value| row(here, found, column, value, scale)).collect();
    if rows.is_empty() {
        return None;
    }
    let caption = el("caption").class("visually-hidden").add(say::stand_out(title));
    let table = el("table").add(caption).add(el("thead").add(heads)).add(el("tbody").each(rows));
    Some(el("section").class("standouts").attr("data-column", column.name).add(table))
}

/// Whether a word is one that the same tweets have as a tag: then it says nothing new.
fn is_told(found: &Explanation, column: &Column, word: &Standout) -> bool {
    let tags = found.sections.iter().filter(|section| ["hashtag", "mention"].contains(&section.column.as_str()));
    let same = |tag: &Standout| (&tag.value, tag.inside, tag.outside) == (&word.value, word.inside, word.outside);
    column.kind == Kind::Text && tags.flat_map(|section| &section.values).any(same)
}

fn row(here: &Here, found: &Explanation, column: &'static Column, value: &Standout, scale: f64) -> Element {
    let name = value_name(column, &value.value);
    let [inside, outside] = shares(found, value);
    let number = |text: String| el("td").class("number").add(text);
    let act = |sign: &'static str, what: &str, filter: Filter| {
        link(here.filtered(&filter))
            .class("act")
            .attr("title", what.to_owned())
            .attr("aria-label", format!("{what} {name}"))
            .add(sign)
    };
    let (only, without) = filters(&here.filter, column, &value.value);
    let acts = el("td").class("acts").add(act("+", say::filter_for(), only)).add(act("−", say::filter_out(), without));
    el("tr")
        .add(el("th").attr("scope", "row").add(foreign(&name)).add(bars(inside / scale, outside / scale)))
        .add(number(format::grouped(value.inside)))
        .add(number(percent(inside)))
        .add(number(percent(outside)))
        .add(acts)
}

/// The share here, and that in the others beneath it, both of the largest.
fn bars(inside: f64, outside: f64) -> Element {
    let bar = |class: &'static str, y: &'static str, share: f64| {
        svg("rect").class(class).attr("y", y).attr("width", format::tenths(share * 100.0)).attr("height", "4")
    };
    svg("svg")
        .class("bars")
        .attr("viewBox", "0 0 100 9")
        .attr("preserveAspectRatio", "none")
        .attr("aria-hidden", "true")
        .add(bar("bar", "0", inside))
        .add(bar("others", "5", outside))
}

/// The filter with only this value, and without it.
fn filters(filter: &Filter, column: &'static Column, value: &str) -> (Filter, Filter) {
    if column.kind == Kind::Text {
        let word = Filter::from(Test { column, predicate: Predicate::Matches(value.to_owned()) });
        return (filter.clone().with(word.clone()), filter.clone().with(word.negate()));
    }
    (filter.narrowed(column, value), filter.excluding(column, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::ExploreUrl;
    use model::Timestamp;

    fn at(search: &str) -> Here {
        Here::at(ExploreUrl::parse("space", search), None)
    }

    fn spike() -> Explanation {
        let value = |value: &str, inside, outside, score| Standout { value: value.to_owned(), inside, outside, score };
        let section = |column: &str, values| Section { column: column.to_owned(), values };
        Explanation {
            from: Timestamp::from_day(2026, 3, 1).unwrap(),
            to: Timestamp::from_day(2026, 3, 2).unwrap(),
            inside: 900,
            outside: 100_000,
            sections: vec![
                section("hashtag", vec![value("gpu", 702, 400, 23.0)]),
                section("text", vec![value("gpu", 720, 800, 22.0), value("<b>", 90, 0, 8.0)]),
                section("lang", Vec::new()),
            ],
        }
    }

    #[test]
    fn the_clearest_difference_is_a_sentence_and_each_value_a_filter() {
        let html = explain(&at("q=created:2026-03-01"), Some(&spike())).html();
        assert!(html.contains("#gpu is in 78.0 % of these 900 tweets and in 0.4 % of the others."), "{html}");
        assert!(html.contains("Sun 1 Mar 2026, 00:00 to Mon 2 Mar 2026, 00:00 UTC"));
        assert!(html.contains(r#"href="/c/space?q=created:2026-03-01+%23gpu""#), "{html}");
        assert!(html.contains(r#"href="/c/space?q=created:2026-03-01+-%23gpu""#));
        assert!(html.contains(r#"href="/c/space?q=created:2026-03-01+-gpu""#));
        assert!(html.contains(r#"class="bar" y="0" width="97.5""#), "of the largest, 720 of 900: {html}");
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>") && !html.contains("Language"));
    }

    #[test]
    fn without_a_range_or_without_others_it_says_so() {
        assert!(explain(&at("q=moon"), None).html().contains("Choose a range of time first"));
        let alone = Explanation { inside: 5, ..Explanation::default() };
        assert!(explain(&at(""), Some(&alone)).html().contains("no others to compare them with"));
        let alike = Explanation { inside: 5, outside: 5, ..Explanation::default() };
        assert!(explain(&at(""), Some(&alike)).html().contains("Nothing stands out"));
    }
}
