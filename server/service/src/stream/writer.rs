//! What has come is put into the log.

use super::cover::Sign;
use super::line::{self, Line};
use super::spool::{Entry, Spool};
use crate::{Service, pipeline};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long it is waited after the log took nothing: its disk may be full.
const RETRY: Duration = Duration::from_secs(1);

/// What is durable.
pub(super) struct Written {
    pub signs: Vec<Sign>,
    /// Pages, by run.
    pub pages: BTreeMap<i64, u32>,
    /// Nothing more comes.
    pub is_last: bool,
}

/// Waits for the next lines and puts them into the log. It takes as long as the log does: the spool takes what comes
/// meanwhile, as far as it has room.
pub(super) async fn write(service: Service, spool: &Spool) -> Written {
    let entries = spool.batch().await;
    let mut written = Written { signs: Vec::new(), pages: BTreeMap::new(), is_last: entries.is_empty() };
    let mut lines: Vec<Line> = Vec::new();
    for entry in entries {
        match entry {
            Entry::Sign(sign) => written.signs.push(sign),
            Entry::Line(line) => {
                written.signs.extend(line.id.map(|id| Sign::Post { id, at: line.at }));
                lines.push(line);
            }
        }
    }
    let pages = line::pages(&lines);
    drop(lines);
    pages.iter().for_each(|page| *written.pages.entry(page.run).or_default() += 1);
    while !pages.is_empty() {
        let put = async {
            pipeline::wait_for_room(&service).await?;
            pipeline::append_all(&service, pages.clone()).await
        };
        match put.await {
            Ok(()) => break,
            Err(error) => tracing::error!(error = %error, "posts of a stream could not be kept; trying again"),
        }
        tokio::time::sleep(RETRY).await;
    }
    written
}
