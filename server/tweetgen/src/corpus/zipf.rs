//! Ranks drawn by a Zipf law with bends, with a tail that hardly ends.
//!
//! Each of the first ranks has a slot of its own; further ones share slots that widen by a
//! twentieth. An alias table draws a slot in constant time.

use super::dice::Dice;

const SINGLE: u64 = 3_000;
const WIDENING: u64 = 20;

/// From `rank` on, frequency falls with this exponent.
#[derive(Clone, Copy)]
pub struct Bend {
    pub rank: u64,
    pub exponent: f64,
}

pub struct Zipf {
    slots: Vec<Slot>,
    /// First rank and number of ranks of the slots behind [`SINGLE`].
    wide: Vec<(u64, u64)>,
}

struct Slot {
    /// Out of 2^32: how often this slot stands for itself.
    keep: u32,
    alias: u32,
}

impl Zipf {
    /// Ranks `1..=ranks` with the first bend at rank 1.
    pub fn new(bends: &[Bend], ranks: u64) -> Self {
        let single = (1..=ranks.min(SINGLE)).map(|rank| frequency(bends, rank as f64));
        let mut shares: Vec<f64> = single.collect();
        let mut wide = Vec::new();
        let mut first = SINGLE + 1;
        while first <= ranks {
            let width = (first / WIDENING).min(ranks + 1 - first);
            let middle = first as f64 + (width - 1) as f64 / 2.0;
            shares.push(frequency(bends, middle) * width as f64);
            wide.push((first, width));
            first += width;
        }
        let mut slots: Vec<Slot> = (0..shares.len()).map(|slot| Slot { keep: u32::MAX, alias: slot as u32 }).collect();
        alias(&mut slots, &mut shares);
        Self { slots, wide }
    }

    /// A rank, 1 the most frequent.
    pub fn draw(&self, dice: &mut Dice) -> u64 {
        let bits = dice.next();
        let mut index = ((bits >> 32) * self.slots.len() as u64) >> 32;
        let slot = &self.slots[index as usize];
        if bits as u32 > slot.keep {
            index = u64::from(slot.alias);
        }
        match index.checked_sub(SINGLE) {
            None => index + 1,
            Some(wide) => {
                let (first, width) = self.wide[wide as usize];
                first + dice.below(width)
            }
        }
    }
}

fn frequency(bends: &[Bend], rank: f64) -> f64 {
    let mut height = 1.0;
    let mut from = 1.0;
    let mut exponent = 0.0;
    for bend in bends.iter().take_while(|bend| bend.rank as f64 <= rank) {
        height *= libm::pow(bend.rank as f64 / from, -exponent);
        (from, exponent) = (bend.rank as f64, bend.exponent);
    }
    height * libm::pow(rank / from, -exponent)
}

/// Walker's method: what a slot has too little of, it gets from one that has too much.
fn alias(slots: &mut [Slot], shares: &mut [f64]) {
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..shares.len()).partition(|&slot| shares[slot] < mean);
    while let (Some(&from), Some(to)) = (large.last(), small.pop()) {
        slots[to].keep = (shares[to] / mean * f64::from(u32::MAX)) as u32;
        slots[to].alias = from as u32;
        shares[from] -= mean - shares[to];
        if shares[from] < mean {
            large.pop();
            small.push(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Domain;
    use super::*;

    #[test]
    fn ranks_are_drawn_as_often_as_the_law_says() {
        let bends = [Bend { rank: 1, exponent: 0.5 }, Bend { rank: 10, exponent: 1.5 }];
        let zipf = Zipf::new(&bends, 100_000);
        let mut dice = Dice::new(1, Domain::Text, 1);
        let mut counts = vec![0_u32; 100_001];
        (0..1_000_000).for_each(|_| counts[zipf.draw(&mut dice) as usize] += 1);
        let ratio = |a: usize, b: usize| f64::from(counts[a]) / f64::from(counts[b]);
        assert!((ratio(1, 9) - 3.0).abs() < 0.1, "{}", ratio(1, 9));
        assert!((ratio(10, 40) - 8.0).abs() < 0.5, "{}", ratio(10, 40));
        assert!(counts[5_000..].iter().any(|&count| count > 0), "the tail is open");
        assert_eq!(counts[0], 0);
    }
}
