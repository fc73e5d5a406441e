//! The parts of the pages: functions from what they show to a view, one file each.

pub mod all_values;
pub mod avatar;
pub mod cell;
pub mod chips;
pub mod column_menu;
pub mod columns_menu;
pub mod completions;
pub mod detail;
pub mod empty;
pub mod error_panel;
pub mod facet;
pub mod fields;
pub mod frame;
pub mod go_to;
pub mod headline;
pub mod held;
pub mod histogram;
pub mod icons;
pub mod keys;
pub mod load;
pub mod pager;
pub mod query_box;
pub mod rails;
pub mod scripts;
pub mod selection;
pub mod skeleton;
pub mod sort_note;
pub mod split;
pub mod table;
pub mod time;
pub mod time_button;
pub mod title_row;
pub mod tweet_card;
pub mod tweet_text;
pub mod views_button;

use crate::url::ExploreUrl;
use model::columns::{Column, Format};
use model::explore::{ExploreQuery, MOST_SORTS, Sort};
use model::filter::{self, FilterError};
use model::{Filter, Pid, Timestamp};
use std::collections::BTreeMap;

/// Where the user is: what the parts need to make their links.
#[derive(Clone, Debug, PartialEq)]
pub struct Here {
    /// The URL, with a filter that can be read: as long as the one that is written cannot, the one before it.
    pub url: ExploreUrl,
    pub filter: Filter,
    /// The filter as the URL has it.
    pub written: String,
    /// The same as somebody in the zone of the page writes it.
    pub typed: String,
    /// Why it cannot be read.
    pub error: Option<FilterError>,
    /// What the server is asked for: the URL, without what only changes the view.
    pub asked: ExploreQuery,
    /// The authors that the filter names by handle, as far as the answer has told.
    pub handles: BTreeMap<String, Pid>,
    /// The time that the page speaks of as now.
    pub now: Timestamp,
}

impl Here {
    /// At this URL, after having been somewhere before. What the answer tells is not known yet.
    pub fn at(url: ExploreUrl, before: Option<&Here>) -> Self {
        let written = url.q.clone();
        let typed = filter::for_typing(&written);
        let (handles, now) = Default::default();
        match filter::parse(&written) {
            Ok(filter) => Self { asked: url.query(), url, filter, written, typed, error: None, handles, now },
            Err(error) => {
                let before = before.filter(|before| before.url.collection == url.collection);
                let filter = before.map(|before| before.filter.clone()).unwrap_or_default();
                let asked = before.map_or_else(|| url.query(), |before| before.asked.clone());
                Self { asked, url: url.with_filter(&filter), filter, written, typed, error: Some(error), handles, now }
            }
        }
    }

    /// How the filter writes a value: an author by handle, if it names that author so.
    pub fn in_filter<'a>(&'a self, column: &Column, value: &'a str) -> &'a str {
        let is_named = |(_, pid): &(&String, &Pid)| pid.to_string() == value;
        match column.format {
            Format::Author => self.handles.iter().find(is_named).map_or(value, |(handle, _)| handle),
            _ => value,
        }
    }

    /// The link to the same place with another filter.
    pub fn filtered(&self, filter: &Filter) -> String {
        self.url.with_filter(filter).href()
    }

    /// The link to the same place in another order.
    pub fn sorted(&self, column: &str, descending: bool) -> String {
        self.url.with_sort(vec![Sort { column: column.to_owned(), descending }]).href()
    }

    /// How the rows are ordered by a column: the number of its key from 1, and whether the highest come first.
    pub fn sorted_by(&self, column: &Column) -> Option<(usize, bool)> {
        let order = self.url.order();
        let place = order.iter().position(|key| key.column == column.name)?;
        Some((place + 1, order[place].descending))
    }

    /// The direction in which a click orders by a column: numbers and times with the highest first, words from A, and
    /// what it is ordered by already the other way round.
    pub fn next_direction(&self, column: &Column) -> bool {
        self.sorted_by(column).map_or(column.ordered(), |(_, descending)| !descending)
    }

    /// The link to where the column is one more key of the order, the least; or, if it is one, turned round. A fourth
    /// takes the place of the third.
    pub fn also_sorted(&self, column: &Column) -> String {
        let mut order = self.url.sort.clone();
        let key = Sort { column: column.name.to_owned(), descending: self.next_direction(column) };
        match order.iter().position(|other| other.column == column.name) {
            Some(place) => order[place] = key,
            None => {
                order.truncate(MOST_SORTS - 1);
                order.push(key);
            }
        }
        self.url.with_sort(order).href()
    }

    /// The link to where the column is no key of the order.
    pub fn not_sorted(&self, column: &Column) -> String {
        let kept = self.url.sort.iter().filter(|key| key.column != column.name).cloned();
        self.url.with_sort(kept.collect()).href()
    }

    /// Whether tweets that come would be at the top of this page.
    pub fn shows_newest(&self) -> bool {
        self.url == self.url.first_page().with_sort(Vec::new()).with_tweet(self.url.tweet)
    }

    /// Where the newest tweets are: the first page in the usual order.
    pub fn newest(&self) -> String {
        self.url.first_page().with_sort(Vec::new()).href()
    }
}
