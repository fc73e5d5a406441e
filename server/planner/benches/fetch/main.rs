//! How well requests are used: 12 queries, their last seven days, 450 requests in 15 minutes, in virtual time.
//!
//! `cargo bench -p planner` prints a table; what it has to show is asserted by `tests/efficiency.rs`.

use model::Timestamp;
use model::time::DAY;

mod policies;
mod race;
mod x;

use policies::{LENGTHS, Paged, Planned, Policy};
use race::{LIMIT, WEEKLY};
use x::{NOW, X};

fn main() {
    let x = || X::new(7, &WEEKLY, LIMIT);
    let queries = WEEKLY.len();
    let planned = |has_counts: bool| {
        let x = x();
        let counts = (0..queries).map(|query| has_counts.then(|| x.counts(query, NOW)));
        Planned::new(counts.collect(), LIMIT, NOW)
    };
    let mut policies: Vec<(&str, Box<dyn Policy>)> = vec![
        ("planner, with counts", Box::new(planned(true))),
        ("planner, without counts", Box::new(planned(false))),
        ("twarc2", Box::new(Paged::twarc2(queries, NOW))),
    ];
    for (name, length) in LENGTHS {
        policies.push((name, Box::new(Paged::fixed(queries, length, NOW))));
    }
    println!(
        "| {} posts | requests | refused | used % | filled % | posts a request | fetched % | minutes |",
        WEEKLY.iter().sum::<u64>()
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (name, mut policy) in policies {
        let result = race::run(&mut x(), policy.as_mut(), Timestamp(NOW.0 + DAY));
        println!(
            "| {name} | {} | {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.0} |",
            result.requests,
            result.refused,
            result.used * 100.0,
            result.filled * 100.0,
            result.per_request,
            result.fetched * 100.0,
            result.minutes
        );
    }
}
