//! The commands, one file each.

pub(crate) mod replay;
pub(crate) mod play;
pub(crate) mod explain;
pub(crate) mod batch;
pub(crate) mod design;
pub(crate) mod merge;
pub(crate) mod verify;
pub(crate) mod what_if;
pub(crate) mod report;
pub(crate) mod class;
pub(crate) mod brief;
pub(crate) mod scenario;

use clap::CommandFactory;
use tracing::debug;

use crate::cli::{Cli, Command};
use crate::exit::Failure;
use crate::output;

/// Does what the command line asks.
///
/// # Errors
/// When it cannot be done; the failure says why.
pub(crate) fn run(command: Command) -> Result<(), Failure> {
    debug!(version = env!("CARGO_PKG_VERSION"), model = demarche_engine::MODEL_VERSION, "begun");
    match command {
        Command::Replay(asked) => replay::run(&asked),
        Command::Play(asked) => play::run(&asked),
        Command::Explain(asked) => explain::run(&asked),
        Command::Batch(asked) => batch::run(&asked),
        Command::Merge(asked) => merge::run(&asked),
        Command::Verify(asked) => verify::run(&asked),
        Command::WhatIf(asked) => what_if::run(&asked),
        Command::Report(asked) => report::run(&asked),
        Command::Class(asked) => class::run(&asked),
        Command::Brief(asked) => brief::run(&asked),
        Command::Scenario(asked) => scenario::run(asked),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "demarche", &mut text);
            output::data(&String::from_utf8_lossy(&text))
        }
        Command::Man { dir } => {
            let written = std::fs::create_dir_all(&dir)
                .and_then(|()| clap_mangen::generate_to(Cli::command(), &dir));
            written.map_err(|cause| {
                Failure::File(format!("{} cannot be written: {cause}", dir.display()))
            })
        }
    }
}
