//! `explain`: why a run ended as it did, and the least change that would have turned it.

use std::sync::{Mutex, PoisonError};

use demarche_explain::{Search, explain, json, words};
use tracing::info;

use super::replay::{command, lineage, watched};
use crate::cli::{Explain, Format};
use crate::exit::Failure;
use crate::output;
use crate::progress::Progress;
use crate::sources::ready;

/// Explains one run.
///
/// # Errors
/// When the scenario is invalid, a file is missing, or a recorded decision is not offered.
pub(crate) fn run(asked: &Explain) -> Result<(), Failure> {
    let ready = ready(&asked.case)?;
    let lineage = lineage(&asked.chance, &ready);
    let record = watched(&ready, lineage)?;
    let progress = Mutex::new(Progress::new());
    let watch = |what: &str, done: usize, all: usize| {
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner);
        progress.tell(|| format!("the least change, {what}: {done} of {all} runs"));
    };
    let threads = asked.threads.map_or_else(all_threads, usize::from);
    let search = (!asked.quick).then_some(Search { threads, watch: &watch });
    let explanation = explain(&record, &ready.scenario, &ready.numbers, search);
    progress.lock().unwrap_or_else(PoisonError::into_inner).clear();
    info!(quick = asked.quick, "run explained");
    let cast = &ready.scenario.cast;
    match asked.format {
        Format::Text => {
            let (replay, width) = (command(&asked.case, lineage), output::width());
            output::data(&words::tell(&explanation, &record, cast, &replay, width))
        }
        Format::Json => output::data(&format!("{:#}\n", json::to_json(&explanation, cast))),
    }
}

/// As many threads as the machine has.
pub(crate) fn all_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
