//! What clicks on facets, chips and the histogram make of a filter, and how a filter reads in words.

use model::Timestamp;
use model::columns::{Column, find};
use model::filter::{Choice, Filter, describe, parse};

fn column(name: &str) -> &'static Column {
    find(name).expect("a column")
}

/// Filter, column, value, what a click on the value makes of it.
fn assert_clicks(click: impl Fn(&Filter, &'static Column, &str) -> Filter, cases: &[[&str; 4]]) {
    for [before, name, value, after] in cases {
        let clicked = click(&parse(before).expect("a filter"), column(name), value);
        assert_eq!(clicked.to_string(), *after, "{before}, {name} {value}");
    }
}

#[test]
fn a_facet_value_is_chosen_and_given_up() {
    assert_clicks(
        Filter::toggled,
        &[
            ["", "lang", "de", "lang:de"],
            ["lang:de", "lang", "en", "lang:(de OR en)"],
            ["lang:(de OR en)", "lang", "fr", "lang:(de OR en OR fr)"],
            ["lang:(de OR en)", "lang", "de", "lang:en"],
            ["lang:de", "lang", "de", ""],
            ["lang:de", "lang", "DE", ""],
            ["rocket lang:de likes>5", "lang", "en", "rocket lang:(de OR en) likes>5"],
            ["rocket lang:de likes>5", "lang", "de", "rocket likes>5"],
            ["rocket OR launch", "lang", "de", "(rocket OR launch) lang:de"],
            ["-lang:de", "lang", "de", ""],
            ["-lang:(de OR en)", "lang", "de", "-lang:en"],
            ["-lang:de", "lang", "en", "-lang:de lang:en"],
            ["-lang:*", "lang", "en", "lang:en"],
            ["#moon #mars", "hashtag", "venus", "#moon #mars #venus"],
            ["#moon #mars", "hashtag", "moon", "#mars"],
            ["", "verified", "yes", "is:verified"],
            ["is:verified", "verified", "no", "verified:(yes OR no)"],
            ["", "type", "retweet", "is:retweet"],
            ["", "place", "Berlin, Germany", "place:\"Berlin, Germany\""],
            ["likes>5", "likes", "7", "likes>5 likes:7"],
        ],
    );
}

#[test]
fn a_value_is_excluded() {
    assert_clicks(
        Filter::excluding,
        &[
            ["", "lang", "de", "-lang:de"],
            ["-lang:de", "lang", "en", "-lang:(de OR en)"],
            ["-lang:de", "lang", "de", "-lang:de"],
            ["lang:de", "lang", "de", "-lang:de"],
            ["lang:(de OR en)", "lang", "de", "lang:en -lang:de"],
            ["rocket", "type", "retweet", "rocket -is:retweet"],
        ],
    );
}

#[test]
fn a_choice_is_told() {
    let filter = parse("lang:(de OR en) -lang:fr from:nasa OR x").unwrap();
    assert_eq!(filter.choice(column("lang"), "de"), Choice::Free, "within an OR there is no choice");
    let filter = parse("lang:(de OR en) -lang:fr from:nasa").unwrap();
    let choices = ["de", "EN", "fr", "es"].map(|value| filter.choice(column("lang"), value));
    assert_eq!(choices, [Choice::Included, Choice::Included, Choice::Excluded, Choice::Free]);
    assert_eq!(filter.included(column("lang")), ["de", "en"]);
    assert_eq!(filter.excluded(column("lang")), ["fr"]);
    assert!(filter.selects(column("author")) && !filter.selects(column("likes")));
}

#[test]
fn missing_values_are_asked_for_alone() {
    assert_clicks(
        |filter, column, _| filter.toggled_missing(column),
        &[
            ["", "place", "", "-has:geo"],
            ["rocket place:Berlin", "place", "", "rocket -has:geo"],
            ["rocket -has:geo", "place", "", "rocket"],
            ["lang:(de OR en) -lang:fr", "lang", "", "-lang:*"],
            ["place:Berl*", "place", "", "place:Berl* -has:geo"],
        ],
    );
}

#[test]
fn only_a_value_of_a_cell_is_asked_for() {
    assert_clicks(
        Filter::narrowed,
        &[
            ["", "lang", "de", "lang:de"],
            ["lang:(de OR en) rocket", "lang", "de", "rocket lang:de"],
            ["lang:de rocket", "lang", "de", "lang:de rocket"],
            ["lang:de", "lang", "en", "lang:en"],
            ["-lang:de", "lang", "de", "lang:de"],
            ["#moon", "hashtag", "mars", "#moon #mars"],
            ["#moon", "hashtag", "moon", "#moon"],
            ["-#moon #mars", "hashtag", "moon", "#mars #moon"],
            ["from:nasa", "author", "esa", "from:esa"],
        ],
    );
}

#[test]
fn counts_are_taken_over_what_a_click_leaves() {
    let counted_over = |text: &str, name: &str| parse(text).unwrap().without_choice(column(name)).to_string();
    let cases = [
        ["rocket lang:de", "lang", "rocket"],
        ["lang:(de OR en) -lang:fr", "lang", ""],
        ["#moon -#spam", "hashtag", "-#spam"],
        ["#moon #mars", "hashtag", "#moon #mars"],
        ["place:Berl*", "place", "place:Berl*"],
        ["-has:geo rocket", "place", "rocket"],
        ["lang:de OR rocket", "lang", "lang:de OR rocket"],
    ];
    for [text, name, over] in cases {
        assert_eq!(counted_over(text, name), over, "{text}, {name}");
    }
}

#[test]
fn conditions_are_removed() {
    let filter = parse("rocket lang:de -lang:fr likes>5").unwrap();
    assert_eq!(filter.without_conjunct(0).to_string(), "lang:de -lang:fr likes>5");
    assert_eq!(filter.without_conjunct(9), filter);
    assert_eq!(filter.without_column(column("lang")).to_string(), "rocket likes>5");
    assert_eq!(parse("rocket").unwrap().without_conjunct(0), Filter::All);
    let mixed = parse("lang:de OR rocket").unwrap();
    assert_eq!(mixed.without_column(column("lang")), mixed, "a condition on two columns stays");
}

#[test]
fn a_bar_of_the_histogram_is_zoomed_to() {
    let day = |day| Timestamp::from_day(2026, 1, day).unwrap();
    let zoomed = parse("rocket created:2026").unwrap().with_span(column("created"), day(1), day(2));
    assert_eq!(zoomed.to_string(), "rocket created>=2026-01-01T00:00 created<2026-01-02T00:00");
    assert_eq!(zoomed.with_span(column("created"), day(1), day(2)), zoomed);
}

#[test]
fn a_filter_reads_in_words() {
    let cases = [
        ("", "all tweets"),
        ("rocket", "text has “rocket”"),
        ("-\"launch day\"", "text without “launch day”"),
        ("launch*", "text beginning with “launch”"),
        ("lang:de", "language is de"),
        ("-lang:de", "language is not de"),
        ("lang:(de OR en)", "language is de or en"),
        ("-lang:(de OR en)", "language is not de or en"),
        ("lang:(de OR en OR fr)", "language is de, en or fr"),
        ("lang:(de OR en OR fr OR es OR it)", "language is any of 5"),
        ("-lang:(de OR en OR fr OR es OR it)", "language is not any of 5"),
        ("place:*", "place is not empty"),
        ("-place:*", "place is empty"),
        ("is:verified", "verified is yes"),
        ("likes>=50", "likes ≥ 50"),
        ("-likes<50", "likes not < 50"),
        ("likes:10..20", "likes from 10 to 20"),
        ("created>2026-01-31T12:00", "time > 2026-01-31 12:00"),
        ("created>=now-7d", "time ≥ now-7d"),
        ("to:nasa", "reply to author is nasa"),
        ("from:0123456789abcdef0123456789abcdef", "author is 0123·45"),
        ("lang:de likes>=50", "language is de, and likes ≥ 50"),
        ("a OR b", "text has “a” or text has “b”"),
        ("(a OR b) c", "(text has “a” or text has “b”), and text has “c”"),
        ("a b OR c", "(text has “a”, and text has “b”) or text has “c”"),
        ("-(a b)", "not (text has “a”, and text has “b”)"),
    ];
    for (text, words) in cases {
        assert_eq!(describe(&parse(text).unwrap()), words, "{text}");
    }
}
