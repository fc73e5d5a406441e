//! What the benchmark has to show: see `benches/fetch`.

use crate::planned::Planned;
use crate::policies::{LENGTHS, Paged, Policy};
use crate::race::{FEW, LIMIT, Result, WEEKLY, run};
use crate::x::{NOW, X};
use model::Timestamp;
use model::time::DAY;

fn result(limit: u32, policy: &mut dyn Policy) -> Result {
    run(&mut X::new(7, &WEEKLY, limit), policy, Timestamp(NOW.0 + 8 * DAY))
}

fn planned(limit: u32, has_counts: bool) -> Result {
    let x = X::new(7, &WEEKLY, limit);
    let counts = (0..WEEKLY.len()).map(|query| has_counts.then(|| x.counts(query, NOW)));
    result(limit, &mut Planned::new(counts.collect(), limit, NOW))
}

#[test]
fn a_backlog_uses_all_requests_and_fills_the_pages() {
    for has_counts in [true, false] {
        let planned = planned(LIMIT, has_counts);
        assert_eq!(planned.refused, 0, "requests in a closed window");
        assert!(planned.used >= 0.98, "{planned:?}");
        assert!(planned.filled >= 0.98, "{planned:?}");
        assert!(planned.fetched >= 0.999, "{planned:?}");
    }
}

#[test]
fn other_ways_take_longer_or_lose_posts() {
    let planned = planned(LIMIT, true);
    let twarc2 = result(LIMIT, &mut Paged::twarc2(WEEKLY.len(), NOW));
    assert!(twarc2.refused > 0, "it asks until it is refused");
    assert!(planned.fetched > twarc2.fetched, "what leaves the horizon while it reads the newest is lost");
    assert!(planned.per_request > 0.99 * twarc2.per_request, "{planned:?} {twarc2:?}");
    for (name, length) in LENGTHS {
        let fixed = result(LIMIT, &mut Paged::fixed(WEEKLY.len(), length, NOW));
        assert!(planned.per_request > fixed.per_request, "{name}: {fixed:?}");
        assert!(planned.requests < fixed.requests, "{name}: {fixed:?}");
        assert!(planned.fetched > fixed.fetched, "{name}: {fixed:?}");
        assert!(planned.minutes <= fixed.minutes, "{name}: {fixed:?}");
    }
}

#[test]
fn with_few_requests_little_leaves_the_horizon_unread() {
    let twarc2 = result(FEW, &mut Paged::twarc2(WEEKLY.len(), NOW));
    for has_counts in [true, false] {
        let planned = planned(FEW, has_counts);
        assert_eq!(planned.refused, 0);
        assert!(planned.used >= 0.98 && planned.filled >= 0.95, "{planned:?}");
        assert!(planned.fetched >= 0.95 && planned.fetched > twarc2.fetched + 0.15, "{planned:?} {twarc2:?}");
    }
}
