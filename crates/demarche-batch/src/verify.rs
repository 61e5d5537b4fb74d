//! Verification: whether the results of a batch are what their plan comes to, on this machine.
//!
//! Files must come to the digests in the manifest, and rows be those of the runs that it tells of.
//! Then a sample of them, spread evenly, is played again, and every cell of their rows must be the
//! same.

use std::collections::BTreeMap;
use std::ops::Range;

use demarche_columns::{Cell, Rows};
use serde_json::Value;

use crate::error::BatchError;
use crate::folder::{Folder, RUNS};
use crate::plan::Known;
use crate::range::{PLAN, Work};
use crate::runs::Player;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files whose digests were compared.
    pub n_files: u64,
    /// Runs that were played again.
    pub n_runs: u64,
    /// What is not as it should be, in words.
    pub differences: Vec<String>,
}

/// Verifies a batch, by so many runs of it. `watch` hears how many were played.
///
/// # Errors
/// When a file cannot be read.
pub fn verify(
    folder: &Folder,
    manifest: &Value,
    work: &Work,
    n_sample: u64,
    watch: &mut dyn FnMut(u64),
) -> Result<Verified, BatchError> {
    let mut verified = Verified::default();
    for (name, digest) in manifest["files"].as_object().into_iter().flatten() {
        if !folder.file(name).is_file() {
            verified.differences.push(format!("{name} is missing"));
            continue;
        }
        verified.n_files += 1;
        if folder.digest_of(name)? != digest.as_str().unwrap_or_default() {
            verified
                .differences
                .push(format!("{name} does not come to the digest in the manifest"));
        }
    }
    if manifest["files"][RUNS].is_null() {
        verified.differences.push(format!("the manifest does not tell of {RUNS}"));
    }
    if !folder.file(RUNS).is_file() {
        return Ok(verified);
    }
    match verify_rows(folder, manifest, work, n_sample, watch, &mut verified) {
        Err(BatchError::Table { cause, .. }) => {
            verified.differences.push(format!("{RUNS}: {cause}"));
        }
        read => read?,
    }
    Ok(verified)
}

/// Verifies the table of runs.
fn verify_rows(
    folder: &Folder,
    manifest: &Value,
    work: &Work,
    n_sample: u64,
    watch: &mut dyn FnMut(u64),
    verified: &mut Verified,
) -> Result<(), BatchError> {
    let table = folder.table(RUNS, work.tables.runs.schema())?;
    let at_fault = |cause| BatchError::Table { path: folder.file(RUNS), cause };
    if !table.metadata().contains(&(PLAN.to_owned(), work.digest.to_string())) {
        verified.differences.push(format!("{RUNS} is of another plan"));
    }
    let n = table.n_rows();
    // More, where a rule ended the batch.
    let mut named = named_ranges(manifest, work).flatten();
    if manifest["runs"].as_u64() != Some(n) {
        let runs = &manifest["runs"];
        verified.differences.push(format!("the manifest tells of {runs} runs, there are {n}"));
    } else if manifest["until"].is_null() && n_named(manifest, work) != n {
        verified.differences.push(format!("there are {n} runs, and no rule says why no more"));
    }
    let every = n.div_ceil(n_sample.max(1)).max(1);
    let mut player = Player::new(&work.plan.scenario);
    let mut row = 0;
    for group in table.groups() {
        let rows = group.map_err(at_fault)?;
        let mut chosen = BTreeMap::new();
        for place in 0..rows.n_rows() {
            let (found, expected) = (rows.cell(place, 0), named.next());
            let is_so = |number: &u64| i64::try_from(*number).map(Cell::Whole) == Ok(found);
            let Some(number) = expected.filter(is_so) else {
                let there = "is not the run that should stand there";
                verified.differences.push(format!("row {row}: {found:?} {there}"));
                return Ok(());
            };
            // From the last run backward, so that the last is always among them.
            if (n - 1 - row).is_multiple_of(every) {
                chosen.insert(number, place);
            }
            row += 1;
        }
        play_again(work, &mut player, &rows, &chosen, watch, verified);
    }
    Ok(())
}

/// The ranges that the manifest names: those of the plan but for those that are missing.
fn named_ranges(manifest: &Value, work: &Work) -> impl Iterator<Item = Range<u64>> + use<> {
    let ends = |pair: &Value| Some((pair.get(0)?.as_u64()?, pair.get(1)?.as_u64()?));
    let missing = manifest["missing"].as_array();
    let missing: BTreeMap<u64, u64> = missing.into_iter().flatten().filter_map(ends).collect();
    let plan = work.plan.clone();
    let ranges = (0..plan.n_ranges()).map(move |number| plan.range(number));
    ranges.filter(move |range| {
        let before = missing.range(..=range.start).next_back();
        before.is_none_or(|(_, end)| *end <= range.start)
    })
}

fn n_named(manifest: &Value, work: &Work) -> u64 {
    named_ranges(manifest, work).map(|range| range.end - range.start).sum()
}

/// Plays runs again, each in its place, and compares their rows.
fn play_again(
    work: &Work,
    player: &mut Player,
    rows: &Rows,
    chosen: &BTreeMap<u64, usize>,
    watch: &mut dyn FnMut(u64),
    verified: &mut Verified,
) {
    let mut known = Known::default();
    let runs = chosen.keys().map(|number| (*number, work.plan.run(*number, &mut known).0));
    let mut found = BTreeMap::new();
    player.play(
        runs,
        || true,
        |number, played| {
            let mut kept = Rows::new(work.tables.runs.of_ranges());
            work.tables.runs.push(&mut kept, &played);
            let expected = work.tables.runs.whole(&work.plan, number..number + 1, &kept);
            let mut differences = Vec::new();
            for (column, described) in work.tables.runs.schema().columns().iter().enumerate() {
                let there = rows.cell(chosen[&number], column);
                let made = expected.cell(0, column);
                if there != made {
                    let key = &described.key;
                    differences.push(format!("run {number}, {key}: {there:?} is not {made:?}"));
                }
            }
            found.insert(number, differences);
            verified.n_runs += 1;
            watch(verified.n_runs);
        },
    );
    // Runs end in any order, and are told of in that of their numbers.
    verified.differences.extend(found.into_values().flatten());
}
