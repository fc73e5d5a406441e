//! Divides what there is between the schedules of a bucket, and tells each what it can read.

use crate::gap::Cause;
use crate::planner::{Job, Planner};
use crate::share::divide;
use crate::work::Work;
use model::Timestamp;

/// Requests, money and posts of the month are divided by weight, each for itself; who needs less leaves the rest to the
/// others. A schedule that does not get what it needs reads its windows in part.
pub(crate) fn ration(planner: &mut Planner, now: Timestamp) {
    planner.jobs.values_mut().filter_map(|job| job.work.track_mut()).for_each(|track| track.expire(now));
    let weights: Vec<u16> = planner.jobs.keys().map(|schedule| planner.shares.weight(*schedule)).collect();
    let needs = |need: &dyn Fn(&Job) -> f64| -> Vec<(u16, f64)> {
        weights.iter().copied().zip(planner.jobs.values().map(need)).collect()
    };
    let posts = |job: &Job| job.work.posts_wanted().min(job.budget.affordable(job.price) as f64);
    let money = |job: &Job| posts(job) * job.price as f64;
    let rates = divide(planner.allowance.rate(), &needs(&|job| job.work.needed_rate(now)));
    let money_parts = planner.budget.money.map(|money_left| divide(money_left as f64, &needs(&money)));
    let post_parts = planner.budget.posts.map(|posts_left| divide(posts_left as f64, &needs(&posts)));
    for (number, job) in planner.jobs.values_mut().enumerate() {
        let Work::Posts(track) = &mut job.work else { continue };
        let own = (job.budget.affordable(job.price) as f64, job.budget.cause(job.price));
        let by_money = money_parts.as_ref().map(|parts| (parts[number] / job.price.max(1) as f64, Cause::Money));
        let by_cap = post_parts.as_ref().map(|parts| (parts[number], Cause::MonthlyCap));
        let limits = [Some(own), by_money, by_cap].into_iter().flatten();
        let (most, cause) = limits.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or(own);
        let has_enough = is_enough(most, track.posts_wanted());
        let pages = if has_enough { f64::INFINITY } else { most / f64::from(track.size.page) };
        let rate = (!is_enough(rates[number], track.needed_rate(now))).then_some(rates[number]);
        track.ration(rate, pages, cause, now);
    }
}

/// But for the last bits of a division.
fn is_enough(part: f64, need: f64) -> bool {
    part >= need * (1.0 - 1e-9)
}
