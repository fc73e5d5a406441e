//! Time zones: how far the clocks of a place are ahead of UTC, and since when.
//!
//! Where tables of all zones are, such as in the server, the [`Zone`] of a place is made of one; it travels with the
//! page, so that the browser needs no table of its own. The zone in which times are shown and meant is that of the
//! request ([`within`]) or of the page ([`adopt`]), and UTC where there is neither.

use crate::time::{HOUR, MINUTE, Timestamp};
use std::borrow::Cow;

/// The clocks of a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Zone {
    /// By which it is known: `Europe/Berlin`.
    pub name: Cow<'static, str>,
    /// Minutes ahead of UTC before the first change.
    first: i16,
    /// From each of these moments on, so many minutes; the earliest first.
    changes: Vec<(Timestamp, i16)>,
}

/// The clocks that never change.
pub static UTC: Zone = Zone { name: Cow::Borrowed("UTC"), first: 0, changes: Vec::new() };

impl Zone {
    /// Of the minutes ahead of UTC at first, and from each moment on.
    pub fn new(name: String, first: i16, changes: Vec<(Timestamp, i16)>) -> Self {
        Self { name: name.into(), first, changes }
    }

    /// Whether its clocks show UTC.
    pub fn is_utc(&self) -> bool {
        self.first == 0 && self.changes.is_empty()
    }

    /// Minutes that its clocks are ahead of UTC.
    pub fn offset(&self, at: Timestamp) -> i16 {
        match self.changes.partition_point(|(since, _)| *since <= at) {
            0 => self.first,
            number => self.changes[number - 1].1,
        }
    }

    /// What its clocks show, as the moment that reads so in UTC.
    pub fn civil(&self, at: Timestamp) -> Timestamp {
        Timestamp(at.0.saturating_add(micros(self.offset(at))))
    }

    /// The first moment at which its clocks show this or, where they leave it out, more.
    pub fn moment(&self, civil: Timestamp) -> Timestamp {
        let (mut since, mut offset) = (Timestamp(i64::MIN), self.first);
        let by = |offset| Timestamp(civil.0.saturating_sub(micros(offset)));
        for (at, next) in &self.changes {
            if by(offset) < *at {
                break;
            }
            (since, offset) = (*at, *next);
        }
        by(offset).max(since)
    }

    /// Where the bars of that width begin, in one of which the moment is: those of more than an hour by its clocks, so
    /// that days begin at midnight; shorter ones have one length each, counted from `origin`.
    pub fn floor(&self, at: Timestamp, width: i64, origin: Timestamp) -> Timestamp {
        if width <= HOUR {
            return Timestamp(origin.0 + (at.0 - origin.0).div_euclid(width) * width);
        }
        self.moment(self.civil(at).floor(width))
    }

    /// Where the bar ends that begins there.
    pub fn after(&self, start: Timestamp, width: i64) -> Timestamp {
        if width <= HOUR {
            return Timestamp(start.0.saturating_add(width));
        }
        self.moment(Timestamp(self.civil(start).floor(width).0.saturating_add(width)))
    }

    /// `UTC`, `UTC+1`, `UTC−3:30`: which of its clocks' times is meant.
    pub fn label(&self, at: Timestamp) -> String {
        let offset = self.offset(at);
        let (hours, minutes) = (offset.unsigned_abs() / 60, offset.unsigned_abs() % 60);
        let sign = if offset < 0 { '\u{2212}' } else { '+' };
        match (hours, minutes) {
            (0, 0) => "UTC".to_owned(),
            (_, 0) => format!("UTC{sign}{hours}"),
            (_, _) => format!("UTC{sign}{hours}:{minutes:02}"),
        }
    }

    /// As it travels with the page: `Europe/Berlin 60 19062780:120 …`, the moments in minutes since 1970.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {}", self.name, self.first);
        for (at, offset) in &self.changes {
            text.push_str(&format!(" {}:{offset}", at.0.div_euclid(MINUTE)));
        }
        text
    }

    /// Reads what the page says.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (name, first) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?);
        let change = |part: &str| {
            let (at, offset) = part.split_once(':')?;
            Some((Timestamp(at.parse::<i64>().ok()?.checked_mul(MINUTE)?), offset.parse().ok()?))
        };
        Some(Self::new(name, first, parts.map(change).collect::<Option<_>>()?))
    }
}

fn micros(minutes: i16) -> i64 {
    i64::from(minutes) * MINUTE
}

#[cfg(target_arch = "wasm32")]
pub use of_page::{adopt, current};
#[cfg(not(target_arch = "wasm32"))]
pub use of_request::{current, within};

/// On the server: the zone of the request that is answered.
#[cfg(not(target_arch = "wasm32"))]
mod of_request {
    use super::{UTC, Zone};
    use std::cell::Cell;

    thread_local! {
        static CURRENT: Cell<&'static Zone> = const { Cell::new(&UTC) };
    }

    /// The zone in which times are shown and meant.
    pub fn current() -> &'static Zone {
        CURRENT.get()
    }

    /// Does something in a zone. The caller does not wait for anything within it, see [`crate::texts::within`].
    pub fn within<T>(zone: &'static Zone, act: impl FnOnce() -> T) -> T {
        /// Goes back to the zone before, also where `act` panics.
        struct Back(&'static Zone);
        impl Drop for Back {
            fn drop(&mut self) {
                CURRENT.set(self.0);
            }
        }
        let _back = Back(CURRENT.replace(zone));
        act()
    }
}

/// In the browser: the zone that came with the page.
#[cfg(target_arch = "wasm32")]
mod of_page {
    use super::{UTC, Zone};
    use std::sync::OnceLock;

    static ZONE: OnceLock<Zone> = OnceLock::new();

    /// Takes the zone of the page, for as long as it lives.
    pub fn adopt(zone: Zone) {
        ZONE.get_or_init(|| zone);
    }

    /// The zone in which times are shown and meant.
    pub fn current() -> &'static Zone {
        ZONE.get().unwrap_or(&UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    /// Zones with the changes of some years, among them a night of half an hour and a day that was left out.
    fn zones() -> Vec<Zone> {
        let zone = |name: &str, first, changes: &[(&str, i16)]| {
            let changes = changes.iter().map(|(time, offset)| (at(time), *offset)).collect();
            Zone::new(name.to_owned(), first, changes)
        };
        vec![
            zone("Europe/Berlin", 60, &[("2026-03-29T01:00:00Z", 120), ("2026-10-25T01:00:00Z", 60)]),
            zone("Asia/Kolkata", 330, &[]),
            zone("America/St_Johns", -210, &[("2026-03-08T05:30:00Z", -150), ("2026-11-01T04:30:00Z", -210)]),
            zone("Pacific/Apia", -600, &[("2011-12-30T10:00:00Z", 840), ("2012-03-31T14:00:00Z", 780)]),
            zone("Australia/Lord_Howe", 660, &[("2026-04-04T15:00:00Z", 630), ("2026-10-03T15:30:00Z", 660)]),
            zone("Africa/Cairo", 120, &[("2026-04-23T22:00:00Z", 180), ("2026-10-29T21:00:00Z", 120)]),
        ]
    }

    fn find(name: &str) -> Zone {
        zones().into_iter().find(|zone| zone.name == name).unwrap()
    }

    #[test]
    fn days_have_23_to_25_hours() {
        let day = |zone: &str, moment: &str| {
            let zone = find(zone);
            let start = zone.floor(at(moment), DAY, Timestamp(0));
            (start.to_rfc3339().replace(":00.000", ""), (zone.after(start, DAY) - start) / HOUR)
        };
        let is = |start: &str, hours: i64| (start.to_owned(), hours);
        assert_eq!(day("Europe/Berlin", "2026-03-29T12:00:00Z"), is("2026-03-28T23:00Z", 23));
        assert_eq!(day("Europe/Berlin", "2026-10-25T22:59:59Z"), is("2026-10-24T22:00Z", 25));
        assert_eq!(day("Europe/Berlin", "2026-10-25T23:00:00Z"), is("2026-10-25T23:00Z", 24));
        assert_eq!(day("Asia/Kolkata", "2026-10-25T18:29:59Z"), is("2026-10-24T18:30Z", 24));
        assert_eq!(day("America/St_Johns", "2026-03-08T12:00:00Z"), is("2026-03-08T03:30Z", 23));
        assert_eq!(day("Pacific/Apia", "2011-12-30T09:59:59Z"), is("2011-12-29T10:00Z", 24));
        assert_eq!(day("Pacific/Apia", "2011-12-30T10:00:00Z"), is("2011-12-30T10:00Z", 24));
        // Where midnight is left out, the day begins with the first moment after it.
        assert_eq!(day("Africa/Cairo", "2026-04-24T12:00:00Z"), is("2026-04-23T22:00Z", 23));
    }

    #[test]
    fn what_clocks_show_twice_or_never_has_one_moment() {
        let berlin = find("Europe/Berlin");
        assert_eq!(berlin.moment(at("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"), "the first of two");
        assert_eq!(berlin.moment(at("2026-03-29T02:30:00Z")), at("2026-03-29T01:00:00Z"), "when they go on");
        let apia = find("Pacific/Apia");
        assert_eq!(apia.moment(at("2011-12-30T12:00:00Z")), at("2011-12-30T10:00:00Z"));
    }

    #[test]
    fn the_label_tells_how_far_ahead_it_is() {
        let label = |zone: &str, moment: &str| find(zone).label(at(moment));
        assert_eq!(label("Europe/Berlin", "2026-01-01T00:00:00Z"), "UTC+1");
        assert_eq!(label("Europe/Berlin", "2026-07-01T00:00:00Z"), "UTC+2");
        assert_eq!(label("Asia/Kolkata", "2026-07-01T00:00:00Z"), "UTC+5:30");
        assert_eq!(label("America/St_Johns", "2026-01-01T00:00:00Z"), "UTC\u{2212}3:30");
        assert_eq!(UTC.label(Timestamp(0)), "UTC");
    }

    #[test]
    fn a_zone_holds_where_it_is_chosen_and_nowhere_else() {
        let berlin: &'static Zone = Box::leak(Box::new(find("Europe/Berlin")));
        assert_eq!(within(berlin, || current().name.clone()), "Europe/Berlin");
        assert!(current().is_utc());
    }

    proptest! {
        #[test]
        fn every_moment_is_in_one_bar_of_its_zone(
            number in 0..6_usize, minute in 21_000_000_i64..30_000_000, width in 0..9_usize,
        ) {
            let (zone, moment) = (&zones()[number], Timestamp(minute * MINUTE));
            let width = [15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY][width];
            let origin = zone.moment(zone.civil(Timestamp(moment.0 - DAY)).floor(width));
            let start = zone.floor(moment, width, origin);
            let end = zone.after(start, width);
            prop_assert!(start <= moment && moment < end, "{start} {moment} {end}");
            prop_assert_eq!(zone.floor(start, width, origin), start);
            prop_assert_eq!(zone.floor(Timestamp(end.0 - 1), width, origin), start);
            prop_assert_eq!(zone.floor(end, width, origin), end);
        }

        #[test]
        fn what_clocks_show_leads_back_to_the_moment(number in 0..6_usize, minute in 21_000_000_i64..30_000_000) {
            let (zone, moment) = (&zones()[number], Timestamp(minute * MINUTE));
            let back = zone.moment(zone.civil(moment));
            // Of what is shown twice it is the first.
            prop_assert!(back == moment || (back < moment && zone.civil(back) == zone.civil(moment)));
            prop_assert_eq!(zone.moment(zone.civil(back)), back);
        }

        #[test]
        fn a_zone_is_read_as_it_was_written(number in 0..6_usize) {
            let zone = &zones()[number];
            let read = Zone::from_text(&zone.to_text());
            prop_assert_eq!(read.as_ref(), Some(zone));
        }
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        for text in ["", "Europe/Berlin", "A x", "A 60 5", "A 60 5:x", "A 60 99999999999999999:1"] {
            assert_eq!(Zone::from_text(text), None, "{text}");
        }
    }
}
