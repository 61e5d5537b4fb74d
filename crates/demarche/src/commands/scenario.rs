//! `scenario`: make, check, show and compare scenario files.

mod describe;

use std::path::Path;

use demarche_scenario::{Document, SourceUse, catalogue, diff, format, json_schema, sources_of};
use tracing::info;

use crate::cli::{Case, Scenario};
use crate::destination::Destination;
use crate::exit::Failure;
use crate::sources::Found;
use crate::{output, sources};

/// A small scenario with comments, to start from.
const TEMPLATE: &str = include_str!("../../data/template.toml");

/// Does what is asked of scenario files.
///
/// # Errors
/// When a scenario is invalid, or a file cannot be read or written.
pub(crate) fn run(asked: Scenario) -> Result<(), Failure> {
    match asked {
        Scenario::List => list(),
        Scenario::New { file, from, force } => new(&file, from.as_deref(), force),
        Scenario::Check(case) => check(&case),
        Scenario::Show { case, toml } => show(&case, toml),
        Scenario::Diff { one, other } => compare(&one, &other),
        Scenario::Sources(case) => tell_sources(&case),
        Scenario::Schema => {
            let schema = json_schema(&format::SCENARIO);
            output::data(&format!("{schema:#}\n"))
        }
        Scenario::Turn => turn(),
    }
}

fn list() -> Result<(), Failure> {
    let entries = catalogue();
    let title = |text: &str| {
        let (document, _) = Document::parse("", text);
        document.text(document.root(), "title").unwrap_or_default().to_owned()
    };
    let widest = entries.iter().map(|entry| entry.key.len()).max().unwrap_or(0);
    let lines =
        entries.iter().map(|entry| format!("{:widest$}  {}\n", entry.key, title(entry.text)));
    output::data(&lines.collect::<String>())
}

fn new(file: &Path, from: Option<&str>, force: bool) -> Result<(), Failure> {
    let destination = Destination::claim(file, force)?;
    let text = match from {
        Some(named) => sources::text_of(named)?,
        None => TEMPLATE.to_owned(),
    };
    if let Some(file) = destination.write(&text)? {
        let (shown, word) =
            (file.display(), demarche_record::shell::quoted(&file.display().to_string()));
        output::talk(&format!("Written: {shown}\nTry:     demarche replay {word}"));
    }
    Ok(())
}

fn check(case: &Case) -> Result<(), Failure> {
    let Found { loaded, recorded, .. } = sources::load(case)?;
    let scenario = &loaded.scenario;
    if let Some(record) = recorded {
        let (name, seed) = (case.scenario.as_deref().unwrap_or_default(), record.lineage.seed);
        output::data(&format!(
            "{name} is the record of a run, with seed {seed}: {}, {}. The scenario inside it:\n",
            count(record.inputs.len(), "input from outside", "inputs from outside"),
            count(record.chronicle.entries.len(), "event", "events"),
        ))?;
    }
    output::data(&format!(
        "{}: no problems. {}, {}, {}, {}; digest {}\n",
        scenario.cast.title,
        count(scenario.parties.len(), "party", "parties"),
        count(scenario.issues.len(), "issue", "issues"),
        count(scenario.space.size() as usize, "package", "packages"),
        count(scenario.rounds.len(), "round", "rounds"),
        &scenario.digest[..12]
    ))
}

fn count(n: usize, one: &str, several: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { several })
}

fn show(case: &Case, toml: bool) -> Result<(), Failure> {
    let loaded = sources::load(case)?.loaded;
    if toml {
        return output::data(&loaded.scenario.text);
    }
    output::data(&describe::describe(&loaded))
}

fn compare(one: &str, other: &str) -> Result<(), Failure> {
    let case = |named: &str| Case {
        scenario: Some(named.to_owned()),
        with: Vec::new(),
        set: Vec::new(),
        table: None,
    };
    let (one, other) = (sources::load(&case(one))?, sources::load(&case(other))?);
    let differences = diff(&one.loaded.document, &other.loaded.document);
    info!(n_differences = differences.len(), "scenarios compared");
    if differences.is_empty() {
        return output::data("no difference\n");
    }
    let side = |sign: &str, value: Option<String>| {
        wrapped(value.as_deref().unwrap_or("(not there)"), sign, "    ")
    };
    let lines = differences.into_iter().map(|difference| {
        let (one, other) = (side("  - ", difference.a), side("  + ", difference.b));
        format!("{}\n{one}\n{other}\n", difference.path)
    });
    output::data(&lines.collect::<String>())
}

/// A value on as many lines as it takes: nothing is cut, not even a long word.
fn wrapped(value: &str, first: &str, further: &str) -> String {
    let lines = textwrap::Options::new(output::width()).initial_indent(first);
    textwrap::fill(value, lines.subsequent_indent(further).break_words(false))
}

fn tell_sources(case: &Case) -> Result<(), Failure> {
    let loaded = sources::load(case)?.loaded;
    let uses = sources_of(&loaded.document);
    let paths = uses.iter().filter(|used| is_short(used)).map(|used| used.path.len()).max();
    let told = uses.iter().map(|used| tell_source(used, paths.unwrap_or(0)));
    output::data(&told.collect::<String>())?;
    info!(n_numbers = uses.len(), "numbers looked up");
    let assumed = uses.iter().filter(|used| used.source.contains("assumed")).count();
    output::talk(&format!("{} numbers, {assumed} of them assumed", uses.len()));
    Ok(())
}

/// Up to this width a value stands beside its path and its source. [columns]
const VALUE_WIDTH: usize = 12;

fn is_short(used: &SourceUse) -> bool {
    used.value.chars().count() <= VALUE_WIDTH
}

/// A number and its source on one line, or a longer value on lines of its own: nothing is cut.
fn tell_source(used: &SourceUse, paths: usize) -> String {
    if is_short(used) {
        return format!("{:paths$}  {:>VALUE_WIDTH$}  {}\n", used.path, used.value, used.source);
    }
    let value = wrapped(&used.value, "    ", "    ");
    format!("{}\n{value}\n    {}\n", used.path, used.source)
}

fn turn() -> Result<(), Failure> {
    output::data(&demarche_engine::turn::describe())
}
