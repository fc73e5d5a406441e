//! What every log promises. An engine's tests call [`conformance`] with how it is opened.

use eventlog::{Error, EventLog, Position, Record, Stored, Subscription, Topic};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::{Duration, Instant};

/// A log that is kept somewhere: opened again, it has what it had.
pub trait Engine: Send + Sync {
    type Log: EventLog + Clone + 'static;
    fn open(&self) -> impl Future<Output = Self::Log> + Send;
    fn close(&self, log: Self::Log) -> impl Future<Output = ()> + Send;
    /// After so long without a poll a member's partitions go to others.
    fn lease(&self) -> Duration;
}

/// Long enough for whatever must come on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
const TOPIC: &str = "pages";

pub async fn topic(log: &impl EventLog, partitions: u16) {
    let topic = Topic { name: TOPIC.into(), partitions, retention: Duration::from_secs(3600) };
    log.create_topic(&topic).await.expect("the topic is made");
}

pub fn record(key: &str, payload: impl Into<Vec<u8>>) -> Record {
    let headers = vec![("kind".to_owned(), "page".to_owned())];
    Record { key: key.into(), time: 1_700_000_000_000_000, headers, payload: payload.into() }
}

fn numbered(numbers: std::ops::Range<u32>) -> Vec<Record> {
    numbers.map(|number| record(&format!("schedule {}", number % 7), number.to_string())).collect()
}

fn payload(stored: &Stored) -> u32 {
    String::from_utf8(stored.record.payload.clone()).expect("text").parse().expect("a number")
}

/// Polls until so many records have come; then nothing more may come soon.
async fn exactly(member: &mut dyn Subscription, count: usize) -> Vec<Stored> {
    let mut all = Vec::new();
    let until = Instant::now() + PATIENCE;
    while all.len() < count {
        assert!(Instant::now() < until, "{} of {count} records came", all.len());
        all.extend(member.poll(100, Duration::from_millis(200)).await.expect("a poll").records);
    }
    all.extend(member.poll(100, Duration::from_millis(50)).await.expect("a poll").records);
    assert_eq!(all.len(), count);
    all
}

/// What is done next after these records.
fn after(records: &[Stored]) -> Vec<Position> {
    let mut next = BTreeMap::new();
    for Stored { position: Position { partition, offset }, .. } in records {
        next.insert(*partition, offset + 1);
    }
    next.into_iter().map(|(partition, offset)| Position { partition, offset }).collect()
}

pub async fn records_come_back_as_they_were_in_the_order_of_their_partition(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 3).await;
    let appended = numbered(0..500);
    let mut positions = log.append(TOPIC, appended[..200].to_vec()).await.unwrap();
    positions.extend(log.append(TOPIC, appended[200..].to_vec()).await.unwrap());

    let mut member = log.subscribe(TOPIC, "store", "a").await.unwrap();
    let found = exactly(member.as_mut(), 500).await;
    let mut by_position: BTreeMap<Position, &Record> = BTreeMap::new();
    let mut last: BTreeMap<u16, u64> = BTreeMap::new();
    for Stored { position, record } in &found {
        assert_eq!(position.offset, last.get(&position.partition).map_or(0, |offset| offset + 1), "no holes, in order");
        last.insert(position.partition, position.offset);
        by_position.insert(*position, record);
    }
    for (position, record) in positions.iter().zip(&appended) {
        assert_eq!(by_position[position], record);
    }
    let mut homes: BTreeMap<&[u8], BTreeSet<u16>> = BTreeMap::new();
    for Stored { position, record } in &found {
        homes.entry(&record.key).or_default().insert(position.partition);
    }
    assert!(homes.values().all(|homes| homes.len() == 1), "equal keys share a partition: {homes:?}");
    assert!(last.len() > 1, "seven keys lie in more than one of three partitions");
}

pub async fn many_append_at_once_and_none_is_lost_or_doubled(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 2).await;
    let appends = (0..40u32).map(|writer| {
        let log = log.clone();
        tokio::spawn(async move {
            let mut given = Vec::new();
            for part in 0..5 {
                let first = writer * 100 + part * 10;
                given.extend(log.append(TOPIC, numbered(first..first + 10)).await.unwrap());
            }
            given
        })
    });
    let mut positions = BTreeSet::new();
    for append in appends.collect::<Vec<_>>() {
        for position in append.await.unwrap() {
            assert!(positions.insert(position), "{position:?} was given twice");
        }
    }
    let mut member = log.subscribe(TOPIC, "store", "a").await.unwrap();
    let found = exactly(member.as_mut(), 2_000).await;
    assert_eq!(found.iter().map(|stored| stored.position).collect::<BTreeSet<_>>(), positions);
    let expected: BTreeSet<u32> = (0..40).flat_map(|writer| writer * 100..writer * 100 + 50).collect();
    assert_eq!(found.iter().map(payload).collect::<BTreeSet<_>>(), expected);
}

pub async fn a_group_goes_on_where_it_committed_and_groups_do_not_touch_each_other(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 1).await;
    log.append(TOPIC, numbered(0..100)).await.unwrap();
    let mut member = log.subscribe(TOPIC, "store", "a").await.unwrap();
    let found = exactly(member.as_mut(), 100).await;
    member.commit(&after(&found[..60])).await.unwrap();
    member.close().await.unwrap();

    let mut again = log.subscribe(TOPIC, "store", "b").await.unwrap();
    let rest = exactly(again.as_mut(), 40).await;
    assert_eq!(rest.iter().map(payload).collect::<Vec<_>>(), (60..100).collect::<Vec<_>>());
    let mut other = log.subscribe(TOPIC, "search", "a").await.unwrap();
    exactly(other.as_mut(), 100).await;

    let [lag] = log.lag(TOPIC, "store").await.unwrap()[..] else { panic!("one partition") };
    assert_eq!((lag.first, lag.committed, lag.end, lag.records()), (0, 60, 100, 40));
    let [lag] = log.lag(TOPIC, "search").await.unwrap()[..] else { panic!("one partition") };
    assert_eq!((lag.committed, lag.records()), (0, 100));
}

pub async fn two_members_share_and_one_takes_over_from_the_other(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 4).await;
    let mut first = log.subscribe(TOPIC, "store", "a").await.unwrap();
    let mut second = log.subscribe(TOPIC, "store", "b").await.unwrap();
    let until = Instant::now() + PATIENCE;
    let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
    while of_first.len() != 2 || of_second.len() != 2 {
        assert!(Instant::now() < until, "the first has {of_first:?}, the second {of_second:?}");
        for (member, has) in [(&mut first, &mut of_first), (&mut second, &mut of_second)] {
            *has = member.poll(100, Duration::from_millis(50)).await.unwrap().assigned.unwrap_or_else(|| has.clone());
        }
    }
    let both: BTreeSet<u16> = of_first.iter().chain(&of_second).copied().collect();
    assert_eq!(both.len(), 4, "every partition is somebody's");

    log.append(TOPIC, numbered(0..400)).await.unwrap();
    let mut found: Vec<Stored> = Vec::new();
    let mut done = Vec::new();
    while found.len() < 400 {
        assert!(Instant::now() < until, "{} of 400 records came", found.len());
        for (member, own) in [(&mut first, &of_first), (&mut second, &of_second)] {
            let records = member.poll(100, Duration::from_millis(20)).await.unwrap().records;
            assert!(records.iter().all(|stored| own.contains(&stored.position.partition)));
            if own == &of_first {
                done.extend(records.clone());
            }
            found.extend(records);
        }
    }
    assert_eq!(found.iter().map(payload).collect::<BTreeSet<_>>(), (0..400).collect());
    first.commit(&after(&done)).await.unwrap();

    // The second commits nothing and never polls again: its partitions come to the first, from their start.
    let gone = second;
    tokio::time::sleep(engine.lease()).await;
    let expected = 400 - done.len();
    let again = exactly(first.as_mut(), expected).await;
    assert!(again.iter().all(|stored| of_second.contains(&stored.position.partition)));
    let mut gone = gone;
    let refused = gone.commit(&after(&again)).await;
    assert!(matches!(refused, Err(Error::NotMine(_))), "who was away too long must not commit: {refused:?}");
    first.commit(&after(&again)).await.unwrap();
    assert_eq!(log.lag(TOPIC, "store").await.unwrap().iter().map(eventlog::Lag::records).sum::<u64>(), 0);
}

pub async fn what_was_acknowledged_is_there_when_the_log_is_opened_again(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 1).await;
    let identity = log.identity().await.unwrap();
    log.append(TOPIC, numbered(0..10)).await.unwrap();
    engine.close(log).await;

    let log = engine.open().await;
    topic(&log, 1).await;
    assert_eq!(log.identity().await.unwrap(), identity);
    let positions = log.append(TOPIC, numbered(10..11)).await.unwrap();
    assert_eq!(positions, [Position { partition: 0, offset: 10 }]);
    let all = log.read(TOPIC, Position { partition: 0, offset: 0 }, 100).await.unwrap();
    assert_eq!(all.iter().map(payload).collect::<Vec<_>>(), (0..11).collect::<Vec<_>>());
}

pub async fn who_waits_is_told_of_what_another_process_appends(engine: impl Engine) {
    let (reading, writing) = (engine.open().await, engine.open().await);
    topic(&reading, 1).await;
    let mut member = reading.subscribe(TOPIC, "store", "a").await.unwrap();
    member.poll(1, Duration::ZERO).await.unwrap();
    let (found, _) = tokio::join!(member.poll(10, PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        writing.append(TOPIC, numbered(0..3)).await.unwrap()
    });
    assert_eq!(found.unwrap().records.len(), 3);
}

pub async fn seeking_goes_back_and_says_what_is_not_there(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 1).await;
    log.append(TOPIC, numbered(0..20)).await.unwrap();
    let mut member = log.subscribe(TOPIC, "store", "a").await.unwrap();
    // Sought before the partition is this member's: it begins there.
    member.seek(Position { partition: 0, offset: 15 });
    exactly(member.as_mut(), 5).await;
    member.seek(Position { partition: 0, offset: 5 });
    let found = exactly(member.as_mut(), 15).await;
    assert_eq!(payload(&found[0]), 5);
    // A sink that has more than the log: the log lost its newest records, and that must not pass in silence.
    member.seek(Position { partition: 0, offset: 21 });
    let past = member.poll(1, Duration::ZERO).await;
    assert!(matches!(past, Err(Error::PastEnd { asked: 21, end: 20, .. })), "{past:?}");
}

pub async fn a_paused_partition_brings_nothing_until_it_is_resumed(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 1).await;
    let mut member = log.subscribe(TOPIC, "store", "a").await.unwrap();
    member.poll(1, Duration::ZERO).await.unwrap();
    member.pause(&[0]);
    log.append(TOPIC, numbered(0..5)).await.unwrap();
    assert!(member.poll(10, Duration::from_millis(200)).await.unwrap().records.is_empty());
    member.resume(&[0]);
    exactly(member.as_mut(), 5).await;
}

pub async fn trimming_takes_only_what_every_group_has_done_and_what_is_old(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 1).await;
    // The last twenty are from a time that has not come.
    let mut records = numbered(0..1_000);
    records[980..].iter_mut().for_each(|record| record.time = i64::MAX / 2);
    log.append(TOPIC, records).await.unwrap();
    assert_eq!(log.trim(TOPIC).await.unwrap(), 0, "nobody has done anything");

    let commit = async |group: &str, offset: u64| {
        let mut member = log.subscribe(TOPIC, group, "a").await.unwrap();
        while member.poll(1, PATIENCE).await.unwrap().records.is_empty() {}
        member.commit(&[Position { partition: 0, offset }]).await.unwrap();
        member.close().await.unwrap();
    };
    commit("store", 1_000).await;
    commit("search", 300).await;
    assert_eq!(log.trim(TOPIC).await.unwrap(), 300, "the slower group holds back what it needs");
    log.forget_group(TOPIC, "search").await.unwrap();
    assert_eq!(log.trim(TOPIC).await.unwrap(), 680, "what is young stays");

    let at = |offset| Position { partition: 0, offset };
    let trimmed = log.read(TOPIC, at(10), 1).await;
    assert!(matches!(trimmed, Err(Error::Trimmed { asked: 10, first: 980, .. })), "{trimmed:?}");
    assert_eq!(payload(&log.read(TOPIC, at(980), 1).await.unwrap()[0]), 980);
    assert_eq!(log.append(TOPIC, numbered(0..1)).await.unwrap(), [at(1_000)], "offsets are never used again");
}

pub async fn mistakes_are_named(engine: impl Engine) {
    let log = engine.open().await;
    topic(&log, 2).await;
    let missing = log.append("nothing", numbered(0..1)).await;
    assert!(matches!(missing, Err(Error::NoTopic(name)) if name == "nothing"));
    let other = Topic { name: TOPIC.into(), partitions: 3, retention: Duration::ZERO };
    let refused = log.create_topic(&other).await;
    assert!(matches!(refused, Err(Error::Partitions { has: 2, asked: 3, .. })), "{refused:?}");
    let large = log.append(TOPIC, vec![record("a", "small"), record("a", vec![0; (64 << 20) + 1])]).await;
    assert!(matches!(large, Err(Error::TooLarge { .. })), "{large:?}");
    assert!(log.lag(TOPIC, "store").await.unwrap().iter().all(|lag| lag.end == 0), "all records or none");
}

/// Every promise as a test of its own.
#[macro_export]
macro_rules! conformance {
    ($engine:expr) => {
        $crate::conformance!($engine;
            records_come_back_as_they_were_in_the_order_of_their_partition,
            many_append_at_once_and_none_is_lost_or_doubled,
            a_group_goes_on_where_it_committed_and_groups_do_not_touch_each_other,
            two_members_share_and_one_takes_over_from_the_other,
            what_was_acknowledged_is_there_when_the_log_is_opened_again,
            who_waits_is_told_of_what_another_process_appends,
            seeking_goes_back_and_says_what_is_not_there,
            a_paused_partition_brings_nothing_until_it_is_resumed,
            trimming_takes_only_what_every_group_has_done_and_what_is_old,
            mistakes_are_named);
    };
    ($engine:expr; $($promise:ident),+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            $crate::conformance::$promise($engine).await;
        })+
    };
}
