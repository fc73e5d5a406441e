//! Everything that one view of the table shows, from few passes over the matching documents.

use crate::Settings;
use crate::ask::{Answer, Ask, At, IdPage};
use crate::counts;
use crate::cursor::{Key, MOST_KEYS, Order};
use crate::error::{Result, SearchError};
use crate::facets::{self, Counts, Wanted};
use crate::histogram::{self, histogram};
use crate::matches::{self, Matches, in_parallel};
use crate::page::{self, Page, Rows};
use crate::query::{Compiler, created_limits};
use crate::schema::{Layout, column};
use crate::seek;
use crate::values::{First, ValuesAsk};
use crate::view::View;
use model::columns::{self, Column, Kind};
use model::explore::{Bucket, Facet, FacetValue, Histogram, Part, SPLIT_SIZE, Sort, Split, ValuesPage};
use model::filter::{Choice, facet_test};
use model::{Filter, Timestamp, TweetId};
use tantivy::query::Query;

/// What a search works with.
pub(crate) struct Desk<'a> {
    pub view: &'a View,
    pub layout: &'a Layout,
    pub settings: Settings,
}

/// A piece of work of its own.
enum Task {
    Page,
    Histogram,
    Authors,
    /// The facet of that column, counted over the matches of the filter of that number.
    Facet {
        place: usize,
        column: &'static Column,
        filter: usize,
    },
}

/// What comes of it.
enum Done {
    Page(Page),
    Histogram(Histogram, Option<Timestamp>),
    Authors(u64),
    /// Its place in the answer, and the number of authors where it tells that too.
    Facet(usize, Facet, Option<u64>),
}

impl Desk<'_> {
    pub fn explore(&self, ask: &Ask) -> Result<Answer> {
        let page_ask = PageAsk { order: order(&ask.sort)?, at: &ask.at, limit: ask.limit };
        let (filters, tasks) = plan(ask)?;
        let found = self.matches(&filters, ask.now)?;
        let done = in_parallel(self.threads(), tasks.len(), |number| match tasks[number] {
            Task::Page => Ok(Done::Page(self.page(&found[0], &page_ask)?)),
            Task::Histogram => {
                let limits = created_limits(&ask.filter, ask.now);
                let (mut histogram, newest) = histogram(self.view, &found[0], limits, ask.zone)?;
                histogram.split = ask.split.map(|column| self.split(ask, column, &found[0], &histogram)).transpose()?;
                if ask.previous {
                    histogram.previous = self.previous(ask, &histogram)?;
                }
                Ok(Done::Histogram(histogram, newest))
            }
            Task::Authors => Ok(Done::Authors(self.count_words(&found[0], column("author"))?.distinct())),
            Task::Facet { place, column, filter } => self.facet(ask, place, column, &found[filter]),
        })?;
        Ok(answer(found[0].total, done, &page_ask))
    }

    pub fn ids(&self, filter: &Filter, ask: &PageAsk<'_>, now: Timestamp) -> Result<IdPage> {
        let found = self.matches(std::slice::from_ref(filter), now)?;
        let page = self.page(&found[0], ask)?;
        let (first_position, previous, next) = around(&page, ask);
        Ok(IdPage { ids: ids_of(&page), total: found[0].total, first_position, next, previous })
    }

    pub fn count(&self, filter: &Filter, now: Timestamp) -> Result<u64> {
        let query = self.compiler(now).filter(filter)?;
        Ok(query.count(&self.view.searcher)? as u64)
    }

    pub fn counts(&self, filter: &Filter, column: &Column, width: i64, now: Timestamp) -> Result<Vec<Bucket>> {
        let found = self.matches(std::slice::from_ref(filter), now)?;
        counts::counts(self.view, &found[0], column, width)
    }

    pub fn values(&self, ask: ValuesAsk) -> Result<ValuesPage> {
        check_countable(ask.column)?;
        let found = self.matches(std::slice::from_ref(&ask.filter), ask.now)?;
        let (found, column) = (&found[0], ask.column);
        let mut first = First::new(ask);
        if column.kind == Kind::Flag {
            let wanted = Wanted { size: 2, filter: &Filter::All };
            facets::flag_facet(self.view, found, column, wanted)?
                .values
                .into_iter()
                .for_each(|value| first.offer(value));
        } else {
            self.count_words(found, column)?.for_each_word(self.view, column, |value| first.offer(value))?;
        }
        Ok(first.page(found.total))
    }

    pub fn matches(&self, filters: &[Filter], now: Timestamp) -> Result<Vec<Matches>> {
        let compiler = self.compiler(now);
        let queries: Vec<Box<dyn Query>> =
            filters.iter().map(|filter| compiler.filter(filter)).collect::<Result<_>>()?;
        matches::find_all(&queries, self.view, self.threads())
    }

    fn compiler(&self, now: Timestamp) -> Compiler<'_> {
        Compiler { layout: self.layout, searcher: &self.view.searcher, now }
    }

    fn facet(&self, ask: &Ask, place: usize, column: &'static Column, found: &Matches) -> Result<Done> {
        let wanted = Wanted { size: ask.facet_size, filter: &ask.filter };
        if column.kind == Kind::Flag {
            return Ok(Done::Facet(place, facets::flag_facet(self.view, found, column, wanted)?, None));
        }
        let counts = self.count_words(found, column)?;
        let mut facet = counts.facet(self.view, column, found, wanted)?;
        if column.multi {
            self.count_excluded(ask, column, &mut facet)?;
        }
        let authors = authors_in_facet(ask, column).then_some(facet.distinct);
        Ok(Done::Facet(place, facet, authors))
    }

    /// The histogram divided by the most frequent values of the column.
    fn split(&self, ask: &Ask, column: &'static Column, found: &Matches, whole: &Histogram) -> Result<Split> {
        check_countable(column)?;
        let wanted = Wanted { size: SPLIT_SIZE, filter: &Filter::All };
        let facet = match column.kind {
            Kind::Flag => facets::flag_facet(self.view, found, column, wanted)?,
            _ => self.count_words(found, column)?.facet(self.view, column, found, wanted)?,
        };
        let mut rest = ask.filter.clone();
        let mut parts = Vec::with_capacity(facet.values.len());
        for FacetValue { value, .. } in facet.values {
            let test = facet_test(column, &value);
            let found = self.matches(&[rest.clone().with(test.clone())], ask.now)?;
            parts.push(Part { value, buckets: histogram::buckets(self.view, &found[0], whole, (ask.zone, 0))? });
            rest = rest.with(test.negate());
        }
        Ok(Split { column: column.name.to_owned(), parts })
    }

    /// The buckets of the same length of time before.
    fn previous(&self, ask: &Ask, whole: &Histogram) -> Result<Vec<Bucket>> {
        let length = whole.to - whole.from;
        if length == 0 {
            return Ok(Vec::new());
        }
        let earlier = ask.filter.with_span(column("created"), Timestamp(whole.from.0 - length), whole.from);
        let found = self.matches(&[earlier], ask.now)?;
        histogram::buckets(self.view, &found[0], whole, (ask.zone, -length))
    }

    /// An exclusion counts for the other values of its column; the excluded one shows what giving it up would bring.
    fn count_excluded(&self, ask: &Ask, column: &'static Column, facet: &mut Facet) -> Result<()> {
        for value in &mut facet.values {
            if ask.filter.choice(column, &value.value) == Choice::Excluded {
                let freed = ask.filter.toggled(column, &value.value).without_choice(column);
                value.count = self.count(&freed.narrowed(column, &value.value), ask.now)?;
            }
        }
        facets::sort(&mut facet.values);
        Ok(())
    }

    /// The page; the nearest one if no row lies at its place any more.
    fn page(&self, found: &Matches, ask: &PageAsk<'_>) -> Result<Page> {
        let order = &ask.order;
        let (from, backwards) = match ask.at {
            At::First | At::Number(0 | 1) => (None, false),
            At::Time { start, end } => (order.before_time(*start, *end), false),
            At::After(cursor) => (Some(order.parse(cursor)?), false),
            At::Before(cursor) => (Some(order.parse(cursor)?), true),
            At::Number(number) => match seek::nth(self.view, found, order, number - 2, self.settings.few)? {
                None => (None, true),
                before => (before, false),
            },
        };
        let rows = Rows { order, from, backwards, limit: ask.limit };
        let page = page::find(self.view, found, &rows)?;
        if page.rows.is_empty() && found.total > 0 {
            return page::find(self.view, found, &Rows { from: None, backwards: !backwards, ..rows });
        }
        Ok(page)
    }

    pub fn count_words(&self, found: &Matches, column: &'static Column) -> Result<Counts> {
        facets::count_words(self.view, found, column)
    }

    pub fn threads(&self) -> usize {
        if self.view.searcher.num_docs() < self.settings.few { 1 } else { self.settings.threads }
    }
}

fn check_countable(column: &Column) -> Result<()> {
    if column.facet && facets::is_countable(column) {
        return Ok(());
    }
    Err(SearchError::WrongColumn { column: column.name.to_owned(), what: "counted by value" })
}

/// Whether this facet tells the number of authors: it is counted over all that the filter finds.
fn authors_in_facet(ask: &Ask, column: &'static Column) -> bool {
    column.name == "author" && ask.filter.without_choice(column) == ask.filter
}

/// The filters to search by, the whole one first, and the work to do on what they find, longest first.
fn plan(ask: &Ask) -> Result<(Vec<Filter>, Vec<Task>)> {
    let mut filters = vec![ask.filter.clone()];
    let mut tasks = Vec::new();
    if !ask.facets.iter().any(|column| authors_in_facet(ask, column)) {
        tasks.push(Task::Authors);
    }
    for (place, column) in ask.facets.iter().copied().enumerate() {
        check_countable(column)?;
        let reduced = ask.filter.without_choice(column);
        let number = filters.iter().position(|filter| *filter == reduced).unwrap_or(filters.len());
        if number == filters.len() {
            filters.push(reduced);
        }
        tasks.push(Task::Facet { place, column, filter: number });
    }
    tasks.extend([Task::Histogram, Task::Page]);
    tasks
        .sort_by_key(|task| !matches!(task, Task::Authors | Task::Facet { column: Column { name: "author", .. }, .. }));
    Ok((filters, tasks))
}

fn answer(total: u64, done: Vec<Done>, page_ask: &PageAsk<'_>) -> Answer {
    let mut answer = Answer {
        ids: Vec::new(),
        total,
        authors: 0,
        newest: None,
        first_position: None,
        next: None,
        previous: None,
        facets: Vec::new(),
        histogram: Histogram::default(),
    };
    let mut facets = Vec::new();
    for done in done {
        match done {
            Done::Page(page) => {
                (answer.first_position, answer.previous, answer.next) = around(&page, page_ask);
                answer.ids = ids_of(&page);
            }
            Done::Histogram(histogram, newest) => (answer.histogram, answer.newest) = (histogram, newest),
            Done::Authors(authors) => answer.authors = authors,
            Done::Facet(place, facet, authors) => {
                answer.authors = authors.unwrap_or(answer.authors);
                facets.push((place, facet));
            }
        }
    }
    facets.sort_unstable_by_key(|(place, _)| *place);
    answer.facets = facets.into_iter().map(|(_, facet)| facet).collect();
    answer
}

/// The page that is wanted.
pub(crate) struct PageAsk<'a> {
    pub order: Order,
    pub at: &'a At,
    pub limit: usize,
}

/// # Errors
/// If a column cannot be sorted by, or there are more than [`MOST_KEYS`].
pub(crate) fn order(sort: &[Sort]) -> Result<Order> {
    let key = |sort: &Sort| {
        let column = columns::find(&sort.column).filter(|column| column.sortable);
        let column =
            column.ok_or_else(|| SearchError::WrongColumn { column: sort.column.clone(), what: "sorted by" })?;
        Ok(Key { column, descending: sort.descending })
    };
    let mut keys = sort.iter().map(key).collect::<Result<Vec<_>>>()?;
    if let Some(one_more) = keys.get(MOST_KEYS) {
        return Err(SearchError::WrongColumn { column: one_more.column.name.to_owned(), what: "a fourth to sort by" });
    }
    if keys.is_empty() {
        keys.push(Key { column: column("created"), descending: true });
    }
    Ok(Order { keys })
}

fn ids_of(page: &Page) -> Vec<TweetId> {
    page.rows.iter().map(|row| TweetId(row.id)).collect()
}

/// Number of the first row, cursor of the previous page, cursor of the next page.
fn around(page: &Page, ask: &PageAsk<'_>) -> (Option<u64>, Option<String>, Option<String>) {
    let first_position = (!page.rows.is_empty()).then_some(page.before + 1);
    let previous = page.rows.first().filter(|_| page.before > 0).map(|row| ask.order.print(row));
    let next = page.rows.last().filter(|_| page.after > 0).map(|row| ask.order.print(row));
    (first_position, previous, next)
}
