//! What comes first, what is left out where there is not enough, and how a track ends.

use crate::drive::{alone, ask_of, asked, assert_whole, even, fetch, hours, job, page_of, plan, track_of};
use crate::x::{NOW, X};
use model::time::{DAY, HOUR, MINUTE};
use model::{Timestamp, TweetId};
use planner::endpoint::{ALL, RECENT, TIMELINE};
use planner::gap::Cause;

use planner::window::State;
use planner::{Allowance, Answered, Budget, Cost, Failure, Page, Planner, Question, ScheduleId, Span};
use std::collections::BTreeSet;

fn week() -> Span {
    RECENT.reachable(TweetId(0), NOW)
}

fn answered() -> Answered {
    Answered { at: NOW, limits: None, cost: Cost::default() }
}

#[test]
fn what_leaves_the_horizon_comes_first_then_the_newest() {
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[200; 168]);
    let mut planner = alone(plan(RECENT, 2, week(), Some(density)));
    planner.allowance = Allowance::new(450, 0);
    let mut x = X::of(vec![Vec::new(), even(week(), 200 * 168)], 450);
    let mut begun: Vec<Timestamp> = Vec::new();
    let mut windows = BTreeSet::new();
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |request, _| {
        let Question::Page { window, ask } = &request.question else { panic!("{request:?}") };
        if windows.insert(*window) {
            begun.push(ask.until_id.time());
        }
    });
    let urgent = begun.iter().take_while(|until| **until < Timestamp(NOW.0 - 6 * DAY)).count();
    assert!((1..5).contains(&urgent), "336 requests take less than a window of X: {urgent}");
    assert!(begun[..urgent].is_sorted(), "the oldest first");
    assert!(begun[urgent..].is_sorted_by(|a, b| a > b), "then the newest first");
    assert!(track_of(&planner, 1).is_done());
}

#[test]
fn the_archive_has_no_horizon_and_larger_pages() {
    let span = Span::between(Timestamp(NOW.0 - 400 * DAY), Timestamp(NOW.0 - 390 * DAY));
    let mut planner = alone(plan(ALL, 4, span, Some(hours(span.starts_at(), &[100; 240]))));
    let request = asked(&mut planner, NOW);
    assert_eq!(ask_of(&request).max_results, 500);
    assert_eq!(ask_of(&request).until_id, span.to);
    assert_eq!(track_of(&planner, 1).windows().len(), 12);
}

#[test]
fn the_mark_moves_when_all_below_is_closed() {
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[100; 168]);
    let mut planner = alone(plan(RECENT, 2, week(), Some(density)));
    let mut x = X::of(vec![Vec::new(), even(week(), 100 * 168)], 10_000);
    let mut mark = TweetId(0);
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |_, planner| {
        let track = track_of(planner, 1);
        assert!(track.mark() >= mark);
        mark = track.mark();
        assert!(
            track.windows().iter().all(|window| window.span.to <= mark || window.is_open() || window.span.from >= mark)
        );
        assert!(!track.windows().iter().any(|window| window.is_open() && window.span.from < mark));
    });
    assert_eq!(mark, week().to);
}

#[test]
fn the_last_page_of_a_window_is_full_because_it_goes_on_below() {
    let span = Span::between(Timestamp(NOW.0 - 10 * HOUR), Timestamp(NOW.0 - HOUR));
    // more than was counted: windows of 180 instead of 100
    let mut planner = alone(plan(ALL, 1, span, Some(hours(span.starts_at(), &[500; 9]))));
    let mut x = X::of(vec![Vec::new(), even(span, 8_100)], 10_000);
    planner.job_mut(ScheduleId(1)).unwrap().work.track_mut().unwrap().size.page = 100;
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |_, planner| assert_whole(track_of(planner, 1), span));
    assert_eq!(x.ledger.fetched.len(), 8_100);
    assert!(x.ledger.requests <= 83, "81 pages: {}", x.ledger.requests);
}

#[test]
fn what_has_become_too_old_is_a_gap_and_x_is_not_asked_for_it() {
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[60; 168]);
    let mut planner = alone(plan(RECENT, 5, week(), Some(density)));
    let later = Timestamp(NOW.0 + 2 * HOUR);
    let request = asked(&mut planner, later);
    let since = ask_of(&request).since_id.unwrap().time();
    assert!(since >= Timestamp(later.0 - 7 * DAY));
    let gaps = track_of(&planner, 1).gaps();
    assert_eq!((gaps.len(), gaps[0].cause), (1, Cause::Horizon));
    assert!((118..=120).contains(&gaps[0].missed.unwrap()), "two hours of 60: {gaps:?}");
    assert_whole(track_of(&planner, 1), week());
}

#[test]
fn where_requests_are_short_every_hour_is_read_in_part() {
    // twice as many posts as can be read in a week
    let hourly = 450 * 4 * 100 * 2;
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[hourly; 168]);
    let mut planner = Planner::new(Allowance::new(450, 0), Budget::default());
    planner.put(ScheduleId(1), 1, job(plan(RECENT, 100, week(), Some(density))));
    planner.ration(NOW);
    let track = track_of(&planner, 1);
    assert_whole(track, week());
    let limits: Vec<(u32, u32)> = track
        .windows()
        .iter()
        .map(|window| {
            let pages = track.size.requests(window.expected.unwrap());
            (window.page_limit.map_or(pages, |(limit, _)| limit), pages)
        })
        .collect();
    let read: u32 = limits.iter().map(|(limit, _)| limit).sum();
    let possible = 450 * 4 * 168;
    assert!(read <= possible && f64::from(read) > 0.98 * f64::from(possible), "{read} of {possible}");
    for (limit, pages) in &limits[limits.len() / 10..] {
        let share = f64::from(*limit) / f64::from(*pages);
        assert!((0.45..0.55).contains(&share), "each window the same part: {share}");
    }
    assert!(track.windows().iter().filter_map(|window| window.page_limit).all(|(_, cause)| cause == Cause::Requests));
}

#[test]
fn a_window_that_is_read_in_part_leaves_a_gap_with_its_number() {
    let span = Span::between(Timestamp(NOW.0 - 5 * HOUR), Timestamp(NOW.0 - HOUR));
    let mut planner = Planner::new(Allowance::new(450, 0), Budget { money: Some(1_000 * 5_000), posts: None });
    planner.put(ScheduleId(1), 1, job(plan(RECENT, 10, span, Some(hours(span.starts_at(), &[500; 4])))));
    planner.ration(NOW);
    let mut x = X::of(vec![Vec::new(), even(span, 2_000)], 450);
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |_, _| {});
    let gaps = track_of(&planner, 1).gaps();
    assert_eq!(gaps.iter().map(|gap| gap.missed.unwrap()).sum::<u64>(), 1_000);
    assert_eq!(gaps.len(), 2, "half of each window: {gaps:?}");
    assert!(gaps.iter().all(|gap| gap.cause == Cause::Money));
    assert_eq!((x.ledger.given, x.ledger.requests), (1_000, 10), "full pages");
    assert_eq!(track_of(&planner, 1).mark(), span.to, "a named gap does not hold the mark up");
    // more money comes: what was left out is planned again
    planner.budget.money = Some(100_000 * 5_000);
    planner.ration(NOW);
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |_, _| {});
    assert_eq!(x.ledger.fetched.len(), 2_000);
    assert!(track_of(&planner, 1).gaps().is_empty());
}

#[test]
fn an_end_that_comes_too_early_is_asked_again_and_then_noted() {
    let span = Span::between(Timestamp(NOW.0 - 2 * HOUR), Timestamp(NOW.0 - HOUR));
    let mut planner = alone(plan(RECENT, 10, span, Some(hours(span.starts_at(), &[1_000]))));
    for _ in 0..2 {
        let request = asked(&mut planner, NOW);
        planner.taken(&request, &Page::default(), &answered());
    }
    let track = track_of(&planner, 1);
    assert!(track.is_done());
    let gap = track.gaps()[0];
    assert_eq!((gap.span, gap.missed, gap.cause), (span, Some(1_000), Cause::FewerThanCounted));
}

#[test]
fn an_end_in_the_first_window_does_not_close_those_below() {
    let span = Span::between(Timestamp(NOW.0 - 5 * HOUR), Timestamp(NOW.0 - HOUR));
    let mut planner = alone(plan(RECENT, 5, span, Some(hours(span.starts_at(), &[500; 4]))));
    let posts = even(span, 2_000);
    let request = asked(&mut planner, NOW);
    assert!(ask_of(&request).since_id.unwrap() < span.from, "it looks down to the bottom");
    planner.taken(&request, &page_of(&posts[1_550..], None), &answered());
    let request = asked(&mut planner, NOW);
    assert!(ask_of(&request).until_id < posts[1_550], "goes on with the next: {request:?}");
    assert_eq!(track_of(&planner, 1).windows().iter().filter(|window| window.is_open()).count(), 3);
}

#[test]
fn a_timeline_that_is_too_deep_leaves_a_gap_without_a_number() {
    let span = Span { from: TweetId(1_000), to: TweetId::first_at(NOW) };
    let posts = even(Span::between(Timestamp(NOW.0 - 300 * DAY), NOW), 3_200);
    let mut planner = alone(plan(TIMELINE, 100, span, None));
    for (number, ids) in posts.rchunks(100).enumerate() {
        let request = asked(&mut planner, NOW);
        let token = format!("t{number}");
        planner.taken(&request, &page_of(ids, (number < 31).then_some(&token)), &answered());
    }
    let track = track_of(&planner, 1);
    assert!(track.is_done());
    let gaps = track.gaps();
    assert_eq!(gaps.len(), 1);
    assert_eq!((gaps[0].cause, gaps[0].missed), (Cause::TooDeep, None));
    assert_eq!(gaps[0].span, Span { from: TweetId(1_000), to: posts[0] });
}

#[test]
fn failures_wait_each_for_themselves() {
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[60; 168]);
    let mut planner = alone(plan(RECENT, 5, week(), Some(density)));
    let first = asked(&mut planner, NOW);
    let soon = Timestamp(NOW.0 + MINUTE);
    planner.failed(&first, Failure::Later { at: soon }, &answered());
    let second = asked(&mut planner, NOW);
    assert_ne!(first.question, second.question, "the others go on");
    planner.failed(&second, Failure::Closed { until: Timestamp(NOW.0 + 9 * MINUTE) }, &answered());
    assert_eq!(planner.next(NOW), planner::Turn::Wait(Timestamp(NOW.0 + 9 * MINUTE)));
    let again = asked(&mut planner, Timestamp(NOW.0 + 9 * MINUTE));
    assert_eq!(ask_of(&again).until_id, ask_of(&first).until_id);
}

#[test]
fn requests_on_their_way_are_for_different_windows() {
    let density = hours(Timestamp(NOW.0 - 7 * DAY), &[600; 168]);
    let mut planner = alone(plan(RECENT, 5, week(), Some(density)));
    let requests: Vec<_> = (0..4).map(|_| asked(&mut planner, NOW)).collect();
    let mut bounds: Vec<_> = requests.iter().map(|request| ask_of(request).until_id).collect();
    bounds.dedup();
    assert_eq!(bounds.len(), 4);
}

#[test]
fn a_track_that_is_extended_goes_on_above() {
    let span = Span::between(Timestamp(NOW.0 - 2 * HOUR), Timestamp(NOW.0 - HOUR));
    let mut track = plan(RECENT, 5, span, Some(hours(span.starts_at(), &[300, 300])));
    track.extend(TweetId::first_at(NOW), None);
    assert_whole(&track, Span::between(Timestamp(NOW.0 - 2 * HOUR), NOW));
    assert_eq!(track.changes().len(), track.windows().len());
    assert!(track.changes().is_empty(), "told once");
    assert!(track.windows().iter().all(|window| window.state == State::Open));
}
