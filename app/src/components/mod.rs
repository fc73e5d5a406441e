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
pub mod export_menu;
pub mod facet;
pub mod fields;
pub mod frame;
pub mod gate;
pub mod headline;
pub mod histogram;
pub mod icons;
pub mod keys;
pub mod load;
pub mod pager;
pub mod query_box;
pub mod scripts;
pub mod skeleton;
pub mod table;
pub mod time;
pub mod time_button;
pub mod tweet_card;
pub mod tweet_text;
pub mod views_menu;

use crate::url::ExploreUrl;
use model::{Filter, Timestamp, explore::Sort};

/// Where the user is: what the parts need to make their links.
#[derive(Clone, Debug)]
pub struct Here {
    /// The URL, with a filter that can be read.
    pub url: ExploreUrl,
    pub filter: Filter,
    /// The time that the page speaks of as now.
    pub now: Timestamp,
}

impl Here {
    /// The link to the same place with another filter.
    pub fn filtered(&self, filter: &Filter) -> String {
        self.url.with_filter(filter).href()
    }

    /// The link to the same place in another order.
    pub fn sorted(&self, column: &str, descending: bool) -> String {
        self.url.with_sort(Sort { column: column.to_owned(), descending }).href()
    }
}
