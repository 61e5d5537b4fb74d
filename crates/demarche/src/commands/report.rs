//! `report`: a page that answers questions about batches.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use demarche_batch::folder::Folder;
use demarche_report::batch::{Batch, Called, Unreported};
use demarche_report::forms::files::{File, chart_name, files};
use demarche_report::forms::{html, json, markdown};
use demarche_report::questions::answer;
use demarche_report::report::{Figure, Report as Answered};
use tracing::info;

use super::batch::{kept, pass_over_panics, place};
use crate::cli::{Report, ReportFormat};
use crate::destination::Destination;
use crate::exit::Failure;
use crate::output;
use crate::progress::Progress;

/// Writes a report.
///
/// # Errors
/// When a folder is none of a finished batch or was changed, or a file cannot be written.
pub(crate) fn run(asked: &Report) -> Result<(), Failure> {
    pass_over_panics();
    let format = format(asked)?;
    let stdout = PathBuf::from("-");
    let to = asked.output.as_ref().unwrap_or(&stdout);
    let destination = Destination::claim(to, asked.force)?;
    if let Some(folder) = &asked.charts {
        check_vacant(folder, asked.force)?;
    }
    let mut progress = Progress::new();
    let mut batches = Vec::new();
    for (folder, label) in asked.folders.iter().zip(labels(&asked.folders)) {
        progress.tell(|| format!("reading {}", folder.display()));
        batches.push(read(folder, label)?);
    }
    progress.tell(|| "answering".to_owned());
    let report = answer(&batches)?;
    progress.clear();
    info!(n_batches = batches.len(), n_sections = report.sections.len(), "questions answered");
    if let Some(folder) = &asked.charts {
        write_charts(folder, &files(&report), asked.force)?;
    }
    destination.write(&told(&report, format, asked))?;
    Ok(())
}

fn format(asked: &Report) -> Result<ReportFormat, Failure> {
    let ending = asked.output.as_ref().and_then(|file| file.extension()?.to_str());
    match (asked.format, &asked.output, ending) {
        (Some(format), ..) => Ok(format),
        (None, None, _) | (None, _, Some("md")) => Ok(ReportFormat::Markdown),
        (None, _, Some("html" | "htm")) => Ok(ReportFormat::Html),
        (None, _, Some("json")) => Ok(ReportFormat::Json),
        (None, Some(file), _) => {
            let why = "does not say by its ending what to write";
            let hint = "name it `.html`, `.md` or `.json`, or add --format";
            Err(Failure::Usage(format!("{} {why}; {hint}", file.display())))
        }
    }
}

/// What batches are called: the names of their folders, or where they are if two have one name.
fn labels(folders: &[PathBuf]) -> Vec<String> {
    let name = |folder: &PathBuf| {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        name.unwrap_or_else(|| folder.display().to_string())
    };
    let names: Vec<String> = folders.iter().map(name).collect();
    let are_different = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    if are_different { names } else { folders.iter().map(|of| of.display().to_string()).collect() }
}

fn read(path: &Path, label: String) -> Result<Batch, Failure> {
    let folder = Folder::at(path);
    let (work, manifest) = kept(&folder)?;
    let named = path.display().to_string();
    Batch::read(Called { label, place: named }, folder, work, manifest).map_err(|why| match why {
        Unreported::Unread(cause) => cause.into(),
        Unreported::Unfinished => {
            let place = place(path);
            let hint = format!("to go on with it:\n  demarche batch --resume -o {place}");
            Failure::Incomplete(format!("error: the batch in {place} has no results yet; {hint}"))
        }
        Unreported::Changed(file) => {
            let hint = "it was changed since, and a report on it would say what no run came to";
            let place = path.join(file).display().to_string();
            Failure::Check(format!(
                "error: {place} does not come to the digest in the manifest: {hint}"
            ))
        }
    })
}

fn told(report: &Answered, format: ReportFormat, asked: &Report) -> String {
    match format {
        ReportFormat::Html => html::page(report),
        ReportFormat::Json => format!("{:#}\n", json::json(report)),
        ReportFormat::Markdown => {
            let beside = |figure: &Figure| {
                let folder = asked.charts.as_ref().filter(|_| figure.chart.is_some())?;
                let from = asked.output.as_ref().and_then(|file| file.parent());
                let folder = from.and_then(|from| folder.strip_prefix(from).ok()).unwrap_or(folder);
                Some(folder.join(chart_name(figure)).display().to_string().replace(' ', "%20"))
            };
            markdown::markdown(report, &beside)
        }
    }
}

/// Checks that charts can be written there, before there are any.
fn check_vacant(folder: &Path, force: bool) -> Result<(), Failure> {
    let place = folder.display();
    if folder.exists() && !folder.is_dir() {
        return Err(Failure::File(format!("{place} is no folder; name another for the charts")));
    }
    let is_vacant = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_vacant || force {
        return Ok(());
    }
    let why = "is not empty; name another folder for the charts, or add --force to overwrite them";
    Err(Failure::File(format!("{place} {why}")))
}

fn write_charts(folder: &Path, files: &[File], force: bool) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|cause| Failure::File(format!("{} cannot be made: {cause}", folder.display())))?;
    for File { name, text } in files {
        Destination::claim(&folder.join(name), force)?.write(text)?;
    }
    output::talk(&format!("{} files in {}", files.len(), place(folder)));
    Ok(())
}
