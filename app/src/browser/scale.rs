//! From where the bar is scrolled to, to which rows are in sight.
//!
//! Browsers draw nothing that is higher than some ten million pixels. As long as all rows fit into that, every row has
//! its place. Beyond, the bar stands for a share of the rows: a pull at it goes to that share, and small steps go from
//! row to row wherever one is ([`Anchor`]).

/// The greatest height that all browsers draw, in pixels, with room to spare.
const MOST: f64 = 8_000_000.0;

/// Steps of more than so many windows are pulls at the bar.
const PULL: f64 = 2.0;

/// Sizes in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// All rows.
    pub total: u64,
    /// The height of a row.
    pub row: f64,
    /// The height of the window onto the rows.
    pub view: f64,
}

/// At this distance from the top, this row (from 0, with its fraction) is the first in sight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Anchor {
    pub top: f64,
    pub first: f64,
}

impl Scale {
    /// The height of all rows.
    pub fn height(&self) -> f64 {
        (self.total as f64 * self.row).min(MOST)
    }

    fn is_exact(&self) -> bool {
        self.total as f64 * self.row <= MOST
    }

    /// The last row that can be the first in sight.
    fn last_first(&self) -> f64 {
        (self.total as f64 - self.view / self.row).max(0.0)
    }

    /// Where one is after scrolling from `anchor` to `top`.
    pub fn moved(&self, anchor: Anchor, top: f64) -> Anchor {
        let lowest = (self.height() - self.view).max(0.0);
        let first = if self.is_exact() {
            top / self.row
        } else if top <= 0.0 {
            0.0
        } else if top >= lowest {
            self.last_first()
        } else if (top - anchor.top).abs() > PULL * self.view {
            top / lowest * self.last_first()
        } else {
            anchor.first + (top - anchor.top) / self.row
        };
        Anchor { top, first: first.clamp(0.0, self.last_first()) }
    }

    /// Where to scroll to so that this row (from 0) is the first in sight.
    pub fn to(&self, first: u64) -> Anchor {
        let first = (first as f64).min(self.last_first());
        let top =
            if self.is_exact() { first * self.row } else { first / self.last_first() * (self.height() - self.view) };
        Anchor { top, first }
    }

    /// The space above and below rows that are drawn: `before` rows come before them, `count` are drawn.
    pub fn spaces(&self, anchor: Anchor, before: u64, count: u64) -> (f64, f64) {
        let above = if self.is_exact() {
            before as f64 * self.row
        } else {
            (anchor.top - (anchor.first - before as f64) * self.row).max(0.0)
        };
        (above, (self.height() - above - count as f64 * self.row).max(0.0))
    }

    /// The rows in sight, from 0, the last one not included.
    pub fn in_sight(&self, anchor: Anchor) -> (u64, u64) {
        let last = (anchor.first + self.view / self.row).ceil() as u64;
        (anchor.first as u64, last.min(self.total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FEW: Scale = Scale { total: 1000, row: 52.0, view: 520.0 };
    const MANY: Scale = Scale { total: 10_000_000, row: 52.0, view: 520.0 };

    #[test]
    fn the_bar_leads_from_the_first_to_the_last_row() {
        for scale in [FEW, MANY] {
            let lowest = scale.height() - scale.view;
            assert_eq!(scale.in_sight(scale.moved(Anchor::default(), 0.0)), (0, 10));
            let end = scale.moved(Anchor::default(), lowest);
            assert_eq!(scale.in_sight(end), (scale.total - 10, scale.total));
            let half = scale.moved(Anchor::default(), lowest / 2.0);
            assert_eq!(half.first.round() as u64, scale.total / 2 - 5);
        }
    }

    #[test]
    fn small_steps_go_from_row_to_row_even_among_millions() {
        let mut anchor = MANY.moved(Anchor::default(), 4_000_000.0);
        let start = anchor.first;
        for step in 1..=1000 {
            anchor = MANY.moved(anchor, 4_000_000.0 + f64::from(step) * 52.0);
            assert!((anchor.first - start - f64::from(step)).abs() < 1e-3);
        }
    }

    proptest! {
        #[test]
        fn what_is_drawn_stands_where_it_is_looked_for(
            total in 1u64..30_000_000, pulls in proptest::collection::vec(0.0..1.0f64, 1..6), around in 0u64..150,
        ) {
            let scale = Scale { total, row: 52.0, view: 520.0 };
            let lowest = (scale.height() - scale.view).max(0.0);
            let anchor = pulls.iter().fold(Anchor::default(), |anchor, pull| scale.moved(anchor, pull * lowest));
            let (first, last) = scale.in_sight(anchor);
            prop_assert!(first < total && last <= total && last - first <= 11);
            let before = first.saturating_sub(around);
            let count = (last + around).min(total) - before;
            let (above, below) = scale.spaces(anchor, before, count);
            // The first row in sight is drawn where the window begins, as long as there is room above it for the rest.
            let drawn = above + (anchor.first - before as f64) * scale.row;
            prop_assert!((drawn - anchor.top).abs() < 1.0 || above == 0.0);
            prop_assert!(below >= 0.0);
        }

        #[test]
        fn a_row_is_gone_to_by_its_number(total in 1u64..30_000_000, share in 0.0..1.0f64) {
            let scale = Scale { total, row: 28.0, view: 600.0 };
            let row = (share * total as f64) as u64;
            let anchor = scale.to(row);
            let (first, last) = scale.in_sight(anchor);
            prop_assert!(first <= row && row < last.max(1), "{row} of {first}..{last}");
            let reached = scale.moved(Anchor { top: -1e9, first: 0.0 }, anchor.top);
            prop_assert!((reached.first - anchor.first).abs() <= 1.0);
        }
    }
}
