//! Numbers and times as they are shown, in the manner of the page's language and by the clocks of its zone; never the
//! time that it is now.

pub use model::number::grouped;

use model::texts::{Counted, format as say, language};
use model::{Timestamp, time, zone};

/// `-1,204`.
pub fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// A share as `2.4 %`; small ones keep a digit, so that some is never shown as none.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent > 0.0 && percent < 0.1 => format!("< {} %", fraction(0.1)),
        _ if percent >= 99.95 || percent == 0.0 => format!("{} %", percent.round() as u64),
        _ => format!("{} %", fraction(percent)),
    }
}

/// A number that is not negative, with one digit after the point, as CSS and SVG have it.
pub fn tenths(number: f64) -> String {
    // By whole numbers: the formatting of fractions would be loaded by every browser for this alone.
    let tenths = (number.max(0.0) * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The same for people.
pub fn fraction(number: f64) -> String {
    tenths(number).replace('.', language::point())
}

/// A number with all the digits that it has after the point.
pub fn decimal(number: f64) -> String {
    model::decimal::print(number).replace('.', language::point())
}

/// The share that `part` is of `whole`.
pub fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A moment by strftime codes, with the names of months and days in the language of the page. `%Z` tells how far the
/// clocks of the zone are ahead of UTC.
pub fn written(at: Timestamp, codes: &str) -> String {
    let zone = zone::current();
    let codes = &codes.replace("%Z", &zone.label(at));
    let at = zone.civil(at);
    let name = |names: &'static str, number: &str| {
        let number = at.format(number).parse::<usize>().unwrap_or(1);
        names.split(' ').nth(number.saturating_sub(1)).unwrap_or_default()
    };
    let codes = codes.replace("%b", name(language::months(), "%m")).replace("%a", name(language::days(), "%u"));
    at.format(&codes)
}

/// `14:02` on the day of `now`, else `22 Nov 14:02`, and in other years `22 Nov 2025`.
pub fn short_time(at: Timestamp, now: Timestamp) -> String {
    let same = |codes: &str| written(at, codes) == written(now, codes);
    if same("%F") {
        written(at, "%H:%M")
    } else if same("%Y") {
        written(at, language::day_time())
    } else {
        written(at, language::day_year())
    }
}

/// The same, with what clocks it is by: `14:02 UTC+1`.
pub fn short_time_by(at: Timestamp, now: Timestamp) -> String {
    format!("{} {}", short_time(at, now), zone::current().label(at))
}

/// `Sun 22 Nov 2026, 14:02:11 UTC`.
pub fn stamp(at: Timestamp) -> String {
    written(at, language::stamp())
}

/// How long before `now`: `6 min ago`.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let past = now - at;
    if past < time::MINUTE {
        return say::just_now().to_owned();
    }
    let (told, unit): (Counted, i64) = match past {
        _ if past < time::HOUR => (say::minutes_ago, time::MINUTE),
        _ if past < 2 * time::DAY => (say::hours_ago, time::HOUR),
        _ if past < 60 * time::DAY => (say::days_ago, time::DAY),
        _ if past < 730 * time::DAY => (say::months_ago, 30 * time::DAY),
        _ => (say::years_ago, 365 * time::DAY),
    };
    told((past / unit).unsigned_abs())
}

/// A span of time as `3 h`, `1 day`.
pub fn span(micros: i64) -> String {
    let units: [(i64, Counted); 6] = [
        (365 * time::DAY, say::years),
        (7 * time::DAY, say::weeks),
        (time::DAY, say::days),
        (time::HOUR, say::hours),
        (time::MINUTE, say::minutes),
        (time::SECOND, say::seconds),
    ];
    let fitting = units.into_iter().find(|(unit, _)| micros >= *unit && micros % unit == 0);
    let (unit, told) = fitting.unwrap_or((1000, say::milliseconds));
    told((micros / unit).unsigned_abs())
}

/// An end of the time axis, for buckets of that width.
pub fn edge_label(at: Timestamp, interval: i64) -> String {
    written(at, if interval >= time::DAY { language::day_year() } else { language::day_year_time() })
}

/// The start of a bucket of that width, as precise as the width asks for.
pub fn bucket_label(start: Timestamp, interval: i64) -> String {
    if interval >= time::DAY {
        return written(start, language::weekday_year());
    }
    let zone = zone::current();
    // In autumn an hour comes twice.
    let is_again = zone.moment(zone.civil(start)) != start;
    written(start, &format!("{}{}", language::weekday_year_time(), if is_again { " %Z" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(signed(-1204), "-1,204");
        assert_eq!(signed(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn a_small_share_is_not_none() {
        assert_eq!([0.0, 0.0001, 1.0 / 42.0, 0.9999, 1.0].map(percent), ["0 %", "< 0.1 %", "2.4 %", "100 %", "100 %"]);
        assert_eq!(share(1, 0), 0.0);
    }

    #[test]
    fn a_time_says_its_day_when_it_is_another() {
        let now = at("2026-11-22T15:00:00Z");
        assert_eq!(short_time(at("2026-11-22T14:02:00Z"), now), "14:02");
        assert_eq!(short_time(at("2026-11-21T14:02:00Z"), now), "21 Nov 14:02");
        assert_eq!(short_time(at("2015-02-03T14:02:00Z"), now), "3 Feb 2015");
        assert_eq!(stamp(at("2026-11-22T14:02:11Z")), "Sun 22 Nov 2026, 14:02:11 UTC");
    }

    #[test]
    fn times_are_by_the_clocks_of_the_zone() {
        let berlin = zone::Zone::from_text("Europe/Berlin 60 29579100:120 29881500:60").unwrap();
        zone::within(Box::leak(Box::new(berlin)), || {
            assert_eq!(stamp(at("2026-07-31T22:30:00Z")), "Sat 1 Aug 2026, 00:30:00 UTC+2");
            let now = at("2026-11-22T23:30:00Z");
            assert_eq!(short_time(at("2026-11-22T22:59:00Z"), now), "22 Nov 23:59");
            assert_eq!(short_time_by(at("2026-11-23T01:00:00Z"), now), "02:00 UTC+1");
            assert_eq!(bucket_label(at("2026-10-25T00:00:00Z"), time::HOUR), "Sun 25 Oct 2026, 02:00");
            assert_eq!(bucket_label(at("2026-10-25T01:00:00Z"), time::HOUR), "Sun 25 Oct 2026, 02:00 UTC+1");
            assert_eq!(bucket_label(at("2026-10-24T22:00:00Z"), time::DAY), "Sun 25 Oct 2026");
        });
    }

    #[test]
    fn the_past_is_told_in_one_unit() {
        let now = at("2026-11-22T15:00:00Z");
        let told = |text| ago(at(text), now);
        assert_eq!(told("2026-11-22T14:59:30Z"), "just now");
        assert_eq!(told("2026-11-22T14:54:00Z"), "6 min ago");
        assert_eq!(told("2026-11-21T15:00:00Z"), "24 h ago");
        assert_eq!(told("2026-11-15T15:00:00Z"), "7 days ago");
        assert_eq!(told("2015-02-24T15:00:00Z"), "11 years ago");
    }

    #[test]
    fn a_span_has_a_name() {
        let spans = [time::SECOND, 3 * time::HOUR, time::DAY, 14 * time::DAY, 90 * time::MINUTE, 1500];
        assert_eq!(spans.map(span), ["1 s", "3 h", "1 day", "2 weeks", "90 min", "1 ms"]);
    }
}
