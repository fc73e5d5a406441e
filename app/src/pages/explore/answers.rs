//! Who answers what the page asks: in the browser the server functions, on the server what was [`Prepared`].

use super::state::Opened;
use crate::api::Shared;
use crate::error::AppError;
use model::explore::{ExplorePage, ExploreQuery, TweetDetail};

#[cfg(feature = "ssr")]
pub use on_server::{Prepared, load_detail, load_page};

#[cfg(not(feature = "ssr"))]
pub async fn load_page(query: ExploreQuery) -> Result<Shared<ExplorePage>, AppError> {
    model::filter::parse(&query.filter).map_err(|error| AppError::Filter(error, None))?;
    crate::api::explore::load_explore(query).await.map(Shared::new)
}

#[cfg(not(feature = "ssr"))]
pub async fn load_detail(opened: Opened) -> Result<Option<TweetDetail>, AppError> {
    match opened {
        Some((collection, id)) => crate::api::tweets::load_tweet(collection, id).await.map(Some),
        None => Ok(None),
    }
}

#[cfg(feature = "ssr")]
mod on_server {
    use super::{AppError, ExplorePage, ExploreQuery, Opened, Shared, TweetDetail};
    use crate::api::ssr::refused;
    use crate::components::Here;
    use crate::url::ExploreUrl;
    use leptos::prelude::use_context;
    use model::account::CurrentUser;
    use service::Service;

    /// The answers to what an explore page asks, had before the page is drawn. The server puts them into the context.
    ///
    /// A drawing that waits for answers goes wrong once in some thousand times: docs/decisions/004-prepared-answers.md.
    #[derive(Clone)]
    pub struct Prepared {
        page: Result<Shared<ExplorePage>, AppError>,
        detail: Result<Option<TweetDetail>, AppError>,
    }

    impl Prepared {
        /// For this user at `/c/{collection}?{search}`.
        pub async fn new(service: &Service, user: &CurrentUser, collection: &str, search: &str) -> Self {
            let here = Here::at(ExploreUrl::parse(collection, search), None);
            let page = crate::api::explore::page(service, user, &here.asked).await.map(Shared::new);
            let detail = match here.url.tweet {
                Some(id) => crate::api::tweets::detail(service, user, collection, id).await.map(Some),
                None => Ok(None),
            };
            Self { page, detail }
        }

        fn in_context() -> Result<Self, AppError> {
            use_context().ok_or(AppError::Unavailable)
        }
    }

    pub async fn load_page(_: ExploreQuery) -> Result<Shared<ExplorePage>, AppError> {
        Prepared::in_context().and_then(|answers| answers.page).map_err(|error| match error {
            // The page explains it, and is as good as any other.
            AppError::Filter(..) => error,
            error => refused(error),
        })
    }

    pub async fn load_detail(_: Opened) -> Result<Option<TweetDetail>, AppError> {
        Prepared::in_context().and_then(|answers| answers.detail).map_err(refused)
    }
}
