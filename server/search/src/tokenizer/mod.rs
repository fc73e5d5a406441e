//! How texts become terms, in the index and in questions alike.
//!
//! | text | terms at one position each |
//! |---|---|
//! | `Launch day!` | `launch`, `day` |
//! | `#Moon` | `#moon` and `moon` together; `@user` and `$CASH` alike |
//! | `https://example.org/a` | `https`, `example`, `org`, `a` |
//! | `宇宙開発` | `宇宙` and `宇`, `宙開` and `宙`, `開発` and `開`, `発` |
//! | `👩‍🚀` | the grapheme, without variation selectors |
//!
//! Case, accents and full-width forms do not count.

mod scan;

use scan::{Class, Piece, is_ignorable, scan};
use std::ops::Range;
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// Part of the version of the index: raise it when any text would give other terms.
pub(crate) const VERSION: u32 = 2;

const SOCIAL: &str = "social";
const KEYWORD: &str = "keyword";

/// The names by which the schema refers to the tokenizers.
pub(crate) const NAMES: (&str, &str) = (SOCIAL, KEYWORD);

pub(crate) fn manager() -> TokenizerManager {
    let manager = TokenizerManager::default();
    let social = TextAnalyzer::builder(SocialTokenizer::default()).filter(AsciiFoldingFilter).filter(LowerCaser);
    manager.register(SOCIAL, social.build());
    manager.register(KEYWORD, TextAnalyzer::builder(RawTokenizer::default()).filter(LowerCaser).build());
    manager
}

/// What a term is in the text it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// A sign with all that is joined to it; it ends before this piece.
    Signed {
        until: usize,
    },
    Word,
    /// Two neighbours of a dense run.
    Pair,
    /// One character of a dense run; alone if the run has no other.
    Single {
        alone: bool,
    },
    Symbol,
}

#[derive(Clone, Debug)]
struct Term {
    /// Where it stands in the buffer.
    text: Range<usize>,
    position: usize,
    role: Role,
    piece: usize,
}

/// Cuts texts by [`scan`]; filters behind it fold case and accents.
#[derive(Clone, Default)]
pub(crate) struct SocialTokenizer {
    pieces: Vec<Piece>,
    terms: Vec<Term>,
    buffer: String,
    token: Token,
}

impl SocialTokenizer {
    fn read(&mut self, text: &str) {
        self.terms.clear();
        self.buffer.clear();
        scan(text, &mut self.pieces);
        let mut position = 0;
        for index in 0..self.pieces.len() {
            let piece = self.pieces[index];
            let inside = &text[piece.start..piece.end];
            position += match piece.class {
                Class::Word => self.put_word(inside, position, index),
                Class::Symbol => self.put_symbol(inside, position, index),
                Class::Dense => self.put_dense(inside, position, index),
                Class::Sign(sign) => self.put_signed(text, sign, position, index),
                Class::Break => 0,
            };
        }
    }

    /// Adds a term without its ignorable characters. Returns how many positions it takes.
    fn put(&mut self, chars: impl Iterator<Item = char>, position: usize, role: Role, piece: usize) -> usize {
        let start = self.buffer.len();
        self.buffer.extend(chars.filter(|c| !is_ignorable(*c)));
        let text = start..self.buffer.len();
        if text.is_empty() {
            return 0;
        }
        self.terms.push(Term { text, position, role, piece });
        1
    }

    fn put_word(&mut self, inside: &str, position: usize, index: usize) -> usize {
        if !inside.is_ascii() {
            return self.put(inside.chars(), position, Role::Word, index);
        }
        let start = self.buffer.len();
        self.buffer.push_str(inside);
        self.terms.push(Term { text: start..self.buffer.len(), position, role: Role::Word, piece: index });
        1
    }

    fn put_symbol(&mut self, inside: &str, position: usize, index: usize) -> usize {
        let start = self.buffer.len();
        self.buffer.extend(inside.chars().filter(|c| !matches!(c, '\u{fe00}'..='\u{fe0f}')));
        self.terms.push(Term { text: start..self.buffer.len(), position, role: Role::Symbol, piece: index });
        1
    }

    fn put_dense(&mut self, inside: &str, position: usize, index: usize) -> usize {
        let mut chars = inside.chars().peekable();
        let mut taken = 0;
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let alone = taken == 0 && next.is_none();
            if let Some(next) = next {
                self.put([c, next].into_iter(), position + taken, Role::Pair, index);
            }
            self.put([c].into_iter(), position + taken, Role::Single { alone }, index);
            taken += 1;
        }
        taken
    }

    fn put_signed(&mut self, text: &str, sign: char, position: usize, index: usize) -> usize {
        let mut until = index + 1;
        let mut end = self.pieces[index].end;
        while let Some(next) = self.pieces.get(until) {
            if next.start != end || !matches!(next.class, Class::Word | Class::Dense) {
                break;
            }
            end = next.end;
            until += 1;
        }
        let joined = &text[self.pieces[index].end..end];
        if !joined.is_empty() {
            self.put([sign].into_iter().chain(joined.chars()), position, Role::Signed { until }, index);
        }
        0
    }
}

impl Tokenizer for SocialTokenizer {
    type TokenStream<'a> = SocialStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SocialStream<'a> {
        self.read(text);
        self.token.reset();
        SocialStream { tokenizer: self, next: 0 }
    }
}

pub(crate) struct SocialStream<'a> {
    tokenizer: &'a mut SocialTokenizer,
    next: usize,
}

impl TokenStream for SocialStream<'_> {
    fn advance(&mut self) -> bool {
        let SocialTokenizer { terms, buffer, token, .. } = &mut *self.tokenizer;
        let Some(term) = terms.get(self.next) else { return false };
        token.text.clear();
        token.text.push_str(&buffer[term.text.clone()]);
        token.position = term.position;
        self.next += 1;
        true
    }

    fn token(&self) -> &Token {
        &self.tokenizer.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.tokenizer.token
    }
}

/// One term that a question looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub position: usize,
    pub text: String,
    /// Longer words may begin with it (a pair or symbol is whole).
    pub extensible: bool,
}

/// The terms that must stand at these distances from each other for the words of `text` to be adjacent.
///
/// Of terms at one position it takes the most selective: what was written with a sign counts with it.
pub(crate) fn wanted(text: &str) -> Vec<Wanted> {
    let mut tokenizer = SocialTokenizer::default();
    tokenizer.read(text);
    let mut folded =
        TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).filter(LowerCaser).build();
    let mut skip_until = 0;
    let mut found = Vec::new();
    for term in &tokenizer.terms {
        if term.piece < skip_until {
            continue;
        }
        let extensible = match term.role {
            Role::Signed { until } => {
                skip_until = until;
                true
            }
            Role::Word => true,
            Role::Pair | Role::Symbol | Role::Single { alone: true } => false,
            Role::Single { alone: false } => continue,
        };
        let mut stream = folded.token_stream(&tokenizer.buffer[term.text.clone()]);
        if stream.advance() {
            found.push(Wanted { position: term.position, text: stream.token().text.clone(), extensible });
        }
    }
    found
}

/// Whether a word of the index stands in a text outside of its links.
pub fn stands_beside_links(text: &str, word: &str) -> bool {
    let mut beside = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        beside.push_str(&rest[..start]);
        beside.push(' ');
        // Of scripts without spaces the next word may follow at once.
        let end = rest[start..].find(|c: char| c.is_whitespace() || !c.is_ascii());
        rest = end.map_or("", |end| &rest[start + end..]);
    }
    beside.push_str(rest);
    let Some(mut analyzer) = manager().get(SOCIAL) else { return true };
    let mut stream = analyzer.token_stream(&beside);
    while stream.advance() {
        if stream.token().text == word {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
