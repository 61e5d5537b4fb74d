//! Sources: from what the command line names to a scenario that is ready to run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::decision::Input;
use demarche_record::format::{Heading, MOST_BYTES, RunRecord};
use demarche_record::inputs::ReadInput;
use demarche_scenario::catalogue;
use demarche_scenario::{Loaded, Problems};

use crate::cli::Case;
use crate::exit::Failure;
use crate::output;

/// The scenario taken when none is named.
pub(crate) const BUILT_IN: &str = "historical/doha-istanbul";

/// A scenario that is ready, and what came with it where it was a recorded run.
pub(crate) struct Ready {
    /// The scenario.
    pub(crate) scenario: Arc<Scenario>,
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
        if lines.is_empty() { String::new() } else { format!("{}: ", lines.join(" and ")) }
    }
}

/// Makes the case of a command line ready.
///
/// # Errors
/// When there is no such scenario, it is invalid, or a file cannot be read.
pub(crate) fn ready(case: &Case) -> Result<Ready, Failure> {
    let named = case.scenario.as_deref().unwrap_or(BUILT_IN);
    let (name, text) = find(named)?;
    if !text.starts_with('{') {
        let loaded = load_text(&name, &text, case)?;
        let scenario = Arc::new(loaded.scenario);
        return Ok(Ready { scenario, inputs: Vec::new(), recorded: None, read: Vec::new() });
    }
    let no_record = |cause| Failure::File(format!("{name} is no recorded run: {cause}"));
    let heading = Heading::read(&text).map_err(no_record)?;
    let inside = format!("the scenario inside {name}");
    let scenario = heading.scenario().to_owned();
    let plain = Case { scenario: None, with: Vec::new(), set: Vec::new() };
    let as_recorded = load_text(&inside, &scenario, &plain)?;
    let recorded = heading.finish(&as_recorded.scenario.cast).map_err(no_record)?;
    let loaded = load_text(&inside, &scenario, case)?;
    let inputs = recorded.inputs.clone();
    // Inputs follow the heading, which is line 1.
    let lines = (2..).zip(inputs.iter().cloned());
    let read = lines.map(|(line, input)| (name.clone(), ReadInput { line, input })).collect();
    Ok(Ready { scenario: Arc::new(loaded.scenario), inputs, recorded: Some(recorded), read })
}

/// Reads and checks the scenario of a case; warnings are told on stderr.
///
/// # Errors
/// When there is no such scenario or it is invalid.
pub(crate) fn load(case: &Case) -> Result<Loaded, Failure> {
    let (name, text) = find(case.scenario.as_deref().unwrap_or(BUILT_IN))?;
    load_text(&name, &text, case)
}

fn load_text(name: &str, text: &str, case: &Case) -> Result<Loaded, Failure> {
    let sets = case.set.iter().map(|set| split(set)).collect::<Result<Vec<_>, _>>()?;
    let overlays = case.with.iter().map(|named| find(named)).collect::<Result<Vec<_>, _>>()?;
    let known = demarche_scenario::known_sources();
    let loaded = demarche_scenario::load(name, text, &sets, &overlays, &mut base, &known);
    let loaded = loaded.map_err(|problems| Failure::Scenario(render(&problems)))?;
    if !loaded.warnings.list.is_empty() {
        output::talk(&render(&loaded.warnings));
    }
    Ok(loaded)
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

/// The text of a scenario: a file, or a built-in one.
///
/// # Errors
/// When it is neither.
pub(crate) fn find(named: &str) -> Result<(String, String), Failure> {
    let path = Path::new(named);
    if path.is_file() {
        return Ok((named.to_owned(), output::read(path, MOST_BYTES)?));
    }
    match catalogue::find(named) {
        Ok(entry) => Ok((entry.file(), entry.text.to_owned())),
        Err(cause) => {
            let hint = "`demarche scenario list` names the built-in scenarios";
            Err(Failure::File(format!("there is no file `{named}`, and {cause}\n{hint}")))
        }
    }
}

/// Finds the base of a scenario: beside the file that names it, or built in.
fn base(written: &str, from: &str) -> Result<(String, String), String> {
    let beside: PathBuf = Path::new(from).parent().unwrap_or(Path::new("")).join(written);
    if beside.is_file() {
        let text = std::fs::read_to_string(&beside).map_err(|cause| cause.to_string())?;
        return Ok((beside.display().to_string(), text));
    }
    catalogue::base(written, from)
}
