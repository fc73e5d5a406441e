//! When an alert would have fired: in words, on a histogram, and moment by moment.

use crate::components::Here;
use crate::format;
use crate::markup::{Element, el, link, svg};
use model::Timestamp;
use model::texts::{back_test as say, language};
use model::time::DAY;
use model::zone;
use service::alerts::{BackTest, Fired};

/// The histogram, in its own units.
const WIDTH: i64 = 720;
const HEIGHT: i64 = 72;
/// Room above the bars for the marks.
const MARKS: i64 = 10;
/// Moments that are listed.
const LISTED: usize = 12;

/// What the back-test found.
pub fn back_test(here: &Here, found: &BackTest, days: u32) -> Vec<Element> {
    let days = days.to_string();
    let told = match fired(found).count() {
        0 => say::never(&days),
        times => say::times(times as u64, &days),
    };
    let matches: u64 = found.days.iter().map(|day| day.count).sum();
    let sentence = el("p").add(el("strong").add(told)).add(say::matches(matches));
    let moments = found.fired.iter().rev().take(LISTED).map(|fired| moment(here, fired));
    let more =
        found.fired.len().checked_sub(LISTED + 1).map(|left| el("p").class("note").add(say::before(left as u64 + 1)));
    vec![sentence, chart(found), ends(found), el("ol").class("moments").each(moments)].into_iter().chain(more).collect()
}

/// Where it would have fired, without the notices that it is over.
fn fired(found: &BackTest) -> impl Iterator<Item = &Fired> {
    found.fired.iter().filter(|fired| !fired.moment.all_clear)
}

fn moment(here: &Here, fired: &Fired) -> Element {
    let href = format!("{}?{}", here.url.path(), fired.query);
    let time = el("time")
        .attr("datetime", fired.moment.at.to_rfc3339())
        .add(format::written(fired.moment.at, &format!("%a {}", language::day_time())));
    el("li").add(link(href).add(time)).add(" ").add(el("span").class("quiet").add(fired.reason.told()))
}

/// The first and the last day of the chart, and how many matches the highest bar stands for.
fn ends(found: &BackTest) -> Element {
    let most = found.days.iter().map(|day| day.count).max().unwrap_or_default();
    let day = |at: Timestamp| el("span").add(format::written(at, language::day()));
    let most = el("span").add(say::most(&format::grouped(most)));
    el("div").class("ends").attr("aria-hidden", "true").add(day(found.from)).add(most).add(day(found.to))
}

/// A bar per day, and a mark over each moment. What it shows is in the words around it as well.
fn chart(found: &BackTest) -> Element {
    let zone = zone::current();
    let start_of = |at| zone.floor(at, DAY, found.from);
    let from = start_of(found.from);
    let span = zone.after(start_of(found.to), DAY) - from;
    let most = found.days.iter().map(|day| day.count).max().unwrap_or_default().max(1);
    let x = |at: Timestamp| (at - from) as f64 * WIDTH as f64 / span as f64;
    let bars = found.days.iter().map(|day| {
        let width = x(zone.after(day.start, DAY)) - x(day.start);
        let height = ((day.count as f64 / most as f64) * (HEIGHT - MARKS) as f64).max(1.0);
        svg("rect")
            .class("bar")
            .attr("x", format!("{:.1}", x(day.start) + width * 0.1))
            .attr("y", format!("{:.1}", HEIGHT as f64 - height))
            .attr("width", format!("{:.1}", width * 0.8))
            .attr("height", format!("{height:.1}"))
            .add(svg("title").add(format!(
                "{}: {}",
                format::written(day.start, language::day()),
                format::grouped(day.count)
            )))
    });
    let marks = fired(found).map(|fired| {
        let at = x(fired.moment.at);
        svg("path").class("mark-fired").attr("d", format!("M{at:.1} {MARKS}l-4 -8h8z")).add(svg("title").add(format!(
            "{}: {}",
            format::written(fired.moment.at, &format!("{} %Z", language::day_time())),
            fired.reason.told()
        )))
    });
    let label = format!("{}, {}", say::days(found.days.len() as u64), say::marks(fired(found).count() as u64));
    svg("svg")
        .class("back-test-chart")
        .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .attr("preserveAspectRatio", "none")
        .attr("role", "img")
        .attr("aria-label", label)
        .each(bars)
        .each(marks)
}
