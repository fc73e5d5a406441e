use crate::format;
use crate::markup::{Element, el};
use model::Timestamp;

/// A time in few signs, with the full stamp in its title.
pub fn time(at: Timestamp, now: Timestamp) -> Element {
    stamped(at).add(format::short_time(at, now))
}

/// A time as a distance from now: `6 min ago`.
pub fn time_ago(at: Timestamp, now: Timestamp) -> Element {
    stamped(at).add(format::ago(at, now))
}

/// What tells of a time, with the full stamp in its title.
pub fn stamped(at: Timestamp) -> Element {
    el("time").attr("datetime", at.to_rfc3339()).attr("title", format::stamp(at))
}
