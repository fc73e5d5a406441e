//! The invariants of ARCHITECTURE.md, checked on the workspace as cargo sees it.
#![expect(clippy::unwrap_used, reason = "a story ends where something that it relies on fails")]

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .features(CargoOpt::AllFeatures)
        .no_deps()
        .exec()
        .expect("cargo describes the workspace")
}

/// Direct dependencies by crate, without those of tests.
fn dependencies(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let of = |package: &Package| {
        let normal = package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
        normal.map(|dependency| dependency.name.to_string()).collect()
    };
    metadata.workspace_packages().into_iter().map(|package| (package.name.to_string(), of(package))).collect()
}

fn users_of<'a>(dependencies: &'a BTreeMap<String, BTreeSet<String>>, name: &str) -> Vec<&'a str> {
    dependencies.iter().filter(|(_, uses)| uses.contains(name)).map(|(user, _)| user.as_str()).collect()
}

#[test]
fn the_model_knows_no_database_no_network_and_no_clock() {
    let dependencies = dependencies(&metadata());
    let allowed = ["chrono", "serde", "serde_json", "thiserror"];
    let others: Vec<_> = dependencies["model"].iter().filter(|name| !allowed.contains(&name.as_str())).collect();
    assert!(others.is_empty(), "model depends on {others:?}");
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).unwrap();
    let chrono = manifest.lines().find(|line| line.starts_with("chrono =")).unwrap();
    assert!(chrono.contains("default-features = false") && !chrono.contains("clock"), "chrono must not read the clock");
}

#[test]
fn the_leaf_crates_never_see_each_other() {
    let dependencies = dependencies(&metadata());
    let leaves =
        ["eventlog", "lake", "notify", "planner", "process", "search", "source", "store", "simulator", "tweetgen"];
    let serves_what_is_made_up = |leaf: &str, name: &str| leaf == "simulator" && name == "tweetgen";
    for leaf in leaves {
        let others = dependencies[leaf].iter().filter(|name| leaves.contains(&name.as_str()));
        let seen: Vec<_> = others.filter(|name| !serves_what_is_made_up(leaf, name)).collect();
        assert!(seen.is_empty(), "{leaf} sees {seen:?}");
    }
    assert!(!dependencies["tweetgen"].contains("model"), "tweetgen shares no mistake with what it tests")
}

#[test]
fn the_planner_knows_the_model_and_time_zones_alone() {
    let dependencies = dependencies(&metadata());
    let allowed = ["jiff", "model", "serde", "thiserror"];
    assert_eq!(dependencies["planner"], BTreeSet::from(allowed.map(str::to_owned)));
}

#[test]
fn each_engine_is_named_in_one_place() {
    let dependencies = dependencies(&metadata());
    for (engine, places) in [
        ("sea-orm", vec!["store", "testing"]),
        ("sea-orm-migration", vec!["migrations"]),
        ("sqlx", vec!["eventlog"]),
        ("arrow", vec!["lake"]),
        ("datafusion", vec!["lake"]),
        ("object_store", vec!["lake"]),
        ("tantivy", vec!["search"]),
        ("reqwest", vec!["notify", "source"]),
        ("lettre", vec!["notify"]),
        ("axum", vec!["server", "simulator"]),
        ("leptos", vec!["app", "frontend", "server"]),
    ] {
        let users = users_of(&dependencies, engine);
        let strays: Vec<_> = users.iter().filter(|user| !places.contains(user)).collect();
        assert!(strays.is_empty(), "{engine} is named in {strays:?}");
    }
}

#[test]
fn nothing_of_the_server_reaches_the_browser() {
    let metadata = metadata();
    let app = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == "app").unwrap();
    let normal = app.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal);
    let unconditional = normal.filter(|dependency| !dependency.optional);
    let server_only = [
        "service",
        "store",
        "search",
        "source",
        "notify",
        "planner",
        "process",
        "eventlog",
        "lake",
        "axum",
        "tokio",
        "leptos_axum",
        "http",
    ];
    let strays: Vec<_> =
        unconditional.map(|dependency| dependency.name.as_str()).filter(|name| server_only.contains(name)).collect();
    assert!(strays.is_empty(), "app brings {strays:?} to the browser");
    for turned_on in &app.features["hydrate"] {
        assert!(!server_only.iter().any(|name| turned_on.contains(name)), "hydrate turns on {turned_on}");
    }
}

#[test]
fn dependencies_point_down_only() {
    let dependencies = dependencies(&metadata());
    for (above, below) in [("service", "server"), ("service", "app"), ("model", "service"), ("store", "service")] {
        assert!(!dependencies[above].contains(below), "{above} depends on {below}");
    }
    assert_eq!(users_of(&dependencies, "server"), Vec::<&str>::new());
}

#[test]
fn text_of_tweets_cannot_become_markup() {
    let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    let mut files = Vec::new();
    collect(&app, &mut files);
    assert!(files.len() > 10, "the sources of app are where they are looked for");
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        // Leptos 0.8 does not escape the children of a textarea (leptos#4730).
        for banned in ["inner_html", "<textarea"] {
            let found = source.lines().position(|line| line.contains(banned) && !line.trim_start().starts_with("//"));
            assert!(found.is_none(), "{banned} in {}:{}", file.display(), found.unwrap_or_default() + 1);
        }
    }
}

#[test]
fn every_text_is_said_somewhere() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["app/src", "model/src", "server/src", "server/service/src"] {
        collect(&top.join(folder), &mut files);
    }
    let sources: Vec<String> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    let is_said = |section: &str, key: &str| {
        let call = format!("::{key}");
        let ends = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        let within = sources.iter().filter(|source| source.contains(section));
        within.flat_map(|source| source.split(&call).skip(1)).any(ends)
    };
    let mut section = "";
    for line in include_str!("../../model/texts/en.txt").lines() {
        if let Some(head) = line.strip_prefix('[') {
            section = head.split([',', ']']).next().unwrap();
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            assert!(is_said(section, key), "[{section}] {key} in model/texts is used nowhere: remove it");
        }
    }
}

/// What reads the same in every language.
const NAMES: [&str; 6] = ["UTC", "Enter", "Roost", "JSON", "roost import --collection NAME FILE", "lang:en likes>=50"];

#[test]
fn what_pages_say_stands_among_the_texts() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    collect(&top.join("app/src"), &mut files);
    collect(&top.join("server/src/http"), &mut files);
    let places =
        [".add(\"", "\"aria-label\", \"", "\"title\", \"", "\"placeholder\", \"", "aria-label=\"", "title=\"", ">\""];
    // The gallery is for those who build Roost.
    let is_for_people = |file: &Path| !file.ends_with("tests.rs") && !file.to_string_lossy().contains("gallery");
    for file in files.iter().filter(|file| is_for_people(file)) {
        let source = std::fs::read_to_string(file).unwrap();
        let code = source.split("#[cfg(test)]").next().unwrap();
        for place in places {
            for rest in code.split(place).skip(1) {
                let said = rest.split('"').next().unwrap();
                // What goes on in another line is code after a text.
                let has_words =
                    !said.contains('\n') && said.chars().filter(|letter| letter.is_alphabetic()).count() > 1;
                let is_text = has_words && !NAMES.contains(&said);
                assert!(!is_text, "{}: \"{said}\" belongs into model/texts: docs/adding-a-text.md", file.display());
            }
        }
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
