//! Grammar: `OR` binds weakest, AND is a space, `-` negates one term, parentheses group.

use super::fold::{Folding, words};
use super::{Has, Is, Metric, Node, Term};

const PREFIX: &str = "There were errors processing your request: ";

/// A word of the query and where it starts, counted from 1 as X does.
#[derive(Debug, PartialEq)]
struct Token {
    at: usize,
    kind: TokenKind,
}

#[derive(Debug, PartialEq)]
enum TokenKind {
    Open,
    Close,
    Or,
    Minus,
    Quoted(String),
    /// `operator:` or `operator:value`, or a bare word.
    Word(String),
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    end: usize,
    folding: Folding,
}

pub fn parse(text: &str, folding: Folding) -> Result<Node, String> {
    let tokens = tokens(text)?;
    let end = text.chars().count() + 1;
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), end, folding };
    let node = parser.any()?;
    if let Some(token) = parser.tokens.next() {
        return Err(error("missing EOF at ')'", token.at));
    }
    if !stands_alone(&node) {
        let message = "Rules must contain at least one positive, non-stopword clause that can stand alone";
        return Err(error(message, 1));
    }
    Ok(node)
}

fn error(message: &str, at: usize) -> String {
    format!("{PREFIX}{message} (at position {at})")
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut next = 0;
    while next < characters.len() {
        let at = next + 1;
        let kind = match characters[next] {
            c if c.is_whitespace() => {
                next += 1;
                continue;
            }
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            '-' => TokenKind::Minus,
            '"' => {
                let (quoted, length) = quoted(&characters[next..], at)?;
                next += length;
                tokens.push(Token { at, kind: TokenKind::Quoted(quoted) });
                continue;
            }
            _ => {
                let (word, length) = word(&characters[next..], at)?;
                next += length;
                let kind = match word.as_str() {
                    "OR" => TokenKind::Or,
                    "AND" | "and" => return Err(ambiguous(at)),
                    _ => TokenKind::Word(word),
                };
                tokens.push(Token { at, kind });
                continue;
            }
        };
        tokens.push(Token { at, kind });
        next += 1;
    }
    Ok(tokens)
}

fn ambiguous(at: usize) -> String {
    let message = "Ambiguous use of and as a keyword. Use a space to logically join two clauses, or \
                   \"and\" to find occurrences of and in text";
    error(message, at)
}

/// The text between quotes and the characters it took, both quotes included.
fn quoted(characters: &[char], at: usize) -> Result<(String, usize), String> {
    let close = characters.iter().skip(1).position(|&c| c == '"');
    let length = close.ok_or_else(|| error("no viable alternative at character '<EOF>'", at))?;
    Ok((characters[1..=length].iter().collect(), length + 2))
}

/// A word up to a space or parenthesis; the value of an operator may be quoted.
fn word(characters: &[char], at: usize) -> Result<(String, usize), String> {
    let mut word = String::new();
    let mut taken = 0;
    while let Some(&c) = characters.get(taken) {
        if c == '"' && word.ends_with(':') {
            let (value, length) = quoted(&characters[taken..], at + taken)?;
            word.push_str(&value);
            taken += length;
            break;
        }
        if c.is_whitespace() || matches!(c, '(' | ')' | '"') {
            break;
        }
        word.push(c);
        taken += 1;
    }
    Ok((word, taken))
}

impl Parser {
    fn any(&mut self) -> Result<Node, String> {
        let mut nodes = vec![self.all()?];
        while self.tokens.next_if(|token| token.kind == TokenKind::Or).is_some() {
            nodes.push(self.all()?);
        }
        Ok(single(nodes, Node::Any))
    }

    fn all(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.next_if(|token| !matches!(token.kind, TokenKind::Or | TokenKind::Close)) {
            nodes.push(self.unary(token)?);
        }
        if nodes.is_empty() {
            let (what, at) = match self.tokens.peek() {
                Some(token) if token.kind == TokenKind::Or => ("OR", token.at),
                Some(token) => (")", token.at),
                None => ("<EOF>", self.end),
            };
            return Err(error(&format!("no viable alternative at input '{what}'"), at));
        }
        Ok(single(nodes, Node::All))
    }

    fn unary(&mut self, token: Token) -> Result<Node, String> {
        match token.kind {
            TokenKind::Open => {
                let group = self.any()?;
                match self.tokens.next() {
                    Some(Token { kind: TokenKind::Close, .. }) => Ok(group),
                    _ => Err(error("missing ')' at '<EOF>'", self.end)),
                }
            }
            TokenKind::Minus => match self.tokens.next() {
                Some(Token { kind: TokenKind::Open, at }) => {
                    Err(error("Negation of a group is not supported. Negate each clause instead", at))
                }
                Some(token @ Token { kind: TokenKind::Quoted(_) | TokenKind::Word(_), .. }) => {
                    Ok(Node::Not(Box::new(self.unary(token)?)))
                }
                _ => Err(error("no viable alternative at character '-'", token.at)),
            },
            TokenKind::Quoted(phrase) => Ok(Node::Term(text_term(&phrase, token.at, self.folding)?)),
            TokenKind::Word(word) => Ok(Node::Term(term(&word, token.at, self.folding)?)),
            TokenKind::Or | TokenKind::Close => Err(error("no viable alternative at input", token.at)),
        }
    }
}

fn single(mut nodes: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 { nodes.remove(0) } else { join(nodes) }
}

/// Whether X accepts the query alone: some way through it meets a positive standalone operator.
fn stands_alone(node: &Node) -> bool {
    match node {
        Node::All(nodes) => nodes.iter().any(stands_alone),
        Node::Any(nodes) => nodes.iter().all(stands_alone),
        Node::Not(_) => false,
        Node::Term(term) => !matches!(term, Term::Is(_) | Term::Has(_) | Term::Lang(_)),
    }
}

fn text_term(text: &str, at: usize, folding: Folding) -> Result<Term, String> {
    let words = words(text, folding);
    match words.as_str() {
        " " if text.trim().is_empty() => Err(error("Empty phrase", at)),
        " " => Ok(Term::Signs(text.trim().to_owned())),
        _ => Ok(Term::Words(words)),
    }
}

fn term(word: &str, at: usize, folding: Folding) -> Result<Term, String> {
    let tagged = |sign| word.strip_prefix(sign).filter(|rest: &&str| !rest.is_empty());
    if let Some(tag) = tagged('#') {
        return Ok(Term::Hashtag(tag.to_owned()));
    }
    if let Some(name) = tagged('@') {
        return Ok(Term::Mention(name.to_owned()));
    }
    if let Some(tag) = tagged('$')
        && tag.starts_with(char::is_alphabetic)
    {
        return Ok(Term::Cashtag(tag.to_owned()));
    }
    match word.split_once(':') {
        Some((operator, value)) if is_operator(operator) => operation(operator, value, at),
        _ => text_term(word, at, folding),
    }
}

/// Words like `10:30` are text, not an operator.
fn is_operator(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn operation(operator: &str, value: &str, at: usize) -> Result<Term, String> {
    if value.is_empty() {
        return Err(error(&format!("missing value for operator '{operator}'"), at));
    }
    let invalid = |what: &str| error(&format!("Invalid value '{value}' for operator '{what}'"), at);
    let number = || value.parse().map_err(|_| invalid(operator));
    let name = || value.trim_start_matches('@').to_owned();
    Ok(match operator {
        "from" => Term::From(name()),
        "to" => Term::To(name()),
        "retweets_of" => Term::RetweetsOf(name()),
        "lang" => Term::Lang(if value == "id" { "in" } else { value }.to_owned()),
        "url" => Term::Url(value.to_lowercase()),
        "place" => Term::Place(value.to_owned()),
        "place_country" => Term::PlaceCountry(value.to_owned()),
        "conversation_id" => Term::Conversation(number()?),
        "in_reply_to_tweet_id" => Term::References("replied_to", number()?),
        "retweets_of_tweet_id" => Term::References("retweeted", number()?),
        "quotes_of_tweet_id" => Term::References("quoted", number()?),
        "min_likes" => Term::At(Metric::Likes, number()?),
        "min_replies" => Term::At(Metric::Replies, number()?),
        "min_reposts" => Term::At(Metric::Reposts, number()?),
        "is" => Term::Is(is(value).ok_or_else(|| invalid("is"))?),
        "has" => Term::Has(has(value).ok_or_else(|| invalid("has"))?),
        _ => {
            let message = format!(
                "Reference to invalid operator '{operator}'. Operator is not available in current \
                 product or product packaging. Please refer to complete available operator list at \
                 http://t.co/operators."
            );
            return Err(error(&message, at));
        }
    })
}

fn is(value: &str) -> Option<Is> {
    Some(match value {
        "retweet" => Is::Retweet,
        "reply" => Is::Reply,
        "quote" => Is::Quote,
        "verified" => Is::Verified,
        "nullcast" => Is::Nullcast,
        _ => return None,
    })
}

fn has(value: &str) -> Option<Has> {
    Some(match value {
        "hashtags" => Has::Hashtags,
        "cashtags" => Has::Cashtags,
        "links" => Has::Links,
        "mentions" => Has::Mentions,
        "media" => Has::Media,
        "images" => Has::Images,
        "video_link" => Has::VideoLink,
        "geo" => Has::Geo,
        _ => return None,
    })
}
