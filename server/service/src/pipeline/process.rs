//! The work on the log: records are opened, decoded and sealed for the store while those before them are written.

use super::record::{Unreadable, Work};
use super::{CHANGES, Page, STORE, Stage, TRIM_EVERY, record, trim};
use crate::error::blocking;
use crate::quarantine;
use crate::written::hand_over;
use crate::{Error, Service};
use eventlog::{EventLog, Position, Stored, Subscription};
use model::observed::Batch;
use std::time::Duration;
use store::StoreError;
use store::positions::{self, Consumed, Partition};
use store::tweets::{Delivery, Origin, Ready, Sealer, Written};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Records that are taken at a time, and bytes of their pages: so much is in memory three times, as it comes, as it is
/// written and as it is handed to the index.
const MOST_RECORDS: usize = 1_000;
const MOST_BYTES: usize = 12 << 20;
/// How long it is waited for the next record, and for another process that does them.
const WAIT: Duration = Duration::from_millis(500);
const GLANCE: Duration = Duration::from_millis(20);
/// How long after a failure it is tried again: that of a full disk, or a database that is away.
const RETRY: Duration = Duration::from_secs(2);

/// Does what the log says until it is told to stop. Of several processes one does; another takes over when it ends.
pub async fn follow(service: Service, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(Trouble::Failed(error)) = work(&service, Until::Stopped(&stop)).await {
            tracing::error!(error = %error, "the log could not be worked on; trying again");
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(RETRY) => {}
            }
        }
    }
}

/// Does what is in the log now, or waits until another process has done it.
pub async fn drain(service: &Service) -> Result<(), Error> {
    loop {
        match work(service, Until::Empty).await {
            Ok(()) => return Ok(()),
            Err(Trouble::Overtaken) => {}
            Err(Trouble::Failed(error)) => return Err(error),
        }
    }
}

/// Why the work ended early.
enum Trouble {
    /// Another process has begun to do the records: nothing is lost, and what it does not do is there to be done.
    Overtaken,
    Failed(Error),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Overtaken { .. }) { Self::Overtaken } else { Self::Failed(error.into()) }
    }
}

impl From<eventlog::Error> for Trouble {
    fn from(error: eventlog::Error) -> Self {
        if matches!(error, eventlog::Error::NotMine(_)) { Self::Overtaken } else { Self::Failed(error.into()) }
    }
}

/// When the work ends.
enum Until<'s> {
    Stopped(&'s CancellationToken),
    Empty,
}

async fn work(service: &Service, until: Until<'_>) -> Result<(), Trouble> {
    let member = format!("{}-{:016x}", std::process::id(), rand_number());
    let subscription = service.pipeline.log.subscribe(CHANGES, STORE, &member).await?;
    let wait = if matches!(until, Until::Empty) { GLANCE } else { WAIT };
    let mut worker = Worker { service, subscription, wait, writing: None };
    let mut trimmed = Instant::now();
    let worked = loop {
        if let Err(error) = worker.step().await {
            break Err(error);
        }
        match until {
            Until::Stopped(stop) if stop.is_cancelled() => break Ok(()),
            Until::Empty if super::status(service).await?.waiting == 0 => break Ok(()),
            _ => {}
        }
        if trimmed.elapsed() > TRIM_EVERY {
            trim(service).await?;
            trimmed = Instant::now();
        }
    };
    let written = worker.finish_writing().await;
    worker.subscription.close().await?;
    worked.and(written)
}

/// A number that no other member has.
fn rand_number() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}

struct Worker<'s> {
    service: &'s Service,
    subscription: Box<dyn Subscription>,
    wait: Duration,
    /// The records that are being written, and where they end.
    writing: Option<(JoinHandle<Result<(), Trouble>>, Position)>,
}

impl Worker<'_> {
    /// Takes the next records and has them written when those before them are.
    async fn step(&mut self) -> Result<(), Trouble> {
        // While something is written, what comes next is only looked for; else it is waited for.
        let mut batch = self.poll(Duration::ZERO).await?;
        if batch.records.is_empty() && batch.assigned.is_none() {
            self.finish_writing().await?;
            batch = self.poll(self.wait).await?;
        }
        if let Some(assigned) = batch.assigned {
            // What was polled may be of before; it is polled again from where the store stands.
            self.finish_writing().await?;
            return self.go_on_from_the_store(assigned).await;
        }
        let mut records = batch.records.into_iter().peekable();
        while records.peek().is_some() {
            let mut bytes = 0;
            let mut some = Vec::new();
            while let Some(next) =
                records.next_if(|next| some.is_empty() || bytes + record::size(&next.record) <= MOST_BYTES)
            {
                bytes += record::size(&next.record);
                some.push(next);
            }
            self.write(some).await?;
        }
        Ok(())
    }

    async fn poll(&mut self, wait: Duration) -> Result<eventlog::Batch, Trouble> {
        match self.subscription.poll(MOST_RECORDS, wait).await {
            Err(eventlog::Error::Damaged { position, reason }) => {
                self.finish_writing().await?;
                tracing::error!(position.offset, reason, "a record of the log is damaged; a run has to fetch it again");
                self.subscription.seek(Position { offset: position.offset + 1, ..position });
                Ok(eventlog::Batch::default())
            }
            polled => Ok(polled?),
        }
    }

    /// Only the store knows what of the log is done.
    async fn go_on_from_the_store(&mut self, assigned: Vec<u16>) -> Result<(), Trouble> {
        let Self { service, subscription, .. } = self;
        for lag in service.pipeline.log.lag(CHANGES, STORE).await? {
            if !assigned.contains(&lag.partition) {
                continue;
            }
            let partition = service.pipeline.partition(lag.partition);
            let mut next = positions::next_of(&service.store, &partition).await?;
            if next > lag.end {
                tracing::error!(next, end = lag.end, "the log ends before what the store has of it: it is read anew");
                positions::forget(&service.store, &partition).await?;
                next = lag.first;
            }
            if next < lag.first {
                tracing::error!(next, first = lag.first, "records of the log are gone before they were done");
                next = lag.first;
            }
            subscription.seek(Position { partition: lag.partition, offset: next });
        }
        Ok(())
    }

    /// Makes the records ready, waits for those before them, and begins to write.
    async fn write(&mut self, records: Vec<Stored>) -> Result<(), Trouble> {
        let (Some(first), Some(last)) = (records.first(), records.last()) else { return Ok(()) };
        let end = Position { offset: last.position.offset + 1, ..last.position };
        let partition = self.service.pipeline.partition(end.partition);
        let consumed = Consumed { partition, from: first.position.offset, next: end.offset };
        let ready = make_ready(self.service, &records);
        let tweets = |ready: &Result<Ready, Error>| ready.as_ref().map_or(0, |ready| ready.tweets() as u64);
        let ready = self.service.pipeline.stages().time(Stage::Prepare, ready, tweets).await?;
        self.finish_writing().await?;
        let service = self.service.clone();
        let writing = tokio::spawn(async move {
            match write_all(&service, ready, &consumed).await {
                Err(error) if !error.is_passing() => write_one_by_one(&service, records, consumed.partition).await,
                written => Ok(written?),
            }
        });
        self.writing = Some((writing, end));
        Ok(())
    }

    /// Waits for what is being written, and tells the log.
    async fn finish_writing(&mut self) -> Result<(), Trouble> {
        let Some((writing, end)) = self.writing.take() else { return Ok(()) };
        writing.await.map_err(|error| {
            tracing::error!(error = %error, "writing stopped");
            Error::Internal
        })??;
        Ok(self.subscription.commit(&[end]).await?)
    }
}

async fn write_all(service: &Service, ready: Ready, consumed: &Consumed) -> Result<(), StoreError> {
    let written = store::tweets::write(&service.store, ready, Some(consumed), service.now());
    let tweets = |written: &Result<Written, StoreError>| written.as_ref().map_or(0, |written| written.counts.read);
    let written = service.pipeline.stages().time(Stage::Store, written, tweets).await?;
    hand_over(service, written.handover).await;
    Ok(())
}

/// One of the records cannot be written: each goes alone, and that one goes to the quarantine.
async fn write_one_by_one(service: &Service, records: Vec<Stored>, partition: Partition) -> Result<(), Trouble> {
    for stored in records {
        let offset = stored.position.offset;
        let consumed = Consumed { partition: partition.clone(), from: offset, next: offset + 1 };
        let ready = make_ready(service, std::slice::from_ref(&stored)).await?;
        match write_all(service, ready, &consumed).await {
            Err(error) if !error.is_passing() => {
                let page = match record::open(service, &stored.record).await? {
                    Ok(Work::Page(page)) | Err((page, _)) => page,
                    Ok(Work::Remove(_) | Work::Annotate(_)) => return Err(error.into()),
                };
                let refused = refused(page, format!("it cannot be stored: {error}"));
                let ready = Sealer::new(&service.store, service.now()).await?.prepare(vec![refused])?;
                write_all(service, ready, &consumed).await?;
            }
            written => written?,
        }
    }
    Ok(())
}

/// Opens and decodes the records and seals what they bring. What cannot be read goes to the quarantine.
async fn make_ready(service: &Service, records: &[Stored]) -> Result<Ready, Error> {
    let (mut pages, mut removals, mut annotations) = (Vec::with_capacity(records.len()), Vec::new(), Vec::new());
    for stored in records {
        match record::open(service, &stored.record).await? {
            Ok(Work::Page(page)) => pages.push((page, None)),
            Ok(Work::Remove(some)) => removals.extend(some),
            Ok(Work::Annotate(some)) => annotations.extend(some),
            Err((page, reason)) => pages.push((page, Some(reason))),
        }
    }
    let sealer = Sealer::new(&service.store, service.now()).await?;
    blocking(move || {
        let deliveries = pages.into_iter().map(|(page, trouble)| delivery(page, trouble)).collect();
        let mut ready = sealer.prepare(deliveries)?;
        ready.remove(removals);
        ready.annotate(annotations);
        Ok(ready)
    })
    .await?
}

fn delivery(page: Page, trouble: Option<Unreadable>) -> Delivery {
    if let Some(reason) = trouble {
        return refused(page, reason);
    }
    match process::decode_page(&page.body, page.observed_at) {
        Ok(decoded) => Delivery {
            origin: origin(&page),
            run: Some(page.run),
            batch: decoded.batch,
            rejected: quarantine::tweets(decoded.rejected, page.observed_at),
        },
        Err(error) => refused(page, format!("X's answer cannot be understood: {error}")),
    }
}

/// Nothing but a page that cannot be done.
fn refused(page: Page, reason: String) -> Delivery {
    tracing::warn!(page.schedule, reason, "a page goes to the quarantine");
    let origin = origin(&page);
    let rejected = vec![quarantine::page(page.body, reason, page.observed_at)];
    Delivery { origin, run: Some(page.run), batch: Batch::default(), rejected }
}

fn origin(page: &Page) -> Origin {
    Origin { collection: page.collection, schedule: Some(page.schedule) }
}
