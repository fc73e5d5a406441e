//! Plots: pictures of what a filter finds, each with its words, its table and its files. One file for each kind.

mod activity;
mod bars;
pub(super) mod canvas;
mod growth;
mod page;
mod share;
mod spread;
mod table;
#[cfg(test)]
mod tests;
mod top;
mod volume;
mod week;

pub use bars::bars;
pub use growth::{growth, growth_csv};
pub use page::{Plots, failed, plots};

use crate::components::{Here, facet::value_name};
use crate::format;
use crate::markup::{Element, el, page_link, svg};
use crate::text::language_name;
use crate::url::encode;
use model::Filter;
use model::columns::{Column, Format};
use model::filter::describe;
use model::plot::{Plot, PlotKind};
use model::texts::{common, plots as say, sheets};
use service::plots::{Data, Plotted};
use table::{Cell, Name, Row, Table};

/// A plot, drawn.
pub struct Drawn {
    title: String,
    /// What it says, in words.
    summary: String,
    height: f64,
    /// Its shapes; none if there is nothing to show.
    shapes: Vec<Element>,
    table: Table,
}

/// Makes the marks of a plot: links on a page, mere shapes in a file.
#[derive(Clone, Copy)]
struct Pen<'a> {
    here: &'a Here,
    is_file: bool,
}

impl Pen<'_> {
    /// Shapes with their words, which lead to the tweets that a filter finds, if there is such a filter.
    fn mark(&self, filter: Option<Filter>, words: String, shapes: Vec<Element>) -> Element {
        let title = svg("title").add(words.clone());
        match filter.filter(|_| !self.is_file) {
            // The table has the same links for keyboards.
            Some(filter) => svg("a")
                .attr("href", self.here.filtered(&filter))
                .attr("aria-label", words)
                .attr("tabindex", "-1")
                .add(title)
                .each(shapes),
            None => svg("g").add(title).each(shapes),
        }
    }

    fn href(&self, filter: &Filter) -> Option<String> {
        Some(self.here.filtered(filter))
    }
}

/// Draws what was counted for a page; `here` is where its tweets are.
pub fn draw(here: &Here, of: &Plotted) -> Drawn {
    drawn(Pen { here, is_file: false }, of)
}

fn drawn(pen: Pen<'_>, of: &Plotted) -> Drawn {
    match (&of.data, of.plot.column) {
        (Data::Volume(histogram), _) => volume::volume(pen, of, histogram),
        (Data::Week(week), _) => week::week(pen, of, week),
        (Data::Activity(activity), _) => activity::activity(of, activity),
        (Data::Column(stats), Some(column)) => match of.plot.kind {
            PlotKind::Share => share::share(pen, of, column, stats),
            PlotKind::Spread => spread::spread(pen, of, column, stats),
            _ => top::top(pen, of, column, stats),
        },
        (Data::Column(_), None) => nothing(title(of.plot)),
    }
}

/// What a plot is called.
pub fn title(plot: Plot) -> String {
    let of = plot.column.map(|column| column.noun()).unwrap_or_default();
    match plot.kind {
        PlotKind::Volume if !of.is_empty() => say::volume_by(of),
        PlotKind::Top => say::top_of(of),
        PlotKind::Share => say::share_of(of),
        PlotKind::Spread => say::spread_of(of),
        PlotKind::Volume | PlotKind::Week | PlotKind::Activity => plot.kind.title().to_owned(),
    }
}

/// A value in words.
fn name_of(column: &Column, value: &str) -> String {
    match column.format {
        Format::Language => language_name(value).map_or_else(|| value.to_owned(), str::to_owned),
        _ => value_name(column, value),
    }
}

fn nothing(title: String) -> Drawn {
    let table = Table { heads: Vec::new(), rows: Vec::new() };
    Drawn { title, summary: say::nothing().to_owned(), height: 0.0, shapes: Vec::new(), table }
}

/// What was counted as a file of SVG, in light colours; `collection` is the title of the collection.
pub fn svg_file(here: &Here, collection: &str, of: &Plotted) -> String {
    let Drawn { title, summary, height, shapes, .. } = drawn(Pen { here, is_file: true }, of);
    let source = format!("{} · {}", tweets_of(here, collection), format::stamp(of.as_of));
    canvas::file(title, summary, &source, height, shapes).html()
}

/// What the plots are of: the collection, and the filter in words.
fn tweets_of(here: &Here, collection: &str) -> String {
    match here.filter {
        Filter::All => sheets::all_tweets_of(collection),
        ref filter => format!("{collection}: {}", describe(filter)),
    }
}

/// The name under which a plot is saved.
pub fn file_name(plot: Plot, ending: &str) -> String {
    let column = plot.column.map(|column| format!("-{}", column.name)).unwrap_or_default();
    format!("roost-{}{column}.{ending}", plot.kind.name())
}

/// What was counted as a file of CSV.
pub fn csv_file(here: &Here, of: &Plotted) -> String {
    draw(here, of).table.csv()
}

impl Drawn {
    /// On a page: title, words, picture, table and files.
    pub fn figure(self, here: &Here, plot: Plot) -> Vec<Element> {
        let heading = el("h2").add(self.title.clone());
        let summary = el("p").class("summary").add(el("bdi").add(self.summary));
        if self.shapes.is_empty() {
            return vec![heading, summary];
        }
        let picture = canvas::picture(self.height, self.shapes)
            .class("picture")
            .attr("role", "group")
            .attr("aria-label", self.title.clone());
        let table = el("details").add(el("summary").add(say::as_table())).add(self.table.element(&self.title));
        vec![heading, summary, picture, el("div").class("plot-foot").add(table).add(files(here, plot, &self.title))]
    }
}

const PNG: &str = "PNG";

/// The links to the files. The browser makes the PNG of the SVG, in a dialog, where there is script.
fn files(here: &Here, plot: Plot, title: &str) -> Element {
    let column = plot.column.map(|column| format!("&col={}", encode(column.name))).unwrap_or_default();
    let href = |name: &str| here.url.first_page().sheet(name, &format!("kind={}{column}", plot.kind.name()));
    let file = |name: &str, word: &'static str| {
        page_link(href(name)).attr("download", "").attr("aria-label", say::as_file(title, word)).add(word)
    };
    let png = el("button")
        .class("quiet script")
        .attr("type", "button")
        .attr("data-png", href("plot.svg"))
        .attr("data-name", file_name(plot, "png"))
        .attr("aria-label", say::as_file(title, PNG))
        .add(PNG);
    el("p").class("files").add(png).add(file("plot.svg", "SVG")).add(file("plot.csv", "CSV"))
}

/// How many tweets there are, and how far that can be trusted.
pub fn trust(of: &Plotted) -> Element {
    counted(of).each(how_far(of))
}

/// How many tweets there are.
pub fn counted(of: &Plotted) -> Element {
    el("p").class("trust").add(el("strong").add(common::tweets(of.total)))
}

/// How far the counts can be trusted: the same words for plots of the same tweets at the same time.
pub fn how_far(of: &Plotted) -> Vec<Element> {
    let newest =
        of.newest.map(|at| el("span").attr("title", format::stamp(at)).add(say::newest(&format::ago(at, of.as_of))));
    let as_of = say::as_of(&format::written(of.as_of, "%H:%M %Z"));
    let exact = el("span").class("good").add(say::exact());
    std::iter::once(exact).chain(newest).chain([el("span").attr("title", format::stamp(of.as_of)).add(as_of)]).collect()
}
