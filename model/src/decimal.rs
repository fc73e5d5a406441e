//! Decimal fractions as text, by whole numbers: what the standard library brings for every possible fraction is a tenth
//! of what browsers would load.

/// The most digits that are read exactly, and the most that are written after the point.
const MOST_DIGITS: usize = 15;

/// Reads `-1.25`: digits, with a sign and a point if need be; `shift` moves the point so many places to the left.
///
/// Nothing with more than 15 digits, for some of those could not be told apart.
pub fn parse(text: &str, shift: usize) -> Option<f64> {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let places = fraction.len() + shift;
    if !is_plain || digits.trim_start_matches('0').len() > MOST_DIGITS || places > MOST_DIGITS {
        return None;
    }
    // Both are exact, so the quotient is the nearest fraction that there is.
    let number = digits.parse::<u64>().ok()? as f64 / power(places);
    Some(if is_negative { -number } else { number })
}

/// Writes the fewest digits that are read as this number again; of a number that none are, 15 after the point.
pub fn print(number: f64) -> String {
    let size = number.abs();
    let is_read_again = |places: &usize| (size * power(*places)).round() / power(*places) == size;
    let places = (0..=MOST_DIGITS).find(is_read_again).unwrap_or(MOST_DIGITS);
    let digits = format!("{:0>width$}", (size * power(places)).round() as u64, width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let (sign, point) = (if number < 0.0 { "-" } else { "" }, if fraction.is_empty() { "" } else { "." });
    format!("{sign}{whole}{point}{fraction}")
}

fn power(places: usize) -> f64 {
    10u64.pow(places as u32) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fractions_are_written_shortly() {
        for (number, text) in [(0.0, "0"), (0.07, "0.07"), (-1.5, "-1.5"), (12.0, "12"), (0.1 + 0.2, "0.3")] {
            assert_eq!(print(number), text);
        }
        assert_eq!((parse("7", 2), parse("-.5", 0), parse("5.", 0)), (Some(0.07), Some(-0.5), Some(5.0)));
    }

    #[test]
    fn what_is_no_decimal_or_too_long_is_not_read() {
        for text in ["", ".", "-", "1e5", "inf", "0,5", "--1", "1.2.3", "1234567890123456", "0.1234567890123456"] {
            assert_eq!(parse(text, 0), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn as_the_standard_library_reads_and_what_is_written_is_read(digits in 0u64..1_000_000_000_000, places in 0usize..15) {
            let text = format!("{digits:0>width$}", width = places + 1);
            let text = format!("{}.{}", &text[..text.len() - places], &text[text.len() - places..]);
            let number = parse(&text, 0).unwrap();
            prop_assert_eq!(Some(number), text.parse::<f64>().ok());
            prop_assert_eq!(parse(&print(number), 0), Some(number));
        }
    }
}
