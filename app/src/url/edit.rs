//! What the forms of the page ask for: the choice of columns (`pick=1&col=text&col=likes`), and a filter or a time as
//! somebody has typed it (`typed=1`, `at_typed=1`), whose dates are of their own zone.

use super::{ExploreUrl, canonical, column_names};
use model::filter::{Edge, for_all};
use model::zone;

/// The fields that only the forms send.
pub const KEYS: [&str; 4] = ["pick", "col", "typed", "at_typed"];

/// Applies the fields of the forms.
pub fn apply(url: &mut ExploreUrl, pairs: &[(String, String)]) {
    if pairs.iter().any(|(key, _)| key == "typed") {
        url.q = for_all(&url.q);
    }
    if pairs.iter().any(|(key, _)| key == "at_typed") {
        url.at = url.at.map(|at| at.placed(zone::current(), Edge::Start));
    }
    if pairs.iter().any(|(key, _)| key == "pick") {
        let chosen = pairs.iter().filter(|(key, _)| key == "col").map(|(_, value)| value.as_str());
        *url = url.with_columns(pick(url, &column_names(chosen)));
    }
}

/// The chosen columns: those shown before keep their places, new ones follow. None are the default ones.
fn pick(url: &ExploreUrl, chosen: &[&'static str]) -> Vec<&'static str> {
    let before: Vec<&'static str> = url.shown_columns().iter().map(|column| column.name).collect();
    let kept = before.iter().filter(|name| chosen.contains(name));
    let new = chosen.iter().filter(|name| !before.contains(name));
    canonical(kept.chain(new).copied().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_of_the_zone_and_its_link_for_all() {
        let berlin = model::zone::Zone::from_text("Europe/Berlin 60 29579100:120 29881500:60").unwrap();
        model::zone::within(Box::leak(Box::new(berlin)), || {
            let url = ExploreUrl::parse("c", "q=created:2026-01-05&typed=1");
            assert_eq!(url.href(), "/c/c?q=created:2026-01-05%2B01:00");
            let url = ExploreUrl::parse("c", "q=created:2026-01-05&at=2026-07-01T08:30&at_typed=1");
            assert_eq!(url.href(), "/c/c?q=created:2026-01-05&at=2026-07-01T08:30%2B02:00");
            assert_eq!(ExploreUrl::parse("c", &url.query_string()), url);
            assert_eq!(ExploreUrl::parse("c", "q=created:2026-01-05").q, "created:2026-01-05", "a link is as it is");
        });
    }

    #[test]
    fn chosen_columns_keep_their_order() {
        let url = ExploreUrl::parse("c", "cols=text,likes&pick=1&col=author&col=likes&col=text");
        assert_eq!(url.columns, ["text", "likes", "author"]);
        assert!(ExploreUrl::parse("c", "cols=text&pick=1").columns.is_empty());
        assert!(ExploreUrl::is_edit("pick=1") && !ExploreUrl::is_edit("q=pick"));
    }
}
