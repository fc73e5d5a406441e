use super::{draw, title, trust, tweets_of};
use crate::components::{Here, facet::facet_title, query_box::hidden_fields};
use crate::markup::{Element, el, page_link};
use crate::sheets::sheet;
use model::columns::{COLUMNS, Column};
use model::plot::{Plot, PlotKind};
use model::texts::{plots as say, sheets};
use service::plots::Plotted;

/// All plots of what the explore page shows.
pub struct Plots<'a> {
    pub here: &'a Here,
    /// Title of the collection.
    pub title: &'a str,
    /// Each plot, or why there is none.
    pub plotted: Vec<(Plot, Result<Plotted, String>)>,
}

/// The sheet of plots.
pub fn plots(shown: &Plots<'_>) -> Element {
    let here = shown.here;
    let counted = shown.plotted.iter().find_map(|(_, plotted)| plotted.as_ref().ok()).map(trust);
    let figures = shown.plotted.iter().map(|(plot, plotted)| {
        let content = match plotted {
            Ok(plotted) => draw(here, plotted).figure(here, *plot),
            Err(why) => failed(*plot, why),
        };
        el("section").class("plot").attr("data-plot", plot.kind.name()).add(content)
    });
    let content = vec![
        of_what(here, shown.title),
        el("div").add(counted),
        columns_form(shown),
        el("div").class("plot-grid").each(figures),
        page_link(here.url.href()).class("button back").add(sheets::back()),
    ];
    sheet("plots-page", say::title(), content)
}

/// Which tweets they are: those of the collection with this title, and by which filter.
pub fn of_what(here: &Here, title: &str) -> Element {
    el("p").class("quiet").add(el("bdi").add(tweets_of(here, title)))
}

/// What stands in the place of a plot that there is none of.
pub fn failed(plot: Plot, why: &str) -> Vec<Element> {
    vec![el("h2").add(title(plot)), el("p").class("problem-note").attr("role", "alert").add(why.to_owned())]
}

/// Which columns the plots are of.
fn columns_form(shown: &Plots<'_>) -> Element {
    let fields = shown.plotted.iter().filter(|(plot, _)| COLUMNS.iter().any(|column| plot.kind.fits(column)));
    let field = |(plot, _): &(Plot, _)| {
        let word = match plot.kind {
            PlotKind::Volume => say::time_by(),
            PlotKind::Top => say::most_frequent(),
            PlotKind::Share => say::shares(),
            _ => say::distribution(),
        };
        el("label").add(el("span").add(word)).add(column_select(plot.kind.name(), *plot))
    };
    el("form")
        .class("plot-form")
        .attr("method", "get")
        .attr("action", format!("{}/plots", shown.here.url.path()))
        .attr("data-sheet", "")
        .add(hidden_fields(&shown.here.url.first_page()))
        .each(fields.map(field))
        .add(el("button").attr("type", "submit").add(say::show()))
}

/// The columns that the plot can be of.
fn column_select(name: &'static str, plot: Plot) -> Element {
    let option = |column: &'static Column| {
        el("option").attr("value", column.name).flag("selected", plot.column == Some(column)).add(facet_title(column))
    };
    let none = (plot.kind == PlotKind::Volume)
        .then(|| el("option").attr("value", "").flag("selected", plot.column.is_none()).add(say::none()));
    let fitting = COLUMNS.iter().filter(|column| plot.kind.fits(column));
    el("select").attr("name", name).add(none).each(fitting.map(option))
}
