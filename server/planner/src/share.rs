//! Shares the requests of a bucket between schedules by weight: stride scheduling.
//!
//! Each schedule has a pass; who is served pays `1 / weight` on it, and the lowest pass is served next. Between two
//! schedules that both had work all the time, requests by weight never differ by more than one request of the lighter
//! one: `|nᵢ/wᵢ − nⱼ/wⱼ| ≤ max(1/wᵢ, 1/wⱼ)`. (C. A. Waldspurger, W. E. Weihl: Stride Scheduling, 1995)

use std::collections::BTreeMap;

/// What a request of weight 1 pays. With weights up to 2¹⁶, 2³² requests fit.
const STRIDE: u64 = 1 << 32;

/// Number of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScheduleId(pub i64);

/// Who is served next.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    passes: BTreeMap<ScheduleId, Pass>,
    /// The pass of who was served last. Who comes new or comes back begins here: nobody saves requests up.
    now: u64,
}

#[derive(Clone, Copy, Debug)]
struct Pass {
    weight: u16,
    pass: u64,
    has_work: bool,
}

impl Shares {
    /// Notes the weight of a schedule, of at least 1.
    pub fn set_weight(&mut self, schedule: ScheduleId, weight: u16) {
        let pass = self.passes.get(&schedule).map_or(self.now, |pass| pass.pass);
        self.passes.insert(schedule, Pass { weight: weight.max(1), pass, has_work: false });
    }

    /// Who of these is served next: the lowest pass, of equal ones the lowest number. The others have no work now.
    pub fn next(&mut self, have_work: &[ScheduleId]) -> Option<ScheduleId> {
        for (schedule, pass) in &mut self.passes {
            let has_work = have_work.contains(schedule);
            if has_work && !pass.has_work {
                pass.pass = pass.pass.max(self.now);
            }
            pass.has_work = has_work;
        }
        let working = self.passes.iter().filter(|(_, pass)| pass.has_work);
        working.min_by_key(|(schedule, pass)| (pass.pass, **schedule)).map(|(schedule, _)| *schedule)
    }

    /// The schedule was given a request.
    pub fn charge(&mut self, schedule: ScheduleId) {
        if let Some(pass) = self.passes.get_mut(&schedule) {
            self.now = pass.pass;
            pass.pass += STRIDE / u64::from(pass.weight);
        }
    }

    pub fn weight(&self, schedule: ScheduleId) -> u16 {
        self.passes.get(&schedule).map_or(1, |pass| pass.weight)
    }
}

/// Divides `total` by weight; who needs less than their part leaves the rest to the others (max-min fair).
pub fn divide(total: f64, needs: &[(u16, f64)]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..needs.len()).collect();
    let by_weight = |number: usize| needs[number].1 / f64::from(needs[number].0.max(1));
    order.sort_by(|a, b| by_weight(*a).total_cmp(&by_weight(*b)).then(a.cmp(b)));
    let mut left = total.max(0.0);
    let mut weights: f64 = needs.iter().map(|(weight, _)| f64::from((*weight).max(1))).sum();
    let mut parts = vec![0.0; needs.len()];
    for number in order {
        let (weight, need) = needs[number];
        let weight = f64::from(weight.max(1));
        parts[number] = need.clamp(0.0, left * weight / weights);
        left -= parts[number];
        weights -= weight;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_needs_less_leaves_it_to_the_others() {
        assert_eq!(divide(100.0, &[(1, 10.0), (1, 500.0), (2, 500.0)]), [10.0, 30.0, 60.0]);
        assert_eq!(divide(100.0, &[(1, 10.0), (3, 20.0)]), [10.0, 20.0], "enough for all");
        assert_eq!(divide(0.0, &[(1, 10.0)]), [0.0]);
    }

    #[test]
    fn nobody_saves_requests_up_while_there_is_no_work() {
        let mut shares = Shares::default();
        let (a, b) = (ScheduleId(1), ScheduleId(2));
        shares.set_weight(a, 1);
        shares.set_weight(b, 1);
        for _ in 0..100 {
            let served = shares.next(&[a]).unwrap();
            shares.charge(served);
        }
        let served: Vec<i64> = (0..6)
            .map(|_| {
                let served = shares.next(&[a, b]).unwrap();
                shares.charge(served);
                served.0
            })
            .collect();
        assert_eq!(served.iter().filter(|id| **id == 2).count(), 3, "{served:?}");
    }

    proptest! {
        /// The bound of the module's documentation, at every moment and for every pair, and with a third schedule that
        /// comes and goes.
        #[test]
        fn requests_by_weight_differ_by_one_at_most(
            weights in prop::collection::vec(1_u16..1_000, 2..6),
            guests in prop::collection::vec(any::<bool>(), 1..200),
        ) {
            let ids: Vec<ScheduleId> = (0..weights.len() as i64).map(ScheduleId).collect();
            let guest = ScheduleId(99);
            let mut shares = Shares::default();
            shares.set_weight(guest, 500);
            ids.iter().zip(&weights).for_each(|(id, weight)| shares.set_weight(*id, *weight));
            let mut served = vec![0_u64; ids.len()];
            for has_guest in guests {
                let mut have_work = ids.clone();
                have_work.extend(has_guest.then_some(guest));
                let next = shares.next(&have_work).unwrap();
                shares.charge(next);
                if let Some(count) = served.get_mut(next.0 as usize) {
                    *count += 1;
                }
                let stride = |of: usize| STRIDE / u64::from(weights[of]);
                for i in 0..ids.len() {
                    for j in 0..i {
                        let apart = (served[i] * stride(i)).abs_diff(served[j] * stride(j));
                        prop_assert!(apart <= stride(i).max(stride(j)), "{served:?} of {weights:?}");
                    }
                }
            }
        }

        #[test]
        fn what_is_divided_is_used_up_if_it_is_needed(
            needs in prop::collection::vec((1_u16..50, 0.0_f64..1e4), 1..10), total in 0.0_f64..3e4,
        ) {
            let parts = divide(total, &needs);
            let (given, needed): (f64, f64) = (parts.iter().sum(), needs.iter().map(|need| need.1).sum());
            prop_assert!((given - total.min(needed)).abs() < 1e-6 * total.max(1.0));
            for (i, part) in parts.iter().enumerate() {
                prop_assert!(*part <= needs[i].1 + 1e-9);
                let is_short = *part < needs[i].1 - 1e-6;
                let most = parts.iter().zip(&needs).map(|(part, need)| part / f64::from(need.0)).fold(0.0, f64::max);
                prop_assert!(!is_short || part / f64::from(needs[i].0) >= most - 1e-6, "the short have the largest part");
            }
        }
    }
}
