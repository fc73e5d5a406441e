use super::{Shown, schedule};
use model::gap::Cause;
use model::import::Counts;
use model::schedule::{Expansions, Reads, Run, RunStatus, Schedule};
use model::time::{HOUR, MINUTE};
use model::{CollectionId, Timestamp};
use service::fetch::{Plan, Row, Span, State, Step, Stretch};

const NOW: Timestamp = Timestamp(1_795_435_200_000_000);

fn at(hours: i64) -> Timestamp {
    Timestamp(NOW.0 + hours * HOUR)
}

fn plan() -> Plan {
    let schedule = Schedule {
        id: 7,
        collection: CollectionId(1),
        name: "moon <b>".into(),
        reads: Reads::recent("moon \"<i>landing\""),
        expansions: Expansions::ALL,
        cadence: "every hour".into(),
        enabled: true,
        since_id: None,
        settled_id: None,
        unsettled_since: None,
        last_run_at: None,
        last_tick: None,
    };
    Plan {
        at: NOW,
        schedule,
        collection: None,
        credential: None,
        running: None,
        is_cancelled: false,
        is_due: false,
        next: Vec::new(),
        curve: Vec::new(),
        windows: Vec::new(),
        lookups: None,
        beside: 0,
        is_cut: false,
    }
}

fn html(plan: &Plan, runs: &[Run]) -> String {
    schedule(&Shown { plan, runs, gaps: &[] }).html()
}

fn stretch(from: i64, to: i64, state: State) -> Stretch {
    Stretch { span: Span::between(at(from), at(to)), state, expected: Some(400.0), came: 0, pages: 0, ahead: None }
}

fn ahead(stretch: Stretch, limit: Option<(u32, Cause)>) -> Stretch {
    let last_at = Timestamp(at(1).0 + 15 * MINUTE);
    let row = Row { span: stretch.span, posts: 400, requests: 4, money: 0, first_at: at(1), last_at, limit };
    Stretch { ahead: Some(row), ..stretch }
}

#[test]
fn where_there_is_nothing_it_says_so() {
    let page = html(&plan(), &[]);
    for words in ["Nothing is planned", "It never ran.", "None is noted.", "It is switched off", "nothing yet"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("class=\"picture\"") && !page.contains("/cancel"), "{page}");
    assert!(page.contains("moon &lt;b&gt;") && page.contains("&lt;i&gt;landing"), "{page}");
    let due = Plan { is_due: true, next: vec![at(1)], ..plan() };
    assert!(html(&due, &[]).contains("It is due now"));
}

#[test]
fn each_window_says_what_it_costs_when_it_runs_and_what_is_not_read() {
    let windows = vec![
        stretch(-40, -30, State::Missed(Cause::Horizon)),
        stretch(-30, -20, State::WillMiss(Cause::Requests)),
        ahead(stretch(-20, -10, State::Open), Some((2, Cause::Requests))),
        ahead(stretch(-10, 0, State::Open), None),
    ];
    let curve =
        vec![Step { start: at(-40), end: at(-20), posts: 0.0 }, Step { start: at(-20), end: at(0), posts: 800.0 }];
    let page = html(&Plan { running: Some(3), next: vec![at(1)], windows, curve, beside: 2, ..plan() }, &[]);
    for words in [
        "800 tweets expected in 8 requests, the last at",
        "2 pages at most: X gives no more requests before they are too old for it",
        "missed: they are too old",
        "will be missed: X gives no more requests",
        "2 other schedules have a part in the same requests",
        "action=\"/schedules/7/runs/3/cancel\"",
        "22 Nov 06:00 to 16:00: will be missed",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("class=\"picture\""), "{page}");
    assert_eq!(page.matches("class=\"window\"").count(), 4);
    assert!(page.contains("url(#plan-missed)") && page.contains("url(#plan-will-miss)"), "told by more than a colour");
}

#[test]
fn a_stream_is_read_all_the_time_and_never_due() {
    let schedule = Schedule { reads: Reads::Stream { query: "moon".into() }, ..plan().schedule };
    let windows = vec![Stretch { expected: Some(0.0), ..ahead(stretch(-2, -1, State::Open), None) }];
    let idle = Plan { schedule: schedule.clone(), running: Some(3), ..plan() };
    assert!(html(&idle, &[]).contains("no connection has missed anything"));
    let page = html(&Plan { schedule, running: Some(3), next: vec![at(1)], windows, ..plan() }, &[]);
    assert!(page.contains("A stream is read") && page.contains("all the time"), "{page}");
    assert!(!page.contains("every hour") && !page.contains("Due next"), "{page}");
    assert!(!page.contains("class=\"picture\""), "nothing is known of its one window: {page}");
}

#[test]
fn a_run_has_all_its_figures() {
    let counts = Counts { read: 100, new: 61, updated: 12, duplicate: 23, rejected: 4 };
    let run = Run {
        id: 9,
        schedule: 7,
        status: RunStatus::Failed,
        started_at: at(-1),
        finished_at: Some(NOW),
        requests: 8,
        pages: 5,
        removed: 6,
        counts,
        wait: None,
        reason: Some("X refused <it>".into()),
    };
    let page = html(&plan(), &[run]);
    let figures =
        [("Took", "1 h"), ("Requests", "8"), ("Pages", "5"), ("No page", "3"), ("New", "61"), ("Updated", "12")];
    for (label, figure) in figures.into_iter().chain([("Known", "23"), ("Not understood", "4"), ("Gone", "6")]) {
        assert!(
            page.contains(&format!("data-label=\"{label}\" class=\"number\"><span>{figure}</span>")),
            "{label}: {page}"
        );
    }
    assert!(page.contains("X refused &lt;it&gt;") && page.contains("href=\"/runs/9/log\""), "{page}");
}
