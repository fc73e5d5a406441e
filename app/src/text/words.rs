use model::filter::{Filter, Predicate};

/// The words and phrases that a filter looks for in the text, in lower case; `true` for beginnings of words.
pub fn searched_words(filter: &Filter) -> Vec<(String, bool)> {
    match filter {
        Filter::Test(test) if test.column.name == "text" => match &test.predicate {
            Predicate::Matches(words) => vec![(words.to_lowercase(), false)],
            Predicate::Prefix(start) => vec![(start.to_lowercase(), true)],
            _ => Vec::new(),
        },
        Filter::And(parts) | Filter::Or(parts) => parts.iter().flat_map(searched_words).collect(),
        _ => Vec::new(),
    }
}

/// Divides a text into parts, `true` for those that the filter looks for.
pub fn marked<'a>(text: &'a str, words: &[(String, bool)]) -> Vec<(&'a str, bool)> {
    let mut parts = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while at < text.len() && !words.is_empty() {
        let begins = !text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let length = if begins { words.iter().filter_map(|word| match_length(&text[at..], word)).max() } else { None };
        match length {
            Some(length) => {
                if done < at {
                    parts.push((&text[done..at], false));
                }
                parts.push((&text[at..at + length], true));
                at += length;
                done = at;
            }
            None => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if done < text.len() {
        parts.push((&text[done..], false));
    }
    parts
}

/// How many bytes of the text are this word, if it begins with it.
fn match_length(text: &str, (word, is_beginning): &(String, bool)) -> Option<usize> {
    let mut wanted = word.chars();
    let mut end = 0;
    for (at, character) in text.char_indices() {
        if wanted.as_str().is_empty() {
            break;
        }
        for lower in character.to_lowercase() {
            if wanted.next() != Some(lower) {
                return None;
            }
        }
        end = at + character.len_utf8();
    }
    let rest = text[end..].chars().take_while(|character| character.is_alphanumeric());
    let rest: usize = rest.map(char::len_utf8).sum();
    match (wanted.as_str().is_empty() && end > 0, rest, is_beginning) {
        (true, 0, _) => Some(end),
        (true, rest, true) => Some(end + rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::filter::parse;
    use proptest::prelude::*;

    fn marks(filter: &str, text: &str) -> Vec<String> {
        let words = searched_words(&parse(filter).unwrap());
        marked(text, &words).into_iter().filter(|(_, is)| *is).map(|(part, _)| part.to_owned()).collect()
    }

    #[test]
    fn whole_words_are_marked() {
        assert_eq!(marks("rocket launch", "Rocket launches, ROCKET-launch"), ["Rocket", "ROCKET", "launch"]);
        assert_eq!(marks("launch*", "relaunch Launches"), ["Launches"]);
        assert_eq!(marks("\"launch day\" OR moon", "the Launch Day of Moon"), ["Launch Day", "Moon"]);
        assert!(marks("-moon lang:de", "moon de").is_empty());
    }

    proptest! {
        #[test]
        fn the_parts_give_the_text_back(text in "\\PC{0,40}", word in "\\PC{1,3}") {
            let parts = marked(&text, &[(word.to_lowercase(), true)]);
            prop_assert_eq!(parts.iter().map(|(part, _)| *part).collect::<String>(), text);
        }
    }
}
