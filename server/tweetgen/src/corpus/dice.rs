//! Reproducible random numbers: SplitMix64 keyed by what is being decided.
//!
//! No state is shared between tweets, so any tweet can be made without making those before it.
//! (A stream cipher such as ChaCha8 would have to be set up anew for each decision.)
//! Logarithms and powers come from the crate `libm`, which computes them in plain arithmetic: the
//! same bits on every machine.

pub struct Dice(u64);

/// What a run of dice decides; one domain never disturbs another.
#[derive(Clone, Copy)]
pub enum Domain {
    Time = 1,
    Kind,
    Target,
    Theme,
    Author,
    Account,
    Text,
    Media,
    Metrics,
    Details,
    Week,
    Trend,
    Language,
    Hostile,
    Canary,
    Edit,
    Fate,
    Repeat,
    Fault,
    Arrival,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    pub fn new(seed: u64, domain: Domain, key: i64) -> Self {
        let salt = mix(seed.wrapping_add((domain as u64).wrapping_mul(0xa076_1d64_78bd_642f)));
        Self(mix(salt ^ (key as u64).wrapping_mul(0xe703_7ed1_a0b4_28db)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Uniform in `0..n`; `n` is at least 1.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// Uniform in `low..high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low) as u64) as i64
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of `choices`, which must not be empty.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// Pareto with exponent 1.1, shifted to start at 0.
    pub fn pareto(&mut self) -> f64 {
        libm::pow(1.0 - self.unit(), -1.0 / 1.1) - 1.0
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }
}
