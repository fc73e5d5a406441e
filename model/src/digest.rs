//! What `roost verify` compares between the store and the index: a count and a hash per day.

use crate::{Timestamp, TweetId};
use serde::{Deserialize, Serialize};

/// The tweets created on one day, as a number and a hash that does not depend on their order.
///
/// The hash is the wrapping sum of [`mix`] over the tweets: equal sets give equal sums, and a tweet that is
/// missing, doubled, of another version or first seen at another time changes it (but for one chance in 2^64).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayDigest {
    pub count: u64,
    pub hash: u64,
}

impl DayDigest {
    /// Counts one more tweet, held in that version.
    pub fn add(&mut self, id: TweetId, version: Timestamp, first_seen: Timestamp) {
        self.count += 1;
        self.hash = self.hash.wrapping_add(mix(id, version, first_seen));
    }

    /// Counts the tweets of another digest too.
    pub fn merge(&mut self, other: DayDigest) {
        self.count += other.count;
        self.hash = self.hash.wrapping_add(other.hash);
    }
}

/// 64 well-mixed bits of a tweet and its times: splitmix64's finalizer over the one, then with each of the others.
fn mix(id: TweetId, version: Timestamp, first_seen: Timestamp) -> u64 {
    [version, first_seen].iter().fold(finalize(id.0), |mixed, time| finalize(mixed.wrapping_add(time.0 as u64)))
}

fn finalize(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(tweets: &[(u64, i64)]) -> DayDigest {
        let mut digest = DayDigest::default();
        tweets.iter().for_each(|(id, version)| digest.add(TweetId(*id), Timestamp(*version), Timestamp(5)));
        digest
    }

    #[test]
    fn the_order_does_not_matter_and_every_change_does() {
        let both = digest(&[(1, 10), (2, 20)]);
        assert_eq!(both, digest(&[(2, 20), (1, 10)]));
        for other in [&[(1, 10)][..], &[(1, 20), (2, 10)], &[(1, 10), (2, 21)], &[(1, 10), (2, 20), (2, 20)]] {
            assert_ne!(both, digest(other));
        }
        let mut seen_later = digest(&[(1, 10)]);
        seen_later.add(TweetId(2), Timestamp(20), Timestamp(6));
        assert_ne!(both, seen_later);
        let mut merged = digest(&[(1, 10)]);
        merged.merge(digest(&[(2, 20)]));
        assert_eq!(both, merged);
    }
}
