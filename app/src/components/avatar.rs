use crate::markup::{Element, el};
use model::Pid;

/// The first digits of a pseudonym on a ground of its own colour.
pub fn avatar(pid: Pid, large: bool) -> Element {
    let letters = pid.short().chars().take(2).collect::<String>().to_ascii_uppercase();
    let class = format!("avatar hue-{}{}", pid.0[15] % 10, if large { " large" } else { "" });
    el("span").class(class).attr("aria-hidden", "true").add(letters)
}
