//! `replay`: one run, told turn by turn.

use std::io::BufRead;

use demarche_domain::index::RoundIx;
use demarche_engine::past::{NoPast, Past};
use demarche_engine::refusal::RefusedInput;
use demarche_engine::session::{Session, check_all_entered, hand_back};
use demarche_engine::table::Status;
use demarche_record::cast::Cast;
use demarche_record::format::{Lineage, RunRecord};
use demarche_record::inputs::{self, ReadInput};
use demarche_record::transcript::{Dispatch, Front, tell_below};
use demarche_record::wire::Wire;
use tracing::{debug, info};

use crate::cli::{Case, Chance, Format, Replay};
use crate::destination::Destination;
use crate::exit::Failure;
use crate::output;
use crate::progress::Progress;
use crate::sources::{self, Ready, ready};

/// The seed that `replay` and `play` take when none is given: a telling run of the built-in track.
pub(crate) const DEFAULT_SEED: u64 = 17;

/// Tells one run.
///
/// # Errors
/// When the scenario is invalid, a file is missing, or a decision is not among what is offered.
pub(crate) fn run(asked: &Replay) -> Result<(), Failure> {
    if asked.follow && sources::takes_stdin(&asked.case, asked.decisions.as_deref()) {
        let why = "the standard input cannot hold both a file and the Enters of --follow";
        return Err(Failure::Usage(why.to_owned()));
    }
    let destination = asked.output.as_deref().map(|path| Destination::claim(path, asked.force));
    let destination = destination.transpose()?;
    let is_record_told = matches!(destination, Some(Destination::Stdout));
    if asked.follow && is_record_told {
        let why = "the standard output cannot hold both the record and what --follow tells";
        return Err(Failure::Usage(why.to_owned()));
    }
    if asked.round.is_some() && (is_record_told || asked.format == Format::Json) {
        let why = "--round tells one round of the dispatch, but a record is always whole, or it \
                   could not be replayed; leave out --round, or what asks for the record on stdout";
        return Err(Failure::Usage(why.to_owned()));
    }
    let mut ready = ready(&asked.case)?;
    if let Some(file) = &asked.decisions {
        let read = decisions(file, &ready.scenario.cast)?;
        ready.inputs.extend(read.iter().map(|read| read.input.clone()));
        let name = file.display().to_string();
        ready.read.extend(read.into_iter().map(|read| (name.clone(), read)));
    }
    let round =
        asked.round.as_deref().map(|key| find_round(key, &ready.scenario.cast)).transpose()?;
    let mut lineage = lineage(&asked.chance, &ready);
    if let Some(turn) = asked.branch_at {
        let past = Past::of(&ready.scenario, lineage, &ready.inputs, turn);
        let branched = past.and_then(|past| {
            let parted = asked.branch_seed.map(|seed| past.parting(seed)).transpose()?;
            Ok((parted.unwrap_or(lineage), past.record.inputs))
        });
        let told = |cause: NoPast| no_past("--branch-at", turn, &cause, &ready);
        (lineage, ready.inputs) = branched.map_err(told)?;
    }
    if asked.follow {
        return follow(&ready, lineage, asked, destination.as_ref());
    }
    let record = watched(&ready, lineage)?;
    compare(&record, &ready);
    keep(&record, &ready.scenario.cast, destination.as_ref())?;
    match asked.format {
        _ if is_record_told => Ok(()),
        Format::Json => output::data(&record.to_lines(&ready.scenario.cast)),
        Format::Text => {
            let again = again(asked, lineage);
            let front = Front { again: Some(&again), ..Front::from(&record) };
            let (cast, width) = (&ready.scenario.cast, output::width());
            output::data(&tell_below(&front, &record, cast, width, round))
        }
    }
}

/// The command line of a replay: the case with all that is laid over it and set, and its seed.
pub(crate) fn command(case: &Case, lineage: Lineage) -> String {
    let mut line = "demarche replay".to_owned();
    let mut add = |option: &str, word: &str| {
        line.extend([option, " ", &demarche_record::shell::quoted(word)]);
    };
    case.scenario.iter().for_each(|named| add("", named));
    case.table.iter().for_each(|table| add(" --table", &table.to_string()));
    add(" --seed", &lineage.seed.to_string());
    case.with.iter().for_each(|named| add(" --with", named));
    case.set.iter().for_each(|set| add(" --set", set));
    match lineage.over_ranges {
        None => line,
        Some(seed) if seed == lineage.seed => line + " --over-ranges",
        Some(seed) => format!("{line} --over-ranges={seed}"),
    }
}

/// The same with what else was asked of this replay.
fn again(asked: &Replay, lineage: Lineage) -> String {
    let words = [
        ("decisions", asked.decisions.as_ref().map(|file| file.display().to_string())),
        ("branch-at", asked.branch_at.map(|turn| turn.to_string())),
        ("branch-seed", asked.branch_seed.map(|seed| seed.to_string())),
        ("round", asked.round.clone()),
    ];
    let said = words.into_iter().filter_map(|(option, word)| Some((option, word?)));
    said.fold(command(&asked.case, lineage), |line, (option, word)| {
        format!("{line} --{option} {}", demarche_record::shell::quoted(&word))
    })
}

/// The run from beginning to end; one that takes its time shows how far it has come.
pub(crate) fn watched(ready: &Ready, lineage: Lineage) -> Result<RunRecord, Failure> {
    let mut progress = Progress::new();
    let mut session = Session::new(ready.scenario.clone(), 1);
    session.seat(0, lineage, ready.inputs.clone(), true);
    debug!(seed = lineage.seed, over_ranges = ?lineage.over_ranges, "run begun");
    let told = to_the_end(&mut session, ready, |session| {
        let horizon = ready.scenario.horizon_turns;
        progress.tell(|| format!("turn {} of at most {horizon}", session.turn(0)));
        Ok(true)
    });
    progress.clear();
    let record = told.map(|_| session.record(0))?;
    info!(last_turn = session.turn(0), n_events = record.chronicle.entries.len(), "run over");
    Ok(record)
}

/// Plays to the end, or to where `after_turn` says that it is enough. Returns whether it is over.
fn to_the_end(
    session: &mut Session,
    ready: &Ready,
    mut after_turn: impl FnMut(&Session) -> Result<bool, Failure>,
) -> Result<bool, Failure> {
    while session.status(0) != Status::Ended {
        session.advance().map_err(|refused| refusal(&refused, ready))?;
        hand_back(session, 0);
        if !after_turn(session)? {
            return Ok(false);
        }
    }
    check_all_entered(session, 0).map_err(|refused| refusal(&refused, ready))?;
    Ok(true)
}

/// Why a run does not branch at the turn that an option asks for.
pub(crate) fn no_past(option: &str, turn: u32, cause: &NoPast, ready: &Ready) -> Failure {
    match cause {
        NoPast::Refused(refused) => refusal(refused, ready),
        _ => Failure::Usage(format!("{option} {turn}: {cause}")),
    }
}

/// Where the draws come from, by the command line or the record that is replayed.
pub(crate) fn lineage(asked: &Chance, ready: &Ready) -> Lineage {
    let recorded = ready.recorded.as_ref().map(|record| record.lineage);
    let seed = asked.seed.or(recorded.map(|lineage| lineage.seed)).unwrap_or(DEFAULT_SEED);
    let over_ranges = asked.over_ranges(seed).or(recorded.and_then(|lineage| lineage.over_ranges));
    Lineage { seed, branch: recorded.and_then(|lineage| lineage.branch), over_ranges }
}

/// Where a record was replayed unchanged, its chronicle must come out the same.
fn compare(record: &RunRecord, ready: &Ready) {
    let Some(recorded) = &ready.recorded else { return };
    let same_question = recorded.scenario_digest == record.scenario_digest
        && recorded.lineage == record.lineage
        && recorded.inputs == record.inputs;
    // A run that was stopped is recorded as far as it had come.
    let is_same = record.chronicle.entries.starts_with(&recorded.chronicle.entries);
    if same_question && !is_same {
        output::talk(&format!(
            "warning: this is not what was recorded by model {}; this program has model {}",
            recorded.model, record.model
        ));
    }
}

fn keep(record: &RunRecord, cast: &Cast, to: Option<&Destination>) -> Result<(), Failure> {
    match to {
        Some(destination) => destination.write(&record.to_lines(cast)).map(|_| ()),
        None => Ok(()),
    }
}

fn decisions(file: &std::path::Path, cast: &Cast) -> Result<Vec<ReadInput>, Failure> {
    let text = sources::decisions_of(file)?;
    let read = inputs::read_inputs(&text, cast).map_err(|faults| {
        let name = file.display().to_string();
        Failure::File(format!("{name} is no list of decisions\n{}", faults.told(&name)))
    })?;
    info!(file = %file.display(), n_inputs = read.len(), "decisions read");
    Ok(read)
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
    let cast = &ready.scenario.cast;
    let (input, line) = (refused.input.to_wire(cast), ready.lines_of(&refused.input));
    let (turn, why) = (refused.input.turn(), refused.refusal.words(cast));
    Failure::Usage(format!("{line}turn {turn}: {why}\n  refused: {input}"))
}

/// Turn by turn, waiting for Enter.
fn follow(
    ready: &Ready,
    lineage: Lineage,
    asked: &Replay,
    to: Option<&Destination>,
) -> Result<(), Failure> {
    let cast = &ready.scenario.cast;
    let mut session = Session::new(ready.scenario.clone(), 1);
    session.seat(0, lineage, ready.inputs.clone(), true);
    let mut dispatch = Dispatch::new(cast, output::width());
    let opening = session.record(0);
    output::data(&dispatch.heading(&Front { last_turn: None, ..Front::from(&opening) }))?;
    let mut told = 0;
    let mut lines = std::io::stdin().lock().lines();
    let is_over = to_the_end(&mut session, ready, |session| {
        let entries = &session.chronicle(0).entries;
        let text = dispatch.turn(&entries[told..]);
        told = entries.len();
        if !text.is_empty() {
            output::data(&text)?;
            output::talk("  (Enter to go on)");
            return Ok(matches!(lines.next(), Some(Ok(_))));
        }
        Ok(true)
    })?;
    if !is_over {
        return Ok(());
    }
    let record = session.record(0);
    let again = again(asked, lineage);
    output::data(&dispatch.ending(&Front { again: Some(&again), ..Front::from(&record) }))?;
    keep(&record, cast, to)
}
