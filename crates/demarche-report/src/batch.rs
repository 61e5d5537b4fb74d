//! A batch as a report reads it: the plan, the manifest, the summary, and what rows there are.

use demarche_batch::design::Spread;
use demarche_batch::error::BatchError;
use demarche_batch::folder::{Folder, RUNS, SUMMARY};
use demarche_batch::range::Work;
use demarche_batch::summary::SUMMARY_VERSION;
use demarche_record::cast::Cast;
use serde_json::Value;

use crate::gleaned::{Gleaned, glean};
use crate::summary::Summary;

/// A batch that was kept in a folder.
pub struct Batch {
    /// What it is called in the report.
    pub label: String,
    /// The folder, as a command line names it.
    pub place: String,
    /// The folder.
    pub folder: Folder,
    /// Its plan.
    pub work: Work,
    /// Its manifest.
    pub manifest: Value,
    /// Its summary.
    pub summary: Summary,
    /// What its rows say; nothing where they are not there.
    pub gleaned: Option<Gleaned>,
}

/// Why a folder cannot be reported on.
#[derive(Debug)]
pub enum Unreported {
    /// It cannot be read.
    Unread(BatchError),
    /// It has no results yet.
    Unfinished,
    /// A file is not as it was written.
    Changed(String),
}

impl From<BatchError> for Unreported {
    fn from(cause: BatchError) -> Self {
        Self::Unread(cause)
    }
}

/// What a batch is called, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// What it is called in the report.
    pub label: String,
    /// The folder, as a command line names it.
    pub place: String,
}

impl Batch {
    /// Reads a batch whose plan and manifest were read already.
    ///
    /// # Errors
    /// When it has no results, or they cannot be read or are not as they were written.
    pub fn read(
        called: Called,
        folder: Folder,
        work: Work,
        manifest: Value,
    ) -> Result<Self, Unreported> {
        let digests = manifest["files"].as_object();
        let digests = digests.filter(|files| files.contains_key(SUMMARY));
        for (name, digest) in digests.ok_or(Unreported::Unfinished)? {
            let is_there = name == SUMMARY || folder.file(name).is_file();
            if is_there && folder.digest_of(name)? != digest.as_str().unwrap_or_default() {
                return Err(Unreported::Changed(name.clone()));
            }
        }
        let no_summary = |why: String| BatchError::NoBatch { path: folder.file(SUMMARY), why };
        let summary: Summary = serde_json::from_value(folder.json(SUMMARY)?)
            .map_err(|cause| no_summary(format!("this is no summary of a batch: {cause}")))?;
        if summary.version != SUMMARY_VERSION {
            let found = summary.version;
            let why = format!(
                "the summary is of version {found}, and this program reads {SUMMARY_VERSION}"
            );
            return Err(no_summary(why).into());
        }
        let has_rows = folder.file(RUNS).is_file();
        let gleaned = has_rows.then(|| glean(&folder, &work)).transpose()?;
        let Called { label, place } = called;
        Ok(Self { label, place, folder, work, manifest, summary, gleaned })
    }

    /// The names of its scenario.
    #[must_use]
    pub fn cast(&self) -> &Cast {
        &self.work.plan.scenario.cast
    }

    /// Whether its runs are independent of each other, so that bounds say how far shares are off.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.work.plan.design.is_sample()
    }

    /// Whether no number varies by design.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.work.plan.design.spread == Spread::Nothing
    }

    /// A file in its folder, as a command line names it.
    #[must_use]
    pub fn file(&self, name: &str) -> String {
        let place = self.place.trim_end_matches('/');
        format!("{place}/{name}")
    }
}
