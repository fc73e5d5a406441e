use super::{draw, files, page::of_what, trust};
use crate::components::Here;
use crate::markup::{Element, el, page_link};
use crate::sheets::sheet;
use model::texts::sheets;
use service::plots::Plotted;

/// The bars of the histogram as a table. `title` is that of the collection.
pub fn bars(here: &Here, title: &str, of: &Plotted) -> Element {
    let drawn = draw(here, of);
    let numbers = match drawn.shapes.is_empty() {
        true => el("p").add(drawn.summary),
        false => el("div").class("plot-numbers").add(drawn.table.element_with_bars(&drawn.title)).add(files(
            here,
            of.plot,
            &drawn.title,
        )),
    };
    let back = page_link(here.url.href()).class("button back").add(sheets::back());
    sheet("bars-page", drawn.title, vec![of_what(here, title), trust(of), numbers, back])
}
