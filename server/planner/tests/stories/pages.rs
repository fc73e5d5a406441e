//! The life of a window: what is asked after which page.

use crate::drive::{alone, ask_of, even, page_of, plan, track_of};
use crate::x::NOW;
use model::time::{HOUR, MINUTE};
use model::{Timestamp, TweetId};
use planner::endpoint::{RECENT, TIMELINE};
use planner::gap::Cause;
use planner::window::{Next, Page, Window, WindowId};
use planner::{Answered, Ask, Cost, Density, Size, Span, Track, Turn};

const SIZE: Size = Size { pages: 5, page: 100 };

fn span() -> Span {
    Span::between(Timestamp(NOW.0 - 2 * HOUR), Timestamp(NOW.0 - HOUR))
}

fn window(expected: Option<f64>) -> (Window, Vec<TweetId>) {
    (Window::new(WindowId(0), span(), expected), even(span(), 450))
}

fn ask(window: &Window) -> Ask {
    window.ask(window.span.from, 100)
}

/// The posts of a page that X gives, from those that there are.
fn newest<'a>(posts: &'a [TweetId], ask: &Ask, most: usize) -> &'a [TweetId] {
    let end = posts.partition_point(|id| *id < ask.until_id);
    &posts[end.saturating_sub(most)..end]
}

fn take(window: &mut Window, ids: &[TweetId], token: Option<&str>) -> Next {
    let ask = ask(window);
    window.take(&ask, &page_of(ids, token), SIZE)
}

#[test]
fn a_window_asks_by_ids_first_and_then_by_the_token() {
    let (mut window, posts) = window(Some(450.0));
    let first = ask(&window);
    assert_eq!(first.since_id, Some(TweetId(span().from.0 - 1)), "since_id is exclusive");
    assert_eq!((first.until_id, first.next_token.as_deref()), (span().to, None));
    assert_eq!(take(&mut window, &posts[350..], Some("a")), Next::Ask);
    let second = ask(&window);
    assert_eq!((second.next_token.as_deref(), second.until_id), (Some("a"), first.until_id), "with the same bounds");
    assert_eq!(window.progress.reached, Some(posts[350]));
    assert_eq!(window.progress.newest, Some(posts[449]));
}

#[test]
fn it_ends_where_there_is_no_token_not_where_there_are_no_posts() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    assert_eq!(take(&mut window, &[], Some("b")), Next::Ask, "an empty page that leads on");
    take(&mut window, &posts[250..350], Some("c"));
    take(&mut window, &posts[150..250], Some("d"));
    take(&mut window, &posts[50..150], Some("e"));
    assert_eq!(take(&mut window, &posts[..50], None), Next::Exhausted);
    assert_eq!((window.progress.pages, window.progress.posts), (6, 450));
}

#[test]
fn after_a_crash_it_goes_on_by_the_token_or_else_below_the_lowest_post() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    let mut restored =
        Window { progress: planner::window::Progress { guards: Default::default(), ..window.progress }, ..window };
    assert_eq!(ask(&restored).next_token.as_deref(), Some("a"));
    restored.drop_token();
    let by_id = ask(&restored);
    assert_eq!((by_id.next_token, by_id.until_id), (None, posts[350]));
    assert_eq!(newest(&posts, &ask(&restored), 1), &posts[349..350], "the next post, and none twice");
}

#[test]
fn a_token_that_comes_again_is_given_up() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    take(&mut window, &posts[250..350], Some("b"));
    assert_eq!(take(&mut window, &posts[150..250], Some("a")), Next::Ask);
    assert_eq!((ask(&window).next_token, ask(&window).until_id), (None, posts[150]));
}

#[test]
fn a_page_that_comes_again_counts_once() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    assert_eq!(take(&mut window, &posts[350..], Some("b")), Next::Ask);
    assert_eq!((window.progress.posts, ask(&window).next_token), (100, None));
}

#[test]
fn pages_without_end_end() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    let mut requests = 0;
    let next = loop {
        requests += 1;
        match take(&mut window, &[], Some(&format!("t{requests}"))) {
            Next::Ask => assert!(requests < 100),
            next => break next,
        }
        // half-way the token is given up for the lowest id
        assert_eq!(ask(&window).next_token.is_none(), requests == 5, "{requests}");
    };
    assert_eq!((next, requests), (Next::Stop(Cause::Stuck), 10));
    assert_eq!(window.rest(), Span { to: posts[350], ..span() }, "what is not known to be read");
}

#[test]
fn pages_that_get_small_are_cured_by_a_new_search() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    take(&mut window, &posts[349..350], Some("b"));
    take(&mut window, &posts[348..349], Some("c"));
    assert!(ask(&window).next_token.is_some());
    take(&mut window, &posts[347..348], Some("d"));
    assert_eq!((ask(&window).next_token, ask(&window).until_id), (None, posts[347]));
    assert_eq!(window.progress.posts, 103);
}

#[test]
fn where_more_was_counted_it_asks_once_more() {
    let (mut window, posts) = window(Some(450.0));
    take(&mut window, &posts[350..], Some("a"));
    assert_eq!(take(&mut window, &posts[250..350], None), Next::Ask, "X promised 450");
    assert_eq!((ask(&window).next_token, ask(&window).until_id), (None, posts[250]));
    assert_eq!(take(&mut window, &posts[150..250], None), Next::Ask, "it brought more, so again");
    assert_eq!(take(&mut window, &[], None), Next::Exhausted);
    assert!(window.is_short(SIZE), "which is noted");
}

#[test]
fn nothing_at_all_where_more_was_counted_is_not_believed_at_once() {
    let (mut window, posts) = window(Some(450.0));
    for (page, token) in posts.rchunks(100).zip(["a", "b", "c", "d"]) {
        take(&mut window, page, Some(token));
    }
    assert_eq!(take(&mut window, &[], None), Next::Ask, "the last 50 are missing");
    assert_eq!((ask(&window).next_token, ask(&window).until_id), (None, posts[50]));
    let mut believed = window.clone();
    assert_eq!(take(&mut believed, &[], None), Next::Exhausted, "X says so twice");
    assert_eq!(take(&mut window, &posts[..50], None), Next::Exhausted);
    assert_eq!(window.progress.posts, 450);
    let mut uncounted = Window { is_counted: false, ..Window::new(WindowId(1), span(), Some(450.0)) };
    assert_eq!(take(&mut uncounted, &[], None), Next::Exhausted, "nobody said that there is anything");
}

#[test]
fn counts_that_say_nothing_are_no_counts() {
    let posts = even(span(), 450);
    let track = plan(RECENT, 5, span(), Some(Density::counted(Vec::new())));
    let mut planner = alone(track);
    let answered = Answered { at: NOW, limits: None, cost: Cost::default() };
    while let Turn::Ask(request) = planner.next(NOW) {
        let ask = ask_of(&request);
        let page = newest(&posts, ask, 100);
        let from = page.first().filter(|first| **first > posts[0]);
        let page = page_of(page, from.map(ToString::to_string).as_deref());
        planner.taken(&request, &page, &answered);
    }
    assert!(track_of(&planner, 1).windows().iter().all(|window| !window.is_counted));
    assert_eq!(track_of(&planner, 1).gaps(), [], "nothing was promised");
}

#[test]
fn windows_below_one_that_has_nothing_are_asked_for_themselves() {
    let middle = Timestamp(NOW.0 - 3 * HOUR / 2);
    let halves = [Span { to: TweetId::first_at(middle), ..span() }, Span { from: TweetId::first_at(middle), ..span() }];
    let small = |(number, half): (u64, Span)| Window::new(WindowId(number), half, Some(40.0));
    let windows = (0..).zip(halves).map(small).collect();
    let mut planner = alone(Track::restore(RECENT, SIZE, None, windows));
    let answered = Answered { at: NOW, limits: None, cost: Cost::default() };
    let mut lowest = Vec::new();
    while let Turn::Ask(request) = planner.next(NOW) {
        lowest.push((ask_of(&request).since_id.unwrap().0 + 1, ask_of(&request).until_id));
        planner.taken(&request, &Page::default(), &answered);
    }
    let (whole, lower) = ((span().from.0, span().to), (span().from.0, halves[0].to));
    assert_eq!(lowest, [whole, whole, lower, lower], "each is believed when it is said twice");
    assert!(track_of(&planner, 1).is_done());
}

#[test]
fn a_search_that_nobody_counted_and_that_finds_nothing_is_asked_once_more() {
    let answered = Answered { at: NOW, limits: None, cost: Cost::default() };
    let requests = |endpoint, micros, second: &[TweetId]| {
        let span = Span::between(Timestamp(NOW.0 - micros), Timestamp(NOW.0 - MINUTE));
        let mut planner = alone(plan(endpoint, 5, span, None));
        let mut pages = [&[], second].into_iter();
        let mut sent = 0;
        while let Turn::Ask(request) = planner.next(NOW) {
            planner.taken(&request, &page_of(pages.next().unwrap_or_default(), None), &answered);
            sent += 1;
        }
        let posts: u64 = track_of(&planner, 1).windows().iter().map(|window| window.progress.posts).sum();
        (sent, posts)
    };
    let late = [TweetId::first_at(Timestamp(NOW.0 - 10 * MINUTE))];
    assert_eq!(requests(RECENT, HOUR, &[]), (2, 0), "said twice");
    assert_eq!(requests(RECENT, HOUR, &late), (2, 1));
    assert_eq!(requests(RECENT, 15 * MINUTE, &late), (1, 0), "all of it is looked at again later");
    assert_eq!(requests(TIMELINE, HOUR, &late), (1, 0), "a list of an account is no search");
}

#[test]
fn a_few_less_than_counted_are_no_reason_to_ask_again() {
    let (mut window, posts) = window(Some(500.0));
    for (page, token) in posts.rchunks(100).zip([Some("a"), Some("b"), Some("c"), Some("d"), None]) {
        let next = take(&mut window, page, token);
        assert_eq!(next, if token.is_some() { Next::Ask } else { Next::Exhausted });
    }
    assert!(!window.is_short(SIZE));
}

#[test]
fn more_than_twice_what_was_expected_is_planned_anew() {
    let (mut window, posts) = window(Some(120.0));
    assert_eq!(take(&mut window, &posts[350..], Some("a")), Next::Ask);
    assert_eq!(take(&mut window, &posts[250..350], Some("b")), Next::Ask, "200 are less than twice 120");
    assert_eq!(take(&mut window, &posts[150..250], Some("c")), Next::Split);
    assert_eq!(window.rest(), Span { to: posts[150], ..span() });
    let mut unknown = Window::new(WindowId(1), span(), None);
    for page in posts.rchunks(80).take(4) {
        assert_eq!(take(&mut unknown, page, Some(&page[0].to_string())), Next::Ask);
    }
    assert_eq!(take(&mut unknown, &posts[50..130], Some("e")), Next::Split, "five pages are a window");
}

#[test]
fn a_search_may_reach_below_its_window_and_then_it_is_done() {
    let (mut window, posts) = window(Some(100.0));
    window.span.from = posts[380];
    let ask = window.ask(span().from, 100);
    assert_eq!(ask.since_id, Some(TweetId(span().from.0 - 1)));
    assert_eq!(window.take(&ask, &page_of(&posts[350..], Some("a")), SIZE), Next::Done);
}

#[test]
fn nonsense_of_x_is_no_progress() {
    let (mut window, _) = window(Some(450.0));
    let nonsense = Page { posts: 7, next_token: Some("a".to_owned()), ..Page::default() };
    let first = ask(&window);
    assert_eq!(window.take(&first, &nonsense, SIZE), Next::Ask, "posts without ids");
    let above = page_of(&[TweetId(span().to.0 + 5)], Some("b"));
    assert_eq!(window.take(&first, &above, SIZE), Next::Ask);
    assert_eq!((window.progress.posts, ask(&window)), (0, first));
}
