use super::canvas::{Anchor, across, note};
use super::{Cell, Drawn, Name, Pen, Row, Table, nothing, title};
use crate::format::{grouped, tenths};
use crate::markup::{Element, svg};
use crate::sheets::column::{shade, weekdays};
use model::stats::Week;
use model::texts::{common, plots as say};
use model::zone;
use service::plots::Plotted;

/// Height of a weekday, and where its hours begin.
const STEP: f64 = 22.0;
const LEFT: f64 = 10.0;

/// Tweets by weekday and hour: the more there are, the stronger the colour.
pub fn week(pen: Pen<'_>, of: &Plotted, week: &Week) -> Drawn {
    let title = title(of.plot);
    let cells = || {
        week.hours
            .iter()
            .enumerate()
            .flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, count)| (day, hour, *count)))
    };
    let Some((day, hour, most)) = cells().max_by_key(|(.., count)| *count).filter(|(.., count)| *count > 0) else {
        return nothing(title);
    };
    let days = weekdays();
    let summary = say::week_most(days[day], &format!("{hour:02}"), &zone::current().name, &grouped(most));
    let mut shapes: Vec<Element> =
        cells().map(|(day, hour, count)| cell(pen, week, (day, days[day]), hour, count, most)).collect();
    for (day, name) in days.iter().enumerate() {
        shapes.push(note(0.0, day as f64 * STEP + 15.0, Anchor::Start, name.chars().take(3).collect()));
    }
    for hour in [0, 6, 12, 18] {
        shapes.push(note(x_of(hour), 7.0 * STEP + 14.0, Anchor::Start, format!("{hour:02}:00")));
    }
    Drawn { title, summary, height: 7.0 * STEP + 20.0, shapes, table: table(pen, week) }
}

fn x_of(hour: usize) -> f64 {
    LEFT + hour as f64 * (100.0 - LEFT) / 24.0
}

fn cell(pen: Pen<'_>, week: &Week, (day, name): (usize, &str), hour: usize, count: u64, most: u64) -> Element {
    const SHADES: [(&str, &str); 6] = [
        ("shade-0", "#f5f7f8"),
        ("shade-1", "#d3e7e6"),
        ("shade-2", "#a2cccb"),
        ("shade-3", "#71b2af"),
        ("shade-4", "#419793"),
        ("shade-5", "#0b7a75"),
    ];
    let class = shade(count, most);
    let colour = SHADES.iter().find(|(name, _)| *name == class).map_or("none", |(_, colour)| colour);
    let words = format!("{name}, {hour:02}:00: {}", common::tweets(count));
    let rect = svg("rect")
        .class(class)
        .attr("fill", colour)
        .attr("x", across(x_of(hour)))
        .attr("y", tenths(day as f64 * STEP))
        .attr("width", across((100.0 - LEFT) / 24.0 - 0.3))
        .attr("height", tenths(STEP - 2.0))
        .attr("rx", "2");
    let in_utc = week.in_utc(Some(day), Some(hour as i64)).filter(|_| count > 0);
    let filter = in_utc.map(|(day, hour)| pen.here.filter.with_hour_of_week(day, hour));
    pen.mark(filter, words, vec![rect])
}

fn table(pen: Pen<'_>, week: &Week) -> Table {
    let hours = (0..24).map(|hour| format!("{hour:02}:00"));
    let rows = weekdays().into_iter().zip(&week.hours).enumerate().map(|(day, (name, hours))| Row {
        name: Name::Text(name.to_owned()),
        href: week
            .in_utc(Some(day), None)
            .and_then(|(day, hour)| pen.href(&pen.here.filter.with_hour_of_week(day, hour))),
        cells: hours.iter().map(|count| Cell::Count(*count)).collect(),
    });
    Table { heads: std::iter::once(zone::current().name.to_string()).chain(hours).collect(), rows: rows.collect() }
}
