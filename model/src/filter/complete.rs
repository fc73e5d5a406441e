//! What may be written where the caret stands.

use super::ast::{Predicate, Test};
use super::edit::facet_test;
use super::lexer::{DASHES, QUOTES, ends_word, field};
use super::printer::printed;
use super::words::{self, shorthand_values};
use crate::columns::{self, COLUMNS, Column, Format, Kind};
use crate::texts::{Text, completions as say};
use std::ops::Range;

/// What is being written at one place of a filter's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The bytes that an option takes the place of.
    pub at: Range<usize>,
    /// What of the name or value is there already, without signs and quotes.
    pub typed: String,
    pub wanted: Wanted,
}

/// What fits there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The name of a column, or a word to search for.
    Field,
    /// A value of the column; `grouped` within its parentheses.
    Value { column: &'static Column, grouped: bool },
    /// What `is:` or `has:` takes.
    Shorthand(&'static str),
}

/// A name that may stand before a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOption {
    /// With the sign after it: `lang:`, `likes>=`.
    pub text: String,
    /// In a sentence.
    pub help: &'static str,
}

/// Finds out what is being written before the byte `caret`. `None` where nothing is to be chosen from, such as in a
/// phrase or a number.
pub fn completion(text: &str, caret: usize) -> Option<Completion> {
    let head = text.get(..caret)?;
    let (start, group) = term(head)?;
    let term = &head[start..];
    let rest = &text[caret..];
    let end = caret + rest.find(ends_word).unwrap_or(rest.len());
    let complete = |typed: &str, wanted| {
        let typed = typed.trim_start_matches(QUOTES);
        (!typed.contains(QUOTES)).then(|| Completion { at: start..end, typed: typed.to_owned(), wanted })
    };
    let of_column = |column: &'static Column, typed: &str, grouped| {
        has_list(column).then(|| complete(typed, Wanted::Value { column, grouped })).flatten()
    };
    let tagged = COLUMNS.iter().find_map(|column| match column.format {
        Format::Sign(sign) if sign != '@' => Some((column, term.strip_prefix(sign)?)),
        _ => None,
    });
    if let Some((column, typed)) = tagged {
        return of_column(column, typed, group.is_some());
    }
    match (field(term), group) {
        (Some((name, sign)), _) => {
            let typed = &term[name.len() + sign.len()..];
            match (name.to_lowercase().as_str(), sign) {
                ("is", ":") => complete(typed, Wanted::Shorthand("is")),
                ("has", ":") => complete(typed, Wanted::Shorthand("has")),
                (name, ":" | "=") => of_column(columns::find(name)?, typed, false),
                _ => None,
            }
        }
        (None, Some(column)) => of_column(column, term, true),
        (None, None) if term.chars().all(|c| c.is_alphanumeric() || c == '_') => complete(term, Wanted::Field),
        (None, None) => None,
    }
}

/// Where the last word of the text begins, and the column in whose parentheses it stands.
fn term(head: &str) -> Option<(usize, Option<&'static Column>)> {
    let mut groups = Vec::new();
    let (mut start, mut in_quotes) = (0, false);
    for (at, character) in head.char_indices() {
        let next = at + character.len_utf8();
        match character {
            _ if QUOTES.contains(&character) => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '(' => {
                groups.push(field(&head[start..at]).and_then(|(name, _)| columns::find(&name.to_lowercase())));
                start = next;
            }
            ')' => {
                groups.pop();
                start = next;
            }
            _ if character.is_whitespace() || (at == start && DASHES.contains(&character)) => start = next,
            _ => {}
        }
    }
    let group = groups.last().copied().flatten();
    let in_phrase = in_quotes && group.is_none() && head[start..].starts_with(QUOTES);
    (!in_phrase).then_some((start, group))
}

/// Whether the values of the column can be listed.
fn has_list(column: &Column) -> bool {
    column.facet && matches!(column.kind, Kind::Keyword | Kind::Flag)
}

impl Completion {
    /// The text with the option in it, and where the caret then stands.
    pub fn put(&self, text: &str, option: &str) -> (String, usize) {
        let space = if option.ends_with([':', '=']) || text[self.at.end..].starts_with([' ', ')']) { "" } else { " " };
        let mut changed = text.to_owned();
        changed.replace_range(self.at.clone(), &format!("{option}{space}"));
        (changed, self.at.start + option.len() + space.len())
    }

    /// How a value is written at this place: `lang:de`, `#moon`, or within parentheses only `de`.
    pub fn written(&self, value: &str) -> String {
        match &self.wanted {
            Wanted::Field => value.to_owned(),
            Wanted::Shorthand(word) => format!("{word}:{value}"),
            Wanted::Value { column, grouped } => {
                let test = facet_test(column, value);
                match &test {
                    super::Filter::Test(Test { predicate: Predicate::Equals(value), .. }) if *grouped => {
                        printed(column, value, true)
                    }
                    _ => test.to_string(),
                }
            }
        }
    }

    /// The values that `is:` or `has:` takes and that begin as typed.
    pub fn shorthands(&self) -> Vec<&'static str> {
        match self.wanted {
            Wanted::Shorthand(word) => shorthand_values(word).filter(|value| value.starts_with(&self.typed)).collect(),
            _ => Vec::new(),
        }
    }

    /// The columns whose name, title or name elsewhere begins as typed; names first.
    pub fn fields(&self) -> Vec<FieldOption> {
        let typed = self.typed.to_lowercase();
        let named = |column: &&Column| {
            column.name.starts_with(&typed) || column.aliases.iter().any(|alias| alias.starts_with(&typed))
        };
        let meant = |column: &&Column| {
            column.title().to_lowercase().split(' ').any(|word| word.starts_with(&typed))
                || words::columns_elsewhere(&typed).any(|name| column.name == name || column.aliases.contains(&name))
        };
        let names = COLUMNS.iter().filter(named);
        let others = COLUMNS.iter().filter(|column| !named(column) && meant(column));
        let x_words = X_WORDS.iter().filter(|(word, _)| word.starts_with(&typed));
        let x_words = x_words.map(|(word, help)| FieldOption { text: (*word).to_owned(), help: help() });
        names.map(option).chain(x_words).chain(others.map(option)).collect()
    }
}

/// X's own words, with what they are good for.
type Word = (&'static str, Text);

const X_WORDS: [Word; 4] = [("is:", say::is), ("has:", say::has), ("since:", say::since), ("until:", say::until)];

fn option(column: &'static Column) -> FieldOption {
    let sign = if column.ordered() && column.kind != Kind::Id { ">=" } else { ":" };
    FieldOption { text: format!("{}{sign}", column.printed_name()), help: column.help() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::parse;
    use proptest::prelude::*;

    /// What is completed at the `|`.
    fn at(marked: &str) -> Option<(Completion, String)> {
        let caret = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        Some((completion(&text, caret)?, text))
    }

    fn value(marked: &str) -> Option<(&'static str, String)> {
        match at(marked)?.0 {
            Completion { wanted: Wanted::Value { column, .. }, typed, .. } => Some((column.name, typed)),
            _ => None,
        }
    }

    fn accepted(marked: &str, value: &str) -> String {
        let (completion, text) = at(marked).unwrap();
        let (mut text, caret) = completion.put(&text, &completion.written(value));
        text.insert(caret, '|');
        text
    }

    #[test]
    fn a_value_is_wanted_after_a_column() {
        assert_eq!(value("moon lang:|"), Some(("lang", String::new())));
        assert_eq!(value("-lang:d|"), Some(("lang", "d".into())));
        assert_eq!(value("LANG:d|"), Some(("lang", "d".into())));
        assert_eq!(value("#mo|"), Some(("hashtag", "mo".into())));
        assert_eq!(value("lang:(de OR e|)"), Some(("lang", "e".into())));
        assert_eq!(value("source:\"Twitter f|"), Some(("source", "Twitter f".into())));
        assert_eq!(value("(moon lang:d|)"), Some(("lang", "d".into())));
    }

    #[test]
    fn where_nothing_can_be_listed_nothing_is_offered() {
        for marked in
            ["likes>=5|", "\"launch d|", "created:2026|", "text:la|", "lang>=d|", "@nas|", "a.b|", "nothing:x|"]
        {
            assert_eq!(at(marked), None, "{marked}");
        }
    }

    #[test]
    fn the_names_of_columns_are_found_by_what_people_call_them() {
        let fields = |marked: &str| -> Vec<String> {
            at(marked).unwrap().0.fields().into_iter().map(|field| field.text).collect()
        };
        assert_eq!(fields("moon lik|")[0], "likes>=");
        assert_eq!(fields("lan|")[0], "lang:");
        assert!(fields("favor|").contains(&"likes>=".to_owned()));
        assert!(fields("usern|").contains(&"from:".to_owned()));
        assert!(fields("sin|").contains(&"since:".to_owned()));
        assert!(fields("|").len() > 40);
        assert!(fields("xyzzy|").is_empty());
    }

    #[test]
    fn xs_words_have_their_own_values() {
        assert_eq!(at("-is:re|").unwrap().0.shorthands(), ["retweet", "repost", "reply"]);
        assert_eq!(accepted("-is:re|", "reply"), "-is:reply |");
    }

    #[test]
    fn an_option_takes_the_place_of_the_whole_word_and_the_caret_stands_after_it() {
        assert_eq!(accepted("moon lang:|", "de"), "moon lang:de |");
        assert_eq!(accepted("moon lang:d|x likes>5", "de"), "moon lang:de| likes>5");
        assert_eq!(accepted("lang:(de OR e|)", "en"), "lang:(de OR en|)");
        assert_eq!(accepted("#mo|", "moon"), "#moon |");
        assert_eq!(accepted("hashtag:m|", "moon"), "#moon |");
        assert_eq!(accepted("source:tw|", "Twitter for iPhone"), "source:\"Twitter for iPhone\" |");
        assert_eq!(accepted("source:\"Twitter f|", "Twitter for iPhone"), "source:\"Twitter for iPhone\" |");
        assert_eq!(accepted("lik|", "likes>="), "likes>=|");
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,30}", caret in 0_usize..60) {
            if let Some(found) = completion(&text, caret) {
                let (changed, caret) = found.put(&text, &found.written("x"));
                prop_assert!(changed.is_char_boundary(caret));
            }
        }

        #[test]
        fn every_value_can_be_accepted_and_is_then_chosen(value in "\\PC{1,20}") {
            prop_assume!(value.trim() == value && value == value.to_lowercase() && !value.is_empty());
            let (completion, text) = at("moon source:|").unwrap();
            let (text, _) = completion.put(&text, &completion.written(&value));
            let column = columns::find("source").unwrap();
            let filter = parse(&text).unwrap();
            prop_assert_eq!(filter.included(column), [value.as_str()]);
        }
    }
}
