//! What holds for any bytes.

use crate::common::{NOW, options, shared_data, try_read_bytes};
use proptest::prelude::*;
use std::{fs, sync::OnceLock};

/// Some real lines of each kind.
fn real_lines() -> &'static [Vec<u8>] {
    static LINES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    LINES.get_or_init(|| {
        let Some(data) = shared_data() else { return vec![] };
        let parser = "tweet_parser/test/tweet_payload_examples/original_format_examples.json";
        let files = ["twarc-csv/flat.jsonl", "twarc-csv/two_tweets.jsonl", "twarc-csv/media_tweet.jsonl", parser];
        let texts = files.map(|file| fs::read(data.join(file)).unwrap());
        texts.iter().flat_map(|text| text.split(|byte| *byte == b'\n').take(3)).map(<[u8]>::to_vec).collect()
    })
}

/// Reading never panics, and every tweet is accounted for (`checked` in `try_read_bytes`).
fn survives(bytes: &[u8]) {
    let _ = process::decode_page(bytes, NOW);
    if let Ok(outcome) = try_read_bytes(bytes, &options()) {
        for tweet in &outcome.batch.tweets {
            check_offsets(&tweet.tweet);
        }
    }
}

/// Offsets lie in the text, in order, and never overlap.
fn check_offsets(tweet: &model::Tweet) {
    let length = tweet.text.chars().count() as u32;
    let entities = &tweet.entities;
    let tags = [&entities.hashtags, &entities.cashtags, &entities.mentions].into_iter().flatten();
    let mut spans: Vec<_> = tags.map(|tag| (tag.start, tag.end)).collect();
    spans.extend(entities.links.iter().map(|link| (link.start, link.end)));
    assert!(spans.iter().all(|(start, end)| start < end && *end <= length), "{spans:?} of {length}");
    spans.sort_unstable();
    assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{spans:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    #[test]
    fn bytes_like_json(text in r#"[\[\]{}",:0-9a-z\\ \n]{0,200}"#) {
        survives(text.as_bytes());
    }

    #[test]
    fn bytes_like_a_table(text in "(id,text\n)?[0-9a-z\",;\t\r\n]{0,200}") {
        survives(format!("id,text,date\n{text}").as_bytes());
    }

    #[test]
    fn mutated_real_lines(line in 0usize..12, changes in prop::collection::vec((any::<u32>(), any::<u8>()), 1..8)) {
        let lines = real_lines();
        if let Some(mut bytes) = lines.get(line).cloned().filter(|bytes| !bytes.is_empty()) {
            for (at, byte) in changes {
                let at = at as usize % bytes.len();
                bytes[at] = byte;
            }
            survives(&bytes);
        }
    }

    #[test]
    fn cut_real_lines(line in 0usize..12, at in any::<u32>()) {
        if let Some(bytes) = real_lines().get(line).filter(|bytes| !bytes.is_empty()) {
            survives(&bytes[..at as usize % bytes.len()]);
        }
    }

    #[test]
    fn any_entities(text in "[#@$a&;é😀 ]{0,20}", spots in prop::collection::vec((0i64..25, -2i64..25, "[a😀é]{0,2}"), 0..6)) {
        let tag = |(start, end, tag): &(i64, i64, String)| serde_json::json!({"start": start, "end": end, "tag": tag, "username": tag, "url": tag});
        let tags: Vec<_> = spots.iter().map(tag).collect();
        let entities = serde_json::json!({"hashtags": tags, "mentions": tags, "cashtags": tags, "urls": tags});
        let json = serde_json::json!({"data": {"id": "570306133677760513", "text": text, "entities": entities}}).to_string();
        let page = process::decode_page(json.as_bytes(), NOW).unwrap();
        prop_assert_eq!(page.batch.tweets.len(), 1);
        check_offsets(&page.batch.tweets[0].tweet);
    }
}
