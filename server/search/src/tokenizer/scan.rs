//! Cuts a text into pieces: words, runs of scripts without spaces, signs, symbols.

use model::symbol::is_symbol;
use unicode_segmentation::UnicodeSegmentation;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Letters, digits and underscores, with their marks.
    Word,
    /// A script that sets no spaces between words.
    Dense,
    /// `#`, `@` or `$` right before a word.
    Sign(char),
    /// An emoji or another symbol: one grapheme.
    Symbol,
    Break,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub class: Class,
}

/// The pieces of a text in their order, without breaks. A word or dense piece is as long as can be.
pub(super) fn scan(text: &str, pieces: &mut Vec<Piece>) {
    pieces.clear();
    let mut before = Class::Break;
    let mut at = 0;
    while at < text.len() {
        let (length, mut class) = cluster(&text[at..]);
        let in_word = matches!(before, Class::Word | Class::Dense);
        if matches!(class, Class::Sign(_)) && in_word {
            class = Class::Break;
        }
        match (class, pieces.last_mut()) {
            (Class::Break, _) => {}
            (Class::Word | Class::Dense, Some(last)) if last.class == class && before == class => {
                last.end = at + length
            }
            _ => pieces.push(Piece { start: at, end: at + length, class }),
        }
        before = class;
        at += length;
    }
}

/// Length in bytes and class of what stands first.
fn cluster(text: &str) -> (usize, Class) {
    let bytes = text.as_bytes();
    // A mark may follow the last ASCII character before a non-ASCII one, so that one takes the long way.
    if bytes[0].is_ascii() && bytes.get(1).is_none_or(u8::is_ascii) {
        return (1, class_of(char::from(bytes[0])));
    }
    let Some(first) = text.chars().next() else { return (text.len(), Class::Break) };
    if is_dense(first) {
        return (first.len_utf8(), Class::Dense);
    }
    let grapheme = text.graphemes(true).next().unwrap_or(text);
    match class_of(first) {
        // Marks after a space are no part of it: the next word may begin with them.
        Class::Break => (first.len_utf8(), Class::Break),
        Class::Word if grapheme.contains('\u{20e3}') => (grapheme.len(), Class::Symbol),
        class => (grapheme.len(), class),
    }
}

fn class_of(c: char) -> Class {
    match c {
        '_' => Class::Word,
        '#' | '＃' => Class::Sign('#'),
        '@' | '＠' => Class::Sign('@'),
        '$' | '＄' => Class::Sign('$'),
        _ if c.is_ascii_alphanumeric() => Class::Word,
        _ if c.is_ascii() => Class::Break,
        _ if c.is_alphanumeric() => Class::Word,
        _ if is_symbol(c) => Class::Symbol,
        _ => Class::Break,
    }
}

/// Han, Kana, Thai, Lao, Myanmar, Khmer; Hangul too, whose words take endings: 한국어를 is found by 한국어.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}'
        | '\u{0e01}'..='\u{0e4e}' | '\u{0e50}'..='\u{0e59}' | '\u{0e81}'..='\u{0ede}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}')
}

/// Marks that readers do not type when they search: accents, joiners, variation selectors.
pub(super) fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ad}')
}
