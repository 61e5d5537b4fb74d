//! Questions: what people ask of many runs, one file each, in the order of a report.
//!
//! Each answers in a sentence with the figure in it, then shows a chart and the data. One that
//! cannot be answered from what a folder holds gives no section.

pub mod endings;
pub mod comparison;
pub mod blocking;
pub mod timing;
pub mod levers;
pub mod room;
pub mod runs;
pub mod trust;

use demarche_batch::error::BatchError;
use demarche_batch::results::CAUTION;
use demarche_batch::words::counted;

use crate::batch::Batch;
use crate::prose::Prose;
use crate::report::{Heading, Report, Section};
use runs::Looked;

/// Answers all questions about some batches.
///
/// # Errors
/// When rows cannot be read.
pub fn answer(batches: &[Batch]) -> Result<Report, BatchError> {
    let looked: Vec<Vec<Looked>> = batches.iter().map(runs::look).collect();
    let sections: Vec<Option<Section>> = vec![
        Some(endings::section(batches)),
        comparison::section(batches)?,
        blocking::section(batches),
        timing::section(batches),
        levers::section(batches),
        room::section(batches, &looked),
        runs::section(batches, &looked),
        Some(trust::section(batches)),
    ];
    let titles: Vec<&str> = batches.iter().map(|batch| batch.cast().title.as_str()).collect();
    let title = titles.first().copied().unwrap_or_default();
    Ok(Report {
        title: title.to_owned(),
        batches: batches.iter().map(heading).collect(),
        sections: sections.into_iter().flatten().collect(),
        caution: CAUTION,
    })
}

fn heading(batch: &Batch) -> Heading {
    let summary = &batch.summary;
    let mut about = Prose::default().figure(counted(summary.runs, "run")).words(", numbers ");
    about = about.words(&summary.numbers);
    if summary.runs < summary.planned {
        let planned = counted(summary.planned, "run");
        about = about.words("; ").figure(planned).words(" were planned");
        if let Some(rule) = &summary.until {
            about = about.words(", and it stopped by ").command(rule);
        }
    }
    if summary.failed > 0 {
        let failed = counted(summary.failed, "run");
        about =
            about.words("; ").figure(failed).words(" failed, which is a bug, and count nowhere");
    }
    Heading { label: batch.label.clone(), title: batch.cast().title.clone(), about }
}

/// A key that no other figure of the report has.
fn key(section: &str, batches: &[Batch], at: usize) -> String {
    if batches.len() == 1 { section.to_owned() } else { format!("{section}-{}", at + 1) }
}

/// "In *label*, " where there are several batches.
fn whose(batches: &[Batch], batch: &Batch) -> Prose {
    if batches.len() == 1 {
        return Prose::default();
    }
    Prose::default().name(&batch.label).words(": ")
}
