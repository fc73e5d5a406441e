use super::ast::Filter;
use super::contradiction;
use super::error::FilterError;
use super::explain::closes_nothing;
use super::lexer::{SIGNS, Spanned, Token, lex};
use super::subject::{Subject, subject};
use super::values::{Written, column_test, sign_column, subject_test, text_column};
use super::words;
use crate::columns;
use crate::texts::filter as say;
use std::ops::Range;

/// Bytes in a filter: what X's longest queries need.
const MAX_LENGTH: usize = 4096;
/// Tests in a filter, and parentheses within parentheses: beyond, a search could not answer in time.
pub const MOST_CONDITIONS: usize = 128;
const MAX_DEPTH: usize = 32;

type Result<T> = std::result::Result<T, FilterError>;

/// Reads a filter. An empty text is [`Filter::All`]. What is suggested in the place of a wrong one is a filter.
pub fn parse(text: &str) -> Result<Filter> {
    read(text).map_err(|error| error.mended(text, |mended| read(mended).map(drop)))
}

fn read(text: &str) -> Result<Filter> {
    if text.len() > MAX_LENGTH {
        return Err(too_long(text, text.len()));
    }
    let mut parser = Parser { text, tokens: lex(text)?, at: 0, depth: 0, tests: 0 };
    if parser.tokens.is_empty() {
        return Ok(Filter::All);
    }
    let filter = parser.or(None)?;
    if let Some((_, span)) = parser.peek() {
        return Err(closes_nothing(span));
    }
    // Links carry it as it is printed, and must be readable too.
    match filter.to_string().len() {
        length if length > MAX_LENGTH => Err(too_long(text, length)),
        _ => Ok(filter),
    }
}

fn too_long(text: &str, length: usize) -> FilterError {
    let excess = text.floor_char_boundary(MAX_LENGTH.min(text.len().saturating_sub(1)))..text.len();
    FilterError::new(excess, say::too_long(&MAX_LENGTH.to_string(), &length.to_string()))
}

pub(super) struct Parser<'a> {
    pub text: &'a str,
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    tests: usize,
}

impl Parser<'_> {
    pub fn peek(&self) -> Option<&Spanned> {
        self.tokens.get(self.at)
    }

    /// The token so many places before the next one.
    pub fn back(&self, places: usize) -> Option<&Spanned> {
        self.at.checked_sub(places).and_then(|at| self.tokens.get(at))
    }

    fn next_is(&mut self, token: &Token) -> bool {
        let is = self.peek().is_some_and(|(next, _)| next == token);
        self.at += usize::from(is);
        is
    }

    /// Where the next token stands, or the end.
    pub fn here(&self) -> Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), |(_, span)| span.clone())
    }

    fn or(&mut self, subject: Option<&Subject>) -> Result<Filter> {
        let mut parts = vec![self.and(subject)?];
        while self.next_is(&Token::Or) {
            parts.push(self.and(subject)?);
        }
        Ok(Filter::or(parts))
    }

    fn and(&mut self, subject: Option<&Subject>) -> Result<Filter> {
        let mut parts: Vec<(Filter, Range<usize>)> = Vec::new();
        loop {
            match self.peek().map(|(token, _)| token) {
                None | Some(Token::Or | Token::Close) if parts.is_empty() => {
                    return Err(self.missing());
                }
                None | Some(Token::Or | Token::Close) => break,
                Some(Token::And) if !parts.is_empty() => self.at += 1,
                Some(_) => {}
            }
            let start = self.here().start;
            let filter = self.unary(subject)?;
            let end = self.back(1).map_or(start, |(_, span)| span.end);
            // Parentheses around what must hold anyway change nothing: lang:de (lang:en rocket).
            match filter {
                Filter::And(inner) => parts.extend(inner.into_iter().map(|part| (part, start..end))),
                filter => parts.push((filter, start..end)),
            }
        }
        match contradiction::find(self.text, &parts, subject.is_some()) {
            Some(error) => Err(error),
            None => Ok(Filter::and(parts.into_iter().map(|(filter, _)| filter))),
        }
    }

    fn unary(&mut self, subject: Option<&Subject>) -> Result<Filter> {
        let here = self.here();
        let negated = match self.peek() {
            Some((Token::Not, _)) => true,
            Some((Token::Minus, _)) => self.minus_has_operand()?,
            _ => false,
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            // What stands innermost counts too.
            let most = MAX_DEPTH - 1;
            return Err(FilterError::new(here, say::too_deep(&most.to_string())));
        }
        let filter = if negated {
            self.at += 1;
            self.unary(subject)?.negate()
        } else {
            self.primary(subject)?
        };
        self.depth -= 1;
        Ok(filter)
    }

    /// That something follows the `-` directly.
    fn minus_has_operand(&self) -> Result<bool> {
        let minus = self.here();
        let next = self.tokens.get(self.at + 1);
        if next.is_some_and(|(_, next)| next.start == minus.end) {
            return Ok(true);
        }
        let message = say::loose_minus();
        let first =
            matches!(self.back(1), None | Some((Token::Open | Token::Or | Token::And | Token::Minus | Token::Not, _)));
        Err(match next {
            Some((Token::Word(_) | Token::Phrase(_) | Token::Field { .. } | Token::Open, next)) if first => {
                FilterError::new(minus.start..next.start, message).suggest("-")
            }
            _ => FilterError::new(minus, message),
        })
    }

    fn primary(&mut self, subject: Option<&Subject>) -> Result<Filter> {
        let Some((token, span)) = self.peek().cloned() else {
            return Err(self.missing());
        };
        match token {
            Token::Open => {
                self.at += 1;
                let inner = self.or(subject)?;
                if self.next_is(&Token::Close) { Ok(inner) } else { Err(self.not_closed(span)) }
            }
            Token::Field { name, sign } => {
                self.at += 1;
                match subject {
                    None => self.field(&name, &sign, span),
                    Some(of) => Err(self.field_in_group(of, span)),
                }
            }
            Token::Word(_) | Token::Phrase(_) => self.value(subject, true),
            Token::Close | Token::And | Token::Or | Token::Not | Token::Minus => Err(self.missing()),
        }
    }

    fn field(&mut self, name: &str, sign: &str, span: Range<usize>) -> Result<Filter> {
        let subject = subject(self.text, name, sign, &span)?;
        let missing = || FilterError::new(span.clone(), say::value_missing(&format!("{name}{sign}")));
        let Some((token, value)) = self.peek().cloned() else {
            return Err(missing());
        };
        match token {
            Token::Word(_) | Token::Phrase(_) | Token::Open | Token::Minus if value.start != span.end => {
                let joined = format!("{name}{sign}{}", &self.text[value.clone()]);
                let message = say::value_apart(&format!("{name}{sign}"));
                Err(FilterError::new(span.start..value.end, message).suggest(joined))
            }
            Token::Open if subject.sign == ":" => self.primary(Some(&subject)),
            Token::Open => Err(FilterError::new(value, say::one_value(&format!("{name}{sign}")))),
            Token::Word(word) if subject.excludes(&word) => {
                let turned = format!("-{name}{sign}{}", word.trim_start_matches('-'));
                Err(FilterError::new(span.start..value.end, say::exclude(&turned)).suggest(turned))
            }
            Token::Word(_) | Token::Phrase(_) => self.value(Some(&subject), false),
            _ => Err(missing()),
        }
    }

    /// A word or phrase: by itself, as the value of a column, or in its group of values.
    fn value(&mut self, subject: Option<&Subject>, operators: bool) -> Result<Filter> {
        let Some((token, at)) = self.peek().cloned() else {
            return Err(self.missing());
        };
        self.at += 1;
        self.tests += 1;
        if self.tests > MOST_CONDITIONS {
            return Err(FilterError::new(at, say::too_many(&MOST_CONDITIONS.to_string())));
        }
        match token {
            Token::Phrase(phrase) => {
                let starred =
                    matches!(self.peek(), Some((Token::Word(star), next)) if star == "*" && next.start == at.end);
                self.at += usize::from(starred);
                let at = if starred { at.start..at.end + 1 } else { at };
                let value = Written { text: &phrase, quoted: true, starred, grouped: operators, at };
                match subject {
                    Some(subject) => subject_test(subject, &value),
                    None => column_test(text_column(), ":", &value),
                }
            }
            Token::Word(word) => {
                if operators {
                    self.refuse_small_operator(&word, &at)?;
                }
                match subject {
                    Some(subject) => subject_test(subject, &Written::word(&word, operators, at)),
                    None => self.free_word(&word, at),
                }
            }
            _ => Err(self.missing()),
        }
    }

    /// `a or b` looks for the word "or", which hardly anyone means.
    fn refuse_small_operator(&self, word: &str, at: &Range<usize>) -> Result<()> {
        let capitals = word.to_ascii_uppercase();
        if !matches!(capitals.as_str(), "AND" | "OR" | "NOT") {
            return Ok(());
        }
        let error = FilterError::new(at.clone(), say::capitals(&capitals, word));
        Err(match self.condition_in_words() {
            Some((end, condition)) => error.suggest_for(at.start..end, format!("{capitals} {condition}")),
            None => error.suggest(capitals),
        })
    }

    /// What the next two words mean where somebody writes as he speaks, and where they end: `language english` is `lang:en`.
    fn condition_in_words(&self) -> Option<(usize, String)> {
        let [(Token::Word(name), _), (Token::Word(value), at)] = self.tokens.get(self.at..self.at + 2)? else {
            return None;
        };
        let name = name.to_lowercase();
        let column = columns::find(words::column_here(&name).unwrap_or(&name))?;
        let value = words::value_here(column.name, &value.to_lowercase())?;
        Some((at.end, format!("{}:{value}", column.printed_name())))
    }

    fn free_word(&self, word: &str, at: Range<usize>) -> Result<Filter> {
        if word.starts_with(SIGNS) {
            return Err(self.loose_sign(word, at));
        }
        if let Some(rest) = word.strip_prefix('!').filter(|rest| rest.starts_with(char::is_alphanumeric)) {
            return Err(FilterError::new(at, say::exclude_word()).suggest(format!("-{rest}")));
        }
        match sign_column(word) {
            Some((column, tag)) => {
                let at = at.end - tag.len()..at.end;
                column_test(column, ":", &Written::word(tag, true, at))
            }
            None => column_test(text_column(), ":", &Written::word(word, true, at)),
        }
    }
}
