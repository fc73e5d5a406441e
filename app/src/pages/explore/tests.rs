//! The page as the server writes it, for hand-made answers.

use super::state::Opened;
use super::*;
use crate::api::Shared;
use futures::StreamExt;
use leptos::reactive::computed::ScopedFuture;
use leptos_router::components::Router;
use leptos_router::location::RequestUrl;
use model::columns::DEFAULT_FACETS;
use model::explore::{Bucket, ExplorePage, Facet, FacetValue, Fired, Histogram};
use model::texts::{Language, within};
use model::tweet::{AuthorStats, Link, Media, Metrics, Reference, ReferenceKind, Tag};
use model::{CollectionId, Pid, Row, Timestamp, Tweet, collection::Collection, filter, time};

const NOW: Timestamp = Timestamp::from_seconds(1_795_360_000);

/// Texts that have broken pages before.
const TEXTS: [&str; 8] = [
    "Second rocket launch this week went without a hitch. The booster is back on the pad and looks better than mine after a marathon 🚀",
    "<script>alert(1)</script><img src=x onerror=alert(2)> & \"quotes\" </textarea></title>",
    "تم تأجيل إطلاق الصاروخ مرة أخرى بسبب الرياح القوية #إطلاق",
    "evil \u{202e}txt.exe\u{202c} and zalgo z\u{310}\u{311}\u{312}\u{313}\u{314}\u{315}\u{316}\u{317}\u{318}\u{319}\u{31a}\u{31b} end",
    "打ち上げは成功しました。ロケットは無事に着陸しました。 #宇宙 https://t.co/abc",
    "Countdown auf der Insel: Start der Rakete verschoben auf 16 Uhr, Wind zu stark. Livebilder gleich.",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsversammlungsprotokollführerstellvertreter launch",
    "Range is green. Weather 90 % favourable.\nCoffee: cold. @nasa $TSLA #moon",
];

fn row(index: u64) -> Row {
    let text = TEXTS[index as usize % TEXTS.len()];
    let id = TweetId(1_992_240_117_330_288_640 - index);
    let mut tweet = Tweet::new(id, NOW, Timestamp(NOW.0 - (index * index + 3) as i64 * 7 * time::MINUTE), text);
    let mut pid = [0u8; 16];
    pid[0] = (index * 37 + 0x7f) as u8;
    pid[1] = (index * 91 + 0x3a) as u8;
    pid[15] = index as u8;
    tweet.author = Some(Pid(pid));
    tweet.lang = Some(["en", "en", "ar", "und", "ja", "de", "de", "en"][index as usize % 8].into());
    let odd = index % 5 == 3;
    tweet.metrics = Metrics {
        likes: Some((index * 7919) % 2500),
        reposts: Some((index * 104_729) % 600),
        replies: Some(index % 41),
        quotes: Some(index % 7),
        bookmarks: None,
        views: (!odd).then_some((index * 15_485_863) % 300_000 + 2000),
    };
    let place = |needle: &str| text.find(needle).map(|at| text[..at].chars().count() as u32);
    if let Some(start) = place("#moon") {
        tweet.entities.hashtags.push(Tag { start, end: start + 5, tag: "moon".into() });
    }
    if let Some(start) = place("@nasa") {
        tweet.entities.mentions.push(Tag { start, end: start + 5, tag: "nasa".into() });
    }
    if let Some(start) = place("https://t.co/abc") {
        tweet.entities.links.push(Link {
            start,
            end: start + 16,
            url: "https://t.co/abc".into(),
            expanded: Some("https://www.example.org/launch?x=<y>".into()),
            display: Some("example.org/launch".into()),
            title: None,
        });
    }
    if index == 0 {
        tweet.references.push(Reference { kind: ReferenceKind::Quoted, id: TweetId(5) });
        tweet.media.push(Media {
            key: "m".into(),
            kind: "photo".into(),
            alt_text: Some("A rocket on its pad".into()),
            url: None,
            duration_ms: None,
        });
    }
    let author_stats = AuthorStats { followers: Some(48_112), verified: Some(false), ..AuthorStats::default() };
    Row {
        tweet,
        author_stats,
        collections: vec!["airline".into()],
        queries: vec!["launch".into()],
        first_seen: NOW,
        pace: Default::default(),
        tags: Vec::new(),
        noted: false,
    }
}

fn facet(name: &str) -> Facet {
    let values: &[(&str, u64)] = match name {
        "lang" => &[("en", 7990), ("de", 4102), ("ja", 2214), ("es", 1880), ("ar", 902), ("und", 411), ("pt", 12)],
        "type" => &[("original", 6310), ("reply", 3702), ("quote", 2468), ("retweet", 0)],
        "hashtag" => &[("gpu", 2114), ("launch", 1930), ("raumfahrt", 1004), ("moon", 811), ("إطلاق", 90)],
        "domain" => &[("spacenews.example", 640), ("a-very-long-domain-name-that-goes-on.example", 512)],
        "author" => &[("7f3a91c2000000000000000000000001", 31), ("19aa0701000000000000000000000002", 12)],
        "media" => &[("photo", 3100), ("animated_gif", 210)],
        _ => &[],
    };
    let values: Vec<_> =
        values.iter().map(|(value, count)| FacetValue { value: (*value).into(), count: *count }).collect();
    let distinct = if name == "hashtag" { 1204 } else { values.len() as u64 };
    Facet { column: name.into(), values, missing: if name == "hashtag" { 5202 } else { 0 }, total: 12_480, distinct }
}

fn page(rows: u64) -> ExplorePage {
    let interval = 3 * time::HOUR;
    let from = NOW.floor(interval).0 - 55 * interval;
    let buckets = (0..56i64).filter(|index| !(24..26).contains(index)).map(|index| Bucket {
        start: Timestamp(from + index * interval),
        count: if rows == 0 {
            0
        } else {
            (22 + (index * 7919 % 17) + if (39..45).contains(&index) { 40 } else { 0 }) as u64 * 5
        },
    });
    ExplorePage {
        collection: Collection {
            id: CollectionId(1),
            slug: "airline".into(),
            title: "Launch <week>".into(),
            created_at: NOW,
        },
        total: if rows == 0 { 0 } else { 12_480 },
        authors: if rows == 0 { 0 } else { 3102 },
        newest: (rows > 0).then_some(Timestamp(NOW.0 - 6 * time::MINUTE)),
        first_position: (rows > 0).then_some(1),
        rows: (0..rows).map(row).collect(),
        next: Some("next-cursor".into()),
        previous: None,
        facets: DEFAULT_FACETS.iter().map(|name| facet(name)).collect(),
        histogram: Histogram {
            interval,
            from: Timestamp(from),
            to: Timestamp(from + 56 * interval),
            buckets: buckets.collect(),
            ..Default::default()
        },
        fired: Vec::new(),
        handles: Default::default(),
        without: if rows == 0 { vec![1204, 0] } else { Vec::new() },
        views: Vec::new(),
        answered_at: NOW,
        behind: 0,
    }
}

/// The page for a query string, as HTML.
async fn render(search: &str, answer: Result<ExplorePage, AppError>) -> String {
    let answer = answer.map(Shared::new);
    let _ = any_spawner::Executor::init_tokio();
    let owner = Owner::new();
    let search = search.to_owned();
    let view = owner.with(|| {
        provide_context(RequestUrl::new(&format!("/c/airline?{search}")));
        leptos_meta::provide_meta_context();
        let user = model::account::CurrentUser { id: 1, name: "Berta".into(), role: model::account::Role::Admin };
        let installation = crate::site::Installation { version: "0.1.0".into(), landscape: "qa".into() };
        provide_context(crate::site::Visit { user: Some(user), unread: 0, installation });
        let found = move || {
            let here = Memo::new(move |_| Here::at(ExploreUrl::parse("airline", &search), None));
            let page = move |_| std::future::ready(answer.clone());
            let detail = |opened: Opened| {
                std::future::ready(Ok(opened.map(|_| TweetDetail { row: row(0), referenced: vec![row(5)] })))
            };
            workbench(State::new(here, page, detail))
        };
        view! { <Router><Frame class="explore">{found()}</Frame></Router> }.into_any()
    });
    let whole = async move { view.to_html_stream_in_order().collect::<String>().await };
    owner.with(|| ScopedFuture::new(whole)).await
}

#[tokio::test]
async fn tweets_are_text_and_nothing_else() {
    let html = render("q=launch&tweet=1992240117330288640", Ok(page(20))).await;
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"));
    assert!(!html.contains("\u{202e}"), "a direction override must not reach the page");
    assert!(!html.contains(" style="), "the content security policy refuses inline styles");
    assert!(html.contains("rel=\"noopener noreferrer nofollow\""));
    assert!(html.contains("<mark>launch</mark>"));
}

#[tokio::test]
async fn the_count_the_rows_and_the_facets_are_there_without_script() {
    let html = render("", Ok(page(3))).await;
    for part in ["12,480", "3,102 authors", "1 bar = 3 h", "1–3 of 12,480", "newest ", "6 min ago", "(none)"] {
        assert!(html.contains(part), "{part} is missing");
    }
    assert_eq!(html.matches("class=\"row-link\"").count(), 3);
    assert!(html.contains("href=\"/c/airline?q=lang:en\""), "a facet value is a link");
}

/// In German, at every step: the executor of the test may go on on another thread.
async fn render_in_german(search: &str, answer: Result<ExplorePage, AppError>) -> String {
    let german = Language::named("de").expect("Roost speaks German");
    let mut page = std::pin::pin!(render(search, answer));
    std::future::poll_fn(|context| within(german, || page.as_mut().poll(context))).await
}

#[tokio::test]
async fn in_german_nothing_of_the_page_is_english() {
    let english: Vec<&str> = include_str!("../../../../model/texts/en.txt").lines().collect();
    let german = include_str!("../../../../model/texts/de.txt");
    // What has no placeholder and is no word of German or of a tweet.
    let texts = english.iter().filter_map(|line| line.split_once(" = "));
    let texts = texts.map(|(_, text)| text).filter(|text| !text.contains('{') && text.len() > 7);
    let texts: Vec<&str> = texts.filter(|text| !german.contains(*text) && !text.starts_with('%')).collect();
    assert!(texts.len() > 100, "the texts are where they are looked for");
    let pages = [
        render_in_german("q=launch+lang:de+-is:reply&tweet=1992240117330288640", Ok(page(20))).await,
        render_in_german("q=launch+lang:de&previous=1&split=lang", Ok(page(0))).await,
        render_in_german("q=lkes%3E%3D50", Err(AppError::Unavailable)).await,
    ];
    for html in pages {
        // Between tags or as a whole attribute; "launch" and its like are words of the tweets.
        let shown = |text: &str| html.contains(&format!(">{text}<")) || html.contains(&format!("\"{text}\""));
        let found: Vec<&&str> = texts.iter().filter(|text| shown(text)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[tokio::test]
async fn in_german_numbers_times_and_errors_are_german() {
    let html = render_in_german("q=launch", Ok(page(3))).await;
    for part in
        ["12.480 Tweets", "von 3.102 Autoren", "1 Balken = 3 Std.", "vor 6 Min.", "1–3 von 12.480", "Text enthält"]
    {
        assert!(html.contains(part), "{part} is missing");
    }
    let html = render_in_german("q=lkes%3E%3D50", Ok(page(3))).await;
    assert!(html.contains("Es gibt keine Spalte") && html.contains("Meinten Sie likes?"));
}

#[tokio::test]
async fn a_wrong_filter_is_explained_and_nothing_else_breaks() {
    let error = filter::parse("lkes>=50").unwrap_err();
    let html = render("q=lkes%3E%3D50", Err(AppError::Filter(error, Some("Launch <week>".into())))).await;
    assert!(html.contains("<mark>lkes</mark>") && html.contains("href=\"/c/airline?q=likes%3E%3D50\""));
    assert!(html.contains("id=\"query\""));
    assert!(html.contains("<bdi>Launch &lt;week&gt;</bdi>"), "the page still says what it is of");
    let html = render("", Err(AppError::NotFound("There is none.".into()))).await;
    assert!(html.contains("<bdi>No such collection</bdi>"));
}

#[tokio::test]
async fn bars_stand_in_the_cells_of_the_columns_that_were_chosen() {
    let bars = |html: &str| -> Vec<String> {
        let all = html.split("class=\"cell-bar\"").skip(1);
        all.filter_map(|rest| Some(rest.split_once("width=\"")?.1.split('"').next()?.to_owned())).collect()
    };
    assert_eq!(bars(&render("", Ok(page(3))).await), [""; 0]);
    // They have 0, 419 and 838 likes.
    assert_eq!(bars(&render("bars=likes", Ok(page(3))).await), ["50.0%", "100.0%"]);
}

#[tokio::test]
async fn no_rows_name_the_conditions() {
    let html = render("q=launch+lang:de", Ok(page(0))).await;
    assert!(html.contains("No tweets match") && html.contains("Without this"));
}

#[tokio::test]
async fn where_an_alert_fired_is_a_mark_that_leads_to_its_notice() {
    let at = Timestamp(NOW.0 - 2 * time::DAY);
    let (alert, reason) = ("Launch <b>".to_owned(), "12 posts new.".to_owned());
    let fired = vec![Fired { at, alert, reason, query: "q=launch+created%3E%3D2026-11-22T14:00".to_owned() }];
    let html = render("view=3", Ok(ExplorePage { fired, ..page(3) })).await;
    let mark = html.split(r#"class="fired""#).nth(1).and_then(|rest| rest.split("</figure>").next()).unwrap();
    assert!(mark.contains(r#"href="/c/airline?q=launch+created%3E%3D2026-11-22T14:00""#), "{mark}");
    assert!(mark.contains("Launch &lt;b&gt; fired") && mark.contains("UTC: 12 posts new."), "{mark}");
    assert!(mark.contains("notices of alerts on this view"));
    assert!(!render("view=3", Ok(page(3))).await.contains("mark-fired"));
}

#[tokio::test]
async fn the_choice_of_the_time_marks_what_is_chosen_and_moves_no_column() {
    let html = render("q=created%3E%3Dnow-7d", Ok(page(3))).await;
    let menu = html.split_once(r#"id="time""#).unwrap().1.split_once("</div></div>").unwrap().0;
    let chosen = menu.split_once(r#"aria-current="true""#).unwrap().1;
    assert!(menu.contains("Any time") && chosen.starts_with(">Last 7 days<"), "{menu}");
    assert!(!menu.contains("Hide column") && !menu.contains("Wider"), "{menu}");
}
