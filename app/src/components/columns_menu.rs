use super::{Here, icons, query_box::hidden_fields};
use crate::erase::Erase;
use leptos::prelude::*;
use model::columns::{COLUMNS, DEFAULT_COLUMNS};

const PRESETS: [(&str, &[&str]); 4] = [
    ("Default", &DEFAULT_COLUMNS),
    ("Compact", &["created", "author", "text"]),
    ("Engagement", &["created", "text", "likes", "reposts", "replies", "quotes", "views", "engagement"]),
    (
        "Author",
        &["created", "author", "verified", "followers", "following", "author_tweets", "account_created", "text"],
    ),
];

/// The button that opens the choice of columns.
pub fn columns_button(text: String) -> AnyView {
    view! {
        <button class="quiet" type="button" popovertarget="columns" data-key="c" title="Choose columns (c)">
            {icons::columns()}
            {text}
        </button>
    }
    .erased()
}

/// The choice of columns: ready sets, and one box per column.
pub fn columns_menu(here: &Here) -> AnyView {
    let shown = here.url.shown_columns();
    let presets = PRESETS
        .into_iter()
        .map(|(name, columns)| view! { <a class="button small" href=here.url.with_columns(columns.to_vec()).href()>{name}</a> })
        .collect_view();
    let boxes = COLUMNS
        .iter()
        .map(|column| {
            view! {
                <label title=column.help>
                    <input type="checkbox" name="col" value=column.name checked=shown.contains(&column)/>
                    {column.title}
                </label>
            }
        })
        .collect_view();
    view! {
        <div id="columns" class="menu wide" popover="auto">
            <p class="menu-head"><strong>"Columns"</strong></p>
            <p class="presets">{presets}</p>
            <form method="get" action=here.url.path()>
                {hidden_fields(&here.url)}
                <input type="hidden" name="pick" value="1"/>
                <div class="boxes">{boxes}</div>
                <button class="primary" type="submit">"Show these"</button>
            </form>
        </div>
    }
    .erased()
}
