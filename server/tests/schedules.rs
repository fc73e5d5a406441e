//! Schedules over the command line: made, run against the simulator, looked at.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::Roost;

#[test]
fn a_schedule_says_what_it_reads_when_and_with_what() {
    let roost = Roost::new();
    let add = |arguments: &[&str]| roost.run(&[&["schedule", "add", "moon"], arguments].concat());
    let (into, query) = (["--into", "Moon", "--with", "app"], ["--recent", "moon"]);
    let refused = |arguments: &[&str], code, said: &str| {
        let printed = add(arguments);
        assert!(printed.code == Some(code) && printed.err.contains(said), "{printed:?}");
    };
    refused(&[&into[..], &query].concat(), 1, "there is no credential \"app\"");
    assert_eq!(roost.run_with(&["credential", "add", "app"], "a token\n").code, Some(0));
    refused(&into, 2, "--recent <QUERY>");
    refused(&[&into[..], &query, &["--stored", "3"]].concat(), 2, "cannot be used with");
    refused(&[&into[..], &["--archive", "moon"]].concat(), 2, "--from <TIME>");
    refused(&[&into[..], &query, &["--when", "now and then"]].concat(), 1, "every 15 minutes");
    refused(&[&into[..], &["--recent", " "]].concat(), 1, "the query is empty");
    refused(&[&into[..], &["--stored", "0"]].concat(), 1, "at least one day");
    let span = ["--archive", "moon", "--from", "2026-02-01T00:00:00Z", "--to", "2026-01-01T00:00:00Z"];
    refused(&[&into[..], &span].concat(), 1, "to a later one");
    assert_eq!(roost.ok(&["schedule", "list"]), "", "what is refused is not kept");

    let made = add(&[&into[..], &query, &["--when", "at 9:00 on weekdays, Europe/Vienna"]].concat());
    assert_eq!((made.code, made.out.as_str()), (Some(0), "moon is schedule 1\n"), "{made:?}");
    assert_eq!(add(&[&into[..], &["--timeline", "2244994945"]].concat()).out, "moon is schedule 2\n");
    let listed = roost.ok(&["schedule", "list"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines[0], "1\tmoon\trecent\tat 09:00 on weekdays, Europe/Vienna\tnever ran\tmoon");
    assert_eq!(lines[1], "2\tmoon\ttimeline\tevery 15 minutes\tnever ran\t");
    assert_eq!(roost.ok(&["schedule", "runs", "1"]), "");
    for arguments in [["schedule", "log", "7"], ["schedule", "cancel", "7"]] {
        let printed = roost.run(&arguments);
        assert!(printed.code == Some(1) && printed.err.contains("run"), "{printed:?}");
    }
}
