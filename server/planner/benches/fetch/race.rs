//! Runs a policy against the model of X, in virtual time, and measures it.

use crate::policies::{Policy, Step};
use crate::x::{NOW, Refusal, X};
use model::Timestamp;
use model::time::{MINUTE, SECOND};

/// How long X takes to answer.
const LATENCY: i64 = 1_200 * SECOND / 1_000;

/// Requests that X allows in 15 minutes.
pub const LIMIT: u32 = 450;
/// The same where they are few: the last seven days then take two.
pub const FEW: u32 = 15;
/// Posts of each query in seven days.
pub const WEEKLY: [u64; 12] = [12, 60, 250, 700, 1_500, 4_000, 9_000, 15_000, 25_000, 45_000, 80_000, 140_000];

/// What a policy reached.
#[derive(Debug)]
pub struct Result {
    pub requests: u32,
    pub refused: u32,
    /// Of the requests that X allowed in its windows that were wholly within the run.
    pub used: f64,
    /// Posts that were new, by slots of pages that were asked for.
    pub filled: f64,
    /// New posts for each request that X let in.
    pub per_request: f64,
    /// Part of the posts that X had at the start.
    pub fetched: f64,
    pub minutes: f64,
}

/// Lets a policy fetch until it is done, or until `until`.
pub fn run(x: &mut X, policy: &mut dyn Policy, until: Timestamp) -> Result {
    let backlog = x.backlog(NOW);
    let mut now = NOW;
    while now < until {
        match policy.next(now) {
            Step::Done => break,
            Step::Wait(time) => now = time,
            Step::Ask { query, ask } => {
                let (answer, limits) = x.search(query, &ask, now);
                now = Timestamp(now.0 + LATENCY);
                match answer {
                    Ok(page) => policy.took(&page, Some(limits), now),
                    Err(Refusal::TooMany(limits)) => policy.refused(Some(limits), now),
                    Err(Refusal::Invalid(why)) => panic!("X refuses {ask:?}: {why}"),
                }
            }
        }
    }
    let ledger = &x.ledger;
    let let_in = ledger.requests - ledger.refused;
    let whole: Vec<u32> =
        ledger.windows.iter().filter(|(start, _)| start.0 + 15 * MINUTE <= now.0).map(|(_, used)| *used).collect();
    let new = ledger.fetched.len() as f64;
    let had = backlog.iter().filter(|post| ledger.fetched.contains(post)).count();
    Result {
        requests: let_in,
        refused: ledger.refused,
        used: f64::from(whole.iter().sum::<u32>()) / f64::from(x.limit * whole.len().max(1) as u32),
        filled: new / (f64::from(let_in) * 100.0),
        per_request: new / f64::from(let_in),
        fetched: had as f64 / backlog.len() as f64,
        minutes: (now - NOW) as f64 / MINUTE as f64,
    }
}
