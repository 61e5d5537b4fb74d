//! Is one better than the other?
//!
//! Every batch is compared with the first. Where both met the same futures, run by run, the
//! difference is a paired one; where they did not, its bounds are Newcombe's, and wider.

use demarche_batch::compare::findings::{CONFIDENCE, Effect, Findings, Method, Verdict};
use demarche_batch::compare::kept::{Apart, Kept, compare};
use demarche_batch::compare::tally::{Scales, Tally};
use demarche_batch::error::BatchError;
use demarche_batch::words::counted;
use demarche_statistics::interval::Interval;
use demarche_statistics::paired::FourCells;
use demarche_statistics::proportion::Share;
use demarche_statistics::unpaired::difference_of_shares;

use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::differences::Differences;
use crate::digits;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};

/// What a paired share is of, and what came of it.
type Row<'a> = (&'a str, &'a Effect, FourCells);

/// Answers it, where there are several batches.
///
/// # Errors
/// When rows cannot be read.
pub fn section(batches: &[Batch]) -> Result<Option<Section>, BatchError> {
    let Some((base, others)) = batches.split_first().filter(|(_, others)| !others.is_empty())
    else {
        return Ok(None);
    };
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, other) in others.iter().enumerate() {
        let compared = if base.gleaned.is_some() && other.gleaned.is_some() {
            compare(kept(base), kept(other))?
        } else {
            Err(without_rows(base, other))
        };
        match compared {
            Ok(tally) => {
                let told = Paired { base, other, tally: &tally, findings: &Findings::of(&tally) };
                answer.push(told.answer());
                figures.extend(told.figures(at + 2));
            }
            Err(Apart::OtherFutures(why)) => {
                let told = unpaired(base, other, why, at + 2);
                answer.push(told.0);
                figures.push(told.1);
            }
            Err(Apart::OtherScenario(why)) => {
                let told = Prose::default().name(&other.label).words(" does not compare with ");
                answer.push(told.name(&base.label).words(": ").name(&why));
            }
        }
    }
    let question = "Is one better than the other?";
    Ok(Some(Section { key: "comparison", question, answer, figures }))
}

fn kept(batch: &Batch) -> Kept<'_> {
    Kept { folder: &batch.folder, work: &batch.work }
}

/// Why batches of which one has no rows are not paired.
fn without_rows(base: &Batch, other: &Batch) -> Apart {
    let keys = |batch: &Batch| -> Vec<String> {
        batch.summary.outcomes.iter().map(|class| class.key.clone()).collect()
    };
    if keys(base) == keys(other) {
        return Apart::OtherFutures("the rows of one are not there");
    }
    Apart::OtherScenario("they end in other classes".to_owned())
}

struct Paired<'a> {
    base: &'a Batch,
    other: &'a Batch,
    tally: &'a Tally,
    findings: &'a Findings,
}

impl Paired<'_> {
    /// The verdict on agreements, and what was turned.
    fn answer(&self) -> Prose {
        let (effect, cells) = (&self.findings.agreement, &self.tally.agreement);
        let what = "an agreement in the last round";
        let told = verdict(self.base, self.other, what, effect, parted(cells));
        let futures = counted(self.tally.n, "future");
        let told = told.words(". Of the same ").figure(futures).words(", ");
        let told = told.figure(digits::count(cells.only_changed)).words(" gain an agreement and ");
        let told = told.figure(digits::count(cells.only_base)).words(" lose it; ");
        let told = told.figure(digits::count(cells.both)).words(" have one either way, and ");
        told.figure(digits::count(cells.neither)).words(" neither way")
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let (tally, findings) = (self.tally, self.findings);
        let mut rows = vec![
            ("an agreement in the last round", &findings.agreement, tally.agreement),
            ("a truce at the end", &findings.truce, tally.truce),
        ];
        let outcomes = self.base.cast().outcomes.iter().enumerate();
        rows.extend(
            outcomes.map(|(at, of)| (of.name.as_str(), &findings.outcomes[at], tally.outcome(at))),
        );
        rows
    }

    fn figures(&self, nth: usize) -> Vec<Figure> {
        let rows = self.rows();
        let drawn = rows.iter().filter(|(_, effect, cells)| {
            effect.difference.is_some() && cells.neither < self.tally.n
        });
        let drawn = drawn.map(|(name, effect, _)| {
            let bounds = effect.interval.map(|of| (of.low * 100.0, of.high * 100.0));
            ((*name).to_owned(), effect.difference.unwrap_or_default() * 100.0, bounds)
        });
        let x = "runs more or fewer in a hundred".to_owned();
        let chart = Chart::Differences(Differences { x, rows: drawn.collect() });
        let heads = [
            "what",
            "in the first",
            "in this one",
            "difference",
            "bounds (95 %)",
            "both",
            "only the first",
            "only this one",
            "neither",
            "verdict",
        ];
        let mut table = Table::new("Shares, pair by pair of the same futures", &heads);
        table.rows =
            rows.iter().map(|(name, effect, cells)| share_row(name, effect, cells)).collect();
        let finding = Prose::default().name(&self.other.label).words(" less ");
        let finding = finding.name(&self.base.label).words(", in points: ");
        let finding = finding.and(self.clearest(&rows));
        let figure = Figure {
            key: format!("comparison-{nth}"),
            finding,
            chart: Some(chart),
            table,
            notes: Vec::new(),
        };
        vec![figure, self.numbers(nth)]
    }

    /// What differs most among what can be told.
    fn clearest(&self, rows: &[Row<'_>]) -> Prose {
        let told = rows.iter().filter(|(_, effect, cells)| {
            matches!(effect.verdict(parted(cells)), Verdict::More | Verdict::Less)
        });
        let size = |effect: &Effect| effect.difference.unwrap_or_default().abs();
        match told.max_by(|a, b| size(a.1).total_cmp(&size(b.1))) {
            None => Prose::of("no difference can be told from chance"),
            Some((name, effect, _)) => {
                let difference = digits::points(effect.difference.unwrap_or_default());
                Prose::of("what changes most is ").name(name).words(", by ").figure(difference)
            }
        }
    }

    /// Means of numbers, over the pairs that have them.
    fn numbers(&self, nth: usize) -> Figure {
        let scales = Scales::of(&self.base.work.plan.scenario);
        let heads =
            ["what", "unit", "pairs", "in the first", "in this one", "difference", "bounds (95 %)"];
        let mut table =
            Table::new("Means, over the pairs of which both runs have the number", &heads);
        for (scale, effect) in scales.numbers.iter().zip(&self.findings.numbers) {
            let number = |value: f64| Cell::Number(value, 3);
            let bounds = effect.interval.map_or(Cell::Empty, |of| {
                Cell::Words(format!(
                    "{} to {}",
                    digits::number(of.low, 3),
                    digits::number(of.high, 3)
                ))
            });
            table.rows.push(vec![
                Cell::Name(scale.meaning.clone()),
                Cell::Words(scale.unit.to_owned()),
                Cell::Count(effect.n),
                effect.base.map_or(Cell::Empty, number),
                effect.changed.map_or(Cell::Empty, number),
                effect.difference.map_or(Cell::Empty, number),
                bounds,
            ]);
        }
        let finding = Prose::default().name(&self.other.label).words(" beside ");
        let finding = finding.name(&self.base.label).words(", on average");
        let key = format!("comparison-{nth}-means");
        Figure { key, finding, chart: None, table, notes: Vec::new() }
    }
}

const fn parted(cells: &FourCells) -> u64 {
    cells.only_base + cells.only_changed
}

fn share_row(name: &str, effect: &Effect, cells: &FourCells) -> Vec<Cell> {
    let share = |of: Option<f64>| of.map_or(Cell::Empty, Cell::Share);
    let verdict = match effect.verdict(parted(cells)) {
        Verdict::None => "no future differs",
        Verdict::More => "more",
        Verdict::Less => "less",
        Verdict::CannotTell { .. } => "cannot tell",
    };
    vec![
        Cell::Name(name.to_owned()),
        share(effect.base),
        share(effect.changed),
        effect.difference.map_or(Cell::Empty, Cell::Difference),
        effect.interval.map_or(Cell::Empty, Cell::Bounds),
        Cell::Count(cells.both),
        Cell::Count(cells.only_base),
        Cell::Count(cells.only_changed),
        Cell::Count(cells.neither),
        Cell::Words(verdict.to_owned()),
    ]
}

/// What can be said of a share in one batch and in another.
fn verdict(base: &Batch, other: &Batch, what: &str, effect: &Effect, n_parted: u64) -> Prose {
    let [was, is] = [effect.base, effect.changed].map(|of| digits::percent(of.unwrap_or_default()));
    let told = Prose::of("in ").name(&other.label).words(", ").words(what);
    let told = match effect.verdict(n_parted) {
        Verdict::None => {
            return told.words(" comes about in the very same futures as in ").name(&base.label);
        }
        Verdict::More => told.words(" is more frequent than in "),
        Verdict::Less => told.words(" is rarer than in "),
        Verdict::CannotTell { .. } => {
            let told = Prose::of("whether ").name(&other.label).words(" makes ").words(what);
            told.words(" more frequent than ").name(&base.label).words(" cannot be told")
        }
    };
    let is_told = !matches!(effect.verdict(n_parted), Verdict::CannotTell { .. });
    let told = if is_told { told.name(&base.label) } else { told };
    let told = told.words(": ").figure(is).words(" beside ").figure(was);
    let difference = digits::points(effect.difference.unwrap_or_default());
    let told = told.words(", a difference of ").figure(difference).words(" points");
    let bounds = effect.interval.map(digits::bounds);
    bounds.map_or(told.clone(), |bounds| told.words(" (").figure(bounds).words(")"))
}

/// A comparison of two batches that did not meet the same futures.
fn unpaired(base: &Batch, other: &Batch, why: &str, nth: usize) -> (Prose, Figure) {
    let is_sample = base.is_sample() && other.is_sample();
    let classes = base.summary.outcomes.iter().zip(&other.summary.outcomes);
    let agreement =
        ("an agreement in the last round", &base.summary.agreement, &other.summary.agreement);
    let shares = classes.map(|(own, its)| (own.name.as_str(), &own.share, &its.share));
    let rows: Vec<(&str, Effect)> = std::iter::once(agreement)
        .chain(shares)
        .map(|(name, was, is)| (name, apart(was, is, is_sample)))
        .collect();
    let told = verdict(base, other, rows[0].0, &rows[0].1, 1);
    let told = told.words(". Runs are not of the same futures (").words(why);
    let told = told.words("), so that chance weighs more");
    let heads = ["what", "in the first", "in this one", "difference", "bounds (95 %)"];
    let mut table = Table::new("Shares of two batches of other futures", &heads);
    let cell = |of: Option<f64>, cell: fn(f64) -> Cell| of.map_or(Cell::Empty, cell);
    table.rows = rows
        .iter()
        .map(|(name, effect)| {
            vec![
                Cell::Name((*name).to_owned()),
                cell(effect.base, Cell::Share),
                cell(effect.changed, Cell::Share),
                cell(effect.difference, Cell::Difference),
                effect.interval.map_or(Cell::Empty, Cell::Bounds),
            ]
        })
        .collect();
    let drawn = rows.iter().filter_map(|(name, effect)| {
        let bounds = effect.interval.map(|of| (of.low * 100.0, of.high * 100.0));
        Some(((*name).to_owned(), effect.difference? * 100.0, bounds))
    });
    let x = "runs more or fewer in a hundred".to_owned();
    let chart = Chart::Differences(Differences { x, rows: drawn.collect() });
    let finding = Prose::default().name(&other.label).words(" less ").name(&base.label);
    let finding = finding.words(", in points, from other futures");
    let key = format!("comparison-{nth}");
    (told, Figure { key, finding, chart: Some(chart), table, notes: Vec::new() })
}

/// The difference of two shares that have nothing to do with each other.
fn apart(was: &crate::summary::Share, is: &crate::summary::Share, is_sample: bool) -> Effect {
    let share = |of: &crate::summary::Share| Share::new(of.count, of.of).ok();
    let shares = share(is).zip(share(was));
    let interval: Option<Interval> =
        shares.filter(|_| is_sample).map(|(is, was)| difference_of_shares(is, was, CONFIDENCE));
    Effect {
        n: is.of,
        base: was.share,
        changed: is.share,
        difference: is.share.zip(was.share).map(|(is, was)| is - was),
        interval,
        method: interval.map(|_| Method::Newcombe),
        ways: None,
    }
}
