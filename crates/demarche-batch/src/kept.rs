//! Kept runs: what the rows of a finished batch say, read back in their order.
//!
//! Columns are found by their keys and words turned into places in the cast again. A table of
//! another scenario, or one that was written by others, is refused rather than misread.

use std::fs::File;

use demarche_columns::{Cell, Rows, Table, TableError};
use demarche_domain::index::{IssueIx, OutcomeIx, PartyIx};
use demarche_record::cast::Cast;

use crate::compare::tally::{Ended, Scales};
use crate::error::BatchError;
use crate::folder::{Folder, RUNS};
use crate::range::Work;

/// What a row says of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Its number, from 0.
    pub run: u64,
    /// Its seed.
    pub seed: u64,
    /// The point of the design that it is at, from 0.
    pub point: u64,
    /// Its last turn, from 0; nothing where it failed.
    pub last_turn: Option<u32>,
    /// How it ended; nothing where it failed.
    pub ended: Option<Ended>,
}

/// The rows of a batch, one after the other.
pub struct KeptRuns<'a> {
    folder: &'a Folder,
    cast: &'a Cast,
    table: Table<File>,
    places: Places,
    next_group: usize,
    rows: Option<Rows>,
    row: usize,
}

/// Where the columns are that are read.
struct Places {
    run: usize,
    seed: usize,
    point: usize,
    outcome: usize,
    agreement: usize,
    last_turn: usize,
    issue: usize,
    side: usize,
    truce: usize,
    numbers: Vec<usize>,
}

impl<'a> KeptRuns<'a> {
    /// Opens the table of runs of a batch.
    ///
    /// # Errors
    /// When it cannot be read, or is not the table that its plan makes.
    pub fn open(folder: &'a Folder, work: &'a Work, scales: &Scales) -> Result<Self, BatchError> {
        let table = folder.table(RUNS, work.tables.runs.schema())?;
        let at = |key: &str| table.schema().position(key).expect("its plan makes such a column");
        let places = Places {
            run: at("run"),
            seed: at("seed"),
            point: at("point"),
            outcome: at("outcome"),
            agreement: at("agreement"),
            last_turn: at("last-turn"),
            issue: at("blocking-issue"),
            side: at("blocking-side"),
            truce: at("truce"),
            numbers: scales.numbers.iter().map(|scale| at(&scale.column)).collect(),
        };
        let cast = &work.plan.scenario.cast;
        Ok(Self { folder, cast, table, places, next_group: 0, rows: None, row: 0 })
    }

    /// Goes on to the next run; nothing after the last.
    ///
    /// # Errors
    /// When the table is damaged.
    pub fn advance(&mut self) -> Result<Option<KeptRun>, BatchError> {
        self.row += 1;
        while self.rows.as_ref().is_none_or(|rows| self.row >= rows.n_rows()) {
            if self.next_group == self.table.n_groups() {
                self.rows = None;
                return Ok(None);
            }
            let rows = self.table.read_group(self.next_group);
            self.rows = Some(rows.map_err(|cause| fault(self.folder, cause))?);
            (self.next_group, self.row) = (self.next_group + 1, 0);
        }
        self.read().map(Some)
    }

    /// The cells of what was measured in the run that was read last, by the keys of their columns.
    pub(crate) fn measured(&self) -> impl Iterator<Item = (&str, Cell<'_>)> {
        let columns = self.table.schema().columns().iter().map(|column| column.key.as_str());
        let cells = self.rows.iter().flat_map(|rows| rows.row(self.row));
        columns.zip(cells).skip(self.places.outcome)
    }

    fn read(&self) -> Result<KeptRun, BatchError> {
        let rows = self.rows.as_ref().expect("a group was read above");
        let cell = |column: usize| rows.cell(self.row, column);
        let whole = |column: usize| match cell(column) {
            Cell::Whole(n) => u64::try_from(n).ok(),
            _ => None,
        };
        let is = |column: usize| cell(column) == Cell::Flag(true);
        let word = |column: usize| match cell(column) {
            Cell::Word(word) => Some(word),
            _ => None,
        };
        let unknown = |key: &str| {
            let why = format!("`{key}` stands in a row, which the scenario does not know");
            fault(self.folder, TableError::Damaged(why))
        };
        let place = |word: Option<&str>, keys: &mut dyn Iterator<Item = &str>| {
            let Some(word) = word else { return Ok(None) };
            let mut keys = keys;
            (&mut keys).position(|key| key == word).map(Some).ok_or_else(|| unknown(word))
        };
        let Places { outcome, issue, side, .. } = self.places;
        let cast = self.cast;
        let outcome = place(word(outcome), &mut cast.outcomes.iter().map(|of| of.key.as_str()))?;
        let issue = place(word(issue), &mut cast.issues.iter().map(|of| of.named.key.as_str()))?;
        let side = place(word(side), &mut cast.parties.iter().map(|of| of.named.key.as_str()))?;
        let number = |column: &usize| match cell(*column) {
            Cell::Number(number) => Some(number),
            #[expect(clippy::cast_precision_loss, reason = "counts of one run")]
            Cell::Whole(whole) => Some(whole as f64),
            _ => None,
        };
        let ended = outcome.map(|outcome| Ended {
            outcome: OutcomeIx::at(outcome),
            is_agreed: is(self.places.agreement),
            truce: is(self.places.truce),
            blocked: issue.map(|issue| (IssueIx::at(issue), side.map(PartyIx::at))),
            numbers: self.places.numbers.iter().map(number).collect(),
        });
        Ok(KeptRun {
            run: whole(self.places.run).unwrap_or_default(),
            seed: whole(self.places.seed).unwrap_or_default(),
            point: whole(self.places.point).unwrap_or_default(),
            last_turn: whole(self.places.last_turn).and_then(|turn| u32::try_from(turn).ok()),
            ended,
        })
    }
}

fn fault(folder: &Folder, cause: TableError) -> BatchError {
    BatchError::Table { path: folder.file(RUNS), cause }
}
