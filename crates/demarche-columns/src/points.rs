//! Points of a design as somebody wrote them: a header of paths, and a number for each on every
//! line below. All faults are told at once, each with its place and what to write instead.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

/// How much of a design is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most points.
    pub points: usize,
    /// The most paths.
    pub paths: usize,
}

/// Points, each with a number for every path.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    paths: Vec<String>,
    values: Vec<f64>,
}

impl Points {
    /// What the numbers are of, in the order of the file.
    #[must_use]
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// How many points there are: at least 1.
    #[must_use]
    pub const fn n_points(&self) -> usize {
        self.values.len() / self.paths.len()
    }

    /// The numbers of a point, in the order of paths, in the units of what they are of.
    ///
    /// # Panics
    /// When there is no such point. They count from 0.
    #[must_use]
    pub fn point(&self, point: usize) -> &[f64] {
        let n_paths = self.paths.len();
        &self.values[point * n_paths..(point + 1) * n_paths]
    }
}

/// A fault of a design. Lines and columns count from 1; a column is that of a spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PointFault {
    /// Nothing stands there.
    #[error("the design is empty: write a line of paths, then a line of numbers for each point")]
    Nothing,
    /// There are paths and no points.
    #[error("line {line}: no point follows the paths: write a line of numbers for each")]
    NoPoint {
        /// Of the paths.
        line: usize,
    },
    /// There are more points than are read.
    #[error("line {line}: this is more than {most} points: split the design")]
    TooManyPoints {
        /// Of the first that is not read.
        line: usize,
        /// How many are read.
        most: usize,
    },
    /// There are more paths than are read.
    #[error(
        "line {line}: {count} paths, at most {most} are read: leave out those that do not vary"
    )]
    TooManyPaths {
        /// Of the paths.
        line: usize,
        /// How many there are.
        count: usize,
        /// How many are read.
        most: usize,
    },
    /// Columns are separated by something else than commas.
    #[error("line {line}: the paths are separated by {by}: separate paths and numbers by commas")]
    Separator {
        /// Of the paths.
        line: usize,
        /// What separates them.
        by: &'static str,
    },
    /// A column has no path.
    #[error(
        "line {line}, column {column}: no path stands here: write what the numbers below are of, \
         or delete the column"
    )]
    NoPath {
        /// Of the paths.
        line: usize,
        /// Which has none.
        column: usize,
    },
    /// A path stands twice.
    #[error(
        "line {line}, column {column}: `{path}` stands in column {first} already: delete one of \
         the two"
    )]
    Twice {
        /// Of the paths.
        line: usize,
        /// Where it stands again.
        column: usize,
        /// Where it stands first.
        first: usize,
        /// What stands there.
        path: String,
    },
    /// A line has another number of columns than there are paths.
    #[error("line {line}: {count} columns, but {paths} paths: write a number for each path")]
    Ragged {
        /// Of the point.
        line: usize,
        /// How many columns it has.
        count: usize,
        /// How many paths there are.
        paths: usize,
    },
    /// A cell is no finite number.
    #[error("line {line}, column {column} (`{path}`): {found} is no finite number: {instead}")]
    NoNumber {
        /// Of the point.
        line: usize,
        /// Where it stands.
        column: usize,
        /// What it would be of.
        path: String,
        /// What stands there, in quotes and not at length.
        found: String,
        /// What to write instead.
        instead: String,
    },
}

/// Reads a design. A byte order mark, blank lines, quotes, blanks around a cell and any ends of
/// lines are taken as they are meant.
///
/// # Errors
/// When it is not a header of distinct paths and a finite number for each on every line below, or
/// is larger than the limits: every fault, in the order of lines.
pub fn read_points(text: &str, limits: Limits) -> Result<Points, Vec<PointFault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    if !has_next(&mut reader, &mut record) {
        return Err(vec![PointFault::Nothing]);
    }
    let header = lines.of(&record);
    let paths: Vec<String> = record.iter().map(|path| path.trim().to_owned()).collect();
    let mut faults = faults_of_paths(&paths, header, limits.paths);
    if faults
        .iter()
        .any(|fault| !matches!(fault, PointFault::NoPath { .. } | PointFault::Twice { .. }))
    {
        return Err(faults); // Every line below would be at fault, too.
    }
    let (mut values, mut n_points) = (Vec::new(), 0);
    while has_next(&mut reader, &mut record) {
        let line = lines.of(&record);
        if n_points == limits.points {
            faults.push(PointFault::TooManyPoints { line, most: limits.points });
            break;
        }
        n_points += 1;
        if record.len() != paths.len() {
            let (count, paths) = (record.len(), paths.len());
            faults.push(PointFault::Ragged { line, count, paths });
            continue;
        }
        for (cell, (column, path)) in record.iter().zip((1..).zip(&paths)) {
            match number(cell) {
                Ok(value) => values.push(value),
                Err(instead) => faults.push(PointFault::NoNumber {
                    line,
                    column,
                    path: path.clone(),
                    found: shown(cell),
                    instead,
                }),
            }
        }
    }
    if n_points == 0 {
        faults.push(PointFault::NoPoint { line: header });
    }
    if faults.is_empty() { Ok(Points { paths, values }) } else { Err(faults) }
}

fn has_next(reader: &mut csv::Reader<&[u8]>, record: &mut StringRecord) -> bool {
    reader.read_record(record).expect("text in memory, and lines of any length")
}

/// What is wrong with a header.
fn faults_of_paths(paths: &[String], line: usize, most: usize) -> Vec<PointFault> {
    if let [only] = paths {
        let others = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
        if let Some((_, by)) = others.into_iter().find(|(separator, _)| only.contains(*separator)) {
            return vec![PointFault::Separator { line, by }];
        }
    }
    if paths.len() > most {
        return vec![PointFault::TooManyPaths { line, count: paths.len(), most }];
    }
    let (mut faults, mut seen) = (Vec::new(), BTreeMap::new());
    for (column, path) in (1..).zip(paths) {
        if path.is_empty() {
            faults.push(PointFault::NoPath { line, column });
        } else if let Some(first) = seen.get(path) {
            faults.push(PointFault::Twice { line, column, first: *first, path: path.clone() });
        } else {
            seen.insert(path, column);
        }
    }
    faults
}

/// The number in a cell, or what to write instead.
fn number(cell: &str) -> Result<f64, String> {
    let cell = cell.trim();
    let parsed = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
    if let Some(number) = parsed(cell) {
        return Ok(number);
    }
    let percent = cell.strip_suffix('%').and_then(|cell| parsed(cell.trim_end()));
    let with_point = cell.replace(',', ".");
    Err(if cell.is_empty() {
        "write one, every point has one for each path".to_owned()
    } else if cell.contains(['\r', '\n']) {
        "close the quote that was opened here".to_owned()
    } else if let Some(percent) = percent {
        format!("write {} if a share is meant", percent / 100.0)
    } else if parsed(&with_point).is_some() {
        format!("write {with_point}, with a point")
    } else if cell.parse::<f64>().is_ok() {
        "write one that is not beyond all bounds".to_owned()
    } else {
        "write one such as 12, -0.5 or 1e-3".to_owned()
    })
}

/// A cell as it is shown in a message.
fn shown(cell: &str) -> String {
    const MOST: usize = 40;
    let cell = cell.trim();
    if cell.is_empty() {
        return "an empty cell".to_owned();
    }
    let start: String = cell.chars().take(MOST).flat_map(char::escape_debug).collect();
    format!("`{start}{}`", if cell.chars().count() > MOST { "…" } else { "" })
}

/// Counts the lines of a text up to its records, whatever ends them.
struct Lines<'a> {
    text: &'a str,
    /// Up to where they are counted. [bytes]
    at: usize,
    /// The line there, from 1.
    line: usize,
}

impl Lines<'_> {
    /// The line that a record stands in: of its first cell, not of the blank lines before it.
    fn of(&mut self, record: &StringRecord) -> usize {
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).expect("it lies in memory");
        let rest = &self.text.as_bytes()[start..];
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &self.text.as_bytes()[self.at..start + blank];
        let after = |at: usize| self.text.as_bytes().get(self.at + at + 1);
        let ends = passed.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => after(*at) != Some(&b'\n'),
            _ => false,
        });
        self.line += ends.count();
        self.at = start + blank;
        self.line
    }
}

#[cfg(test)]
mod tests;
