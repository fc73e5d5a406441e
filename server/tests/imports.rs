//! Real files through the command line: every tweet accounted for, and found again.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Imported, Roost, shared_data};
use serde_json::Value;
use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

fn files(folder: &Path, wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if wanted(path.file_name().unwrap().to_str().unwrap()) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn refs(files: &[PathBuf]) -> Vec<&Path> {
    files.iter().map(PathBuf::as_path).collect()
}

#[test]
fn the_airline_csv_has_14640_rows_of_which_155_are_duplicates() {
    let Some(shared) = shared_data() else { return };
    let roost = Roost::new();
    let csv = shared.join("airline/Tweets_fullids_Ramlah0.csv");
    let imported = roost.import("airline", &[&csv]);
    assert_eq!(imported, Imported { read: 14_640, new: 14_485, updated: 0, duplicate: 155, rejected: 0 });
    assert_eq!(roost.verified(), 14_485);
    assert_eq!(roost.count("collection:airline"), 14_485);
    let again = roost.import("airline", &[&csv]);
    assert_eq!(again, Imported { read: 14_640, new: 0, updated: 0, duplicate: 14_640, rejected: 0 });
}

/// What a file holds, counted by plain JSON: how much there is to read, and the ids of its tweets.
fn count_file(path: &Path) -> (u64, HashSet<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    // An array is a file of the split form, with its includes beside; all others have a value per line.
    let name = path.file_name().unwrap().to_str().unwrap();
    if name.starts_with("users_") && name.ends_with(".json") {
        return (0, HashSet::new());
    }
    let (mut read, mut ids) = (0, HashSet::new());
    let mut count = |tweet: &Value| {
        read += 1;
        let text = ["text", "full_text"].iter().any(|name| tweet[name].is_string());
        let is_activity = tweet["verb"].is_string() || tweet["objectType"].is_string() || tweet["actor"].is_object();
        if text && !is_activity {
            let id = tweet["id_str"].as_str().or(tweet["id"].as_str()).map(str::to_owned);
            ids.insert(id.unwrap_or_else(|| tweet["id"].as_u64().unwrap().to_string()));
        }
    };
    let values = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Array(tweets)) => tweets.into_iter().map(Ok).collect(),
        _ => text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str::<Value>).collect::<Vec<_>>(),
    };
    for value in values {
        match value {
            Err(_) => count(&Value::Null),
            Ok(page) if page["data"].is_array() => page["data"].as_array().unwrap().iter().for_each(&mut count),
            Ok(page) if page["data"].is_object() => count(&page["data"]),
            Ok(page) if page["includes"].is_object() || page["meta"].is_object() => {}
            Ok(tweet) => count(&tweet),
        }
    }
    (read, ids)
}

#[test]
fn every_tweet_of_the_archives_is_accounted_for_and_a_second_import_stores_nothing() {
    let Some(shared) = shared_data() else { return };
    for (archive, extensions) in [
        ("twarc-csv", &[".jsonl", ".json"][..]),
        ("twarc2sql", &[".jsonl"]),
        ("academictwitteR", &[".json"]),
        ("tweet_parser", &[".json"]),
    ] {
        let roost = Roost::new();
        let files = files(&shared.join(archive), |name| extensions.iter().any(|extension| name.ends_with(extension)));
        assert!(!files.is_empty(), "{archive} has files");
        let (mut read, mut ids) = (0, HashSet::new());
        for (there, tweets) in files.iter().map(|file| count_file(file)) {
            read += there;
            ids.extend(tweets);
        }
        let first = roost.import(archive, &refs(&files));
        assert_eq!((first.read, first.new), (read, ids.len() as u64), "{archive}: {first:?}");
        assert!(first.accounted_for() && first.new > 0, "{archive}: {first:?}");
        assert_eq!(roost.verified(), first.new, "{archive}");
        let second = roost.import(archive, &refs(&files));
        assert!(second.accounted_for() && second.read == first.read, "{archive}: {second:?}");
        assert_eq!((second.new, second.updated), (0, 0), "{archive}: a second import stores nothing");
    }
}

/// What a person would count with a few lines of script, knowing nothing of Roost's code.
#[test]
fn a_filter_counts_what_an_independent_look_at_the_files_counts() {
    let Some(shared) = shared_data() else { return };
    let files = files(&shared.join("twarc2sql"), |name| name.ends_with(".jsonl"));
    let mut counted = HashSet::new();
    let mut all = HashSet::new();
    for file in &files {
        for line in std::fs::read_to_string(file).unwrap().lines().filter(|line| !line.trim().is_empty()) {
            let page: Value = serde_json::from_str(line).unwrap();
            for tweet in page["data"].as_array().unwrap() {
                let id = tweet["id"].as_str().unwrap().to_owned();
                let retweet = tweet["referenced_tweets"]
                    .as_array()
                    .is_some_and(|references| references.iter().any(|reference| reference["type"] == "retweeted"));
                let likes = tweet["public_metrics"]["like_count"].as_u64().unwrap();
                all.insert(id.clone());
                if tweet["lang"] == "en" && likes >= 10 && !retweet {
                    counted.insert(id);
                }
            }
        }
    }
    assert!(counted.len() >= 3, "the files have something to find: {}", counted.len());
    let roost = Roost::new();
    roost.import("twarc", &refs(&files));
    assert_eq!(roost.count("lang:en likes>=10 -is:retweet"), counted.len() as u64);
    assert_eq!(roost.count(""), all.len() as u64);
}

#[test]
fn verify_notices_a_missing_index_and_reindex_restores_it() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.jsonl");
    std::fs::write(&file, lines(1..=300)).unwrap();
    assert_eq!(roost.import("moon", &[&file]).new, 300);
    assert_eq!(roost.verified(), 300);
    std::fs::remove_dir_all(roost.data.path().join("index")).unwrap();
    let printed = roost.run(&["verify"]);
    assert_eq!(printed.code, Some(1), "{printed:?}");
    assert!(
        printed.out.contains("300 stored, 0 in the index") && printed.out.contains("roost verify --repair"),
        "{printed:?}"
    );
    assert!(roost.ok(&["reindex"]).starts_with("indexed 300 tweets"));
    assert_eq!(roost.verified(), 300);
}

#[test]
fn a_command_whose_output_nobody_reads_ends_quietly() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.jsonl");
    std::fs::write(&file, lines(1..=300)).unwrap();
    roost.import("moon", &[&file]);
    let mut command = roost.command(&["search", "--limit", "300", ""]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn bad_lines_are_reported_and_kept_and_the_rest_goes_on() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.csv");
    let rejects = roost.data.path().join("bad.txt");
    std::fs::write(
        &file,
        "tweet_id,text,created_at\n\
         570306133677760513,good,2015-02-24 19:35:52\n\
         5.70306E+17,from a spreadsheet,2015-02-24 19:35:52\n\
         570306133677760514,\"two\nlines\",2015-02-24 19:35:52\n\
         ,no id,2015-02-24 19:35:52\n",
    )
    .unwrap();
    let printed =
        roost.run(&["import", "--collection", "sheet", "--rejects", rejects.to_str().unwrap(), file.to_str().unwrap()]);
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert!(printed.out.contains("read 4, new 2, updated 0, duplicate 0, rejected 2"), "{printed:?}");
    assert!(printed.err.contains("tweets.csv:3: ") && printed.err.contains("spreadsheet"), "{printed:?}");
    let kept = std::fs::read_to_string(&rejects).unwrap();
    let kept: Vec<Value> = kept.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0]["line"].as_u64(), kept[0]["cut"].as_bool()), (Some(3), Some(false)));
    assert!(kept[0]["file"].as_str().unwrap().ends_with("tweets.csv"));
    assert!(kept[0]["content"].as_str().unwrap().contains("5.70306E+17"));
    assert_eq!(kept[1]["reason"], "the id is empty");
    let note = "columns used: tweet_id as id, text, created_at; no column holds the author's id";
    assert!(printed.err.contains(note), "{printed:?}");
}

#[test]
fn rejects_overwrite_nothing_and_are_read_by_their_owner_only() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.jsonl");
    let content = format!("{}\n", "x".repeat(10_000));
    std::fs::write(&file, &content).unwrap();
    let file = file.to_str().unwrap();
    let printed = roost.run(&["import", "--collection", "moon", "--rejects", file, file]);
    assert_eq!(printed.code, Some(1), "{printed:?}");
    assert!(printed.err.contains("it exists, and nothing is overwritten"), "{printed:?}");
    assert_eq!(std::fs::read_to_string(file).unwrap(), content);
    let json = roost.data.path().join("bad.jsonl");
    std::fs::write(&json, format!("{{}}\n{content}")).unwrap();
    roost.ok(&["import", "--collection", "moon", json.to_str().unwrap()]);
    let kept = std::fs::read_dir(roost.data.path().join("rejects")).unwrap().next().unwrap().unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&kept.metadata().unwrap().permissions()) & 0o777, 0o600);
    let kept = std::fs::read_to_string(kept.path()).unwrap();
    let last: Value = serde_json::from_str(kept.lines().last().unwrap()).unwrap();
    assert_eq!((last["content"].as_str().unwrap().len(), last["cut"].as_bool()), (4_000, Some(true)));
}

#[test]
fn what_files_say_cannot_steer_the_terminal() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.csv");
    std::fs::write(&file, "tweet_id,text,\u{1b}]0;mood\u{7}\u{202e}\n\u{1b}[2J,a,b\n").unwrap();
    let printed = roost.run(&["import", "--collection", "moon", file.to_str().unwrap()]);
    assert!(printed.err.contains("\\u{1b}]0;mood\\u{7}\\u{202e}"), "{printed:?}");
    assert!(printed.err.contains("\\u{1b}[2J"), "{printed:?}");
    assert!(!printed.err.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{printed:?}");
}

#[test]
fn a_file_keeps_its_time_beside_standard_input() {
    let roost = Roost::new();
    let file = roost.data.path().join("tweets.jsonl");
    std::fs::write(&file, lines(1..=1)).unwrap();
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(old).unwrap();
    let import = |first: &str, second: &str| {
        let mut child = roost
            .command(&["import", "--json", "--collection", "moon", first, second])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let changed = lines(1..=1).replace("tweet 1", "edited");
        child.stdin.take().unwrap().write_all(changed.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    };
    let printed = import("-", file.to_str().unwrap());
    assert!(printed.contains("\"duplicate\":1,") && printed.contains("\"new\":1,"), "the file is older: {printed}");
    assert_eq!((roost.count("edited"), roost.count("tweet")), (1, 0));
}

#[test]
fn standard_input_and_compressed_files_are_read_alike() {
    let roost = Roost::new();
    let mut child = roost
        .command(&["import", "--json", "--collection", "moon", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(lines(1..=50).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("\"new\":50"));
}

#[test]
fn wrong_use_is_explained() {
    let roost = Roost::new();
    let printed = roost.run(&["search", "likes:many"]);
    assert_eq!(printed.code, Some(2), "{printed:?}");
    assert!(printed.err.contains("likes needs a whole number"), "{printed:?}");
    assert!(printed.err.contains("^^^^"), "{printed:?}");
    let printed = roost.run(&["search", "moon"]);
    assert_eq!(printed.code, Some(1));
    assert!(printed.err.contains("there are no data in"), "{printed:?}");
    let printed = roost.run(&["import", "--collection", "moon", "/does/not/exist.jsonl"]);
    assert_eq!(printed.code, Some(1), "{printed:?}");
    assert!(printed.err.contains("/does/not/exist.jsonl"), "{printed:?}");
}

fn lines(ids: std::ops::RangeInclusive<u64>) -> String {
    let line = |id: u64| {
        format!(
            "{{\"data\":[{{\"id\":\"{id}\",\"text\":\"tweet {id}\",\"created_at\":\"2026-01-{:02}T10:00:00.000Z\",\"lang\":\"en\"}}]}}\n",
            1 + id % 28
        )
    };
    ids.map(line).collect()
}
