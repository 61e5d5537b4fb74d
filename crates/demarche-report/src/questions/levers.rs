//! What matters: what do the numbers do that the design varies?
//!
//! Runs near the low end of a number's range are set beside those near its high end, whatever the
//! others are there. Along trajectories, where one number moves at a time, the effects of single
//! steps are told, too: their mean size μ* says how much a number matters, their spread σ how much
//! that hangs on the others \[morris1991, campolongo2007\].

use demarche_batch::compare::findings::CONFIDENCE;
use demarche_batch::design::Spread;
use demarche_statistics::morris::elementary_effects;
use demarche_statistics::unpaired::difference_of_shares;

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::swings::Swings;
use crate::digits;
use crate::gleaned::{Gleaned, Swing};
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};

/// How many numbers are drawn.
const MOST_DRAWN: usize = 15;

/// Answers it, where a design varies numbers and the rows are there.
#[must_use]
pub fn section(batches: &[Batch]) -> Option<Section> {
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, batch) in batches.iter().enumerate() {
        let Some(gleaned) = batch.gleaned.as_ref().filter(|_| !batch.is_plain()) else { continue };
        let swings = widest_first(batch, gleaned);
        answer.extend(swings.first().map(|(path, swing)| told(batches, batch, path, swing)));
        figures.push(figure(batches, at, batch, &swings));
        figures.extend(steps(batches, at, batch, gleaned));
    }
    let question = "What matters?";
    (!figures.is_empty()).then_some(Section { key: "levers", question, answer, figures })
}

fn share(of: crate::gleaned::Agreed) -> f64 {
    of.share().estimate().unwrap_or_default()
}

fn width(swing: &Swing) -> f64 {
    share(swing.high) - share(swing.low)
}

fn widest_first<'a>(batch: &'a Batch, gleaned: &Gleaned) -> Vec<(&'a str, Swing)> {
    let levers = batch.work.plan.design.levers.iter().map(|lever| lever.path.as_str());
    let mut swings: Vec<(&str, Swing)> = levers.zip(gleaned.swings.iter().copied()).collect();
    swings.sort_by(|a, b| width(&b.1).abs().total_cmp(&width(&a.1).abs()));
    swings
}

fn told(batches: &[Batch], batch: &Batch, path: &str, swing: &Swing) -> Prose {
    let told = whose(batches, batch).words("from its low end to its high one, ").command(path);
    let told = told.words(" moves agreements in the last round most: from ");
    let told = told.figure(digits::percent(share(swing.low))).words(" of runs to ");
    told.figure(digits::percent(share(swing.high)))
}

fn figure(batches: &[Batch], at: usize, batch: &Batch, swings: &[(&str, Swing)]) -> Figure {
    let all = batch.summary.agreement.share.unwrap_or_default();
    let rows = swings.iter().take(MOST_DRAWN).map(|(path, swing)| {
        ((*path).to_owned(), share(swing.low) * 100.0, share(swing.high) * 100.0)
    });
    let x = "agreements in a hundred runs".to_owned();
    let chart = Swings { x, all: all * 100.0, rows: rows.collect() };
    let heads = [
        "number",
        "unit",
        "from",
        "to",
        "near its low end",
        "runs",
        "near its high end",
        "runs",
        "difference",
        "bounds (95 %)",
    ];
    let mut table = Table::new("Agreements in the last round, by number", &heads);
    let levers = &batch.work.plan.design.levers;
    table.rows = swings
        .iter()
        .filter_map(|(path, swing)| {
            let lever = levers.iter().find(|lever| lever.path == *path)?;
            let [high, low] = [swing.high, swing.low].map(crate::gleaned::Agreed::share);
            let bounds = batch.is_sample().then(|| difference_of_shares(high, low, CONFIDENCE));
            Some(vec![
                Cell::Code(lever.path.clone()),
                Cell::Name(lever.unit.clone()),
                Cell::Code(digits::exact(lever.low)),
                Cell::Code(digits::exact(lever.high)),
                Cell::Share(share(swing.low)),
                Cell::Count(swing.low.of),
                Cell::Share(share(swing.high)),
                Cell::Count(swing.high.of),
                Cell::Difference(width(swing)),
                bounds.map_or(Cell::Empty, Cell::Bounds),
            ])
        })
        .collect();
    let finding = whose(batches, batch).words("what agreements in the last round come to in the ");
    let finding = finding.words("lowest and in the highest quarter of each number’s range");
    let mut notes = Vec::new();
    if !batch.is_sample() {
        notes.push(Prose::of(
            "runs of this design share futures or points: no sample, so there are no bounds",
        ));
    }
    let key = key("levers", batches, at);
    Figure { key, finding, chart: Some(Chart::Swings(chart)), table, notes }
}

/// The effects of single steps along trajectories; nothing of another design.
fn steps(batches: &[Batch], at: usize, batch: &Batch, gleaned: &Gleaned) -> Option<Figure> {
    let design = &batch.work.plan.design;
    let Spread::Morris(trajectories) = &design.spread else { return None };
    let counts = gleaned.points.as_ref()?;
    let places = 0..design.n_points();
    // Where ranges are missing, trajectories are not whole.
    let outputs: Option<Vec<f64>> =
        places.clone().map(|point| counts.get(&point).map(|of| share(*of))).collect();
    let points: Vec<Vec<f64>> =
        places.map(|point| demarche_statistics::plan::Plan::point(trajectories, point)).collect();
    let effects = elementary_effects(&points, &outputs?).ok()?;
    let heads = ["number", "μ* (points)", "μ (points)", "σ (points)"];
    let caption = "Effects of single steps on agreements, over the whole range of each number";
    let mut table = Table::new(caption, &heads);
    let mut rows: Vec<_> = design.levers.iter().zip(effects).collect();
    rows.sort_by(|a, b| b.1.mean_size.total_cmp(&a.1.mean_size));
    table.rows = rows
        .iter()
        .map(|(lever, effect)| {
            let points = |of: f64| Cell::Number(of * 100.0, 1);
            let deviation = effect.deviation.map_or(Cell::Empty, points);
            let name = Cell::Code(lever.path.clone());
            vec![name, points(effect.mean_size), points(effect.mean), deviation]
        })
        .collect();
    let (first, effect) = rows.first()?;
    let finding = whose(batches, batch).words("over its whole range, ").command(&first.path);
    let finding = finding.words(" moves agreements by ");
    let finding = finding.figure(digits::number(effect.mean_size * 100.0, 1));
    let finding = finding.words(" points on average of its steps, one way or the other");
    let key = key("levers-steps", batches, at);
    Some(Figure { key, finding, chart: None, table, notes: Vec::new() })
}
