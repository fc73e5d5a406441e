//! What the forms of the page ask for: a condition on one column (`on=likes&min=50`), the choice of columns
//! (`pick=1&col=text&col=likes`).

use super::{ExploreUrl, canonical, column_names};
use model::columns::{self, Column};
use model::filter::{self, Choice, Filter, Predicate, Scalar};

/// The fields that only forms send.
pub const KEYS: [&str; 7] = ["on", "min", "max", "op", "val", "pick", "col"];

/// Applies the fields of a form.
pub fn apply(url: &mut ExploreUrl, pairs: &[(String, String)]) {
    let field = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim());
    if field("pick").is_some() {
        let chosen = pairs.iter().filter(|(key, _)| key == "col").map(|(_, value)| value.as_str());
        *url = url.with_columns(pick(url, &column_names(chosen)));
    }
    if let Some(column) = field("on").and_then(columns::find) {
        let value = |key| field(key).filter(|value| !value.is_empty());
        let q = match value("op") {
            Some(op) => match value("val") {
                Some(text) => with_value(&url.q, column, op, text),
                None => url.q.clone(),
            },
            None => with_limits(&url.q, column, value("min"), value("max")),
        };
        *url = url.with_text(q);
    }
}

/// The chosen columns: those shown before keep their places, new ones follow. None are the default ones.
fn pick(url: &ExploreUrl, chosen: &[&'static str]) -> Vec<&'static str> {
    let before: Vec<&'static str> = url.shown_columns().iter().map(|column| column.name).collect();
    let kept = before.iter().filter(|name| chosen.contains(name));
    let new = chosen.iter().filter(|name| !before.contains(name));
    canonical(kept.chain(new).copied().collect())
}

fn with_limits(q: &str, column: &'static Column, min: Option<&str>, max: Option<&str>) -> String {
    let name = column.printed_name();
    let limit = |sign: &str, value: &str| format!("{name}{sign}{}", quoted(value));
    let piece = [min.map(|value| limit(">=", value)), max.map(|value| limit("<=", value))];
    let piece = piece.into_iter().flatten().collect::<Vec<_>>().join(" ");
    joined(q, &piece, |filter, new| filter.without_column(column).with(new))
}

fn with_value(q: &str, column: &'static Column, op: &str, value: &str) -> String {
    let star = if op == "starts" { "*" } else { "" };
    let piece = format!("{}:{}{star}", column.printed_name(), quoted(value));
    joined(q, &piece, |filter, new| match (op, &new) {
        ("not", Filter::Test(test)) => match &test.predicate {
            Predicate::Equals(Scalar::Word(word)) => filter.excluding(column, word),
            _ => filter.clone().with(new.negate()),
        },
        ("is", Filter::Test(test)) => match &test.predicate {
            Predicate::Equals(Scalar::Word(word)) if filter.choice(column, word) == Choice::Included => filter.clone(),
            Predicate::Equals(Scalar::Word(word)) => filter.toggled(column, word),
            _ => filter.clone().with(new),
        },
        _ => filter.clone().with(new),
    })
}

/// The filter with the new piece; if one of them cannot be read, both as text, so that the page shows what is wrong.
fn joined(q: &str, piece: &str, join: impl Fn(&Filter, Filter) -> Filter) -> String {
    match (filter::parse(q), filter::parse(piece)) {
        (Ok(filter), Ok(new)) => join(&filter, new).to_string(),
        _ => format!("{q} {piece}").trim().to_owned(),
    }
}

fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(search: &str) -> String {
        ExploreUrl::parse("c", search).q
    }

    #[test]
    fn limits_replace_earlier_limits() {
        assert_eq!(q("q=moon+likes>9&on=likes&min=50&max="), "moon likes>=50");
        assert_eq!(q("on=created&min=2026-01-01&max=2026-02-01"), "created>=2026-01-01 created<=2026-02-01");
        assert_eq!(q("q=likes>9&on=likes&min=&max="), "");
    }

    #[test]
    fn values_join_those_chosen_before() {
        assert_eq!(q("q=lang:de&on=lang&op=is&val=en"), "lang:(de OR en)");
        assert_eq!(q("q=lang:de&on=lang&op=is&val=de"), "lang:de");
        assert_eq!(q("q=lang:de&on=lang&op=not&val=de"), "-lang:de");
        assert_eq!(q("on=hashtag&op=is&val=%23Moon"), "#moon");
        assert_eq!(q("on=text&op=has&val=launch+day"), "\"launch day\"");
        assert_eq!(q("on=text&op=not&val=launch"), "-launch");
        assert_eq!(q("on=text&op=starts&val=lau"), "lau*");
    }

    #[test]
    fn what_cannot_be_read_is_left_for_the_page_to_explain() {
        assert_eq!(q("q=moon&on=likes&min=many"), "moon likes>=\"many\"");
        assert_eq!(q("q=(moon&on=likes&min=5"), "(moon likes>=\"5\"");
    }

    #[test]
    fn chosen_columns_keep_their_order() {
        let url = ExploreUrl::parse("c", "cols=text,likes&pick=1&col=author&col=likes&col=text");
        assert_eq!(url.columns, ["text", "likes", "author"]);
        assert!(ExploreUrl::parse("c", "cols=text&pick=1").columns.is_empty());
        assert!(ExploreUrl::is_edit("pick=1") && !ExploreUrl::is_edit("q=pick"));
    }
}
