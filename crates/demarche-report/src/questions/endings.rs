//! How likely is each ending?

use demarche_statistics::interval::Interval;

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::dots::{DOTS, Dots};
use crate::digits;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};
use crate::summary::Share;

/// Answers it.
#[must_use]
pub fn section(batches: &[Batch]) -> Section {
    let answers = batches.iter().map(|batch| answer(batches, batch));
    let figures = batches.iter().enumerate().map(|(at, batch)| figure(batches, at, batch));
    Section {
        key: "endings",
        question: "How likely is each ending?",
        answer: answers.collect(),
        figures: figures.collect(),
    }
}

/// The most frequent class, and agreements.
fn answer(batches: &[Batch], batch: &Batch) -> Prose {
    let summary = &batch.summary;
    let mut told = whose(batches, batch);
    let Some(most) = summary.outcomes.iter().rev().max_by_key(|class| class.share.count) else {
        return told.words("no class of outcome is known");
    };
    told = told.words("most often it ends as ").name(&most.name).words(", in ");
    told = told.and(with_bounds(&most.share)).words(" of runs; an agreement in the last round ");
    told = told.words("comes about in ").and(with_bounds(&summary.agreement));
    if !batch.is_sample() {
        told = told.words(
            ". Runs of this design share futures or points: no sample, so there are no bounds",
        );
    }
    told
}

/// A share, and between what it lies.
pub(super) fn with_bounds(share: &Share) -> Prose {
    let Some(estimate) = share.share else { return Prose::of("no run at all") };
    let told = Prose::default().figure(digits::percent(estimate));
    match share.interval {
        None => told,
        Some((low, high)) => {
            let bounds = digits::bounds(Interval { low, high });
            told.words(" (").figure(bounds).words(")")
        }
    }
}

/// Bounds as a cell.
pub(super) fn bounds(of: Option<(f64, f64)>) -> Cell {
    of.map_or(Cell::Empty, |(low, high)| Cell::Bounds(Interval { low, high }))
}

/// The row of a share.
pub(super) fn row(name: &str, share: &Share) -> Vec<Cell> {
    vec![
        Cell::Name(name.to_owned()),
        Cell::Count(share.count),
        share.share.map_or(Cell::Empty, Cell::Share),
        bounds(share.interval),
    ]
}

fn figure(batches: &[Batch], at: usize, batch: &Batch) -> Figure {
    let outcomes = &batch.summary.outcomes;
    let counts: Vec<(String, u64)> =
        outcomes.iter().map(|class| (class.name.clone(), class.share.count)).collect();
    let dots = Dots::of(&counts);
    let shown = dots.classes.iter().filter(|(_, n)| *n > 0);
    let shown =
        shown.map(|(name, n)| Prose::default().figure(n.to_string()).words(" end as ").name(name));
    let mut finding = whose(batches, batch).words("of every ").figure(DOTS.to_string());
    finding = finding.words(" runs, ").list(shown.collect(), " and ");
    let unseen =
        counts.iter().zip(&dots.classes).filter(|((_, n), (_, dots))| *n > 0 && *dots == 0);
    if unseen.count() > 0 {
        finding = finding.words("; what is rarer than one in a hundred has no dot");
    }
    let heads = ["how it ends", "runs", "share", "bounds (95 %)"];
    let mut table = Table::new("How runs end", &heads);
    table.rows = outcomes.iter().map(|class| row(&class.name, &class.share)).collect();
    table.rows.push(row("an agreement in the last round", &batch.summary.agreement));
    Figure {
        key: key("endings", batches, at),
        finding,
        chart: Some(Chart::Dots(dots)),
        table,
        notes: Vec::new(),
    }
}
