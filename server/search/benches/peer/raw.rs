//! tantivy alone: its own queries, collectors and aggregations, on the fields that Roost's index has.
//!
//! Facets take tantivy's default of ten times the wanted values from each segment: of many segments, counts of columns
//! with many values may be too low. Roost's are exact.

use crate::{Answer, Asked, Condition, Part, THREADS};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::sort_key::SortByStaticFastValue;
use tantivy::collector::{Collector, Count, MultiCollector, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, FastFieldRangeQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Index, IndexWriter, Order, Searcher, Term};

/// Memory of the writer that merges: it writes no documents.
const MERGE_MEMORY: usize = 15 << 20;

pub struct Raw(Searcher);

type Found = Vec<((Option<i64>, Option<u64>), DocAddress)>;

impl Raw {
    pub fn open(dir: &Path) -> Self {
        let mut index = Index::open_in_dir(dir).expect("an index");
        index.set_multithread_executor(THREADS).expect("threads");
        Self(index.reader().expect("a reader").searcher())
    }

    /// The same tweets in one segment, in another folder. What is there already is taken for it.
    pub fn merged(dir: &Path, scratch: &Path) -> Self {
        if scratch.exists() {
            return Self::open(scratch);
        }
        std::fs::create_dir_all(scratch).expect("a folder");
        for file in std::fs::read_dir(dir).expect("a folder").map(|file| file.expect("a file")) {
            std::fs::copy(file.path(), scratch.join(file.file_name())).expect("copied");
        }
        let index = Index::open_in_dir(scratch).expect("an index");
        let mut writer: IndexWriter = index.writer_with_num_threads(1, MERGE_MEMORY).expect("a writer");
        let segments = index.searchable_segment_ids().expect("segments");
        if segments.len() > 1 {
            writer.merge(&segments).wait().expect("merged");
            writer.garbage_collect_files().wait().expect("old segments removed");
        }
        writer.wait_merging_threads().expect("ended");
        Self::open(scratch)
    }

    pub fn segments(&self) -> usize {
        self.0.segment_readers().len()
    }

    pub fn answer(&self, asked: &Asked) -> Answer {
        let query = self.query(&asked.conditions);
        match asked.part {
            Part::Data => self.data(asked, &*query),
            Part::Rows => Answer { ids: ids(&self.search(&*query, &top(asked, 0))), ..Answer::default() },
            Part::Scroll => Answer { ids: ids(&self.search(&*query, &top(asked, asked.rows))), ..Answer::default() },
            Part::Total => Answer { total: Some(self.search(&*query, &Count) as u64), ..Answer::default() },
            Part::Histogram => {
                let found = self.aggregate(&*query, json!({ "bars": bars(asked.interval) }));
                Answer { buckets: buckets(&found), ..Answer::default() }
            }
            Part::Facets => Answer { facets: self.facets(asked, &asked.facets), ..Answer::default() },
            Part::Values => {
                let mut terms = terms(&asked.column, asked.facet_size);
                terms["terms"]["include"] = json!(format!("{}.*", asked.containing));
                let found = self.aggregate(&*query, json!({ &asked.column: terms }));
                Answer { facets: counted(&found, std::slice::from_ref(&asked.column)), ..Answer::default() }
            }
        }
    }

    /// All that needs the whole question in one pass, then the facets that leave a choice out.
    fn data(&self, asked: &Asked, query: &dyn Query) -> Answer {
        let (whole, others): (Vec<String>, Vec<String>) =
            asked.facets.iter().cloned().partition(|name| without(&asked.conditions, name) == asked.conditions);
        let mut wanted = facets_request(&whole, asked.facet_size);
        wanted["bars"] = bars(asked.interval);
        let mut all = MultiCollector::new();
        let rows = all.add_collector(top(asked, 0));
        let count = all.add_collector(Count);
        let aggregations = all.add_collector(aggregations(wanted));
        let mut found = self.search(query, &all);
        let results = serde_json::to_value(aggregations.extract(&mut found)).expect("results");
        let mut facets = counted(&results, &whole);
        facets.extend(self.facets(asked, &others));
        Answer {
            total: Some(count.extract(&mut found) as u64),
            ids: ids(&rows.extract(&mut found)),
            facets,
            buckets: buckets(&results),
        }
    }

    /// Facets, those over the same conditions in one pass.
    fn facets(&self, asked: &Asked, names: &[String]) -> serde_json::Map<String, Value> {
        let mut passes: Vec<(Vec<Condition>, Vec<String>)> = Vec::new();
        for name in names {
            let conditions = without(&asked.conditions, name);
            match passes.iter_mut().find(|(known, _)| *known == conditions) {
                Some((_, names)) => names.push(name.clone()),
                None => passes.push((conditions, vec![name.clone()])),
            }
        }
        let counts = passes.into_iter().map(|(conditions, names)| {
            let wanted = facets_request(&names, asked.facet_size);
            counted(&self.aggregate(&*self.query(&conditions), wanted), &names)
        });
        counts.flatten().collect()
    }

    fn search<C: Collector>(&self, query: &dyn Query, collector: &C) -> C::Fruit {
        self.0.search(query, collector).expect("found")
    }

    fn aggregate(&self, query: &dyn Query, wanted: Value) -> Value {
        serde_json::to_value(self.search(query, &aggregations(wanted))).expect("results")
    }

    fn query(&self, conditions: &[Condition]) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for condition in conditions {
            clauses.push(match condition {
                Condition::Words(words) => (Occur::Must, self.words(words)),
                Condition::Any(column, values) => {
                    let any = values.iter().map(|value| (Occur::Should, self.term(column, value))).collect();
                    (Occur::Must, Box::new(BooleanQuery::new(any)))
                }
                Condition::Not(column, value) => (Occur::MustNot, self.term(column, value)),
                Condition::Range(column, from, to) => (Occur::Must, self.range(column, *from, *to)),
            });
        }
        match clauses.len() {
            0 => Box::new(AllQuery),
            _ => Box::new(BooleanQuery::new(clauses)),
        }
    }

    fn words(&self, words: &[String]) -> Box<dyn Query> {
        match words {
            [word] => self.term("text", word),
            _ => Box::new(PhraseQuery::new(words.iter().map(|word| self.text_term("text", word)).collect())),
        }
    }

    fn term(&self, column: &str, value: &str) -> Box<dyn Query> {
        Box::new(TermQuery::new(self.text_term(column, value), IndexRecordOption::Basic))
    }

    fn text_term(&self, column: &str, value: &str) -> Term {
        Term::from_field_text(self.0.schema().get_field(column).expect("a field"), value)
    }

    fn range(&self, column: &str, from: Option<i64>, to: Option<i64>) -> Box<dyn Query> {
        let field = self.0.schema().get_field(column).expect("a field");
        let term = |number: i64| Term::from_field_i64(field, number);
        let from = from.map_or(Bound::Unbounded, |from| Bound::Included(term(from)));
        let to = to.map_or(Bound::Unbounded, |to| Bound::Excluded(term(to)));
        Box::new(FastFieldRangeQuery::new(from, to))
    }
}

/// What a facet of that column is counted over: all but the values chosen of it.
fn without(conditions: &[Condition], column: &str) -> Vec<Condition> {
    let stays = |condition: &&Condition| !matches!(condition, Condition::Any(name, _) if name == column);
    conditions.iter().filter(stays).cloned().collect()
}

fn top(asked: &Asked, offset: usize) -> impl Collector<Fruit = Found> {
    let by_column = SortByStaticFastValue::<i64>::for_field(&asked.sort);
    let by_id = SortByStaticFastValue::<u64>::for_field("id");
    let order = ((by_column, Order::Desc), (by_id, Order::Desc));
    TopDocs::with_limit(asked.rows).and_offset(offset).order_by(order)
}

fn ids(rows: &Found) -> Vec<u64> {
    rows.iter().filter_map(|((_, id), _)| *id).collect()
}

fn aggregations(wanted: Value) -> AggregationCollector {
    let wanted: Aggregations = serde_json::from_value(wanted).expect("aggregations");
    AggregationCollector::from_aggs(wanted, AggContextParams::default())
}

fn bars(interval: i64) -> Value {
    json!({ "histogram": { "field": "created", "interval": interval as f64, "min_doc_count": 1 } })
}

fn terms(column: &str, size: usize) -> Value {
    json!({ "terms": { "field": column, "size": size } })
}

fn facets_request(names: &[String], size: usize) -> Value {
    json!(names.iter().map(|name| (name.clone(), terms(name, size))).collect::<BTreeMap<_, _>>())
}

fn found_in(results: &Value, name: &str) -> Vec<Value> {
    results[name]["buckets"].as_array().cloned().unwrap_or_default()
}

fn counted(results: &Value, names: &[String]) -> serde_json::Map<String, Value> {
    let pairs = |name| found_in(results, name).iter().map(|one| json!([one["key"], one["doc_count"]])).collect();
    names.iter().map(|name| (name.clone(), Value::Array(pairs(name)))).collect()
}

fn buckets(results: &Value) -> Vec<(i64, u64)> {
    let bucket = |one: &Value| (one["key"].as_f64().unwrap_or(0.0) as i64, one["doc_count"].as_u64().unwrap_or(0));
    found_in(results, "bars").iter().map(bucket).collect()
}
