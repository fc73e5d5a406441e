//! The plots that there are of what a filter finds.

use crate::columns::{self, Column, Kind};
use crate::texts::plots as say;

/// What a plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    /// Tweets over time, in parts by a column or not.
    Volume,
    /// The most frequent values of a column.
    Top,
    /// Which part of the tweets each value of a column has.
    Share,
    /// Tweets by weekday and hour.
    Week,
    /// Tweets by ranges of a number.
    Spread,
    /// How many tweets the authors posted each.
    Activity,
}

impl PlotKind {
    pub const ALL: [PlotKind; 6] =
        [PlotKind::Volume, PlotKind::Top, PlotKind::Share, PlotKind::Week, PlotKind::Spread, PlotKind::Activity];

    /// As it is written in addresses and in the store.
    pub fn name(self) -> &'static str {
        match self {
            PlotKind::Volume => "volume",
            PlotKind::Top => "top",
            PlotKind::Share => "share",
            PlotKind::Week => "week",
            PlotKind::Spread => "spread",
            PlotKind::Activity => "activity",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it is called in a list of plots.
    pub fn title(self) -> &'static str {
        match self {
            PlotKind::Volume => say::volume(),
            PlotKind::Top => say::top(),
            PlotKind::Share => say::share(),
            PlotKind::Week => say::week(),
            PlotKind::Spread => say::spread(),
            PlotKind::Activity => say::activity(),
        }
    }

    /// Whether it can be of that column. A tweet may have several values of some columns: then shares do not add up.
    pub fn fits(self, column: &Column) -> bool {
        match self {
            PlotKind::Volume | PlotKind::Top => column.facet,
            PlotKind::Share => column.facet && !column.multi,
            PlotKind::Spread => matches!(column.kind, Kind::Number | Kind::Decimal),
            PlotKind::Week | PlotKind::Activity => false,
        }
    }

    /// The column that it is of unless another is chosen.
    fn usual(self) -> Option<&'static Column> {
        match self {
            PlotKind::Top => columns::find("hashtag"),
            PlotKind::Share => columns::find("lang"),
            PlotKind::Spread => columns::find("likes"),
            PlotKind::Volume | PlotKind::Week | PlotKind::Activity => None,
        }
    }
}

/// A plot of a column that it can be of, or of none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plot {
    pub kind: PlotKind,
    pub column: Option<&'static Column>,
}

impl Plot {
    /// Of that column if it can be, or else of the usual one.
    pub fn new(kind: PlotKind, column: Option<&str>) -> Self {
        let column = column.and_then(columns::find).filter(|column| kind.fits(column));
        Self { kind, column: column.or(kind.usual()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_is_of_a_column_that_it_can_be_of() {
        let column = |kind, name| Plot::new(kind, Some(name)).column.map(|column| column.name);
        assert_eq!(column(PlotKind::Top, "domain"), Some("domain"));
        assert_eq!(column(PlotKind::Top, "text"), Some("hashtag"));
        assert_eq!(column(PlotKind::Share, "hashtag"), Some("lang"), "shares of hashtags do not add up");
        assert_eq!(column(PlotKind::Spread, "engagement"), Some("engagement"));
        assert_eq!(column(PlotKind::Volume, "nonsense"), None);
        assert_eq!(column(PlotKind::Week, "lang"), None);
        for kind in PlotKind::ALL {
            assert_eq!(PlotKind::from_name(kind.name()), Some(kind));
        }
    }
}
