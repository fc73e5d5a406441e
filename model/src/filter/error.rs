use std::ops::Range;

/// Why a text is no filter: where, why, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("{message}")]
pub struct FilterError {
    /// Byte positions in the text.
    pub at: Range<usize>,
    pub message: String,
    /// A text to put in the place of the bytes that it replaces: with it, the whole is a filter.
    pub suggestion: Option<String>,
    /// Mostly those of `at`; more where something else is wrong too.
    pub replaces: Range<usize>,
}

/// Mistakes that one suggestion mends at most.
const MOST_MENDED: usize = 32;

impl FilterError {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { replaces: at.clone(), at, message: message.into(), suggestion: None }
    }

    pub(super) fn suggest(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// With a suggestion for more than the place that is wrong.
    pub(super) fn suggest_for(mut self, replaces: Range<usize>, suggestion: String) -> Self {
        self.replaces = replaces;
        self.suggest(suggestion)
    }

    /// With a suggestion that makes a filter of the text, with those for what else is wrong in it; or else with none.
    pub(super) fn mended(mut self, text: &str, read: impl Fn(&str) -> Result<(), FilterError>) -> Self {
        let mut mended = self.corrected(text);
        for mistakes in 0..MOST_MENDED {
            let Some(so_far) = mended else { break };
            match read(&so_far) {
                Ok(()) if mistakes == 0 => return self,
                Ok(()) => {
                    let (replaces, suggestion) = difference(text, &so_far);
                    return self.suggest_for(replaces, suggestion);
                }
                Err(error) => mended = error.corrected(&so_far),
            }
        }
        self.suggestion = None;
        self
    }

    /// The text with the suggestion put in, if there is one.
    pub fn corrected(&self, text: &str) -> Option<String> {
        let suggestion = self.suggestion.as_deref()?;
        let (before, after) = (text.get(..self.replaces.start)?, text.get(self.replaces.end..)?);
        Some(format!("{before}{suggestion}{after}"))
    }
}

/// The part of a text that another has otherwise, and what that has there.
fn difference(text: &str, other: &str) -> (Range<usize>, String) {
    let differ = text.char_indices().zip(other.chars()).find(|((_, one), other)| one != other);
    let start = differ.map_or(text.len().min(other.len()), |((at, _), _)| at);
    let ends = text[start..].chars().rev().zip(other[start..].chars().rev());
    let same: usize = ends.take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum();
    (start..text.len() - same, other[start..other.len() - same].to_owned())
}

/// The candidate that differs from `word` in the fewest letters, if it is at all alike.
pub(super) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length < 3 {
        return None;
    }
    let limit = 1 + length / 4;
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's: how many letters to insert, remove or change.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let change = previous[column] + usize::from(letter != *other);
            current.push(change.min(previous[column + 1] + 1).min(current[column] + 1));
        }
        previous = current;
    }
    previous[right.len()]
}
