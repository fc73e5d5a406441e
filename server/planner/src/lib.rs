//! What to ask X next, so that no tweet is lost and no request wasted.
//!
//! Pure: the same calls give the same answers. Nothing here knows a network, a store or a clock; time is an argument.
//! `docs/planner.md` has the mathematics and what is guaranteed.
//!
//! A [`Track`] is a schedule's span of time in [`Window`]s, planned by a [`Density`] (X's counts, or what was seen). A
//! [`Planner`] holds the tracks that share one bucket, an [`Allowance`], and says whose request is next, within each
//! [`Budget`]. [`credentials::assign`] says which credential a schedule uses, [`overlap::Marks`] where its next run begins,
//! [`explain`] what is going to happen. When a schedule runs at all is told by its [`Cadence`].
//!
//! Start with [`planner`] and [`window`].

pub mod allowance;
pub mod budget;
pub mod cadence;
pub mod credentials;
pub mod density;
pub mod endpoint;
pub mod explain;
pub mod gap;
pub mod lookup;
pub mod overlap;
pub mod pack;
pub mod planner;
mod ration;
pub mod share;
pub mod shortage;
pub mod span;
pub mod track;
pub mod window;
pub mod work;

pub use allowance::{Allowance, Limits};
pub use budget::{Budget, Cost};
pub use cadence::{Cadence, Due};
pub use density::{Bucket, Density};
pub use endpoint::Endpoint;
pub use explain::explain;
pub use gap::{Cause, Gap};
pub use lookup::Lookup;
pub use pack::Size;
pub use planner::{Answered, Failure, Job, Planner, Request, Turn};
pub use share::ScheduleId;
pub use span::Span;
pub use track::Track;
pub use window::{Ask, Page, Window};
pub use work::{Question, Work};
