//! Ids that a spreadsheet has rounded to 15 digits.
//!
//! Such an id names another tweet or none, and nothing can bring its last digits back.

use crate::dates::TOLERANCE;
use model::{Timestamp, TweetId};

/// Above this, numbers as spreadsheets and JavaScript have them lose digits.
const EXACT: u64 = 1 << 53;

pub const ROUNDED: &str =
    "its id looks rounded by a spreadsheet: the last digits are lost. Export again with the id column as text";

/// The digits of an id cell, without what tools put around them to keep spreadsheets away: `="1"`, `'1`, `x1`.
pub fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let marked = || cell.strip_prefix(['\'', 'x']).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    formula.or_else(marked).unwrap_or(cell)
}

/// Whether the first ids of a file are all such that rounding must have made them. Pure chance does that to
/// one file of three in a million.
pub fn all_rounded<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut n = 0;
    let all = cells.filter_map(|cell| bare(cell).parse::<TweetId>().ok()).all(|TweetId(id)| {
        n += 1;
        id > EXACT && id % 100 == 0
    });
    all && n >= 3
}

/// Whether this id was rounded: because its file's ids are, or because the time in it is not that of the tweet.
pub fn is_rounded(TweetId(id): TweetId, file_is: bool, created_at: Option<Timestamp>) -> bool {
    if id <= EXACT {
        return false;
    }
    let in_id = TweetId(id).snowflake_ms().map(Timestamp::from_millis);
    let disagrees = in_id.zip(created_at).is_some_and(|(in_id, written)| (written - in_id).abs() > TOLERANCE);
    (file_is && id % 100 == 0) || (id % 1000 == 0 && disagrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_out_of_their_wrapping() {
        for cell in ["570306133677760513", " '570306133677760513", "x570306133677760513", "=\"570306133677760513\""] {
            assert_eq!(bare(cell), "570306133677760513");
        }
    }

    #[test]
    fn a_rounded_file_is_told_by_its_first_ids() {
        let rounded = ["570306133677761000", "570301130888122000", "570301083672814000"];
        assert!(all_rounded(rounded.into_iter()));
        assert!(!all_rounded(rounded.into_iter().chain(["570306133677760513"])));
        assert!(!all_rounded(["100", "200", "300"].into_iter()));
        assert!(!all_rounded(rounded[..2].iter().copied()));
    }

    #[test]
    fn a_time_that_does_not_fit_tells_too() {
        let fits = Timestamp::from_day(2015, 2, 24);
        assert!(!is_rounded(TweetId(570_306_133_677_760_000), false, fits));
        assert!(is_rounded(TweetId(570_306_133_677_760_000), false, Timestamp::from_day(2016, 2, 24)));
        assert!(!is_rounded(TweetId(570_306_133_677_760_513), true, Timestamp::from_day(2016, 2, 24)));
    }
}
