use super::error_panel::error_panel;
use crate::api::Answer;
use crate::markup::Element;
use leptos::prelude::*;
use std::sync::Arc;

/// Shows what a resource holds: a skeleton until it first holds something, then always the newest; an error if
/// that came. `pending` is set while it loads anew.
pub fn load<T: Send + Sync + 'static>(
    resource: Answer<T>,
    pending: RwSignal<bool>,
    skeleton: fn() -> Vec<Element>,
    body: impl Fn(&T) -> Vec<Element> + Send + Sync + 'static,
) -> impl IntoView {
    let shown = move || {
        resource.with(|answer| match answer {
            None => skeleton(),
            Some(Ok(value)) => body(value),
            Some(Err(error)) => vec![error_panel(error)],
        })
    };
    transition(Arc::new(shown), pending, skeleton)
}

/// Apart from [`load`], so that it is compiled once. What `shown` reads first decides how long the skeleton stays.
pub fn transition(
    shown: Arc<dyn Fn() -> Vec<Element> + Send + Sync>,
    pending: RwSignal<bool>,
    skeleton: fn() -> Vec<Element>,
) -> impl IntoView {
    // Nothing is pending on the server, and what would set it there may run when the page is already gone.
    #[cfg(feature = "ssr")]
    let (view, _) = (view! { <Transition fallback=skeleton>{move || shown()}</Transition> }, pending);
    #[cfg(not(feature = "ssr"))]
    let view = view! { <Transition fallback=skeleton set_pending=pending>{move || shown()}</Transition> };
    view
}
