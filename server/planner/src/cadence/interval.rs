use super::BadCadence;
use model::Timestamp;
use model::time::{DAY, SECOND};
use serde::{Deserialize, Serialize};

/// Seconds of the shortest interval.
pub const SHORTEST: u32 = 5;
/// Seconds of the longest one.
pub const LONGEST: u32 = 31 * 86_400;
/// From where intervals are counted if nothing else is said: a Monday's midnight (UTC), so that hours, days and weeks
/// begin as people expect.
pub const ANCHOR: Timestamp = Timestamp(4 * DAY);

/// 2100-01-01T00:00:00Z.
const ANCHORS_END: Timestamp = Timestamp(47_482 * DAY);

/// Ticks at equal distances, on a grid that was always there: whatever a run takes, they do not drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Interval {
    seconds: u32,
    anchor: Timestamp,
}

#[derive(Deserialize)]
struct Fields {
    seconds: u32,
    anchor: Timestamp,
}

impl TryFrom<Fields> for Interval {
    type Error = BadCadence;

    fn try_from(fields: Fields) -> Result<Self, BadCadence> {
        Self::new(fields.seconds, fields.anchor)
    }
}

impl Interval {
    /// Of so many seconds; `anchor` is one of the ticks, of which there are some before it, too.
    pub fn new(seconds: u32, anchor: Timestamp) -> Result<Self, BadCadence> {
        if !(SHORTEST..=LONGEST).contains(&seconds) {
            return Err(BadCadence::Interval(seconds.into()));
        }
        if anchor.0 % SECOND != 0 || !(Timestamp(0)..ANCHORS_END).contains(&anchor) {
            return Err(BadCadence::Anchor);
        }
        Ok(Self { seconds, anchor })
    }

    pub fn seconds(&self) -> u32 {
        self.seconds
    }

    pub fn anchor(&self) -> Timestamp {
        self.anchor
    }

    pub(super) fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        self.last_until(time)?.0.checked_add(self.micros()).map(Timestamp)
    }

    pub(super) fn last_until(&self, time: Timestamp) -> Option<Timestamp> {
        let since = time.0.checked_sub(self.anchor.0)?;
        time.0.checked_sub(since.rem_euclid(self.micros())).map(Timestamp)
    }

    /// Ticks after `from`, up to and with `to`.
    pub(super) fn count(&self, from: Timestamp, to: Timestamp) -> u64 {
        let number = |time: Timestamp| time.0.saturating_sub(self.anchor.0).div_euclid(self.micros());
        u64::try_from(number(to) - number(from)).unwrap_or_default()
    }

    fn micros(&self) -> i64 {
        i64::from(self.seconds) * SECOND
    }
}
