//! Numbers as people read them.

use crate::texts::language;

/// `12,480`, or as the language has it.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(language::thousands());
        }
        text.push(digit);
    }
    text
}
