use super::{button, post, problem, with_range};
use crate::components::facet::facet_title;
use crate::markup::{Element, el, page_link};
use crate::sheets::sheet;
use model::board::{Board, TimeRange};
use model::collection::Collection;
use model::columns::COLUMNS;
use model::plot::PlotKind;
use model::texts::{boards as say, sheets};
use model::view::SavedView;

/// What a panel may be about.
pub struct Addable<'a> {
    pub board: &'a Board,
    pub range: TimeRange,
    /// The collections with their views.
    pub sources: &'a [(Collection, Vec<SavedView>)],
    /// The fields of the form as they were sent, and why they could not be taken.
    pub sent: &'a [(String, String)],
    pub refused: Option<String>,
}

impl Addable<'_> {
    fn field(&self, name: &str) -> &str {
        self.sent.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// The form for a new panel.
pub fn add(of: &Addable<'_>) -> Element {
    let path = |action: &str| with_range(format!("/boards/{}{action}", of.board.id), of.range);
    let filter = el("input")
        .attr("type", "text")
        .attr("name", "filter")
        .attr("value", of.field("filter").to_owned())
        .attr("placeholder", "lang:en likes>=50")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false");
    let labelled = |word: &'static str, field: Element, note: &'static str| {
        el("label").add(el("span").add(word)).add(field).add(el("span").class("note").add(note))
    };
    let form = post(path("/panels"))
        .class("panel-form")
        .add(labelled(say::tweets(), sources(of), say::follow()))
        .add(labelled(say::filter(), filter, say::own()))
        .add(labelled(say::plot(), kinds(of), ""))
        .add(labelled(say::column(), columns(of), say::fitting()))
        .add(
            el("div")
                .class("actions")
                .add(button(say::add_this()).class("primary"))
                .add(page_link(path("")).class("button quiet").add(say::cancel())),
        );
    let content = vec![el("div").add(of.refused.as_deref().map(problem)), form];
    sheet("board-add", say::add(), content)
}

fn option(of: &Addable<'_>, field: &str, value: String, words: String) -> Element {
    let is_chosen = of.field(field) == value;
    el("option").attr("value", value).flag("selected", is_chosen).add(words)
}

/// The collections, each with its views. A value is a slug, or a slug and the number of a view.
fn sources(of: &Addable<'_>) -> Element {
    let groups = of.sources.iter().map(|(collection, views)| {
        let views = views
            .iter()
            .map(|view| option(of, "source", format!("{}/{}", collection.slug, view.id), view.name.clone()));
        el("optgroup")
            .attr("label", collection.title.clone())
            .add(option(of, "source", collection.slug.clone(), sheets::all_tweets_of(&collection.title)))
            .each(views)
    });
    el("select").attr("name", "source").each(groups)
}

fn kinds(of: &Addable<'_>) -> Element {
    let kinds = PlotKind::ALL.iter().map(|kind| option(of, "kind", kind.name().to_owned(), kind.title().to_owned()));
    el("select").attr("name", "kind").each(kinds)
}

fn columns(of: &Addable<'_>) -> Element {
    let fitting = COLUMNS.iter().filter(|column| PlotKind::ALL.iter().any(|kind| kind.fits(column)));
    let columns = fitting.map(|column| option(of, "col", column.name.to_owned(), facet_title(column).to_owned()));
    el("select").attr("name", "col").add(option(of, "col", String::new(), say::usual().to_owned())).each(columns)
}
