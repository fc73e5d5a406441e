//! Signs that are searched for like words.

/// Arrows, mathematical signs, dingbats, emoji: all from U+2190 but punctuation and what has no shape.
pub fn is_symbol(c: char) -> bool {
    c >= '\u{2190}'
        && !c.is_alphanumeric()
        && !matches!(c,
            '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{303f}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fe00}'..='\u{fe6f}' | '\u{feff}'..='\u{ffff}' | '\u{e0000}'..='\u{10ffff}')
}
