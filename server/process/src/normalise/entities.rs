//! Puts entities where they stand in the unescaped text.
//!
//! X's offsets are right almost always. Where they do not fit, the tag or link is looked for in the text; where
//! it is not there either (cut-off texts) it is left out. No two entities overlap: the first stays.

use super::text::{Cuts, Points};
use crate::wire::{WireEntities, WireTag, WireUrl, lenient::Number};
use model::tweet::{Entities, Link, Tag};

/// Texts with more misplaced entities than this are no tweets; searching for all would take too long.
const MAX_SEARCHES: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Hashtag,
    Cashtag,
    Mention,
}

impl Sort {
    fn signs(self) -> &'static [char] {
        match self {
            Self::Hashtag => &['#', '＃'],
            Self::Cashtag => &['$', '＄'],
            Self::Mention => &['@', '＠'],
        }
    }
}

#[derive(Clone, Copy)]
enum What<'e> {
    Tag(Sort, &'e str),
    Link(&'e WireUrl<'e>, &'e str),
}

struct Placed<'e> {
    start: usize,
    end: usize,
    what: What<'e>,
}

pub fn place(text: &str, cuts: &Cuts, wire: &WireEntities<'_>) -> Entities {
    let candidates = candidates(wire);
    if candidates.is_empty() {
        return Entities::default();
    }
    let points = Points::new(text);
    let mut placed = Vec::with_capacity(candidates.len());
    let mut misplaced = Vec::new();
    for (what, start, end) in candidates {
        let offsets = (start.0.and_then(|start| offset(start, cuts)), end.0.and_then(|end| offset(end, cuts)));
        match offsets {
            (Some(start), Some(end)) if fits(&points, what, start, end) => placed.push(Placed { start, end, what }),
            _ => misplaced.push(what),
        }
    }
    for what in misplaced.into_iter().take(MAX_SEARCHES) {
        placed.extend(search(&points, what, &placed).map(|(start, end)| Placed { start, end, what }));
    }
    // Stable: of entities at the same place the first of X's list stays.
    placed.sort_by_key(|entity| entity.start);
    into_entities(placed)
}

fn candidates<'e>(wire: &'e WireEntities<'e>) -> Vec<(What<'e>, Number, Number)> {
    let tags = |sort: Sort, list: &'e [crate::wire::lenient::Obj<WireTag<'e>>]| {
        let tags = list.iter().filter_map(|item| item.0.as_ref());
        tags.filter_map(move |tag| {
            let name = tag.tag.filled().or(tag.username.filled())?;
            let name = name.strip_prefix(sort.signs()).unwrap_or(name);
            (!name.is_empty()).then_some((What::Tag(sort, name), tag.start, tag.end))
        })
    };
    let links = wire.urls.objects().filter_map(|url| Some((What::Link(url, url.url.filled()?), url.start, url.end)));
    let all = tags(Sort::Hashtag, &wire.hashtags.0)
        .chain(tags(Sort::Cashtag, &wire.cashtags.0))
        .chain(tags(Sort::Mention, &wire.mentions.0));
    all.chain(links).collect()
}

fn offset(escaped: u64, cuts: &Cuts) -> Option<usize> {
    u32::try_from(escaped).ok().map(|offset| cuts.rebase(offset as usize))
}

/// Whether the text says at that place what the entity says. A mention may name another handle than the text:
/// accounts are renamed.
fn fits(points: &Points<'_>, what: What<'_>, start: usize, end: usize) -> bool {
    let Some(slice) = points.slice(start, end) else { return false };
    match what {
        What::Link(_, url) => slice == url,
        What::Tag(sort, name) => match slice.strip_prefix(sort.signs()) {
            Some(written) if sort == Sort::Mention => is_handle(written) && !continues(points, end),
            Some(written) => same_word(written, name),
            None => false,
        },
    }
}

fn is_handle(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn continues(points: &Points<'_>, end: usize) -> bool {
    let rest = points.byte(end).and_then(|byte| points.text().get(byte..)).unwrap_or_default();
    rest.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
}

fn same_word(a: &str, b: &str) -> bool {
    a == b || a.chars().flat_map(char::to_lowercase).eq(b.chars().flat_map(char::to_lowercase))
}

/// The first place of the entity in the text that is not taken.
fn search(points: &Points<'_>, what: What<'_>, taken: &[Placed<'_>]) -> Option<(usize, usize)> {
    let is_free = |start: usize, end: usize| taken.iter().all(|other| end <= other.start || other.end <= start);
    match what {
        What::Link(_, url) => {
            let length = url.chars().count();
            let starts = points.text().match_indices(url).map(|(byte, _)| points.point(byte));
            starts.map(|start| (start, start + length)).find(|(start, end)| is_free(*start, *end))
        }
        What::Tag(sort, name) => {
            let length = 1 + name.chars().count();
            let starts = points.text().match_indices(sort.signs()).map(|(byte, _)| points.point(byte));
            let places = starts.map(|start| (start, start + length));
            let mut matching = places.filter(|(start, end)| {
                let written = points.slice(*start, *end).and_then(|slice| slice.strip_prefix(sort.signs()));
                written.is_some_and(|written| same_word(written, name)) && ends_word(points, *end)
            });
            matching.find(|(start, end)| is_free(*start, *end))
        }
    }
}

fn ends_word(points: &Points<'_>, end: usize) -> bool {
    let rest = points.byte(end).and_then(|byte| points.text().get(byte..)).unwrap_or_default();
    !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_')
}

fn into_entities(placed: Vec<Placed<'_>>) -> Entities {
    let mut entities = Entities::default();
    let mut free_from = 0;
    for Placed { start, end, what } in placed {
        if start < free_from || start >= end {
            continue;
        }
        free_from = end;
        let (start, end) = (start as u32, end as u32);
        match what {
            What::Tag(sort, name) => {
                let list = match sort {
                    Sort::Hashtag => &mut entities.hashtags,
                    Sort::Cashtag => &mut entities.cashtags,
                    Sort::Mention => &mut entities.mentions,
                };
                list.push(Tag { start, end, tag: name.to_owned() });
            }
            What::Link(wire, url) => entities.links.push(Link {
                start,
                end,
                url: url.to_owned(),
                expanded: wire.expanded_url.owned(),
                display: wire.display_url.owned(),
                title: wire.title.owned(),
            }),
        }
    }
    entities
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::text::unescape;

    fn placed(escaped: &str, json: &str) -> Entities {
        let (text, cuts) = unescape(escaped);
        place(&text, &cuts, &serde_json::from_str(json).unwrap())
    }

    #[test]
    fn a_tag_at_a_wrong_offset_is_found_in_the_text() {
        let found = placed(
            "say #one and #on",
            r#"{"hashtags":[{"start":1,"end":4,"tag":"on"},{"start":4,"end":8,"tag":"one"}]}"#,
        );
        let tags: Vec<_> = found.hashtags.iter().map(|tag| (tag.start, tag.end, &*tag.tag)).collect();
        assert_eq!(tags, [(4, 8, "one"), (13, 16, "on")]);
    }

    #[test]
    fn a_tag_outside_the_text_is_left_out() {
        let found = placed("cut off…", r#"{"hashtags":[{"start":100,"end":104,"tag":"one"}]}"#);
        assert!(found.is_empty());
    }

    #[test]
    fn of_overlapping_links_the_first_stays() {
        let url = |expanded: &str| format!(r#"{{"start":2,"end":8,"url":"http:a","expanded_url":"{expanded}"}}"#);
        let found = placed("a http:a", &format!(r#"{{"urls":[{},{}]}}"#, url("1"), url("2")));
        assert_eq!(found.links.len(), 1);
        assert_eq!(found.links[0].expanded.as_deref(), Some("1"));
    }

    #[test]
    fn a_renamed_account_keeps_its_place() {
        let found = placed("hi @old_name!", r#"{"mentions":[{"start":3,"end":12,"username":"new"}]}"#);
        assert_eq!(found.mentions, [Tag { start: 3, end: 12, tag: "new".into() }]);
    }
}
