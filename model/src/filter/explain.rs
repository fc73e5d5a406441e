//! What is wrong at a place where the parser cannot go on.

use super::error::FilterError;
use super::lexer::{Token, ends_word, leading_signs};
use super::parser::Parser;
use super::printer::quoted;
use super::subject::{Subject, known_field};
use super::values::searchable;
use crate::texts::filter as say;
use std::ops::Range;

impl Parser<'_> {
    /// A sign that stands apart from its column: `likes >= 50`.
    pub fn loose_sign(&self, word: &str, at: Range<usize>) -> FilterError {
        let signs = leading_signs(word);
        let end = match self.peek() {
            _ if signs.len() < word.len() => Some(at.end),
            Some((Token::Word(_) | Token::Phrase(_) | Token::Open, next)) => Some(next.end),
            _ => None,
        };
        if let (Some((Token::Word(name), before)), Some(end)) = (self.back(2), end)
            && known_field(name)
        {
            let value = self.text[at.start..end].trim_start_matches(signs).trim_start();
            return FilterError::new(before.start..end, say::loose_sign(signs))
                .suggest(format!("{name}{signs}{value}"));
        }
        let error = FilterError::new(at.clone(), say::loose_sign_quote(signs, word));
        if searchable(word, &at).is_ok() { error.suggest(quoted(word)) } else { error }
    }

    pub fn field_in_group(&self, of: &Subject, span: Range<usize>) -> FilterError {
        let length = self.text[span.start..].find(ends_word);
        let word = span.start..length.map_or(self.text.len(), |length| span.start + length);
        FilterError::new(word.clone(), say::only_values(&of.name)).suggest(quoted(&self.text[word]))
    }

    pub fn not_closed(&self, open: Range<usize>) -> FilterError {
        let rest = self.text[open.start..].trim_end();
        FilterError::new(open.start..self.text.len(), say::not_closed()).suggest(format!("{rest})"))
    }

    /// Why there is nothing to read at this place.
    pub fn missing(&self) -> FilterError {
        let text = |span: &Range<usize>| &self.text[span.clone()];
        match (self.back(1), self.peek()) {
            (_, Some((Token::And | Token::Or, span))) => {
                FilterError::new(span.clone(), say::nothing_before(text(span))).suggest("")
            }
            (Some((Token::And | Token::Or | Token::Not | Token::Minus, span)), _) => {
                FilterError::new(span.clone(), say::nothing_after(text(span))).suggest("")
            }
            (Some((Token::Open, open)), Some((Token::Close, close))) => {
                FilterError::new(open.start..close.end, say::nothing_within())
            }
            (Some((Token::Open, open)), None) => self.not_closed(open.clone()),
            (None, Some((Token::Close, close))) => closes_nothing(close),
            _ => FilterError::new(self.here(), say::nothing_here()),
        }
    }
}

pub(super) fn closes_nothing(parenthesis: &Range<usize>) -> FilterError {
    FilterError::new(parenthesis.clone(), say::closes_none()).suggest("")
}
