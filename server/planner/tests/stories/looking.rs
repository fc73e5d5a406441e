//! What explains a plan is what happens.

use crate::drive::{PRICE, ask_of, even, fetch, hours, job, plan};
use crate::x::{NOW, X};
use model::Timestamp;
use model::time::{DAY, HOUR, SECOND};
use planner::endpoint::RECENT;
use planner::{Allowance, Budget, Planner, Question, ScheduleId, Span, explain};
use std::collections::BTreeMap;

fn span() -> Span {
    Span::between(Timestamp(NOW.0 - 3 * DAY), Timestamp(NOW.0 - HOUR))
}

fn planner() -> Planner {
    let mut planner = Planner::new(Allowance::new(20, 0), Budget::default());
    for (schedule, hourly) in [(0, 20), (1, 60)] {
        let density = hours(span().starts_at(), &[hourly; 71]);
        planner.put(ScheduleId(schedule), 1, job(plan(RECENT, 5, span(), Some(density))));
    }
    planner.ration(NOW);
    planner
}

#[test]
fn windows_run_when_it_was_said_and_cost_what_was_said() {
    let mut planner = planner();
    let explained = explain(&planner, NOW, SECOND, 10_000, 71);
    assert!(!explained.is_cut);
    let mut x = X::of(vec![even(span(), 20 * 71), even(span(), 60 * 71)], 20);
    let mut first_at: BTreeMap<(ScheduleId, _), Timestamp> = BTreeMap::new();
    let mut requests: BTreeMap<ScheduleId, u32> = BTreeMap::new();
    let end = fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |request, _| {
        let Question::Page { window, .. } = &request.question else { panic!("{request:?}") };
        first_at.entry((request.schedule, *window)).or_insert(Timestamp(0));
        *requests.entry(request.schedule).or_default() += 1;
        assert!(ask_of(request).max_results == 100);
    });
    assert!((explained.ends_at - end).abs() < 10 * SECOND, "{} and {end}", explained.ends_at);
    for schedule in &explained.schedules {
        let said: u32 = schedule.windows.iter().map(|row| row.requests).sum();
        let were = requests[&schedule.schedule];
        assert!(said.abs_diff(were) <= 1, "{said} said, {were} sent");
        assert!(schedule.windows.iter().all(|row| row.first_at <= row.last_at && row.last_at <= explained.ends_at));
        let money: u64 = schedule.windows.iter().map(|row| row.money).sum();
        let posts: u64 = schedule.windows.iter().map(|row| row.posts).sum();
        assert_eq!(money, posts * PRICE);
        let curve: f64 = schedule.curve.iter().map(|step| step.posts).sum();
        assert!((curve - posts as f64).abs() < 3.0, "{curve} expected, {posts} planned");
        assert_eq!(schedule.curve.len(), 71);
        let spans: Vec<Span> = schedule.windows.iter().map(|row| row.span).collect();
        assert_eq!((spans[0].from, spans[spans.len() - 1].to), (span().from, span().to));
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from), "over the whole curve");
    }
}

#[test]
fn looking_ahead_changes_nothing_and_ends() {
    let mut planner = planner();
    let explained = explain(&planner, NOW, SECOND, 5, 10);
    assert!(explained.is_cut);
    let requests: u32 = explained.schedules.iter().flat_map(|schedule| &schedule.windows).map(|row| row.requests).sum();
    assert_eq!(requests, 5);
    assert_eq!(explained, explain(&planner, NOW, SECOND, 5, 10));
    assert_eq!(planner.next(NOW), self::planner().next(NOW));
}

#[test]
fn a_shortage_is_told_before_it_is_there() {
    let mut planner = planner();
    planner.budget.money = Some(1_000 * PRICE);
    planner.ration(NOW);
    let explained = explain(&planner, NOW, SECOND, 10_000, 10);
    let rows = || explained.schedules.iter().flat_map(|schedule| &schedule.windows);
    let missed =
        explained.schedules.iter().flat_map(|schedule| &schedule.gaps).filter_map(|gap| gap.missed).sum::<u64>();
    assert!(rows().any(|row| row.limit.is_some()));
    assert!(rows().map(|row| row.money).sum::<u64>() <= 1_000 * PRICE);
    let all = 80 * 71;
    assert!((4_680..4_900).contains(&missed), "{missed} of {all}");
}
