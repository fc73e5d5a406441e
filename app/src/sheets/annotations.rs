//! Tags and notes that people put on a tweet: a part of the sheet of one tweet.

use crate::components::Here;
use crate::components::time::time;
use crate::markup::{Element, el};
use model::TweetId;
use model::annotation::{Annotations, MAX_NOTE, MAX_TAG, Note, Tagged};
use model::texts::tweet as say;

/// What stands on the tweet, with forms for who may change it.
pub struct Marks {
    pub standing: Annotations,
    pub may_annotate: bool,
    /// Whether something was done just now that cannot be seen yet.
    pub is_soon: bool,
}

/// Nothing where nobody put anything and the person may not.
pub fn marks(here: &Here, id: TweetId, marks: &Marks) -> Option<Element> {
    let Annotations { tags, notes } = &marks.standing;
    if !marks.may_annotate && tags.is_empty() && notes.is_empty() {
        return None;
    }
    let form = |act: &str| {
        let action = format!("{}/tweet/{id}/annotate/{act}?{}", here.url.path(), here.url.query_string());
        el("form").attr("method", "post").attr("action", action).attr("data-sheet", "")
    };
    let tag = |tagged: &Tagged| {
        let untag = marks.may_annotate.then(|| {
            let hidden = el("input").attr("type", "hidden").attr("name", "tag").attr("value", tagged.tag.clone());
            let label = say::untag(&tagged.tag);
            let remove = el("button").attr("type", "submit").attr("aria-label", label).add("×");
            form("untag").add(hidden).add(remove)
        });
        let name = el("bdi").class("tag").add(tagged.tag.clone());
        el("li").add(name).add(said(&tagged.by, time(tagged.at, here.now))).add(untag)
    };
    let list = match tags.is_empty() {
        true => el("p").class("quiet").add(say::no_tags()),
        false => el("ul").class("tags").each(tags.iter().map(tag)),
    };
    let mine = notes.iter().find(|note| note.is_mine);
    let others = notes.iter().filter(|note| !note.is_mine);
    let soon = marks.is_soon.then(|| el("p").class("note").attr("role", "status").add(say::soon()));
    let section = section().add(el("h2").add(say::marks())).add(soon).add(list);
    let section = section.add(marks.may_annotate.then(|| tag_form(form("tag"), say::add_tag())));
    let section = section.each(others.map(|note| other(note, here)));
    Some(section.add(marks.may_annotate.then(|| note_form(form("note"), mine))))
}

/// The part of a sheet that has to do with tags and notes.
pub(super) fn section() -> Element {
    let style = el("link").attr("rel", "stylesheet").attr("href", "/marks.css");
    el("section").class("marks").add(style)
}

/// The form with a field for a tag and a button.
pub(super) fn tag_form(form: Element, button: &'static str) -> Element {
    let field = el("input")
        .attr("name", "tag")
        .attr("maxlength", MAX_TAG.to_string())
        .attr("autocomplete", "off")
        .flag("required", true);
    let label = el("label").add(say::tag()).add(" ").add(field);
    form.class("actions").add(label).add(el("button").attr("type", "submit").add(button))
}

fn note_form(form: Element, mine: Option<&Note>) -> Element {
    let area = el("textarea")
        .attr("name", "note")
        .attr("rows", "3")
        .attr("maxlength", MAX_NOTE.to_string())
        .attr("aria-describedby", "note-help")
        .add(mine.map(|note| note.text.clone()).unwrap_or_default());
    form.add(el("label").add(say::my_note()).add(area))
        .add(el("p").class("quiet").attr("id", "note-help").add(say::note_help()))
        .add(el("button").attr("type", "submit").add(say::save_note()))
}

/// Somebody else's note. Its lines stay lines.
fn other(note: &Note, here: &Here) -> Element {
    let text = el("blockquote").attr("dir", "auto").add(note.text.clone());
    el("article")
        .attr("aria-label", say::note_by(name(&note.by)))
        .add(text)
        .add(said(&note.by, time(note.at, here.now)))
}

fn said(by: &str, at: Element) -> Element {
    el("span").class("quiet").add(" ").add(el("bdi").add(name(by).to_owned())).add(", ").add(at).add(" ")
}

fn name(by: &str) -> &str {
    if by.is_empty() { say::gone_account() } else { by }
}
