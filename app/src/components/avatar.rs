use crate::erase::Erase;
use leptos::prelude::*;
use model::Pid;

/// The first digits of a pseudonym on a ground of its own colour.
pub fn avatar(pid: Pid, large: bool) -> AnyView {
    let letters = pid.short().chars().take(2).collect::<String>().to_uppercase();
    let class = format!("avatar hue-{}{}", pid.0[15] % 10, if large { " large" } else { "" });
    view! { <span class=class aria-hidden="true">{letters}</span> }.erased()
}
