//! Money, monthly caps, and look-ups of ids.

use crate::drive::{PRICE, alone, asked, even, fetch, hours, job, page_of, plan, track_of};
use crate::x::{NOW, X};
use model::time::{HOUR, MINUTE};
use model::{Timestamp, TweetId};
use planner::endpoint::RECENT;
use planner::gap::Cause;
use planner::{
    Allowance, Answered, Budget, Cost, Failure, Job, Lookup, Page, Planner, Question, ScheduleId, Span, Turn, Work,
};

fn span() -> Span {
    Span::between(Timestamp(NOW.0 - 5 * HOUR), Timestamp(NOW.0 - HOUR))
}

/// A schedule whose counts are not known, with so much money.
fn unknown(budget: Budget) -> Planner {
    let mut planner = alone(plan(RECENT, 5, span(), None));
    planner.job_mut(ScheduleId(1)).unwrap().budget = budget;
    planner
}

#[test]
fn it_stops_before_the_page_that_would_exceed() {
    let mut planner = unknown(Budget { money: Some(257 * PRICE), posts: None });
    let mut x = X::of(vec![Vec::new(), even(span(), 2_000)], 450);
    let mut pages = Vec::new();
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + HOUR), |request, _| pages.push(request.worst.posts));
    assert_eq!(pages, [100, 100, 57], "the last page is a smaller one");
    assert_eq!(planner.job(ScheduleId(1)).unwrap().budget.money, Some(0));
    let gaps = track_of(&planner, 1).gaps();
    assert_eq!(gaps.iter().map(|gap| gap.cause).collect::<Vec<_>>(), [Cause::Money]);
    assert_eq!(planner.next(NOW), Turn::Idle);
}

#[test]
fn less_than_the_smallest_page_is_not_spent() {
    let mut planner = unknown(Budget { money: None, posts: Some(9) });
    assert_eq!(planner.next(NOW), Turn::Idle);
    let gap = track_of(&planner, 1).gaps()[0];
    assert_eq!((gap.span, gap.missed, gap.cause), (span(), None, Cause::MonthlyCap));
}

#[test]
fn what_x_billed_on_this_day_already_costs_nothing() {
    let mut planner = unknown(Budget { money: Some(100 * PRICE), posts: None });
    let posts = even(span(), 300);
    for (number, ids) in posts.rchunks(100).enumerate() {
        let request = asked(&mut planner, NOW);
        let free = Answered { at: NOW, limits: None, cost: Cost::default() };
        planner.taken(&request, &page_of(ids, (number < 2).then_some(&number.to_string())), &free);
    }
    assert!(track_of(&planner, 1).gaps().is_empty());
    assert_eq!(planner.job(ScheduleId(1)).unwrap().budget.money, Some(100 * PRICE));
}

#[test]
fn with_the_last_money_on_its_way_it_waits_for_the_bill() {
    let mut planner = Planner::new(Allowance::new(450, 0), Budget { money: Some(150 * PRICE), posts: None });
    planner.put(ScheduleId(1), 1, job(plan(RECENT, 5, span(), None)));
    planner.put(ScheduleId(2), 1, job(plan(RECENT, 5, span(), None)));
    planner.put(ScheduleId(3), 1, job(plan(RECENT, 5, span(), None)));
    let first = asked(&mut planner, NOW);
    let second = asked(&mut planner, NOW);
    assert_eq!((first.worst.posts, second.worst.posts), (100, 50));
    assert_eq!(planner.next(NOW), Turn::Busy);
    let bill = |posts| Answered { at: NOW, limits: None, cost: Cost { money: posts * PRICE, posts } };
    planner.taken(&first, &Page::default(), &bill(0));
    assert_eq!(asked(&mut planner, NOW).schedule, ScheduleId(3));
    planner.taken(&second, &Page::default(), &bill(0));
    assert_eq!(planner.budget.money, Some(50 * PRICE), "one page of 100 is still on its way");
}

#[test]
fn money_is_divided_by_weight_and_each_hour_gets_its_part() {
    let mut planner = Planner::new(Allowance::new(450, 0), Budget { money: Some(1_500 * PRICE), posts: None });
    let density = || Some(hours(span().starts_at(), &[500; 4]));
    planner.put(ScheduleId(0), 1, job(plan(RECENT, 5, span(), density())));
    planner.put(ScheduleId(1), 2, job(plan(RECENT, 5, span(), density())));
    planner.ration(NOW);
    let posts = even(span(), 2_000);
    let mut x = X::of(vec![posts.clone(), posts.clone()], 450);
    fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + HOUR), |_, _| {});
    for (query, expected) in [(0, 500), (1, 1_000)] {
        let had: Vec<TweetId> = x.ledger.fetched.iter().filter(|post| post.0 == query).map(|post| post.1).collect();
        assert_eq!(had.len(), expected);
        for hour in posts.chunks(500) {
            let part = had.iter().filter(|id| (hour[0]..=hour[499]).contains(id)).count();
            assert!(part.abs_diff(expected / 4) <= 100, "{part} in an hour of query {query}");
        }
    }
}

#[test]
fn ids_are_looked_up_in_full_batches_each_once() {
    let mut planner = Planner::new(Allowance::new(900, 0), Budget { money: None, posts: Some(230) });
    let ids = (1..=250).chain(1..=50).map(TweetId);
    let work = Work::Ids(Lookup::new(ids));
    planner.put(ScheduleId(1), 1, Job { work, budget: Budget::default(), price: PRICE });
    assert_eq!(planner.job(ScheduleId(1)).unwrap().work.pages_left(), 3);
    let answer = Answered { at: NOW, limits: None, cost: Cost::of_page(100, PRICE) };
    let first = asked(&mut planner, NOW);
    planner.failed(
        &first,
        Failure::Later { at: Timestamp(NOW.0 + MINUTE) },
        &Answered { cost: Cost::default(), ..answer },
    );
    assert_eq!(planner.next(NOW), Turn::Wait(Timestamp(NOW.0 + MINUTE)));
    let later = Timestamp(NOW.0 + MINUTE);
    let mut looked_up = Vec::new();
    while let Turn::Ask(request) = planner.next(later) {
        let Question::Ids(ids) = &request.question else { panic!("{request:?}") };
        looked_up.extend(ids.clone());
        let posts = ids.len() as u32;
        planner.taken(
            &request,
            &Page { posts, ..Page::default() },
            &Answered { cost: Cost::of_page(posts, PRICE), ..answer },
        );
    }
    assert_eq!(looked_up, (1..=230).map(TweetId).collect::<Vec<_>>());
    assert_eq!(planner.job(ScheduleId(1)).unwrap().work.lookup().unwrap().missed(), Some((20, Cause::MonthlyCap)));
}
