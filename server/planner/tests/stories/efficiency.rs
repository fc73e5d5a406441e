//! What the benchmark has to show: see `benches/fetch`.

use crate::policies::{LENGTHS, Paged, Planned, Policy};
use crate::race::{LIMIT, Result, WEEKLY, run};
use crate::x::{NOW, X};
use model::Timestamp;
use model::time::DAY;

fn x() -> X {
    X::new(7, &WEEKLY, LIMIT)
}

fn result(policy: &mut dyn Policy) -> Result {
    run(&mut x(), policy, Timestamp(NOW.0 + DAY))
}

fn planned(has_counts: bool) -> Result {
    let x = x();
    let counts = (0..WEEKLY.len()).map(|query| has_counts.then(|| x.counts(query, NOW)));
    result(&mut Planned::new(counts.collect(), LIMIT, NOW))
}

#[test]
fn a_backlog_uses_all_requests_and_fills_the_pages() {
    for has_counts in [true, false] {
        let planned = planned(has_counts);
        assert_eq!(planned.refused, 0, "requests in a closed window");
        assert!(planned.used >= 0.98, "{planned:?}");
        assert!(planned.filled >= 0.98, "{planned:?}");
        assert!(planned.fetched >= 0.999, "{planned:?}");
    }
}

#[test]
fn other_ways_take_longer_or_lose_posts() {
    let planned = planned(true);
    let twarc2 = result(&mut Paged::twarc2(WEEKLY.len(), NOW));
    assert!(twarc2.refused > 0, "it asks until it is refused");
    assert!(planned.fetched > twarc2.fetched, "what leaves the horizon while it reads the newest is lost");
    assert!(planned.per_request > 0.99 * twarc2.per_request, "{planned:?} {twarc2:?}");
    for (name, length) in LENGTHS {
        let fixed = result(&mut Paged::fixed(WEEKLY.len(), length, NOW));
        assert!(planned.per_request > fixed.per_request, "{name}: {fixed:?}");
        assert!(planned.requests < fixed.requests, "{name}: {fixed:?}");
        assert!(planned.fetched > fixed.fetched, "{name}: {fixed:?}");
        assert!(planned.minutes <= fixed.minutes, "{name}: {fixed:?}");
    }
}
