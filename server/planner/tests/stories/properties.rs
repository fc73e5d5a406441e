//! What holds for every plan, every X and every sequence of pages.

use crate::drive::{PRICE, assert_whole, fetch, job, plan, track_of};
use crate::x::{NOW, Random, X};
use model::time::{DAY, HOUR, MINUTE};
use model::{Timestamp, TweetId};
use planner::endpoint::RECENT;
use planner::{Allowance, Answered, Budget, Cost, Density, Failure, Page, Planner, ScheduleId, Span, Turn};
use proptest::prelude::*;

/// Queries with their weights, over the last seven days; every other has counts.
fn planner(x: &X, weights: &[u16], budget: Budget) -> Planner {
    let mut planner = Planner::new(Allowance::new(x.limit, 0), budget);
    let span = RECENT.reachable(TweetId(0), NOW);
    for (query, weight) in weights.iter().enumerate() {
        let density = (query % 2 == 0).then(|| Density::counted(x.counts(query, NOW)));
        planner.put(ScheduleId(query as i64), *weight, job(plan(RECENT, 4, span, density)));
    }
    planner.ration(NOW);
    planner
}

fn queries() -> impl Strategy<Value = Vec<(u64, u16)>> {
    prop::collection::vec((0_u64..6_000, 1_u16..5), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The judge is X: it refuses what comes in a closed window, and fails what it would answer with a 400.
    #[test]
    fn windows_cover_the_span_and_no_request_is_refused(queries in queries(), seed: u64, limit in 5_u32..60) {
        let (weekly, weights): (Vec<u64>, Vec<u16>) = queries.into_iter().unzip();
        let mut x = X::new(seed, &weekly, limit);
        let mut planner = planner(&x, &weights, Budget::default());
        let span = RECENT.reachable(TweetId(0), NOW);
        fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + 3 * DAY), |request, planner| {
            assert_whole(track_of(planner, request.schedule.0), span);
        });
        prop_assert_eq!(x.ledger.refused, 0);
        prop_assert_eq!(planner.next(Timestamp(NOW.0 + 3 * DAY)), Turn::Idle);
        for (query, posts) in x.posts.iter().enumerate() {
            let track = track_of(&planner, query as i64);
            let gaps = track.gaps();
            for id in posts.iter().filter(|id| span.contains(**id)) {
                let is_named = gaps.iter().any(|gap| gap.span.contains(*id));
                prop_assert!(is_named || x.ledger.fetched.contains(&(query, *id)), "{id} of {query} is neither read nor named");
            }
        }
    }

    /// As long as there is a backlog, all requests of all windows of X are used, and by weight.
    #[test]
    fn a_backlog_uses_every_request_and_shares_them_by_weight(weights in prop::collection::vec(1_u16..6, 2..5), seed: u64, limit in 20_u32..60) {
        let weekly = vec![20_000; weights.len()];
        let mut x = X::new(seed, &weekly, limit);
        let mut planner = planner(&x, &weights, Budget::default());
        fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + 46 * MINUTE), |_, planner| {
            assert!(planner.jobs().all(|(_, job)| !job.work.is_done()), "a backlog");
        });
        let used: Vec<u32> = x.ledger.windows[..3].iter().map(|window| window.1).collect();
        prop_assert_eq!(used, [limit; 3]);
        let by_weight: Vec<f64> = x.ledger.by_query.iter().zip(&weights).map(|(n, weight)| f64::from(*n) / f64::from(*weight)).collect();
        for (i, own) in by_weight.iter().enumerate() {
            for (j, other) in by_weight.iter().enumerate() {
                let bound = 1.0 / f64::from(weights[i].min(weights[j]));
                prop_assert!((own - other).abs() <= bound + 1e-6, "{by_weight:?} of {weights:?}");
            }
        }
    }

    #[test]
    fn no_more_is_spent_than_there_is(queries in queries(), seed: u64, posts in 0_u64..8_000, has_cap: bool, own in 0_u64..4_000) {
        let (weekly, weights): (Vec<u64>, Vec<u16>) = queries.into_iter().unzip();
        let mut x = X::new(seed, &weekly, 450);
        let budget = Budget { money: (!has_cap).then_some(posts * PRICE + 17), posts: has_cap.then_some(posts) };
        let mut planner = planner(&x, &weights, budget);
        planner.job_mut(ScheduleId(0)).unwrap().budget.money = Some(own * PRICE);
        planner.ration(NOW);
        fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + 3 * DAY), |_, _| {});
        prop_assert!(x.ledger.given <= posts, "{} of {posts}", x.ledger.given);
        let of_first = x.ledger.fetched.iter().filter(|post| post.0 == 0).count() as u64;
        prop_assert!(of_first <= own);
        // And what there is, is spent: but for a page of each query, what the counts do not tell, and rounding.
        let wanted: u64 = weekly.iter().enumerate().map(|(query, posts)| if query == 0 { own.min(*posts) } else { *posts }).sum();
        let slack = 110 * weekly.len() as u64 + wanted / 10;
        prop_assert!(x.ledger.given + slack >= posts.min(wanted * 6 / 10), "{} of {posts}, {wanted} wanted", x.ledger.given);
    }

    #[test]
    fn the_same_input_gives_the_same_requests(queries in queries(), seed: u64) {
        let (weekly, weights): (Vec<u64>, Vec<u16>) = queries.into_iter().unzip();
        let requests = || {
            let mut x = X::new(seed, &weekly, 30);
            let mut planner = planner(&x, &weights, Budget { money: Some(3_000 * PRICE), posts: None });
            let mut requests = Vec::new();
            fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + DAY), |request, _| requests.push(request.clone()));
            requests
        };
        prop_assert_eq!(requests(), requests());
    }

    /// Where requests suffice, nothing leaves the horizon unread but what does so while the first windows are read.
    #[test]
    fn what_can_be_read_in_time_is(seed: u64, weekly in prop::collection::vec(500_u64..4_000, 1..4)) {
        let mut x = X::new(seed, &weekly, 6);
        let mut planner = Planner::new(Allowance::new(6, 0), Budget::default());
        for query in 0..weekly.len() {
            let density = Density::counted(x.counts(query, NOW));
            let track = plan(RECENT, 4, RECENT.reachable(TweetId(0), NOW), Some(density));
            planner.put(ScheduleId(query as i64), 1, job(track));
        }
        planner.ration(NOW);
        let backlog = x.backlog(NOW);
        fetch(&mut planner, &mut x, NOW, Timestamp(NOW.0 + 7 * DAY), |_, _| {});
        let margin = Timestamp(NOW.0 - 7 * DAY + 2 * HOUR);
        let lost = backlog.iter().filter(|post| !x.ledger.fetched.contains(post));
        let late: Vec<_> = lost.filter(|post| post.1.time() > margin).collect();
        prop_assert!(late.is_empty(), "{} posts lost, the last {:?}", late.len(), late.last());
    }

    /// An X that does as it likes: pages of any size, in any place, tokens that come again, none, or never end, and
    /// failures. There are only so many ids, so the run has to end.
    #[test]
    fn any_sequence_of_pages_ends(seed: u64, expected in prop::option::of(0_u64..3_000), kinds in 2_u64..9) {
        let mut random = Random(seed);
        let span = Span::between(Timestamp(NOW.0 - 6 * DAY), Timestamp(NOW.0 - HOUR));
        let ids: Vec<TweetId> = (0..60).map(|_| TweetId(span.from.0 - 1_000 + random.below(span.to.0 - span.from.0 + 2_000))).collect();
        let density = expected.map(|posts| Density::observed(posts, span.length()));
        let mut planner = crate::drive::alone(plan(RECENT, 4, span, density));
        let mut now = NOW;
        let mut requests = 0_u64;
        loop {
            let request = match planner.next(now) {
                Turn::Ask(request) => request,
                Turn::Wait(until) => { now = until; continue }
                Turn::Busy | Turn::Idle => break,
            };
            requests += 1;
            prop_assert!(requests < 20_000, "it does not end");
            let answer = Answered { at: now, limits: None, cost: Cost::default() };
            let (a, b) = (ids[random.below(60) as usize], ids[random.below(60) as usize]);
            let token = match random.below(4) {
                0 => None,
                1 => Some("again".to_owned()),
                _ => Some(random.below(u64::MAX).to_string()),
            };
            let page = |posts: u64| Page { posts: posts as u32, oldest: Some(a.min(b)), newest: Some(a.max(b)), next_token: token.clone() };
            match random.below(kinds) {
                0 => planner.taken(&request, &Page { next_token: token.clone(), ..Page::default() }, &answer),
                1 => planner.taken(&request, &page(1), &answer),
                2 => planner.taken(&request, &page(random.below(101)), &answer),
                3 if random.below(3) == 0 => planner.failed(&request, Failure::Token, &answer),
                4 if random.below(3) == 0 => planner.failed(&request, Failure::Later { at: Timestamp(now.0 + 1) }, &answer),
                _ => planner.taken(&request, &page(100), &answer),
            }
            assert_whole(track_of(&planner, 1), span);
            let mark = track_of(&planner, 1).mark();
            prop_assert!(!track_of(&planner, 1).windows().iter().any(|window| window.is_open() && window.span.from < mark));
        }
        prop_assert!(track_of(&planner, 1).is_done());
        prop_assert_eq!(track_of(&planner, 1).mark(), span.to);
    }
}
