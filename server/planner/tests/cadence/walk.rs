//! The ticks of a calendar without any arithmetic of zones: who watches its clocks minute by minute notes the first time
//! that they show a time, or more.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use model::Timestamp;
use model::time::MINUTE;
use planner::cadence::{Calendar, Days, MonthDay};

const MINUTES_OF_DAY: i64 = 1440;

/// The ticks of each calendar after `from`, up to and with `to`. All have one zone; both moments are whole minutes.
pub fn ticks(calendars: &[Calendar], from: Timestamp, to: Timestamp) -> Vec<Vec<Timestamp>> {
    let zone = TimeZone::get(calendars[0].zone()).unwrap();
    // As if they were those of UTC: minutes since 1970.
    let clocks = |minute: i64| {
        minute + i64::from(zone.to_offset(jiff::Timestamp::from_second(minute * 60).unwrap()).seconds()) / 60
    };
    let (first, last) = (from.0 / MINUTE, to.0 / MINUTE);
    // Whether clocks show something for the second time is known after a day.
    let mut newest = (first - 2 * MINUTES_OF_DAY..=first).map(clocks).max().unwrap();
    let marks: Vec<Vec<bool>> = calendars.iter().map(minutes).collect();
    let mut ticks = vec![Vec::new(); calendars.len()];
    for minute in first + 1..=last {
        let shown = clocks(minute);
        while newest < shown {
            newest += 1;
            let of_day = newest.rem_euclid(MINUTES_OF_DAY) as usize;
            for (number, calendar) in calendars.iter().enumerate().filter(|(number, _)| marks[*number][of_day]) {
                let tick = Timestamp(minute * MINUTE);
                if is_on(calendar.days(), newest.div_euclid(MINUTES_OF_DAY)) && ticks[number].last() != Some(&tick) {
                    ticks[number].push(tick);
                }
            }
        }
    }
    ticks
}

/// Which minutes of a day are times of the calendar.
fn minutes(calendar: &Calendar) -> Vec<bool> {
    let times: Vec<String> = calendar.times().iter().map(|time| time.to_string()).collect();
    (0..MINUTES_OF_DAY).map(|minute| times.contains(&format!("{:02}:{:02}", minute / 60, minute % 60))).collect()
}

/// Days are counted from 1970 on.
fn is_on(days: &Days, number: i64) -> bool {
    let day: Date = date(1970, 1, 1).checked_add(jiff::Span::new().days(number)).unwrap();
    match days {
        Days::Week(days) => days.iter().any(|weekday| format!("{weekday:?}") == day.strftime("%A").to_string()),
        Days::Month(days) => days.iter().any(|of_month| match of_month {
            MonthDay::Day(number) => i16::from(*number) == i16::from(day.day()),
            MonthDay::Last => day.tomorrow().unwrap().day() == 1,
        }),
    }
}
