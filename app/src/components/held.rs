//! The rows that are held: those of the page, and those around them that were scrolled to.

use crate::api::Shared;
use model::Row;
use model::explore::{Block, ExplorePage};

/// Blocks that are held at most: more would make the page heavy, fewer would show gaps.
const MOST: usize = 4;

/// How near to its end rows are asked for beyond it.
const MARGIN: u64 = 30;

/// Rows that follow each other without a gap.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// The page that they belong to.
    of: Option<Shared<ExplorePage>>,
    blocks: Vec<Shared<Block>>,
    /// Rows before the first that is held.
    pub before: u64,
}

/// Which rows are wanted next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    After(String),
    Before(String),
    /// From this number on, from 1: those that are held are too far away.
    Number(u64),
}

impl Held {
    /// The rows of the page alone.
    pub fn of(page: &Shared<ExplorePage>) -> Self {
        let block = Block {
            rows: page.rows.clone(),
            first_position: page.first_position,
            next: page.next.clone(),
            previous: page.previous.clone(),
        };
        let before = before(&block);
        Self { of: Some(page.clone()), blocks: vec![Shared::new(block)], before }
    }

    /// Whether they belong to this page.
    pub fn is_of(&self, page: &Shared<ExplorePage>) -> bool {
        self.of.as_ref() == Some(page)
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    fn count(&self) -> u64 {
        self.blocks.iter().map(|block| block.rows.len() as u64).sum()
    }

    /// What to ask for so that the rows from `first` to `last` (from 0, in the whole order) and some around them are held.
    pub fn wanted(&self, first: u64, last: u64, total: u64) -> Option<Wanted> {
        let (from, to) = (self.before, self.before + self.count());
        let is_apart = last + MARGIN < from || first > to + MARGIN;
        if is_apart && total > 0 {
            return Some(Wanted::Number(first.saturating_sub(MARGIN / 2).min(total - 1) + 1));
        }
        let next = self.blocks.last().and_then(|block| block.next.clone());
        let previous = self.blocks.first().and_then(|block| block.previous.clone());
        match (next, previous) {
            (Some(next), _) if last + MARGIN > to => Some(Wanted::After(next)),
            (_, Some(previous)) if first < from + MARGIN => Some(Wanted::Before(previous)),
            _ => None,
        }
    }

    /// Takes up the answer. What is too many at the other end is let go.
    pub fn take(&mut self, wanted: &Wanted, block: Block) {
        if block.rows.is_empty() {
            return;
        }
        let (first, count) = (before(&block), block.rows.len() as u64);
        let block = Shared::new(block);
        match wanted {
            Wanted::Number(_) => {
                self.blocks = vec![block];
                self.before = first;
            }
            Wanted::After(_) => {
                self.blocks.push(block);
                if self.blocks.len() > MOST {
                    self.before += self.blocks.remove(0).rows.len() as u64;
                }
            }
            Wanted::Before(_) => {
                self.blocks.insert(0, block);
                self.before = self.before.saturating_sub(count);
                self.blocks.truncate(MOST);
            }
        }
    }
}

/// Rows before the first one of a block.
fn before(block: &Block) -> u64 {
    block.first_position.map_or(0, |first| first.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Timestamp, Tweet, TweetId};

    /// Rows from..to of an order of `total`, whose cursors are the numbers of the rows next to them.
    fn block(from: u64, to: u64, total: u64) -> Block {
        let row = |number: u64| Row {
            tweet: Tweet::new(TweetId(number), Timestamp(0), Timestamp(0), ""),
            author_stats: Default::default(),
            collections: Vec::new(),
            queries: Vec::new(),
            first_seen: Timestamp(0),
            pace: Default::default(),
            tags: Vec::new(),
            noted: false,
        };
        Block {
            rows: (from..to).map(row).collect(),
            first_position: Some(from + 1),
            next: (to < total).then(|| to.to_string()),
            previous: (from > 0).then(|| from.to_string()),
        }
    }

    fn answer(wanted: &Wanted, total: u64) -> Block {
        let number = |cursor: &String| cursor.parse::<u64>().unwrap();
        match wanted {
            Wanted::After(cursor) => block(number(cursor), (number(cursor) + 50).min(total), total),
            Wanted::Before(cursor) => block(number(cursor).saturating_sub(50), number(cursor), total),
            Wanted::Number(first) => block(first - 1, (first + 49).min(total), total),
        }
    }

    fn numbers(held: &Held) -> Vec<u64> {
        held.rows().map(|row| row.tweet.id.0).collect()
    }

    #[test]
    fn wherever_one_scrolls_the_rows_in_sight_are_held_without_a_gap() {
        const TOTAL: u64 = 1234;
        let mut held = Held { blocks: vec![Shared::new(block(0, 50, TOTAL))], ..Held::default() };
        for first in [0, 7, 40, 90, 300, 290, 200, 1220, 1100, 1000, 0, 5] {
            let last = (first + 14).min(TOTAL);
            let mut asked = 0;
            while let Some(wanted) = held.wanted(first, last, TOTAL) {
                held.take(&wanted, answer(&wanted, TOTAL));
                asked += 1;
                assert!(asked < 6, "asks for ever at {first}");
            }
            let held_now = numbers(&held);
            assert!(held_now.len() <= MOST * 50);
            assert_eq!(held_now, (held.before..held.before + held_now.len() as u64).collect::<Vec<_>>());
            assert!((first..last).all(|number| held_now.contains(&number)), "{first} of {held_now:?}");
        }
    }

    #[test]
    fn an_empty_answer_changes_nothing() {
        let mut held = Held { blocks: vec![Shared::new(block(0, 50, 60))], ..Held::default() };
        held.take(&Wanted::Number(9), Block::default());
        assert_eq!(held.count(), 50);
    }
}
