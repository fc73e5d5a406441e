//! Backup, restore, repair and doctor as an operator runs them, beside a server and an import.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

mod common;

use common::{Roost, Server};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::Store;
use store::tweets::last_change;
use tempfile::TempDir;

fn made_up(roost: &Roost, tweets: u64) -> std::path::PathBuf {
    let file = roost.data.path().with_extension("jsonl");
    let until = "2026-11-01T00:00:00Z";
    let tweets = tweets.to_string();
    roost.ok(&["simulate", "--write", file.to_str().unwrap(), "--tweets", &tweets, "--until", until]);
    file
}

/// Runs a restore into `data`.
fn restore(set: &Path, data: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roost"));
    command.arg("restore").arg(set).arg("--data").arg(data).args(more);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[tokio::test]
async fn a_backup_beside_a_server_and_an_import_restores_to_what_was_there_then() {
    let roost = Roost::new();
    roost.add_user("ann", "admin", "correct horse battery staple");
    let file = made_up(&roost, 20_000);
    let server = Server::start(&roost);
    let mut import = roost.command(&["import", "--collection", "moon", file.to_str().unwrap()]);
    let mut import = import.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let store = Store::open(&store::Settings::sqlite(roost.data.path())).await.unwrap();
    while last_change(&store).await.unwrap() < 1_000 {
        assert_eq!(import.try_wait().unwrap(), None, "it has only begun");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    store.close().await.unwrap();
    let sets = TempDir::new().unwrap();
    let set = sets.path().join("set");
    let made: Value = serde_json::from_str(&roost.ok(&["backup", set.to_str().unwrap(), "--json"])).unwrap();
    assert_eq!(import.try_wait().unwrap(), None, "it was at work meanwhile");
    assert!(import.wait().unwrap().success(), "the backup was not in its way");
    drop(server);

    let restored = Roost { data: TempDir::new().unwrap() };
    let key = roost.data.path().join("key");
    let out = restored.ok(&["restore", set.to_str().unwrap(), "--key", key.to_str().unwrap(), "--json"]);
    let out: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(out["agrees"], true, "{out}");
    let tweets = restored.verified();
    assert!(0 < tweets && tweets < roost.count(""), "{tweets}");
    assert!(tweets <= made["manifest"]["database"]["counts"]["tweets"].as_u64().unwrap(), "{made}");
    assert!(restored.ok(&["user", "list"]).contains("ann"));
    // It goes on from there as if nothing had been.
    let rest = restored.import("moon", &[&file]);
    assert_eq!((rest.duplicate, rest.new), (tweets, rest.read - tweets));
    assert_eq!(restored.count(""), roost.count(""));
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_restore_that_is_killed_leaves_no_half_data() {
    let roost = Roost::new();
    let file = made_up(&roost, 5_000);
    roost.import("moon", &[&file]);
    std::fs::remove_file(file).unwrap();
    let folder = TempDir::new().unwrap();
    let set = folder.path().join("set");
    roost.ok(&["backup", set.to_str().unwrap(), "--with-key"]);
    let began = Instant::now();
    assert!(restore(&set, &folder.path().join("whole"), &[]).status().unwrap().success());
    let takes = began.elapsed();

    let (mut nothing, mut whole) = (0, 0);
    for number in 0..8 {
        let data = folder.path().join(format!("data-{number}"));
        let mut child = restore(&set, &data, &[]).spawn().unwrap();
        std::thread::sleep(takes * number / 8);
        child.kill().unwrap();
        child.wait().unwrap();
        if data.exists() {
            whole += 1;
            let mut search = Command::new(env!("CARGO_BIN_EXE_roost"));
            let found = search.args(["search", "--count", ""]).arg("--data").arg(&data).output().unwrap();
            assert!(found.status.success(), "{found:?}");
            assert_eq!(String::from_utf8(found.stdout).unwrap().trim(), roost.count("").to_string());
            assert!(!restore(&set, &data, &[]).status().unwrap().success(), "it is not overwritten");
        } else {
            nothing += 1;
            // What the killed one left beside is no obstacle.
            assert!(restore(&set, &data, &[]).status().unwrap().success());
        }
        assert!(!folder.path().join(format!("data-{number}.restoring")).exists());
        std::fs::remove_dir_all(&data).unwrap();
    }
    assert!(nothing > 0 && whole > 0, "killed before and after: {nothing}, {whole}");
}

#[test]
fn what_is_refused_is_told_in_one_line() {
    let roost = Roost::new();
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let none = roost.run(&["backup", &place("set")]);
    assert_eq!((none.code, none.err.lines().count()), (Some(1), 1), "{none:?}");
    assert!(!Path::new(&place("set")).exists());
    roost.add_user("ann", "admin", "correct horse battery staple");
    roost.ok(&["backup", &place("set")]);
    for arguments in [
        vec!["backup", &place("set")],
        vec!["restore", &place("set")],
        vec!["restore", &place("nowhere")],
        vec!["verify", "--repair", "--day", "2026-01-31", "--data", &place("nowhere")],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roost"));
        command.args(&arguments).arg("--data").arg(folder.path().join("other"));
        let out = match arguments.contains(&"--data") {
            true => Command::new(env!("CARGO_BIN_EXE_roost")).args(&arguments).output().unwrap(),
            false => command.output().unwrap(),
        };
        let told = String::from_utf8(out.stderr).unwrap();
        assert_eq!((out.status.code(), told.lines().count()), (Some(1), 1), "{arguments:?}: {told}");
    }
    assert_eq!(roost.run(&["verify", "--day", "2026-01-31"]).code, Some(2), "a day is repaired or nothing");
}

#[test]
fn the_doctor_ends_with_1_if_something_has_failed_and_can_be_read_by_machines() {
    let roost = Roost::new();
    roost.add_user("ann", "admin", "correct horse battery staple");
    let report = |code: i32| {
        let printed = roost.run(&["doctor", "--json"]);
        assert_eq!(printed.code, Some(code), "{printed:?}");
        serde_json::from_str::<Value>(&printed.out).unwrap()
    };
    assert_eq!(report(0)["healthy"], true);
    let key = roost.data.path().join("key");
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let ill = report(1);
    let check = ill["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap();
    assert_eq!(check["status"], "failed");
    assert!(check["do"].is_string() && check["why"].is_string(), "{check}");
    let told = roost.run(&["doctor"]);
    assert!(told.out.contains("FAILED   key"), "{told:?}");

    let mut wrong = roost.command(&["doctor", "--json"]);
    let out = wrong.env("ROOST_EXPORT_DAYS", "many").output().unwrap();
    let ill: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((out.status.code(), &ill["checks"][0]["name"]), (Some(1), &Value::from("settings")), "{ill}");
}

#[test]
fn a_server_repairs_a_day_of_its_index_when_the_command_asks_it_to() {
    let roost = Roost::new();
    let file = made_up(&roost, 3_000);
    roost.import("moon", &[&file]);
    std::fs::remove_file(file).unwrap();
    let index = search::Index::open(&roost.data.path().join("index"), search::Settings::default()).unwrap();
    assert!(index.lead().unwrap());
    let (day, digest) = index.days().unwrap().into_iter().next().unwrap();
    let lost = index.ids_of_day(day).unwrap();
    index.apply(lost.into_iter().map(search::Change::Remove).collect()).unwrap();
    index.commit(index.position()).unwrap();
    drop(index);
    let name = model::Timestamp(day * model::time::DAY).format("%Y-%m-%d");

    let server = Server::start(&roost);
    std::thread::sleep(Duration::from_secs(2));
    let verdict = roost.run(&["verify", "--json"]);
    assert_eq!(verdict.code, Some(1), "{verdict:?}");
    let verdict: Value = serde_json::from_str(&verdict.out).unwrap();
    assert_eq!(verdict["differing_days"], serde_json::json!([name]));
    assert_eq!(verdict["stored"].as_u64().unwrap() - verdict["indexed"].as_u64().unwrap(), digest.count);
    let repaired: Value = serde_json::from_str(&roost.ok(&["verify", "--repair", "--json"])).unwrap();
    assert_eq!((&repaired["repaired_days"], &repaired["agrees"]), (&serde_json::json!([name]), &Value::Bool(true)));
    assert!(roost.ok(&["verify", "--repair", "--day", &name]).contains(&name));
    drop(server);
    assert_eq!(roost.verified(), repaired["stored"].as_u64().unwrap());
}
