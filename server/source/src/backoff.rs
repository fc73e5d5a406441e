//! Whether it is worth asking again after an error, and when. Nothing here waits: time and chance are arguments.

use crate::error::SourceError;
use crate::limits::WINDOW;
use crate::refusal::{Refusal, RefusalKind};
use model::Timestamp;
use model::time::{HOUR, MINUTE, SECOND};

/// X has trouble, or cannot be reached: five seconds first, as for its streams, and no more than 320.
const TROUBLE: Ladder = Ladder { first: 5 * SECOND, most: 320 * SECOND };
/// One request a second is X's rule; one waits a little longer, because clocks tick unevenly.
const TOO_FAST: Ladder = Ladder { first: SECOND + SECOND / 10, most: MINUTE };
/// It takes X a while to notice that a connection is gone.
const CONNECTIONS: Ladder = Ladder { first: MINUTE, most: 16 * MINUTE };
/// How often it is tried whether a cap is lifted, or somebody has paid.
const CAP: i64 = HOUR;
/// After a window that is said to be over already: clocks differ.
const AT_LEAST: i64 = 10 * SECOND;

/// The longest that anything here makes one wait, but for the end of a window that X itself tells.
pub const LONGEST: i64 = HOUR;

struct Ladder {
    first: i64,
    most: i64,
}

impl Ladder {
    /// It doubles with each attempt. One waits at least half of it, and for how long beyond is left to chance, so that
    /// not all who were refused together come back together.
    fn wait(&self, attempt: u32, draw: f64) -> i64 {
        let doublings = attempt.saturating_sub(1).min(20);
        let whole = (self.first << doublings).min(self.most);
        whole / 2 + (whole as f64 / 2.0 * draw.clamp(0.0, 1.0)) as i64
    }
}

/// When it is worth asking again after the `attempt`th failure in a row (from 1); never where the same request would
/// fail again until a person has done something. `draw` is a number of chance in `[0, 1)`.
pub fn again(error: &SourceError, attempt: u32, now: Timestamp, draw: f64) -> Option<Timestamp> {
    let wait = match error {
        SourceError::Refused(refusal) => return after_refusal(refusal, attempt, now, draw),
        SourceError::Network(_) | SourceError::Timeout | SourceError::Garbled(_) | SourceError::Stream(_) => {
            TROUBLE.wait(attempt, draw)
        }
        SourceError::Keeper(_) => TROUBLE.wait(attempt, draw),
        SourceError::Address(_)
        | SourceError::Proxy
        | SourceError::TooLarge(_)
        | SourceError::Inflated(_)
        | SourceError::WrongCredential { .. }
        | SourceError::ConsentLost
        | SourceError::Token
        | SourceError::Random => return None,
    };
    Some(Timestamp(now.0 + wait))
}

fn after_refusal(refusal: &Refusal, attempt: u32, now: Timestamp, draw: f64) -> Option<Timestamp> {
    let wait = match refusal.kind {
        RefusalKind::WindowUsedUp { until } => {
            return Some(until.unwrap_or(Timestamp(now.0 + WINDOW)).max(Timestamp(now.0 + AT_LEAST)));
        }
        // The first second is the rule itself, and nothing of it is left to chance.
        RefusalKind::TooFast if attempt <= 1 => TOO_FAST.first,
        RefusalKind::TooFast => TOO_FAST.wait(attempt + 1, draw),
        RefusalKind::TooManyConnections => CONNECTIONS.wait(attempt + 1, draw),
        RefusalKind::Unavailable => TROUBLE.wait(attempt, draw),
        RefusalKind::UsageCap(_) | RefusalKind::CreditsDepleted | RefusalKind::PaymentRequired => CAP,
        RefusalKind::Conflict => MINUTE,
        RefusalKind::Unauthorized
        | RefusalKind::NotEnrolled
        | RefusalKind::AccessLevel
        | RefusalKind::WrongAuthentication
        | RefusalKind::NotProvisioned
        | RefusalKind::OfficialAppsOnly
        | RefusalKind::NotAuthorized
        | RefusalKind::Forbidden
        | RefusalKind::NotEnabled
        | RefusalKind::NotFound
        | RefusalKind::NoRules
        | RefusalKind::Redirect
        | RefusalKind::Invalid => return None,
    };
    Some(Timestamp(now.0 + wait))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Period;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

    fn refused(kind: RefusalKind) -> SourceError {
        Refusal { status: 0, kind, detail: String::new(), parameters: Vec::new() }.into()
    }

    fn wait(error: &SourceError, attempt: u32, draw: f64) -> Option<i64> {
        again(error, attempt, NOW, draw).map(|time| time - NOW)
    }

    #[test]
    fn trouble_is_waited_out_ever_longer_and_by_chance() {
        let seconds = |attempt, draw| wait(&SourceError::Timeout, attempt, draw).unwrap() as f64 / SECOND as f64;
        assert_eq!([1, 2, 3, 7, 8, 9_999].map(|attempt| seconds(attempt, 0.0)), [2.5, 5.0, 10.0, 160.0, 160.0, 160.0]);
        assert_eq!([1, 2, 3, 7, 8].map(|attempt| seconds(attempt, 1.0)), [5.0, 10.0, 20.0, 320.0, 320.0]);
        assert_eq!(wait(&refused(RefusalKind::Unavailable), 1, 1.0), Some(5 * SECOND));
    }

    #[test]
    fn each_429_has_its_own_cure() {
        let window = |until: Option<i64>| {
            wait(&refused(RefusalKind::WindowUsedUp { until: until.map(|wait| Timestamp(NOW.0 + wait)) }), 1, 0.5)
        };
        assert_eq!(window(Some(5 * MINUTE)), Some(5 * MINUTE), "only this one is cured by the end of the window");
        assert_eq!(window(None), Some(WINDOW));
        assert_eq!(window(Some(-MINUTE)), Some(AT_LEAST));
        assert!((SECOND..2 * SECOND).contains(&wait(&refused(RefusalKind::TooFast), 1, 0.0).unwrap()));
        assert_eq!(wait(&refused(RefusalKind::UsageCap(Period::Month)), 1, 0.0), Some(HOUR));
        assert_eq!(wait(&refused(RefusalKind::TooManyConnections), 1, 0.0), Some(MINUTE));
    }

    #[test]
    fn what_only_a_person_can_cure_is_not_tried_again() {
        for kind in [RefusalKind::Unauthorized, RefusalKind::AccessLevel, RefusalKind::NotEnabled, RefusalKind::Invalid]
        {
            assert_eq!(wait(&refused(kind), 1, 0.0), None, "{kind:?}");
        }
        assert_eq!(wait(&SourceError::ConsentLost, 1, 0.0), None);
        assert!(wait(&refused(RefusalKind::CreditsDepleted), 1, 0.0).is_some(), "somebody may have paid");
    }

    proptest! {
        #[test]
        fn nothing_waits_longer_than_its_cap_and_nothing_hammers(attempt in 1_u32.., draw in 0.0..1.0_f64) {
            for error in [
                SourceError::Timeout,
                refused(RefusalKind::TooFast),
                refused(RefusalKind::TooManyConnections),
                refused(RefusalKind::UsageCap(Period::Day)),
                refused(RefusalKind::Unavailable),
            ] {
                prop_assert!((SECOND..=LONGEST).contains(&wait(&error, attempt, draw).unwrap()));
            }
        }
    }
}
