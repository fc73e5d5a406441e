//! Which JSON object is what, and the tweets in it.

mod gone;
mod includes;
mod kind;
mod page;
mod record;

pub use gone::{Gone, gone};
pub use page::{DecodeError, DecodedPage, Meta, Rejected, decode_page, page_meta};

pub(crate) use includes::{Includes, Lookup};
pub(crate) use record::{Record, Sidecar, decode_record};
