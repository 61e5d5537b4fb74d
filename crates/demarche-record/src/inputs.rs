//! A file of decisions: lines of inputs as in a record, read with every fault at its place.
//!
//! People write such files by hand, so nothing in them is passed over in silence: every fault of
//! the file is told at once, with its line and column and with what could stand there instead.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::cast::Cast;
use crate::decision::{Decision, Input};
use crate::format::{FormatError, not_json};
use crate::nearest::nearest;
use crate::places::{Place, places};
use crate::wire::{Entry, Wire, WireError};

/// The most bytes of a file of decisions that are read.
pub const MOST_BYTES: usize = 16 << 20;

/// The most faults of a file that are told.
const MOST_FAULTS: usize = 20;

/// An input, and the line that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadInput {
    /// The line, from 1.
    pub line: usize,
    /// The input.
    pub input: Input,
}

/// One fault of a file of decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFault {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that can be said.
    pub help: Option<String>,
}

/// All faults of a file of decisions, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct InputFaults {
    /// The first of them.
    pub list: Vec<InputFault>,
    /// How many more there are.
    pub left_out: usize,
}

impl InputFaults {
    /// All of them as text, each with the name of its file, and how many there are.
    #[must_use]
    pub fn told(&self, name: &str) -> String {
        let mut text = String::new();
        for InputFault { line, column, message, help } in &self.list {
            text.push_str(&format!("{name}:{line}:{column}: {message}\n"));
            text.extend(help.iter().map(|help| format!("  help: {help}\n")));
        }
        let count = self.list.len() + self.left_out;
        let left_out = match self.left_out {
            0 => String::new(),
            _ => format!(", of which the first {} are told", self.list.len()),
        };
        let faults = if count == 1 { "fault" } else { "faults" };
        text + &format!("{count} {faults} in {name}{left_out}")
    }
}

impl fmt::Display for InputFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told("decisions"))
    }
}

/// Reads a file of decisions: input lines as in a record; empty lines and lines that begin with
/// `#` are passed over. The inputs come in the order of their turns.
///
/// # Errors
/// With every line that is not JSON, or no input of this scenario.
pub fn read_inputs(text: &str, cast: &Cast) -> Result<Vec<ReadInput>, InputFaults> {
    let (mut inputs, mut faults) = (Vec::new(), InputFaults { list: Vec::new(), left_out: 0 });
    for (at, text) in text.lines().enumerate() {
        let line = at + 1;
        if text.trim().is_empty() || text.trim_start().starts_with('#') {
            continue;
        }
        match read_line(line, text, cast) {
            Ok(input) => inputs.push(ReadInput { line, input }),
            Err(found) => {
                let room = MOST_FAULTS - faults.list.len();
                faults.left_out += found.len().saturating_sub(room);
                faults.list.extend(found.into_iter().take(room));
            }
        }
    }
    if !faults.list.is_empty() {
        return Err(faults);
    }
    inputs.sort_by_key(|read: &ReadInput| read.input.turn());
    Ok(inputs)
}

fn read_line(line: usize, text: &str, cast: &Cast) -> Result<Input, Vec<InputFault>> {
    let value: Value = serde_json::from_str(text).map_err(|cause| {
        let FormatError::Json { column, cause, .. } = not_json(line, text, &cause) else {
            return Vec::new();
        };
        let message = format!("this is not JSON: {cause}");
        vec![InputFault { line, column, message, help: Some(format!("a line reads {EXAMPLE}")) }]
    })?;
    let places = places(text);
    let mut faults = said_twice(line, text, &places);
    let read = Input::from_wire(&value, cast);
    if let Err(cause) = &read {
        let single = cause.single().into_iter();
        faults.extend(single.map(|(way, cause)| {
            let at = place_of(&places, &way, cause);
            let column = column(text, at);
            let (message, help) = (told(&way, cause), help(&value, &way, cause));
            InputFault { line, column, message, help }
        }));
    }
    faults.sort_by_key(|fault| fault.column);
    match read {
        Ok(input) if faults.is_empty() => Ok(input),
        _ => Err(faults),
    }
}

/// A line that could stand in any file of decisions but for the name of the party.
const EXAMPLE: &str = concat!(
    r#"{"input":"decided","turn":4,"stage":"delegations","mover":0,"#,
    r#""seat":"delegation:…","decision":{"do":"walk-out"}}"#
);

/// Fields that an object has twice: only one of them could be meant.
fn said_twice(line: usize, text: &str, places: &[Place]) -> Vec<InputFault> {
    let mut seen = BTreeSet::new();
    let again = places.iter().filter(|place| !seen.insert(&place.way));
    let fault = |place: &Place| InputFault {
        line,
        column: column(text, place.named_at),
        message: format!("`{}` is said twice", place.way.join(".")),
        help: Some("leave one of them out".to_owned()),
    };
    again.map(fault).collect()
}

/// Where a fault stands in its line. [bytes]
fn place_of(places: &[Place], way: &[&str], cause: &WireError) -> usize {
    let find = |last: &[&str]| places.iter().find(|place| place.way == [way, last].concat());
    match cause {
        WireError::NoField { name, .. } => find(&[name]).map(|place| place.named_at),
        _ => find(&[]).map(|place| place.at),
    }
    .unwrap_or_default()
}

fn column(text: &str, at: usize) -> usize {
    text[..text.floor_char_boundary(at)].chars().count() + 1
}

fn told(way: &[&str], cause: &WireError) -> String {
    if way.is_empty() { cause.to_string() } else { format!("in `{}`: {cause}", way.join(".")) }
}

fn help(value: &Value, way: &[&str], cause: &WireError) -> Option<String> {
    match cause {
        WireError::Unknown { name, known } | WireError::NoField { name, known } => {
            let near = nearest(name, known.iter().map(String::as_str))?;
            Some(format!("did you mean `{near}`?"))
        }
        WireError::Missing(field) if field == "input" => Some(format!("a line reads {EXAMPLE}")),
        WireError::Missing(field) => meaning(value, way, field),
        WireError::Type { .. } => meaning(value, way.split_last()?.1, way.last()?),
        WireError::In { .. } | WireError::Several(_) => None,
    }
}

/// What a field means, by the dictionary of what the object at this place is.
fn meaning(value: &Value, way: &[&str], field: &str) -> Option<String> {
    let (tag, object, entries): (_, _, &[Entry]) = match way {
        [] => ("input", value, Input::DICTIONARY),
        ["decision"] => ("do", value.get("decision")?, Decision::DICTIONARY),
        _ => return None,
    };
    let word = object.get(tag)?.as_str()?;
    let entry = entries.iter().find(|entry| entry.word == word)?;
    let (_, meaning) = entry.fields.iter().find(|(name, _)| name.replace('_', "-") == field)?;
    Some(format!("`{field}`: {}", meaning.split_whitespace().collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests;
