//! Text as search compares it: no case, no diacritics, no punctuation, one space between words. Streams keep diacritics.

/// What is compared with what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Folding {
    /// `cafe` finds `café`.
    Search,
    /// It does not.
    Stream,
}

/// Words between single spaces, with one at both ends; and the raw text for emoji.
pub struct Folded {
    pub words: String,
    pub raw: String,
}

impl Folded {
    pub fn of(text: &str, folding: Folding) -> Self {
        let raw = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        Self { words: words(&raw, folding), raw }
    }
}

/// ` moon landing ` for `Moon-Landing!`; a single space if there is no word.
pub fn words(text: &str, folding: Folding) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for c in text.chars() {
        if is_combining(c) {
            continue;
        }
        if is_word(c) {
            match folding {
                Folding::Search => words.extend(c.to_lowercase().map(base_letter)),
                Folding::Stream => words.extend(c.to_lowercase()),
            }
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

/// Scripts that glue words together, where a keyword is looked for anywhere.
pub fn is_unspaced(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(c, '\u{e00}'..='\u{eff}' | '\u{1780}'..='\u{17ff}' | '\u{1100}'..='\u{11ff}'
            | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
    })
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_word(c: char) -> bool {
    // vowel signs and tone marks of Indic and Thai script belong to the word
    c.is_alphanumeric()
        || c == '_'
        || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{dff}' | '\u{e31}'..='\u{e4e}')
}

fn base_letter(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'ş' | 'š' => 's',
        'ţ' | 'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}
