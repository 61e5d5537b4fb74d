//! Pages that the code writes.

use demarche_batch::table::RunsTable;
use demarche_batch::turns::TurnsTable;
use demarche_engine::turn::{PHASES, describe};
use demarche_record::decision::{Decision, Input, Statement};
use demarche_record::event::{Answer, Ending, Event, Objection, TrustCause};
use demarche_record::wire::Entry;
use demarche_scenario::{citations, format};
use support::read;
use support::runs::{FLAGSHIP, loaded};

/// What a whole page that is generated opens with.
const HEADER: &str = "<!-- generated: `BLESS=1 cargo test` rewrites this page -->\n";

/// Held while docs/MODEL.md is read and rewritten, because several tests make parts of it.
pub(crate) static MODEL_PAGE: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// The columns of a batch of the built-in track, of runs and of turns.
pub(super) fn columns() -> [String; 2] {
    let loaded = loaded(FLAGSHIP, &[]);
    let runs = RunsTable::new(&loaded.scenario, &loaded.numbers, &[], false, None);
    let turns = TurnsTable::new(&loaded.scenario);
    [runs.schema(), turns.schema()].map(|schema| schema.to_markdown())
}

/// A page with what stands between the markers of a section replaced.
pub(crate) fn with_section(page: &str, name: &str, text: &str) -> String {
    let opening = format!("<!-- generated: {name} -->");
    let (before, rest) = page.split_once(&opening).expect("the section has its opening marker");
    let (_, after) = rest.split_once("<!-- end -->").expect("the section has its end marker");
    format!("{before}{opening}\n\n{}\n\n<!-- end -->{after}", text.trim())
}

/// The turn, part by part and phase by phase.
pub(super) fn turn() -> String {
    format!("```text\n{}```", describe())
}

const MECHANISMS: &str = "crates/demarche-engine/src/mechanisms";

/// A mechanism as its file describes it.
struct Mechanism {
    name: String,
    /// What its file says before the code.
    doc: Vec<String>,
    /// The phases in which it acts, in their order.
    phases: Vec<String>,
}

/// The mechanisms, in the order in which they first act in a turn. One that others only call
/// follows the one before it in the list of modules.
pub(super) fn submodels() -> String {
    let modules = read(&format!("{MECHANISMS}/mod.rs"));
    let names = modules.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut mechanisms: Vec<(usize, Mechanism)> = Vec::new();
    for mechanism in names.map(mechanism) {
        let before = mechanisms.last().map_or(0, |(place, _)| *place);
        let first = mechanism.phases.first().and_then(|first| place(first));
        mechanisms.push((first.unwrap_or(before), mechanism));
    }
    mechanisms.sort_by_key(|(place, _)| *place);
    let told = mechanisms.iter().map(|(_, mechanism)| mechanism.tell());
    told.collect::<Vec<_>>().join("\n")
}

/// The place of a phase in the turn.
fn place(phase: &str) -> Option<usize> {
    all_phases().position(|known| known == phase)
}

fn all_phases() -> impl Iterator<Item = String> {
    PHASES.iter().flat_map(|(_, phases)| *phases).map(|(phase, _)| format!("{phase:?}"))
}

fn mechanism(name: &str) -> Mechanism {
    let text = read(&format!("{MECHANISMS}/{name}.rs"));
    let doc = text.lines().map_while(|line| line.strip_prefix("//!"));
    let doc = doc.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned()).collect();
    let acts = |phase: &String| {
        let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == ':'));
        words.any(|word| word.strip_suffix(phase).is_some_and(|rest| rest.ends_with("Phase::")))
    };
    Mechanism { name: name.to_owned(), doc, phases: all_phases().filter(acts).collect() }
}

impl Mechanism {
    fn tell(&self) -> String {
        let mut lines = self.doc.iter().skip_while(|line| line.is_empty());
        let title = lines.next().map_or("", String::as_str);
        let (short, _) = title.split_once(':').unwrap_or((title, ""));
        let phases = match self.phases.as_slice() {
            [] => "called by others".to_owned(),
            phases => format!("acts in {}", phases.join(", ")),
        };
        let mut text = format!("### {short}\n\n{title}\n");
        for line in lines {
            let line =
                line.strip_prefix("# ").map_or(line.clone(), |title| format!("**{title}.**"));
            text.push_str(&format!("{line}\n"));
        }
        format!("{}\n\n`{MECHANISMS}/{}.rs`, {phases}.\n", text.trim_end(), self.name)
    }
}

const PARAMETERS: &str = "\
# Parameters

Every number that a scenario file may state: where it stands, its letter in [MODEL.md](MODEL.md),
its unit, the range it must lie in, the range in which it plausibly lies (assumed, unless a
scenario names a source), and what it means. What a scenario sets them to, and by which source,
is printed by `demarche scenario sources`.

| path | symbol | unit | range | plausible | meaning |
|---|---|---|---|---|---|
";

/// Every number that a scenario may state.
pub(super) fn parameters() -> String {
    let mut page = format!("{HEADER}{PARAMETERS}");
    for parameter in demarche_scenario::parameters(&format::SCENARIO) {
        let assumed = parameter.assumed;
        let cells = [
            format!("`{}`", parameter.path),
            parameter.symbol.to_owned(),
            parameter.unit.to_owned(),
            parameter.range,
            assumed.map_or(String::new(), |(low, high)| format!("{low} – {high}")),
            parameter.doc.to_owned(),
        ];
        page.push_str(&row(&cells));
    }
    page
}

const SOURCES: &str = "\
# Sources

What a rule or a number can name as its source. Works are those that rules are taken from; facts
are what was reported of the case, by whom and when; its events end with 29 October 2025. Figures
were taken from there, sentences were not.
";

/// The full references, works first.
pub(super) fn sources() -> String {
    let mut page = format!("{HEADER}{SOURCES}");
    for (title, is_literature) in [("Works", true), ("Facts", false)] {
        page.push_str(&format!("\n## {title}\n\n| key | reference |\n|---|---|\n"));
        for citation in citations().into_iter().filter(|c| c.is_literature == is_literature) {
            let reference = match citation.url {
                Some(url) => format!("{} <{url}>", citation.reference),
                None => citation.reference,
            };
            page.push_str(&row(&[format!("`{}`", citation.id), reference]));
        }
    }
    page
}

const CHRONICLE: &str = "\
# The chronicle and its words

A record is a file of JSON lines: a heading (versions, the whole scenario, its digest, the seed), a
line for each input from outside, a line for each event, and a closing line with the digests of
these three parts: `heading-digest`, `inputs-digest`, and `digest`, that of the events, which is the
digest of the run. A record that was cut short or changed by hand is refused, and it is said where.
Parties, issues, rungs and all else that a scenario names appear by its keys. Every event also has
its `turn`, counted from 0.

A file of decisions has lines of inputs as a record does; empty lines and lines that begin with `#`
are passed over.
";

/// Every event, decision and input with its fields.
pub(super) fn chronicle() -> String {
    let mut page = format!("{HEADER}{CHRONICLE}");
    let lists = [
        ("Events", "An event is tagged `event`: what happened.", Event::DICTIONARY),
        ("Decisions", "A decision is tagged `do`: what an actor may choose.", Decision::DICTIONARY),
        (
            "Inputs",
            "An input is tagged `input`: what entered a run from outside.",
            Input::DICTIONARY,
        ),
    ];
    for (title, about, entries) in lists {
        page.push_str(&format!("\n## {title}\n\n{about}\n"));
        for entry in entries {
            page.push_str(&define(entry));
        }
    }
    page.push_str("\n## Words\n\nWords that stand as values of fields.\n");
    for (what, words) in [
        ("Statement, what a side says in public", Statement::WORDS),
        ("Answer, of a capital to its delegation", Answer::WORDS),
        ("Objection, why a text is not accepted", Objection::WORDS),
        ("Cause, why trust moved", TrustCause::WORDS),
        ("Ending, of a round", Ending::WORDS),
    ] {
        page.push_str(&format!("\n### {what}\n\n"));
        for (word, meaning) in words {
            page.push_str(&format!("- `{word}`: {}\n", sentence(meaning)));
        }
    }
    page
}

fn define(entry: &Entry) -> String {
    let mut text = format!("\n### `{}`\n\n{}\n", entry.word, sentence(entry.meaning));
    if !entry.fields.is_empty() {
        text.push('\n');
    }
    for (field, meaning) in entry.fields {
        text.push_str(&format!("- `{}`: {}\n", field.replace('_', "-"), sentence(meaning)));
    }
    text
}

/// The lines of a doc comment as one.
fn sentence(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// The rows of all tables of a page, without their headings.
pub(super) fn rows(page: &str) -> Vec<Vec<String>> {
    let (mut rows, mut is_inside) = (Vec::new(), false);
    for line in page.lines() {
        if !line.starts_with('|') {
            is_inside = false;
        } else if line.starts_with("|---") {
            is_inside = true;
        } else if is_inside {
            let cells = line.trim_matches('|').split('|');
            rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    rows
}
