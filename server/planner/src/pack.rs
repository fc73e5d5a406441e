//! Cuts a span into windows of full pages.

use crate::density::Density;
use crate::span::Span;
use model::{Timestamp, TweetId};

/// How large windows are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Full pages in a window: what is asked again at most when something goes wrong.
    pub pages: u32,
    /// Posts on a full page.
    pub page: u32,
}

impl Size {
    fn posts(self) -> f64 {
        f64::from(self.pages) * f64::from(self.page)
    }

    /// Requests for so many posts: at least one, to know that there are none.
    pub fn requests(self, posts: f64) -> u32 {
        ((posts - 1e-6) / f64::from(self.page)).ceil().max(1.0) as u32
    }
}

/// No span is cut into more windows: those of more posts are larger.
const MOST_WINDOWS: f64 = 500.0;
/// An edge of the counts is taken for a cut if the window before it is so full.
const FULL_ENOUGH: f64 = 0.95;

/// Windows from the oldest on, each with its expected posts: `size.pages` full pages, but for the newest.
///
/// A rest of less than half a page is no window of its own: it joins the one before.
pub fn pack(span: Span, density: &Density, size: Size) -> Vec<(Span, f64)> {
    let mut windows = Vec::new();
    let at_least = (density.expected(span) / f64::from(size.page) / MOST_WINDOWS).ceil() as u32;
    let size = Size { pages: size.pages.max(at_least), ..size };
    let mut rest = span;
    while !rest.is_empty() {
        let window = Span { to: cut(rest, density, size), ..rest };
        windows.push((window, density.expected(window)));
        rest.from = window.to;
    }
    windows
}

/// Where the first window of a span ends.
fn cut(span: Span, density: &Density, size: Size) -> TweetId {
    let whole = size.posts();
    if density.expected(span) <= whole + f64::from(size.page) / 2.0 {
        return span.to;
    }
    let start = density.posts_until(span.starts_at());
    let edge = density.last_edge(start + whole, span.starts_at()).filter(|edge| *edge < span.ends_at());
    let filled = edge.map_or(0.0, |edge| density.posts_until(edge) - start);
    let time = match edge {
        Some(edge) if filled >= FULL_ENOUGH * whole => edge,
        // Where within a bucket its posts are, is a guess, and a page too many costs more than some empty slots.
        _ => density.moment(start + whole - caution(whole - filled, size), (span.starts_at(), span.ends_at())),
    };
    let next_ms = TweetId::first_at(Timestamp(span.starts_at().0 + 1_000));
    TweetId::first_at(time).max(next_ms).min(span.to)
}

/// Twice the spread of so many posts that come at random, up to half a page.
fn caution(guessed: f64, size: Size) -> f64 {
    (2.0 * guessed.max(0.0).sqrt()).min(f64::from(size.page) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::density::Bucket;
    use model::time::{HOUR, MINUTE};

    const START: i64 = 1_795_435_200_000_000;
    const SIZE: Size = Size { pages: 5, page: 100 };

    fn buckets(width: i64, counts: &[u64]) -> (Span, Density) {
        let at = |number: usize| Timestamp(START + number as i64 * width);
        let bucket = |(number, count): (usize, &u64)| Bucket { start: at(number), end: at(number + 1), count: *count };
        let density = Density::counted(counts.iter().enumerate().map(bucket).collect());
        (Span::between(at(0), at(counts.len())), density)
    }

    fn expected(windows: &[(Span, f64)]) -> Vec<i64> {
        windows.iter().map(|(_, posts)| posts.round() as i64).collect()
    }

    #[test]
    fn buckets_are_put_together_until_the_pages_are_full() {
        let (span, density) = buckets(MINUTE, &[100; 12]);
        assert_eq!(expected(&pack(span, &density, SIZE)), [500, 500, 200]);
    }

    #[test]
    fn a_bucket_of_many_pages_is_cut_within() {
        let (span, density) = buckets(HOUR, &[2_000]);
        let windows = pack(span, &density, SIZE);
        // 2 √500 posts less than five pages each, so that hardly one spills into a sixth
        assert_eq!(expected(&windows)[..4], [455, 455, 455, 455]);
        assert!((windows.iter().map(|(_, posts)| posts).sum::<f64>() - 2_000.0).abs() < 0.01);
    }

    #[test]
    fn quiet_hours_join_their_neighbours() {
        let (span, density) = buckets(HOUR, &[0, 3, 0, 0, 480, 0, 0, 30, 0]);
        assert_eq!(expected(&pack(span, &density, SIZE)), [513], "30 posts are less than half a page");
        let (span, density) = buckets(HOUR, &[0, 3, 0, 0, 480, 0, 0, 80, 0]);
        let windows = pack(span, &density, SIZE);
        assert_eq!(expected(&windows), [483, 80]);
        assert_eq!(windows[0].0.length(), 7 * HOUR);
    }

    #[test]
    fn a_span_without_posts_is_one_window() {
        let (span, density) = buckets(HOUR, &[0; 168]);
        assert_eq!(pack(span, &density, SIZE), [(span, 0.0)]);
        assert_eq!(SIZE.requests(0.0), 1, "it has to be asked");
        assert_eq!((SIZE.requests(100.0), SIZE.requests(100.1)), (1, 2));
    }

    proptest::proptest! {
        #[test]
        fn windows_cover_their_span_and_no_id_twice(counts in proptest::collection::vec(0_u64..5_000, 1..60), pages in 1_u32..20) {
            let (span, density) = buckets(HOUR, &counts);
            let size = Size { pages, page: 100 };
            let windows = pack(span, &density, size);
            let most = (counts.iter().sum::<u64>() as f64 / 100.0 / MOST_WINDOWS).ceil() as u32;
            let size = Size { pages: pages.max(most), ..size };
            proptest::prop_assert_eq!(windows[0].0.from, span.from);
            proptest::prop_assert_eq!(windows[windows.len() - 1].0.to, span.to);
            for pair in windows.windows(2) {
                proptest::prop_assert_eq!(pair[0].0.to, pair[1].0.from);
                proptest::prop_assert!(pair[0].1 <= size.posts() + 0.01, "{} posts", pair[0].1);
                let half = size.posts() / 2.0;
                proptest::prop_assert!(pair[0].1 >= half - 1.0, "{} posts of {}", pair[0].1, half);
            }
            let posts: f64 = windows.iter().map(|(_, posts)| posts).sum();
            proptest::prop_assert!((posts - counts.iter().sum::<u64>() as f64).abs() < 0.01);
        }
    }
}
