//! demarche: a simulator of diplomatic negotiation.
//!
//! stdout is data, stderr is talk. The commands are in [`commands`], one file each; what ends the
//! program early is a [`exit::Failure`] with its exit code.

mod cli;
mod exit;
mod sources;
mod output;
mod log;
mod destination;
mod progress;
mod interrupt;
mod commands;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    interrupt::listen();
    match log::start(cli.log.as_deref()).and_then(|()| commands::run(cli.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
