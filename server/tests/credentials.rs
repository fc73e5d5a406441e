//! Credentials over the command line: entered by standard input, shown without their secrets. What their access tiers may
//! ask, there and on the admins' page.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::browser::{Browser, PASSWORD, location};
use common::{Printed, Roost, Server};
use reqwest::StatusCode;

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

#[test]
fn limits_of_access_tiers_are_seen_and_edited_and_the_audit_has_it() {
    let roost = Roost::new();
    let printed = roost.run_with(&["credential", "add", "app"], "s3cret-bearer\n");
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let limits = |tier: &str, endpoint: &str| -> Vec<String> {
        let all = roost.ok(&["limit", "list"]);
        let start = format!("{tier}\t{endpoint}\t");
        all.lines().filter_map(|line| line.strip_prefix(&start).map(str::to_owned)).collect()
    };
    let (recent, all) = ("/2/tweets/search/recent", "/2/tweets/search/all");
    assert_eq!(
        limits("pay-per-use", recent),
        ["app\t450 in 15 minutes\t0 ms apart", "person\t300 in 15 minutes\t0 ms apart"]
    );
    let said = roost.ok(&["limit", "set", "basic", recent, "15"]);
    assert_eq!(said, format!("basic has 15 requests in 15 minutes at {recent}\n"));
    roost.ok(&["limit", "set", "basic", recent, "7", "--caller", "person", "--apart", "2500"]);
    roost.ok(&["limit", "set", "basic", all, "30"]);
    assert_eq!(
        limits("basic", recent),
        ["app\t15 in 15 minutes\t0 ms apart", "person\t7 in 15 minutes\t2500 ms apart"]
    );
    assert_eq!(limits("basic", all), ["app\t30 in 15 minutes\t1000 ms apart"]);
    assert_eq!(roost.ok(&["credential", "tier", "app", "basic"]), "app has the access tier basic\n");
    assert!(roost.ok(&["credential", "list"]).starts_with("app\tbearer\tbasic\thttps://api.x.com\t"));

    for (arguments, code, said) in [
        (&["limit", "set", "gold", recent, "15"][..], 1, "there is no access tier \"gold\", but basic, enterprise"),
        (&["limit", "set", "basic", "/2/tweets/search", "15"], 1, "no schedule asks \"/2/tweets/search\", but"),
        (&["limit", "set", "basic", all, "15", "--caller", "person"], 1, "X lets apps alone ask"),
        (&["limit", "set", "basic", recent, "0"], 1, "between 1 and 1000000"),
        (&["limit", "set", "basic", recent, "many"], 2, "REQUESTS"),
        (&["credential", "tier", "app", "gold"], 1, "there is no access tier \"gold\""),
        (&["credential", "tier", "desk", "pro"], 1, "there is no credential \"desk\""),
    ] {
        let printed = roost.run(arguments);
        assert!(printed.code == Some(code) && printed.err.contains(said), "{printed:?}");
    }
    let audit = roost.ok(&["audit", "list"]);
    let done: Vec<Vec<&str>> = audit.lines().map(|line| line.split('\t').skip(2).take(3).collect()).collect();
    assert_eq!(
        done,
        [
            ["Roost", "credential.saved", "credential:1"],
            ["Roost", "limit.set", "tier:basic"],
            ["Roost", "limit.set", "tier:basic"],
            ["Roost", "limit.set", "tier:basic"],
            ["Roost", "credential.tier", "credential:1"],
        ]
    );
    assert!(audit.contains(r#""name":"app""#) && !audit.contains("s3cret"), "{audit}");
}

#[tokio::test]
async fn admins_see_credentials_and_edit_tiers_and_limits_on_a_page_that_others_do_not_have() {
    let roost = Roost::new();
    for (name, role) in [("ann", "admin"), ("bea", "analyst")] {
        roost.add_user(name, role, PASSWORD);
    }
    let printed = roost.run_with(&["credential", "add", "app <b>"], "s3cret-bearer\n");
    assert_eq!(printed.code, Some(0), "{printed:?}");
    let server = Server::start(&roost);
    let recent = "/2/tweets/search/recent";
    let limit = |tier, requests, apart| {
        [("tier", tier), ("endpoint", recent), ("caller", "person"), ("requests", requests), ("apart", apart)]
    };

    let mut bea = Browser::new(&server);
    bea.sign_in("bea").await;
    assert_eq!(bea.get("/credentials").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(bea.post("/credentials/1/tier", &[("tier", "basic")]).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(bea.post("/limits", &limit("basic", "7", "0")).await.status(), StatusCode::NOT_FOUND);

    let mut ann = Browser::new(&server);
    ann.sign_in("ann").await;
    let page = ann.get("/credentials").await.text().await.unwrap();
    assert!(page.contains("app &lt;b&gt;") && page.contains(recent) && !page.contains("s3cret"), "{page}");
    assert!(page.contains(r#"value="pay-per-use" selected"#), "{page}");
    assert_eq!(location(&ann.post("/credentials/1/tier", &[("tier", "basic")]).await), "/credentials?saved");
    assert_eq!(location(&ann.post("/limits", &limit("basic", "7", "2500")).await), "/credentials?saved");
    for (path, fields) in [
        ("/limits", &limit("basic", "0", "0")[..]),
        ("/limits", &limit("basic", "many", "0")),
        ("/limits", &limit("basic", "8", "x")),
        ("/limits", &limit("gold", "8", "0")),
        ("/credentials/1/tier", &[("tier", "gold")]),
        ("/credentials/99/tier", &[("tier", "pro")]),
    ] {
        let status = ann.post(path, fields).await.status();
        assert!(status.is_client_error(), "{path} {fields:?}: {status}");
    }
    let page = ann.get("/credentials?saved").await.text().await.unwrap();
    assert!(page.contains(r#"role="status""#) && page.contains(r#"value="basic" selected"#), "{page}");

    let known = roost.ok(&["limit", "list"]);
    assert!(known.contains(&format!("basic\t{recent}\tperson\t7 in 15 minutes\t2500 ms apart\n")), "{known}");
    let audit = roost.ok(&["audit", "list"]);
    let done: Vec<Vec<&str>> = audit.lines().map(|line| line.split('\t').skip(2).take(3).collect()).collect();
    let by_ann = |done: &&Vec<&str>| done[0] == "user 1";
    let expected = [["user 1", "credential.tier", "credential:1"], ["user 1", "limit.set", "tier:basic"]];
    assert_eq!(done.iter().filter(by_ann).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>(), "{audit}");
}
