//! How well requests are used: the last seven days of 12 queries, in virtual time, with 450 requests in 15 minutes, and with
//! so few that it takes days.
//!
//! `cargo bench -p planner` prints two tables; what they have to show is asserted by `tests/stories/efficiency.rs`.

use model::Timestamp;
use model::time::DAY;

mod planned;
mod policies;
mod race;
mod x;

use planned::Planned;
use policies::{LENGTHS, Paged, Policy};
use race::{FEW, LIMIT, WEEKLY};
use x::{NOW, X};

fn main() {
    compare(LIMIT);
    compare(FEW);
}

fn compare(limit: u32) {
    let x = || X::new(7, &WEEKLY, limit);
    let queries = WEEKLY.len();
    let planned = |has_counts: bool| {
        let x = x();
        let counts = (0..queries).map(|query| has_counts.then(|| x.counts(query, NOW)));
        Planned::new(counts.collect(), limit, NOW)
    };
    let mut policies: Vec<(&str, Box<dyn Policy>)> = vec![
        ("planner, with counts", Box::new(planned(true))),
        ("planner, without counts", Box::new(planned(false))),
        ("twarc2", Box::new(Paged::twarc2(queries, NOW))),
    ];
    for (name, length) in LENGTHS {
        policies.push((name, Box::new(Paged::fixed(queries, length, NOW))));
    }
    println!("\n{limit} requests in 15 minutes\n");
    println!("| | requests | refused | used % | filled % | posts a request | fetched % | hours |");
    println!("|---|---|---|---|---|---|---|---|");
    for (name, mut policy) in policies {
        let result = race::run(&mut x(), policy.as_mut(), Timestamp(NOW.0 + 8 * DAY));
        println!(
            "| {name} | {} | {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.1} |",
            result.requests,
            result.refused,
            result.used * 100.0,
            result.filled * 100.0,
            result.per_request,
            result.fetched * 100.0,
            result.minutes / 60.0
        );
    }
}
