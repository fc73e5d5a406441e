use super::BadCadence;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use model::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeSet;
use std::{fmt, iter, str::FromStr};

/// More times of a day are an interval.
pub const MOST_TIMES: usize = 96;

/// Ticks at times of day on some days, by the clocks of a place.
///
/// A tick is the first moment at which the clocks show its time or, where they leave it out, more. Times that are left out
/// together are one tick.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Calendar {
    times: BTreeSet<TimeOfDay>,
    days: Days,
    #[serde(serialize_with = "write_name")]
    zone: TimeZone,
}

#[derive(Deserialize)]
struct Fields {
    times: BTreeSet<TimeOfDay>,
    days: Days,
    zone: String,
}

/// Days of the week, or of the month. A month that lacks a day leaves it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Days {
    Week(BTreeSet<Weekday>),
    Month(BTreeSet<MonthDay>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthDay {
    /// From 1 to 31.
    Day(u8),
    Last,
}

/// Hours and minutes that a clock shows: `09:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    hour: i8,
    minute: i8,
}

impl Calendar {
    /// At each of the times on each of the days. The zone is known by its IANA name, in any case.
    pub fn new(times: BTreeSet<TimeOfDay>, days: Days, zone: &str) -> Result<Self, BadCadence> {
        let found = TimeZone::get(zone).ok().filter(|found| !found.is_unknown());
        let zone = found.ok_or_else(|| BadCadence::Zone(zone.to_owned()))?;
        if times.is_empty() {
            return Err(BadCadence::NoTime);
        }
        if times.len() > MOST_TIMES {
            return Err(BadCadence::TooManyTimes(times.len()));
        }
        days.check()?;
        Ok(Self { times, days, zone })
    }

    pub fn times(&self) -> &BTreeSet<TimeOfDay> {
        &self.times
    }

    pub fn days(&self) -> &Days {
        &self.days
    }

    /// The name of the time zone.
    pub fn zone(&self) -> &str {
        name(&self.zone)
    }

    /// All ticks after this moment, in order.
    pub(super) fn ticks_after(&self, time: Timestamp) -> impl Iterator<Item = Timestamp> {
        let start = self.clocks_at(time);
        let days = iter::successors(Some(start.date()), |day| day.tomorrow().ok());
        let shown =
            days.filter(|day| self.days.contain(*day)).flat_map(|day| self.times.iter().map(move |at| at.on(day)));
        // What the clocks showed before is past: they show a time for the first time, even if they show it twice.
        let ahead = shown.skip_while(move |shown| *shown < start);
        let mut last = time;
        ahead.map_while(|shown| self.moment(shown)).filter(move |tick| {
            let is_later = *tick > last;
            last = last.max(*tick);
            is_later
        })
    }

    pub(super) fn last_until(&self, time: Timestamp) -> Option<Timestamp> {
        // Where clocks are put back, they have already shown what comes: a day at most.
        let newest = self.clocks_at(time).date();
        let days = iter::successors(newest.tomorrow().ok().or(Some(newest)), |day| day.yesterday().ok());
        let mut shown = days
            .filter(|day| self.days.contain(*day))
            .flat_map(|day| self.times.iter().rev().map(move |at| at.on(day)));
        shown.find_map(|shown| self.moment(shown).filter(|tick| *tick <= time))
    }

    /// What the clocks show; out of the calendar's range, what they show at its end.
    fn clocks_at(&self, time: Timestamp) -> DateTime {
        let nearest = if time.0 < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        self.zone.to_datetime(jiff::Timestamp::from_microsecond(time.0).unwrap_or(nearest))
    }

    /// The first moment at which the clocks show this or, where they leave it out, more.
    fn moment(&self, shown: DateTime) -> Option<Timestamp> {
        let moment = match self.zone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(shown).ok()?,
            AmbiguousOffset::Fold { before, .. } => before.to_timestamp(shown).ok()?,
            AmbiguousOffset::Gap { after, .. } => {
                let mut changes = self.zone.following(after.to_timestamp(shown).ok()?);
                changes.find(|change| change.offset() == after)?.timestamp()
            }
        };
        Some(Timestamp(moment.as_microsecond()))
    }
}

impl TryFrom<Fields> for Calendar {
    type Error = BadCadence;

    fn try_from(fields: Fields) -> Result<Self, BadCadence> {
        Self::new(fields.times, fields.days, &fields.zone)
    }
}

/// Each zone that was found by a name has one.
fn name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}

fn write_name<S: Serializer>(zone: &TimeZone, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name(zone))
}

impl Days {
    /// All that there are.
    pub fn every() -> Self {
        Self::Week(Weekday::ALL.into())
    }

    /// Monday to Friday.
    pub fn weekdays() -> Self {
        Self::Week(Weekday::ALL[..5].iter().copied().collect())
    }

    /// Saturday and Sunday.
    pub fn weekends() -> Self {
        Self::Week(Weekday::ALL[5..].iter().copied().collect())
    }

    fn check(&self) -> Result<(), BadCadence> {
        match self {
            Self::Week(days) if days.is_empty() => Err(BadCadence::NoDay),
            Self::Month(days) if days.is_empty() => Err(BadCadence::NoDay),
            Self::Month(days) => days.iter().try_for_each(|day| day.check()),
            Self::Week(_) => Ok(()),
        }
    }

    fn contain(&self, day: Date) -> bool {
        match self {
            Self::Week(days) => days.contains(&Weekday::of(day)),
            Self::Month(days) => {
                let is_last = day.day() == day.days_in_month();
                days.contains(&MonthDay::Day(day.day().unsigned_abs())) || is_last && days.contains(&MonthDay::Last)
            }
        }
    }
}

impl Weekday {
    pub const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    fn of(day: Date) -> Self {
        Self::ALL[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

impl MonthDay {
    pub(super) fn check(self) -> Result<(), BadCadence> {
        match self {
            Self::Day(1..=31) | Self::Last => Ok(()),
            Self::Day(_) => Err(BadCadence::Day(self.to_string())),
        }
    }
}

impl TimeOfDay {
    fn on(self, day: Date) -> DateTime {
        day.at(self.hour, self.minute, 0, 0)
    }
}

impl FromStr for TimeOfDay {
    type Err = BadCadence;

    fn from_str(text: &str) -> Result<Self, BadCadence> {
        let number = |digits: &str, end: i8| {
            let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then(|| digits.parse().ok()).flatten().filter(|number| *number < end)
        };
        let parts = text.split_once(':').filter(|(_, minute)| minute.len() == 2);
        let read = parts.and_then(|(hour, minute)| Some(Self { hour: number(hour, 24)?, minute: number(minute, 60)? }));
        read.ok_or_else(|| BadCadence::TimeOfDay(text.to_owned()))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = BadCadence;

    fn try_from(text: String) -> Result<Self, BadCadence> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Cadence;
    use super::*;

    /// The next ticks, as the clocks of UTC show them.
    fn next(text: &str, after: &str, count: usize) -> Vec<String> {
        let cadence: Cadence = text.parse().unwrap();
        let after = Timestamp::parse_rfc3339(&format!("{after}:00Z")).unwrap();
        cadence.next_runs(after, count).into_iter().map(|tick| tick.format("%F %H:%M")).collect()
    }

    #[test]
    fn a_time_of_day_stays_where_clocks_change() {
        let mornings = next("at 09:00 every day, Europe/Vienna", "2026-03-27T12:00", 3);
        assert_eq!(mornings, ["2026-03-28 08:00", "2026-03-29 07:00", "2026-03-30 07:00"]);
    }

    #[test]
    fn what_clocks_leave_out_in_spring_runs_once_right_after() {
        let nights = next("at 02:00, 02:30 and 03:00 every day, Europe/Vienna", "2026-03-28T12:00", 3);
        assert_eq!(nights, ["2026-03-29 01:00", "2026-03-30 00:00", "2026-03-30 00:30"], "all three are at 03:00");
        let nights = next("at 02:15 every day, Australia/Lord_Howe", "2026-10-02T20:00", 2);
        assert_eq!(nights, ["2026-10-03 15:30", "2026-10-04 15:15"], "02:30 of their clocks");
    }

    #[test]
    fn what_clocks_show_twice_in_autumn_runs_the_first_time() {
        let nights = next("at 01:30, 02:30 and 03:00 on Sundays, Europe/Vienna", "2026-10-24T12:00", 4);
        assert_eq!(nights, ["2026-10-24 23:30", "2026-10-25 00:30", "2026-10-25 02:00", "2026-11-01 00:30"]);
        let nights = next("at 01:45 every day, Australia/Lord_Howe", "2026-04-04T12:00", 2);
        assert_eq!(nights, ["2026-04-04 14:45", "2026-04-05 15:15"]);
    }

    #[test]
    fn a_midnight_that_is_shown_twice_is_past_the_first_time() {
        let text = "at 00:00 every day, America/St_Johns";
        let again = "2010-11-07T02:45";
        assert_eq!(next(text, "2010-11-06T12:00", 2), ["2010-11-07 02:30", "2010-11-08 03:30"]);
        assert_eq!(next(text, again, 1), ["2010-11-08 03:30"], "clocks went back to 23:01 at 00:01");
        let now = Timestamp::parse_rfc3339(&format!("{again}:00Z")).unwrap();
        let past = text.parse::<Cadence>().unwrap().last_until(now).unwrap();
        assert_eq!(past.format("%F %H:%M"), "2010-11-07 02:30");
    }

    #[test]
    fn a_day_that_a_place_skipped_runs_when_the_next_one_begins() {
        let mornings = next("at 09:00 every day, Pacific/Apia", "2011-12-29T00:00", 3);
        assert_eq!(mornings, ["2011-12-29 19:00", "2011-12-30 10:00", "2011-12-30 19:00"]);
        assert_eq!(next("at 09:00 on Fridays, Pacific/Apia", "2011-12-29T00:00", 1), ["2011-12-30 10:00"]);
    }

    #[test]
    fn a_month_that_lacks_a_day_leaves_it_out_and_has_a_last_one() {
        let days = next("at 12:00 on the 30th and 31st day of the month, UTC", "2027-01-30T12:00", 4);
        assert_eq!(days, ["2027-01-31 12:00", "2027-03-30 12:00", "2027-03-31 12:00", "2027-04-30 12:00"]);
        let days = next("at 12:00 on the last and 29th day of the month, UTC", "2028-01-30T12:00", 4);
        assert_eq!(days, ["2028-01-31 12:00", "2028-02-29 12:00", "2028-03-29 12:00", "2028-03-31 12:00"]);
    }

    #[test]
    fn as_data_it_is_checked_too() {
        let text = "at 09:00 and 17:30 on the 1st and last day of the month, Europe/Vienna";
        let cadence: Cadence = text.parse().unwrap();
        let data = r#"{"at":{"times":["09:00","17:30"],"days":{"month":[{"day":1},"last"]},"zone":"Europe/Vienna"}}"#;
        assert_eq!(serde_json::to_string(&cadence).unwrap(), data);
        for (right, wrong, told) in [
            (r#""09:00","17:30""#, "", "no time of day is given"),
            (r#""17:30""#, r#""25:30""#, "is no time of day"),
            (r#"{"day":1},"last""#, "", "no day is given"),
            (r#"{"day":1}"#, r#"{"day":32}"#, "is no day"),
            ("Vienna", "Wien", "is no time zone"),
        ] {
            let bad = serde_json::from_str::<Cadence>(&data.replace(right, wrong)).unwrap_err();
            assert!(bad.to_string().contains(told), "{bad}");
        }
        let interval = r#"{"every":{"seconds":900,"anchor":345600000000}}"#;
        assert_eq!(serde_json::from_str::<Cadence>(interval).unwrap().to_string(), "every 15 minutes");
        assert!(serde_json::from_str::<Cadence>(&interval.replace("900", "4")).is_err());
        assert!(serde_json::from_str::<Cadence>(&interval.replace("345600000000", "1")).is_err());
    }
}
