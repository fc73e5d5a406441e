//! The state of the explore page is its URL: read here, written here, and nowhere else.

mod edit;
mod encoding;
pub mod widths;

pub use encoding::{encode, pairs};

use model::columns::{self, Column, DEFAULT_COLUMNS, Format};
use model::explore::{ExploreQuery, MOST_SORTS, Sort};
use model::filter::DateValue;
use model::{Filter, TweetId, zone};

/// What the explore page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExploreUrl {
    /// Slug of the collection.
    pub collection: String,
    /// The filter as written; it may be none.
    pub q: String,
    /// Conditions that are switched off: kept at hand, without effect.
    pub off: Vec<String>,
    /// The order of the rows, the first key counting most; empty for the newest first.
    pub sort: Vec<Sort>,
    /// The column that the histogram is divided by.
    pub split: Option<&'static Column>,
    /// Whether the histogram is compared with the time before.
    pub previous: bool,
    /// Names of the columns, empty for the default ones.
    pub columns: Vec<&'static str>,
    /// Columns that are wider or narrower than usual.
    pub widths: widths::Widths,
    /// Those of the shown columns that stay at the left, in their order.
    pub pinned: Vec<&'static str>,
    /// Those whose cells have bars, in their order.
    pub bars: Vec<&'static str>,
    pub after: Option<String>,
    pub before: Option<String>,
    /// Number of the first row to show, where it is not next to a cursor.
    pub row: Option<u64>,
    /// The time whose rows to begin with, where the order is by time.
    pub at: Option<DateValue>,
    /// The tweet whose details are open.
    pub tweet: Option<TweetId>,
    /// The saved view that was opened; the rest may have been changed since.
    pub view: Option<i64>,
}

impl ExploreUrl {
    /// The first page of a collection.
    pub fn of(collection: impl Into<String>) -> Self {
        Self { collection: collection.into(), ..Self::default() }
    }

    /// Reads a query string. What is unknown or makes no sense is left out.
    ///
    /// The form that chooses columns adds fields that change the rest: they are applied, so that the URL works
    /// without JavaScript too.
    pub fn parse(collection: &str, search: &str) -> Self {
        let mut url = Self::of(collection);
        let pairs = encoding::pairs(search);
        for (key, value) in &pairs {
            match key.as_str() {
                "q" => value.trim().clone_into(&mut url.q),
                "off" if !value.trim().is_empty() => url.off.push(value.trim().to_owned()),
                "sort" => url.sort = usual(value.split(',').filter_map(parse_sort).collect()),
                "split" => url.split = columns::find(value).filter(|column| column.facet),
                "previous" => url.previous = value == "1",
                "cols" => (url.columns, url.widths) = widths::parse(value),
                "pin" => url.pinned = known_names(&mut value.split(',')),
                "bars" => url.bars = known_names(&mut value.split(',')),
                "after" => url.after = Some(value.clone()).filter(|value| !value.is_empty()),
                "before" => url.before = Some(value.clone()).filter(|value| !value.is_empty()),
                "row" => url.row = value.parse().ok().filter(|row| *row > 1),
                "at" => url.at = DateValue::parse(value).filter(|at| matches!(at, DateValue::Calendar { .. })),
                "tweet" => url.tweet = value.parse().ok(),
                "view" => url.view = value.parse().ok(),
                _ => {}
            }
        }
        // Only then it is known which columns are shown.
        url = Self { pinned: url.pinnable(&url.pinned), bars: url.barred(&url.bars), ..url };
        edit::apply(&mut url, &pairs);
        url
    }

    /// Whether a form was sent: then [`ExploreUrl::href`] says the same more simply.
    pub fn is_edit(search: &str) -> bool {
        encoding::pairs(search).iter().any(|(key, _)| edit::KEYS.contains(&key.as_str()))
    }

    /// The query string without `?`; defaults are left out.
    pub fn query_string(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut put = |key: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{key}={}", encode(value)));
            }
        };
        put("q", &self.q);
        self.off.iter().for_each(|condition| put("off", condition));
        put("sort", &self.sort.iter().map(print_sort).collect::<Vec<_>>().join(","));
        put("split", self.split.map_or("", |column| column.name));
        put("previous", if self.previous { "1" } else { "" });
        put("cols", &widths::print(&self.columns, &self.widths));
        put("pin", &self.pinned.join(","));
        put("bars", &self.bars.join(","));
        put("after", self.after.as_deref().unwrap_or_default());
        put("before", self.before.as_deref().unwrap_or_default());
        put("row", &self.row.map(|row| row.to_string()).unwrap_or_default());
        put("at", &self.at.map(|at| at.to_string()).unwrap_or_default());
        put("view", &self.view.map(|id| id.to_string()).unwrap_or_default());
        put("tweet", &self.tweet.map(|id| id.to_string()).unwrap_or_default());
        parts.join("&")
    }

    /// What a saved view keeps of it: the filter, the order and the columns.
    pub fn view_query(&self) -> String {
        self.first_page().with_view(None).query_string()
    }

    /// The path of the page, without its query.
    pub fn path(&self) -> String {
        format!("/c/{}", encode(&self.collection))
    }

    /// The link to it.
    pub fn href(&self) -> String {
        match self.query_string() {
            query if query.is_empty() => self.path(),
            query => format!("{}?{query}", self.path()),
        }
    }

    /// The link to a sheet about it; `more` are further fields of the query.
    pub fn sheet(&self, name: &str, more: &str) -> String {
        let query = self.query_string();
        let joint = if query.is_empty() || more.is_empty() { "" } else { "&" };
        format!("{}/{name}?{query}{joint}{more}", self.path())
    }

    /// What to ask the server for its rows.
    pub fn query(&self) -> ExploreQuery {
        ExploreQuery {
            collection: self.collection.clone(),
            filter: self.q.clone(),
            sort: self.sort.clone(),
            after: self.after.clone(),
            before: self.before.clone(),
            row: self.row,
            at: self.at.map(|at| at.to_string()),
            split: self.split.map(|column| column.name.to_owned()),
            previous: self.previous,
            view: self.view,
            zone: zone::current().name.to_string(),
        }
    }

    /// The names of the columns to show, in the order that was chosen.
    pub fn names(&self) -> &[&'static str] {
        if self.columns.is_empty() { &DEFAULT_COLUMNS } else { &self.columns }
    }

    /// The columns to show, in their order: first those that are pinned.
    pub fn shown_columns(&self) -> Vec<&'static Column> {
        let mut names = self.names().to_vec();
        // Those that come first keep their order, and the others theirs.
        names.sort_by_key(|name| !self.pinned.contains(name));
        names.iter().filter_map(|name| columns::find(name)).collect()
    }

    /// Those of the shown columns that may stay at the left.
    fn pinnable(&self, wanted: &[&'static str]) -> Vec<&'static str> {
        self.those_shown(wanted, |_| true, MOST_PINS)
    }

    /// Those of the shown columns whose cells may have bars.
    fn barred(&self, wanted: &[&'static str]) -> Vec<&'static str> {
        self.those_shown(wanted, may_have_bars, usize::MAX)
    }

    fn those_shown(&self, wanted: &[&'static str], fits: fn(&Column) -> bool, most: usize) -> Vec<&'static str> {
        let mut names = self.names().to_vec();
        names.retain(|name| wanted.contains(name) && columns::find(name).is_some_and(fits));
        names.truncate(most);
        names
    }

    /// With another filter, on its first page.
    #[must_use]
    pub fn with_filter(&self, filter: &Filter) -> Self {
        self.with_text(filter.to_string())
    }

    /// With another text for the filter, on its first page.
    #[must_use]
    pub fn with_text(&self, q: String) -> Self {
        Self { q, ..self.at_first_row() }
    }

    /// Without conditions, those that are switched off included.
    #[must_use]
    pub fn without_all_conditions(&self) -> Self {
        Self { off: Vec::new(), ..self.with_text(String::new()) }
    }

    /// With a condition switched off that was the rest of `filter`.
    #[must_use]
    pub fn with_off(&self, condition: &Filter, rest: &Filter) -> Self {
        let mut url = self.with_filter(rest);
        url.off.push(condition.to_string());
        url
    }

    /// Without the switched-off condition at that place; `filter` is what holds then.
    #[must_use]
    pub fn without_off(&self, index: usize, filter: &Filter) -> Self {
        let mut url = self.with_filter(filter);
        if index < url.off.len() {
            url.off.remove(index);
        }
        url
    }

    /// The order of the rows, with its keys.
    pub fn order(&self) -> Vec<Sort> {
        if self.sort.is_empty() { vec![Sort::default()] } else { self.sort.clone() }
    }

    /// In another order, on its first page.
    #[must_use]
    pub fn with_sort(&self, sort: Vec<Sort>) -> Self {
        Self { sort: usual(sort), ..self.at_first_row() }
    }

    /// Ordered by time, from the same time on.
    #[must_use]
    pub fn by_time(&self) -> Self {
        Self { at: self.at, ..self.with_sort(Vec::new()) }
    }

    /// From the first row on.
    fn at_first_row(&self) -> Self {
        Self { before: None, after: None, row: None, at: None, ..self.clone() }
    }

    /// With the histogram divided by this column, or by none.
    #[must_use]
    pub fn with_split(&self, split: Option<&'static Column>) -> Self {
        Self { split, ..self.clone() }
    }

    /// With the histogram compared with the time before, or not.
    #[must_use]
    pub fn with_previous(&self, previous: bool) -> Self {
        Self { previous, ..self.clone() }
    }

    /// With these columns.
    #[must_use]
    pub fn with_columns(&self, names: Vec<&'static str>) -> Self {
        let columns = canonical(names);
        let url = Self { widths: widths::kept(self.widths.clone(), &columns), columns, ..self.clone() };
        Self { pinned: url.pinnable(&self.pinned), bars: url.barred(&self.bars), ..url }
    }

    /// With a column pinned at the left, or no more.
    #[must_use]
    pub fn with_pinned(&self, column: &'static str, is_pinned: bool) -> Self {
        Self { pinned: self.pinnable(&with(&self.pinned, column, is_pinned)), ..self.clone() }
    }

    /// With bars in the cells of a column, or without.
    #[must_use]
    pub fn with_bars(&self, column: &'static str, has_bars: bool) -> Self {
        Self { bars: self.barred(&with(&self.bars, column, has_bars)), ..self.clone() }
    }

    /// With another width of a column in pixels, or its usual one.
    #[must_use]
    pub fn with_width(&self, column: &'static str, width: Option<u16>) -> Self {
        Self { widths: widths::with(&self.widths, column, width), ..self.clone() }
    }

    /// With the details of this tweet, or with none.
    #[must_use]
    pub fn with_tweet(&self, tweet: Option<TweetId>) -> Self {
        Self { tweet, ..self.clone() }
    }

    /// As what became of this saved view.
    #[must_use]
    pub fn with_view(&self, view: Option<i64>) -> Self {
        Self { view, ..self.clone() }
    }

    /// On the page after this cursor.
    #[must_use]
    pub fn page_after(&self, cursor: String) -> Self {
        Self { after: Some(cursor), ..self.first_page() }
    }

    /// On the page before this cursor.
    #[must_use]
    pub fn page_before(&self, cursor: String) -> Self {
        Self { before: Some(cursor), ..self.first_page() }
    }

    /// On the first page.
    #[must_use]
    pub fn first_page(&self) -> Self {
        Self { tweet: None, ..self.at_first_row() }
    }
}

/// Columns that are pinned at most: more would leave nothing to scroll.
pub const MOST_PINS: usize = 3;

/// Whether bars in its cells would say something.
pub fn may_have_bars(column: &Column) -> bool {
    matches!(column.format, Format::Count | Format::Percent)
}

fn with(names: &[&'static str], name: &'static str, is_in: bool) -> Vec<&'static str> {
    let mut names = names.to_vec();
    names.retain(|other| *other != name);
    names.extend(is_in.then_some(name));
    names
}

/// The keys that count, each column once; empty for the usual order.
fn usual(mut sort: Vec<Sort>) -> Vec<Sort> {
    let mut seen: Vec<String> = Vec::new();
    sort.retain(|key| {
        let is_new = !seen.contains(&key.column);
        seen.push(key.column.clone());
        is_new
    });
    sort.truncate(MOST_SORTS);
    if sort == [Sort::default()] { Vec::new() } else { sort }
}

/// `-likes` is by likes, the highest first.
fn parse_sort(text: &str) -> Option<Sort> {
    let (name, descending) = match text.strip_prefix('-') {
        Some(name) => (name, true),
        None => (text, false),
    };
    let column = columns::find(name).filter(|column| column.sortable)?;
    Some(Sort { column: column.name.to_owned(), descending })
}

fn print_sort(sort: &Sort) -> String {
    format!("{}{}", if sort.descending { "-" } else { "" }, sort.column)
}

/// The known ones among the names, each once; none for the default ones.
fn column_names<'a>(mut names: impl Iterator<Item = &'a str>) -> Vec<&'static str> {
    canonical(known_names(&mut names))
}

/// The known ones among the names, each once.
fn known_names(names: &mut dyn Iterator<Item = &str>) -> Vec<&'static str> {
    let mut known: Vec<&'static str> = Vec::new();
    for column in names.filter_map(columns::find) {
        if !known.contains(&column.name) {
            known.push(column.name);
        }
    }
    known
}

fn canonical(names: Vec<&'static str>) -> Vec<&'static str> {
    if names == DEFAULT_COLUMNS { Vec::new() } else { names }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use proptest::prelude::*;

    fn any_url() -> impl Strategy<Value = ExploreUrl> {
        let sortable: Vec<&str> = columns::COLUMNS.iter().filter(|column| column.sortable).map(|c| c.name).collect();
        let names: Vec<&'static str> = columns::COLUMNS.iter().map(|column| column.name).collect();
        let count = names.len();
        let columns = proptest::sample::subsequence(names, 0..=count).prop_shuffle();
        let sort = proptest::collection::vec((proptest::sample::select(sortable), any::<bool>()), 0..=MOST_SORTS);
        let facets: Vec<&'static Column> = columns::COLUMNS.iter().filter(|column| column.facet).collect();
        let bars = (proptest::option::of(proptest::sample::select(facets)), any::<bool>());
        let cursor = proptest::option::of("\\PC{1,20}");
        let q = ("\\PC{0,60}", proptest::collection::vec("[a-z:]{1,9}", 0..3));
        (
            "[a-zäß宇0-9-]{1,20}",
            q,
            (sort, bars),
            (
                columns,
                proptest::collection::vec((any::<proptest::sample::Index>(), any::<u16>()), 0..3),
                proptest::collection::vec(any::<proptest::sample::Index>(), 0..5),
            ),
            cursor.clone(),
            cursor,
            (
                proptest::option::of(any::<u64>()),
                proptest::option::of(2..u64::MAX),
                proptest::option::of(0_i64..1 << 50),
            ),
            proptest::option::of(any::<i64>()),
        )
            .prop_map(
                |(
                    collection,
                    (q, off),
                    (sort, (split, previous)),
                    (columns, wide, looks),
                    after,
                    before,
                    (tweet, row, at),
                    view,
                )| {
                    let url = ExploreUrl {
                        collection,
                        q: q.trim().to_owned(),
                        off,
                        sort: usual(
                            sort.into_iter()
                                .map(|(column, descending)| Sort { column: column.to_owned(), descending })
                                .collect(),
                        ),
                        split,
                        previous,
                        widths: {
                            let columns = canonical(columns.clone());
                            let shown = if columns.is_empty() { DEFAULT_COLUMNS.to_vec() } else { columns };
                            let wide = wide.into_iter().map(|(at, width)| (*at.get(&shown), width));
                            wide.fold(Vec::new(), |widths, (name, width)| widths::with(&widths, name, Some(width)))
                        },
                        columns: canonical(columns),
                        pinned: Vec::new(),
                        bars: Vec::new(),
                        after,
                        before,
                        row,
                        at: at.map(|at| DateValue::moment(Timestamp(at))),
                        tweet: tweet.map(|id| TweetId(id >> 1)),
                        view,
                    };
                    looks.iter().fold(url, |url, at| {
                        let name = *at.get(url.names());
                        url.with_pinned(name, true).with_bars(name, true)
                    })
                },
            )
    }

    proptest! {
        #[test]
        fn a_url_is_read_as_it_was_written(url in any_url()) {
            prop_assert_eq!(ExploreUrl::parse(&url.collection, &url.query_string()), url);
        }

        #[test]
        fn any_text_is_read_without_fear(search in "\\PC{0,80}") {
            let url = ExploreUrl::parse("c", &search);
            prop_assert_eq!(ExploreUrl::parse("c", &url.query_string()), url);
        }
    }

    #[test]
    fn defaults_are_left_out_and_the_rest_is_readable() {
        assert_eq!(ExploreUrl::of("airline").href(), "/c/airline");
        let url =
            ExploreUrl::parse("airline", "sort=-created&cols=created,author,text,lang,likes,reposts,replies,views");
        assert_eq!(url.href(), "/c/airline");
        let url = ExploreUrl::parse(
            "airline",
            "tweet=5&cols=text,from,nothing,text&sort=-likes&q=from:nasa+likes%3E%3D50&utm=x",
        );
        assert_eq!(url.href(), "/c/airline?q=from:nasa+likes%3E%3D50&sort=-likes&cols=text,author&tweet=5");
    }

    #[test]
    fn another_filter_begins_at_the_first_page_and_keeps_the_columns() {
        let url = ExploreUrl::parse("a", "cols=text&after=x&tweet=1").with_text("moon".into());
        assert_eq!(url.href(), "/c/a?q=moon&cols=text&tweet=1");
        assert_eq!(ExploreUrl::parse("a", "after=x").with_sort(vec![Sort::default()]).href(), "/c/a");
        let two = "sort=-likes,created,-likes,nothing";
        assert_eq!(ExploreUrl::parse("a", two).href(), "/c/a?sort=-likes,created");
    }

    #[test]
    fn pinned_columns_come_first_and_go_with_their_column() {
        let url = ExploreUrl::parse(
            "a",
            "pin=lang,author,nothing,source&bars=likes,text&cols=created,text,author,likes,lang",
        );
        let shown = |url: &ExploreUrl| url.shown_columns().iter().map(|column| column.name).collect::<Vec<_>>();
        assert_eq!(shown(&url), ["author", "lang", "created", "text", "likes"]);
        assert_eq!(url.href(), "/c/a?cols=created,text,author,likes,lang&pin=author,lang&bars=likes");
        assert_eq!(shown(&url.with_pinned("author", false)), ["lang", "created", "text", "author", "likes"]);
        let without = url.with_columns(vec!["text", "lang"]);
        assert_eq!((without.pinned, without.bars), (vec!["lang"], vec![]));
    }

    #[test]
    fn a_percent_sign_is_not_decoded_twice() {
        let url = ExploreUrl::of("a").with_text("100%25 \"a+b\" #x".into());
        assert_eq!(ExploreUrl::parse("a", &url.query_string()).q, "100%25 \"a+b\" #x");
    }
}
