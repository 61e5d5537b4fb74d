//! Verification: whether the results of a batch are what their plan comes to, on this machine.
//!
//! Files must come to the digests in the manifest. Then a sample of runs, spread evenly, is played
//! again, and every cell of their rows must be the same.

use demarche_columns::Rows;
use serde_json::Value;

use crate::error::BatchError;
use crate::folder::{Folder, RUNS};
use crate::plan::Known;
use crate::range::Work;
use crate::runs::{Played, Player};
use crate::table::Told;

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
        verified.n_files += 1;
        if !folder.file(name).is_file() {
            verified.differences.push(format!("{name} is missing"));
            continue;
        }
        if folder.digest_of(name)? != digest.as_str().unwrap_or_default() {
            verified
                .differences
                .push(format!("{name} does not come to the digest in the manifest"));
        }
    }
    if !folder.file(RUNS).is_file() {
        return Ok(verified);
    }
    let table = folder.table(RUNS)?;
    let at_fault = |cause| BatchError::Table { path: folder.file(RUNS), cause };
    table.check_schema(work.tables.runs.schema()).map_err(at_fault)?;
    let n = table.n_rows();
    let every = n.div_ceil(n_sample.max(1)).max(1);
    let mut player = Player::new(&work.plan.scenario);
    let mut first = 0;
    for group in table.groups() {
        let rows = group.map_err(at_fault)?;
        let n_rows = rows.n_rows() as u64;
        // From the last run backward, so that the last is always among them.
        let chosen: Vec<u64> =
            (first..first + n_rows).filter(|row| (n - 1 - row).is_multiple_of(every)).collect();
        check_rows(work, &mut player, &rows, first, &chosen, &mut verified);
        first += n_rows;
        watch(verified.n_runs);
    }
    Ok(verified)
}

fn check_rows(
    work: &Work,
    player: &mut Player,
    rows: &Rows,
    first: u64,
    chosen: &[u64],
    verified: &mut Verified,
) {
    let mut known = Known::default();
    for row in chosen {
        let place = usize::try_from(row - first).expect("a group is in memory");
        // Where ranges are missing, a run is not in the row of its number.
        let demarche_columns::Cell::Whole(number) = rows.cell(place, 0) else { continue };
        let Ok(number) = u64::try_from(number) else { continue };
        verified.n_runs += 1;
        if number >= work.plan.n_runs() {
            verified
                .differences
                .push(format!("row {row} is of run {number}, which is not planned"));
            continue;
        }
        let (run, point, values) = work.plan.run(number, &mut known);
        let lineage = run.lineage;
        let mut again = None;
        player.play([(number, run)], || true, |_, played: Played| again = Some(played));
        let played = again.expect("a run that is played comes to something");
        let told = Told { run: number, point, lineage, values: &values, played: &played };
        let mut expected = Rows::new(work.tables.runs.schema());
        work.tables.runs.push(&mut expected, &told);
        let columns = work.tables.runs.schema().columns();
        for (column, described) in columns.iter().enumerate() {
            let (found, made) = (rows.cell(place, column), expected.cell(0, column));
            if found != made {
                let key = &described.key;
                verified
                    .differences
                    .push(format!("run {number}, {key}: {found:?} is not {made:?}"));
            }
        }
    }
}
