//! Files of every shape and compression.

use crate::common::{NOW, Outcome, options, read_bytes, read_path, try_read_bytes};
use model::TweetId;
use process::{Options, ReadError, expand_arguments};
use std::{
    fs,
    io::{Cursor, Write},
    path::PathBuf,
};

fn tweet(id: u64) -> String {
    format!(r#"{{"id":"{id}","text":"tweet {id}","created_at":"2020-01-01T00:00:00.000Z"}}"#)
}

fn lines() -> String {
    (1..=5).map(|id| tweet(id) + "\n").collect()
}

fn ids(outcome: &Outcome) -> Vec<u64> {
    outcome.batch.tweets.iter().map(|tweet| tweet.tweet.id.0).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn one_set_in_every_shape() {
    let all: Vec<String> = (1..=5).map(tweet).collect();
    let pretty = |json: &str| serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(json).unwrap());
    let array = format!("[{}]", all.join(","));
    let shapes = [
        lines(),
        lines().replace('\n', "\r\n"),
        format!("\u{feff}{}", lines()),
        format!("\n\n{}", all.join("\n\n")),
        array.clone(),
        format!("[\n{}\n]\n", all.join(",\n")),
        format!("[\n{}\n,{}]\n", all[..4].join("\n,"), all[4]),
        pretty(&array).unwrap(),
        all.iter().map(|json| pretty(json).unwrap() + "\n").collect(),
        format!(r#"{{"data":{array}}}"#),
        pretty(&format!(r#"{{"data":{array}}}"#)).unwrap(),
        format!(r#"[{{"data":{array}}}]"#),
        format!(r#"{{"statuses":{array}}}"#),
        format!("[{}]\n[{}]", all[..2].join(","), all[2..].join(",")),
        all.concat(),
        all.join(","),
        all.join(",\n") + ",\n",
        format!("Grailbird.data.tweets_2013_05 = \n[{}]", all.join(",\n")),
        format!(
            "window.YTD.tweets.part0 = [{}]",
            all.iter().map(|t| format!(r#"{{"tweet":{t}}}"#)).collect::<Vec<_>>().join(",\n")
        ),
    ];
    for shape in shapes {
        assert_eq!(ids(&read_bytes(shape.as_bytes())), [1, 2, 3, 4, 5], "{shape}");
    }
}

#[test]
fn compression_is_told_by_content() {
    let members = [gzip(&lines().as_bytes()[..100]), gzip(&lines().as_bytes()[100..])].concat();
    for packed in [gzip(lines().as_bytes()), members, zstd::encode_all(lines().as_bytes(), 3).unwrap()] {
        let outcome = read_bytes(&packed);
        assert_eq!(ids(&outcome), [1, 2, 3, 4, 5]);
        assert_eq!(outcome.bytes, packed.len() as u64, "compressed bytes are reported");
    }
}

#[test]
fn an_archive_is_read_like_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no-ending");
    let inner = gzip((tweet(4) + "\n").as_bytes());
    let csv = "id,text\n5,five\n";
    let users = r#"{"users":[{"id":"9","username":"u"}],"tweets":[{"id":"7","text":"seven"}],"media":[{"media_key":"3_1","type":"photo"}]}"#;
    let data = r#"[{"id":"2","text":"a","created_at":"2020-01-01T00:00:00Z","attachments":{"media_keys":["3_1"]}}]"#;
    let archive = zip(&[
        ("a/1.jsonl", (tweet(1) + "\nnonsense\n").as_bytes()),
        ("b/data_2.json", data.as_bytes()),
        ("b/users_2.json", users.as_bytes()),
        ("c.json.gz", &inner),
        ("d.csv", csv.as_bytes()),
        ("e.csv", b"a,b\n1,2\n"),
        ("readme.md", b"hello"),
        ("__MACOSX/a/._1.jsonl", b"junk"),
    ]);
    fs::write(&path, &archive).unwrap();
    let outcome = read_path(&path);
    let rows: Vec<_> = outcome.rows().iter().map(|row| row.tweet.id.0).collect();
    assert_eq!(rows, [1, 2, 4]);
    assert_eq!(outcome.rows()[1].tweet.media[0].kind, "photo");
    let reasons: Vec<_> = outcome.rejects.iter().map(|reject| (reject.file.as_str(), reject.line)).collect();
    let name = path.display();
    let places = ["a/1.jsonl", "d.csv", "e.csv"].map(|inner| format!("{name}/{inner}"));
    assert_eq!(reasons, [(places[0].as_str(), 2), (places[1].as_str(), 2), (places[2].as_str(), 1)]);
    assert!(outcome.rejects[1].reason.contains("too old to hold a time"));
}

#[test]
fn a_spreadsheet_is_refused_with_advice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tweets.xlsx");
    fs::write(&path, zip(&[("xl/workbook.xml", b"<x/>"), ("x.json", b"{}")])).unwrap();
    let error = process::read_file(&path, &Options::default(), &mut |_| Ok(())).unwrap_err().to_string();
    assert!(error.contains("an Excel workbook. Save its table as CSV"), "{error}");
    for foreign in [&b"\xff\xfe{\0"[..], b"BZh91AY", b"PAR1....", b"SQLite format 3\0"] {
        assert!(matches!(try_read_bytes(foreign, &options()), Err(ReadError::NotReadable { .. })));
        assert!(matches!(try_read_bytes(&gzip(foreign), &options()), Err(ReadError::NotReadable { .. })));
    }
}

#[test]
fn every_broken_line_is_accounted_for() {
    let file = [
        tweet(1).as_bytes(),
        b"\n{\"id\":\"2\",\"text\":\"cut o\n",
        b"not json\n",
        b"{\"id\":\"3\",\"text\":\"\xff\"}\n",
        b"17\n",
        b"{\"id\":\"5.7E17\",\"text\":\"a\"}\n",
        b"{\"id\":\"5\"}\n",
        tweet(6).as_bytes(),
        b"\n{\"id\":\"7\",",
    ]
    .concat();
    let outcome = read_bytes(&file);
    assert_eq!(ids(&outcome), [1, 6]);
    let found: Vec<_> = outcome.rejects.iter().map(|reject| (reject.line, reject.reason.as_str())).collect();
    assert_eq!(
        found,
        [
            (2, "the line ends in the middle of a JSON value (at column 23)"),
            (3, "the line is not JSON: expected ident (at column 2)"),
            (4, "the text is not UTF-8 from column 19 on"),
            (5, "this is not a JSON object, so it is not a tweet"),
            (
                6,
                "the id \"5.7E17\" was rounded by a spreadsheet (scientific notation); its last digits are lost. \
                 Export again with the id column as text"
            ),
            (7, "this JSON object is not a tweet: it has neither an id nor a text"),
            (9, "the line ends in the middle of a JSON value (at column 10)"),
        ]
    );
    assert_eq!(outcome.rejects[0].content, b"{\"id\":\"2\",\"text\":\"cut o");
}

#[test]
fn a_cut_off_archive_gives_what_it_has() {
    let long: String = (1..=2000).map(|id| tweet(id) + "\n").collect();
    let packed = gzip(long.as_bytes());
    let outcome = read_bytes(&packed[..packed.len() / 2]);
    assert!(outcome.totals.rows > 100);
    assert_eq!(outcome.totals.rejected, 1);
    assert!(outcome.rejects[0].reason.contains("cut off or damaged"));
    let nothing = read_bytes(&packed[..12]);
    assert_eq!((nothing.totals.rows, nothing.totals.rejected), (0, 1));
}

#[test]
fn lines_that_were_glued_together_are_read() {
    let line = |from: u64, to: u64| (from..=to).map(tweet).collect::<String>();
    let file = format!("{}\n{}\n{},\n{}{{\"id\":\n{}\n", tweet(1), line(2, 3), tweet(4), tweet(5), tweet(6));
    let outcome = read_bytes(file.as_bytes());
    assert_eq!(ids(&outcome), [1, 2, 3, 4, 5, 6]);
    let rejects: Vec<_> = outcome.rejects.iter().map(|reject| (reject.line, reject.content.as_slice())).collect();
    assert_eq!(rejects, [(4, &b"{\"id\":"[..])]);
}

#[test]
fn a_small_file_that_is_cut_off_is_not_whole() {
    for packed in [gzip(lines().as_bytes()), zstd::encode_all(lines().as_bytes(), 3).unwrap()] {
        let outcome = read_bytes(&packed[..packed.len() - 6]);
        assert_eq!(outcome.totals.rejected, 1, "{outcome:?}");
        assert!(outcome.rejects[0].reason.contains("cut off or damaged"));
    }
    let table: String = (1..=9).map(|id| format!("57030613367776051{id},text\n")).collect();
    let packed = gzip(format!("id,text\n{table}").as_bytes());
    let outcome = read_bytes(&packed[..packed.len() - 4]);
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (9, 1));
}

#[test]
fn a_damaged_first_line_is_one_reject() {
    let log: &[u8] = b"2020-01-01 INFO connected\n";
    for first in [log, b"\",\"lang\":\"en\"}\n", b"\0\0\0\0\n", b"{\"id\":\"7\",\n", b"{\"id\":\"7\",\"x\":{\n", b"}\n"]
    {
        let outcome = read_bytes(&[first, lines().as_bytes()].concat());
        assert_eq!(ids(&outcome), [1, 2, 3, 4, 5], "{}", String::from_utf8_lossy(first));
        assert_eq!((outcome.totals.rejected, outcome.rejects[0].line), (1, 1));
    }
}

#[test]
fn numbers_that_are_rounded_are_no_ids() {
    let line = |id: u64| format!("{{\"id\":{id},\"text\":\"a\"}}\n");
    let rounded: String = (0..30).map(|n| line(570_306_133_677_760_500 + n * 1_000)).collect();
    let outcome = read_bytes(rounded.as_bytes());
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (0, 30));
    assert!(outcome.rejects[0].reason.starts_with("its id looks rounded"));
    let exact: String = (0..300).map(|n| line(570_306_133_677_760_500 + n)).collect();
    assert_eq!(read_bytes(exact.as_bytes()).totals.rows, 300);
    let text = rounded.replace(":57", ":\"57").replace(",\"text", "\",\"text");
    assert_eq!(read_bytes(text.as_bytes()).totals.rows, 30, "texts were never numbers");
    let both = rounded.replace(",\"text", ",\"id_str\":\"570306133677760513\",\"text");
    assert_eq!(read_bytes(both.as_bytes()).totals.rows, 30, "id_str is exact");
    let retweet = r#"{"id":570306133677760500,"text":"RT @a: b","user":{"id":906000000000000000,"name":"c"},"retweeted_status":{"id":570306133677760400,"text":"b"}}"#;
    let outcome = read_bytes(retweet.as_bytes());
    assert_eq!((outcome.totals.rejected, outcome.totals.context, outcome.batch.authors.len()), (1, 0, 0));
}

#[test]
fn a_later_observation_is_handed_out_in_a_batch_of_its_own() {
    let page = |at: u32| {
        let json = tweet(1);
        format!("{{\"data\":[{json}],\"__twarc\":{{\"retrieved_at\":\"2021-01-0{at}T00:00:00Z\"}}}}\n")
    };
    let outcome = read_bytes([page(1), page(1), page(2)].concat().as_bytes());
    assert_eq!((outcome.totals.rows, outcome.batches), (3, 2));
}

#[test]
fn a_file_that_cannot_be_read_costs_its_archive_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.zip");
    let many: Vec<(String, Vec<u8>)> = (0..1_500).map(|n| (format!("media/{n}.jpg"), vec![])).collect();
    let good = tweet(1);
    let last = tweet(2);
    let mut entries = vec![
        ("data_1.json", good.as_bytes()),
        ("users_1.json", &b"{\"users\":"[..]),
        ("b.jsonl", b"\x28\xb5\x2f\xfd junk"),
        ("c.json.gz", b"\x1f\x8b junk"),
        ("direct-messages.js", b"window.YTD.direct_messages.part0 = [{\"dmConversation\":{}}]"),
        ("z.jsonl", last.as_bytes()),
    ];
    entries.extend(many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    fs::write(&path, zip(&entries)).unwrap();
    let outcome = read_path(&path);
    assert_eq!(ids(&outcome), [1, 2]);
    let files: Vec<_> = outcome.rejects.iter().map(|reject| reject.file.rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["b.jsonl", "c.json.gz", "users_1.json"]);
    assert!(outcome.rejects[2].reason.contains("read without it"));
    assert_eq!(outcome.notes.len(), 1);
    assert!(outcome.notes[0].text.starts_with("this file and 1500 more were left out"), "{:?}", outcome.notes);
}

#[test]
fn a_damaged_users_file_costs_its_data_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data_1.json"), format!("[{}]", tweet(1))).unwrap();
    fs::write(folder.path().join("users_1.json"), "{\"users\":[{\"id\"").unwrap();
    let outcome = read_path(folder.path());
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (1, 1));
    assert!(outcome.rejects[0].file.ends_with("users_1.json"));
}

#[test]
fn what_was_read_before_a_file_failed_is_handed_out() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the cable"))
        }
    }
    let mut outcome = Outcome::default();
    let reader = std::io::Read::chain(Cursor::new(lines()), Failing);
    outcome.totals = process::read_stream("test", reader, &options(), &mut |item| outcome.take(item)).unwrap();
    assert_eq!((outcome.totals.rows, outcome.totals.rejected), (5, 1));
    assert!(outcome.checked().rejects[0].reason.contains("the cable"));
}

#[test]
fn what_a_folder_holds_beside_data_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.jsonl", "b.jsonl.bz2", "c.bz2", "d.parquet", "e.md"] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let found = expand_arguments(&[folder.path().to_owned()]).unwrap();
    assert_eq!(found.sources.len(), 1);
    let notes: Vec<_> = found.left_out.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(
        notes,
        [
            "this file and 1 more were left out: not read; unpack and import what is inside",
            "left out: not read; convert to JSON lines or CSV",
            "left out: not called like data"
        ]
    );
}

#[test]
fn empty_files_hold_nothing() {
    for empty in [&b""[..], b"\n\n", b"\xef\xbb\xbf", b"[]", b"{\"meta\":{\"result_count\":0}}", b"{\"data\":{}}"] {
        assert_eq!(read_bytes(empty).totals.read, 0, "{}", String::from_utf8_lossy(empty));
    }
    assert_eq!(read_bytes(&gzip(b"")).totals.read, 0);
}

#[test]
fn batches_are_of_the_size_asked_for() {
    let file: String = (1..=1000).map(|id| tweet(id) + "\n").collect();
    let outcome = try_read_bytes(file.as_bytes(), &Options { batch_size: 100, ..options() }).unwrap();
    assert_eq!((outcome.batches, outcome.totals.rows), (11, 1000), "and an empty last one");
    let error = try_read_bytes(file.as_bytes(), &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "test has no modification time: say when its tweets were observed");
}

#[test]
fn a_sink_stops_the_reading() {
    let file: String = (1..=1000).map(|id| tweet(id) + "\n").collect();
    let mut seen = 0;
    let small = Options { batch_size: 10, ..options() };
    let result = process::read_stream("test", file.as_bytes(), &small, &mut |_| {
        seen += 1;
        anyhow::bail!("the disk is full")
    });
    assert!(matches!(result, Err(ReadError::Sink(error)) if error.to_string() == "the disk is full"));
    assert_eq!(seen, 1);
}

#[test]
fn a_line_beyond_the_limit_is_refused_and_the_next_is_read() {
    let long = format!(r#"{{"id":"1","text":"{}"}}"#, "x".repeat(process::files::MAX_RECORD_BYTES));
    let outcome = read_bytes(format!("{long}\n{}\n", tweet(2)).as_bytes());
    assert_eq!(ids(&outcome), [2]);
    assert_eq!(outcome.rejects[0].reason, "it is longer than 16 MB");
    let outcome = read_bytes(format!("[{long},\n{}]", tweet(2)).as_bytes());
    assert_eq!((ids(&outcome), outcome.rejects[0].line), (vec![2], 1));
}

#[test]
fn arguments_become_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("sub")).unwrap();
    for name in
        ["b.jsonl", "a.csv", "notes.txt", ".hidden.json", "sub/data_1.json", "sub/users_1.json", "sub/users_2.json"]
    {
        fs::write(path(name), "").unwrap();
    }
    let names = |arguments: &[PathBuf]| -> Vec<String> {
        let sources = expand_arguments(arguments).unwrap().sources;
        sources.iter().map(|source| source.name.rsplit('/').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&[folder.path().to_owned()]), ["a.csv", "b.jsonl", "data_1.json", "users_2.json"]);
    assert_eq!(names(&[path("notes.txt"), PathBuf::from("-")]), ["notes.txt", "-"]);
    assert_eq!(names(&[path("sub/users_1.json")]), ["users_1.json"]);
    let error = expand_arguments(&[path("missing")]).unwrap_err().to_string();
    assert!(error.starts_with("cannot read ") && error.contains("missing"), "{error}");
}

#[test]
fn a_file_without_a_time_of_its_own_has_that_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.jsonl");
    fs::write(&path, tweet(1)).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000)).unwrap();
    assert_eq!(read_path(&path).rows()[0].tweet.version.0, 1_600_000_000_000_000);
    assert_eq!(read_bytes(tweet(1).as_bytes()).rows()[0].tweet.version, NOW);
    assert_eq!(read_bytes(tweet(1).as_bytes()).rows()[0].tweet.id, TweetId(1));
}
