//! Credentials of all kinds at work against the simulated X API: who takes over where X refuses one, through a proxy, and
//! without a secret in what anybody can read.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod limits;
mod logs;
mod proxy;
mod world;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use logs::Logs;
use model::Timestamp;
use model::credential::Kind;
use model::schedule::{Reads, RunStatus};
use model::time::{DAY, HOUR, MINUTE, SECOND};
use proxy::Proxy;
use secrecy::SecretString;
use service::credentials::{self, Secret, Tokens};
use service::fetch::{self, Fetching};
use service::{Settings, schedules};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use world::{NOTHING, Story, TOKEN, bearer, clear, files, keys};

#[tokio::test]
async fn each_kind_fetches_all_there_is() {
    for kind in Kind::ALL {
        let story = Story::new(|_| {}).await;
        let secret = match kind {
            Kind::Bearer => bearer(),
            Kind::Oauth2 => story.consent().await,
            Kind::Oauth1 => keys(),
        };
        let id = credentials::save(&story.service, "first", &story.x, secret).await.unwrap();
        story.schedule(id).await;
        story.wait(3 * HOUR);
        let run = story.run().await;
        assert_eq!((run.status, run.reason.as_deref()), (RunStatus::Done, None), "{kind:?}: {run:?}");
        assert!(run.counts.new > 2_800, "{kind:?}: {run:?}");
        assert_eq!(story.stored().await, story.served().await.into_iter().collect(), "{kind:?}");
        let known = credentials::list(&story.service).await.unwrap().remove(0);
        let is_refreshed = (kind == Kind::Oauth2).then(|| story.now());
        assert_eq!((known.kind, known.refreshed_at), (kind, is_refreshed), "its token had ended");
    }
}

/// With two credentials, the first of which X refuses in the middle, with requests on their way.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_that_is_revoked_in_the_middle_of_a_backlog_is_replaced_by_another() {
    let undisturbed = Story::new(|config| config.tweets = 10_000).await;
    let first = credentials::save(&undisturbed.service, "first", &undisturbed.x, bearer()).await.unwrap();
    undisturbed.schedule(first).await;
    assert_eq!(undisturbed.run().await.status, RunStatus::Done);

    let story = Story::new(|config| config.tweets = 10_000).await;
    let first = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, keys()).await.unwrap();
    let schedule = story.schedule(first).await;
    credentials::allow(&story.service, schedule, &[first, second]).await.unwrap();
    let service = story.service.clone();
    let fetching = tokio::spawn(async move { fetch::run_due(&service, &CancellationToken::new()).await });
    while story.served().await.len() < 600 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    story.revoke().await;
    fetching.await.unwrap().unwrap();
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    let reason = run.reason.unwrap();
    let expected = "the credential \"second\" took over from \"first\": X refused the credential (401)";
    assert!(reason.starts_with(expected), "{reason}");
    let distinct: BTreeSet<u64> = story.served().await.into_iter().collect();
    assert_eq!(story.stored().await, distinct, "what X gave is here, each once");
    assert_eq!(distinct, undisturbed.stored().await, "all there is");
    assert_eq!((run.counts.new, run.counts.read), (distinct.len() as u64, story.served().await.len() as u64));
    let refused = story.statuses().await.into_iter().filter(|status| *status == 401).count();
    assert!((1..=4).contains(&refused), "no more than were on their way: {refused}");
    let (asked, needed) = (story.statuses().await.len(), undisturbed.statuses().await.len());
    let by_the_revocation = 1;
    assert!(
        asked <= needed + refused + by_the_revocation + 2,
        "{asked} requests, {needed} of one who is not disturbed"
    );

    story.wait(5 * MINUTE);
    assert_eq!(story.run().await.reason, None, "the next run has nothing to tell");
    assert_eq!(story.statuses().await[asked..], [200], "and asks by the second at once");
}

/// Two processes, one of which has the first credential and the other the second.
#[tokio::test]
async fn who_takes_over_may_be_in_another_process() {
    let story = Story::new(|config| (config.tweets, config.requests_per_window) = (1_000, 4)).await;
    let first = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, keys()).await.unwrap();
    let moving = story.schedule(first).await;
    credentials::allow(&story.service, moving, &[first, second]).await.unwrap();
    let other = story.open(&Settings::folder(story.folder.path())).await.unwrap();
    let (mut of_first, mut of_second) = (Fetching::new(&story.service), Fetching::new(&other));
    let stop = CancellationToken::new();
    of_first.advance(&stop).await.unwrap();
    story.schedule_of("nothing", Reads::recent(NOTHING), second).await;
    of_second.advance(&stop).await.unwrap();
    let waiting = story.latest(moving).await;
    assert_eq!((waiting.status, waiting.pages), (RunStatus::Running, 4), "a window that is used up moves nobody");
    story.revoke().await;
    for _ in 0..600 {
        if story.number(waiting.id, moving).await.status == RunStatus::Running {
            // Both are there all the time: neither lets its lease end.
            story.wait(10 * SECOND);
            of_first.advance(&stop).await.unwrap();
            of_second.advance(&stop).await.unwrap();
        }
    }
    of_first.close().await;
    of_second.close().await;
    story.store_all().await;
    let run = story.number(waiting.id, moving).await;
    assert_eq!(run.status, RunStatus::Done, "it is one run: {run:?}");
    assert!(run.reason.as_ref().unwrap().contains("\"second\" took over from \"first\""), "{run:?}");
    assert_eq!(story.stored().await, story.served().await.into_iter().collect());
    let refused = story.statuses().await.into_iter().filter(|status| *status == 401).count();
    assert!((1..=4).contains(&refused), "no more than were on their way: {refused}");
}

#[tokio::test]
async fn who_has_no_credits_gives_way_and_takes_over_again_when_the_other_is_refused() {
    let story = Story::new(|_| {}).await;
    let first = credentials::save(&story.service, "first", &story.x, keys()).await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, bearer()).await.unwrap();
    let schedule = story.schedule(first).await;
    credentials::allow(&story.service, schedule, &[first, second]).await.unwrap();
    let of_search = "path = \"/2/tweets/search/recent\"\ntimes = 1\n";
    story.script(&format!("[[fault]]\nkind = \"credits-depleted\"\nafter = 3\n{of_search}")).await;
    let run = story.run().await;
    let reason = run.reason.unwrap();
    assert!(reason.contains("\"second\" took over from \"first\": the account has no credits left (402)"), "{reason}");
    assert_eq!(run.status, RunStatus::Done);

    story.revoke().await;
    story.wait(5 * MINUTE);
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Running, "it waits for the first, which is closed for an hour: {run:?}");
    assert!(run.reason.unwrap().contains("\"first\" took over from \"second\": X refused the credential (401)"));
    assert!(run.wait.unwrap().until > story.now());
    let asked = story.statuses().await.len();
    story.wait(5 * MINUTE);
    story.run().await;
    assert_eq!(story.statuses().await.len(), asked, "nobody is asked meanwhile");
    story.wait(HOUR);
    story.run().await;
    let done = story.number(run.id, schedule).await;
    assert_eq!(done.status, RunStatus::Done, "{done:?}");
    assert_eq!(story.stored().await, story.served().await.into_iter().collect());
}

#[tokio::test]
async fn people_say_which_credentials_may_fetch() {
    let story = Story::new(|_| {}).await;
    let first = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, keys()).await.unwrap();
    let elsewhere = credentials::save(&story.service, "elsewhere", "http://127.0.0.1:9", bearer()).await.unwrap();
    let schedule = story.schedule(first).await;
    let refused = async |ids: &[i64]| credentials::allow(&story.service, schedule, ids).await.unwrap_err().to_string();
    assert!(refused(&[first, 99]).await.contains("there is no credential 99"));
    assert!(refused(&[first, elsewhere]).await.contains("must be for the same address"));
    let nobody = credentials::allow(&story.service, 99, &[first]).await.unwrap_err();
    assert!(nobody.to_string().contains("there is no schedule 99"));

    credentials::allow(&story.service, schedule, &[second]).await.unwrap();
    story.revoke().await;
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    assert!(story.statuses().await.iter().all(|status| *status == 200), "the first is not used at all");
    // Without others nobody takes over.
    let story = Story::new(|_| {}).await;
    let first = credentials::save(&story.service, "first", &story.x, "wrong").await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, keys()).await.unwrap();
    story.schedule(first).await;
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Failed);
    assert!(run.reason.unwrap().contains("X refused the credential (401)"));
    let a_day = Reads::Archive { query: "moon".into(), from: Timestamp(story.now().0 - DAY), to: story.now() };
    let archive = story.schedule_of("archive", a_day, first).await;
    let error = credentials::allow(&story.service, archive, &[first, second]).await.unwrap_err();
    assert!(error.to_string().contains("X takes no credential of the kind of \"second\""), "{error}");
}

/// One that nobody can open, and one that is closed.
#[tokio::test]
async fn where_none_serves_a_schedule_is_not_passed_to_and_fro() {
    let story = Story::new(|config| config.requests_per_window = 4).await;
    let first = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    let second = credentials::save(&story.service, "second", &story.x, keys()).await.unwrap();
    let schedule = story.schedule(second).await;
    credentials::allow(&story.service, schedule, &[first, second]).await.unwrap();
    testing::execute(&Settings::folder(story.folder.path()).store, "UPDATE credentials SET kind = 'bearer'")
        .await
        .unwrap();
    let run = story.run().await;
    assert_eq!(run.status, RunStatus::Running, "{run:?}");
    story.script("[[fault]]\nkind = \"usage-cap\"\npath = \"/2/tweets/search/recent\"\n").await;
    story.wait(16 * MINUTE);
    let run = story.run().await;
    assert_eq!((run.status, run.pages), (RunStatus::Running, 4), "the month is used up: {run:?}");
    story.script("").await;
    story.wait(HOUR);
    let run = story.run().await;
    assert_eq!((run.status, run.pages), (RunStatus::Running, 8), "{run:?}");
    let audit = service::audit::latest(&story.service, 100).await.unwrap();
    let went_over = audit.iter().filter(|entry| entry.action == "schedule.credential").count();
    assert_eq!(went_over, 1, "it went over once");
}

#[tokio::test]
async fn what_cannot_be_a_secret_is_said_without_it() {
    let story = Story::new(|_| {}).await;
    let save = async |name: &str, address: &str, secret: Secret| {
        credentials::save(&story.service, name, address, secret).await.unwrap_err().to_string()
    };
    let consent = |access: &str, refresh: Option<&str>, expires_at| Secret::Oauth2 {
        client_id: "client".into(),
        client_secret: None,
        tokens: Tokens { access: access.into(), refresh: refresh.map(SecretString::from), expires_at },
    };
    for (secret, part) in [
        ("", "the bearer token is missing"),
        ("Bearer s3cret", "begins with the word Bearer"),
        ("s3cret\n", "copy it anew"),
        ("s3crét", "copy it anew"),
        ("\u{feff}s3cret", "copy it anew"),
    ] {
        let error = save("x", &story.x, Secret::from(secret)).await;
        assert!(error.contains(part) && !error.contains("s3cr"), "{error}");
    }
    assert!(save("", &story.x, bearer()).await.contains("needs a name"));
    assert!(save("x", "http://10.0.0.1", bearer()).await.contains("no address Roost may fetch from"));
    let over = save("x", &story.x, consent("s3cret", None, story.now())).await;
    assert!(over.contains("the refresh token is missing"), "{over}");
    assert!(save("x", &story.x, consent("", Some("s3 cret "), story.now())).await.contains("the refresh token has"));
    let later = Timestamp(story.now().0 + HOUR);
    credentials::save(&story.service, "x", &story.x, consent("s3cret", None, later)).await.unwrap();
    assert!(credentials::list(&story.service).await.unwrap()[0].expires_at == Some(later));
}

#[tokio::test]
async fn through_a_proxy_that_asks_for_a_password() {
    let story = Story::new(|_| {}).await;
    let id = credentials::save(&story.service, "first", &story.x, bearer()).await.unwrap();
    story.schedule(id).await;
    let proxy = Proxy::start("roost:proxy-password").await;
    let settings = |address: &str| Settings { x_proxy: Some(address.into()), ..Settings::folder(story.folder.path()) };
    let open = async |address: &str| story.open(&settings(address)).await;

    let wrong = open(&proxy.with("roost:another-password")).await.unwrap();
    fetch::run_due(&wrong, &CancellationToken::new()).await.unwrap();
    let run = schedules::runs(&wrong, 1).await.unwrap().remove(0);
    let told = format!("{run:?}");
    assert!(run.pages == 0 && !told.contains("another-password") && !told.contains("roost:"), "{told}");
    assert!(story.statuses().await.is_empty(), "nothing goes past the proxy");
    wrong.close().await.unwrap();

    let through = open(&proxy.with("roost:proxy-password")).await.unwrap();
    story.wait(HOUR);
    fetch::run_due(&through, &CancellationToken::new()).await.unwrap();
    let run = schedules::runs(&through, 1).await.unwrap().remove(0);
    assert_eq!(run.status, RunStatus::Done, "{run:?}");
    assert_eq!(proxy.passed(), story.statuses().await.len(), "all goes through it");

    let unknown = open("socks5://roost:proxy-password@proxy.example").await.err().unwrap().to_string();
    assert!(unknown.contains("address of the proxy cannot be used") && !unknown.contains("password"), "{unknown}");
    let shown = format!("{:?}", settings(&proxy.with("roost:proxy-password")));
    assert!(!shown.contains("proxy-password"), "{shown}");
}

/// The name of the host is all that a proxy learns of what goes to X itself.
#[tokio::test]
async fn what_goes_to_x_is_under_tls_within_a_proxy() {
    let story = Story::new(|_| {}).await;
    let proxy = Proxy::start("roost:proxy-password").await;
    let settings =
        Settings { x_proxy: Some(proxy.with("roost:proxy-password").into()), ..Settings::folder(story.folder.path()) };
    let service = story.open(&settings).await.unwrap();
    let id = credentials::save(&service, "first", "https://api.x.com", bearer()).await.unwrap();
    story.schedule(id).await;
    let mut fetching = Fetching::new(&service);
    for _ in 0..3 {
        story.wait(MINUTE);
        fetching.advance(&CancellationToken::new()).await.unwrap();
    }
    fetching.close().await;
    let heads = proxy.heads();
    assert!(!heads.is_empty() && heads.iter().all(|head| head.starts_with("CONNECT api.x.com:443 ")), "{heads:?}");
    assert!(heads.iter().all(|head| !head.contains(TOKEN)));
    let run = schedules::runs(&service, 1).await.unwrap().remove(0);
    assert!(run.pages == 0, "{run:?}");
    assert!(run.wait.unwrap().reason.contains("cannot be reached"));
}

#[tokio::test]
async fn no_secret_is_in_what_anybody_can_read() {
    let logs = Logs::start();
    let story = Story::new(|_| {}).await;
    let proxy = Proxy::start("roost:proxy-password").await;
    let x_proxy = Some(proxy.with("roost:proxy-password").into());
    let settings = Settings { x_proxy, ..Settings::folder(story.folder.path()) };
    let service = story.open(&settings).await.unwrap();
    let consent = story.consent().await;
    let mut secrets: BTreeSet<String> = clear(&consent);
    secrets.extend(clear(&keys()));
    secrets.extend([TOKEN, "proxy-password"].map(str::to_owned));
    let mut ids = Vec::new();
    for (name, secret) in [("app", bearer()), ("person", consent), ("keys", keys())] {
        let id = credentials::save(&service, name, &story.x, secret).await.unwrap();
        ids.push(id);
        story.schedule(id).await;
    }
    let store = store::Store::open(&settings.store).await.unwrap();
    // All of it once: refreshed, refused, taken over, by a broken X, and once more.
    story.wait(3 * HOUR);
    // The last says that a day is used up: of one credential, so that others can take over.
    for (fault, times) in [("server-error", 3), ("half-line", 3), ("too-fast", 3), ("odd-headers", 1)] {
        story.script(&format!("[[fault]]\nkind = \"{fault}\"\npath = \"/2/tweets\"\ntimes = {times}\n")).await;
        story.wait(HOUR);
        fetch::run_due(&service, &CancellationToken::new()).await.unwrap();
        let opened = store::credentials::open(&store, ids[1]).await.unwrap().unwrap();
        secrets.extend(clear(&opened.secret));
    }
    assert!(secrets.len() >= 13, "and those of two refreshes");
    for schedule in schedules::list(&service).await.unwrap() {
        credentials::allow(&service, schedule.id, &ids).await.unwrap();
    }
    story.revoke().await;
    story.wait(HOUR);
    fetch::run_due(&service, &CancellationToken::new()).await.unwrap();
    let mut told = logs.take();
    assert!(told.contains("a schedule has another credential now"), "the logs are looked at");
    for schedule in schedules::list(&service).await.unwrap() {
        told += &format!("{:?}", schedules::runs(&service, schedule.id).await.unwrap());
    }
    told += &format!("{:?} {:?}", settings, credentials::list(&service).await.unwrap());
    told += &format!("{:?}", service::audit::latest(&service, 100).await.unwrap());
    service.close().await.unwrap();
    let files = files(story.folder.path());
    assert!(files.len() > 3);
    for secret in &secrets {
        let bytes = secret.as_bytes();
        for form in [secret.clone(), STANDARD.encode(secret), format!("{bytes:?}"), format!("{bytes:02x?}")] {
            assert!(!told.contains(&form), "{form}");
            for (path, bytes) in &files {
                let is_there = bytes.windows(form.len()).any(|bytes| bytes == form.as_bytes());
                assert!(!is_there, "{form} in {}", path.display());
            }
        }
    }
}
