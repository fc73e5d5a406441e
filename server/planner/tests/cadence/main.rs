//! When schedules are due, against a walk through the minutes of each zone, and by clocks that step and stop.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod any;
mod clocks;
mod properties;
mod walk;

/// Places that change their clocks at night, at midnight, by half an hour, for Ramadan, not at all; one that skipped a day.
const ZONES: [&str; 8] = [
    "Europe/Vienna",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Apia",
    "UTC",
];
