//! Numbers as people write them.

/// A whole number, with `,` or `_` between digits and `k` or `m` after them if one likes: `1,500`, `1.5k`.
pub(super) fn number(text: &str) -> Option<i64> {
    let (digits, zeros) = match text.as_bytes().last()? {
        b'k' | b'K' => (&text[..text.len() - 1], 3),
        b'm' | b'M' => (&text[..text.len() - 1], 6),
        _ => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let separated = |text: &str| text.bytes().any(|byte| matches!(byte, b',' | b'_'));
    if fraction.len() > zeros || separated(fraction) || digits.ends_with('.') || !well_grouped(whole) {
        return None;
    }
    let whole: String = whole.chars().filter(|c| !matches!(c, ',' | '_')).collect();
    format!("{whole}{fraction:0<zeros$}").parse().ok()
}

/// Whether there are digits, with commas only where thousands begin: `10,20` is more likely a list.
fn well_grouped(digits: &str) -> bool {
    digits.ends_with(|last: char| last.is_ascii_digit()) && digits.split(',').skip(1).all(|group| group.len() == 3)
}

/// A number, or per cent.
pub(super) fn decimal(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(digits) => crate::decimal::parse(digits, 2),
        None => crate::decimal::parse(text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_write_numbers_in_many_ways() {
        for (text, value) in [("50", 50), ("-5", -5), ("+5", 5), ("1,000", 1000), ("1_000_000", 1_000_000)] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for (text, value) in [("10k", 10_000), ("1.5K", 1500), ("2m", 2_000_000), ("0.25M", 250_000)] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(number("-9223372036854775808"), Some(i64::MIN));
    }

    #[test]
    fn what_could_mean_two_things_is_no_number() {
        for text in
            ["", "k", "10,20", "1.000", "1.5", "1.2345k", "1.", "1.k", "--5", "1e3", "9223372036854775808", "9e", "é"]
        {
            assert_eq!(number(text), None, "{text}");
        }
        for text in ["", "%", "inf", "nan", "1e5", "0,5", "5%%"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!((decimal("7%"), decimal("-.5")), (Some(0.07), Some(-0.5)));
    }
}
