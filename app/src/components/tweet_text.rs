use super::Here;
use crate::markup::{Content, Element, Node, el, link};
use crate::text::{Piece, What, marked, pieces, searched_words, segments};
use model::texts::cell as say;
use model::{Filter, Tweet, columns};

/// The text of a tweet: its tags filter, its links lead out, what the filter looks for is marked. Only text nodes.
pub fn tweet_text(here: &Here, tweet: &Tweet) -> Element {
    let words = searched_words(&here.filter);
    let mut parts: Vec<Node> = Vec::new();
    for segment in segments(&tweet.text, &tweet.entities) {
        match segment.what {
            What::Plain => marked_text(segment.text, &words).put(&mut parts),
            What::Tag { column, value } => match columns::find(column) {
                Some(column) => {
                    let filter = here.filter.clone().with(Filter::equals(column, value.to_lowercase()));
                    let text = marked_text(segment.text, &words);
                    link(here.filtered(&filter)).class("tag-link").add(text).put(&mut parts);
                }
                None => marked_text(segment.text, &words).put(&mut parts),
            },
            What::Link { href, shown } => outside_link(href, shown).put(&mut parts),
        }
    }
    el("bdi").attr("dir", "auto").class("tweet-text").add(parts)
}

/// A link to a web page that this site does not vouch for. The caller has checked that it is one.
pub fn outside_link(href: &str, shown: &str) -> Element {
    el("a")
        .class("outside")
        .attr("href", href.to_owned())
        .attr("title", href.to_owned())
        .attr("rel", "noopener noreferrer nofollow")
        .attr("target", "_blank")
        .add(plain(shown))
}

/// A text from strangers, in a direction of its own.
pub fn foreign(text: &str) -> Element {
    el("bdi").attr("dir", "auto").add(plain(text))
}

fn marked_text(text: &str, words: &[(String, bool)]) -> Vec<Node> {
    let part = |(part, is_match): (&str, bool)| match is_match {
        true => vec![el("mark").add(plain(part)).into()],
        false => plain(part),
    };
    marked(text, words).into_iter().flat_map(part).collect()
}

/// Text with its hidden signs made visible.
fn plain(text: &str) -> Vec<Node> {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.to_owned().into(),
        Piece::Control(name) => el("span").class("control-sign").attr("title", say::hidden_sign()).add(name).into(),
    };
    pieces(text).into_iter().map(piece).collect()
}
