use super::chart::{Axis, Chart, chart};
use super::*;
use model::sql::{Answer, AnswerColumn, Cell, CellKind};
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn answer(columns: &[(&str, CellKind)], rows: Vec<Vec<Cell>>) -> Answer {
    let column = |(name, kind): &(&str, CellKind)| AnswerColumn {
        name: (*name).to_owned(),
        kind: *kind,
        ..AnswerColumn::default()
    };
    Answer { columns: columns.iter().map(column).collect(), total: rows.len() as u64, rows, ..Answer::default() }
}

fn shown(question: &str, answer: Result<Answer, SqlError>) -> String {
    let asked = Asked { answer, took: Duration::from_millis(340) };
    let standing = Standing::Written { at: NOW, behind: 3 };
    sql(&Sql { question, plot: true, standing, now: NOW, outcome: Outcome::Asked(&asked) }).html()
}

fn series(chart: &Chart) -> Vec<(&str, Vec<Option<f64>>)> {
    chart.series.iter().map(|series| (series.name.as_str(), series.values.clone())).collect()
}

#[test]
fn numbers_over_time_are_lines_in_the_order_of_time() {
    let rows = vec![
        vec![text("2026-01-02"), Cell::Whole(5), Cell::Decimal(0.5)],
        vec![text("2026-01-01"), Cell::Whole(3), Cell::None],
    ];
    let answer = answer(&[("day", CellKind::Day), ("tweets", CellKind::Whole), ("likes", CellKind::Decimal)], rows);
    let drawn = chart(&answer).unwrap();
    assert_eq!(drawn.axis, Axis::Times([1, 2].map(|day| Timestamp::from_day(2026, 1, day).unwrap()).into()));
    assert_eq!(series(&drawn), [("tweets", vec![Some(3.0), Some(5.0)]), ("likes", vec![None, Some(0.5)])]);
    let html = shown("", Ok(answer));
    assert!(html.contains("tweets, likes by day") && html.contains("Highest: tweets, 2026-01-02, with 5."), "{html}");
    assert!(html.contains("<title>2026-01-01: tweets 3, likes –</title>"), "{html}");
}

#[test]
fn times_with_a_name_each_are_a_line_for_each_name() {
    let row = |day: u32, lang: &str, count| vec![text(&format!("2026-01-0{day}")), text(lang), Cell::Whole(count)];
    let columns = [("day", CellKind::Day), ("lang", CellKind::Text), ("tweets", CellKind::Whole)];
    let drawn = chart(&answer(&columns, vec![row(1, "de", 2), row(1, "en", 9), row(2, "en", 8)])).unwrap();
    assert_eq!(series(&drawn), [("en", vec![Some(9.0), Some(8.0)]), ("de", vec![Some(2.0), None])]);
    assert_eq!((drawn.of.as_slice(), drawn.by.as_str()), (["tweets".to_owned()].as_slice(), "day, lang"));
    assert_eq!(
        chart(&answer(&columns, vec![row(1, "de", 2), row(1, "de", 9), row(2, "en", 8)])),
        None,
        "which of two?"
    );
}

#[test]
fn numbers_by_name_are_bars_and_what_is_no_plot_is_none() {
    let (name, n, id) = (("tag", CellKind::Text), ("tweets", CellKind::Whole), ("id", CellKind::Whole));
    let rows = (0..30).map(|at| vec![text(&format!("tag{at}")), Cell::Whole(30 - at)]).collect::<Vec<_>>();
    let drawn = chart(&answer(&[name, n], rows)).unwrap();
    assert!(matches!(&drawn.axis, Axis::Names(names) if names.len() == 24) && drawn.left_out == 6);
    let hours = (0..24).map(|hour| vec![Cell::Whole(hour), Cell::Whole(hour * 2)]).collect::<Vec<_>>();
    let drawn = chart(&answer(&[("hour", CellKind::Whole), n], hours.clone())).unwrap();
    assert_eq!((drawn.by.as_str(), drawn.series.len()), ("hour", 1));
    assert_eq!(chart(&answer(&[id, n], hours)), None, "an id is no number");
    assert_eq!(chart(&answer(&[name, n], vec![vec![text("a"), Cell::Whole(1)]])), None, "one bar says nothing");
    assert_eq!(
        chart(&answer(&[name, n], vec![vec![text("a"), Cell::Whole(-1)], vec![text("b"), Cell::Whole(1)]])),
        None
    );
    assert_eq!(chart(&answer(&[name, name, n], vec![vec![text("a"), text("b"), Cell::Whole(1)]; 3])), None);
    assert_eq!(chart(&Answer::default()), None);
}

#[test]
fn the_table_shows_every_value_as_what_it_is() {
    let columns = [("id", CellKind::Whole), ("n", CellKind::Whole), ("x", CellKind::Decimal), ("text", CellKind::Text)];
    let hostile = "<script>alert(1)</script>\u{202e}";
    let row =
        vec![Cell::Whole(1_900_000_000_000_000_001), Cell::Whole(12_345), Cell::Decimal(2.0 / 3.0), text(hostile)];
    let long = vec![Cell::Whole(2), Cell::Whole(2026), Cell::None, text(&"x".repeat(300))];
    let mut answer = answer(&columns, vec![row, long]);
    answer.total = 40_000;
    answer.read = model::sql::Read { rows: 50_000, bytes: Some(2_400_000) };
    let html = shown("SELECT '<b>'", Ok(answer));
    for part in [
        "The first 2 of 40,000 rows",
        "0.34 s · 50,000 rows and 2.4 MB read",
        "<td class=\"id\">1900000000000000001</td><td class=\"number\">12,345</td>",
        ">0.6667</td>",
        "&lt;script&gt;alert(1)",
        "title=\"no value\">–</span>",
        "<td class=\"number\">2026</td>",
        "SELECT '&lt;b&gt;'</textarea>",
        "value=\"SELECT '&lt;b&gt;'\"",
        "3 changes are not in it yet.",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<script>") && !html.contains('\u{202e}'));
    assert_eq!(html.matches("<details>").count(), 1, "a long text opens");
}

#[test]
fn an_error_tells_what_where_and_what_to_do() {
    let place = Some(Place { line: 2, column: 3 });
    let message = "No field named lnag. Did you mean 'tweets.lang'?".to_owned();
    let html = shown("SELECT id,\n  lnag, x\nFROM tweets", Err(SqlError::Wrong { message, place }));
    assert!(html.contains("line 2, column 3") && html.contains("Did you mean 'tweets.lang'?"), "{html}");
    assert!(html.contains(r#"<pre class="sql-line">  <mark>lnag</mark>, x</pre>"#), "{html}");
    assert!(html.contains("\nSELECT id,\n  lnag, x\nFROM tweets</textarea>"), "the question is kept: {html}");
    let beyond = Some(Place { line: 9, column: 99 });
    assert!(!shown("SELECT", Err(SqlError::Wrong { message: "no".into(), place: beyond })).contains("sql-line"));
    assert!(shown("SELECT", Err(SqlError::Time(20))).contains("ended after 20 seconds. Narrow it down"));
}
