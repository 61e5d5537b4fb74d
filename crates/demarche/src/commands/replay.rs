//! `replay`: one run, told turn by turn.

use std::io::BufRead;

use demarche_domain::index::RoundIx;
use demarche_engine::session::{RefusedInput, Session, check_all_entered, hand_back};
use demarche_engine::table::Status;
use demarche_record::cast::Cast;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::inputs::{self, ReadInput};
use demarche_record::transcript::{Dispatch, Front, tell};
use demarche_record::wire::Wire;

use crate::cli::{Format, Replay};
use crate::exit::Failure;
use crate::output;
use crate::sources::{Ready, ready};

/// The seed that `replay` and `play` take when none is given: a telling run of the built-in track.
pub(crate) const DEFAULT_SEED: u64 = 1;

/// Tells one run.
///
/// # Errors
/// When the scenario is invalid, a file is missing, or a decision is not among what is offered.
pub(crate) fn run(asked: &Replay) -> Result<(), Failure> {
    let mut ready = ready(&asked.case)?;
    if let Some(file) = &asked.decisions {
        let read = decisions(file, &ready.scenario.cast)?;
        ready.inputs.extend(read.iter().map(|read| read.input.clone()));
        let name = file.display().to_string();
        ready.read.extend(read.into_iter().map(|read| (name.clone(), read)));
    }
    let round =
        asked.round.as_deref().map(|key| find_round(key, &ready.scenario.cast)).transpose()?;
    let lineage = lineage(asked, &ready);
    if let Some(turn) = asked.branch_at {
        ready.inputs.retain(|input| input.turn() < turn);
    }
    if asked.follow {
        return follow(&ready, lineage, asked);
    }
    let record = demarche_engine::session::run(&ready.scenario, lineage, ready.inputs.clone())
        .map_err(|refused| refusal(&refused, &ready))?;
    compare(&record, &ready);
    keep(&record, &ready.scenario.cast, asked)?;
    match asked.format {
        Format::Json => output::data(&record.to_lines(&ready.scenario.cast)),
        Format::Text => output::data(&tell(&record, &ready.scenario.cast, output::width(), round)),
    }
}

/// Seed and branch, from the command line or the record that is replayed.
fn lineage(asked: &Replay, ready: &Ready) -> Lineage {
    let recorded = ready.recorded.as_ref().map(|record| record.lineage);
    let seed = asked.chance.seed.or(recorded.map(|lineage| lineage.seed)).unwrap_or(DEFAULT_SEED);
    let asked_branch = asked.branch_at.zip(asked.branch_seed);
    let over_ranges =
        asked.chance.over_ranges || recorded.is_some_and(|lineage| lineage.over_ranges);
    Lineage { seed, branch: asked_branch.or(recorded.and_then(|l| l.branch)), over_ranges }
}

/// Where a record was replayed unchanged, its chronicle must come out the same.
fn compare(record: &RunRecord, ready: &Ready) {
    let Some(recorded) = &ready.recorded else { return };
    let same_question = recorded.scenario_digest == record.scenario_digest
        && recorded.lineage == record.lineage
        && recorded.inputs == record.inputs;
    if same_question && recorded.chronicle != record.chronicle {
        output::talk(&format!(
            "warning: this is not what was recorded by model {}; this program has model {}",
            recorded.model, record.model
        ));
    }
}

fn keep(record: &RunRecord, cast: &Cast, asked: &Replay) -> Result<(), Failure> {
    match &asked.output {
        Some(path) => output::file(path, &record.to_lines(cast), asked.force),
        None => Ok(()),
    }
}

fn decisions(file: &std::path::Path, cast: &Cast) -> Result<Vec<ReadInput>, Failure> {
    let text = output::read(file, inputs::MOST_BYTES)?;
    inputs::read_inputs(&text, cast).map_err(|faults| {
        let name = file.display().to_string();
        Failure::File(format!("{name} is no list of decisions\n{}", faults.told(&name)))
    })
}

fn find_round(key: &str, cast: &Cast) -> Result<RoundIx, Failure> {
    let known: Vec<&str> = cast.rounds.iter().map(|round| round.named.key.as_str()).collect();
    let place = known.iter().position(|known| *known == key);
    place.map(RoundIx::at).ok_or_else(|| {
        Failure::Usage(format!("there is no round `{key}`; there are: {}", known.join(", ")))
    })
}

/// A refused input, told with the decision as it was written, and with its line where it was read.
pub(crate) fn refusal(refused: &RefusedInput, ready: &Ready) -> Failure {
    let (input, line) =
        (refused.input.to_wire(&ready.scenario.cast), ready.lines_of(&refused.input));
    Failure::Usage(format!("{line}{refused}\n  refused: {input}"))
}

/// Turn by turn, waiting for Enter.
fn follow(ready: &Ready, lineage: Lineage, asked: &Replay) -> Result<(), Failure> {
    let cast = &ready.scenario.cast;
    let mut session = Session::new(ready.scenario.clone(), 1);
    session.seat(0, lineage, ready.inputs.clone(), true);
    let mut dispatch = Dispatch::new(cast, output::width());
    let opening = session.record(0);
    output::data(&dispatch.heading(&Front { last_turn: None, ..Front::from(&opening) }))?;
    let mut told = 0;
    let mut lines = std::io::stdin().lock().lines();
    while session.status(0) != Status::Ended {
        session.advance().map_err(|refused| refusal(&refused, ready))?;
        hand_back(&mut session, 0);
        let entries = &session.chronicle(0).entries;
        let text = dispatch.turn(&entries[told..]);
        told = entries.len();
        if !text.is_empty() {
            output::data(&text)?;
            output::talk("  (Enter to go on)");
            if !matches!(lines.next(), Some(Ok(_))) {
                return Ok(());
            }
        }
    }
    check_all_entered(&session, 0).map_err(|refused| refusal(&refused, ready))?;
    let record = session.record(0);
    output::data(&dispatch.ending(&Front::from(&record)))?;
    keep(&record, cast, asked)
}
