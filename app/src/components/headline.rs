use super::{Here, time::time_ago};
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::explore::ExplorePage;

/// How much was found, and how far it can be trusted.
pub fn headline(here: &Here, page: &ExplorePage) -> AnyView {
    let (number, noun) = (format::grouped(page.total), if page.total == 1 { "tweet" } else { "tweets" });
    let authors = (page.authors > 0).then(|| format!("by {}", format::counted(page.authors, "author", "authors")));
    let newest = page.newest.map(|newest| view! { <span>"newest "{time_ago(newest, here.now)}</span> });
    let answered = format::stamp(page.answered_at);
    view! {
        <div class="headline">
            <div role="status">
                <h2>
                    <span class="total">{number}" "{noun}</span>
                    " "
                    <span class="authors">{authors}</span>
                </h2>
            </div>
            <p class="trust">
                <span class="good" title=format!("Counted over all tweets of the collection, {answered}")>"exact"</span>
                {newest}
            </p>
        </div>
    }
    .erased()
}
