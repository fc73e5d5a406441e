//! The program as its users run it: on a folder of its own, over its command line and over HTTP.
#![expect(dead_code, reason = "each file of stories uses a part of it")]

pub mod browser;
pub mod outside;

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A data folder and the program that works on it.
pub struct Roost {
    pub data: TempDir,
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Printed {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The result of `roost import --json`.
#[derive(Debug, PartialEq, Eq)]
pub struct Imported {
    pub read: u64,
    pub new: u64,
    pub updated: u64,
    pub duplicate: u64,
    pub rejected: u64,
}

impl Imported {
    pub fn accounted_for(&self) -> bool {
        self.read == self.new + self.updated + self.duplicate + self.rejected
    }
}

impl Roost {
    pub fn new() -> Self {
        Self { data: TempDir::new().unwrap() }
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roost"));
        command.args(arguments).arg("--data").arg(self.data.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Printed {
        self.run_with(arguments, "")
    }

    /// With these lines on standard input.
    pub fn run_with(&self, arguments: &[&str], lines: &str) -> Printed {
        let mut command = self.command(arguments);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that ends without reading them breaks the pipe.
        let _ = child.stdin.take().unwrap().write_all(lines.as_bytes());
        let output = child.wait_with_output().unwrap();
        Printed {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let printed = self.run(arguments);
        assert_eq!(printed.code, Some(0), "{arguments:?}: {printed:?}");
        printed.out
    }

    /// Makes a user; the password goes in by standard input.
    pub fn add_user(&self, name: &str, role: &str, password: &str) {
        let mut command = self.command(&["user", "add", name, "--role", role]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        assert!(child.wait().unwrap().success());
    }

    pub fn import(&self, collection: &str, files: &[&Path]) -> Imported {
        let mut arguments = vec!["import", "--json", "--collection", collection];
        arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
        let printed = self.run(&arguments);
        let document: serde_json::Value =
            serde_json::from_str(&printed.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {printed:?}"));
        let number = |name: &str| document[name].as_u64().unwrap();
        Imported {
            read: number("read"),
            new: number("new"),
            updated: number("updated"),
            duplicate: number("duplicate"),
            rejected: number("rejected"),
        }
    }

    pub fn count(&self, filter: &str) -> u64 {
        self.ok(&["search", "--count", filter]).trim().parse().unwrap()
    }

    /// How many tweets the store and the index both hold; fails if they differ.
    pub fn verified(&self) -> u64 {
        let document: serde_json::Value = serde_json::from_str(&self.ok(&["verify", "--json"])).unwrap();
        assert_eq!(document["stored"], document["indexed"]);
        document["stored"].as_u64().unwrap()
    }
}

/// Real tweets, where they are at hand.
pub fn shared_data() -> Option<PathBuf> {
    let named = std::env::var_os("ROOST_SHARED_DATA").filter(|name| !name.is_empty()).map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"));
    if !folder.is_dir() {
        eprintln!("SKIPPED: the folder of real tweets is missing (ROOST_SHARED_DATA names it)");
        return None;
    }
    Some(folder)
}

/// A running server; it is ended when the test ends.
pub struct Server {
    pub address: String,
    /// The token of the set-up link, if it printed one.
    pub setup_token: Option<String>,
    child: Child,
    _site: TempDir,
}

impl Server {
    pub fn start(roost: &Roost) -> Self {
        Self::start_with(roost, &[])
    }

    /// With settings as the environment gives them.
    pub fn start_with(roost: &Roost, settings: &[(&str, &str)]) -> Self {
        let mut command = roost.command(&["serve", "--listen", "127.0.0.1:0"]);
        let (mut server, mut lines) = Self::spawn(command.envs(settings.iter().copied()));
        let has_user = !roost.ok(&["user", "list"]).is_empty();
        let setup = if has_user { None } else { lines.next().and_then(Result::ok) };
        server.setup_token = setup.and_then(|line| Some(line.rsplit_once("token=")?.1.to_owned()));
        server
    }

    /// The demo, and its one-time link.
    pub fn demo(roost: &Roost) -> (Self, String) {
        let (server, mut lines) =
            Self::spawn(&mut roost.command(&["demo", "--tweets", "10", "--listen", "127.0.0.1:0"]));
        let link = lines.find_map(|line| line.ok().filter(|line| line.contains("token="))).expect("it prints a link");
        (server, link.trim().to_owned())
    }

    fn spawn(command: &mut Command) -> (Self, Lines<BufReader<ChildStdout>>) {
        let site = TempDir::new().unwrap();
        std::fs::create_dir(site.path().join("pkg")).unwrap();
        let manifest = r#"{"js":"roost.1.js","wasm":"roost.2.wasm","css":"roost.3.css"}"#;
        for (name, content) in
            [("manifest.json", manifest), ("pkg/roost.1.js", "//"), ("pkg/roost.2.wasm", ""), ("pkg/roost.3.css", "")]
        {
            std::fs::write(site.path().join(name), content).unwrap();
        }
        let command = command.env("ROOST_SITE", site.path()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server says where it is").unwrap();
        let address = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
        (Self { address, setup_token: None, child, _site: site }, lines)
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
