//! A line of the stream, and pages of them.

use crate::pipeline::Page;
use model::{CollectionId, Timestamp, TweetId};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// For whom a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub schedule: i64,
    pub collection: CollectionId,
    pub run: i64,
}

/// The routes of what matches a rule of X, by its id.
pub(super) type Routes = HashMap<String, Vec<Route>>;

/// A line as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// None where it is not understood.
    pub id: Option<TweetId>,
    pub at: Timestamp,
    pub routes: Arc<[Route]>,
    pub json: Vec<u8>,
}

#[derive(Deserialize)]
struct Post<'l> {
    #[serde(borrow)]
    data: Data<'l>,
    #[serde(borrow, default)]
    matching_rules: Vec<Matched<'l>>,
}

#[derive(Deserialize)]
struct Data<'l> {
    #[serde(borrow)]
    id: Cow<'l, str>,
}

#[derive(Deserialize)]
struct Matched<'l> {
    #[serde(borrow)]
    id: Cow<'l, str>,
}

impl Line {
    /// A post for those whose rules it matches; none if it is for others only.
    pub fn post(json: Vec<u8>, at: Timestamp, routes: &Routes) -> Option<Self> {
        // A page is text, and one line that is none would spoil it for all.
        let read = std::str::from_utf8(&json).ok().and_then(|text| serde_json::from_str::<Post<'_>>(text).ok());
        let Some(Post { data, matching_rules }) = read else { return Self::odd(json, at, routes) };
        let mut of_line: Vec<Route> =
            matching_rules.iter().filter_map(|rule| routes.get(rule.id.as_ref())).flatten().copied().collect();
        of_line.sort_unstable_by_key(|route| route.schedule);
        of_line.dedup_by_key(|route| route.schedule);
        let id = data.id.parse().ok();
        (!of_line.is_empty()).then(|| Self { id, at, routes: of_line.into(), json })
    }

    /// What is not understood goes to the quarantine, by the schedule that is there longest.
    pub fn odd(json: Vec<u8>, at: Timestamp, routes: &Routes) -> Option<Self> {
        let first = routes.values().flatten().min_by_key(|route| route.schedule)?;
        Some(Self { id: None, at, routes: [*first].into(), json })
    }
}

/// The lines as pages of the log: for each schedule a list of its lines, each as it came. What is not understood is a page
/// by itself.
pub(super) fn pages(lines: &[Line]) -> Vec<Page> {
    let mut lists: BTreeMap<i64, Page> = BTreeMap::new();
    let mut odd = Vec::new();
    for line in lines {
        for route in &*line.routes {
            let Route { schedule, collection, run } = *route;
            let page = |body| Page { collection, schedule, run, observed_at: line.at, body };
            if line.id.is_none() {
                odd.push(page(line.json.clone()));
                continue;
            }
            let body = &mut lists.entry(schedule).or_insert_with(|| page(Vec::new())).body;
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(&line.json);
        }
    }
    let lists = lists.into_values().map(|mut page| {
        page.body.push(b']');
        page
    });
    lists.chain(odd).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_seconds(1_790_000_000);

    /// Tweets are numbered from here on.
    const FIRST: u64 = 1_992_240_117_330_288_640;

    fn route(schedule: i64) -> Route {
        Route { schedule, collection: CollectionId(schedule), run: schedule + 100 }
    }

    fn routes() -> Routes {
        HashMap::from([("11".to_owned(), vec![route(1)]), ("12".to_owned(), vec![route(1), route(2)])])
    }

    fn post(id: u64, rules: &[&str]) -> Vec<u8> {
        let rules: Vec<_> = rules.iter().map(|id| serde_json::json!({ "id": id, "tag": "" })).collect();
        let data = serde_json::json!({ "id": (FIRST + id).to_string(), "text": format!("no {id} 🌙") });
        serde_json::json!({ "data": data, "matching_rules": rules }).to_string().into_bytes()
    }

    #[test]
    fn a_line_is_for_those_whose_rules_it_matches() {
        let of = |rules: &[&str]| {
            let line = Line::post(post(7, rules), AT, &routes());
            line.map(|line| line.routes.iter().map(|route| route.schedule).collect::<Vec<_>>())
        };
        assert_eq!(of(&["11"]), Some(vec![1]));
        assert_eq!(of(&["12", "11"]), Some(vec![1, 2]), "each once");
        assert_eq!((of(&["13"]), of(&[])), (None, None), "the rules of others");
        assert_eq!(Line::post(b"{\"data\":{}}".to_vec(), AT, &Routes::new()), None, "nobody is there");
    }

    #[test]
    fn a_page_of_lines_is_read_as_their_tweets_and_what_is_odd_spoils_none() {
        let odd = b"{\"data\":{\"id\":\"8\",\"text\":\"\xff\"},\"matching_rules\":[{\"id\":\"11\"}]}".to_vec();
        let lines = [post(5, &["12"]), odd.clone(), post(6, &["11"]), post(6, &["11"])];
        let lines: Vec<Line> = lines.into_iter().map(|json| Line::post(json, AT, &routes()).unwrap()).collect();
        let pages = pages(&lines);
        let ids = |page: &Page| {
            let decoded = process::decode_page(&page.body, AT).unwrap();
            decoded.batch.tweets.iter().map(|tweet| tweet.tweet.id.0 - FIRST).collect::<Vec<_>>()
        };
        assert_eq!((pages.len(), ids(&pages[0]), ids(&pages[1])), (3, vec![5, 6, 6], vec![5]));
        assert_eq!((pages[0].schedule, pages[0].run, pages[1].collection), (1, 101, CollectionId(2)));
        assert_eq!((pages[2].schedule, &pages[2].body), (1, &odd));
    }
}
