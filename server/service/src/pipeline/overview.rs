//! Where everything stands at one look: the log, the store, who follows it, and the room that they have.

use super::{Pace, Status};
use crate::{Error, Service, disk};
use model::Timestamp;
use model::time::MINUTE;

/// How long a page may wait before that is worth a warning: while schedules run, some always wait for a moment.
const PATIENCE: i64 = MINUTE;

/// What stands where.
pub struct Overview {
    /// When it was looked.
    pub at: Timestamp,
    /// How the log stands, or why it does not tell.
    pub log: Result<Status, Error>,
    /// The number of the last change in the store.
    pub last_change: u64,
    /// What is made from the store's changes, what is needed most first.
    pub followers: Vec<Standing>,
    /// What the stages of this process did in the last minute.
    pub paces: Vec<Pace>,
    /// The disk of the data folder; `None` if it cannot be told.
    pub room: Option<Room>,
}

/// What is made from the store's changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follower {
    Index,
    /// It takes many changes in at once, so it is behind most of the time.
    Lake,
    /// The same, of tweets as they came.
    RawLake,
}

/// Where a follower stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub follower: Follower,
    /// The change up to which it is durable.
    pub position: u64,
    /// Changes between that and the store's last.
    pub behind: u64,
    /// Tweets that it holds.
    pub tweets: u64,
}

/// Room on a disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    pub free: u64,
}

impl Room {
    /// Whether it is enough to write by.
    pub fn is_enough(self) -> bool {
        self.free >= disk::LEAST_ROOM
    }
}

/// All of it in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    UpToDate,
    /// Records wait to be stored; `is_late` if the first of them has waited for long.
    Waiting {
        records: u64,
        since: Option<Timestamp>,
        is_late: bool,
    },
    /// The index has yet to take so many changes.
    IndexBehind {
        changes: u64,
    },
    /// The log does not tell how it stands.
    LogUnknown,
    /// The disk is full, or nearly so.
    NoRoom,
}

impl Overview {
    /// The first of these that is so: what stops the most is told first.
    pub fn state(&self) -> State {
        if self.room.is_some_and(|room| !room.is_enough()) {
            return State::NoRoom;
        }
        let Ok(Status { waiting, waiting_since, .. }) = self.log else { return State::LogUnknown };
        if waiting > 0 {
            let is_late = waiting_since.is_some_and(|since| self.at - since > PATIENCE);
            return State::Waiting { records: waiting, since: waiting_since, is_late };
        }
        // The lake takes changes in every few minutes: nobody need do anything while some wait for that.
        match self.followers.iter().find(|standing| standing.follower == Follower::Index && standing.behind > 0) {
            Some(Standing { behind, .. }) => State::IndexBehind { changes: *behind },
            None => State::UpToDate,
        }
    }

    /// A look at all of it. It costs a few short queries.
    pub async fn of(service: &Service) -> Result<Self, Error> {
        let log = super::status(service).await;
        // The followers first: they may seem behind by what comes in between, but never further than they are.
        let index = (Follower::Index, service.index.position(), service.index.len());
        let held: Vec<_> = std::iter::once(index).chain(lake(service).await?).collect();
        let last_change = store::tweets::last_change(&service.store).await?;
        let standing = |(follower, position, tweets)| Standing {
            follower,
            position,
            behind: last_change.abs_diff(position),
            tweets,
        };
        let followers = held.into_iter().map(standing).collect();
        let free = disk::free(&service.pipeline.folder).inspect_err(|error| {
            tracing::warn!(error = %error, "the room on the disk of the data folder cannot be told");
        });
        let room = free.ok().map(|free| Room { free });
        let paces = service.pipeline.stages().paces();
        Ok(Self { at: service.now(), log, last_change, followers, paces, room })
    }
}

/// The last change of each table of the lake, and its tweets.
#[cfg(feature = "lake")]
async fn lake(service: &Service) -> Result<Vec<(Follower, u64, u64)>, Error> {
    let Some(shores) = service.lake.as_deref() else { return Ok(Vec::new()) };
    shores.tweets.look().await?;
    let mut tables = vec![(Follower::Lake, shores.tweets.position(), shores.tweets.len())];
    if let Some(raw) = &shores.raw {
        raw.look().await?;
        tables.push((Follower::RawLake, raw.position(), raw.len()));
    }
    Ok(tables)
}

#[cfg(not(feature = "lake"))]
async fn lake(_: &Service) -> Result<Vec<(Follower, u64, u64)>, Error> {
    Ok(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

    fn overview(waiting: u64, seconds: i64, behind: u64, free: u64) -> Overview {
        let since = (waiting > 0).then_some(Timestamp(NOW.0 - seconds * 1_000_000));
        let index = Standing { follower: Follower::Index, position: 10, behind, tweets: 10 };
        let log = Ok(Status { kept: 9, waiting, waiting_since: since });
        Overview {
            at: NOW,
            log,
            last_change: 10 + behind,
            followers: vec![index],
            paces: vec![],
            room: Some(Room { free }),
        }
    }

    #[test]
    fn what_stops_the_most_is_told_first() {
        const FREE: u64 = 1 << 40;
        assert_eq!(overview(0, 0, 0, FREE).state(), State::UpToDate);
        let mut with_lake = overview(0, 0, 0, FREE);
        with_lake.followers.push(Standing { follower: Follower::Lake, position: 3, behind: 7, tweets: 3 });
        assert_eq!(with_lake.state(), State::UpToDate);
        assert_eq!(overview(0, 0, 7, FREE).state(), State::IndexBehind { changes: 7 });
        let waiting = |seconds, is_late| {
            let state = overview(3, seconds, 7, FREE).state();
            let since = Some(Timestamp(NOW.0 - seconds * 1_000_000));
            assert_eq!(state, State::Waiting { records: 3, since, is_late });
        };
        waiting(2, false);
        waiting(61, true);
        assert_eq!(overview(3, 61, 7, 0).state(), State::NoRoom);
        let unknown = Overview { log: Err(Error::Internal), ..overview(0, 0, 7, FREE) };
        assert_eq!(unknown.state(), State::LogUnknown);
    }
}
