//! What this process has used.

use rustix::time::{ClockId, clock_gettime};
use std::collections::BTreeMap;
use std::time::Instant;

/// CPU time of all threads of this process, in seconds.
pub fn cpu_seconds() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// CPU time of the thread that asks, in seconds.
pub fn thread_cpu_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let spent = clock_gettime(clock);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

pub fn print_row(what: &str, micros: f64) {
    println!("  {what:<32} {micros:6.1} µs of CPU a tweet");
}

/// CPU time and memory since a moment.
pub struct Usage {
    began: Instant,
    threads: BTreeMap<String, f64>,
}

impl Usage {
    pub fn start() -> Self {
        Self { began: Instant::now(), threads: by_thread() }
    }

    /// Prints what was used, for so many tweets.
    pub fn print(&self, what: &str, tweets: u64) {
        let wall = self.began.elapsed().as_secs_f64();
        let count = tweets as f64;
        let used: Vec<(String, f64)> = by_thread()
            .into_iter()
            .map(|(name, seconds)| {
                let before = self.threads.get(&name).copied().unwrap_or_default();
                (name, seconds - before)
            })
            .filter(|(_, seconds)| *seconds > 0.05)
            .collect();
        let cpu: f64 = used.iter().map(|(_, seconds)| seconds).sum();
        println!(
            "{what}: {:.0} tweets per CPU-second, {:.0} per second, {} MB at most",
            count / cpu,
            count / wall,
            peak_mb()
        );
        for (name, seconds) in used {
            print_row(&name, seconds * 1e6 / count);
        }
        print_row("sum", cpu * 1e6 / count);
    }
}

/// CPU seconds by the names of threads, those that have ended as `ended`.
fn by_thread() -> BTreeMap<String, f64> {
    let mut threads: BTreeMap<String, f64> = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let Ok(stat) = std::fs::read_to_string(task.unwrap().path().join("stat")) else { continue };
        let (name, seconds) = parse(&stat);
        *threads.entry(name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned()).or_default() +=
            seconds;
    }
    let all = parse(&std::fs::read_to_string("/proc/self/stat").unwrap()).1;
    let alive: f64 = threads.values().sum();
    threads.insert("ended".to_owned(), all - alive);
    threads
}

fn parse(stat: &str) -> (String, f64) {
    let (before, after) = stat.rsplit_once(')').unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    (before.split_once('(').unwrap().1.to_owned(), ticks as f64 / 100.0)
}

fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() >> 10
}
