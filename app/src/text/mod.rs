//! The text of a tweet, taken apart for showing: pure functions, so that no tweet can harm the page.

mod languages;
mod segments;
mod visible;
mod words;

pub use languages::language_name;
pub use segments::{Segment, What, is_web, segments};
pub use visible::{Piece, pieces};
pub use words::{marked, searched_words};
