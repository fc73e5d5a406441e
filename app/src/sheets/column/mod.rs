//! The sheet of a column: what its values are like, and the conditions on it, with forms that fit its type.

pub mod conditions;
mod forms;
mod plots;
mod values;

pub(super) use self::plots::{range_condition, range_words, shade, weekdays};

use self::conditions::{Sent, Shown, shown};
use super::sheet;
use crate::components::{Here, facet::facet_title};
use crate::format::{self, percent, share};
use crate::markup::{Element, el, link, page_link};
use model::columns::{Column, Kind};
use model::filter::describe;
use model::stats::{ColumnStats, Quantity};
use model::texts::{chips, column as say, common, language, sheets};
use model::{Filter, Timestamp, zone};
use service::column::ColumnCard;

/// All that the sheet shows.
pub struct Sheet<'a> {
    pub here: &'a Here,
    pub column: &'static Column,
    pub card: &'a ColumnCard,
    /// What was sent with the request.
    pub sent: &'a Sent,
    /// Why a form could not be taken.
    pub problem: Option<String>,
    /// The list that the form for lists shows in the place of what was sent.
    pub list: Option<Vec<String>>,
}

/// The sheet of a column.
pub fn column(sheet_of: &Sheet<'_>) -> Element {
    let Sheet { here, column, card, .. } = *sheet_of;
    let shown = sheet_of.shown();
    let content = vec![
        el("p").class("quiet").add(column.help()),
        problem(sheet_of.problem.as_deref()),
        current(sheet_of),
        sort(here, column),
        el("div").class("forms").add(forms::forms(sheet_of, &shown)),
        values::values(sheet_of, &shown),
        stats(column, &card.stats),
        el("div").class("plots").add(plots::week(sheet_of)).add(plots::activity(card)),
        page_link(here.url.href()).class("button back").add(sheets::back()),
    ];
    sheet("column", facet_title(column), content)
}

impl Sheet<'_> {
    fn part(&self) -> Option<usize> {
        self.sent.part(&self.here.filter, self.column)
    }

    /// What the forms show: what was sent and could not be taken, or else what the filter has.
    fn shown(&self) -> Shown {
        let mut shown = shown(&self.here.filter, self.column, self.part());
        if self.problem.is_some() {
            let field = |key: &str| self.sent.field(key).unwrap_or_default().to_owned();
            (shown.value, shown.from, shown.to, shown.list) =
                (field("value"), field("from"), field("to"), self.sent.list());
        }
        if let Some(list) = &self.list {
            shown.list.clone_from(list);
        }
        shown
    }

    /// The link to the explore page with another filter.
    fn filtered(&self, filter: &Filter) -> String {
        self.here.filtered(filter)
    }

    /// The filter with this in the place of the edited condition, or of all on the column.
    fn replaced(&self, condition: Filter) -> String {
        let filter = &self.here.filter;
        self.filtered(&match self.part() {
            Some(place) => filter.with_conjunct(place, condition),
            None => filter.without_column(self.column).with(condition),
        })
    }
}

fn problem(text: Option<&str>) -> Element {
    match text {
        Some(text) => el("p").class("problem-note").attr("role", "alert").add(text.to_owned()),
        None => el("p").attr("hidden", ""),
    }
}

/// The conditions on the column that the filter has, each with a way out.
fn current(of: &Sheet<'_>) -> Element {
    let part = of.part();
    let conjuncts = of.here.filter.conjuncts().iter().enumerate();
    let of_column = conjuncts.filter(|(_, condition)| condition.column() == Some(of.column));
    let items = of_column.map(|(place, condition)| {
        let words = describe(condition);
        let remove = link(of.filtered(&of.here.filter.without_conjunct(place)))
            .attr("aria-label", chips::remove_condition(&words))
            .add(say::remove());
        let note = (part == Some(place)).then(|| el("span").class("note").add(say::edited()));
        el("li").add(el("bdi").add(words)).add(" ").add(note).add(" ").add(remove)
    });
    let items: Vec<Element> = items.collect();
    if items.is_empty() {
        return el("p").class("note").add(say::no_condition());
    }
    let clear = link(of.filtered(&of.here.filter.without_column(of.column))).add(say::any());
    el("div").class("current").add(el("ul").attr("aria-label", say::conditions()).each(items)).add(clear)
}

fn sort(here: &Here, column: &'static Column) -> Element {
    if !column.sortable {
        return el("p").attr("hidden", "");
    }
    let (up, down) = match column.kind {
        Kind::Date => (say::oldest(), say::newest()),
        Kind::Number | Kind::Decimal | Kind::Id => (say::lowest(), say::highest()),
        Kind::Flag => (say::no(), say::yes()),
        Kind::Text | Kind::Keyword => (say::a(), say::z()),
    };
    let remove = here.url.sort.iter().any(|key| key.column == column.name);
    el("p")
        .class("sort-links")
        .add(format!("{} ", say::sort()))
        .add(link(here.sorted(column.name, true)).add(down))
        .add(" · ")
        .add(link(here.sorted(column.name, false)).add(up))
        .add(remove.then_some(" · "))
        .add(remove.then(|| link(here.not_sorted(column)).add(say::remove())))
}

/// The figures of the column over what the other conditions find.
fn stats(column: &Column, stats: &ColumnStats) -> Element {
    let mut figures: Vec<(&'static str, String)> = Vec::new();
    let filled = percent(share(stats.filled, stats.total));
    figures.push((say::filled(), say::filled_of(&filled, &common::tweets(stats.total))));
    figures.extend(stats.distinct.map(|distinct| (say::distinct(), format::grouped(distinct))));
    if let Some(spread) = &stats.spread {
        let (least, most) =
            if column.kind == Kind::Date { (say::earliest(), say::latest()) } else { (say::least(), say::most()) };
        let all = [
            (least, spread.least),
            (say::first_quartile(), spread.first_quartile),
            (say::median(), spread.median),
            (say::third_quartile(), spread.third_quartile),
            (most, spread.most),
        ];
        figures.extend(all.map(|(name, quantity)| (name, quantity_text(quantity))));
    }
    let figure = |(name, value): (&'static str, String)| el("div").add(el("dt").add(name)).add(el("dd").add(value));
    el("section")
        .class("figures")
        .add(el("h2").add(say::figures()))
        .add(el("dl").each(figures.into_iter().map(figure)))
        .add(el("p").class("note").add(say::exact()))
}

/// A value for people.
pub(super) fn quantity_text(quantity: Quantity) -> String {
    match quantity {
        Quantity::Number(number) => format::signed(number),
        Quantity::Decimal(number) => decimal_text(number),
        Quantity::Id(id) => id.to_string(),
        Quantity::Date(at) => date_text(at),
    }
}

/// To four digits, without zeros at its end.
fn decimal_text(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').replace('.', language::point())
}

fn date_text(at: Timestamp) -> String {
    format::edge_label(at, if zone::current().civil(at).0 % model::time::DAY == 0 { model::time::DAY } else { 0 })
}
