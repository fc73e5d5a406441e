//! From bytes to tweets: pages of the X API and files of every shape in which tweets are kept.
//!
//! This crate knows formats. It knows no database, no network and no clock.
//!
//! - [`decode_page`]: one answer of the API.
//! - [`read`]: one file or standard input, streamed in batches; [`expand_arguments`] finds the files.
//!
//! What comes out is a [`model::observed::Batch`]: tweets in one normal form, authors still named.
//! What one counts as read: every tweet object that was meant as a row, and every line or record that cannot
//! be understood. Tweets that are only in `includes` come along as context and are not counted.
//!
//! Start with `decode/` (which object is what), then `normalise/` (what a tweet becomes).

mod csv;
mod dates;
pub mod decode;
pub mod files;
mod ids;
mod normalise;
mod wire;

pub use decode::{DecodeError, DecodedPage, Gone, Meta, Rejected, decode_page, gone, page_meta};
pub use files::{
    Arguments, Item, Note, Options, ReadError, Reject, Source, Totals, expand_arguments, read, read_file, read_stream,
};
