//! Roost's index without the server around it.

use crate::{Answer, Asked, Part};
use model::columns::{self, Column};
use model::explore::{FacetValue, Sort};
use model::time::SECOND;
use model::{Filter, Timestamp, filter};
use search::{Ask, At, Index, Settings, ValuesAsk};
use serde_json::json;
use std::path::Path;

/// None of the questions asks for a time that depends on it.
const NOW: Timestamp = Timestamp(1_780_000_000 * SECOND);

pub struct Own(Index);

impl Own {
    pub fn open(dir: &Path) -> Self {
        Self(Index::open(dir, Settings { threads: crate::THREADS, ..Settings::default() }).expect("an index"))
    }

    pub fn answer(&self, asked: &Asked) -> Answer {
        let members = Filter::equals(column("collection"), "bench");
        let filter = Filter::and([members, filter::parse(&asked.filter).expect("a filter")]);
        let sort = vec![Sort { column: asked.sort.clone(), descending: true }];
        match asked.part {
            Part::Data => self.data(asked, filter, sort),
            Part::Rows => self.rows(&filter, &sort, &At::First, asked.rows),
            Part::Scroll => self.rows(&filter, &sort, &At::After(asked.cursor.clone().expect("a cursor")), asked.rows),
            Part::Total => Answer { total: Some(self.0.count(&filter, NOW).expect("a count")), ..Answer::default() },
            Part::Histogram => {
                let counts = self.0.counts(&filter, column("created"), asked.interval, NOW).expect("counts");
                let buckets = counts.iter().map(|bucket| (bucket.start.0, bucket.count)).collect();
                Answer { buckets, ..Answer::default() }
            }
            Part::Facets => asked.facets.iter().fold(Answer::default(), |mut all, name| {
                let values = self.values(&filter.without_choice(column(name)), column(name), "", asked.facet_size);
                all.facets.insert(name.clone(), pairs(&values));
                all
            }),
            Part::Values => {
                let values = self.values(&filter, column(&asked.column), &asked.containing, asked.facet_size);
                Answer { facets: [(asked.column.clone(), pairs(&values))].into_iter().collect(), ..Answer::default() }
            }
        }
    }

    fn data(&self, asked: &Asked, filter: Filter, sort: Vec<Sort>) -> Answer {
        let ask = Ask {
            filter,
            sort,
            at: At::First,
            limit: asked.rows,
            facets: asked.facets.iter().map(|name| column(name)).collect(),
            facet_size: asked.facet_size,
            split: None,
            previous: false,
            zone: &model::zone::UTC,
            now: NOW,
        };
        let answer = self.0.explore(&ask).expect("an answer");
        Answer {
            total: Some(answer.total),
            ids: answer.ids.iter().map(|id| id.0).collect(),
            facets: answer.facets.iter().map(|facet| (facet.column.clone(), pairs(&facet.values))).collect(),
            buckets: answer.histogram.buckets.iter().map(|bucket| (bucket.start.0, bucket.count)).collect(),
        }
    }

    fn rows(&self, filter: &Filter, sort: &[Sort], at: &At, limit: usize) -> Answer {
        let page = self.0.ids(filter, sort, at, limit, NOW).expect("a page");
        Answer { ids: page.ids.iter().map(|id| id.0).collect(), ..Answer::default() }
    }

    fn values(&self, filter: &Filter, column: &'static Column, containing: &str, limit: usize) -> Vec<FacetValue> {
        let (filter, containing) = (filter.clone(), containing.to_owned());
        let ask = ValuesAsk { filter, column, containing, by_name: false, limit, now: NOW };
        self.0.values(ask).expect("values").values
    }
}

fn column(name: &str) -> &'static Column {
    columns::find(name).expect("a column")
}

fn pairs(values: &[FacetValue]) -> serde_json::Value {
    json!(values.iter().map(|value| (&value.value, value.count)).collect::<Vec<_>>())
}
