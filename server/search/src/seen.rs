/// Bits per id: with four probes about 1 id in 400 is taken for seen.
const BITS_PER_ID: usize = 16;
const PROBES: u64 = 4;
const SMALLEST: usize = 1 << 16;

/// The ids that may be in the index: a row of Bloom filters, each twice as large as the one before.
///
/// A deletion costs a look into every segment. An id that was never seen needs none, which halves the time of
/// an import. The answer "unseen" is always right; "seen" costs at worst a needless deletion.
pub(crate) struct Seen {
    filters: Vec<Filter>,
}

struct Filter {
    bits: Vec<u64>,
    room: usize,
}

impl Seen {
    /// With room for so many ids to begin with.
    pub fn new(expected: usize) -> Self {
        Self { filters: vec![Filter::new(expected.max(SMALLEST))] }
    }

    pub fn contains(&self, id: u64) -> bool {
        self.filters.iter().any(|filter| filter.probes(id).all(|(word, bit)| filter.bits[word] & bit != 0))
    }

    /// Adds the id. Returns whether it may have been there.
    pub fn insert(&mut self, id: u64) -> bool {
        if self.contains(id) {
            return true;
        }
        if self.filters.last().is_none_or(|filter| filter.room == 0) {
            let total: usize = self.filters.iter().map(|filter| filter.bits.len() * 64 / BITS_PER_ID).sum();
            self.filters.push(Filter::new(total * 2));
        }
        if let Some(filter) = self.filters.last_mut() {
            filter.insert(id);
        }
        false
    }
}

impl Filter {
    fn new(room: usize) -> Self {
        Self { bits: vec![0; (room * BITS_PER_ID).div_ceil(64)], room }
    }

    fn insert(&mut self, id: u64) {
        for (word, bit) in self.probes(id).collect::<Vec<_>>() {
            self.bits[word] |= bit;
        }
        self.room = self.room.saturating_sub(1);
    }

    fn probes(&self, id: u64) -> impl Iterator<Item = (usize, u64)> + use<> {
        let size = self.bits.len() as u64 * 64;
        // Two halves of one product make all the hashes (Kirsch and Mitzenmacher).
        let mixed = u128::from(id ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xd6e8_feb8_6659_fd93_a5a3_564e_27f8_862f);
        let (first, second) = ((mixed >> 64) as u64 ^ mixed as u64, (mixed >> 32) as u64 | 1);
        (0..PROBES).map(move |probe| {
            let hash = first.wrapping_add(probe.wrapping_mul(second));
            let bit = ((u128::from(hash) * u128::from(size)) >> 64) as u64;
            ((bit / 64) as usize, 1 << (bit % 64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_always_seen_and_little_else() {
        let mut seen = Seen::new(0);
        let id = |n: u64| 1_500_000_000_000_000_000 + n * 4_194_304;
        (0..300_000).for_each(|n| {
            seen.insert(id(n));
        });
        assert!((0..300_000).all(|n| seen.contains(id(n))));
        let wrong = (300_000..400_000).filter(|n| seen.contains(id(*n))).count();
        assert!(wrong < 2_000, "{wrong} of 100,000 taken for seen");
    }
}
