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
