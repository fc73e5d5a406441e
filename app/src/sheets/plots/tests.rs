use super::*;
use crate::url::ExploreUrl;
use model::explore::{Bucket, FacetValue, Histogram, Part, Split};
use model::stats::{Activity, ActivityGroup, ColumnStats, Quantity, Range, Scale, Spread, Week};
use model::{Timestamp, time};

fn here() -> Here {
    Here::at(ExploreUrl::parse("space", "q=moon"), None)
}

fn at_day(day: u32) -> Timestamp {
    Timestamp::from_day(2026, 11, day).unwrap()
}

fn of(kind: PlotKind, column: Option<&str>, total: u64, data: Data) -> Plotted {
    Plotted { plot: Plot::new(kind, column), total, newest: Some(at_day(24)), as_of: at_day(25), data }
}

fn shown(plotted: &Plotted) -> String {
    el("section").add(draw(&here(), plotted).figure(&here(), plotted.plot)).html()
}

/// The counts in the titles of the marks.
fn counts(html: &str) -> Vec<u64> {
    let titles = html.split("<title>").skip(1).filter_map(|rest| rest.split("</title>").next());
    let count = |title: &str| title.rsplit(": ").next()?.split(' ').next()?.replace(',', "").parse().ok();
    titles.filter_map(count).collect()
}

fn listed() -> ColumnStats {
    let value = |value: &str, count| FacetValue { value: value.to_owned(), count };
    let top = vec![value("en", 900), value("=\"<script>", 60), value("de", 30)];
    ColumnStats { total: 1203, filled: 1000, distinct: Some(5), top, spread: None }
}

#[test]
fn the_bars_over_time_are_all_tweets_and_each_leads_to_its_own() {
    let bucket = |day, count| Bucket { start: at_day(day), count };
    let part = |value: &str, buckets| Part { value: value.to_owned(), buckets };
    let parts = vec![part("en", vec![bucket(23, 5), bucket(24, 1000)]), part("de", vec![bucket(24, 200)])];
    let histogram = Histogram {
        interval: time::DAY,
        from: at_day(22),
        to: at_day(25),
        buckets: vec![bucket(22, 2), bucket(23, 5), bucket(24, 1203)],
        split: Some(Split { column: "lang".to_owned(), parts }),
        previous: Vec::new(),
    };
    let plotted = of(PlotKind::Volume, Some("lang"), 1210, Data::Volume(histogram));
    let html = shown(&plotted);
    assert!(html.contains("Most on Tue 24 Nov 2026: 1,203. 1 bar = 1 day."), "{html}");
    assert_eq!(counts(&html), [2, 5, 1203]);
    assert!(html.contains("q=moon+created%3E%3D2026-11-24T00:00+created%3C2026-11-25T00:00"), "{html}");
    let csv = csv_file(&here(), &plotted);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], r#""From","Tweets","English","German","Other""#);
    assert_eq!(lines[1], "2026-11-22T00:00:00Z,2,0,0,2");
    assert_eq!(lines[3], "2026-11-24T00:00:00Z,1203,1000,200,3");
}

#[test]
fn shares_add_up_to_all_tweets() {
    let plotted = of(PlotKind::Share, Some("lang"), 1203, Data::Column(listed()));
    let html = shown(&plotted);
    assert_eq!(counts(&html), [900, 60, 30, 10, 203]);
    assert_eq!(counts(&html).iter().sum::<u64>(), 1203);
    let widths = html.split(r#"height="28.0""#).filter_map(|rest| rest.rsplit(r#"width=""#).next()?.split('%').next());
    let widths: Vec<f64> = widths.filter_map(|width| width.parse().ok()).collect();
    assert_eq!(widths.len(), 5, "{html}");
    assert!((widths.iter().sum::<f64>() + 5.0 * 0.15 - 100.0).abs() < 0.1, "{widths:?}");
}

#[test]
fn a_text_of_strangers_stays_a_text_in_page_picture_and_file() {
    let plotted = of(PlotKind::Top, Some("source"), 1203, Data::Column(listed()));
    for html in [shown(&plotted), svg_file(&here(), "Space", &plotted)] {
        assert!(html.contains("=&quot;&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
    assert!(csv_file(&here(), &plotted).contains("\"'=\"\"<script>\",60,0.049875\r\n"));
}

#[test]
fn a_file_has_its_colours_and_no_links() {
    let plotted = of(PlotKind::Top, Some("lang"), 1203, Data::Column(listed()));
    let file = svg_file(&here(), "Space", &plotted);
    assert!(file.starts_with(r##"<svg xmlns="http://www.w3.org/2000/svg""##), "{file}");
    assert!(file.contains("#0b7a75") && !file.contains("<a ") && !file.contains("var("));
    assert_eq!(counts(&file), [900, 60, 30]);
    assert!(file.contains(">Space: text has “moon” · Wed 25 Nov 2026, 00:00:00 UTC</text>"), "{file}");
    assert!(shown(&plotted).contains(r#"href="/c/space/plot.csv?q=moon&amp;kind=top&amp;col=lang""#));
}

#[test]
fn hours_ranges_and_authors_are_told() {
    let mut week = Week::default();
    week.hours[1][14] = 7;
    week.hours[6][0] = 2;
    let html = shown(&of(PlotKind::Week, None, 9, Data::Week(Box::new(week))));
    assert!(html.contains("Most on Tuesday between 14:00 and 14:59 (UTC): 7."), "{html}");
    assert_eq!((counts(&html).len(), counts(&html).iter().sum::<u64>()), (168, 9));

    let range = |from, to, count| Range { from: Quantity::Number(from), to: Quantity::Number(to), count };
    let spread = Spread {
        least: Quantity::Number(0),
        first_quartile: Quantity::Number(0),
        median: Quantity::Number(1),
        third_quartile: Quantity::Number(4),
        most: Quantity::Number(40),
        scale: Scale::Growing,
        ranges: vec![range(0, 1, 5), range(1, 2, 0), range(2, 5, 3), range(5, 50, 1)],
    };
    let stats = ColumnStats { total: 9, filled: 9, spread: Some(spread), ..ColumnStats::default() };
    let html = shown(&of(PlotKind::Spread, Some("likes"), 9, Data::Column(stats)));
    assert!(html.contains("Half of 9 tweets have at most 1, a quarter more than 4; the highest is 40."), "{html}");
    assert_eq!(counts(&html), [5, 0, 3, 1]);
    assert!(html.contains("likes%3E%3D5+likes%3C%3D49"), "{html}");

    let group = |from, to, authors, tweets| ActivityGroup { from, to, authors, tweets };
    let activity = Activity { groups: vec![group(1, 1, 3, 3), group(2, 2, 1, 2)], unknown: 4 };
    let html = shown(&of(PlotKind::Activity, None, 9, Data::Activity(activity)));
    assert!(
        html.contains("4 authors posted 5 tweets; 75.0 % of them posted one each. Of 4 tweets the author"),
        "{html}"
    );
}

#[test]
fn of_nothing_there_is_no_picture() {
    for plotted in [
        of(PlotKind::Volume, None, 0, Data::Volume(Histogram::default())),
        of(PlotKind::Top, None, 0, Data::Column(ColumnStats::default())),
        of(PlotKind::Week, None, 0, Data::Week(Box::default())),
        of(PlotKind::Activity, None, 0, Data::Activity(Activity::default())),
    ] {
        let html = shown(&plotted);
        assert!(html.contains("No tweets with a value match.") && !html.contains("<svg"), "{html}");
    }
}

#[test]
fn the_counters_of_a_tweet_are_lines_from_look_to_look() {
    use model::TweetId;
    use model::growth::Observation;
    use model::tweet::Metrics;
    let look =
        |day, likes, views| Observation { at: at_day(day), metrics: Metrics { likes, views, ..Metrics::default() } };
    let history = [look(20, Some(5), None), look(21, Some(1_200), Some(9)), look(24, None, Some(70))];
    let html = growth(&here(), TweetId(7), &history).unwrap().html();
    assert_eq!(counts(&html), [5, 1200, 9, 70], "{html}");
    assert_eq!(html.matches("<line").count(), 2, "what was not told is no point of a line");
    assert!(html.contains("5 → 1,200") && html.contains("9 → 70"), "{html}");
    assert!(html.contains("/tweet/7/metrics.csv"), "{html}");
    let csv = growth_csv(&history);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], r#""As of","Likes","Reposts","Replies","Quotes","Bookmarks","Views""#);
    assert_eq!(lines[2], "2026-11-21T00:00:00.000Z,1200,,,,,9");
    assert!(growth(&here(), TweetId(7), &history[..1]).is_none(), "there is nothing to see of one look");
}
