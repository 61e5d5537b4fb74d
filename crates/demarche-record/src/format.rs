//! The record of a run as a file: versioned JSON lines.
//!
//! Line 1 is the heading: versions, the whole scenario as it was meant, its digest, the seed.
//! Then a line for each input from outside, a line for each event, and a last line with the digests
//! of heading, inputs and events, so that a record that was cut short or changed by hand says
//! where. Inputs and events can be told apart by their tag.

use std::ops::Range;

use serde_json::{Map, Value, json};

use crate::cast::Cast;
use crate::chronicle::{Chronicle, Entry, digest};
use crate::decision::Input;
use crate::wire::{Wire, WireError, strange, wrong};

/// The version of the format. It rises when a reader of the old one would misread the new one.
pub const FORMAT_VERSION: u64 = 2;

/// The most bytes of a record that are read: some thousand times what a long run writes.
pub const MOST_BYTES: usize = 256 << 20;

/// Where the draws of a run come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The seed of the run.
    pub seed: u64,
    /// From this turn on, draws come from another seed: the run branches there.
    pub branch: Option<(u32, u64)>,
    /// The seed that uncertain numbers are drawn with over their ranges, most often the run's own;
    /// nothing where they are taken at the reference. Runs that share it share these numbers.
    pub over_ranges: Option<u64>,
}

impl Lineage {
    /// The seed by which the run differs from others of its kind: of its branch, if it has one.
    #[must_use]
    pub const fn own(self) -> u64 {
        match self.branch {
            Some((_, seed)) => seed,
            None => self.seed,
        }
    }
}

/// A run, told and repeatable.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRecord {
    /// The version of the model that made it.
    pub model: String,
    /// The whole scenario, overlays and settings merged, as TOML.
    pub scenario: String,
    /// The digest of that text.
    pub scenario_digest: String,
    /// Where the draws come from.
    pub lineage: Lineage,
    /// What entered from outside.
    pub inputs: Vec<Input>,
    /// What happened.
    pub chronicle: Chronicle,
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// A line is not JSON.
    #[error("line {line}, column {column}: this is not JSON: {cause}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What the parser says.
        cause: String,
    },
    /// A line is JSON but not what belongs there.
    #[error("line {line}: {cause}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        cause: WireError,
    },
    /// The file is no record.
    #[error("not a record of a run: its first line should begin with {{\"record\":\"demarche\"")]
    NoRecord,
    /// The file is of a version this program does not read.
    #[error("line 1: the record is of format {0}, this program reads format {FORMAT_VERSION}")]
    Version(u64),
    /// The file has no closing line.
    #[error("line {line}: the record ends here, without its closing line: it was cut short")]
    CutShort {
        /// The last line there is, from 1.
        line: usize,
    },
    /// Something stands after the closing line.
    #[error(
        "line {line}: something follows the closing line, which is line {closing}: the record was \
         changed by hand, or another was added to it"
    )]
    Trailing {
        /// The first line that follows, from 1.
        line: usize,
        /// The closing line.
        closing: usize,
    },
    /// A part of the file is not what was written.
    #[error("{part} ({}) does not match its digest: the record was changed by hand", span(.at))]
    Changed {
        /// What was changed.
        part: &'static str,
        /// In which lines, from 1.
        at: Range<usize>,
    },
    /// Events do not stand in their order.
    #[error("line {line}: turn {turn} comes after turn {before}, and turns never fall")]
    Disorder {
        /// The line, from 1.
        line: usize,
        /// Its turn.
        turn: u32,
        /// The turn before it.
        before: u32,
    },
}

fn span(lines: &Range<usize>) -> String {
    match lines.len() {
        0 | 1 => format!("line {}", lines.start),
        _ => format!("lines {} to {}", lines.start, lines.end - 1),
    }
}

/// What the parser says of a line, with the place in the words of this crate.
pub(crate) fn not_json(line: usize, text: &str, cause: &serde_json::Error) -> FormatError {
    let said = cause.to_string();
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
    let before = &text[..text.floor_char_boundary(cause.column().saturating_sub(1))];
    FormatError::Json { line, column: before.chars().count() + 1, cause: said.to_owned() }
}

impl RunRecord {
    /// The record as JSON lines.
    #[must_use]
    pub fn to_lines(&self, cast: &Cast) -> String {
        let branch = self.lineage.branch.map(|(turn, seed)| json!({"turn": turn, "seed": seed}));
        let heading = json!({
            "record": "demarche",
            "format": FORMAT_VERSION,
            "model": self.model,
            "title": cast.title,
            "seed": self.lineage.seed,
            "branch": branch,
            "over-ranges": over_ranges(self.lineage),
            "starts": cast.starts,
            "turn-hours": cast.turn_hours,
            "scenario-digest": self.scenario_digest,
            "scenario": self.scenario,
        });
        let mut text = format!("{heading}\n");
        let heading = digest(text.as_bytes());
        let inputs: Vec<String> =
            self.inputs.iter().map(|input| format!("{}\n", input.to_wire(cast))).collect();
        let (inputs, events) = (inputs.concat(), self.chronicle.lines(cast));
        text.push_str(&inputs);
        text.push_str(&events);
        let closing = json!({
            "digest": digest(events.as_bytes()),
            "inputs-digest": digest(inputs.as_bytes()),
            "heading-digest": heading,
        });
        text.push_str(&format!("{closing}\n"));
        text
    }
}

/// Whether uncertain numbers are drawn, and with which seed where it is not the run's own.
fn over_ranges(lineage: Lineage) -> Value {
    match lineage.over_ranges {
        Some(seed) if seed != lineage.seed => Value::from(seed),
        drawn => Value::from(drawn.is_some()),
    }
}

/// The fields of a heading.
const HEADING: [&str; 11] = [
    "record",
    "format",
    "model",
    "title",
    "seed",
    "branch",
    "over-ranges",
    "starts",
    "turn-hours",
    "scenario-digest",
    "scenario",
];

/// A record whose first line was read, and which is as it was written: enough to load its scenario,
/// whose cast the rest needs.
#[derive(Debug)]
pub struct Heading<'a> {
    model: String,
    scenario: String,
    scenario_digest: String,
    lineage: Lineage,
    inputs: Vec<(usize, &'a str)>,
    events: Vec<(usize, &'a str)>,
}

impl<'a> Heading<'a> {
    /// Reads the first line, and holds all against the digests of the last.
    ///
    /// # Errors
    /// When it is not the heading of a record of this version, or the record is not as it was
    /// written.
    pub fn read(text: &'a str) -> Result<Self, FormatError> {
        let mut lines: Vec<(usize, &str)> =
            text.lines().enumerate().map(|(at, line)| (at + 1, line)).collect();
        while lines.last().is_some_and(|(_, line)| line.trim().is_empty()) {
            lines.pop();
        }
        let heading = heading(lines.first().map_or("", |(_, line)| *line))?;
        check_end(&lines)?;
        let closing = closing(lines.last().copied().unwrap_or((1, "")))?;
        let rest = &lines[1..lines.len() - 1];
        let is_input = |(_, line): &(usize, &str)| line.starts_with("{\"input\"");
        let n_inputs = rest.iter().take_while(|line| is_input(line)).count();
        let (inputs, events) = rest.split_at(n_inputs);
        check_part("the heading, with scenario and seed", &lines[..1], 1, &closing[0])?;
        check_part("an input", inputs, 2, &closing[1])?;
        check_part("the chronicle", events, n_inputs + 2, &closing[2])?;
        Self::of(&heading, inputs.to_vec(), events.to_vec())
            .map_err(|cause| FormatError::Line { line: 1, cause })
            .and_then(Self::with_its_scenario)
    }

    fn of(
        heading: &Map<String, Value>,
        inputs: Vec<(usize, &'a str)>,
        events: Vec<(usize, &'a str)>,
    ) -> Result<Self, WireError> {
        if let Some(fault) = strange(heading, &HEADING.map(str::to_owned)).next() {
            return Err(fault);
        }
        let text = |key: &str| {
            let value = heading.get(key).ok_or_else(|| WireError::Missing(key.to_owned()))?;
            value.as_str().map(str::to_owned).ok_or_else(|| wrong("a text", value))
        };
        let branch = match heading.get("branch") {
            None | Some(Value::Null) => None,
            Some(branch) => {
                let branch = crate::wire::object(branch)?;
                let turn = whole(branch, "turn")?;
                let turn = u32::try_from(turn).map_err(|_| wrong("a turn", &Value::from(turn)))?;
                Some((turn, whole(branch, "seed")?))
            }
        };
        let seed = whole(heading, "seed")?;
        let over_ranges = match heading.get("over-ranges").unwrap_or(&Value::Null) {
            Value::Bool(own) => own.then_some(seed),
            other => {
                let drawn_with = other.as_u64();
                Some(drawn_with.ok_or_else(|| wrong("true, false or a seed", other))?)
            }
        };
        let lineage = Lineage { seed, branch, over_ranges };
        let (model, scenario) = (text("model")?, text("scenario")?);
        let scenario_digest = text("scenario-digest")?;
        Ok(Self { model, scenario, scenario_digest, lineage, inputs, events })
    }

    fn with_its_scenario(self) -> Result<Self, FormatError> {
        if digest(self.scenario.as_bytes()) == self.scenario_digest {
            return Ok(self);
        }
        Err(FormatError::Changed { part: "the scenario in the heading", at: 1..2 })
    }

    /// The scenario that the run was made from.
    #[must_use]
    pub fn scenario(&self) -> &str {
        &self.scenario
    }

    /// Reads the rest.
    ///
    /// # Errors
    /// When a line is malformed.
    pub fn finish(self, cast: &Cast) -> Result<RunRecord, FormatError> {
        let inputs = self.inputs.iter().map(|line| read_line(*line, cast));
        let inputs = inputs.collect::<Result<Vec<Input>, _>>()?;
        let mut chronicle = Chronicle::default();
        for line in &self.events {
            let entry: Entry = read_line(*line, cast)?;
            let before = chronicle.entries.last().map_or(0, |before| before.turn);
            if entry.turn < before {
                return Err(FormatError::Disorder { line: line.0, turn: entry.turn, before });
            }
            chronicle.entries.push(entry);
        }
        Ok(RunRecord {
            model: self.model,
            scenario: self.scenario,
            scenario_digest: self.scenario_digest,
            lineage: self.lineage,
            inputs,
            chronicle,
        })
    }
}

/// The first line of a record of this version.
fn heading(first: &str) -> Result<Map<String, Value>, FormatError> {
    let heading: Map<String, Value> = match serde_json::from_str(first) {
        Ok(heading) => heading,
        Err(cause) if first.starts_with("{\"record\":\"demarche\"") => {
            return Err(not_json(1, first, &cause));
        }
        Err(_) => return Err(FormatError::NoRecord),
    };
    if heading.get("record").and_then(Value::as_str) != Some("demarche") {
        return Err(FormatError::NoRecord);
    }
    match heading.get("format").and_then(Value::as_u64) {
        Some(FORMAT_VERSION) => Ok(heading),
        other => Err(FormatError::Version(other.unwrap_or(0))),
    }
}

/// Nothing may stand after the closing line: it would be neither read nor held against a digest.
fn check_end(lines: &[(usize, &str)]) -> Result<(), FormatError> {
    let mut from_closing = lines.iter().skip_while(|(_, line)| !line.starts_with("{\"digest\""));
    let closing = from_closing.next();
    match (closing, from_closing.find(|(_, line)| !line.trim().is_empty())) {
        (Some(&(closing, _)), Some(&(line, _))) => Err(FormatError::Trailing { line, closing }),
        _ => Ok(()),
    }
}

/// The digests of heading, inputs and events in the last line of a record.
fn closing((line, text): (usize, &str)) -> Result<[String; 3], FormatError> {
    let closing: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    let closing = closing.filter(|closing| line > 1 && closing.contains_key("digest"));
    let closing = closing.ok_or(FormatError::CutShort { line })?;
    let keys = ["heading-digest", "inputs-digest", "digest"];
    if let Some(cause) = strange(&closing, &keys.map(str::to_owned)).next() {
        return Err(FormatError::Line { line, cause });
    }
    Ok(keys.map(|key| closing.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()))
}

/// Holds some lines against their digest. What ends a line does not count: editors and transports
/// change it, and nothing hangs on it.
fn check_part(
    part: &'static str,
    lines: &[(usize, &str)],
    first: usize,
    expected: &str,
) -> Result<(), FormatError> {
    let text: String = lines.iter().flat_map(|(_, line)| [*line, "\n"]).collect();
    if digest(text.as_bytes()) == expected {
        return Ok(());
    }
    Err(FormatError::Changed { part, at: first..first + lines.len() })
}

fn whole(map: &Map<String, Value>, key: &str) -> Result<u64, WireError> {
    let value = map.get(key).ok_or_else(|| WireError::Missing(key.to_owned()))?;
    value.as_u64().ok_or_else(|| crate::wire::within(key, wrong("a whole number", value)))
}

fn read_line<T: Wire>((line, text): (usize, &str), cast: &Cast) -> Result<T, FormatError> {
    let value: Value = serde_json::from_str(text).map_err(|cause| not_json(line, text, &cause))?;
    T::from_wire(&value, cast).map_err(|cause| FormatError::Line { line, cause })
}

#[cfg(test)]
mod tests;
