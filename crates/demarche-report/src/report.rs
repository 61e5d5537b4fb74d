//! A report, before it has any form: questions, answers, figures and the data beside them.

use demarche_statistics::interval::Interval;

use crate::charts::Chart;
use crate::digits;
use crate::prose::Prose;

/// A report on one batch, or on several beside each other.
#[derive(Clone, Debug)]
pub struct Report {
    /// What it is about.
    pub title: String,
    /// The batches, in the order in which they were named.
    pub batches: Vec<Heading>,
    /// The questions that can be answered from them.
    pub sections: Vec<Section>,
    /// What is said of every result.
    pub caution: &'static str,
}

/// Which batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What it is called in this report.
    pub label: String,
    /// The title of its scenario.
    pub title: String,
    /// How many runs it has, and how their numbers were chosen.
    pub about: Prose,
}

/// A question, and what is known about it.
#[derive(Clone, Debug)]
pub struct Section {
    /// A word for it, for links and files.
    pub key: &'static str,
    /// The question.
    pub question: &'static str,
    /// The answer, with its figures; a paragraph each.
    pub answer: Vec<Prose>,
    /// What shows it.
    pub figures: Vec<Figure>,
}

/// A chart with its finding and its data.
#[derive(Clone, Debug)]
pub struct Figure {
    /// A word for it, for links and files; it is unique in the report.
    pub key: String,
    /// What can be seen.
    pub finding: Prose,
    /// The chart; nothing where the table says all.
    pub chart: Option<Chart>,
    /// The data.
    pub table: Table,
    /// What else belongs to it: a paragraph each.
    pub notes: Vec<Prose>,
}

/// Data, to be read or taken away.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// The heads of its columns, with units.
    pub heads: Vec<String>,
    /// Its rows, each with a cell under every head; the first cell says what the row is of.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Empty,
    /// Words of this program.
    Words(String),
    /// A name, or any other text that comes from elsewhere.
    Name(String),
    /// A path or a command.
    Code(String),
    /// How many.
    Count(u64),
    /// A share. [1, [−1, 1]]
    Share(f64),
    /// A difference of shares. [1, [−1, 1]]
    Difference(f64),
    /// Between what bounds a share or a difference of shares lies. [1]
    Bounds(Interval),
    /// A gain. [gain]
    Gain(f64),
    /// Between what bounds a gain lies. [gain]
    GainBounds(Interval),
    /// Another number, to so many decimals. In the unit of its column.
    Number(f64, usize),
}

impl Cell {
    /// As a person reads it.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => "–".to_owned(),
            Self::Words(text) | Self::Name(text) | Self::Code(text) => text.clone(),
            Self::Count(n) => digits::count(*n),
            Self::Share(share) => digits::percent(*share),
            Self::Difference(difference) => digits::points(*difference),
            Self::Bounds(bounds) => digits::bounds(*bounds),
            Self::Gain(gain) => digits::gain(*gain),
            Self::GainBounds(bounds) => digits::bounds(*bounds),
            Self::Number(number, decimals) => digits::number(*number, *decimals),
        }
    }

    /// Whether it is a number, to be aligned with others.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        !matches!(self, Self::Words(_) | Self::Name(_) | Self::Code(_))
    }
}

impl Table {
    /// A table without rows.
    #[must_use]
    pub fn new(caption: impl Into<String>, heads: &[&str]) -> Self {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        Self { caption: caption.into(), heads, rows: Vec::new() }
    }
}
