//! Ids that a spreadsheet or a floating point number has rounded.
//!
//! Such an id names another tweet or none, and nothing can bring its last digits back. A single one cannot be told:
//! of true ids, too, one or two in a hundred end in 00. So ids are judged by how many of those around them do.

use model::id::EXACT_AS_FLOAT;
use std::collections::VecDeque;

/// As many ids are judged together.
const WINDOW: usize = 40;

/// As many ids should be known before the first of them is judged.
pub const LOOK_AHEAD: usize = 20;

pub const ROUNDED: &str = "its id looks rounded, by a spreadsheet or by a tool that takes ids for numbers: the last \
                           digits are lost. Export again with the id column as text";

/// The digits of an id cell, without what tools put around them to keep spreadsheets away: `="1"`, `'1`, `x1`.
pub fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let marked = || cell.strip_prefix(['\'', 'x']).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    formula.or_else(marked).unwrap_or(cell)
}

/// Whether a cell can be nothing but an id: digits, more of them than counters and years have.
pub fn looks_like_id(cell: &str) -> bool {
    let digits = bare(cell);
    (8..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The last ids that were seen, of those that rounding can harm.
#[derive(Clone, Debug, Default)]
pub struct Window(VecDeque<bool>);

impl Window {
    /// Takes the next ids and says whether those around here are rounded: at least three, and one in three, end in 00.
    /// Fewer than three ids must all do so.
    pub fn are_rounded(&mut self, ids: impl Iterator<Item = u64>) -> bool {
        self.0.extend(ids.filter(|id| *id > EXACT_AS_FLOAT).map(|id| id.is_multiple_of(100)));
        self.0.drain(..self.0.len().saturating_sub(WINDOW));
        let rounded = self.0.iter().filter(|rounded| **rounded).count();
        rounded > 0 && rounded >= self.0.len().min(3) && rounded * 3 >= self.0.len()
    }
}

/// Whether this id is one of the rounded ones, where those around it are.
pub fn is_rounded(id: u64) -> bool {
    id > EXACT_AS_FLOAT && id.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUE: u64 = 570_306_133_677_760_513;

    #[test]
    fn ids_are_taken_out_of_their_wrapping() {
        for cell in ["570306133677760513", " '570306133677760513", "x570306133677760513", "=\"570306133677760513\""] {
            assert_eq!(bare(cell), "570306133677760513");
        }
    }

    #[test]
    fn an_exact_id_among_rounded_ones_hides_nothing() {
        let rounded = (0..19).map(|n| TRUE / 1_000_000 * 1_000_000 + n * 1_000_000);
        assert!(Window::default().are_rounded(rounded.chain([TRUE])));
    }

    #[test]
    fn true_ids_may_end_in_zeros() {
        let mut window = Window::default();
        assert!((0..100).all(|n| !window.are_rounded((0..20).map(|m| TRUE - 513 + n * 20 + m))));
        assert!(!Window::default().are_rounded([100, 200, 300].into_iter()), "small ids lose nothing");
    }

    #[test]
    fn what_comes_later_is_judged_by_itself() {
        let mut window = Window::default();
        for _ in 0..10 {
            assert!(!window.are_rounded((0..20).map(|n| TRUE + 2 * n)));
        }
        assert!(window.are_rounded((0..20).map(|n| 906_000_000_000_000_000 + n * 1_000)));
    }
}
