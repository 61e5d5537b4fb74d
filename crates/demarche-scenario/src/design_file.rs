//! Design files: which numbers of a scenario vary over a batch, and how points are spread.
//!
//! ```toml
//! format = 1
//! spread = "sobol"
//! points = 1024
//!
//! [[levers]]
//! path = "parties.pakistan.audience-cost"
//! low = 0
//! high = 0.2
//! ```
//! They are held against a spec as scenarios are, so that all faults are told at once, each in its
//! place.
use std::collections::BTreeSet;

use crate::check::check;
use crate::document::Document;
use crate::problem::{Code, Problems};
use crate::reading::Reader;
use crate::registers::Registers;
use crate::spec::{Field, Kind, Quantity, TableSpec};

/// What a design file says.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignFile {
    /// How points are spread: `grid`, `lhs`, `sobol`, `morris`.
    pub spread: &'static str,
    /// Runs in all.
    pub runs: Option<u64>,
    /// Levels of each number on a grid.
    pub levels: Option<u64>,
    /// Points of a hypercube or of the Sobol' sequence.
    pub points: Option<u64>,
    /// Trajectories of Morris' method.
    pub trajectories: Option<u64>,
    /// What varies: path, and the ends of its range where they are given.
    pub levers: Vec<(String, Option<[f64; 2]>)>,
}

const SPREADS: &[(&str, &str)] = &[
    ("grid", "every combination of so many levels of each number"),
    ("lhs", "a Latin hypercube: each number's range cut into as many parts as there are points"),
    ("sobol", "the Sobol' sequence, which fills space evenly"),
    ("morris", "trajectories that move one number at a time"),
];

const MOST: i64 = 1_000_000_000_000;

static DESIGN: TableSpec = TableSpec {
    name: "design",
    doc: "Which numbers of a scenario vary over a batch, and at which points.",
    fields: &[
        Field::required("format", Kind::Whole { min: 1, max: 1 }, "The version of the form: 1."),
        Field::required("spread", Kind::Choice(SPREADS), "How points are spread."),
        Field::optional(
            "runs",
            Kind::Whole { min: 1, max: MOST },
            "Runs in all. Absent: as the command line says.",
        ),
        Field::optional(
            "levels",
            Kind::Whole { min: 1, max: 1000 },
            "Levels of each number on a grid. Absent: five.",
        ),
        Field::optional(
            "points",
            Kind::Whole { min: 1, max: MOST },
            "Points of a hypercube or of the Sobol' sequence. Absent: as many as runs.",
        ),
        Field::optional(
            "trajectories",
            Kind::Whole { min: 1, max: MOST },
            "Trajectories of Morris' method. Absent: as many as the runs allow.",
        ),
        Field::required("levers", Kind::List { of: &LEVER, max: 500 }, "What varies."),
    ],
};

const END: Quantity =
    Quantity { symbol: "", unit: "1", min: f64::NEG_INFINITY, max: f64::INFINITY, assumed: None };

static LEVER: TableSpec = TableSpec {
    name: "lever",
    doc: "A number that varies.",
    fields: &[
        Field::required("path", Kind::Text, "Its path, as `--set` takes it."),
        Field::optional(
            "low",
            Kind::Number(END),
            "The lower end, in its unit. Absent: that of its range in the scenario.",
        ),
        Field::optional(
            "high",
            Kind::Number(END),
            "The upper end, in its unit. Absent: that of its range in the scenario.",
        ),
    ],
};

/// Reads a design file.
///
/// # Errors
/// With all its faults.
pub fn read_design(name: &str, text: &str) -> Result<DesignFile, Problems> {
    let (document, mut problems) = Document::parse(name, text);
    problems.extend(check(&document, &DESIGN, &BTreeSet::new()));
    // Where an end comes from is for who designs to say, and nobody asks.
    problems.retain(|problem| !matches!(problem.code, Code::NoSource | Code::UnknownSource));
    let registers = Registers::collect(&document, &DESIGN);
    let root = Reader::root(&document, &DESIGN, &registers);
    let items = root.items("levers");
    let mut levers = Vec::new();
    for item in &items {
        let ends =
            [item.number_opt("low"), item.number_opt("high")].map(|end| end.map(|e| e.value));
        let path = item.text("path").to_owned();
        levers.push((path, ends[0].zip(ends[1]).map(|(low, high)| [low, high])));
        if item.has("low") != item.has("high") {
            let (there, missing) = if item.has("low") { ("low", "high") } else { ("high", "low") };
            let message = format!("{} has `{there}` and no `{missing}`", item.path());
            let help = "write both ends of its range, or neither to take that of the scenario";
            problems.push(item.problem(Code::Contradiction, there, &message, help));
        }
        if let Some((low, high)) = ends[0].zip(ends[1]).filter(|(low, high)| low >= high) {
            let message = format!("{}: nothing lies from {low} to {high}", item.path());
            problems.push(item.problem(
                Code::Contradiction,
                "low",
                &message,
                "write the lower end first",
            ));
        }
    }
    let problems = Problems::new(document.files.clone(), problems);
    if problems.is_fatal() {
        return Err(problems);
    }
    let whole = |key: &str| root.whole_opt(key).and_then(|whole| u64::try_from(whole).ok());
    Ok(DesignFile {
        spread: root.choice("spread"),
        runs: whole("runs"),
        levels: whole("levels"),
        points: whole("points"),
        trajectories: whole("trajectories"),
        levers,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_is_read_as_it_stands() {
        let text = "format = 1\nspread = \"sobol\"\npoints = 64\n[[levers]]\npath = \"a.b\"\nlow = 0\n\
                    high = 0.5\n[[levers]]\npath = \"c\"\n";
        let read = read_design("design.toml", text).unwrap();
        assert_eq!((read.spread, read.points, read.runs), ("sobol", Some(64), None));
        assert_eq!(read.levers, [("a.b".to_owned(), Some([0.0, 0.5])), ("c".to_owned(), None)]);
    }

    #[test]
    fn all_faults_of_a_design_are_told_at_once() {
        let text = "format = 1\nspread = \"sobl\"\nrun = 3\n[[levers]]\nlow = 3\nhigh = 1\n\
                    [[levers]]\npath = \"c\"\nhigh = 2\n";
        let told = read_design("design.toml", text).unwrap_err().render(100, false, true);
        for word in ["sobl", "`run`", "path", "nothing lies from 3 to 1", "no `low`"] {
            assert!(told.contains(word), "nothing of {word} in:\n{told}");
        }
    }
}
