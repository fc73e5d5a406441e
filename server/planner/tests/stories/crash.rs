//! Killed at any moment, a run goes on from what it noted.

use crate::drive::{ask_of, assert_whole, hours, job, plan};
use crate::x::{NOW, Random, X};
use model::time::{DAY, HOUR, SECOND};
use model::{Timestamp, TweetId};
use planner::endpoint::RECENT;
use planner::{Allowance, Answered, Budget, Cost, Planner, Request, ScheduleId, Span, Track, Turn, Window};
use std::collections::BTreeMap;

/// What a store would hold: rows, changed as the track says.
#[derive(Default)]
struct Store(BTreeMap<u64, Window>);

impl Store {
    fn note(&mut self, track: &mut Track) {
        for id in track.changes() {
            match track.window(id) {
                Some(window) => self.0.insert(id.0, window.clone()),
                None => self.0.remove(&id.0),
            };
        }
    }

    fn windows(&self) -> Vec<Window> {
        let mut windows: Vec<Window> = self.0.values().cloned().collect();
        windows.sort_by_key(|window| window.span);
        windows
    }
}

fn planner(track: Track) -> Planner {
    let mut planner = Planner::new(Allowance::new(10_000, 0), Budget::default());
    planner.put(ScheduleId(0), 1, job(track));
    planner
}

fn track(planner: &mut Planner) -> &mut Track {
    planner.job_mut(ScheduleId(0)).unwrap().work.track_mut().unwrap()
}

fn take(planner: &mut Planner, x: &mut X, request: &Request, now: Timestamp) {
    let (page, limits) = x.search(0, ask_of(request), now);
    let answer = Answered { at: now, limits: Some(limits), cost: Cost::default() };
    planner.taken(request, &page.unwrap(), &answer);
}

#[test]
fn each_page_is_asked_once_more_than_needed_at_most() {
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut x = X::new(seed, &[20_000], 10_000);
        let span = Span::between(Timestamp(NOW.0 - 6 * DAY), Timestamp(NOW.0 - HOUR));
        let has_counts = seed % 2 == 0;
        let density = has_counts.then(|| hours(span.starts_at(), &[120; 143]));
        let mut running = planner(plan(RECENT, 5, span, density.clone()));
        let mut store = Store::default();
        store.note(track(&mut running));
        let (mut now, mut kills) = (NOW, 0);
        while let Turn::Ask(request) = running.next(now) {
            now = Timestamp(now.0 + SECOND);
            let moment = random.below(20);
            if moment == 0 {
                // the page is durable, the checkpoint is not
                take(&mut running, &mut x, &request, now);
            } else if moment > 1 {
                take(&mut running, &mut x, &request, now);
                store.note(track(&mut running));
                continue;
            }
            kills += 1;
            let mut restored = Track::restore(RECENT, track(&mut running).size, density.clone(), store.windows());
            assert_whole(&restored, span);
            if random.below(2) == 0 {
                restored.forget_tokens();
            }
            running = planner(restored);
        }
        let there: Vec<TweetId> = x.posts[0].iter().copied().filter(|id| span.contains(*id)).collect();
        let missing = there.iter().filter(|id| !x.ledger.fetched.contains(&(0, **id))).count();
        assert_eq!(missing, 0, "seed {seed}");
        assert!(kills > 3, "{kills}");
        let twice = x.ledger.given - x.ledger.fetched.len() as u64;
        assert!(twice <= 100 * kills, "{twice} posts twice after {kills} kills, seed {seed}");
    }
}
