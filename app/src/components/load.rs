use super::error_panel::error_panel;
use crate::erase::Erase;
use crate::error::AppError;
use leptos::prelude::*;
use std::sync::Arc;

type Answer<T> = Resource<Result<T, AppError>>;

/// Shows what a resource holds: a skeleton until it first holds something, then always the newest; an error if
/// that came. `pending` is set while it loads anew.
pub fn load<T: Send + Sync + 'static>(
    resource: Answer<T>,
    pending: RwSignal<bool>,
    skeleton: fn() -> AnyView,
    body: impl Fn(&T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let shown = move || {
        resource.with(|answer| match answer {
            None => None,
            Some(Ok(value)) => Some(body(value)),
            Some(Err(error)) => Some(error_panel(error)),
        })
    };
    transition(Arc::new(shown), pending, skeleton)
}

/// Apart from [`load`], so that it is compiled once.
fn transition(
    shown: Arc<dyn Fn() -> Option<AnyView> + Send + Sync>,
    pending: RwSignal<bool>,
    skeleton: fn() -> AnyView,
) -> AnyView {
    view! {
        <Transition fallback=skeleton set_pending=pending>
            {move || shown()}
        </Transition>
    }
    .erased()
}
