//! Alerts live and in the back-test, on a clock that moves when the story says so.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use model::Timestamp;
use model::account::{CurrentUser, Role};
use model::alert::{Pace, Quiet, Rule, Sensitivity};
use model::explore::ExploreQuery;
use model::observed::ObservedTweet;
use model::time::SECOND;
use service::alerts::{self, NewAlert, Watching, back_test, evaluate_all, tell_due};
use service::views::{self, Manner};
use service::{Clock, Error, Service, Settings, index};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Store;
use store::access::Access;
use store::tweets::Origin;
use tempfile::TempDir;
use testing::{batch, tweet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A Monday at 00:00 UTC.
const START: i64 = 1_789_948_800;
const SETTLED: i64 = 5;

/// Time that moves only when the story says so.
#[derive(Clone)]
struct StoryClock(Arc<AtomicI64>);

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

struct Story {
    service: Service,
    /// What brings posts.
    store: Store,
    clock: StoryClock,
    bea: CurrentUser,
    folder: TempDir,
    next_id: u64,
}

impl Story {
    async fn new() -> Self {
        let clock = StoryClock(Arc::new(AtomicI64::new(START * SECOND)));
        let folder = TempDir::new().unwrap();
        let service = Service::open(&Settings::folder(folder.path()), Arc::new(clock.clone())).await.unwrap();
        let store = Store::open(&store::Settings::sqlite(folder.path())).await.unwrap();
        let id = store::users::create(&store, "bea", "hash", Role::Viewer, clock.now()).await.unwrap();
        let bea = CurrentUser { id, name: "bea".into(), role: Role::Viewer };
        store::collections::find_or_create(&store, "moon", "Moon", clock.now()).await.unwrap();
        Self { service, store, clock, bea, folder, next_id: 1 }
    }

    fn set(&self, second: i64) {
        self.clock.0.store(second * SECOND, Ordering::SeqCst);
    }

    /// Posts of that second come in at that second.
    async fn come(&mut self, second: i64, count: u64) {
        self.come_late(second, second, count).await;
    }

    /// Posts of a second come in at another.
    async fn come_late(&mut self, posted: i64, seen: i64, count: u64) {
        let posts = (0..count).map(|number| self.post(self.next_id + number, posted)).collect::<Vec<_>>();
        self.next_id += count;
        let found = store::collections::find(&self.store, "moon").await.unwrap().unwrap();
        let origin = Origin { collection: found.id, schedule: None };
        testing::write(&self.store, origin, batch(posts), Timestamp::from_seconds(seen)).await.unwrap();
    }

    /// Every third is of a launch, and likes grow.
    fn post(&self, id: u64, second: i64) -> ObservedTweet {
        let mut post = tweet(id, second);
        if id.is_multiple_of(3) {
            post.tweet.text = format!("launch {id}");
        }
        post.tweet.metrics.likes = Some(id % 50);
        post
    }

    async fn alert(&self, name: &str, query: &str, rule: Rule, pace: Pace) -> i64 {
        let watching = Watching::Query(query.to_owned());
        let new = NewAlert { name: name.to_owned(), watching, rule, pace, email: None, webhook: None };
        alerts::create(&self.service, &self.bea, "moon", new).await.unwrap()
    }

    /// All that has come is indexed, and the alerts are looked at, at that second.
    async fn evaluate(&self, second: i64) -> usize {
        self.set(second);
        index::catch_up(&self.service).await.unwrap();
        evaluate_all(&self.service).await.unwrap()
    }

    /// When the alert fired, in seconds since the start, with the number of posts.
    async fn fired(&self, alert: i64) -> Vec<(i64, u64)> {
        let notices = alerts::notices(&self.service, &self.bea).await.unwrap();
        let of_alert = notices.into_iter().filter(|notice| notice.alert == alert).rev();
        of_alert.map(|notice| (notice.at.0 / SECOND - START, notice.count)).collect()
    }

    /// How many posts the page behind a notice shows.
    async fn behind(&self, query: &str) -> u64 {
        let (_, filter) = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "q").unwrap();
        service::explore::count_in(&self.service, &self.bea, "moon", &filter).await.unwrap()
    }

    async fn back_test(&self, query: &str, rule: &Rule, pace: Pace, days: u32) -> Vec<(i64, u64)> {
        let found = back_test(&self.service, &self.bea, "moon", query, rule, pace, days).await.unwrap();
        let moments = found.fired.into_iter().map(|fired| fired.moment);
        moments.map(|moment| (moment.at.0 / SECOND - START, moment.count)).collect()
    }
}

fn pace(cool_down_minutes: u32, max_per_day: u32) -> Pace {
    Pace { cool_down_minutes, max_per_day, ..Pace::default() }
}

fn named(name: &str, is_shared: bool) -> Manner {
    Manner { name: name.to_owned(), is_shared, is_locked: true }
}

fn spike(at_least: u32) -> Rule {
    Rule::Spike { sensitivity: Sensitivity::Normal, at_least }
}

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Each rule with a pace and the query of what it watches.
fn watched() -> Vec<(&'static str, Rule, Pace)> {
    vec![
        ("", Rule::NewMatches { at_least: 1 }, pace(60, 4)),
        ("q=launch&sort=-likes", Rule::NewMatches { at_least: 5 }, pace(0, 100)),
        ("q=launch+created%3E%3Dnow-1d", Rule::NewMatches { at_least: 2 }, pace(240, 3)),
        ("", Rule::Threshold { column: "likes".to_owned(), at_least: 45 }, pace(30, 10)),
        ("", spike(8), Pace { all_clear: true, ..pace(0, 10) }),
        ("q=launch", Rule::Spike { sensitivity: Sensitivity::High, at_least: 3 }, pace(600, 2)),
        ("", Rule::Silence { hours: 2 }, Pace { all_clear: true, ..pace(0, 10) }),
        ("q=launch", Rule::Silence { hours: 5 }, pace(60, 1)),
    ]
}

/// Two days in which posts trickle, burst and cease, evaluated at odd moments.
async fn what_was_told_is_what_the_back_test_says(seed: u64) -> usize {
    let mut story = Story::new().await;
    let mut dice = Dice(seed);
    for _ in 0..120 {
        let posted = START - 1 - dice.below(40 * 86_400) as i64;
        let count = 1 + dice.below(4);
        story.come_late(posted, posted, count).await;
    }
    index::catch_up(&story.service).await.unwrap();
    let mut made = Vec::new();
    for (number, (query, rule, pace)) in watched().into_iter().enumerate() {
        made.push(story.alert(&format!("alert {number}"), query, rule, pace).await);
    }
    const DAYS: u32 = 2;
    let end = START + i64::from(DAYS) * 86_400;
    let mut second = START;
    loop {
        let in_burst = dice.below(10) == 0;
        let posts = if in_burst { 5 + dice.below(8) } else { dice.below(3) };
        for _ in 0..posts {
            second += 1 + dice.below(if in_burst { 200 } else { 2_000 }) as i64;
            if second < end {
                let count = 1 + dice.below(2);
                story.come(second, count).await;
            }
        }
        second += 1 + dice.below(12_000) as i64;
        if second >= end {
            break;
        }
        story.evaluate(second + SETTLED).await;
        if dice.below(4) == 0 {
            // It is stopped and started again.
            let clock = Arc::new(story.clock.clone());
            story.service = Service::open(&Settings::folder(story.folder.path()), clock).await.unwrap();
        }
    }
    story.evaluate(end + SETTLED).await;
    story.set(end);
    let mut moments = 0;
    for (alert, (query, rule, pace)) in made.into_iter().zip(watched()) {
        let told = story.fired(alert).await;
        assert_eq!(told, story.back_test(query, &rule, pace, DAYS).await, "seed {seed}, {rule:?}, {pace:?}");
        moments += told.len();
    }
    // However late a notice is opened, its link shows what it tells of.
    story.set(end + 100);
    for notice in alerts::notices(&story.service, &story.bea).await.unwrap() {
        if notice.count > 0 && !notice.reason.told().contains("usual") {
            assert_eq!(story.behind(&notice.query).await, notice.count, "{notice:?}");
            assert_eq!(notice.samples.len() as u64, notice.count.min(3));
        }
    }
    moments
}

#[tokio::test]
async fn what_is_told_live_is_what_the_back_test_says() {
    let mut moments = 0;
    for seed in 1..=3 {
        moments += what_was_told_is_what_the_back_test_says(seed).await;
    }
    assert!(moments > 60, "only {moments} notices: the story is too quiet to prove anything");
}

#[tokio::test]
async fn a_month_with_four_spikes_gives_four_marks_and_the_fifth_is_told() {
    let mut story = Story::new().await;
    // Ten posts an hour at noon for ten weeks, and four noons with a hundred.
    let spikes = [25, 18, 9, 2];
    for day in 1..70 {
        let noon = START - day * 86_400 + 12 * 3600;
        let count = if spikes.contains(&day) { 100 } else { 10 };
        story.come_late(noon, START - 1, count).await;
    }
    index::catch_up(&story.service).await.unwrap();
    let found = back_test(&story.service, &story.bea, "moon", "", &spike(20), Pace::default(), 30).await.unwrap();
    let days: Vec<i64> = found.fired.iter().map(|fired| (START - fired.moment.at.0 / SECOND) / 86_400 + 1).collect();
    assert_eq!(days, spikes);
    assert_eq!(
        found.fired[0].reason.told(),
        "100 tweets since 2026-08-27 12:00 UTC; usual for the whole hour: 10 tweets."
    );
    assert_eq!(story.behind(&found.fired[0].query).await, 100);
    assert_eq!(found.days.len(), 30);

    let alert = story.alert("Spike", "", spike(20), Pace::default()).await;
    story.come(START + 12 * 3600, 40).await;
    assert_eq!(story.evaluate(START + 12 * 3600 + 10).await, 1);
    assert_eq!(story.fired(alert).await, [(12 * 3600, 40)]);
    // 400 more within the hour, and in the hour after: the same spike.
    story.come(START + 12 * 3600 + 600, 400).await;
    story.come(START + 13 * 3600 + 60, 400).await;
    assert_eq!(story.evaluate(START + 13 * 3600 + 70).await, 0);
}

#[tokio::test]
async fn what_comes_late_is_told_once_and_no_outage_is_a_spike() {
    let mut story = Story::new().await;
    let new = story.alert("New", "", Rule::NewMatches { at_least: 1 }, pace(0, 100)).await;
    let rising = story.alert("Spike", "", spike(20), pace(0, 10)).await;
    story.evaluate(START + 6 * 3600).await;
    // The schedule could not reach X for five hours: 15 posts of each.
    for hour in 1..=5 {
        story.come_late(START + hour * 3600, START + 6 * 3600 + 1, 15).await;
    }
    assert_eq!(story.evaluate(START + 6 * 3600 + 10).await, 1);
    assert_eq!(story.fired(new).await, [(6 * 3600 + 1, 75)]);
    assert!(story.fired(rising).await.is_empty());
    // An archive is imported: it is history.
    story.come_late(START - 90 * 86_400, START + 7 * 3600, 500).await;
    assert_eq!(story.evaluate(START + 8 * 3600).await, 0);
    assert_eq!(story.fired(new).await.len(), 1);
}

#[tokio::test]
async fn what_is_not_indexed_yet_is_told_when_it_is() {
    let mut story = Story::new().await;
    let alert = story.alert("New", "", Rule::NewMatches { at_least: 1 }, pace(0, 100)).await;
    story.come(START + 10, 3).await;
    story.set(START + 60);
    assert_eq!(evaluate_all(&story.service).await.unwrap(), 0, "the index is behind");
    story.come(START + 70, 1).await;
    assert_eq!(story.evaluate(START + 90).await, 2);
    assert_eq!(story.fired(alert).await, [(10, 3), (70, 1)]);
}

#[tokio::test]
async fn of_two_processes_one_tells() {
    let mut story = Story::new().await;
    let alert = story.alert("New", "", Rule::NewMatches { at_least: 1 }, pace(0, 100)).await;
    let clock = Arc::new(story.clock.clone());
    let other = Service::open(&Settings::folder(story.folder.path()), clock).await.unwrap();
    for minute in 1..=5 {
        story.come(START + minute * 60, 1).await;
        story.set(START + minute * 60 + 10);
        index::catch_up(&story.service).await.unwrap();
        index::catch_up(&other).await.unwrap();
        let (one, two) = tokio::join!(evaluate_all(&story.service), evaluate_all(&other));
        assert_eq!(one.unwrap() + two.unwrap(), 1);
    }
    assert_eq!(story.fired(alert).await.len(), 5);
}

#[tokio::test]
async fn an_alert_rests_and_goes_on_with_what_comes_then() {
    let mut story = Story::new().await;
    let alert = story.alert("New", "", Rule::NewMatches { at_least: 1 }, pace(0, 100)).await;
    alerts::pause(&story.service, &story.bea, alert).await.unwrap();
    story.come(START + 60, 1).await;
    assert_eq!(story.evaluate(START + 100).await, 0);
    alerts::resume(&story.service, &story.bea, alert).await.unwrap();
    story.come(START + 120, 2).await;
    assert_eq!(story.evaluate(START + 200).await, 1);
    assert_eq!(story.fired(alert).await, [(120, 2)]);
}

#[tokio::test]
async fn an_alert_of_no_view_never_takes_the_place_of_one() {
    let story = Story::new().await;
    let query = "q=launch".to_owned();
    let view = views::create(&story.service, &story.bea, "moon", named("Mine", false), query.clone()).await.unwrap();
    let make = async |query: &str| {
        let new = NewAlert {
            name: "Mine".into(),
            watching: Watching::Query(query.into()),
            rule: Rule::NewMatches { at_least: 1 },
            pace: pace(0, 100),
            email: None,
            webhook: None,
        };
        alerts::create(&story.service, &story.bea, "moon", new).await
    };
    let refused = make("q=moon").await.unwrap_err().to_string();
    assert!(refused.starts_with("You have a view \"Mine\" already"), "{refused}");
    make("q=launch").await.unwrap();
    let listed = alerts::list(&story.service, &story.bea).await.unwrap().remove(0);
    assert_eq!(listed.view.map(|view| (view.id, view.query)), Some((view, query)));
}

#[tokio::test]
async fn what_fires_in_quiet_hours_and_that_it_is_over_come_together_when_they_end() {
    let mut story = Story::new().await;
    let quiet = Some(Quiet { from: 0, to: 6, days: 1 });
    let pace = Pace { quiet, all_clear: true, ..pace(0, 100) };
    let alert = story.alert("Silence", "", Rule::Silence { hours: 1 }, pace).await;
    story.come(START + 60, 1).await;
    assert_eq!(story.evaluate(START + 3_800).await, 1);
    story.come(START + 4_000, 2).await;
    assert_eq!(story.evaluate(START + 4_100).await, 1, "it is over");
    assert_eq!(story.evaluate(START + 6 * 3_600 - 1).await, 1, "and silent again");
    assert!(story.fired(alert).await.is_empty(), "it is quiet");
    story.set(START + 6 * 3_600);
    assert_eq!(story.fired(alert).await, [(3_660, 0), (4_000, 2), (7_600, 0)]);
    let notice = alerts::notices(&story.service, &story.bea).await.unwrap().remove(1);
    assert_eq!(notice.reason.told(), "All clear: 2 tweets at 2026-09-21 01:06 UTC, after the silence.");
    assert_eq!(story.behind(&notice.query).await, 2);
}

#[tokio::test]
async fn the_explore_page_marks_where_alerts_on_its_view_fired() {
    let mut story = Story::new().await;
    let alert = story.alert("New", "q=launch", Rule::NewMatches { at_least: 1 }, pace(0, 100)).await;
    story.come(START + 60, 6).await;
    assert_eq!(story.evaluate(START + 100).await, 1);
    let view = alerts::list(&story.service, &story.bea).await.unwrap().remove(0).view.unwrap().id;
    let fired = async |view| {
        let query = ExploreQuery { collection: "moon".into(), filter: "launch".into(), view, ..Default::default() };
        service::explore::page(&story.service, &story.bea, &query).await.unwrap().fired
    };
    assert!(fired(None).await.is_empty() && fired(Some(view + 1)).await.is_empty());
    let marks = fired(Some(view)).await;
    assert_eq!(marks.iter().map(|mark| mark.alert.as_str()).collect::<Vec<_>>(), ["New"]);
    assert_eq!(story.fired(alert).await, [((marks[0].at.0 / SECOND) - START, story.behind(&marks[0].query).await)]);
}

#[tokio::test]
async fn an_alert_follows_its_view_and_says_when_that_is_gone() {
    let mut story = Story::new().await;
    let view =
        views::create(&story.service, &story.bea, "moon", named("mine", false), "q=nothing".into()).await.unwrap();
    let new = NewAlert {
        name: "Mine".into(),
        watching: Watching::View(view),
        rule: Rule::NewMatches { at_least: 1 },
        pace: pace(0, 100),
        email: None,
        webhook: None,
    };
    let alert = alerts::create(&story.service, &story.bea, "moon", new).await.unwrap();
    let query = "q=launch&cols=text,likes".to_owned();
    views::save_over(&story.service, &story.bea, "moon", (view, 0), query).await.unwrap();
    story.come(START + 60, 6).await;
    assert_eq!(story.evaluate(START + 100).await, 1);
    assert_eq!(story.fired(alert).await, [(60, 2)], "two of six are of a launch");
    let notice = alerts::notices(&story.service, &story.bea).await.unwrap().remove(0);
    assert!(notice.query.contains("cols=text%2Clikes"), "{}", notice.query);

    views::delete(&story.service, &story.bea, "moon", view).await.unwrap();
    assert_eq!(story.evaluate(START + 200).await, 0);
    let listed = alerts::list(&story.service, &story.bea).await.unwrap().remove(0);
    assert!(listed.problem.unwrap().contains("was deleted"));
}

/// Answers each connection with the next status, and tells what it was sent.
async fn answering(statuses: &'static [&'static str]) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (tell, told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 64 << 10];
            let length = stream.read(&mut request).await.unwrap();
            let answer = format!(
                "HTTP/1.1 {status}\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            tell.send(String::from_utf8_lossy(&request[..length]).into_owned()).unwrap();
        }
    });
    (host, told)
}

/// A story in which one alert with a webhook to that host has fired.
async fn fired_with_webhook(host: &str) -> (Story, i64) {
    let mut story = Story::new().await;
    let outlets = alerts::OutletSettings { webhook_hosts: host.to_owned(), ..Default::default() };
    let settings = Settings { outlets, ..Settings::folder(story.folder.path()) };
    story.service = Service::open(&settings, Arc::new(story.clock.clone())).await.unwrap();
    let new = NewAlert {
        name: "New".into(),
        watching: Watching::Query(String::new()),
        rule: Rule::NewMatches { at_least: 1 },
        pace: pace(0, 100),
        email: None,
        webhook: Some(format!("http://{host}/hook")),
    };
    let alert = alerts::create(&story.service, &story.bea, "moon", new).await.unwrap();
    story.come(START + 60, 1).await;
    assert_eq!(story.evaluate(START + 100).await, 1);
    (story, alert)
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    request.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
}

#[tokio::test]
async fn a_webhook_that_did_not_arrive_is_sent_again_under_the_same_name() {
    let (host, mut told) = answering(&["503 Busy", "500 Broken", "200 OK"]).await;
    let (story, alert) = fired_with_webhook(&host).await;
    let tell = async |second: i64| {
        story.set(START + second);
        tell_due(&story.service, "http://roost.test").await.unwrap()
    };
    assert_eq!(tell(100).await, 0);
    let troubles = alerts::troubles(&story.service).await.unwrap();
    assert_eq!(troubles[&alert], "the webhook's host answered 503");
    assert_eq!(tell(150).await, 0, "not before a minute");
    assert_eq!(tell(160).await, 0);
    assert_eq!(tell(459).await, 0, "and then not before five");
    assert_eq!(tell(460).await, 1);
    assert_eq!(tell(100_000).await, 0, "it arrived");
    let sent = [told.recv().await.unwrap(), told.recv().await.unwrap(), told.recv().await.unwrap()];
    let name = |request: &String| header(request, "roost-delivery").to_owned();
    assert!(sent.iter().all(|request| name(request) == name(&sent[0])));
    assert_ne!(header(&sent[0], "roost-signature"), header(&sent[2], "roost-signature"), "the time is signed too");
    assert!(alerts::troubles(&story.service).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_webhook_that_is_led_elsewhere_or_refused_is_given_up() {
    let (host, mut told) = answering(&["302 Found"]).await;
    let (story, alert) = fired_with_webhook(&host).await;
    story.set(START + 100);
    assert_eq!(tell_due(&story.service, "http://roost.test").await.unwrap(), 0);
    told.recv().await.unwrap();
    assert_eq!(alerts::troubles(&story.service).await.unwrap()[&alert], "the webhook's host answered 302");
    story.set(START + 1_000_000);
    assert_eq!(tell_due(&story.service, "http://roost.test").await.unwrap(), 0);
    assert!(told.recv().await.is_none(), "nothing more was sent");
}

#[tokio::test]
async fn what_cannot_be_watched_is_refused_with_words() {
    let story = Story::new().await;
    let refused = async |name: &str, query: &str, rule: Rule, email: Option<&str>, webhook: Option<&str>| {
        let new = NewAlert {
            name: name.to_owned(),
            watching: Watching::Query(query.to_owned()),
            rule,
            pace: Pace::default(),
            email: email.map(str::to_owned),
            webhook: webhook.map(str::to_owned),
        };
        alerts::create(&story.service, &story.bea, "moon", new).await.unwrap_err().to_string()
    };
    let rule = || Rule::NewMatches { at_least: 1 };
    assert!(refused(" ", "", rule(), None, None).await.contains("needs a name"));
    assert!(refused("a", "q=likes%3E%3Dmany", rule(), None, None).await.contains("many"));
    assert!(refused("a", "", Rule::Silence { hours: 0 }, None, None).await.contains("from 1 to 720"));
    assert!(refused("a", "", rule(), Some("bea@roost.example"), None).await.contains("smtp_host"));
    assert!(refused("a", "", rule(), None, Some("https://hooks.example/x")).await.contains("webhook_hosts"));
    assert!(alerts::list(&story.service, &story.bea).await.unwrap().is_empty());
}

#[tokio::test]
async fn only_its_maker_and_admins_may_change_an_alert_and_a_personal_one_is_not_seen() {
    let story = Story::new().await;
    let alert = story.alert("Mine", "q=launch", Rule::NewMatches { at_least: 1 }, Pace::default()).await;
    let ana = store::users::create(&story.store, "ana", "hash", Role::Viewer, story.clock.now()).await.unwrap();
    let ana = CurrentUser { id: ana, name: "ana".into(), role: Role::Viewer };
    let hidden = alerts::subscribe(&story.service, &ana, alert, None).await;
    assert!(matches!(hidden, Err(Error::NotFound(_))));
    // Its view is shared from now on.
    let view = alerts::list(&story.service, &story.bea).await.unwrap().remove(0).view.unwrap().id;
    views::manage(&story.service, &story.bea, "moon", view, named("Mine", true)).await.unwrap();
    alerts::subscribe(&story.service, &ana, alert, None).await.unwrap();
    assert!(matches!(alerts::delete(&story.service, &ana, alert).await, Err(Error::Invalid(_))));
    let admin = CurrentUser { role: Role::Admin, ..ana.clone() };
    alerts::delete(&story.service, &admin, alert).await.unwrap();
    assert!(alerts::list(&story.service, &story.bea).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_may_not_open_the_collection_any_more_is_told_nothing() {
    let (host, mut told) = answering(&["200 OK"]).await;
    let (mut story, alert) = fired_with_webhook(&host).await;
    let moon = store::collections::find(&story.store, "moon").await.unwrap().unwrap().id;
    let allow = async |story: &Story, is_restricted| {
        let allowed = Access { is_restricted, ..Access::default() };
        store::access::set(&story.store, moon, &allowed, story.bea.id, story.clock.now()).await.unwrap();
    };
    allow(&story, true).await;
    assert_eq!(tell_due(&story.service, "http://roost.test").await.unwrap(), 0);
    assert!(told.try_recv().is_err(), "what waited was not sent");
    assert!(alerts::notices(&story.service, &story.bea).await.unwrap().is_empty());
    assert_eq!(alerts::unread(&story.service, &story.bea).await.unwrap(), 0);
    assert!(alerts::list(&story.service, &story.bea).await.unwrap().is_empty());
    story.come(START + 160, 5).await;
    assert_eq!(story.evaluate(START + 200).await, 0);
    assert!(matches!(alerts::resume(&story.service, &story.bea, alert).await, Err(Error::NotFound(_))));

    allow(&story, false).await;
    assert_eq!(alerts::unread(&story.service, &story.bea).await.unwrap(), 1);
    assert_eq!(story.evaluate(START + 300).await, 1, "it goes on where it was");
    assert_eq!(tell_due(&story.service, "http://roost.test").await.unwrap(), 1);
    assert!(told.recv().await.unwrap().contains("POST /hook"));
}
