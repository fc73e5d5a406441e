//! How a file writes what programs and people read differently: times and decimal numbers.

use crate::{Error, zones};
use model::Timestamp;
use model::columns::{Column, Kind, Value};
use model::export::{ExportFormat, ExportQuery};
use model::zone::Zone;

/// Between the values of a column that has several.
const BETWEEN: &str = "; ";
pub const UTC: &str = "UTC";

/// How values are written.
#[derive(Clone, Debug)]
pub enum Look {
    /// As the filter language reads them.
    Exact,
    /// For people, in their time zone and with their decimal sign.
    People { zone: &'static Zone, decimal_comma: bool },
}

impl Look {
    /// What the format is for decides it.
    ///
    /// # Errors
    /// `Invalid` if there is no such time zone.
    pub fn of(query: &ExportQuery) -> Result<Self, Error> {
        let name = if query.zone.is_empty() { UTC } else { &query.zone };
        let zone = zones::find(name).ok_or_else(|| Error::Invalid(no_zone(name)))?;
        Ok(match query.format {
            ExportFormat::Csv => Look::People { zone, decimal_comma: query.decimal_comma },
            ExportFormat::Xlsx => Look::People { zone, decimal_comma: false },
            _ => Look::Exact,
        })
    }

    /// The name of the zone in which it writes times.
    pub fn zone_name(&self) -> &str {
        match self {
            Look::Exact => UTC,
            Look::People { zone, .. } => &zone.name,
        }
    }

    pub fn decimal_comma(&self) -> bool {
        matches!(self, Look::People { decimal_comma: true, .. })
    }

    /// The head of a column: that of times tells their zone.
    pub fn head(&self, column: &Column, name: &str) -> String {
        match self {
            Look::People { zone, .. } if column.kind == Kind::Date => format!("{name} ({})", zone.name),
            _ => name.to_owned(),
        }
    }

    /// The moment that reads in UTC as this one does in the zone.
    pub fn local(&self, at: Timestamp) -> Timestamp {
        match self {
            Look::Exact => at,
            Look::People { zone, .. } => zone.civil(at),
        }
    }

    /// The values of a row in a column; empty without any.
    pub fn text(&self, row: &model::Row, column: &Column) -> String {
        let mut text = String::new();
        let mut is_first = true;
        (column.values)(row, &mut |value| {
            if !is_first {
                text.push_str(BETWEEN);
            }
            is_first = false;
            text.push_str(&self.one(value));
        });
        text
    }

    /// A value.
    pub fn one(&self, value: Value<'_>) -> String {
        match value {
            Value::Text(text) => text.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Decimal(number) if self.decimal_comma() => number.to_string().replace('.', ","),
            Value::Decimal(number) => number.to_string(),
            Value::Id(id) => id.to_string(),
            Value::Date(at) => match self {
                Look::Exact => at.to_rfc3339(),
                // Spreadsheets know this for a time, and no other way of writing it in every language.
                Look::People { .. } => self.local(at).format("%Y-%m-%d %H:%M:%S"),
            },
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
        }
    }
}

fn no_zone(name: &str) -> String {
    model::texts::refusals::no_zone(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_its_zone_in_summer_and_winter() {
        let zone = |zone: &str| Look::of(&ExportQuery { zone: zone.into(), ..Default::default() });
        let at = |text| Timestamp::parse_rfc3339(text).unwrap();
        let berlin = zone("Europe/Berlin").unwrap();
        assert_eq!(berlin.one(Value::Date(at("2026-01-31T23:30:00Z"))), "2026-02-01 00:30:00");
        assert_eq!(berlin.one(Value::Date(at("2026-07-31T22:30:00Z"))), "2026-08-01 00:30:00");
        assert_eq!(zone("").unwrap().one(Value::Date(at("2026-07-31T22:30:00Z"))), "2026-07-31 22:30:00");
        assert!(zone("Mars/Olympus").unwrap_err().to_string().contains("no time zone \"Mars/Olympus\""));
    }
}
