//! Where everything stands on the way from X to what people see, for admins: the log, the store, who follows it, the
//! latest runs, and what could not be understood.

mod pace;
mod quarantine;
mod runs;

pub use quarantine::{Sample, sample};

use super::export::size;
use super::sheet;
use crate::components::icons;
use crate::components::time::time;
use crate::format;
use crate::markup::{Element, el, page_link};
use model::Timestamp;
use model::texts::{self, common, pipeline as say};
use service::pipeline::{Follower, Overview, Room, Standing, State};
use service::quality::JudgedRun;
use service::quarantine::Group;

/// What the page is made of.
pub struct Pipeline<'a> {
    pub overview: &'a Overview,
    /// The latest runs, newest first.
    pub runs: &'a [JudgedRun],
    pub groups: &'a [Group],
    /// What has just been done.
    pub done: Option<Done>,
}

/// What was done with a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    TriedAgain { stored: u64, left: u64 },
    Dropped(u64),
}

/// The page.
pub fn pipeline(shown: &Pipeline<'_>) -> Element {
    let now = shown.overview.at;
    let as_of = el("p")
        .class("as-of quiet")
        .add(say::as_of(&format::stamp(now)))
        .add(" ")
        .add(page_link("/pipeline").class("button small").add(say::refresh()))
        .add(" ")
        .add(page_link("/credentials").class("button small").add(texts::credentials::title()));
    let done = shown.done.map(|done| el("p").class("done").attr("role", "status").add(told(done)));
    sheet("pipeline", say::title(), vec![as_of])
        .add(done)
        .add(state(shown.overview))
        .add(section(say::standing(), standing(shown.overview)))
        .add(section(say::pace(), pace::pace(&shown.overview.paces)))
        .add(section(say::quarantine(), quarantine::groups(shown.groups, now)))
        .add(section(say::runs(), runs::runs(shown.runs, now)))
        .add(style())
}

/// What only these pages look like.
fn style() -> Element {
    el("link").attr("rel", "stylesheet").attr("href", "/pipeline.css")
}

pub(super) fn section(title: &'static str, content: Element) -> Element {
    el("section").add(el("h2").add(title)).add(content)
}

fn told(done: Done) -> String {
    match done {
        Done::TriedAgain { stored, left } => format!("{} {}", say::stored(stored), say::left(left)),
        Done::Dropped(count) => say::dropped(count),
    }
}

/// All of it in one line, and what to do about it.
fn state(overview: &Overview) -> Element {
    let now = overview.at;
    let (class, title, about) = match overview.state() {
        State::UpToDate => ("good", say::up_to_date().to_owned(), say::up_to_date_about().to_owned()),
        State::Waiting { records, since, is_late } => {
            let title = match since {
                Some(since) => say::waiting_since(records, &format::short_time_by(since, now)),
                None => say::waiting(records),
            };
            match is_late {
                true => ("warn", title, say::late_about().to_owned()),
                false => ("info", title, say::waiting_about().to_owned()),
            }
        }
        State::IndexBehind { changes } => ("info", say::index_behind(changes), say::index_behind_about().to_owned()),
        State::LogUnknown => {
            let why = overview.log.as_ref().err().map(ToString::to_string).unwrap_or_default();
            ("bad", say::log_unknown().to_owned(), say::log_unknown_about(&why))
        }
        State::NoRoom => {
            let free = overview.room.map_or(0, |room| room.free);
            ("bad", say::no_room().to_owned(), say::no_room_about(&size(free)))
        }
    };
    let icon = matches!(class, "warn" | "bad").then(icons::warning);
    let words = el("div").add(el("p").class("words").add(title)).add(el("p").add(about));
    el("div").class(format!("pipeline-state {class}")).add(icon).add(words)
}

/// One row for each part; who follows the store is one.
fn standing(overview: &Overview) -> Element {
    let head = [say::part(), say::state(), say::stands_at(), say::behind(), say::holds()];
    let store = [Some(words(say::change(&format::grouped(overview.last_change)))), None, None];
    let rows = std::iter::once(log(overview))
        .chain([row(say::store(), badge("good", say::in_order()), store)])
        .chain(overview.followers.iter().map(follower))
        .chain([disk(overview.room)]);
    table(2, &head, rows)
}

fn log(overview: &Overview) -> Element {
    let Ok(log) = &overview.log else {
        return row(say::log(), badge("bad", say::unknown()), [None, None, None]);
    };
    let state = if log.waiting == 0 { badge("good", say::in_order()) } else { badge("info", say::waits()) };
    let since = log.waiting_since.map(|since| words(format!(" {} ", say::since())).add(time(since, overview.at)));
    let waiting = words(say::waiting(log.waiting)).add(since);
    row(say::log(), state, [None, Some(waiting), Some(words(say::pages(log.kept)))])
}

fn follower(standing: &Standing) -> Element {
    let title = match standing.follower {
        Follower::Index => say::index(),
        Follower::Lake => say::lake(),
        Follower::RawLake => say::raw_lake(),
    };
    let state = match (standing.behind, standing.follower) {
        (0, _) => badge("good", say::in_order()),
        (_, Follower::Index) => badge("info", say::is_behind()),
        (_, Follower::Lake | Follower::RawLake) => badge("good", say::takes_in()),
    };
    let facts = [
        say::change(&format::grouped(standing.position)),
        say::changes(standing.behind),
        common::tweets(standing.tweets),
    ];
    row(title, state, facts.map(|text| Some(words(text))))
}

fn disk(room: Option<Room>) -> Element {
    let (state, free) = match room {
        Some(room) if room.is_enough() => (badge("good", say::in_order()), Some(room.free)),
        Some(room) => (badge("bad", say::full()), Some(room.free)),
        None => (badge("warn", say::unknown()), None),
    };
    row(say::disk(), state, [None, None, free.map(|free| words(say::free(&size(free))))])
}

pub(super) fn words(text: String) -> Element {
    el("span").add(text)
}

pub(super) fn badge(class: &'static str, word: &str) -> Element {
    el("span").class(format!("badge {class}")).add(word.to_owned())
}

/// `facts` are where it stands, how far it is behind, and what it holds, as far as that applies to it.
fn row(title: &'static str, state: Element, facts: [Option<Element>; 3]) -> Element {
    let labels = [say::stands_at(), say::behind(), say::holds()];
    let cells = labels.into_iter().zip(facts).map(|(label, fact)| {
        // What does not apply has no line where each fact has one.
        let class = if fact.is_some() { "number" } else { "number none" };
        el("td").class(class).attr("data-label", label).add(fact.unwrap_or_else(|| words("–".to_owned())))
    });
    el("tr")
        .add(el("th").attr("scope", "row").add(title))
        .add(el("td").attr("data-label", say::state()).add(state))
        .each(cells)
}

/// A table of which each row is a card in narrow windows. So many columns at its beginning are words, the others numbers.
pub(super) fn table(of_words: usize, head: &[&'static str], rows: impl IntoIterator<Item = Element>) -> Element {
    let heads = head.iter().enumerate().map(|(place, title)| {
        let class = if place < of_words { "words" } else { "number" };
        el("th").class(class).attr("scope", "col").add(*title)
    });
    el("table").class("facts").add(el("thead").add(el("tr").each(heads))).add(el("tbody").each(rows))
}

/// From when to when.
fn between(first: i64, last: i64, now: Timestamp) -> Element {
    let (first, last) = (time(Timestamp(first), now), time(Timestamp(last), now));
    el("span").add(format!("{} ", say::first())).add(first).add(format!(" · {} ", say::last())).add(last)
}
