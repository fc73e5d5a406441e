//! Every endpoint, asked over HTTP.

mod common;

use common::{EVERYTHING, START, World, ask, ids, json, refused};
use model::time::{DAY, HOUR, MINUTE};
use model::{Timestamp, TweetId, UserId};
use serde_json::Value;
use source::counts::{Counts, Granularity};
use source::rules::{Changed, Mode, NewRule, Rules};
use source::search::SearchRequest;
use source::timelines::{Excluded, Timeline};
use source::usage::{Credits, Usage};
use source::{Expansions, RefusalKind, Span, XClient};
use source::{compliance, connections, counts, description, lookup, rules, search, timelines, usage};

fn everything(span: Span, next_token: Option<&str>) -> SearchRequest<'_> {
    SearchRequest { query: EVERYTHING, span, expansions: Expansions::ALL, next_token, max_results: None }
}

fn next(page: &Value) -> Option<String> {
    page["meta"]["next_token"].as_str().map(str::to_owned)
}

async fn first_page(client: &XClient) -> Value {
    json(client, &search::recent(&everything(Span::All, None))).await
}

#[tokio::test]
async fn a_search_is_paged_to_its_end_and_bounded_by_ids_or_times() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let (mut found, mut token) = (Vec::new(), None);
    loop {
        let page = json(&client, &search::recent(&everything(Span::All, token.as_deref()))).await;
        found.extend(ids(&page));
        token = next(&page);
        if token.is_none() {
            break;
        }
    }
    let count = world.simulator("GET", "count", "").await["count"].as_u64().unwrap();
    assert_eq!(found.len() as u64, count);
    let bounds = [&found[120], &found[20]].map(|id| id.parse::<TweetId>().ok());
    let span = Span::Ids { since: bounds[0], until: bounds[1] };
    assert_eq!(ids(&json(&client, &search::recent(&everything(span, None))).await), found[21..120], "both excluded");
    let hour = Span::Times { start: Some(Timestamp(START.0 - 2 * HOUR)), end: Some(Timestamp(START.0 - HOUR)) };
    let page = json(&client, &search::recent(&everything(hour, None))).await;
    let times: Vec<&str> =
        page["data"].as_array().unwrap().iter().map(|post| post["created_at"].as_str().unwrap()).collect();
    assert!(!times.is_empty() && times.iter().all(|time| time.starts_with("2026-11-23T10:")), "{times:?}");
}

#[tokio::test]
async fn nothing_is_cut_and_what_may_cost_is_a_choice() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let page = first_page(&client).await;
    let posts = page["data"].as_array().unwrap();
    assert!(posts.iter().any(|post| post["note_post"]["text"].is_string()), "long posts are whole");
    let referenced = posts.iter().filter(|post| post["referenced_posts"].is_array()).count();
    let included = page["includes"]["posts"].as_array().unwrap();
    assert!(referenced > 0 && !included.is_empty() && page["includes"]["users"].is_array());

    let cheap = SearchRequest { expansions: Expansions::NONE, ..everything(Span::All, None) };
    let before = world.simulator("GET", "ledger", "").await["billed"]["users"].clone();
    assert!(json(&client, &search::recent(&cheap)).await.get("includes").is_none());
    let posts_only = Expansions { tweets: true, ..Expansions::NONE };
    let posts_only = SearchRequest { expansions: posts_only, ..everything(Span::All, None) };
    let page = json(&client, &search::recent(&posts_only)).await;
    assert!(page["includes"]["posts"].is_array() && page["includes"].get("users").is_none());
    assert_eq!(world.simulator("GET", "ledger", "").await["billed"]["users"], before);
}

#[tokio::test]
async fn the_archive_has_large_pages_or_annotated_ones_and_takes_one_request_a_second() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let all = |annotations| search::all(&everything(Span::All, None), annotations);
    assert_eq!(ids(&json(&client, &all(false)).await).len(), 500);
    assert_eq!(refused(&client, &all(false)).await, RefusalKind::TooFast);
    world.advance(common::seconds(1));
    let page = json(&client, &all(true)).await;
    assert_eq!(ids(&page).len(), 100);
    assert!(page["data"].as_array().unwrap().iter().any(|post| post["context_annotations"].is_array()));
}

#[tokio::test]
async fn counts_tell_how_much_a_search_will_find() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let body = ask(&client, &counts::recent(EVERYTHING, Span::All, Granularity::Hour)).await.body.unwrap();
    let recent = Counts::read(&body).unwrap();
    assert_eq!((recent.buckets.len(), recent.next_token), (7 * 24 + 1, None));
    assert_eq!(recent.buckets.iter().map(|bucket| bucket.posts).sum::<u64>(), recent.total.unwrap());
    assert!(recent.buckets.windows(2).all(|pair| pair[0].end == pair[1].start));

    let since = Span::Times { start: Some(Timestamp(START.0 - 40 * DAY)), end: None };
    let body = ask(&client, &counts::all(EVERYTHING, since, Granularity::Day, None)).await.body.unwrap();
    let newest = Counts::read(&body).unwrap();
    let token = newest.next_token.clone().unwrap();
    let body = ask(&client, &counts::all(EVERYTHING, since, Granularity::Day, Some(&token))).await.body.unwrap();
    let oldest = Counts::read(&body).unwrap();
    assert_eq!(oldest.next_token, None);
    assert_eq!(oldest.buckets.last().unwrap().end, newest.buckets[0].start, "31 days, and the rest");
}

#[tokio::test]
async fn timelines_and_look_ups_name_accounts_and_posts() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let page = first_page(&client).await;
    let author: UserId = page["data"][0]["author_id"].as_str().unwrap().parse().unwrap();
    let timeline =
        Timeline { user: author, span: Span::All, expansions: Expansions::NONE, next_token: None, max_results: None };
    let posts = json(&client, &timelines::posts(&timeline, Excluded::default())).await;
    assert!(ids(&posts).contains(&ids(&page)[0]));
    let own = json(&client, &timelines::posts(&timeline, Excluded { replies: true, reposts: true })).await;
    assert!(
        own["data"]
            .as_array()
            .is_none_or(|own| own.iter().all(|post| !post["text"].as_str().unwrap().starts_with("RT @")))
    );
    assert_eq!(ask(&client, &timelines::mentions(&timeline)).await.body.map(|body| body.is_empty()).ok(), Some(false));

    let wanted: Vec<TweetId> = ids(&page).iter().map(|id| id.parse().unwrap()).collect();
    let found = json(&client, &lookup::posts(&wanted, Expansions::NONE)).await;
    assert_eq!(ids(&found), ids(&page));
    let gone = json(&client, &lookup::posts(&[wanted[0], TweetId(20)], Expansions::NONE)).await;
    assert_eq!((ids(&gone).len(), gone["errors"][0]["resource_id"].as_str()), (1, Some("20")));

    let account = json(&client, &lookup::users(&[author])).await["data"][0].clone();
    let name = account["username"].as_str().unwrap();
    let named = json(&client, &lookup::users_by_names(&[name])).await;
    assert_eq!(named["data"][0], account);
    assert!(account["public_metrics"].is_object() && account["created_at"].is_string());
}

#[tokio::test]
async fn rules_are_tried_added_listed_and_deleted() {
    let world = World::new(|_| {}).await;
    let client = world.client();
    let wanted = ["cat", "dog"].map(|value| NewRule { value: value.to_owned(), tag: Some(format!("{value}s")) });
    let change = async |request| Changed::read(&ask(&client, &request).await.body.unwrap()).unwrap();
    let listed = async || Rules::read(&ask(&client, &rules::list(None)).await.body.unwrap()).unwrap().rules;
    assert_eq!(change(rules::add(&wanted, Mode::Try)).await.added.len(), 2);
    assert_eq!(listed().await, [], "that was only tried");
    let added = change(rules::add(&wanted, Mode::Do)).await.added;
    assert_eq!((added[0].value.as_str(), added[0].tag.as_deref()), ("cat", Some("cats")));
    assert_eq!(listed().await, added);

    let more = [wanted[0].clone(), NewRule { value: "is:retweet".to_owned(), tag: None }];
    let refused = change(rules::add(&more, Mode::Do)).await.refused;
    assert_eq!((refused[0].title.as_str(), refused[0].id.as_ref()), ("DuplicateRule", Some(&added[0].id)));
    assert!(refused[1].value == "is:retweet" && !refused[1].detail.is_empty(), "{refused:?}");
    let ids = [added[0].id.clone(), "1".to_owned()];
    let deleted = change(rules::delete(&ids, Mode::Do)).await;
    assert_eq!((deleted.deleted, deleted.refused.len()), (1, 1));
    assert_eq!(listed().await, added[1..]);
}

#[tokio::test]
async fn usage_credits_and_the_description_of_the_api_are_to_be_had() {
    let Some(folder) = common::shared_data() else { return };
    let world = World::new(|config| {
        config.credits = Some(5.0);
        config.openapi = Some(folder.join("openapi/x-openapi-2026-08-22-28713281.json"));
    })
    .await;
    let client = world.client();
    let read = ids(&first_page(&client).await).len() as u64;
    let usage = Usage::read(&ask(&client, &usage::posts(7)).await.body.unwrap()).unwrap();
    assert_eq!((usage.project_cap, usage.cap_reset_day, usage.days.len()), (Some(3_000_000), Some(1), 7));
    assert!(usage.project_usage.unwrap() >= read && usage.days[0].posts == usage.project_usage.unwrap());
    let credits = Credits::read(&ask(&client, &usage::credits()).await.body.unwrap()).unwrap();
    assert!((0.0..5.0).contains(&credits.total), "{credits:?}");
    let document = json(&client, &description::openapi()).await;
    assert!(document["paths"].as_object().unwrap().contains_key("/2/tweets/search/recent"));
}

#[tokio::test]
async fn a_compliance_job_takes_ids_and_tells_what_became_of_them() {
    use compliance::{Job, JobKind, JobStatus, Verdict};
    let world = World::new(|config| config.life = true).await;
    let client = world.client();
    let page = first_page(&client).await;
    world.advance(20 * DAY);
    let request = compliance::create(JobKind::Posts, "a week of tweets");
    let job = Job::read(&ask(&client, &request).await.body.unwrap()).unwrap();
    assert_eq!(job.status, JobStatus::Created);
    assert_eq!(refused(&client, &request).await, RefusalKind::Conflict);
    assert!(!format!("{job:?}").contains("token="), "its addresses are secrets");
    let lines: String = ids(&page).iter().map(|id| format!("{id}\n")).collect();
    client.upload(&job, lines.into_bytes()).await.unwrap().body.unwrap();
    let show = async || Job::read(&ask(&client, &compliance::show(job.id)).await.body.unwrap()).unwrap();
    assert_eq!(show().await.status, JobStatus::InProgress);
    let early = client.download(&job).await.unwrap_err();
    assert_eq!(common::kind(&early), RefusalKind::NotEnabled);
    world.advance(MINUTE);
    let job = show().await;
    assert_eq!(job.status, JobStatus::Complete);

    let (mut lines, mut gone) = (client.download(&job).await.unwrap(), Vec::new());
    while let Some(line) = lines.next().await.unwrap() {
        gone.push(Verdict::read(&line).unwrap());
    }
    let scrubbed = gone.extract_if(.., |verdict| verdict.action == "scrub_geo").count();
    assert!(scrubbed > 0 && gone.len() > 1 && gone.iter().all(|verdict| verdict.action == "delete"), "{gone:?}");
    let left = json(
        &client,
        &lookup::posts(&ids(&page).iter().map(|id| id.parse().unwrap()).collect::<Vec<_>>(), Expansions::NONE),
    )
    .await;
    assert!(gone.iter().all(|verdict| !ids(&left).contains(&verdict.id)));
    let jobs = Job::read_list(&ask(&client, &compliance::list(JobKind::Posts)).await.body.unwrap()).unwrap();
    assert_eq!(jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [job.id]);
    ask(&client, &compliance::delete(job.id)).await.body.unwrap();
    assert_eq!(refused(&client, &compliance::show(job.id)).await, RefusalKind::NotFound);
}

#[tokio::test]
async fn no_stream_is_open_before_one_is_opened() {
    let world = World::new(|_| {}).await;
    let open = connections::read(&ask(&world.client(), &connections::open()).await.body.unwrap()).unwrap();
    assert_eq!(open, []);
}
