//! The borders between the rows and the panes beside them: pulled they make these wider, and the facets can be folded
//! away. What is heard of them is in `browser::rails`.

use super::icons;
use crate::markup::{Element, el};
use crate::settings::{Choice, DETAIL_WIDTH, FACETS_WIDTH};
use model::texts::{Text, facets, rails as say};

/// The pane beside a border.
#[derive(Debug)]
pub struct Rail {
    /// How the border is found.
    pub name: &'static str,
    title: Text,
    pub width: &'static Choice,
    /// Whether the pane grows as the border goes to the right.
    pub grows_right: bool,
}

pub const RAILS: [Rail; 2] = [
    Rail { name: "facets", title: say::facets, width: &FACETS_WIDTH, grows_right: true },
    Rail { name: "detail", title: say::detail, width: &DETAIL_WIDTH, grows_right: false },
];

impl Rail {
    /// The widths that may be chosen, from the narrowest.
    pub fn widths(&self) -> impl Iterator<Item = (u32, &'static str)> {
        self.width.values.iter().filter_map(|value| Some((value.parse().ok()?, *value)))
    }

    fn border(&self) -> Element {
        let (narrowest, widest) = (self.widths().next().unwrap_or_default(), self.widths().last().unwrap_or_default());
        // Until it is pulled, style knows the width.
        let now = self.width.known(self.width.now()).filter(|now| now.parse::<u32>().is_ok());
        el("div")
            .class("rail")
            .attr("data-rail", self.name)
            .attr("role", "separator")
            .attr("aria-orientation", "vertical")
            .attr("aria-label", (self.title)())
            .attr("aria-valuemin", narrowest.1)
            .attr("aria-valuemax", widest.1)
            .attr("aria-valuenow", now.unwrap_or("260"))
            .attr("tabindex", "0")
            .attr("title", (self.title)())
    }
}

/// The borders, and the button that folds the facets away.
pub fn rails() -> Vec<Element> {
    let is_folded = FACETS_WIDTH.now() == "0";
    let fold = el("button")
        .class("fold")
        .attr("type", "button")
        .attr("data-fold", "facets")
        .attr("aria-controls", "facets")
        .attr("aria-expanded", if is_folded { "false" } else { "true" })
        .attr("aria-label", facets::title())
        .attr("title", say::fold())
        .add(icons::chevron_left());
    let mut parts: Vec<Element> = RAILS.iter().map(Rail::border).collect();
    parts.push(fold);
    parts
}
