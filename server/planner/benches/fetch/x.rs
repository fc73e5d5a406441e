//! X's search as a policy meets it: posts that come in bursts, a window of requests, a horizon. Seeded, and without a clock.

use model::time::{DAY, HOUR, MINUTE, SECOND};
use model::{Timestamp, TweetId};

use planner::{Ask, Bucket, Limits, Page, Span};
use std::collections::BTreeSet;

pub const NOW: Timestamp = Timestamp(1_795_435_200 * SECOND);
const WINDOW: i64 = 15 * MINUTE;
const LARGEST_PAGE: usize = 100;

pub struct X {
    /// Ids of each query's posts, in order.
    pub posts: Vec<Vec<TweetId>>,
    /// Posts that are counted, but gone.
    gone: Vec<Vec<TweetId>>,
    pub limit: u32,
    used: u32,
    resets_at: Timestamp,
    pub ledger: Ledger,
}

/// What was asked and given: the judge.
#[derive(Default)]
pub struct Ledger {
    pub requests: u32,
    /// Requests that X refused because its window was used up.
    pub refused: u32,
    /// Requests let in, of each window.
    pub windows: Vec<(Timestamp, u32)>,
    /// Posts given, again and again.
    pub given: u64,
    pub fetched: BTreeSet<(usize, TweetId)>,
    /// Requests by query.
    pub by_query: Vec<u32>,
}

/// Why X gives no page.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    TooMany(Limits),
    /// 400, with what X would say.
    Invalid(&'static str),
}

impl X {
    /// A week and a day of each query, until a day after [`NOW`]; `weekly` are their posts in seven days.
    pub fn new(seed: u64, weekly: &[u64], limit: u32) -> Self {
        let mut random = Random(seed);
        let made: Vec<_> = weekly.iter().map(|posts| make_posts(&mut random, *posts)).collect();
        let (posts, gone) = made.into_iter().unzip();
        Self { gone, ..Self::of(posts, limit) }
    }

    /// With these posts, in order of their ids.
    pub fn of(posts: Vec<Vec<TweetId>>, limit: u32) -> Self {
        let ledger = Ledger { by_query: vec![0; posts.len()], ..Ledger::default() };
        Self { gone: vec![Vec::new(); posts.len()], posts, limit, used: 0, resets_at: Timestamp(i64::MIN), ledger }
    }

    /// A page of recent search.
    pub fn search(&mut self, query: usize, ask: &Ask, now: Timestamp) -> (Result<Page, Refusal>, Limits) {
        if now >= self.resets_at {
            self.resets_at = Timestamp((now.0 + WINDOW + SECOND - 1).div_euclid(SECOND) * SECOND);
            self.used = 0;
            self.ledger.windows.push((now, 0));
        }
        self.ledger.requests += 1;
        if self.used == self.limit {
            self.ledger.refused += 1;
            let limits = self.limits();
            return (Err(Refusal::TooMany(limits)), limits);
        }
        self.used += 1;
        if let Some(window) = self.ledger.windows.last_mut() {
            window.1 += 1;
        }
        self.ledger.by_query[query] += 1;
        (self.find(query, ask, now), self.limits())
    }

    fn limits(&self) -> Limits {
        Limits { limit: self.limit, remaining: self.limit - self.used, reset: self.resets_at }
    }

    fn find(&mut self, query: usize, ask: &Ask, now: Timestamp) -> Result<Page, Refusal> {
        let horizon = Timestamp(now.0 - 7 * DAY);
        let since = ask.since_id.unwrap_or(TweetId(0));
        if ask.next_token.is_none() && ask.since_id.is_some() && since.time() < horizon {
            return Err(Refusal::Invalid("'since_id' must be a tweet id created after the horizon"));
        }
        if !(10..=LARGEST_PAGE).contains(&(ask.max_results as usize)) {
            return Err(Refusal::Invalid("'max_results' is not between 10 and 100"));
        }
        let token = ask.next_token.as_ref().and_then(|token| token.strip_prefix("below-")?.parse().ok());
        let until =
            ask.until_id.min(TweetId::first_at(Timestamp(now.0 - 10 * SECOND))).min(token.unwrap_or(ask.until_id));
        let posts = &self.posts[query];
        let lowest = TweetId::first_at(horizon).max(TweetId(since.0 + 1));
        let (first, end) = (posts.partition_point(|id| *id < lowest), posts.partition_point(|id| *id < until));
        let first = first.min(end);
        let page = &posts[first.max(end.saturating_sub(ask.max_results as usize))..end];
        let ids = page.to_vec();
        let is_last = end - first <= page.len();
        let next_token = ids.first().filter(|_| !is_last).map(|id| format!("below-{id}"));
        self.ledger.given += ids.len() as u64;
        self.ledger.fetched.extend(ids.iter().map(|id| (query, *id)));
        let page =
            Page { posts: ids.len() as u32, oldest: ids.first().copied(), newest: ids.last().copied(), next_token };
        Ok(page)
    }

    /// X's counts by minute: those of posts that are gone too.
    pub fn counts(&self, query: usize, now: Timestamp) -> Vec<Bucket> {
        let start = Timestamp(now.0 - 7 * DAY).floor(MINUTE);
        let minutes = (now - start) / MINUTE;
        let mut counts = vec![0_u64; minutes as usize];
        for id in self.posts[query].iter().chain(&self.gone[query]) {
            let minute = (id.time() - start).div_euclid(MINUTE);
            if let Some(count) = usize::try_from(minute).ok().and_then(|minute| counts.get_mut(minute)) {
                *count += 1;
            }
        }
        let at = |minute: usize| Timestamp(start.0 + minute as i64 * MINUTE);
        let bucket = |(minute, count)| Bucket { start: at(minute), end: at(minute + 1), count };
        counts.into_iter().enumerate().map(bucket).collect()
    }

    /// Posts that could be had at `now`, by query.
    pub fn backlog(&self, now: Timestamp) -> BTreeSet<(usize, TweetId)> {
        let span = Span::between(Timestamp(now.0 - 7 * DAY), Timestamp(now.0 - 30 * SECOND));
        let of = |(query, posts): (usize, &Vec<TweetId>)| {
            posts.iter().filter(|id| span.contains(**id)).map(|id| (query, *id)).collect::<Vec<_>>()
        };
        self.posts.iter().enumerate().flat_map(of).collect()
    }
}

/// Posts of one query by a daily cycle and bursts of a few minutes; one in fifty is gone.
fn make_posts(random: &mut Random, weekly: u64) -> (Vec<TweetId>, Vec<TweetId>) {
    let start = NOW.0 - 8 * DAY;
    let bursts: Vec<i64> = (0..6).map(|_| start + random.below(8 * DAY as u64) as i64).collect();
    let (mut posts, mut gone) = (BTreeSet::new(), Vec::new());
    for _ in 0..weekly * 9 / 7 {
        let time = if random.below(100) < 20 {
            bursts[random.below(6) as usize] + random.below(20 * MINUTE as u64) as i64
        } else {
            by_day(random, start)
        };
        let id = TweetId(TweetId::first_at(Timestamp(time)).0 | random.below(1 << 22));
        if random.below(50) == 0 { gone.push(id) } else { posts.extend(Some(id)) }
    }
    (posts.into_iter().collect(), gone)
}

/// A time in nine days; more by day than by night.
fn by_day(random: &mut Random, start: i64) -> i64 {
    loop {
        let time = start + random.below(9 * DAY as u64) as i64;
        let hour = time.rem_euclid(DAY) / HOUR;
        if random.below(12) < 2 + (12 - (hour - 14).unsigned_abs().min(10)) {
            return time;
        }
    }
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}
