//! Stretches of time as ranges of ids: X's ids count milliseconds, so an id is a moment and a bound.

use model::{Timestamp, TweetId};

/// Ids from `from` to before `to`.
///
/// Ranges that meet share a bound, so they neither overlap nor leave an id out, whatever the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub from: TweetId,
    pub to: TweetId,
}

impl Span {
    /// All ids of the milliseconds from that of `from` to before that of `to`.
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from: TweetId::first_at(from), to: TweetId::first_at(to) }
    }

    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }

    pub fn contains(self, id: TweetId) -> bool {
        (self.from..self.to).contains(&id)
    }

    pub fn starts_at(self) -> Timestamp {
        self.from.time()
    }

    pub fn ends_at(self) -> Timestamp {
        self.to.time()
    }

    /// Microseconds from start to end.
    pub fn length(self) -> i64 {
        self.ends_at() - self.starts_at()
    }
}

/// X's `since_id` for ids from `from` on: it is exclusive. None where there is no lower bound.
///
/// It lies a millisecond before `from`, which matters where X compares its time with the horizon.
pub fn since_id(from: TweetId) -> Option<TweetId> {
    from.0.checked_sub(1).map(TweetId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::SECOND;

    #[test]
    fn a_bound_is_the_first_id_of_its_millisecond() {
        let noon = Timestamp::parse_rfc3339("2026-11-23T12:00:00.250Z").unwrap();
        let bound = TweetId::first_at(noon);
        assert_eq!(bound.snowflake_ms(), Some(noon.0 / 1000));
        assert_eq!(since_id(bound).unwrap().snowflake_ms(), Some(noon.0 / 1000 - 1), "the last id before it");
        assert_eq!(bound.time(), noon);
        assert_eq!(TweetId::first_at(Timestamp(noon.0 + 999)), bound, "microseconds are not told apart");
        assert!(TweetId::first_at(Timestamp(noon.0 - 1)) < bound);
    }

    #[test]
    fn before_xs_epoch_there_is_no_lower_bound() {
        let span = Span::between(Timestamp(0), Timestamp::from_seconds(1_300_000_000));
        assert_eq!((span.from, since_id(span.from)), (TweetId(0), None));
        assert!(Span::between(Timestamp(5 * SECOND), Timestamp(0)).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn each_id_is_in_one_of_two_ranges_that_meet(ms in 1_000_i64..1_000_000_000, low in 0_u64..(1 << 22), at in 0_i64..2_000_000) {
            let id = TweetId((ms.unsigned_abs() << 22) | low);
            let cut = Timestamp(id.time().0 + at - 1_000_000);
            let below = Span::between(Timestamp(0), cut);
            let above = Span::between(cut, Timestamp(i64::MAX));
            proptest::prop_assert!(below.contains(id) ^ above.contains(id));
            proptest::prop_assert_eq!(above.contains(id), id.time().0 >= cut.floor(1000).0);
        }
    }
}
