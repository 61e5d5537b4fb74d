//! `merge`: the shares of a batch, joined.

use demarche_batch::folder::Folder;
use demarche_batch::results::{Parts, begun};
use demarche_batch::words::tell;
use serde_json::Value;

use super::batch::{arguments, check_vacant, conclude, is_joined, kept, place, write_sources};
use crate::cli::Merge;
use crate::exit::Failure;

/// Joins the shares of a batch.
///
/// # Errors
/// When they are not of one plan, something is missing or damaged, or a file cannot be written.
pub(crate) fn run(asked: &Merge) -> Result<(), Failure> {
    let folders: Vec<Folder> = asked.folders.iter().map(|path| Folder::at(path)).collect();
    let into = Folder::at(&asked.output);
    check_vacant(&into)?;
    let share = |folder: &Folder| {
        let (work, manifest) = kept(folder)?;
        if is_joined(&manifest) {
            let place = place(folder.path());
            let why = "is finished: its ranges are joined already, and it is no share";
            return Err(Failure::Usage(format!("the batch in {place} {why}")));
        }
        Ok(work)
    };
    let work = share(&folders[0])?;
    for folder in &folders[1..] {
        let other = share(folder)?;
        if other.digest != work.digest {
            let [one, other] = [&folders[0], folder].map(|folder| folder.path().display());
            return Err(Failure::File(format!(
                "{one} and {other} are shares of different batches"
            )));
        }
    }
    let parts = Parts { work: &work, folders: &folders };
    // What is missing or damaged is found out before anything is written.
    let gathered = parts.gather(work.plan.n_runs(), asked.partial)?;
    let lock = into.lock(false)?;
    check_vacant(&into)?;
    let join = || {
        write_sources(&into, &work)?;
        let manifest = begun(&work, &arguments(), Value::Null);
        parts.finish(&gathered, &into, &manifest, None, asked.csv)
    };
    let (completeness, all) = (join()?, &gathered.aggregate);
    drop(lock);
    conclude(&into, asked.format, &tell(&work, all, &completeness), all.n_failed)
}
