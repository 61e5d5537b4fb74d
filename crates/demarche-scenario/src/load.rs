//! The whole way of a scenario file: from its text to the engine's scenario, or to every problem.
use std::collections::BTreeSet;

use demarche_engine::scenario::Scenario;
use tracing::{debug, trace};

use crate::check::check;
use crate::document::Document;
use crate::format;
use crate::lower::{Finding, lower};
use crate::overlay::Loader;
use crate::paths::offer_paths;
use crate::problem::{Code, Problem, Problems, Severity};
use crate::registers::is_within;
use crate::uses::{NumberUse, numbers_of};

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The merged document.
    pub document: Document,
    /// What the engine takes.
    pub scenario: Scenario,
    /// What a reader of its results should know.
    pub about: About,
    /// Advice that stops nothing.
    pub warnings: Problems,
    /// All its numbers, in the units of the file.
    pub numbers: Vec<NumberUse>,
}

/// What a scenario says of itself and the engine need not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// What it is about.
    pub summary: String,
    /// How far to trust it: `reproduces`, `plausible` or `toy`.
    pub grade: String,
    /// What a reader must be told first.
    pub caution: Option<String>,
}

/// Reads a scenario and all that it builds on.
///
/// `overlays` are the names and texts of files that go on top, in order; `sets` are paths and
/// values as `--set` takes them; `sources` are the ids that a number may name as its source, most
/// often [`known_sources`](crate::known_sources).
pub fn load(
    name: &str,
    text: &str,
    sets: &[(String, String)],
    overlays: &[(String, String)],
    loader: &mut Loader<'_>,
    sources: &BTreeSet<String>,
) -> Result<Loaded, Problems> {
    let mut document = Document::load(name, text, loader)?;
    debug!(name, n_files = document.files.len(), "scenario read");
    for (name, text) in overlays {
        debug!(name, "laid on top");
        document = document.overlay(overlay(name, text)?);
    }
    let set = |(path, value): &(String, String)| {
        debug!(path, value, "value set");
        document.set(path, value).err()
    };
    let mut problems: Vec<Problem> = sets.iter().filter_map(set).collect();
    problems.extend(check(&document, &format::SCENARIO, sources));
    offer_paths(&document, &format::SCENARIO, &mut problems);
    // More of something than the model can hold has no meaning that could be looked at further.
    if problems.iter().any(|problem| problem.code == Code::TooMany) {
        return Err(Problems::new(document.files, problems));
    }
    trace!(n_problems = problems.len(), "values checked");
    let (scenario, found) = lower(&document);
    let (errors, advice): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|found| found.problem.severity == Severity::Error);
    // Faults in values, then faults across values, then advice: each may echo what came before.
    for found in [errors, advice] {
        let is_news = |found: &Finding| !problems.iter().any(|known| echoes(known, found));
        let news: Vec<Finding> = found.into_iter().filter(is_news).collect();
        problems.extend(news.into_iter().map(|found| found.problem));
    }
    let problems = Problems::new(document.files.clone(), problems);
    debug!(
        n_problems = problems.list.len(),
        is_fatal = problems.is_fatal(),
        n_parties = scenario.parties.len(),
        n_issues = scenario.issues.len(),
        n_packages = scenario.space.size(),
        n_rounds = scenario.rounds.len(),
        digest = scenario.digest,
        "scenario lowered",
    );
    if problems.is_fatal() {
        return Err(problems);
    }
    let (about, numbers) = (about(&document), numbers_of(&document));
    Ok(Loaded { document, scenario, about, warnings: problems, numbers })
}

/// An overlay goes on top of what it is laid on; a base that it names is there already, or is meant
/// to be left out, and goes with the merge.
fn overlay(name: &str, text: &str) -> Result<Document, Problems> {
    let (document, problems) = Document::parse(name, text);
    if problems.is_empty() { Ok(document) } else { Err(Problems::new(document.files, problems)) }
}

/// Whether a problem only says again that another value, which it hangs on, is faulty.
fn echoes(known: &Problem, found: &Finding) -> bool {
    let about_values = !matches!(known.code, Code::NoSource | Code::UnknownSource);
    let is_related = |path: &str| {
        !path.is_empty() && (is_within(&known.path, path) || is_within(path, &known.path))
    };
    let related =
        is_related(&found.problem.path) || found.rests_on.as_deref().is_some_and(is_related);
    known.severity == Severity::Error && about_values && related
}

fn about(document: &Document) -> About {
    let text = |key: &str| document.text(document.root(), key).map(str::to_owned);
    About {
        summary: text("summary").unwrap_or_default(),
        grade: text("grade").unwrap_or_default(),
        caution: text("caution"),
    }
}
