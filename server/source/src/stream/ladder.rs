//! How long one waits before one connects again to a stream: X's own rules.
//! <https://docs.x.com/x-api/fundamentals/handling-disconnections>

use crate::error::SourceError;
use crate::limits::WINDOW;
use crate::refusal::RefusalKind;
use model::Timestamp;
use model::time::{MINUTE, SECOND};

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Break {
    /// The connection broke or was never made: 0.25 s more each time, to 16 s.
    Network,
    /// X refused for a reason of its own: 5 s, doubling, to 320 s.
    Http,
    /// 429 (once 420): a minute, doubling. X names no end; here it is the first that is longer than a window.
    TooMany,
}

/// What has failed since the stream last gave something. X's rules have no chance in them, so nor has this.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconnect(Option<(Break, u32)>);

impl Reconnect {
    /// When to connect again after this error; never where it would fail again until somebody has done something.
    pub fn after(&mut self, error: &SourceError, now: Timestamp) -> Option<Timestamp> {
        let (why, not_before) = reason(error, now)?;
        let times = match self.0 {
            Some((before, times)) if before == why => times.saturating_add(1),
            _ => 1,
        };
        self.0 = Some((why, times));
        Some(Timestamp(now.0 + why.wait(times)).max(not_before))
    }

    /// The stream gave a post or a sign of life: the next break is the first.
    pub fn is_alive(&mut self) {
        self.0 = None;
    }
}

impl Break {
    fn wait(self, times: u32) -> i64 {
        let doubled = |first: i64, most: i64| (first << (times - 1).min(10)).min(most);
        match self {
            Self::Network => (SECOND / 4).saturating_mul(i64::from(times)).min(16 * SECOND),
            Self::Http => doubled(5 * SECOND, 320 * SECOND),
            Self::TooMany => doubled(MINUTE, 16 * MINUTE),
        }
    }
}

/// The rung, and until when X says that it takes no connection.
fn reason(error: &SourceError, now: Timestamp) -> Option<(Break, Timestamp)> {
    let refusal = match error {
        SourceError::Refused(refusal) => refusal,
        SourceError::Network(_) | SourceError::Timeout | SourceError::Stream(_) | SourceError::Garbled(_) => {
            return Some((Break::Network, now));
        }
        // The next line may be shorter.
        SourceError::TooLarge(_) => return Some((Break::Http, now)),
        _ => return None,
    };
    match (refusal.kind, refusal.status) {
        (RefusalKind::WindowUsedUp { until }, _) => Some((Break::TooMany, until.unwrap_or(Timestamp(now.0 + WINDOW)))),
        (_, 420 | 429) => Some((Break::TooMany, now)),
        (RefusalKind::Unavailable, _) => Some((Break::Http, now)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;
    use crate::stream::StreamEnd;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_435_200);

    fn refused(status: u16, kind: RefusalKind) -> SourceError {
        Refusal { status, kind, detail: String::new(), parameters: Vec::new() }.into()
    }

    fn waits(error: &SourceError, times: usize) -> Vec<f64> {
        let mut reconnect = Reconnect::default();
        let seconds = |time: Timestamp| (time - NOW) as f64 / SECOND as f64;
        (0..times).map(|_| seconds(reconnect.after(error, NOW).unwrap())).collect()
    }

    #[test]
    fn the_rungs_are_xs() {
        let network = waits(&SourceError::Timeout, 100);
        assert_eq!(network[..4], [0.25, 0.5, 0.75, 1.0]);
        assert_eq!((network[62], network[63], network[64], network[99]), (15.75, 16.0, 16.0, 16.0));
        let http = waits(&refused(503, RefusalKind::Unavailable), 9);
        assert_eq!(http, [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 320.0, 320.0]);
        let too_many = waits(&refused(429, RefusalKind::TooManyConnections), 7);
        assert_eq!(too_many, [60.0, 120.0, 240.0, 480.0, 960.0, 960.0, 960.0]);
    }

    #[test]
    fn another_kind_of_break_and_a_sign_of_life_begin_anew() {
        let mut reconnect = Reconnect::default();
        let mut wait = |error: &SourceError| (reconnect.after(error, NOW).unwrap() - NOW) / 1_000;
        assert_eq!((wait(&SourceError::Timeout), wait(&SourceError::Stream(StreamEnd::Silent))), (250, 500));
        assert_eq!(wait(&refused(502, RefusalKind::Unavailable)), 5_000);
        assert_eq!(wait(&SourceError::Timeout), 250);
        reconnect.is_alive();
        assert_eq!(reconnect, Reconnect::default());
    }

    #[test]
    fn no_connection_is_tried_in_a_closed_window_or_where_a_person_is_needed() {
        let until = Some(Timestamp(NOW.0 + 7 * MINUTE));
        assert_eq!(waits(&refused(429, RefusalKind::WindowUsedUp { until }), 4), [420.0, 420.0, 420.0, 480.0]);
        for (status, kind) in
            [(401, RefusalKind::Unauthorized), (409, RefusalKind::NoRules), (402, RefusalKind::CreditsDepleted)]
        {
            assert_eq!(Reconnect::default().after(&refused(status, kind), NOW), None, "{kind:?}");
        }
    }
}
