//! Finds tags, mentions and links in a plain text, by the rules of X in short.

use model::tweet::{Entities, Link, Tag};

/// What stands in the text; offsets in code points, nothing overlaps.
pub fn entities(text: &str) -> Entities {
    let mut entities = Entities::default();
    let mut before = None;
    let (mut byte, mut point) = (0, 0u32);
    while let Some(character) = text[byte..].chars().next() {
        let rest = &text[byte..];
        let length = entity_length(rest, character, before);
        if length == 0 {
            before = Some(character);
            byte += character.len_utf8();
            point += 1;
            continue;
        }
        let entity = &rest[..length];
        let end = point + entity.chars().count() as u32;
        put(&mut entities, entity, character, point, end);
        before = entity.chars().next_back();
        byte += length;
        point = end;
    }
    entities
}

fn put(entities: &mut Entities, entity: &str, sign: char, start: u32, end: u32) {
    let tag = || Tag { start, end, tag: entity[sign.len_utf8()..].to_owned() };
    match sign {
        '#' | '＃' => entities.hashtags.push(tag()),
        '$' => entities.cashtags.push(tag()),
        '@' | '＠' => entities.mentions.push(tag()),
        _ => {
            let url = entity.to_owned();
            entities.links.push(Link { start, end, url, expanded: None, display: None, title: None });
        }
    }
}

/// Bytes of the entity that begins here; 0 if none does.
fn entity_length(rest: &str, sign: char, before: Option<char>) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match sign {
        '#' | '＃' if !before.is_some_and(|c| is_word(c) || c == '&') => hashtag_length(rest),
        '@' | '＠' if !before.is_some_and(|c| c.is_ascii_alphanumeric() || "_!#$%&*@＠".contains(c)) => {
            mention_length(rest)
        }
        '$' if before.is_none_or(char::is_whitespace) => cashtag_length(rest),
        'h' | 'H' if !before.is_some_and(|c| c.is_ascii_alphanumeric() || "@＠$#＃".contains(c)) => link_length(rest),
        _ => 0,
    }
}

fn hashtag_length(rest: &str) -> usize {
    let sign = rest.chars().next().map_or(0, char::len_utf8);
    let name = &rest[sign..];
    let length = name.find(|c: char| !c.is_alphanumeric() && c != '_' && !is_mark(c)).unwrap_or(name.len());
    let next = &name[length..];
    let has_letter = name[..length].chars().any(char::is_alphabetic);
    if has_letter && !next.starts_with(['#', '＃']) && !next.starts_with("://") { sign + length } else { 0 }
}

/// Joiners and combining marks inside words of Indic scripts, Thai and others.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{0300}'..='\u{036f}' | '\u{064b}'..='\u{065f}')
        || matches!(c, '\u{0900}'..='\u{0dff}' | '\u{0e31}'..='\u{0e4e}')
}

fn mention_length(rest: &str) -> usize {
    let sign = rest.chars().next().map_or(0, char::len_utf8);
    let name = &rest[sign..];
    let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').take(20).count();
    let next = &name[length..];
    let goes_on = next.starts_with(['@', '＠']) || next.starts_with("://");
    if length == 0 || goes_on || next.starts_with(|c: char| c.is_ascii_alphanumeric()) { 0 } else { sign + length }
}

fn cashtag_length(rest: &str) -> usize {
    let letters = rest.bytes().skip(1).take_while(u8::is_ascii_alphabetic).count();
    let goes_on = rest[1 + letters..].starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
    if (1..=6).contains(&letters) && !goes_on { 1 + letters } else { 0 }
}

fn link_length(rest: &str) -> usize {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| rest.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme)));
    let Some(scheme) = scheme else { return 0 };
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'<>“”‘’«»（）「」、。，！？…".contains(c);
    let length = rest.find(ends).unwrap_or(rest.len());
    let url = rest[..length].trim_end_matches(['.', ',', ':', ';', '!', '?', ')', ']', '}', '*']);
    if url.len() > scheme.len() { url.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let entities = entities(text);
        let tags = entities.hashtags.iter().chain(&entities.cashtags).chain(&entities.mentions);
        let spans = tags.map(|tag| (tag.start, tag.end)).chain(entities.links.iter().map(|l| (l.start, l.end)));
        let mut spans: Vec<_> = spans.collect();
        spans.sort_unstable();
        let characters: Vec<char> = text.chars().collect();
        spans.into_iter().map(|(start, end)| characters[start as usize..end as usize].iter().collect()).collect()
    }

    #[test]
    fn tags_mentions_and_links_are_found() {
        assert_eq!(
            found("😀 @JetBlue's #fail, see http://t.co/abc. $AAPL"),
            ["@JetBlue", "#fail", "http://t.co/abc", "$AAPL"]
        );
        assert_eq!(found("#日本語 ＃été_1"), ["#日本語", "＃été_1"]);
    }

    #[test]
    fn what_only_looks_like_it_is_not() {
        for text in ["a@b.com", "#1", "a#b", "$5", "@", "http://", "@user@host", "&#39;"] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
