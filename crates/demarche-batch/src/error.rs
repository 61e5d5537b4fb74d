//! What can go wrong with a batch: its plan, its folder, its files.

use std::io;
use std::ops::Range;
use std::path::PathBuf;

use demarche_columns::TableError;

/// Why a plan cannot be made or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanFault {
    /// There is nothing to run.
    #[error("the batch has no runs")]
    NoRuns,
    /// There are more runs than can be numbered.
    #[error("the batch has more runs than are planned at once: at most {most}; divide it by seeds")]
    TooManyRuns {
        /// How many are.
        most: u64,
    },
    /// The last seed would not fit.
    #[error("the first seed is {seed}, but so many futures need one of at most {most}")]
    SeedTooLarge {
        /// The first.
        seed: u64,
        /// The greatest that would do.
        most: u64,
    },
    /// The plan is of another version of the program.
    #[error("the plan is of version {found}, and this program works on version {ours}")]
    Version {
        /// Of the plan.
        found: u64,
        /// Of the program.
        ours: u64,
    },
    /// The plan is of another version of the model.
    #[error(
        "the plan is for model {found}, and this program has model {ours}: results would not fit"
    )]
    Model {
        /// Of the plan.
        found: String,
        /// Of the program.
        ours: &'static str,
    },
    /// Something was changed by hand.
    #[error("{what} is not as it was written: the folder was changed by hand")]
    Changed {
        /// What.
        what: String,
    },
}

/// Why a batch cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// A file or folder could not be read or written.
    #[error("{} {what}: {cause}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What could not be done.
        what: &'static str,
        /// Why.
        cause: io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {cause}", path.display())]
    Table {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        cause: TableError,
    },
    /// The folder is not one of a batch.
    #[error("{}: {why}", path.display())]
    NoBatch {
        /// The folder.
        path: PathBuf,
        /// What is missing or wrong.
        why: String,
    },
    /// The plan does not fit.
    #[error("{}: {cause}", path.display())]
    Plan {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        cause: PlanFault,
    },
    /// Somebody else works in the folder.
    #[error("{}: another process is working on this batch; wait for it", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A range was made twice with different results, which must never happen.
    #[error(
        "runs {} to {} came to two different results: {} and {}; one machine computes otherwise \
         than the other, or a file was replaced", range.start, range.end - 1, one.display(),
         other.display()
    )]
    Disagreement {
        /// Which runs.
        range: Range<u64>,
        /// One result.
        one: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// A file is damaged: its name says what it should hold, and to which digest that comes.
    #[error("{} is damaged: it does not hold what its name says", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
    },
    /// A range of another batch lies there.
    #[error("{} is a range of another batch: remove it", path.display())]
    Stray {
        /// Which.
        path: PathBuf,
    },
    /// Some ranges are not there.
    #[error(
        "{n_missing} of {n_ranges} ranges are missing, the first that of runs {} to {}",
        first.start,
        first.end - 1
    )]
    Incomplete {
        /// How many.
        n_missing: u64,
        /// Of how many.
        n_ranges: u64,
        /// The first of them.
        first: Range<u64>,
    },
}
