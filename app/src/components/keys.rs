use crate::erase::Erase;
use leptos::prelude::*;

const KEYS: [(&str, &str); 12] = [
    ("/", "write a filter"),
    ("j  k", "next, previous tweet"),
    ("o  Enter", "open the tweet"),
    ("Esc", "close what is open"),
    ("t", "choose the time"),
    ("c", "choose the columns"),
    ("[  ]", "previous, next page"),
    ("0", "zoom out of the histogram"),
    ("← →", "in the histogram: bar by bar"),
    ("drag", "in the histogram: zoom in"),
    ("?", "this sheet"),
    ("Tab", "through everything else"),
];

/// The sheet of keyboard shortcuts. It opens by its button without script too.
pub fn keys_sheet() -> AnyView {
    let rows = KEYS
        .into_iter()
        .map(|(keys, what)| {
            let keys = keys.split("  ").map(|key| view! { <kbd>{key}</kbd> }).collect_view();
            view! {
                <div>
                    <dt>{keys}</dt>
                    <dd>{what}</dd>
                </div>
            }
        })
        .collect_view();
    view! {
        <dialog id="keys" class="sheet" popover="auto" aria-labelledby="keys-title">
            <h2 id="keys-title">"Keyboard shortcuts"</h2>
            <dl class="keys">{rows}</dl>
            <button type="button" popovertarget="keys" popovertargetaction="hide">"Close"</button>
        </dialog>
    }
    .erased()
}
