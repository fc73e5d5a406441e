use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::Timestamp;

/// A time in few signs, with the full stamp in its title.
pub fn time(at: Timestamp, now: Timestamp) -> AnyView {
    view! {
        <time datetime=at.to_rfc3339() title=format::stamp(at)>
            {format::short_time(at, now)}
        </time>
    }
    .erased()
}

/// A time as a distance from now: `6 min ago`.
pub fn time_ago(at: Timestamp, now: Timestamp) -> AnyView {
    view! {
        <time datetime=at.to_rfc3339() title=format::stamp(at)>
            {format::ago(at, now)}
        </time>
    }
    .erased()
}
