//! What the values of a column are like, and when and by whom tweets were posted.

use crate::error::Result;
use crate::explore::Desk;
use crate::facets::{self, Wanted};
use crate::matches::Matches;
use crate::reader::Reader;
use crate::schema::column;
use crate::spread;
use crate::view::View;
use model::columns::{Column, Kind};
use model::explore::Facet;
use model::stats::{Activity, ActivityGroup, ColumnStats, Week};
use model::zone::Zone;
use model::{Filter, Timestamp};
use tantivy::u64_to_i64;

/// Ends of the groups of authors by their number of tweets. Beyond the last each is ten times the one before.
const GROUPS: [u64; 6] = [1, 2, 5, 10, 20, 100];

/// Which column is wanted.
#[derive(Clone, Debug)]
pub struct StatsAsk {
    pub filter: Filter,
    pub column: &'static Column,
    /// Most frequent values wanted.
    pub top: usize,
    /// What `now` means in the filter.
    pub now: Timestamp,
}

impl Desk<'_> {
    pub fn stats(&self, ask: &StatsAsk) -> Result<ColumnStats> {
        let found = self.found(&ask.filter, ask.now)?;
        match ask.column.kind {
            Kind::Text => {
                let filled = self.count(&ask.filter.clone().with(Filter::present(ask.column)), ask.now)?;
                Ok(ColumnStats { total: found.total, filled, ..ColumnStats::default() })
            }
            Kind::Keyword | Kind::Flag => Ok(listed(self.facet_of(&found, ask)?)),
            Kind::Number | Kind::Decimal | Kind::Id | Kind::Date => {
                let sorted = sorted_values(self.view, &found, ask.column)?;
                Ok(ColumnStats {
                    total: found.total,
                    filled: sorted.len() as u64,
                    distinct: Some(sorted.chunk_by(|a, b| a == b).count() as u64),
                    top: Vec::new(),
                    spread: spread::of(&sorted, ask.column.kind),
                })
            }
        }
    }

    pub fn week(&self, filter: &Filter, zone: &Zone, now: Timestamp) -> Result<Week> {
        let found = self.found(filter, now)?;
        let mut hours = [[0; 24]; 7];
        let (mut least, mut most) = (i16::MAX, i16::MIN);
        each_value(self.view, &found, column("created"), |values| {
            for value in values {
                let at = Timestamp(u64_to_i64(*value));
                let ahead = zone.offset(at);
                (least, most) = (least.min(ahead), most.max(ahead));
                let shown = zone.civil(at);
                hours[shown.weekday()][shown.hour() as usize] += 1;
            }
        })?;
        Ok(Week { hours, ahead: (least == most).then_some(least) })
    }

    pub fn activity(&self, filter: &Filter, now: Timestamp) -> Result<Activity> {
        let found = self.found(filter, now)?;
        let counts = self.count_words(&found, column("author"))?;
        let mut groups: Vec<ActivityGroup> = Vec::new();
        for (_, tweets) in counts.all() {
            while groups.last().is_none_or(|group| group.to < tweets) {
                groups.push(next_group(&groups));
            }
            if let Some(group) = groups.iter_mut().find(|group| tweets <= group.to) {
                group.authors += 1;
                group.tweets += tweets;
            }
        }
        Ok(Activity { groups, unknown: found.total - counts.with_value() })
    }

    fn found(&self, filter: &Filter, now: Timestamp) -> Result<Matches> {
        let mut found = self.matches(std::slice::from_ref(filter), now)?;
        Ok(found.swap_remove(0))
    }

    fn facet_of(&self, found: &Matches, ask: &StatsAsk) -> Result<Facet> {
        let wanted = Wanted { size: ask.top, filter: &Filter::All };
        match ask.column.kind {
            Kind::Flag => facets::flag_facet(self.view, found, ask.column, wanted),
            _ => self.count_words(found, ask.column)?.facet(self.view, ask.column, found, wanted),
        }
    }
}

fn next_group(groups: &[ActivityGroup]) -> ActivityGroup {
    let last = groups.last().map_or(0, |group| group.to);
    let to = GROUPS.get(groups.len()).copied().unwrap_or(last.saturating_mul(10));
    ActivityGroup { from: last + 1, to, ..ActivityGroup::default() }
}

fn listed(facet: Facet) -> ColumnStats {
    ColumnStats {
        total: facet.total,
        filled: facet.total - facet.missing,
        distinct: Some(facet.distinct),
        top: facet.values,
        spread: None,
    }
}

/// The values in tantivy's order-preserving form, ascending.
fn sorted_values(view: &View, matches: &Matches, column: &Column) -> Result<Vec<u64>> {
    let mut sorted = Vec::new();
    each_value(view, matches, column, |values| sorted.extend_from_slice(values))?;
    sorted.sort_unstable();
    Ok(sorted)
}

fn each_value(view: &View, matches: &Matches, column: &Column, mut visit: impl FnMut(&[u64])) -> Result<()> {
    for (segment, docs) in matches.docs.iter().enumerate() {
        let mut reader = Reader::new(&view.cells(segment, column)?.values);
        docs.for_each_chunk(|chunk| visit(reader.read(chunk).1));
    }
    Ok(())
}
