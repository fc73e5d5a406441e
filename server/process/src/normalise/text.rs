//! X escapes `&`, `<` and `>` in texts, and counts the offsets of entities in the escaped text.

use std::borrow::Cow;

const ESCAPES: [(&str, char); 3] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>')];

/// Where characters were taken out of a text: for each escape its place in the escaped text, and how many
/// characters fewer the text has from there on. All in code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts(Vec<Cut>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cut {
    start: usize,
    length: usize,
    removed_before: usize,
}

impl Cuts {
    /// The offset in the plain text of an offset in the escaped text. One inside an escape moves to its start.
    pub fn rebase(&self, offset: usize) -> usize {
        let after = self.0.partition_point(|cut| cut.start < offset);
        let Some(cut) = after.checked_sub(1).and_then(|last| self.0.get(last)) else {
            return offset;
        };
        if offset < cut.start + cut.length {
            return cut.start - cut.removed_before;
        }
        offset - cut.removed_before - (cut.length - 1)
    }
}

/// Resolves `&amp;`, `&lt;` and `&gt;`, once: `&amp;lt;` becomes `&lt;`.
pub fn unescape(escaped: &str) -> (Cow<'_, str>, Cuts) {
    if !escaped.contains('&') {
        return (Cow::Borrowed(escaped), Cuts::default());
    }
    let mut plain = String::with_capacity(escaped.len());
    let mut cuts = Cuts::default();
    let (mut rest, mut position, mut removed) = (escaped, 0, 0);
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        position += before.chars().count();
        let escape = ESCAPES.iter().find(|(escape, _)| from.starts_with(escape));
        let (length, character) = escape.map_or((1, '&'), |(escape, character)| (escape.len(), *character));
        if length > 1 {
            cuts.0.push(Cut { start: position, length, removed_before: removed });
        }
        plain.push(character);
        position += length;
        removed += length - 1;
        rest = &from[length..];
    }
    plain.push_str(rest);
    (Cow::Owned(plain), cuts)
}

/// A text whose characters are reached by code point.
pub struct Points<'t> {
    text: &'t str,
    /// The byte at which each code point begins, and the length; empty for ASCII, where both are the same.
    bytes: Vec<usize>,
}

impl<'t> Points<'t> {
    pub fn new(text: &'t str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect()
        };
        Self { text, bytes }
    }

    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The part between two offsets in code points; none if they lie outside or in the wrong order.
    pub fn slice(&self, start: usize, end: usize) -> Option<&'t str> {
        self.text.get(self.byte(start)?..self.byte(end)?)
    }

    /// The code point that begins at a byte.
    pub fn point(&self, byte: usize) -> usize {
        if self.bytes.is_empty() { byte } else { self.bytes.partition_point(|begin| *begin < byte) }
    }

    pub fn byte(&self, point: usize) -> Option<usize> {
        if self.bytes.is_empty() { (point <= self.text.len()).then_some(point) } else { self.bytes.get(point).copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_are_resolved_once() {
        assert_eq!(unescape("a &amp;lt; &lt;b&gt; &copy; &").0, "a &lt; <b> &copy; &");
    }

    #[test]
    fn offsets_move_with_the_text() {
        let (text, cuts) = unescape("é &amp; #one &lt;3 #two");
        assert_eq!(text, "é & #one <3 #two");
        assert_eq!((cuts.rebase(8), cuts.rebase(12)), (4, 8));
        assert_eq!((cuts.rebase(19), cuts.rebase(23)), (12, 16));
        assert_eq!(cuts.rebase(4), 2, "inside an escape");
    }

    fn escape(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    proptest! {
        #[test]
        fn what_an_entity_covers_stays_the_same(
            before in "[a&<>é😀;# ]{0,12}", covered in "[a&<>é😀;# ]{0,12}", after in "[a&<>é😀;# ]{0,12}",
        ) {
            let escaped = [escape(&before), escape(&covered), escape(&after)];
            let start = escaped[0].chars().count();
            let end = start + escaped[1].chars().count();
            let whole = escaped.concat();
            let (plain, cuts) = unescape(&whole);
            prop_assert_eq!(&*plain, [&*before, &*covered, &*after].concat());
            let slice = Points::new(&plain).slice(cuts.rebase(start), cuts.rebase(end)).map(str::to_owned);
            prop_assert_eq!(slice, Some(covered));
        }

        #[test]
        fn rebased_offsets_keep_their_order(text in "[a&;<ampltg😀]{0,40}", a in 0usize..60, b in 0usize..60) {
            let (_, cuts) = unescape(&text);
            prop_assert!(cuts.rebase(a.min(b)) <= cuts.rebase(a.max(b)));
        }
    }
}
