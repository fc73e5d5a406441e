//! The time zones that there are.

use jiff::tz::TimeZone;
use model::Timestamp;
use model::zone::{UTC, Zone};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

/// No tweet is older, and no rule is known for longer: from 2006 up to 2040.
const FROM: i64 = 1_136_073_600;
const TO: i64 = 2_208_988_800;

/// The zone of that name, in any case.
pub fn find(name: &str) -> Option<&'static Zone> {
    static KNOWN: OnceLock<Mutex<HashMap<String, &'static Zone>>> = OnceLock::new();
    if name.eq_ignore_ascii_case(&UTC.name) {
        return Some(&UTC);
    }
    let known = KNOWN.get_or_init(Mutex::default);
    let key = name.to_ascii_lowercase();
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(zone) = known.get(&key).copied() {
        return Some(zone);
    }
    // There are some hundred, so that what is kept has an end.
    let zone: &'static Zone = Box::leak(Box::new(made(&TimeZone::get(name).ok()?)?));
    known.insert(key, zone);
    Some(zone)
}

fn made(zone: &TimeZone) -> Option<Zone> {
    let from = jiff::Timestamp::from_second(FROM).ok()?;
    let minutes = |offset: jiff::tz::Offset| i16::try_from(offset.seconds() / 60).ok();
    let mut last = minutes(zone.to_offset(from))?;
    let first = last;
    let mut changes = Vec::new();
    for change in zone.following(from).take_while(|change| change.timestamp().as_second() < TO) {
        let offset = minutes(change.offset())?;
        // Some only take another name.
        if offset != last {
            changes.push((Timestamp::from_seconds(change.timestamp().as_second()), offset));
            last = offset;
        }
    }
    Some(Zone::new(zone.iana_name()?.to_owned(), first, changes))
}

/// The names of all.
pub fn names() -> Vec<String> {
    jiff::tz::db().available().map(|name| name.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::time::{DAY, HOUR, MINUTE};

    #[test]
    fn a_zone_is_found_by_its_name() {
        assert!(names().len() > 300 && names().contains(&"Europe/Berlin".to_owned()));
        assert_eq!(find("europe/berlin").unwrap().name, "Europe/Berlin");
        assert!(find("utc").unwrap().is_utc());
        assert_eq!(find("Mars/Olympus"), None);
    }

    #[test]
    fn it_shows_what_the_table_of_zones_says() {
        for name in ["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"] {
            let (zone, table) = (find(name).unwrap(), TimeZone::get(name).unwrap());
            for hour in 0..(TO - FROM) / 3600 {
                let second = FROM + hour * 3600;
                let offset = table.to_offset(jiff::Timestamp::from_second(second).unwrap()).seconds() / 60;
                assert_eq!(i32::from(zone.offset(Timestamp::from_seconds(second))), offset, "{name} {second}");
            }
        }
    }

    #[test]
    fn days_are_as_long_as_they_are() {
        for (name, day, hours) in [
            ("Europe/Berlin", (2026, 3, 29), 23),
            ("Europe/Berlin", (2026, 10, 25), 25),
            ("Asia/Kolkata", (2026, 3, 29), 24),
            ("America/St_Johns", (2026, 3, 8), 23),
            ("America/St_Johns", (2026, 11, 1), 25),
            ("Pacific/Apia", (2011, 12, 29), 24),
            ("Pacific/Apia", (2011, 12, 31), 24),
        ] {
            let zone = find(name).unwrap();
            let start = zone.moment(Timestamp::from_day(day.0, day.1, day.2).unwrap());
            assert_eq!((zone.after(start, DAY) - start) / HOUR, hours, "{name} {day:?}");
            assert_eq!(start.0 % MINUTE, 0);
        }
    }

    #[test]
    fn what_a_page_carries_of_a_zone_is_short() {
        let longest = names().iter().filter_map(|name| find(name)).map(|zone| zone.to_text().len()).max();
        assert!(longest.unwrap() < 2000, "{longest:?}");
    }
}
