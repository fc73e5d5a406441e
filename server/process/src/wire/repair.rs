//! JSON that is well formed but cannot be read as it stands.

use serde_json::Value;

/// The same JSON with half emoji (`\ud83d` alone, cut off by some tool) replaced by U+FFFD, and of keys that
/// occur twice the last. Absent if it is not JSON at all.
pub fn repair(json: &str) -> Option<String> {
    let whole = replace_lone_surrogates(json);
    let value: Value = serde_json::from_str(&whole).ok()?;
    serde_json::to_string(&value).ok()
}

fn replace_lone_surrogates(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (unit(rest), unit(rest.get(6..).unwrap_or(""))) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            (Some(_), _) => 6,
            // The backslash and what it escapes, which may be another backslash.
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// The UTF-16 unit of a `\uXXXX` at the start.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_emoji_becomes_a_replacement_character() {
        let repaired = repair(r#"{"text":"a \ud83d b \ud83d\ude00 \\ud83d"}"#).unwrap();
        let value: Value = serde_json::from_str(&repaired).unwrap();
        assert_eq!(value["text"], "a \u{fffd} b 😀 \\ud83d");
    }

    #[test]
    fn of_a_double_key_the_last_counts() {
        assert_eq!(repair(r#"{"id":"1","id":"2"}"#).unwrap(), r#"{"id":"2"}"#);
    }
}
