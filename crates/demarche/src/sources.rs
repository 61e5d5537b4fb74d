//! Sources: from what the command line names to a scenario that is ready to run.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use demarche_class::class::Class;
use demarche_class::store::{self, Store};
use demarche_engine::scenario::Scenario;
use demarche_record::decision::Input;
use demarche_record::format::{Heading, MOST_BYTES, RunRecord};
use demarche_record::inputs::{self, ReadInput};
use demarche_scenario::catalogue;
use demarche_scenario::{Loaded, NumberUse, Problems};
use tracing::info;

use crate::cli::Case;
use crate::exit::Failure;
use crate::output;

/// The scenario taken when none is named.
pub(crate) const BUILT_IN: &str = "historical/doha-istanbul";

/// What stands for the standard input where a file is asked for.
const STDIN: &str = "-";

/// How many lines of files that say the same are named.
const MOST_LINES: usize = 3;

/// A scenario that is ready, and what came with it where it was a recorded run.
pub(crate) struct Ready {
    /// The scenario.
    pub(crate) scenario: Arc<Scenario>,
    /// Its numbers, in the units of the file.
    pub(crate) numbers: Vec<NumberUse>,
    /// Inputs of the recorded run.
    pub(crate) inputs: Vec<Input>,
    /// The recorded run.
    pub(crate) recorded: Option<RunRecord>,
    /// Every input that was read, by its file and line.
    pub(crate) read: Vec<(String, ReadInput)>,
}

impl Ready {
    /// The file and the lines that say this input, as a message begins; nothing for one that was
    /// given in another way.
    pub(crate) fn lines_of(&self, input: &Input) -> String {
        let said = self.read.iter().filter(|(_, read)| read.input == *input);
        let lines: Vec<String> = said.map(|(file, read)| format!("{file}:{}", read.line)).collect();
        match lines.len().saturating_sub(MOST_LINES) {
            0 if lines.is_empty() => String::new(),
            0 => format!("{}: ", lines.join(" and ")),
            more => format!("{} and {more} more lines: ", lines[..MOST_LINES].join(", ")),
        }
    }
}

/// A scenario that was read, and the record it was inside of, if it was.
pub(crate) struct Found {
    /// The scenario.
    pub(crate) loaded: Loaded,
    /// The recorded run.
    pub(crate) recorded: Option<RunRecord>,
    /// Every input of it, by its file and line.
    pub(crate) read: Vec<(String, ReadInput)>,
}

/// Makes the case of a command line ready.
///
/// # Errors
/// When there is no such scenario, it is invalid, or a file cannot be read.
pub(crate) fn ready(case: &Case) -> Result<Ready, Failure> {
    let Found { loaded, recorded, read } = load(case)?;
    let inputs = recorded.as_ref().map_or_else(Vec::new, |record| record.inputs.clone());
    let (scenario, numbers) = (Arc::new(loaded.scenario), loaded.numbers);
    Ok(Ready { scenario, numbers, inputs, recorded, read })
}

/// Reads and checks the scenario of a case, be it a file or inside a record; warnings are told on
/// stderr.
///
/// # Errors
/// When there is no such scenario or it is invalid.
pub(crate) fn load(case: &Case) -> Result<Found, Failure> {
    let (name, text) = match of_class(case)? {
        Some(found) => found,
        None => find(case.scenario.as_deref().unwrap_or(BUILT_IN))?,
    };
    if !is_record(&text) {
        let loaded = load_text(&name, &text, case)?;
        return Ok(Found { loaded, recorded: None, read: Vec::new() });
    }
    let no_record = |cause| Failure::File(format!("{name} is no recorded run: {cause}"));
    let heading = Heading::read(&text).map_err(no_record)?;
    let inside = format!("the scenario inside {name}");
    let scenario = heading.scenario().to_owned();
    let as_recorded = load_text(&inside, &scenario, &Case::default())?;
    let recorded = heading.finish(&as_recorded.scenario.cast).map_err(no_record)?;
    info!(
        file = name,
        seed = recorded.lineage.seed,
        model = recorded.model,
        n_inputs = recorded.inputs.len(),
        n_events = recorded.chronicle.entries.len(),
        "record read",
    );
    let is_changed = !(case.with.is_empty() && case.set.is_empty());
    let loaded = if is_changed { load_text(&inside, &scenario, case)? } else { as_recorded };
    // Inputs follow the heading, which is line 1.
    let lines = (2..).zip(recorded.inputs.iter().cloned());
    let read = lines.map(|(line, input)| (name.clone(), ReadInput { line, input })).collect();
    Ok(Found { loaded, recorded: Some(recorded), read })
}

/// The scenario inside a file, as it was written there.
///
/// # Errors
/// When it is invalid.
pub(crate) fn scenario_of(file: &str, text: &str) -> Result<Loaded, Failure> {
    load_text(&format!("the scenario inside {file}"), text, &Case::default())
}

/// The record of a table, where the case names the file of a class; nothing where it does not.
fn of_class(case: &Case) -> Result<Option<(String, String)>, Failure> {
    let file = case.scenario.as_deref().map(Path::new).filter(|file| file.is_file());
    let is_class = |file: &&Path| {
        let mut begin = [0; 16];
        let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut begin));
        read.is_ok() && store::is_begun_by(&begin)
    };
    let Some(file) = file.filter(is_class) else {
        return match case.table {
            None => Ok(None),
            Some(_) => Err(Failure::Usage("`--table` asks for the file of a class".to_owned())),
        };
    };
    let no_class =
        |cause: &dyn std::error::Error| Failure::File(format!("{}: {cause}", file.display()));
    let (store, foundation) = Store::open(file).map_err(|cause| no_class(&cause))?;
    let at = case.table.unwrap_or(1) - 1;
    if at >= foundation.n_tables {
        let n_tables = foundation.n_tables;
        return Err(Failure::Usage(format!(
            "the class in {} has {n_tables} tables",
            file.display()
        )));
    }
    let Loaded { scenario, numbers, .. } =
        scenario_of(&file.display().to_string(), &foundation.scenario)?;
    let scenario = Arc::new(scenario);
    // As the class itself finds its tables again: played on to where they wait.
    let class = Class::open(store, foundation, &scenario, numbers);
    let record = class.map_err(|cause| no_class(&cause))?.tables()[at].record();
    let name = format!("table {} of {}", at + 1, file.display());
    Ok(Some((name, record.to_lines(&scenario.cast))))
}

/// The name and the text of a scenario that is to be varied.
///
/// # Errors
/// When there is no such scenario, or it is a recorded run.
pub(crate) fn to_be_varied(named: Option<&str>) -> Result<(String, String), Failure> {
    let (name, text) = find(named.unwrap_or(BUILT_IN))?;
    if is_record(&text) {
        let hint = "name the scenario instead";
        let why = format!("{name} is a recorded run, and its decisions fit that run alone; {hint}");
        return Err(Failure::Usage(why));
    }
    Ok((name, text))
}

/// Checks a scenario with what each of several cases changes of it; what a case names as its
/// scenario does not count. A warning that several have is told once.
///
/// # Errors
/// When one of them is invalid.
pub(crate) fn variants(
    (name, text): &(String, String),
    cases: &[Case],
) -> Result<Vec<Loaded>, Failure> {
    let checked = cases.iter().map(|case| checked(name, text, case));
    let checked: Vec<Loaded> = checked.collect::<Result<_, _>>()?;
    let mut told = BTreeSet::new();
    for loaded in checked.iter().filter(|loaded| !loaded.warnings.list.is_empty()) {
        let warnings = render(&loaded.warnings);
        if !told.contains(&warnings) {
            output::talk(&warnings);
            told.insert(warnings);
        }
    }
    Ok(checked)
}

/// Reads and checks the text of a scenario, with what a case changes; warnings are told on stderr.
///
/// # Errors
/// When it is invalid.
pub(crate) fn load_text(name: &str, text: &str, case: &Case) -> Result<Loaded, Failure> {
    let loaded = checked(name, text, case)?;
    if !loaded.warnings.list.is_empty() {
        output::talk(&render(&loaded.warnings));
    }
    Ok(loaded)
}

fn checked(name: &str, text: &str, case: &Case) -> Result<Loaded, Failure> {
    let sets = case.set.iter().map(|set| split(set)).collect::<Result<Vec<_>, _>>()?;
    let overlays = case.with.iter().map(|named| overlay(named)).collect::<Result<Vec<_>, _>>()?;
    let known = demarche_scenario::known_sources();
    let loaded = demarche_scenario::load(name, text, &sets, &overlays, &mut base, &known);
    loaded.map_err(|problems| Failure::Scenario(render(&problems)))
}

/// Problems as they are shown.
pub(crate) fn render(problems: &Problems) -> String {
    problems.render(100, output::wants_color(), true)
}

fn split(set: &str) -> Result<(String, String), Failure> {
    let (path, value) = set.split_once('=').ok_or_else(|| {
        Failure::Usage(format!(
            "`--set {set}`: write a path, `=` and a value, as in `clock.turn-hours=6`"
        ))
    })?;
    Ok((path.trim().to_owned(), value.trim().to_owned()))
}

/// The text of a scenario, to be written somewhere else: of a record, the one inside it.
///
/// # Errors
/// When there is none of that name.
pub(crate) fn text_of(named: &str) -> Result<String, Failure> {
    let (name, text) = find(named)?;
    if !is_record(&text) {
        return Ok(text);
    }
    let no_record = |cause| Failure::File(format!("{name} is no recorded run: {cause}"));
    Ok(Heading::read(&text).map_err(no_record)?.scenario().to_owned())
}

fn overlay(named: &str) -> Result<(String, String), Failure> {
    let (name, text) = find(named)?;
    if is_record(&text) {
        let hint = "--with lays a scenario file over another";
        return Err(Failure::Usage(format!("{name} is a recorded run; {hint}")));
    }
    Ok((name, text))
}

/// Whether a text is lines of JSON, and so no scenario.
fn is_record(text: &str) -> bool {
    text.starts_with('{')
}

/// The text of a file, of the standard input, or of a built-in scenario.
fn find(named: &str) -> Result<(String, String), Failure> {
    if is_stdin(named) {
        return Ok(("standard input".to_owned(), stdin(MOST_BYTES)?));
    }
    let known = std::fs::metadata(named).ok();
    let other = known.as_ref().and_then(unreadable);
    if known.is_some() && other.is_none() {
        let text = output::read(Path::new(named), MOST_BYTES)?;
        info!(file = named, n_bytes = text.len(), "file read");
        return Ok((named.to_owned(), text));
    }
    let hint = "`demarche scenario list` names the built-in scenarios";
    match (catalogue::find(named), other) {
        (Ok(entry), _) => {
            info!(key = entry.key, "built-in scenario taken");
            Ok((entry.file(), entry.text.to_owned()))
        }
        (Err(_), Some(what)) => Err(Failure::File(format!("{named} is {what}, not a file"))),
        (Err(_), None) if is_path(named) => {
            Err(Failure::File(format!("there is no file `{named}`; {hint}")))
        }
        (Err(cause), None) => Err(Failure::Usage(format!("{cause}\n{hint}"))),
    }
}

/// Whether the standard input is meant.
fn is_stdin(named: &str) -> bool {
    [STDIN, "/dev/stdin"].contains(&named)
}

/// Whether something of a case, or the decisions, come by the standard input.
pub(crate) fn takes_stdin(case: &Case, decisions: Option<&Path>) -> bool {
    let named = case.scenario.iter().chain(&case.with).map(String::as_str);
    named.chain(decisions.and_then(Path::to_str)).any(is_stdin)
}

/// The text of a file of decisions, or of the standard input.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn decisions_of(file: &Path) -> Result<String, Failure> {
    if file.to_str().is_some_and(is_stdin) {
        return stdin(inputs::MOST_BYTES);
    }
    output::read(file, inputs::MOST_BYTES)
}

/// Set once the standard input has been read.
static HAS_READ: AtomicBool = AtomicBool::new(false);

fn stdin(most: usize) -> Result<String, Failure> {
    if HAS_READ.swap(true, Ordering::Relaxed) {
        let why = "the standard input is named twice, but can be read only once";
        return Err(Failure::Usage(why.to_owned()));
    }
    output::read_from("the standard input", std::io::stdin().lock(), most)
}

/// Whether a name is that of a file rather than of a built-in scenario: it has an ending, or says
/// where to begin.
fn is_path(named: &str) -> bool {
    Path::new(named).extension().is_some() || named.starts_with(['/', '.', '~', '\\'])
}

/// What something is that cannot be read to its end, in a word.
fn unreadable(known: &std::fs::Metadata) -> Option<&'static str> {
    let kind = known.file_type();
    if kind.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_char_device() || kind.is_block_device() {
            return Some("a device");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    None
}

/// Finds the base of a scenario: beside the file that names it, or built in.
fn base(written: &str, from: &str) -> Result<(String, String), String> {
    let beside: PathBuf = Path::new(from).parent().unwrap_or(Path::new("")).join(written);
    if beside.is_file() {
        let text = std::fs::read_to_string(&beside).map_err(|cause| cause.to_string())?;
        info!(file = %beside.display(), from, "base read");
        return Ok((beside.display().to_string(), text));
    }
    catalogue::base(written, from)
}
