//! Credentials over the command line: entered by standard input, shown without their secrets.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Printed, Roost};

#[test]
fn each_kind_is_entered_line_by_line_and_not_shown_again() {
    let roost = Roost::new();
    let add = |arguments: &[&str], lines: &str| roost.run_with(&[&["credential", "add"], arguments].concat(), lines);
    let saved = |printed: &Printed, name: &str| {
        assert_eq!(
            (printed.code, printed.out.as_str()),
            (Some(0), format!("{name} is saved\n").as_str()),
            "{printed:?}"
        );
    };
    saved(&add(&["app"], "s3cret-bearer\n"), "app");
    let person = ["person", "--kind", "oauth2", "--client-id", "an-app"];
    saved(&add(&person, "s3cret-client\n\ns3cret-refresh\n"), "person");
    saved(&add(&["desk", "--kind", "oauth1"], "s3cret-1\ns3cret-2\r\ns3cret-3\ns3cret-4"), "desk");
    let known = roost.ok(&["credential", "list"]);
    let kinds: Vec<Vec<&str>> = known.lines().map(|line| line.split('\t').take(2).collect()).collect();
    assert_eq!(kinds, [["app", "bearer"], ["desk", "oauth1"], ["person", "oauth2"]]);
    assert!(!known.contains("s3cret"), "{known}");

    for (arguments, lines, said) in [
        (&["x"][..], "\n", "the bearer token is missing"),
        (&["x"], "Bearer s3cret", "leave that out"),
        (&["x", "--kind", "oauth1"], "s3cret-1\ns3cret-2\ns3cret-3\n", "the access token secret is missing"),
        (&["x", "--kind", "oauth2", "--client-id", "a"], "\ns3cret\n\n", "the refresh token is missing"),
        (&["x", "--address", "http://10.0.0.1"], "s3cret\n", "no address Roost may fetch from"),
        (&["x", "--landscape", "production", "--address", "http://127.0.0.1:4000"], "s3cret\n", "no address Roost may"),
    ] {
        let printed = add(arguments, lines);
        assert_eq!(printed.code, Some(1), "{printed:?}");
        assert!(printed.err.contains(said) && !printed.err.contains("s3cret"), "{printed:?}");
    }
    let printed = add(&["x", "--kind", "oauth2"], "s3cret\n");
    assert!(printed.code == Some(2) && printed.err.contains("--client-id"), "{printed:?}");
    assert_eq!(roost.ok(&["credential", "list"]), known, "what is refused is not kept");
    let printed = roost.run(&["credential", "allow", "no schedule", "app"]);
    assert!(printed.code == Some(1) && printed.err.contains("0 schedules are called"), "{printed:?}");
}
