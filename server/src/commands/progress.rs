//! Bars for what takes its time.

use indicatif::{ProgressBar, ProgressStyle};
use service::backup::{Progress, Step, Tell};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The bar of a backup or a restore: each step has its own.
#[derive(Clone, Default)]
pub struct Steps(Arc<Mutex<Option<Shown>>>);

struct Shown {
    step: Step,
    total: u64,
    bar: ProgressBar,
}

impl Steps {
    /// What tells the bar.
    pub fn tell(&self) -> Tell {
        let steps = self.clone();
        Arc::new(move |progress| steps.show(progress))
    }

    fn show(&self, progress: Progress) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = shown.as_ref().is_some_and(|shown| (shown.step, shown.total) == (progress.step, progress.total));
        if !is_same {
            shown.take().inspect(|shown| shown.bar.finish_and_clear());
            *shown = Some(Shown { step: progress.step, total: progress.total, bar: bar(progress) });
        }
        if let Some(shown) = shown.as_ref() {
            shown.bar.set_position(progress.done);
        }
    }

    pub fn end(self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().inspect(|shown| shown.bar.finish_and_clear());
    }
}

/// How many tweets are done, of nobody knows how many.
pub fn tweets(message: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}  {human_pos} tweets  {elapsed}");
    let bar = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar.with_message(message)
}

fn bar(Progress { step, total, .. }: Progress) -> ProgressBar {
    let name = match step {
        Step::Copy => "copying",
        Step::Hash => "hashing",
        Step::Check => "reading the database from end to end",
        Step::Index => "indexing",
    };
    let (bar, template) = match (total, step) {
        (0, _) => (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}"),
        (_, Step::Index) => (ProgressBar::new(total), "{bar:30} {percent:>3} %  {msg}  {pos}/{len} changes"),
        _ => (ProgressBar::new(total), "{bar:30} {percent:>3} %  {msg}  {bytes}/{total_bytes}  {eta} left"),
    };
    let bar = bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar.with_message(name)
}
