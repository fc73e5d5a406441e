//! The filter language: one expression that text, chips, URL, API and exports all speak.
//!
//! ```text
//! filter  = [ or ] ;
//! or      = and { "OR" and } ;
//! and     = unary { [ "AND" ] unary } ;              AND binds more tightly than OR
//! unary   = ( "-" | "NOT" ) unary | primary ;        nothing stands between - and what it excludes
//! primary = "(" or ")" | test ;
//! test    = column ( ":" | "=" ) value               lang:de   created:2026-01-01..2026-02-01
//!         | column compare scalar                    likes>=50
//!         | "#" tag | "@" handle | "$" symbol        #moon  @nasa  $TSLA
//!         | scalar [ "*" ] ;                         rocket  "launch day"  launch*
//! compare = "<" | "<=" | ">" | ">=" ;                ≤ and ≥ too
//! value   = "*"                                      present: place:*
//!         | scalar [ "*" ]                           text and keyword columns: a prefix
//!         | [ scalar ] ".." [ scalar ]               ordered columns: both ends included
//!         | "(" group ")" ;                          lang:(de OR en)
//! group   = a filter whose tests are values ;        lang:(de OR en)  hashtag:(moon -mars)
//! scalar  = word | phrase ;
//! phrase  = '"' { any | '\"' | '\\' } '"' ;          “ ” and „ “ too
//! ```
//!
//! Nothing stands between a column, its sign and its value. A *word* ends at white space, a parenthesis or
//! a quote. `OR`, `AND` and `NOT` count only in capitals; in small letters they are refused unless quoted.
//! Columns and their other names are those of [`crate::columns::COLUMNS`]; `is:`, `has:`, `min_likes:`,
//! `since:` and `until:` are X's words for tests on them.
//!
//! A date is `2026`, `2026-01`, `2026-01-31`, `2026-01-31T12:00[:00[.000]]`, `now` or `now-7d` (s, m, h, d, w). Days
//! and times may say how far ahead of UTC their clocks are (`2026-01-31+01:00`, `Z`); without, they are of UTC, but what
//! somebody types ([`typed`]) is of their own zone. It means the whole span that it names: `created:2026-01` is all of
//! January, and `created<=2026-01` ends with January. Weekdays are `mon` to `sun`, hours of the day 0 to 23, both always
//! in UTC: `weekday:(sat OR sun) hour:9..17`.
//!
//! What would find nothing is refused rather than searched for: a value that no tweet can have
//! (`lang:german`, `type:post`, `hour:24`), a range that ends before it begins, a single moment (`created:now-7d`),
//! signs alone (`:)`), two values of a column that has one (`lang:de lang:en`). A keyword in quotes is taken
//! as it is: `lang:"german"`.
//!
//! [`parse`] tells where and why a text is no filter. For every filter that the constructors of [`Filter`]
//! make of values as their columns keep them (tags and handles in lower case and without their sign, decimals with at
//! most 15 digits), and that has nothing of the above in it, `parse(print(filter)) = filter`.

mod ast;
mod complete;
mod contradiction;
mod dates;
mod describe;
mod doubts;
mod edit;
mod error;
mod explain;
mod freeze;
mod lexer;
mod near_dates;
mod numbers;
mod parser;
mod placed;
mod printer;
mod subject;
mod values;
mod words;

pub use ast::{Compare, Filter, Predicate, Scalar, Test};
pub use complete::{Completion, FieldOption, Wanted, completion};
pub use dates::{DateValue, Edge, Precision, Unit};
pub use describe::{Words, describe, in_words};
pub use edit::{Choice, facet_test};
pub use error::FilterError;
pub use parser::{MOST_CONDITIONS, parse};
pub use placed::{for_all, for_typing, typed};
