//! `verify`: whether the results of a batch are what its plan comes to here.

use demarche_batch::folder::Folder;
use demarche_batch::verify::verify;
use demarche_batch::words::{counted, grouped};

use super::batch::{kept, place};
use crate::cli::Verify;
use crate::exit::Failure;
use crate::output;
use crate::progress::Progress;

/// How many differences are told.
const TOLD: usize = 20;

/// Verifies a batch.
///
/// # Errors
/// When something differs, or cannot be read.
pub(crate) fn run(asked: &Verify) -> Result<(), Failure> {
    let folder = Folder::at(&asked.folder);
    let (work, manifest) = kept(&folder)?;
    if manifest["files"].as_object().is_none_or(serde_json::Map::is_empty) {
        let place = place(&asked.folder);
        let hint = format!("to go on with it:\n  demarche batch --resume -o {place}");
        return Err(Failure::Incomplete(format!(
            "the batch in {place} has no results yet; {hint}"
        )));
    }
    let mut progress = Progress::new();
    let mut watch = |n: u64| progress.tell(|| format!("{n} of {} runs", asked.sample));
    let verified = verify(&folder, &manifest, &work, asked.sample, &mut watch);
    progress.clear();
    let verified = verified?;
    let (files, runs) = (verified.n_files, grouped(verified.n_runs));
    if verified.differences.is_empty() {
        let text =
            format!("{files} files are as they were written; {runs} runs come to the same.\n");
        return output::data(&text);
    }
    let n = verified.differences.len();
    let told: Vec<&str> = verified.differences.iter().take(TOLD).map(String::as_str).collect();
    let more = if n > TOLD { format!("\n… and {} more", n - TOLD) } else { String::new() };
    Err(Failure::Check(format!(
        "error: {} in {files} files and {runs} runs played again\n{}{more}",
        counted(n as u64, "difference"),
        told.join("\n")
    )))
}
