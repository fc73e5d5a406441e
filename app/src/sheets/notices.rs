//! What alerts and exports have told the signed-in person.

use super::sheet;
use crate::components::time::time;
use crate::markup::{Element, el, page_link, sheet_link};
use model::alert::Notice;
use model::export::{ExportRecord, ExportState};
use model::texts::{common, frame, notices as say, sheets};
use model::{Pid, Row, Timestamp};

/// Characters of a post that a notice shows.
const EXCERPT: usize = 200;

/// The exports that have ended, then the notices of alerts with the posts that they show; newest first.
pub fn notices(ended: &[ExportRecord], notices: &[Notice], samples: &[Row], now: Timestamp) -> Element {
    let alerts = sheet_link("/alerts").class("button").add(frame::alerts());
    if notices.is_empty() && ended.is_empty() {
        let none = el("p").class("quiet").add(say::nothing());
        return sheet("notices", say::title(), vec![none, alerts]);
    }
    let is_new = !ended.is_empty() || notices.iter().any(|notice| !notice.is_read);
    let all = is_new.then(|| {
        let form = el("form").attr("method", "post").attr("action", "/notices/read").attr("data-sheet", "");
        form.add(el("button").attr("type", "submit").add(say::all_read()))
    });
    let items = notices.iter().map(|notice| item(notice, samples, now));
    let list = el("ul").class("notice-list").each(ended.iter().map(|record| export(record, now))).each(items);
    let content = vec![el("div").class("actions").add(all).add(alerts), list];
    sheet("notices", say::title(), content)
}

fn export(record: &ExportRecord, now: Timestamp) -> Element {
    let title = if record.state == ExportState::Ready { say::export_ready() } else { say::export_failed() };
    let facts = format!("{} · {}", record.format.title(), common::tweets(record.tweets));
    let at = record.finished_at.unwrap_or(record.at);
    let time = time(at, now);
    // As with the notices of alerts.
    let open = el("form")
        .attr("method", "post")
        .attr("action", format!("/exports/{}/see", record.id))
        .add(el("button").attr("type", "submit").add(say::see_export()));
    el("li")
        .class("notice")
        .add(el("h2").add(title).add(" ").add(el("span").class("badge good").add(say::new())))
        .add(el("p").add(time).add(" · ").add(el("bdi").add(record.collection.clone())).add(" · ").add(facts))
        .add(open)
}

fn item(notice: &Notice, samples: &[Row], now: Timestamp) -> Element {
    let time = time(notice.at, now);
    let is_new = (!notice.is_read).then(|| el("span").class("badge good").add(say::new()));
    let head = el("h2").add(el("bdi").add(notice.alert_name.clone())).add(" ").add(is_new);
    let posts = notice.samples.iter().filter_map(|id| samples.iter().find(|row| row.tweet.id == *id)).map(post);
    // Opening it marks it as read, and so it is posted; the answer leads to the posts.
    let open = el("form")
        .attr("method", "post")
        .attr("action", format!("/notices/{}/open", notice.id))
        .add(el("button").attr("type", "submit").add(say::see()));
    el("li")
        .class("notice")
        .add(head)
        .add(el("p").add(time).add(" · ").add(notice.reason.told()))
        .add(el("ul").class("samples").each(posts))
        .add(open)
}

fn post(row: &Row) -> Element {
    let author = row.tweet.author.map_or_else(|| say::unknown().to_owned(), Pid::short);
    let mut text: String = row.tweet.text.chars().take(EXCERPT).collect();
    if row.tweet.text.chars().nth(EXCERPT).is_some() {
        text.push('…');
    }
    el("li").add(el("span").class("quiet").add(author).add(" ")).add(el("bdi").attr("dir", "auto").add(text))
}

/// The notice cannot be opened any more.
pub fn gone() -> Element {
    let words = el("p").add(say::gone());
    sheet("notices", sheets::not_found(), vec![words, page_link("/notices").class("button").add(say::title())])
}
