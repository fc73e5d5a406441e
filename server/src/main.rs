//! The program `roost`: a server, a simulator of the X API, and the commands that look after the data.

mod commands;
mod config;
mod http;

use clap::Parser;
use std::process::ExitCode;

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
