//! The program `roost`: a server, a simulator of the X API, and the commands that look after the data.

mod commands;
mod config;
mod http;

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// The system's keeps an arena per thread: an import then holds 390 MB and not 300 (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
    let arguments = commands::Arguments::parse();
    match commands::run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            // One line: what failed, and why.
            eprintln!("roost: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `roost search … | head` closes the pipe before all is printed, which Rust makes a panic.
fn end_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let words = panic.payload_as_str().unwrap_or_default();
        if words.starts_with("failed printing to stdout") && words.contains("Broken pipe") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
