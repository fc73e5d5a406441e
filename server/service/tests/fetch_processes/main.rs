//! Several processes on the same data: what one has used up of X's limits the next one knows, each tick is one run, and who
//! was killed or overtaken leaves nothing undone and nothing done twice.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod gate;
mod life;
mod limits;
mod two;
mod whole;
