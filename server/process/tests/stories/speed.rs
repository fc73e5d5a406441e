//! How fast pages are decoded. Run it built for release:
//! `cargo test --release -p process --test stories -- --ignored --nocapture speed`

use crate::common::{NOW, shared_data};
use std::{fmt::Write, fs};

/// Nanoseconds this thread has spent on a processor.
fn cpu_ns() -> u64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse().unwrap()
}

fn lean_page() -> String {
    let mut page = String::from("{\"data\":[");
    for n in 0..100u64 {
        let id = 1_570_306_133_677_760_513 + n * 4_194_304_000;
        let comma = if n == 0 { "" } else { "," };
        write!(
            page,
            r##"{comma}{{"id":"{id}","text":"Rocket number {n} is on its way &amp; the crew says hello #launch #day{n} https://t.co/abcdefghij","created_at":"2022-09-15T07:00:{:02}.000Z","author_id":"{}","conversation_id":"{id}","lang":"en","public_metrics":{{"retweet_count":{n},"reply_count":1,"like_count":38,"quote_count":4,"bookmark_count":2,"impression_count":1500}},"edit_history_tweet_ids":["{id}"],"entities":{{"hashtags":[{{"start":61,"end":68,"tag":"launch"}}],"urls":[{{"start":75,"end":98,"url":"https://t.co/abcdefghij","expanded_url":"https://example.org/{n}","display_url":"example.org/{n}"}}]}}}}"##,
            n % 60,
            1000 + n % 40
        )
        .unwrap();
    }
    page.push_str(r#"],"includes":{"users":["#);
    for n in 0..40 {
        let comma = if n == 0 { "" } else { "," };
        write!(
            page,
            r#"{comma}{{"id":"{}","username":"user{n}","name":"User {n}","created_at":"2012-01-01T00:00:00.000Z","verified":false,"public_metrics":{{"followers_count":1,"following_count":2,"tweet_count":3,"listed_count":0}}}}"#,
            1000 + n
        )
        .unwrap();
    }
    page + r#"]},"meta":{"result_count":100,"next_token":"abc"}}"#
}

fn measure(name: &str, pages: &[String]) {
    let (mut tweets, mut bytes, mut best) = (0, 0, f64::MAX);
    for _ in 0..20 {
        (tweets, bytes) = (0, 0);
        let start = cpu_ns();
        for page in pages {
            tweets += process::decode_page(page.as_bytes(), NOW).unwrap().batch.tweets.len();
            bytes += page.len();
        }
        best = best.min((cpu_ns() - start) as f64 / 1e9);
    }
    let rate = tweets as f64 / best;
    println!(
        "{name}: {rate:.0} tweets per CPU-second, {:.0} MB/s, {} bytes a tweet",
        bytes as f64 / best / 1e6,
        bytes / tweets
    );
}

#[test]
#[ignore = "a measurement, for a release build"]
fn speed_of_pages() {
    measure("lean pages", &vec![lean_page(); 50]);
    let Some(data) = shared_data() else { return };
    for file in ["twarc2sql/tests/data/search_example.jsonl", "twarc-csv/2sets.jsonl"] {
        let text = fs::read_to_string(data.join(file)).unwrap();
        measure(file, &text.lines().map(str::to_owned).collect::<Vec<_>>());
    }
}
