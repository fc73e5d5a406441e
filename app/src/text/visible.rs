/// Combining marks in a row that are shown; more are drawn over other lines.
const MAX_MARKS: usize = 8;

/// A part of a text from strangers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// A sign that would act on the page unseen, shown by this name.
    Control(String),
}

/// Divides a text so that what changes the direction of other text, and other control signs, can be seen, and drops
/// the combining marks beyond eight in a row.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut marks = 0;
    for (at, character) in text.char_indices() {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        let control = control_name(character);
        if control.is_none() && marks <= MAX_MARKS {
            continue;
        }
        if start < at {
            parts.push(Piece::Text(&text[start..at]));
        }
        parts.extend(control.map(Piece::Control));
        start = at + character.len_utf8();
    }
    if start < text.len() {
        parts.push(Piece::Text(&text[start..]));
    }
    parts
}

fn control_name(character: char) -> Option<String> {
    let name = match character {
        '\n' | '\t' => return None,
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        other if other.is_control() => return Some(format!("U+{:04X}", u32::from(other))),
        _ => return None,
    };
    Some(name.to_owned())
}

/// Whether it is drawn onto the letter before it.
fn is_mark(character: char) -> bool {
    matches!(u32::from(character),
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x0610..=0x061a | 0x064b..=0x065f
        | 0x0e31 | 0x0e34..=0x0e3a | 0x0e47..=0x0e4e | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff
        | 0x20d0..=0x20ff | 0xfe20..=0xfe2f)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_unseen_is_left(text in any::<String>()) {
            for piece in pieces(&text) {
                if let Piece::Text(shown) = piece {
                    prop_assert!(!shown.is_empty() && shown.chars().all(|c| control_name(c).is_none()));
                }
            }
        }

        #[test]
        fn ordinary_text_stays_whole(text in "[a-zé宇🚀 \n]{1,40}") {
            prop_assert_eq!(pieces(&text), vec![Piece::Text(&text)]);
        }
    }

    #[test]
    fn direction_is_not_changed_in_secret() {
        assert_eq!(
            pieces("a\u{202e}b\u{7}"),
            [Piece::Text("a"), Piece::Control("RLO".into()), Piece::Text("b"), Piece::Control("U+0007".into())]
        );
    }

    #[test]
    fn marks_do_not_pile_up() {
        let pile = format!("z{}w", "\u{0310}".repeat(50));
        let shown: usize = pieces(&pile)
            .iter()
            .map(|piece| if let Piece::Text(text) = piece { text.chars().count() } else { 0 })
            .sum();
        assert_eq!(shown, 10);
    }
}
