//! What the form of the page asks for: the choice of columns (`pick=1&col=text&col=likes`).

use super::{ExploreUrl, canonical, column_names};

/// The fields that only the form sends.
pub const KEYS: [&str; 2] = ["pick", "col"];

/// Applies the fields of the form.
pub fn apply(url: &mut ExploreUrl, pairs: &[(String, String)]) {
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
    fn chosen_columns_keep_their_order() {
        let url = ExploreUrl::parse("c", "cols=text,likes&pick=1&col=author&col=likes&col=text");
        assert_eq!(url.columns, ["text", "likes", "author"]);
        assert!(ExploreUrl::parse("c", "cols=text&pick=1").columns.is_empty());
        assert!(ExploreUrl::is_edit("pick=1") && !ExploreUrl::is_edit("q=pick"));
    }
}
