use super::{Here, columns_menu::columns_button, icons};
use crate::erase::Erase;
use crate::format;
use leptos::prelude::*;
use model::{columns::COLUMNS, explore::ExplorePage};

/// Which rows these are, and the way to the others.
pub fn pager(here: &Here, page: &ExplorePage) -> AnyView {
    let range = page.first_position.map(|first| {
        let last = first + (page.rows.len() as u64).saturating_sub(1);
        format!("{}–{} of {}", format::grouped(first), format::grouped(last), format::grouped(page.total))
    });
    let is_first = page.first_position.is_none_or(|first| first == 1) && here.url.after.is_none();
    let first = (!is_first).then(|| view! { <a href=here.url.first_page().href()>"First page"</a> });
    let previous = page.previous.clone().map(|cursor| here.url.page_before(cursor).href());
    let next = page.next.clone().map(|cursor| here.url.page_after(cursor).href());
    let columns = format!("{} of {} columns", here.url.shown_columns().len(), COLUMNS.len());
    view! {
        <footer class="foot">
            <nav class="pager" aria-label="Pages">
                {step(previous, "Previous page", "[", icons::chevron_left())}
                <span class="range">{range}</span>
                {step(next, "Next page", "]", icons::chevron_right())}
                {first}
            </nav>
            <span class="spacer"></span>
            <span class="hidden-note">"some columns wait for more width"</span>
            {columns_button(columns)}
            <span title="All times are in Coordinated Universal Time">"UTC"</span>
        </footer>
    }
    .erased()
}

fn step(href: Option<String>, label: &'static str, key: &'static str, icon: AnyView) -> AnyView {
    let title = format!("{label} ({key})");
    match href {
        Some(href) => view! { <a class="step" href=href aria-label=label title=title data-key=key>{icon}</a> }.erased(),
        None => view! { <span class="step" aria-hidden="true">{icon}</span> }.erased(),
    }
}
