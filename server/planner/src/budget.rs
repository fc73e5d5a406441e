//! Money and monthly caps: what may still be read, and what a page costs at worst.

use crate::gap::Cause;

/// Prices in millionths of a dollar. <https://docs.x.com/x-api/getting-started/pricing>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    pub post: u64,
    pub user: u64,
}

/// Those of 2026.
pub const PRICES: Prices = Prices { post: 5_000, user: 10_000 };

/// What may come with each post. X does not say whether it bills for it, so at worst it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Expanded {
    /// Referenced posts for each post at most.
    pub posts: u64,
    /// Accounts for each post at most: its author, those of referenced posts, who is replied to.
    pub users: u64,
}

impl Prices {
    /// A post at worst, with what comes with it.
    pub fn of_post(self, expanded: Expanded) -> u64 {
        self.post * (1 + expanded.posts) + self.user * expanded.users
    }
}

/// What may still be spent, by a schedule or by a credential; none is without end.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Budget {
    /// Millionths of a dollar.
    pub money: Option<u64>,
    /// Posts of this month's cap.
    pub posts: Option<u64>,
}

/// A cost: foreseen at worst, or real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cost {
    /// Millionths of a dollar.
    pub money: u64,
    pub posts: u64,
}

impl Cost {
    /// A page of so many posts at worst: all are new to X's bill of the day, and come with all that is expanded.
    pub fn of_page(posts: u32, price: u64) -> Self {
        Self { money: u64::from(posts) * price, posts: u64::from(posts) }
    }
}

impl Budget {
    /// How many posts it pays for at worst.
    pub fn affordable(&self, price: u64) -> u64 {
        let by_money = self.money.and_then(|money| money.checked_div(price)).unwrap_or(u64::MAX);
        by_money.min(self.posts.unwrap_or(u64::MAX))
    }

    /// Which limit ends first.
    pub fn cause(&self, price: u64) -> Cause {
        let by_money = self.money.and_then(|money| money.checked_div(price)).unwrap_or(u64::MAX);
        if by_money <= self.posts.unwrap_or(u64::MAX) { Cause::Money } else { Cause::MonthlyCap }
    }

    /// Takes out what a page costs at worst, before it is asked for. Must be affordable.
    pub fn reserve(&mut self, worst: Cost) {
        debug_assert!(self.money.is_none_or(|money| worst.money <= money), "a page that exceeds the budget");
        let less = |left: Option<u64>, cost: u64| left.map(|left| left.saturating_sub(cost));
        *self = Self { money: less(self.money, worst.money), posts: less(self.posts, worst.posts) };
    }

    /// Gives back what the page did not cost: it was not full, or X had billed for its posts on this day (UTC) already.
    pub fn settle(&mut self, worst: Cost, real: Cost) {
        let more = |left: Option<u64>, worst: u64, real: u64| left.map(|left| (left + worst).saturating_sub(real));
        *self =
            Self { money: more(self.money, worst.money, real.money), posts: more(self.posts, worst.posts, real.posts) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_with_all_that_comes_with_it_costs_many_times_more() {
        assert_eq!(PRICES.of_post(Expanded::default()), 5_000);
        assert_eq!(PRICES.of_post(Expanded { posts: 1, users: 2 }), 30_000);
    }

    #[test]
    fn the_cap_or_the_money_ends_first() {
        let mut budget = Budget { money: Some(1_000_000), posts: Some(150) };
        assert_eq!((budget.affordable(5_000), budget.cause(5_000)), (150, Cause::MonthlyCap));
        assert_eq!((budget.affordable(20_000), budget.cause(20_000)), (50, Cause::Money));
        let worst = Cost::of_page(100, 5_000);
        budget.reserve(worst);
        assert_eq!(budget, Budget { money: Some(500_000), posts: Some(50) });
        budget.settle(worst, Cost { money: 200_000, posts: 40 });
        assert_eq!(budget, Budget { money: Some(800_000), posts: Some(110) });
        assert_eq!(Budget::default().affordable(5_000), u64::MAX);
    }
}
