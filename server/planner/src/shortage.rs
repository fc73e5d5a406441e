//! What is read where there is not enough for all: as much as can be, and as evenly as can be.

/// A window of a schedule, as the shortage sees it. Windows come in the order of their deadlines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Pages that it needs.
    pub pages: u32,
    /// Pages that can be asked for until its deadline, by all windows up to it; never falls.
    pub capacity: f64,
}

/// How many pages each window may have.
///
/// The shares are the slopes of the greatest convex curve below the capacity as a function of the demand, cut at 1: no
/// other choice reads more pages within the deadlines, and none of the same number treats the worst window better. A
/// shortage at the end, such as that of money, therefore lowers all windows by the same share. Rounding is by the running
/// sum, so it is off by less than a page at any window.
pub fn sample(demands: &[Demand]) -> Vec<u32> {
    let all: f64 = demands.iter().map(|demand| f64::from(demand.pages)).sum();
    let mut blocks: Vec<Block> = Vec::new();
    let mut spent = 0.0;
    for demand in demands {
        // More than all need is nobody's; it may be without end.
        let capacity = demand.capacity.min(all);
        let mut block = Block { windows: 1, pages: f64::from(demand.pages), capacity: capacity - spent };
        spent = capacity;
        while let Some(before) = blocks.pop_if(|before| before.share() >= block.share()) {
            block = block.join(before);
        }
        blocks.push(block);
    }
    let shares = blocks.iter().flat_map(|block| std::iter::repeat_n(block.share().clamp(0.0, 1.0), block.windows));
    let mut sum = 0.0_f64;
    let mut given = 0.0;
    let mut limits = Vec::with_capacity(demands.len());
    for (demand, share) in demands.iter().zip(shares) {
        sum += f64::from(demand.pages) * share;
        let whole = (sum + 1e-6).floor();
        limits.push((whole - given) as u32);
        given = whole;
    }
    limits
}

/// Neighbouring windows with the same share.
#[derive(Clone, Copy)]
struct Block {
    windows: usize,
    pages: f64,
    capacity: f64,
}

impl Block {
    fn share(&self) -> f64 {
        self.capacity / self.pages.max(1e-9)
    }

    fn join(self, before: Block) -> Block {
        Block {
            windows: self.windows + before.windows,
            pages: self.pages + before.pages,
            capacity: self.capacity + before.capacity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn limits(demands: &[(u32, f64)]) -> Vec<u32> {
        let demand = |&(pages, capacity): &(u32, f64)| Demand { pages, capacity };
        sample(&demands.iter().map(demand).collect::<Vec<_>>())
    }

    #[test]
    fn where_there_is_enough_nothing_is_left_out() {
        assert_eq!(limits(&[(10, 10.0), (10, 50.0), (3, 50.0)]), [10, 10, 3]);
        assert_eq!(limits(&[(10, f64::INFINITY), (3, f64::INFINITY)]), [10, 3]);
    }

    #[test]
    fn what_is_short_at_the_end_is_taken_from_all() {
        assert_eq!(limits(&[(10, 20.0), (10, 20.0), (10, 20.0), (10, 20.0)]), [5, 5, 5, 5]);
        assert_eq!(limits(&[(1, 2.0), (1, 2.0), (1, 2.0), (1, 2.0)]), [0, 1, 0, 1], "pages are not divided");
    }

    #[test]
    fn what_is_short_at_a_deadline_is_taken_from_those_before_it() {
        assert_eq!(limits(&[(10, 5.0), (10, 10.0), (10, 40.0)]), [5, 5, 10]);
    }

    #[test]
    fn time_that_is_not_needed_early_serves_those_later() {
        assert_eq!(limits(&[(2, 10.0), (12, 14.0), (2, 14.0)]), [1, 11, 2]);
    }

    fn demands() -> impl Strategy<Value = Vec<Demand>> {
        prop::collection::vec((0_u32..40, 0.0_f64..40.0), 1..60).prop_map(|steps| {
            let add = |sum: &mut f64, (pages, step): (u32, f64)| {
                *sum += step;
                Some(Demand { pages, capacity: *sum })
            };
            steps.into_iter().scan(0.0, add).collect()
        })
    }

    proptest! {
        #[test]
        fn no_deadline_is_missed_and_no_more_could_be_read(demands in demands()) {
            let limits = sample(&demands);
            let mut read = 0_u32;
            for (demand, limit) in demands.iter().zip(&limits) {
                prop_assert!(*limit <= demand.pages + 1, "{limit} of {}", demand.pages);
                read += limit;
                prop_assert!(f64::from(read) <= demand.capacity + 1e-3, "{read} > {}", demand.capacity);
            }
            let all: f64 = demands.iter().map(|demand| f64::from(demand.pages)).sum();
            let mut until = 0.0;
            let most = demands.iter().fold(all, |most, demand| {
                until += f64::from(demand.pages);
                most.min(demand.capacity + all - until)
            });
            prop_assert!(f64::from(read) > most - 1.0 - 1e-3, "{read} of {most}");
        }
    }
}
