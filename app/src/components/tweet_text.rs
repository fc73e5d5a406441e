use super::Here;
use crate::erase::Erase;
use crate::text::{Piece, What, marked, pieces, searched_words, segments};
use leptos::prelude::*;
use model::{Filter, Tweet, columns};

/// The text of a tweet: its tags filter, its links lead out, what the filter looks for is marked. Only text nodes.
pub fn tweet_text(here: &Here, tweet: &Tweet) -> AnyView {
    let words = searched_words(&here.filter);
    let parts = segments(&tweet.text, &tweet.entities)
        .into_iter()
        .map(|segment| match segment.what {
            What::Plain => marked_text(segment.text, &words),
            What::Tag { column, value } => match columns::find(column) {
                Some(column) => {
                    let filter = here.filter.clone().with(Filter::equals(column, value.to_lowercase()));
                    let text = marked_text(segment.text, &words);
                    view! { <a class="tag-link" href=here.filtered(&filter)>{text}</a> }.erased()
                }
                None => marked_text(segment.text, &words),
            },
            What::Link { href, shown } => outside_link(href, shown),
        })
        .collect_view();
    view! { <bdi dir="auto" class="tweet-text">{parts}</bdi> }.erased()
}

/// A link to a web page that this site does not vouch for. The caller has checked that it is one.
pub fn outside_link(href: &str, shown: &str) -> AnyView {
    view! {
        <a class="outside" href=href.to_owned() title=href.to_owned() rel="noopener noreferrer nofollow" target="_blank">
            {plain(shown)}
        </a>
    }
    .erased()
}

/// A text from strangers, in a direction of its own.
pub fn foreign(text: &str) -> AnyView {
    view! { <bdi dir="auto">{plain(text)}</bdi> }.erased()
}

fn marked_text(text: &str, words: &[(String, bool)]) -> AnyView {
    if words.is_empty() {
        return plain(text);
    }
    let part = |(part, is_match): (&str, bool)| match is_match {
        true => view! { <mark>{plain(part)}</mark> }.erased(),
        false => plain(part),
    };
    marked(text, words).into_iter().map(part).collect_view().erased()
}

/// Text with its hidden signs made visible.
fn plain(text: &str) -> AnyView {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.to_owned().erased(),
        Piece::Control(name) => {
            view! { <span class="control-sign" title="A hidden control sign">{name}</span> }.erased()
        }
    };
    match pieces(text).as_slice() {
        [Piece::Text(whole)] => (*whole).to_owned().erased(),
        _ => pieces(text).into_iter().map(piece).collect_view().erased(),
    }
}
