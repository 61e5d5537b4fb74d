//! One range of a plan: its runs played, as a table and an aggregate.
//!
//! The same range of the same plan comes to the same bytes. Runs are played side by side and end in
//! any order; rows are written in the order of their numbers.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use demarche_columns::{Rows, TableError, write_csv, write_part};
use serde_json::Value;

use crate::aggregate::{Aggregate, Entry};
use crate::error::BatchError;
use crate::folder::{Done, Folder};
use crate::plan::{Known, Plan};
use crate::runs::{Played, Player};
use crate::table::RunsTable;
use crate::turns::{Trajectory, TurnsTable};

/// The key of a table's metadata under which its aggregate stands.
const AGGREGATE: &str = "demarche.aggregate";
/// The key under which the name of the file with their turns stands, if some are followed.
const TURNS_FILE: &str = "demarche.turns";
/// The key under which its runs stand: the first, and the one after the last.
const OF_RUNS: &str = "demarche.runs";
/// The key under which the digest of the plan stands.
pub(crate) const PLAN: &str = "demarche.plan";

/// The tables that a plan writes.
pub struct Tables {
    /// One row a run.
    pub runs: RunsTable,
    /// One row a turn of those that are followed.
    pub turns: TurnsTable,
}

impl Tables {
    /// Those of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let levers = &plan.design.levers;
        let parts_at = plan.past.as_ref().map(|past| past.turn);
        let runs =
            RunsTable::new(&plan.scenario, &plan.numbers, levers, plan.over_ranges, parts_at);
        Self { runs, turns: TurnsTable::new(&plan.scenario) }
    }
}

/// A range that was played.
pub struct PlayedRange {
    /// Its runs.
    pub runs: Range<u64>,
    /// A row for each, without what was given of it.
    pub rows: Rows,
    /// The rows of those that were followed.
    pub turns: Rows,
    /// What is kept of all.
    pub aggregate: Aggregate,
}

/// Plays a range.
pub fn play(plan: &Plan, tables: &Tables, player: &mut Player, runs: Range<u64>) -> PlayedRange {
    let mut known = Known::default();
    let orders = runs.clone().map(|number| (number, plan.run(number, &mut known).0));
    let mut open = OpenRange::begin(plan, tables, runs.clone());
    player.play(orders, || true, |number, played| open.take(plan, tables, number, played));
    assert!(open.is_done(), "a run of {:?} came to nothing", open.runs());
    open.range
}

/// How many rows are written at once, so that what writing touches is fetched once for all of them.
/// Engine and columns do not fit into a core's nearest memory together.
const AT_ONCE: usize = 64;

/// A range that is being played. Its runs end in any order, and its rows are written in the order
/// of their numbers.
pub struct OpenRange {
    range: PlayedRange,
    /// The next run whose row is written.
    next: u64,
    /// Those whose rows are still to be written: few, so that a run is kept as its row.
    ahead: BTreeMap<u64, Played>,
    /// When there are so many of them, rows are written.
    enough: usize,
    known: Known,
}

impl OpenRange {
    /// A range of which no run has ended.
    #[must_use]
    pub fn begin(plan: &Plan, tables: &Tables, runs: Range<u64>) -> Self {
        let (next, range) = (runs.start, PlayedRange::none_yet(plan, tables, runs));
        Self { range, next, ahead: BTreeMap::new(), enough: AT_ONCE, known: Known::default() }
    }

    /// Its runs.
    #[must_use]
    pub const fn runs(&self) -> &Range<u64> {
        &self.range.runs
    }

    /// Takes what became of one of its runs.
    pub fn take(&mut self, plan: &Plan, tables: &Tables, number: u64, played: Played) {
        self.ahead.insert(number, played);
        let n_left = self.range.runs.end - self.next;
        if self.ahead.len() < self.enough && (self.ahead.len() as u64) < n_left {
            return;
        }
        while let Some(played) = self.ahead.remove(&self.next) {
            self.range.add(plan, tables, &mut self.known, self.next, &played);
            self.next += 1;
        }
        self.enough = self.ahead.len() + AT_ONCE;
    }

    /// Whether all of its runs have ended.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.next == self.range.runs.end
    }

    /// What was played.
    #[must_use]
    pub fn into_played(self) -> PlayedRange {
        self.range
    }
}

impl PlayedRange {
    fn none_yet(plan: &Plan, tables: &Tables, runs: Range<u64>) -> Self {
        let n_runs = usize::try_from(runs.end - runs.start).expect("a range fits into memory");
        let rows = Rows::with_room_for(tables.runs.of_ranges(), n_runs);
        let turns = Rows::new(tables.turns.schema());
        Self { runs, rows, turns, aggregate: Aggregate::empty(&plan.scenario, &tables.runs) }
    }

    /// Adds what became of the next run.
    fn add(
        &mut self,
        plan: &Plan,
        tables: &Tables,
        known: &mut Known,
        number: u64,
        played: &Played,
    ) {
        let (run, point, _) = plan.run(number, known);
        tables.runs.push(&mut self.rows, played);
        let point = plan.counts_by_point().then_some(point);
        let entry = Entry { run: number, seed: run.lineage.own(), point, played };
        self.aggregate.add(&entry, &self.rows, &tables.runs);
        if let Played::Ended(measures, Some(chronicle)) = played {
            let trajectory = Trajectory::of(chronicle);
            tables.turns.push(&mut self.turns, number, &trajectory);
            self.aggregate.add_trajectory(measures.outcome, &trajectory);
        }
    }

    /// How much room it would take. [bytes]
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn size(&self, work: &Work) -> Result<Size, BatchError> {
        let metadata = [(PLAN.to_owned(), work.digest.to_string())];
        let [runs, turns] = [&self.rows, &self.turns].map(|rows| parquet(rows, &metadata));
        let kept = (runs?.len() + turns?.len()) as u64;
        let [whole, of_ranges] = [work.tables.runs.schema(), work.tables.runs.of_ranges()];
        let n_given = whole.columns().len() - of_ranges.columns().len();
        let given = (n_given * self.rows.n_rows() * size_of::<f64>()) as u64;
        Ok(Size { kept, joined: kept + given })
    }

    /// How much room its rows would take as CSV. [bytes]
    ///
    /// # Errors
    /// When they cannot be made.
    pub fn csv_size(&self, work: &Work) -> Result<u64, BatchError> {
        let (mut text, table) = (Vec::new(), &work.tables.runs);
        let whole = table.whole(&work.plan, self.runs.clone(), &self.rows);
        let written = write_csv(&mut text, table.schema(), [Ok(whole)]);
        written.map_err(|cause| BatchError::Table { path: "in memory".into(), cause })?;
        Ok(text.len() as u64)
    }

    /// Keeps it in the folder of its batch.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, folder: &Folder, plan_digest: &str) -> Result<Done, BatchError> {
        let plan = (PLAN.to_owned(), plan_digest.to_owned());
        let mut metadata = vec![plan.clone(), (OF_RUNS.to_owned(), written(&self.runs))];
        if self.turns.n_rows() > 0 {
            let bytes = parquet(&self.turns, &[plan])?;
            metadata.push((TURNS_FILE.to_owned(), folder.keep_turns(&self.runs, &bytes)?));
        }
        metadata.push((AGGREGATE.to_owned(), self.aggregate.to_json().to_string()));
        // The table of runs comes last: a range is done once it is there.
        folder.keep(&self.runs, &parquet(&self.rows, &metadata)?)
    }
}

/// How much room some runs take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// As ranges. [bytes]
    pub kept: u64,
    /// In the results. [bytes]
    pub joined: u64,
}

fn written(runs: &Range<u64>) -> String {
    format!("{}-{}", runs.start, runs.end)
}

fn parquet(rows: &Rows, metadata: &[(String, String)]) -> Result<Vec<u8>, BatchError> {
    let mut bytes = Vec::new();
    let written = write_part(&mut bytes, rows, metadata);
    written.map_err(|cause| BatchError::Table { path: "in memory".into(), cause })?;
    Ok(bytes)
}

/// A range that was kept, read back and proven.
pub struct KeptRange {
    /// Its table of turns, if any run of it was followed.
    pub turns: Option<PathBuf>,
    /// What is kept of all.
    pub aggregate: Aggregate,
}

impl KeptRange {
    /// Reads a range that is done.
    ///
    /// # Errors
    /// When a file is missing, damaged, or of another plan.
    pub fn read(folder: &Folder, done: &Done, work: &Work) -> Result<Self, BatchError> {
        let at_fault = |cause| BatchError::Table { path: done.table.clone(), cause };
        let strange = |what: &str| at_fault(TableError::Damaged(what.to_owned()));
        let table = folder.proven(&done.table, work.tables.runs.of_ranges())?;
        let get = |key: &str| {
            let pair = table.metadata().iter().find(|(known, _)| known == key);
            pair.map(|(_, value)| value.as_str())
        };
        if get(PLAN) != Some(&*work.digest) {
            return Err(BatchError::Stray { path: done.table.clone() });
        }
        if get(OF_RUNS) != Some(&written(&done.runs)) {
            // Its bytes are what its name says, but not its runs.
            return Err(BatchError::Damaged { path: done.table.clone() });
        }
        let said: Option<Value> = get(AGGREGATE).and_then(|text| serde_json::from_str(text).ok());
        let aggregate = said.as_ref().and_then(|said| Aggregate::from_json(said, work, &done.runs));
        let turns = get(TURNS_FILE).map(|name| folder.file(name));
        let schema = work.tables.turns.schema();
        turns.as_ref().map(|turns| folder.proven(turns, schema)).transpose()?;
        let aggregate =
            aggregate.ok_or_else(|| strange("its aggregate is not that of its runs"))?;
        Ok(Self { turns, aggregate })
    }
}

/// A shared plan with its tables, for those who work on it.
#[derive(Clone)]
pub struct Work {
    /// What is to be done.
    pub plan: Arc<Plan>,
    /// What is written of it.
    pub tables: Arc<Tables>,
    /// The digest of the plan.
    pub digest: Arc<str>,
}

impl Work {
    /// A plan to be worked on.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        let (tables, digest) = (Tables::of(&plan), plan.digest());
        Self { plan: Arc::new(plan), tables: Arc::new(tables), digest: digest.into() }
    }
}
