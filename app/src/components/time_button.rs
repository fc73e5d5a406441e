use super::{Here, icons};
use crate::markup::{Element, el};
use model::filter::{Compare, DateValue, Filter, Predicate, Scalar, Unit};
use model::{Column, columns};

/// The button that opens the choice of the time, and says what is chosen.
pub fn time_button(here: &Here) -> Element {
    let chosen = columns::find("created").and_then(|column| chosen(&here.filter, column));
    let class = if chosen.is_some() { "time-button on" } else { "time-button" };
    el("button")
        .class(class)
        .attr("type", "button")
        .attr("popovertarget", "menu-created")
        .attr("data-key", "t")
        .attr("title", "Choose the time (t)")
        .add(icons::calendar())
        .add(el("span").add(chosen.unwrap_or_else(|| "Any time".to_owned())))
}

/// What the filter asks of the time, in a few words.
fn chosen(filter: &Filter, column: &Column) -> Option<String> {
    let of_time = |part: &&Filter| matches!(part, Filter::Test(test) if test.column == column);
    let limits: Vec<&Filter> = filter.conjuncts().iter().filter(of_time).collect();
    match limits.as_slice() {
        [] => filter.selects(column).then(|| "Chosen time".to_owned()),
        [Filter::Test(test)] => Some(match &test.predicate {
            Predicate::Compare(Compare::AtLeast, Scalar::Date(DateValue::Ago { count, unit })) => last(*count, *unit),
            Predicate::Compare(Compare::AtLeast | Compare::Greater, Scalar::Date(date)) => format!("Since {date}"),
            Predicate::Compare(_, Scalar::Date(date)) => format!("Until {date}"),
            Predicate::Equals(Scalar::Date(date)) => date.to_string(),
            _ => "Chosen time".to_owned(),
        }),
        _ => Some("Chosen time".to_owned()),
    }
}

fn last(count: u32, unit: Unit) -> String {
    let (one, many) = match unit {
        Unit::Second => ("second", "seconds"),
        Unit::Minute => ("minute", "minutes"),
        Unit::Hour => ("hour", "hours"),
        Unit::Day => ("day", "days"),
        Unit::Week => ("week", "weeks"),
    };
    if count == 1 { format!("Last {one}") } else { format!("Last {count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_told_in_few_words() {
        let told = |text: &str| chosen(&model::filter::parse(text).unwrap(), columns::find("created").unwrap());
        assert_eq!(told("moon"), None);
        assert_eq!(told("created>=now-7d").as_deref(), Some("Last 7 days"));
        assert_eq!(told("created>=2026-01-01 moon").as_deref(), Some("Since 2026-01-01"));
        assert_eq!(told("created>=2026-01-01 created<2026-02").as_deref(), Some("Chosen time"));
        assert_eq!(told("-created:2026").as_deref(), Some("Chosen time"));
    }
}
