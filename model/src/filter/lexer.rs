use super::error::FilterError;
use super::printer::quoted;
use crate::texts::filter as say;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    /// `-` before what it negates.
    Minus,
    And,
    Or,
    Not,
    /// `column:` or `column>=` and its like, before its value; the sign as it stands in the text.
    Field {
        name: String,
        sign: String,
    },
    Word(String),
    Phrase(String),
}

pub(super) type Spanned = (Token, Range<usize>);

/// Signs that compare a column with a value, alone or several together.
pub(super) const SIGNS: [char; 7] = [':', '<', '>', '=', '≥', '≤', '≠'];
/// The minus sign and what word processors make of it.
pub(super) const DASHES: [char; 4] = ['-', '–', '—', '−'];
/// The quote and what word processors make of it.
pub(super) const QUOTES: [char; 4] = ['"', '“', '”', '„'];

pub(super) fn lex(text: &str) -> Result<Vec<Spanned>, FilterError> {
    let mut tokens: Vec<Spanned> = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let start = at;
        let after_field = matches!(tokens.last(), Some((Token::Field { .. }, span)) if span.end == start);
        at += character.len_utf8();
        let token = match character {
            _ if character.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            _ if QUOTES.contains(&character) => {
                let (phrase, end) = phrase(text, start)?;
                at = end;
                Token::Phrase(phrase)
            }
            _ if DASHES.contains(&character) && !after_field => Token::Minus,
            _ => {
                if !after_field {
                    refuse_emoticon(text, start)?;
                }
                let word = &text[start..word_end(text, start)];
                let (token, length) = word_token(word, after_field);
                at = start + length;
                token
            }
        };
        tokens.push((token, start..at));
    }
    Ok(tokens)
}

/// Whether a word ends before this character.
pub(super) fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')') || QUOTES.contains(&character)
}

/// The signs at the beginning of a text.
pub(super) fn leading_signs(text: &str) -> &str {
    let text_after = text.trim_start_matches("!=").trim_start_matches(SIGNS);
    &text[..text.len() - text_after.len()]
}

fn word_end(text: &str, start: usize) -> usize {
    text[start..].find(ends_word).map_or(text.len(), |length| start + length)
}

fn word_token(word: &str, after_field: bool) -> (Token, usize) {
    if !after_field {
        match word {
            "AND" => return (Token::And, word.len()),
            "OR" => return (Token::Or, word.len()),
            "NOT" => return (Token::Not, word.len()),
            _ => {}
        }
        if let Some((name, sign)) = field(word) {
            let length = name.len() + sign.len();
            return (Token::Field { name: name.to_owned(), sign: sign.to_owned() }, length);
        }
    }
    (Token::Word(word.to_owned()), word.len())
}

/// The column's name and the sign at the beginning of a word, if it begins so.
pub(super) fn field(word: &str) -> Option<(&str, &str)> {
    let length = word.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    let (name, rest) = word.split_at(length);
    let sign = leading_signs(rest);
    (!name.is_empty() && !sign.is_empty()).then_some((name, sign))
}

/// `:)` and its like: their parenthesis would be taken for one that groups.
fn refuse_emoticon(text: &str, start: usize) -> Result<(), FilterError> {
    let face = &text[start..];
    let Some(rest) = face.strip_prefix([':', ';', '=']) else { return Ok(()) };
    let rest = rest.strip_prefix(['-', '\'', '^']).unwrap_or(rest);
    let after = rest.trim_start_matches(['(', ')']);
    if after.len() == rest.len() || after.starts_with(|c: char| !c.is_whitespace()) {
        return Ok(());
    }
    let end = text.len() - after.len();
    Err(FilterError::new(start..end, say::emoticon()))
}

fn phrase(text: &str, start: usize) -> Result<(String, usize), FilterError> {
    let straight = text[start..].starts_with('"');
    let first = start + text[start..].chars().next().map_or(0, char::len_utf8);
    let closes = |c: char| if straight { c == '"' } else { matches!(c, '“' | '”') };
    let mut phrase = String::new();
    let mut characters = text[first..].char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        match character {
            _ if closes(character) => return Ok((phrase, first + offset + character.len_utf8())),
            '\\' => match characters.next_if(|(_, next)| QUOTES.contains(next) || *next == '\\') {
                Some((_, escaped)) => phrase.push(escaped),
                None => phrase.push('\\'),
            },
            other => phrase.push(other),
        }
    }
    let error = FilterError::new(start..text.len(), say::quote_not_closed());
    let phrase = phrase.trim();
    Err(if phrase.is_empty() { error } else { error.suggest(quoted(phrase)) })
}
