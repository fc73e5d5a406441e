//! What of a stream has come without a hole, and what has to be searched for. No network, no store, no clock.
//!
//! A schedule's mark is the id below which all has come, or is missed and noted. It moves up to what has come while the
//! lines go on without a break. After a break it stays, until what lies between is noted as missed.

use model::time::{MINUTE, SECOND};
use model::{Timestamp, TweetId};
use std::collections::{BTreeMap, BTreeSet};
use store::streams::Missed;

/// Posts come unordered, and seven seconds after they were written in 99 of 100 cases: what is older than this when another
/// comes, has come. As long after a connection was made, what is written comes by it.
const DISORDER: i64 = 30 * SECOND;
/// The same where only a sign of life came, which tells no time: it may have been under way for a while.
const QUIET: i64 = MINUTE;

/// What came, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A connection was made, or lines are kept again: what was written before may have been missed.
    Begins(Timestamp),
    Post {
        id: TweetId,
        at: Timestamp,
    },
    Alive(Timestamp),
}

/// How far the stream is.
#[derive(Debug, Default)]
pub(super) struct Cover {
    schedules: BTreeMap<i64, Reach>,
    /// The newest post since the lines began.
    newest: Option<TweetId>,
    /// What the next sign of life is late by, at least: the delay of the newest post.
    delay: i64,
}

#[derive(Clone, Copy, Debug)]
struct Reach {
    /// All below has come, or was missed and noted.
    mark: TweetId,
    /// From here to the mark nothing was missed.
    whole_from: TweetId,
    /// What was written before may be missed; none where the lines go on from the mark.
    begins: Option<Timestamp>,
}

/// What signs have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub missed: Vec<Missed>,
    /// All below has come for `schedules`.
    pub reached: Option<TweetId>,
    pub schedules: Vec<i64>,
}

impl Cover {
    /// A schedule's posts come, if they were written after `begins`. All that it lacks lies above its mark.
    pub fn join(&mut self, schedule: i64, mark: TweetId, begins: Timestamp) {
        self.schedules.insert(schedule, Reach { mark, whole_from: mark, begins: Some(begins) });
    }

    pub fn leave(&mut self, schedule: i64) {
        self.schedules.remove(&schedule);
    }

    /// Only these schedules are still there.
    pub fn retain(&mut self, schedules: &BTreeSet<i64>) {
        self.schedules.retain(|schedule, _| schedules.contains(schedule));
    }

    pub fn has(&self, schedule: i64) -> bool {
        self.schedules.contains_key(&schedule)
    }

    /// A schedule's posts come only if they were written after `begins`: its rule is a new one.
    pub fn begins(&mut self, schedule: i64, begins: Timestamp) {
        if let Some(reach) = self.schedules.get_mut(&schedule) {
            reach.begins = reach.begins.max(Some(begins));
        }
    }

    /// Posts that came since then may be too few: somebody took the rule away.
    pub fn doubt(&mut self, schedule: i64, since: Timestamp, moved: &mut Moved) {
        let Some(reach) = self.schedules.get_mut(&schedule) else { return };
        let from = TweetId::first_at(Timestamp(since.0 - DISORDER)).max(reach.whole_from);
        if from < reach.mark {
            moved.missed.push(Missed { schedule, from, to: reach.mark });
            reach.whole_from = reach.mark;
        }
    }

    /// Takes what came, once it is durable.
    pub fn take(&mut self, signs: &[Sign]) -> Moved {
        let mut moved = Moved::default();
        for part in signs.chunk_by(|_, next| !matches!(next, Sign::Begins(_))) {
            self.take_part(part, &mut moved);
        }
        moved
    }

    /// Takes signs between which the lines did not begin anew.
    fn take_part(&mut self, signs: &[Sign], moved: &mut Moved) {
        let mut begins = None;
        let (mut first, mut quiet) = (None, None);
        for sign in signs {
            match *sign {
                Sign::Begins(at) => {
                    begins = Some(at);
                    (self.newest, self.delay) = (None, 0);
                }
                Sign::Post { id, at } => {
                    first = first.or(Some(id));
                    self.newest = self.newest.max(Some(id));
                    self.delay = (at - id.time()).max(0);
                }
                Sign::Alive(at) => quiet = Some(Timestamp(at.0 - self.delay - QUIET)),
            }
        }
        if let Some(at) = begins {
            self.schedules.values_mut().for_each(|reach| reach.begins = reach.begins.max(Some(at)));
        }
        if first.is_none() && quiet.is_none() {
            return;
        }
        let by_posts = self.newest.map(|id| Timestamp(id.time().0 - DISORDER));
        let Some(reached) = by_posts.max(quiet).map(TweetId::first_at) else { return };
        for (schedule, reach) in &mut self.schedules {
            if let Some(begins) = reach.begins.take() {
                // By X's clock, where ours is behind.
                let begins = first.map_or(begins, |id| begins.max(id.time()));
                let to = TweetId::first_at(Timestamp(begins.0 + DISORDER));
                if to > reach.mark {
                    moved.missed.push(Missed { schedule: *schedule, from: reach.mark, to });
                    (reach.mark, reach.whole_from) = (to, to);
                }
            }
            reach.mark = reach.mark.max(reached);
        }
        moved.reached = Some(reached);
        moved.schedules = self.schedules.keys().copied().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp::from_seconds(1_790_000_000);
    const MOON: i64 = 1;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(START.0 + seconds * SECOND)
    }

    fn id(seconds: i64) -> TweetId {
        TweetId::first_at(at(seconds))
    }

    fn post(seconds: i64) -> Sign {
        Sign::Post { id: id(seconds), at: at(seconds) }
    }

    fn joined(mark: i64, begins: i64) -> Cover {
        let mut cover = Cover::default();
        cover.join(MOON, id(mark), at(begins));
        cover
    }

    fn missed(from: i64, to: i64) -> Vec<Missed> {
        vec![Missed { schedule: MOON, from: id(from), to: id(to) }]
    }

    #[test]
    fn what_lies_between_the_mark_and_a_connection_is_missed() {
        let mut cover = joined(0, 100);
        assert_eq!(cover.take(&[Sign::Begins(at(100))]), Moved::default(), "nothing has come by it yet");
        let moved = cover.take(&[post(103), post(110)]);
        assert_eq!((moved.missed, moved.reached), (missed(0, 133), Some(id(80))));
        let moved = cover.take(&[post(200), Sign::Begins(at(201)), post(205)]);
        assert_eq!((moved.missed, moved.reached), (missed(170, 235), Some(id(175))), "it broke after 200");
        let moved = cover.take(&[post(300)]);
        assert_eq!((moved.missed, moved.reached), (vec![], Some(id(270))));
    }

    #[test]
    fn signs_of_life_alone_move_the_mark_too_but_not_past_what_is_late() {
        let mut cover = joined(0, 0);
        let moved = cover.take(&[Sign::Begins(at(0)), Sign::Alive(at(20)), Sign::Alive(at(200))]);
        assert_eq!((moved.missed, moved.reached), (missed(0, 30), Some(id(140))));
        let late = Sign::Post { id: id(150), at: at(270) };
        assert_eq!(cover.take(&[late, Sign::Alive(at(280))]).reached, Some(id(120)));
        assert_eq!(cover.take(&[Sign::Alive(at(300))]).reached, Some(id(120)), "two minutes late");
    }

    #[test]
    fn a_new_rule_begins_later_and_one_that_was_gone_is_doubtful() {
        let mut cover = joined(0, 0);
        cover.take(&[Sign::Begins(at(0)), post(100)]);
        cover.begins(MOON, at(120));
        assert_eq!(cover.take(&[post(110)]).missed, missed(130, 150), "the first post came after 100 seconds");
        cover.take(&[post(900)]);
        let mut moved = Moved::default();
        cover.doubt(MOON, at(10), &mut moved);
        cover.doubt(MOON, at(10), &mut moved);
        assert_eq!(moved.missed, missed(150, 870), "what was missed before is not missed twice");
    }

    /// A stream as it may go: posts come late and unordered, connections end, and processes are killed.
    #[derive(Clone, Debug)]
    struct Run {
        /// Seconds after the post before, and for how long each is under way.
        posts: Vec<(i64, i64)>,
        /// For how long each connection lasts, how long it is until the next, and whether the process was killed.
        connections: Vec<(i64, i64, bool)>,
        batch: usize,
    }

    fn runs() -> impl Strategy<Value = Run> {
        let posts = prop::collection::vec((0_i64..40, 0_i64..25), 1..120);
        let connections = prop::collection::vec((0_i64..300, 0_i64..100, any::<bool>()), 1..12);
        (posts, connections, 1_usize..9).prop_map(|(posts, connections, batch)| Run { posts, connections, batch })
    }

    impl Run {
        /// What comes while a connection lasts, in its order.
        fn signs(&self, from: i64, to: i64) -> Vec<Sign> {
            let mut written = 0;
            let mut came = vec![(from, Sign::Begins(at(from)))];
            for (gap, delay) in &self.posts {
                written += gap;
                let comes = written + delay;
                if written >= from && comes < to {
                    came.push((comes, Sign::Post { id: id(written), at: at(comes) }));
                }
            }
            came.extend(
                (1..).map(|beat| from + 20 * beat).take_while(|at| *at < to).map(|beat| (beat, Sign::Alive(at(beat)))),
            );
            came.sort_by_key(|(at, _)| *at);
            came.into_iter().map(|(_, sign)| sign).collect()
        }
    }

    proptest! {
        #[test]
        fn whatever_breaks_all_below_the_mark_has_come_or_is_missed_and_noted(run in runs()) {
            let mut cover = joined(0, 0);
            let (mut mark, mut windows, mut durable) = (id(0), Vec::<Missed>::new(), BTreeSet::new());
            let mut now = 5;
            for (lasts, pause, is_killed) in &run.connections {
                let signs = run.signs(now, now + lasts);
                let mut batches: Vec<_> = signs.chunks(run.batch).collect();
                if *is_killed {
                    // The last one is in the log, but not noted.
                    durable.extend(batches.pop().into_iter().flatten().filter_map(of_post));
                }
                for batch in batches {
                    let moved = cover.take(batch);
                    durable.extend(batch.iter().filter_map(of_post));
                    for missed in moved.missed {
                        prop_assert!(missed.from == mark.max(missed.from) && missed.from < missed.to, "{missed:?} below {mark}");
                        mark = missed.to;
                        windows.push(missed);
                    }
                    mark = mark.max(moved.reached.unwrap_or(mark));
                }
                now += lasts + pause;
                if *is_killed {
                    cover = joined(0, now);
                    cover.join(MOON, mark, at(now));
                }
            }
            let mut written = 0;
            for (gap, _) in &run.posts {
                written += gap;
                let post = id(written);
                let is_noted = windows.iter().any(|missed| (missed.from..missed.to).contains(&post));
                prop_assert!(post >= mark || durable.contains(&post) || is_noted, "{written} s is lost, the mark is {mark}");
            }
        }
    }

    fn of_post(sign: &Sign) -> Option<TweetId> {
        if let Sign::Post { id, .. } = sign { Some(*id) } else { None }
    }
}
