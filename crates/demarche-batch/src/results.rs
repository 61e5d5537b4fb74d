//! Results: the ranges of a plan joined into the files of a finished batch.
//!
//! Tables are joined range after range, with what was given of each run before it began, and
//! aggregates are merged in the same order. Nothing of the work shows in the results: not threads,
//! not time, not interruptions.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use demarche_columns::{Bytes, Part, Schema, TableError, join, write_csv};
use serde_json::{Value, json};

use crate::aggregate::Aggregate;
use crate::error::BatchError;
use crate::folder::{
    Done, Folder, MANIFEST, PAST, RUNS, RUNS_CSV, SCENARIO, SUMMARY, TURNS, proven_bytes,
};
use crate::given::GivenRows;
use crate::range::{KeptRange, PLAN, Tables, Work};
use crate::summary::summary;

/// How a batch came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// Runs that the results hold.
    pub n_runs: u64,
    /// Runs that the plan has.
    pub n_planned: u64,
    /// The rule by which it stopped, if it stopped by one.
    pub until: Option<String>,
    /// Ranges that are missing, where somebody wanted the results all the same.
    pub missing: Vec<Range<u64>>,
}

/// Ranges of a plan, each in one of several folders.
pub struct Parts<'a> {
    /// The plan.
    pub work: &'a Work,
    /// Where ranges are.
    pub folders: &'a [Folder],
}

/// A range as it is in one of several folders.
type Copy<'a> = (&'a Folder, Done);

/// Ranges that were found, proven and added up, before anything of them is written.
pub struct Gathered {
    /// Their runs, and the tables of these.
    runs: Vec<(Range<u64>, PathBuf)>,
    /// The tables of turns of those that have one.
    turns: Vec<PathBuf>,
    /// What is kept of all.
    pub aggregate: Aggregate,
    /// The ranges that are not there.
    pub missing: Vec<Range<u64>>,
}

impl<'a> Parts<'a> {
    /// Finds and proves all ranges that begin before `end`. Where some are missing it is refused,
    /// unless `partial`.
    ///
    /// # Errors
    /// When ranges are missing, damaged, of another plan or came to two results.
    pub fn gather(&self, end: u64, partial: bool) -> Result<Gathered, BatchError> {
        let (found, missing) = self.find(end)?;
        if let Some(first) = missing.first().filter(|_| !partial || found.is_empty()) {
            return Err(BatchError::Incomplete {
                n_missing: missing.len() as u64,
                n_ranges: (found.len() + missing.len()) as u64,
                first: first.clone(),
            });
        }
        let plan = &self.work.plan;
        let mut aggregate = Aggregate::empty(&plan.scenario, &self.work.tables.runs);
        let (mut runs, mut turns) = (Vec::new(), Vec::new());
        for copies in found {
            let (done, kept) = self.whole(&copies)?;
            aggregate.merge(&kept.aggregate);
            runs.push((done.runs, done.table));
            turns.extend(kept.turns);
        }
        Ok(Gathered { runs, turns, aggregate, missing })
    }

    /// Joins what was gathered into a folder.
    fn join(
        &self,
        gathered: &Gathered,
        into: &Folder,
        until: Option<String>,
        csv: bool,
    ) -> Result<Completeness, BatchError> {
        let Tables { runs: table, turns } = &*self.work.tables;
        let runs = gathered.runs.iter().map(|(runs, path)| {
            let given = Some(table.given(&self.work.plan, runs.clone()));
            Ok(Part { source: source(path)?, given })
        });
        self.write_joined(into, RUNS, [table.schema(), table.of_ranges()], runs)?;
        if gathered.turns.is_empty() {
            // What was there of an earlier end is not of this one.
            into.remove(TURNS)?;
        } else {
            let parts = gathered.turns.iter().map(|path| {
                let source = source(path)?;
                Ok(Part { source, given: None::<GivenRows<'_>> })
            });
            self.write_joined(into, TURNS, [turns.schema(), turns.schema()], parts)?;
        }
        into.remove(RUNS_CSV)?;
        if csv {
            write_runs_csv(into, self.work)?;
        }
        let (n_runs, n_planned) = (gathered.aggregate.n, self.work.plan.n_runs());
        let missing = gathered.missing.clone();
        let completeness = Completeness { n_runs, n_planned, until, missing };
        let summary = summary(self.work, &gathered.aggregate, &completeness);
        into.write(SUMMARY, pretty(&summary).as_bytes())?;
        Ok(completeness)
    }

    /// Joins what was gathered, and finishes the folder by its manifest, of which this was written
    /// when it was begun. A kill at any moment leaves what can be gone on with.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub fn finish(
        &self,
        gathered: &Gathered,
        into: &Folder,
        begun: &Value,
        until: Option<String>,
        csv: bool,
    ) -> Result<Completeness, BatchError> {
        let completeness = self.join(gathered, into, until, csv)?;
        write_manifest(into, &finished(begun, into, &completeness)?)?;
        into.clear_ranges()?;
        Ok(completeness)
    }

    /// Writes a table of which the columns and those of its parts are known.
    fn write_joined<'g>(
        &self,
        into: &Folder,
        name: &str,
        [schema, of_parts]: [&Arc<Schema>; 2],
        parts: impl Iterator<Item = io::Result<Part<Bytes, GivenRows<'g>>>>,
    ) -> Result<(), BatchError> {
        let metadata = [(PLAN.to_owned(), self.work.digest.to_string())];
        into.write_by(name, |out| {
            let joined = join(out, schema, of_parts, parts, &metadata);
            joined.map(|_| ()).map_err(io::Error::other)
        })
    }

    /// The first copy of a range that is whole.
    fn whole(&self, copies: &[Copy<'a>]) -> Result<(Done, KeptRange), BatchError> {
        let mut fault = None;
        for (folder, done) in copies {
            match KeptRange::read(folder, done, self.work) {
                Ok(kept) => return Ok((done.clone(), kept)),
                Err(cause) => _ = fault.get_or_insert(cause),
            }
        }
        Err(fault.expect("what was found has a copy"))
    }

    /// The ranges that are there, in order, and those that are not.
    fn find(&self, end: u64) -> Result<(Vec<Vec<Copy<'a>>>, Vec<Range<u64>>), BatchError> {
        let mut known: BTreeMap<u64, Vec<Copy<'a>>> = BTreeMap::new();
        for folder in self.folders {
            for (start, done) in folder.done()? {
                let copies = known.entry(start).or_default();
                if let Some((_, other)) = copies.iter().find(|(_, o)| o.digest != done.digest) {
                    let (one, other) = (other.table.clone(), done.table);
                    return Err(BatchError::Disagreement { range: done.runs, one, other });
                }
                copies.push((folder, done));
            }
        }
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for range in self.work.plan.ranges().take_while(|range| range.start < end) {
            match known.remove(&range.start).filter(|copies| copies[0].1.runs == range) {
                Some(copies) => found.push(copies),
                None => missing.push(range),
            }
        }
        Ok((found, missing))
    }
}

/// The bytes of a range. It was proven when it was gathered, which can be hours ago.
fn source(path: &Path) -> io::Result<Bytes> {
    proven_bytes(path).map(Bytes::from).map_err(io::Error::other)
}

fn write_runs_csv(folder: &Folder, work: &Work) -> Result<(), BatchError> {
    let table = folder.table(RUNS, work.tables.runs.schema())?;
    folder.write_by(RUNS_CSV, |out| {
        let written = write_csv(out, table.schema(), table.groups());
        written.map(|_| ()).map_err(io::Error::other)
    })
}

/// The manifest of a batch that is under way: what is to be done, what it was asked with, and what
/// of that holds when it is gone on with.
#[must_use]
pub fn begun(work: &Work, arguments: &[String], options: Value) -> Value {
    json!({
        "manifest": "demarche batch",
        "program": env!("CARGO_PKG_VERSION"),
        "plan": work.plan.to_json(),
        "plan-digest": &*work.digest,
        "arguments": arguments,
        "options": options,
        "state": "under way",
        "caution": CAUTION,
    })
}

/// The manifest of one that is finished: the same, with what there is now and its digests.
///
/// # Errors
/// When a file cannot be read.
fn finished(
    begun: &Value,
    folder: &Folder,
    completeness: &Completeness,
) -> Result<Value, BatchError> {
    let mut manifest = begun.clone();
    let is_whole = completeness.missing.is_empty();
    manifest["state"] = if is_whole { "complete".into() } else { "partial".into() };
    manifest["runs"] = completeness.n_runs.into();
    manifest["until"] = completeness.until.clone().into();
    let missing = gaps(&completeness.missing);
    manifest["missing"] = missing.iter().map(|gap| json!([gap.start, gap.end])).collect();
    let mut files = serde_json::Map::new();
    for name in [SCENARIO, PAST, RUNS, TURNS, SUMMARY, RUNS_CSV] {
        if folder.file(name).is_file() {
            files.insert(name.to_owned(), folder.digest_of(name)?.into());
        }
    }
    manifest["files"] = Value::Object(files);
    Ok(manifest)
}

/// Ranges that follow one another as one.
fn gaps(ranges: &[Range<u64>]) -> Vec<Range<u64>> {
    let mut gaps: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match gaps.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => gaps.push(range.clone()),
        }
    }
    gaps
}

/// Writes the rows of a batch that is complete as CSV, too. Returns its manifest with that file.
///
/// # Errors
/// When its table is not the one that was written, or the file cannot be written.
pub fn add_csv(folder: &Folder, work: &Work, complete: &Value) -> Result<Value, BatchError> {
    if complete["files"][RUNS] != folder.digest_of(RUNS)?.as_str() {
        let cause = TableError::Damaged("its digest is not the one in manifest.json".to_owned());
        return Err(BatchError::Table { path: folder.file(RUNS), cause });
    }
    write_runs_csv(folder, work)?;
    let mut manifest = complete.clone();
    manifest["files"][RUNS_CSV] = folder.digest_of(RUNS_CSV)?.into();
    write_manifest(folder, &manifest)?;
    Ok(manifest)
}

/// What is said of every result.
pub const CAUTION: &str = "A result of this model under its stated assumptions; it is no forecast.";

/// Writes the manifest.
///
/// # Errors
/// When it cannot be written.
pub fn write_manifest(folder: &Folder, manifest: &Value) -> Result<(), BatchError> {
    folder.write(MANIFEST, pretty(manifest).as_bytes())
}

/// The manifest of a folder.
///
/// # Errors
/// When there is none, or it is no manifest of a batch.
pub fn manifest(folder: &Folder) -> Result<Value, BatchError> {
    let no_batch =
        |why: &str| BatchError::NoBatch { path: folder.path().to_owned(), why: why.to_owned() };
    if !folder.is_begun() {
        return Err(no_batch("this is no folder of a batch: there is no manifest.json in it"));
    }
    let manifest = folder.json(MANIFEST)?;
    if manifest["manifest"] != "demarche batch" {
        return Err(no_batch("its manifest.json is not one of a batch"));
    }
    let plan = demarche_record::chronicle::digest(manifest["plan"].to_string().as_bytes());
    if manifest["plan-digest"] != plan.as_str() {
        return Err(no_batch(
            "the plan in manifest.json was changed by hand: its digest is another",
        ));
    }
    Ok(manifest)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
