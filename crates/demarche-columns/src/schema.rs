//! What the columns of a table are: kind, unit, range and meaning, said once and carried along.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Whole,
    /// Finite numbers.
    Number,
    /// Yes or no.
    Flag,
    /// Any text.
    Word,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Whole, Self::Number, Self::Flag, Self::Word];

    /// The word for it in dictionaries.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Number => "number",
            Self::Flag => "flag",
            Self::Word => "word",
        }
    }
}

/// What a column can hold of all that its kind could.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// Numbers from low to high, both included; an infinite end is none.
    Between {
        /// The least. In the unit of the column.
        low: f64,
        /// The greatest. In the unit of the column.
        high: f64,
    },
    /// Said in words, and not checked.
    Said(String),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name: words in kebab-case, joined by dots where it is a path.
    pub key: String,
    /// What its cells hold.
    pub kind: Kind,
    /// The unit of its numbers; `1` for those without, and for what is no number.
    pub unit: String,
    /// What it can hold.
    pub range: Range,
    /// What it means, in a sentence.
    pub meaning: String,
    /// Whether a cell can be empty.
    pub may_be_empty: bool,
}

impl Column {
    /// What is wrong with it, if something is.
    fn fault(&self) -> Option<String> {
        let Self { key, kind, range, .. } = self;
        let is_number = matches!(kind, Kind::Whole | Kind::Number);
        if !is_key(key) {
            return Some(format!("`{key}` is no key: write words in kebab-case"));
        }
        if self.unit.is_empty() || self.meaning.is_empty() {
            return Some(format!("column `{key}` has no unit or no meaning"));
        }
        match range {
            Range::Between { .. } if !is_number => {
                Some(format!("column `{key}` holds no numbers, so its range has no ends"))
            }
            Range::Between { low, high } if low.is_nan() || high.is_nan() || low > high => {
                Some(format!("column `{key}`: nothing lies from {low} to {high}"))
            }
            Range::Said(text) if text.is_empty() => Some(format!("column `{key}` has no range")),
            _ => None,
        }
    }
}

/// Whether a key is words of a to z and digits with hyphens between, joined by dots.
fn is_key(key: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    key.split(['-', '.']).all(is_word)
}

/// The columns of a table, and what the table is.
#[derive(Clone, Debug)]
pub struct Schema {
    name: String,
    meaning: String,
    columns: Vec<Column>,
    /// The dictionary, once it was asked for: every part of a table carries it.
    pub(crate) dictionary: OnceLock<String>,
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        let Self { name, meaning, columns, dictionary: _ } = self;
        (name, meaning, columns) == (&other.name, &other.meaning, &other.columns)
    }
}

impl Schema {
    /// A table of these columns.
    ///
    /// # Panics
    /// When there is none, two share a key, a key is not in kebab-case, a unit, range or meaning is
    /// missing, or a range with ends is empty or of what is no number.
    #[must_use]
    pub fn new(name: &str, meaning: &str, columns: Vec<Column>) -> Self {
        let checked = Self::checked(name, meaning, columns);
        checked.unwrap_or_else(|fault| panic!("table `{name}`: {fault}"))
    }

    /// The same, for columns that somebody else wrote.
    pub(crate) fn checked(name: &str, meaning: &str, columns: Vec<Column>) -> Result<Self, String> {
        if !is_key(name) || meaning.is_empty() || columns.is_empty() {
            return Err("it has no name in kebab-case, no meaning, or no column".to_owned());
        }
        let mut keys = BTreeSet::new();
        for column in &columns {
            if let Some(fault) = column.fault() {
                return Err(fault);
            }
            if !keys.insert(&column.key) {
                return Err(format!("there are two columns `{}`", column.key));
            }
        }
        let (name, meaning) = (name.to_owned(), meaning.to_owned());
        Ok(Self { name, meaning, columns, dictionary: OnceLock::new() })
    }

    /// The name of the table.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a row of it is.
    #[must_use]
    pub fn meaning(&self) -> &str {
        &self.meaning
    }

    /// Its columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The same table without its first columns.
    ///
    /// # Panics
    /// When no column is left.
    #[must_use]
    pub fn without_first(&self, n_columns: usize) -> Self {
        Self::new(&self.name, &self.meaning, self.columns[n_columns..].to_vec())
    }

    /// Where a column stands, from 0.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The first difference of another schema to this one, in words.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        if (&self.name, &self.meaning) != (&other.name, &other.meaning) {
            return Some(format!("table `{}`, not `{}`", other.name, self.name));
        }
        for (at, column) in self.columns.iter().enumerate() {
            match other.columns.get(at) {
                None => return Some(format!("no column `{}`", column.key)),
                Some(found) if found.key != column.key => {
                    let place = at + 1;
                    let (found, key) = (&found.key, &column.key);
                    return Some(format!("column {place} is `{found}`, not `{key}`"));
                }
                Some(found) if found != column => {
                    return Some(format!("column `{}` is described otherwise", column.key));
                }
                Some(_) => {}
            }
        }
        let more = other.columns.get(self.columns.len());
        more.map(|column| format!("column `{}` more", column.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{column, schema};

    #[track_caller]
    fn check(columns: Vec<Column>, expected: &str) {
        let fault = Schema::checked("runs", "a row for each run", columns).unwrap_err();
        assert!(fault.contains(expected), "{fault}");
    }

    #[test]
    fn a_column_without_a_word_of_itself_is_none() {
        for key in ["", "Run", "run_number", "-run", "run-", "two--hyphens", "run number", "läuft"]
        {
            check(vec![column(key, Kind::Whole)], "is no key");
        }
        check(vec![Column { unit: String::new(), ..column("run", Kind::Whole) }], "no unit");
        check(vec![Column { meaning: String::new(), ..column("run", Kind::Whole) }], "no meaning");
        check(vec![column("run", Kind::Whole), column("run", Kind::Word)], "two columns `run`");
        check(Vec::new(), "no column");
    }

    #[test]
    fn ranges_with_ends_are_of_numbers_and_not_empty() {
        let ranged = |kind, low, high| {
            vec![Column { range: Range::Between { low, high }, ..column("run", kind) }]
        };
        check(ranged(Kind::Word, 0.0, 1.0), "holds no numbers");
        check(ranged(Kind::Number, 1.0, 0.0), "nothing lies from 1 to 0");
        check(ranged(Kind::Number, f64::NAN, 0.0), "nothing lies");
    }

    #[test]
    fn paths_are_keys() {
        assert!(is_key("world.tempers.waiting-per-day"));
        assert!(!is_key("world..tempers"));
    }

    #[test]
    fn the_first_difference_is_told() {
        let ours = schema();
        let changed = |change: &dyn Fn(&mut Schema)| {
            let mut other = ours.clone();
            change(&mut other);
            ours.difference(&other)
        };
        let check = |change: &dyn Fn(&mut Schema), expected: &str| {
            assert_eq!(changed(change).as_deref(), Some(expected));
        };
        assert_eq!(changed(&|_| {}), None);
        check(&|other| other.name = "turns".to_owned(), "table `turns`, not `runs`");
        check(&|other| other.columns.truncate(1), "no column `worth`");
        check(&|other| other.columns.swap(0, 1), "column 1 is `worth`, not `run`");
        check(
            &|other| other.columns[1].unit = "h".to_owned(),
            "column `worth` is described otherwise",
        );
        check(&|other| other.columns.push(column("more", Kind::Flag)), "column `more` more");
    }
}
