//! The table of tweets as they came, sealed as the store has them, and the way back from it: with the key file it is enough
//! to have every tweet again.

use super::shore::Table;
use crate::pipeline::Stage;
use crate::{Error, Settings};
use lake::{Lake, RawTweet};
use model::TweetId;
use model::change::Change;
use std::collections::HashMap;
use std::io::{BufWriter, ErrorKind, Write};
use store::tweets::{RawOpener, SealedRaw};
use store::{Store, StoreError};

const NONE: &str =
    "There are no raw tweets in the lake: the setting lake.raw was never on, or nothing was written since.";

impl Table for RawTweet {
    const NAME: &'static str = "raw lake";
    const STAGE: Stage = Stage::RawLake;

    /// A tweet that is gone by now is removed here, too: so it will be told later.
    async fn changes(store: &Store, changes: Vec<Change>) -> Result<Vec<Change<Self>>, Error> {
        let id = |change: &Change| match change {
            Change::Put(row) => Some(row.tweet.id),
            Change::Remove(_) => None,
        };
        let ids: Vec<TweetId> = changes.iter().filter_map(id).collect();
        let found = store::tweets::sealed(store, &ids).await?;
        let found: HashMap<TweetId, RawTweet> = found.into_iter().map(|found| (found.id, raw_tweet(found))).collect();
        let taken = |change: Change| match change {
            Change::Put(row) => {
                let id = row.tweet.id;
                found.get(&id).cloned().map_or(Change::Remove(id), Change::Put)
            }
            Change::Remove(id) => Change::Remove(id),
        };
        Ok(changes.into_iter().map(taken).collect())
    }
}

fn raw_tweet(found: SealedRaw) -> RawTweet {
    let SealedRaw { id, version, created_at, first_seen, sealed, key } = found;
    RawTweet { id, version, created_at, first_seen, sealed, key }
}

/// Which raw tweets are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Those of this UTC day, by its number since 1970.
    pub day: Option<i64>,
    pub ids: Option<Vec<TweetId>>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    pub tweets: u64,
    /// Tweets of which nothing is left as it came, because it was removed.
    pub without: u64,
}

/// Writes tweets as they came, opened, a JSON object per line, in the order of their ids: from the lake as it was committed
/// last, with the key file and without the database.
///
/// # Errors
/// `Invalid` if there is no table, or no key, or a tweet cannot be opened, or the output cannot be written.
pub async fn write_raw(settings: &Settings, wanted: &Wanted, output: impl Write) -> Result<Opened, Error> {
    let none = || Error::Invalid(NONE.to_owned());
    let place = settings.lake.as_ref().ok_or_else(|| Error::Invalid(super::NO_LAKE.to_owned()))?;
    let lake: Lake<RawTweet> = Lake::look(place, &settings.raw_lake_folder())?.ok_or_else(none)?;
    lake.refresh().await?;
    if !lake.is_made() {
        return Err(none());
    }
    let refused = |error: StoreError| Error::Invalid(error.to_string());
    let mut opener = RawOpener::new(&store::inspect::key_file(&settings.store.data)).map_err(refused)?;
    let (mut output, mut opened) = (BufWriter::new(output), Opened::default());
    let mut tweets = lake.read(wanted.day, wanted.ids.as_deref());
    while let Some(some) = tweets.next().await? {
        for RawTweet { id, sealed, key, .. } in some {
            if sealed.is_empty() {
                opened.without += 1;
                continue;
            }
            let json = match opener.open(id, &sealed, &key) {
                Ok(json) => json,
                Err(error) => {
                    let file = lake.file_of(id).await?.unwrap_or_default();
                    return Err(Error::Invalid(format!("tweet {id} in {file} cannot be opened: {error}")));
                }
            };
            if let Err(error) = writeln!(output, "{}", in_one_line(json)) {
                return stopped(&error, opened);
            }
            opened.tweets += 1;
        }
    }
    match output.flush() {
        Ok(()) => Ok(opened),
        Err(error) => stopped(&error, opened),
    }
}

/// Who reads may have seen enough.
fn stopped(error: &std::io::Error, opened: Opened) -> Result<Opened, Error> {
    match error.kind() {
        ErrorKind::BrokenPipe => Ok(opened),
        _ => Err(Error::Invalid(format!("the output cannot be written: {error}"))),
    }
}

/// Within JSON, ends of lines stand only between its parts.
fn in_one_line(json: String) -> String {
    if json.contains(['\n', '\r']) { json.replace(['\n', '\r'], " ") } else { json }
}
