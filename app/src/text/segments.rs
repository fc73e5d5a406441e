use model::tweet::Entities;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// As it stands in the text.
    pub text: &'a str,
    pub what: What<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What<'a> {
    Plain,
    /// A value of that column, to filter by.
    Tag {
        column: &'static str,
        value: &'a str,
    },
    /// A link to a web page, and what to show for it.
    Link {
        href: &'a str,
        shown: &'a str,
    },
}

/// Divides a text by its entities. The parts joined give the text back; entities that overlap others, lie outside
/// the text or lead elsewhere than to a web page are plain text.
pub fn segments<'a>(text: &'a str, entities: &'a Entities) -> Vec<Segment<'a>> {
    let offsets = byte_offsets(text);
    let mut found = places(entities);
    found.sort_by_key(|(start, ..)| *start);

    let mut parts = Vec::new();
    let mut done = 0;
    for (start, end, what) in found {
        let (Some(&start), Some(&end)) = (offsets.get(start as usize), offsets.get(end as usize)) else { continue };
        if start < done || start >= end {
            continue;
        }
        push_plain(&mut parts, &text[done..start]);
        parts.push(Segment { text: &text[start..end], what });
        done = end;
    }
    push_plain(&mut parts, &text[done..]);
    parts
}

fn push_plain<'a>(parts: &mut Vec<Segment<'a>>, text: &'a str) {
    if !text.is_empty() {
        parts.push(Segment { text, what: What::Plain });
    }
}

/// Where each code point starts, and the end.
fn byte_offsets(text: &str) -> Vec<usize> {
    text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect()
}

fn places(entities: &Entities) -> Vec<(u32, u32, What<'_>)> {
    let lists = [("hashtag", &entities.hashtags), ("mention", &entities.mentions), ("cashtag", &entities.cashtags)];
    let tags = lists.into_iter().flat_map(|(column, tags)| {
        tags.iter().map(move |tag| (tag.start, tag.end, What::Tag { column, value: &tag.tag }))
    });
    let links = entities.links.iter().filter_map(|link| {
        let href = link.expanded.as_deref().unwrap_or(&link.url);
        let shown = link.display.as_deref().unwrap_or(href);
        is_web(href).then_some((link.start, link.end, What::Link { href, shown }))
    });
    tags.chain(links).collect()
}

/// Whether a link may be followed.
pub fn is_web(href: &str) -> bool {
    let scheme = href.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::tweet::{Link, Tag};
    use proptest::prelude::*;

    fn tag(start: u32, end: u32, tag: &str) -> Tag {
        Tag { start, end, tag: tag.into() }
    }

    fn link(start: u32, end: u32, expanded: &str) -> Link {
        Link { start, end, url: "https://t.co/x".into(), expanded: Some(expanded.into()), display: None, title: None }
    }

    prop_compose! {
        fn any_entities()(places in proptest::collection::vec((0u32..60, 0u32..60, 0u8..4), 0..12)) -> Entities {
            let mut entities = Entities::default();
            for (start, end, kind) in places {
                match kind {
                    0 => entities.hashtags.push(tag(start, end, "x")),
                    1 => entities.mentions.push(tag(start, end, "x")),
                    2 => entities.cashtags.push(tag(start, end, "x")),
                    _ => entities.links.push(link(start, end, "https://example.org")),
                }
            }
            entities
        }
    }

    proptest! {
        #[test]
        fn the_parts_give_the_text_back(text in "\\PC{0,50}", entities in any_entities()) {
            let parts = segments(&text, &entities);
            prop_assert!(parts.iter().all(|part| !part.text.is_empty()));
            prop_assert_eq!(parts.iter().map(|part| part.text).collect::<String>(), text);
        }
    }

    #[test]
    fn offsets_count_code_points() {
        let entities = Entities { hashtags: vec![tag(2, 7, "moon")], ..Entities::default() };
        let parts = segments("🚀 #moon!", &entities);
        assert_eq!(parts.iter().map(|part| part.text).collect::<Vec<_>>(), ["🚀 ", "#moon", "!"]);
        assert_eq!(parts[1].what, What::Tag { column: "hashtag", value: "moon" });
    }

    #[test]
    fn only_web_pages_are_linked() {
        for (target, is_link) in [
            ("https://example.org/", true),
            ("HTTP://example.org/", true),
            ("javascript:alert(1)", false),
            ("javascript://x%0aalert(1)", false),
            ("data:text/html,x", false),
            ("//example.org", false),
        ] {
            let entities = Entities { links: vec![link(0, 4, target)], ..Entities::default() };
            let parts = segments("here", &entities);
            assert_eq!(matches!(parts[0].what, What::Link { .. }), is_link, "{target}");
        }
    }
}
