//! Is a generated world like the real one? To be asked before its benchmarks count.

mod laws;
mod measure;
mod rows;
mod seen;

use std::fmt;

use measure::{Measure, Repeats};

use crate::pages::each_page;
use crate::{Corpus, Profile, Transport, World};

/// Duplicates are counted in a world of at most this many tweets.
const FAULTY: u64 = 50_000;

/// One property: what it should be and what it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub what: String,
    pub target: String,
    pub found: String,
    /// None if there are too few tweets to say.
    pub ok: Option<bool>,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.ok {
            Some(true) => "ok",
            Some(false) => "NOT ok",
            None => "too few tweets",
        };
        write!(f, "{:<34} {:>22} {:>12}  {verdict}", self.what, self.target, self.found)
    }
}

/// Generates the tweets of `world`, reads them back and compares them with published figures. The demo has no such
/// targets: nothing is checked of it but its shares.
///
/// # Errors
/// When what was written cannot be read.
pub fn check(world: &World) -> anyhow::Result<Vec<Row>> {
    let corpus = Corpus::new(world.clone());
    let mut whole = Measure::default();
    each_page(&corpus, Transport::Clean, |page| whole.page(page))?;
    let small = Corpus::new(World { tweets: world.tweets.min(FAULTY), ..world.clone() });
    let mut repeats = Repeats::default();
    each_page(&small, Transport::Faulty, |page| repeats.page(page))?;
    let mut rows = rows::shares(&whole);
    rows.extend(rows::transport(&whole, &repeats));
    if world.profile != Profile::Demo {
        rows.extend(rows::sizes(&mut whole, world.profile));
        rows.extend(rows::words(&whole));
        rows.extend(rows::people(&whole));
        rows.push(rows::hostile(&whole));
        rows.push(rows::canaries(&corpus)?);
    }
    Ok(rows)
}
