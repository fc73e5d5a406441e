//! How far a value's share in some tweets stands out from its share in others.
//!
//! Log-odds ratio with an informative Dirichlet prior, in standard errors (Monroe, Colaresi and Quinn, "Fightin'
//! Words", 2008), of tweets that have a value and tweets that have not. Two choices of our own:
//!
//! - Both sides count as many tweets as the smaller one has. A share taken over a million tweets is known better, but
//!   it is the smaller side that limits what the comparison can tell; and of a value that the larger side lacks, the
//!   uncertainty of the empty cell would otherwise hide all that happened.
//! - The prior is the mean of both shares, worth as many tweets as one side. So a value in three tweets never stands
//!   out, and the score falls as the value becomes more frequent outside.

/// Added to each cell, so that none is empty.
const HALF: f64 = 0.5;

/// Two sets of tweets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides {
    pub inside: u64,
    pub outside: u64,
}

impl Sides {
    /// The score of a value that so many tweets of each side have: above 0 where it is more frequent inside.
    pub fn score(self, inside: u64, outside: u64) -> f64 {
        if self.inside == 0 || self.outside == 0 {
            return 0.0;
        }
        let size = self.inside.min(self.outside) as f64;
        let here = inside as f64 / self.inside as f64;
        let there = outside as f64 / self.outside as f64;
        let prior = (here + there) / 2.0 * size;
        let cells = |share: f64| {
            let with = share * size + prior + HALF;
            (with, 2.0 * size + 2.0 * HALF - with)
        };
        let (here, there) = (cells(here), cells(there));
        let difference = (here.0 / here.1).ln() - (there.0 / there.1).ln();
        difference / (here.0.recip() + here.1.recip() + there.0.recip() + there.1.recip()).sqrt()
    }

    /// Tweets inside that a value must at least be in to be told of.
    pub fn least(self) -> u64 {
        (self.inside / 2000).max(3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_new_stands_before_what_grew_and_few_tweets_prove_nothing() {
        let sides = Sides { inside: 900, outside: 1_000_000 };
        let planted = sides.score(700, 0);
        let common = sides.score(700, 4_000);
        let grew = sides.score(270, 50_000);
        assert!(planted > common && common > grew && grew > 5.0, "{planted} {common} {grew}");
        assert!(sides.score(3, 0) < 2.0);
        assert!(sides.score(45, 50_000).abs() < 0.01);
        assert!(sides.score(9, 50_000) < -2.0);
    }

    #[test]
    fn all_or_nothing_has_a_score_too() {
        let sides = Sides { inside: 10, outside: 10 };
        assert_eq!(sides.score(10, 10), 0.0);
        assert!(sides.score(10, 0).is_finite() && sides.score(0, 0) == 0.0);
        assert_eq!(Sides { inside: 5, outside: 0 }.score(5, 0), 0.0);
    }

    proptest! {
        #[test]
        fn the_score_falls_as_the_value_becomes_more_frequent_outside(
            inside in 1_u64..2_000, outside in 1_u64..2_000_000, here in 0.0..=1.0_f64, there in 0.0..1.0_f64,
        ) {
            let sides = Sides { inside, outside };
            let here = (inside as f64 * here) as u64;
            let there = (outside as f64 * there) as u64;
            if sides.score(here, there) > 0.0 {
                prop_assert!(sides.score(here, there) + 1e-9 >= sides.score(here, there + 1));
            }
            prop_assert!(sides.score(here, 0) >= sides.score(here, there) - 1e-9);
        }
    }
}
