//! In which order tweets come, and which come twice.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::Corpus;
use crate::corpus::{Dice, Domain};
use crate::time::SECOND;

const BLOCK: i64 = 100;
/// Of a block so many come again.
const REPEATED: i64 = 8;
/// One block in so many is repeated from its end, as when two requests overlap.
const OVERLAPS: u64 = 10;
/// In a thousand tweets of a stream so many are late.
const LATE: u64 = 5;
const LATEST: i64 = 300 * SECOND;
const JITTER: i64 = 2 * SECOND;

/// How tweets are transported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transport {
    /// Each once, whole.
    Clean,
    /// As networks and X do it on bad days: of each complete hundred 8 come again; pages overlap; objects that
    /// tweets refer to are missing, with an error or without; there are unknown fields, null and absent ones.
    Faulty,
}

/// A tweet on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Delivery {
    pub ordinal: i64,
    /// It came before.
    pub again: bool,
}

/// Every tweet of the week before the origin in order of time; repeated ones about a hundred later.
pub fn in_order(corpus: &Corpus, transport: Transport) -> impl Iterator<Item = Delivery> {
    let last = corpus.first_week().end;
    let seed = corpus.world().seed;
    let blocks = 0..last / BLOCK + 2;
    blocks.flat_map(move |block| {
        let own = block * BLOCK..((block + 1) * BLOCK).min(last);
        let own = own.map(|ordinal| Delivery { ordinal, again: false });
        let is_complete = block > 0 && block * BLOCK <= last && transport == Transport::Faulty;
        let again = repeats(seed, block - 1).into_iter().filter(move |_| is_complete);
        own.chain(again.map(|ordinal| Delivery { ordinal, again: true }))
    })
}

/// The tweets of a hundred that come twice.
fn repeats(seed: u64, block: i64) -> [i64; REPEATED as usize] {
    let mut dice = Dice::new(seed, Domain::Repeat, block);
    let (step, start) = match dice.below(OVERLAPS) {
        0 => (1, BLOCK - REPEATED),
        _ => (dice.pick(&[7, 13, 29, 37, 61]), dice.between(0, BLOCK)),
    };
    std::array::from_fn(|number| block * BLOCK + (start + step * number as i64) % BLOCK)
}

/// Whether a faulty transport delivers the tweet twice.
pub fn comes_twice(corpus: &Corpus, ordinal: i64) -> bool {
    let block = ordinal.div_euclid(BLOCK);
    (block + 1) * BLOCK <= corpus.first_week().end && repeats(corpus.world().seed, block).contains(&ordinal)
}

/// The same in the order of a stream: within two seconds of their moments, a few up to five minutes late.
pub fn as_they_arrive(corpus: &Corpus, transport: Transport) -> impl Iterator<Item = Delivery> {
    let mut waiting = BinaryHeap::new();
    let mut coming = in_order(corpus, transport);
    let mut now = i64::MIN;
    std::iter::from_fn(move || {
        loop {
            // whatever comes later has a later moment
            if let Some(&Reverse((at, delivery))) = waiting.peek()
                && at <= now
            {
                waiting.pop();
                return Some(delivery);
            }
            let Some(delivery) = coming.next() else {
                now = i64::MAX;
                if waiting.is_empty() {
                    return None;
                }
                continue;
            };
            if !delivery.again {
                now = corpus.micros_of(delivery.ordinal);
            }
            waiting.push(Reverse((now + delay(corpus, delivery), delivery)));
        }
    })
}

fn delay(corpus: &Corpus, delivery: Delivery) -> i64 {
    let mut dice = Dice::new(corpus.world().seed, Domain::Arrival, delivery.ordinal);
    let late = if dice.below(1_000) < LATE { LATEST } else { JITTER };
    dice.between(0, late)
}
