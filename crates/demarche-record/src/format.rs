//! The record of a run as a file: versioned JSON lines.
//!
//! Line 1 is the heading: versions, the whole scenario as it was meant, its digest, the seed.
//! Then a line for each input from outside, a line for each event, and a last line with the
//! chronicle's digest. Inputs and events can be told apart by their tag.

use serde_json::{Map, Value, json};

use crate::cast::Cast;
use crate::chronicle::{Chronicle, Entry};
use crate::decision::Input;
use crate::wire::{Wire, WireError};

/// The version of the format. It rises when a reader of the old one would misread the new one.
pub const FORMAT_VERSION: u64 = 1;

/// Where the draws of a run come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The seed of the run.
    pub seed: u64,
    /// From this turn on, draws come from another seed: the run branches there.
    pub branch: Option<(u32, u64)>,
    /// Whether uncertain numbers are drawn from their ranges, rather than taken at the reference.
    pub over_ranges: bool,
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
    #[error("line {line}: not JSON: {cause}")]
    Json {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        cause: serde_json::Error,
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
    #[error("the record is of format {0}, this program reads format {FORMAT_VERSION}")]
    Version(u64),
    /// The file ends early or was changed.
    #[error("the chronicle does not match its digest: the file was cut short or changed")]
    Digest,
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
            "over-ranges": self.lineage.over_ranges,
            "starts": cast.starts,
            "turn-hours": cast.turn_hours,
            "scenario-digest": self.scenario_digest,
            "scenario": self.scenario,
        });
        let mut text = format!("{heading}\n");
        for input in &self.inputs {
            text.push_str(&format!("{}\n", input.to_wire(cast)));
        }
        let events = self.chronicle.lines(cast);
        let last = json!({ "digest": crate::chronicle::digest(events.as_bytes()) });
        text.push_str(&events);
        text.push_str(&format!("{last}\n"));
        text
    }
}

/// A record whose first line was read: enough to load its scenario, whose cast the rest needs.
#[derive(Debug)]
pub struct Heading<'a> {
    heading: Map<String, Value>,
    rest: Vec<(usize, &'a str)>,
}

impl<'a> Heading<'a> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is not the heading of a record of this version.
    pub fn read(text: &'a str) -> Result<Self, FormatError> {
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let first = lines.next().map_or("", |(_, line)| line);
        let heading: Map<String, Value> =
            serde_json::from_str(first).map_err(|_| FormatError::NoRecord)?;
        if heading.get("record").and_then(Value::as_str) != Some("demarche") {
            return Err(FormatError::NoRecord);
        }
        match heading.get("format").and_then(Value::as_u64) {
            Some(FORMAT_VERSION) => Ok(Self { heading, rest: lines.collect() }),
            other => Err(FormatError::Version(other.unwrap_or(0))),
        }
    }

    /// The scenario that the run was made from.
    #[must_use]
    pub fn scenario(&self) -> &str {
        self.text("scenario")
    }

    fn text(&self, key: &str) -> &str {
        self.heading.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn lineage(&self) -> Lineage {
        let whole = |value: &Value| value.as_u64();
        let branch = self.heading.get("branch").and_then(Value::as_object).and_then(|branch| {
            let turn = branch.get("turn").and_then(whole)?;
            Some((u32::try_from(turn).ok()?, branch.get("seed").and_then(whole)?))
        });
        Lineage {
            seed: self.heading.get("seed").and_then(whole).unwrap_or_default(),
            branch,
            over_ranges: self.heading.get("over-ranges").and_then(Value::as_bool) == Some(true),
        }
    }

    /// Reads the rest.
    ///
    /// # Errors
    /// When a line is malformed, or the chronicle does not match its digest.
    pub fn finish(self, cast: &Cast) -> Result<RunRecord, FormatError> {
        let (mut inputs, mut chronicle, mut digest) = (Vec::new(), Chronicle::default(), None);
        for &(line, text) in &self.rest {
            let value: Value =
                serde_json::from_str(text).map_err(|cause| FormatError::Json { line, cause })?;
            let at = |cause| FormatError::Line { line, cause };
            if value.get("input").is_some() {
                inputs.push(Input::from_wire(&value, cast).map_err(at)?);
            } else if let Some(found) = value.get("digest").and_then(Value::as_str) {
                digest = Some(found.to_owned());
            } else {
                chronicle.entries.push(Entry::from_wire(&value, cast).map_err(at)?);
            }
        }
        if digest != Some(chronicle.digest(cast)) {
            return Err(FormatError::Digest);
        }
        Ok(RunRecord {
            model: self.text("model").to_owned(),
            scenario: self.scenario().to_owned(),
            scenario_digest: self.text("scenario-digest").to_owned(),
            lineage: self.lineage(),
            inputs,
            chronicle,
        })
    }
}

/// Reads a file of decisions: input lines as in a record; empty lines and lines that begin with
/// `#` are passed over.
///
/// # Errors
/// When a line is not JSON, or no input of this scenario.
pub fn read_inputs(text: &str, cast: &Cast) -> Result<Vec<Input>, FormatError> {
    let mut inputs = Vec::new();
    for (at, text) in text.lines().enumerate() {
        let line = at + 1;
        if text.trim().is_empty() || text.trim_start().starts_with('#') {
            continue;
        }
        let value: Value =
            serde_json::from_str(text).map_err(|cause| FormatError::Json { line, cause })?;
        let input = Input::from_wire(&value, cast);
        inputs.push(input.map_err(|cause| FormatError::Line { line, cause })?);
    }
    inputs.sort_by_key(Input::turn);
    Ok(inputs)
}
