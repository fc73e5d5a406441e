//! The planner's state as the store keeps it, and back.

use super::kind::first_id;
use model::Timestamp;
use model::gap::Gap;
use model::schedule::{Reads, Schedule};
use planner::overlap::Marks;
use planner::window::{Cursor, Guards, Progress, State, WindowId};
use planner::{Allowance, Limits, Span, Track, Window};
use store::buckets::Bucket;
use store::windows;

/// A window as it is kept.
pub(super) fn to_kept(window: &Window) -> windows::Window {
    let Window { id, span, expected, is_counted, page_limit, state, progress } = window.clone();
    let state = match state {
        State::Open => windows::State::Open,
        State::Done => windows::State::Done,
        State::Missed(cause) => windows::State::Missed(cause),
    };
    let Progress { pages, posts, newest, reached, cursor, not_before, guards: _ } = progress;
    let cursor = cursor.map(|Cursor { token, since_id, until_id }| windows::Cursor { token, since_id, until_id });
    windows::Window {
        number: id.0,
        from: span.from,
        to: span.to,
        expected,
        is_counted,
        state,
        page_limit,
        pages,
        posts,
        newest,
        reached,
        cursor,
        not_before,
    }
}

/// A window that was kept.
pub(super) fn from_kept(kept: windows::Window) -> Window {
    let windows::Window { pages, posts, newest, reached, cursor, not_before, .. } = kept;
    let state = match kept.state {
        windows::State::Open => State::Open,
        windows::State::Done => State::Done,
        windows::State::Missed(cause) => State::Missed(cause),
    };
    let cursor = cursor.map(|windows::Cursor { token, since_id, until_id }| Cursor { token, since_id, until_id });
    let progress = Progress { pages, posts, newest, reached, cursor, not_before, guards: Guards::default() };
    Window {
        id: WindowId(kept.number),
        span: Span { from: kept.from, to: kept.to },
        expected: kept.expected,
        is_counted: kept.is_counted,
        page_limit: kept.page_limit,
        state,
        progress,
    }
}

/// What a track has missed, as it is kept.
pub(super) fn gaps(track: &Track, now: Timestamp) -> Vec<Gap> {
    let gap = |planner::Gap { span, missed, cause }| Gap { from: span.from, to: span.to, missed, cause, noted_at: now };
    track.gaps().into_iter().map(gap).collect()
}

/// How far a schedule is that has begun.
pub(super) fn marks(schedule: &Schedule, now: Timestamp) -> Marks {
    let windows::Marks { read: first, .. } = first_marks(&schedule.reads, now);
    let read = schedule.since_id.unwrap_or(first);
    let settled = schedule.settled_id.unwrap_or(read);
    Marks { read, settled, since: schedule.unsettled_since.unwrap_or(now) }
}

/// Where a schedule begins that has read nothing before: as far back as X goes, or as it is told.
pub(super) fn first_marks(reads: &Reads, now: Timestamp) -> windows::Marks {
    let from = first_id(reads, now);
    windows::Marks { read: from, settled: from, since: now }
}

/// The allowance as it was when it was kept, or a new one, with what the access tier has.
pub(super) fn allowance(bucket: Option<Bucket>, limit: u32, spacing: i64) -> Allowance {
    let Some(Bucket { most, is_told, remaining, reset, closed_until }) = bucket else {
        return Allowance::new(limit, spacing);
    };
    let mut allowance = Allowance::resume(Limits { limit: most, remaining, reset }, is_told, spacing, closed_until);
    allowance.assume(limit, spacing);
    allowance
}

/// The allowance as it is kept.
pub(super) fn bucket(allowance: &Allowance) -> Bucket {
    let Allowance { limit, is_limit_told, remaining, reset, closed_until, .. } = *allowance;
    Bucket { most: limit, is_told: is_limit_told, remaining, reset, closed_until }
}
