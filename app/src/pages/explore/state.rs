//! What the explore page is made of: where the user is, the question that follows from it, and the last answer.

use crate::api::{Answer, Shared, ask};
use crate::browser::newer::{self, Since};
use crate::browser::{grid::Picked, rows::Rows};
use crate::components::{Here, held::Held};
use crate::error::AppError;
use crate::markup::Element;
use crate::settings::Settings;
use leptos::prelude::*;
use model::TweetId;
use model::explore::{ExplorePage, ExploreQuery, TweetDetail};
use model::texts::errors;

/// The tweet whose details are wanted, in which collection.
pub type Opened = Option<(String, TweetId)>;

/// The last page that was answered.
pub type Shown = Memo<Option<Shared<ExplorePage>>>;

// Every type of signal brings code of its own: there are no more of them than needed.
#[derive(Clone, Copy)]
pub struct State {
    /// Where the user is, for links; without the time of the answer.
    pub here: Memo<Here>,
    pub page: Answer<Shared<ExplorePage>>,
    /// The last answer that was no error: it stays when the next one fails.
    pub shown: Shown,
    pub detail: Answer<Option<TweetDetail>>,
    /// The rows that are held, which may be others than those of the page.
    pub rows: Rows,
    /// The rows that somebody has chosen.
    pub picked: Picked,
    /// What has changed since the answer.
    pub since: RwSignal<Since>,
    pub settings: Settings,
}

impl State {
    pub fn new<P, D>(
        here: Memo<Here>,
        load_page: impl Fn(ExploreQuery) -> P + Send + Sync + 'static,
        load_detail: impl Fn(Opened) -> D + Send + Sync + 'static,
    ) -> Self
    where
        P: Future<Output = Result<Shared<ExplorePage>, AppError>> + Send + 'static,
        D: Future<Output = Result<Option<TweetDetail>, AppError>> + Send + 'static,
    {
        let page = ask(move || here.with(|here| here.asked.clone()), load_page);
        let opened = |here: &Here| here.url.tweet.map(|id| (here.url.collection.clone(), id));
        let detail = ask(move || here.with(opened), load_detail);
        let shown = last_good(here, page);
        Self {
            here,
            page,
            shown,
            detail,
            rows: Rows::new(here),
            picked: RwSignal::new(Vec::new()),
            since: newer::watch(move || told(here, page)),
            settings: Settings::in_context(),
        }
    }

    /// The title of the collection, or its slug until that is known.
    pub fn name(&self) -> String {
        let title = self.shown.with(|page| page.as_ref().map(|page| page.collection.title.clone()));
        let title = title.or_else(|| match self.failure()? {
            AppError::Filter(_, title) => title,
            AppError::NotFound(_) => Some(errors::no_collection().to_owned()),
            _ => None,
        });
        title.unwrap_or_else(|| self.here.with(|here| here.url.collection.clone()))
    }

    /// A part that shows the last page; nothing as long as there is none.
    pub fn on_page(&self, part: impl FnOnce(&Here, &ExplorePage) -> Vec<Element>) -> Vec<Element> {
        self.perhaps_on_page(|here, page| page.map(|page| part(here, page)).unwrap_or_default())
    }

    /// A part that does without a page, too.
    pub fn perhaps_on_page(&self, part: impl FnOnce(&Here, Option<&ExplorePage>) -> Vec<Element>) -> Vec<Element> {
        // The transition around it waits for what is read within it, and not for what a memo reads.
        self.page.with(|_| ());
        let mut here = self.here.get();
        self.shown.with(|page| {
            if let Some(page) = page {
                here.now = page.answered_at;
                here.handles.clone_from(&page.handles);
            }
            part(&here, page.as_deref())
        })
    }

    /// The rows to show with the last page.
    pub fn held(&self) -> Option<Held> {
        let held = self.rows.held.get();
        self.shown.with(|page| {
            let page = page.as_ref()?;
            Some(if held.is_of(page) { held } else { Held::of(page) })
        })
    }

    /// Why the last answer is none.
    pub fn failure(&self) -> Option<AppError> {
        self.page.with(|answer| answer.as_ref()?.as_ref().err().cloned())
    }

    /// Whether there is something shown that is not what the URL asks for.
    pub fn is_stale(&self) -> bool {
        let has_failed = self.here.with(|here| here.error.is_some()) || self.failure().is_some();
        has_failed && self.shown.with(Option::is_some)
    }
}

/// The last page of this collection that was answered.
fn last_good(here: Memo<Here>, page: Answer<Shared<ExplorePage>>) -> Shown {
    Memo::new(move |before: Option<&Option<Shared<ExplorePage>>>| {
        page.with(|answer| match answer {
            Some(Ok(page)) => Some(page.clone()),
            _ => {
                let before = before.cloned().flatten();
                before.filter(|before| here.with(|here| here.url.collection == before.collection.slug))
            }
        })
    })
}

/// What the page tells of the tweets, as long as it is the answer to its question.
fn told(here: Memo<Here>, page: Answer<Shared<ExplorePage>>) -> Option<newer::Shown> {
    let asked = here.with(|here| here.asked.clone());
    let answer = |page: &Shared<ExplorePage>| (page.total, page.answered_at);
    let (total, at) = page.with(|page| page.as_ref()?.as_ref().ok().map(answer))?;
    Some((asked, total, at))
}
