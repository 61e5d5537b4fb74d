//! How far can this be trusted?
//!
//! As far as its sample is large, its manifest gives it back, and its assumptions are granted: the
//! three are laid open.

use demarche_batch::compare::findings::CONFIDENCE;
use demarche_batch::words::counted;
use demarche_scenario::NumberUse;
use serde_json::Value;

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::curves::{Curve, Curves, Point};
use crate::digits;
use crate::gleaned::Agreed;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};

/// Answers it.
#[must_use]
pub fn section(batches: &[Batch]) -> Section {
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, batch) in batches.iter().enumerate() {
        answer.push(whose(batches, batch).and(told(batch)));
        figures.extend(settling(batches, at, batch));
        figures.push(manifest(batches, at, batch));
        figures.push(assumptions(batches, at, batch));
    }
    answer.push(Prose::of(
        "bounds say how far off a share may be because runs are finitely many; they say nothing of \
         whether the model is right. Shares over ranges are shares of assumed worlds, and no \
         chances of this one",
    ));
    Section { key: "trust", question: "How far can this be trusted?", answer, figures }
}

/// How wide the widest bounds are, and how many numbers rest on an assumption.
fn told(batch: &Batch) -> Prose {
    let numbers = &batch.work.plan.numbers;
    let assumed = numbers.iter().filter(|of| of.number.source.contains("assumed")).count() as u64;
    let told = Prose::of("of ").figure(digits::count(numbers.len() as u64));
    let told = told.words(" numbers of the scenario, ").figure(digits::count(assumed));
    let told = told.words(" are assumed, in whole or in part; the table below has the source and ");
    let told = told.words("the range of each");
    let widths = batch.summary.outcomes.iter().filter_map(|class| class.share.interval);
    let widest = widths.map(|(low, high)| (high - low) / 2.0).max_by(f64::total_cmp);
    match widest {
        None => told,
        Some(half) => {
            let told = told.words(". With ").figure(counted(batch.summary.runs, "run"));
            let told = told.words(", the share of every class is known to ±");
            told.figure(digits::number(half * 100.0, 2)).words(" points or better")
        }
    }
}

/// How the share of agreements settles as runs are added.
fn settling(batches: &[Batch], at: usize, batch: &Batch) -> Option<Figure> {
    let settling = batch.gleaned.as_ref().map(|gleaned| &gleaned.settling);
    let settling = settling.filter(|of| of.len() > 1 && batch.is_sample())?;
    #[expect(clippy::cast_precision_loss, reason = "for a chart")]
    let point = |of: &Agreed| {
        let bounds = of.share().wilson(CONFIDENCE);
        Point {
            x: of.of as f64,
            y: of.share().estimate().unwrap_or_default() * 100.0,
            bounds: Some((bounds.low * 100.0, bounds.high * 100.0)),
        }
    };
    let points = settling.iter().map(point).collect();
    let name = "agreements".to_owned();
    let chart = Curves {
        x: "runs".to_owned(),
        y: "agreements in a hundred".to_owned(),
        is_log_x: true,
        curves: vec![Curve { name, series: 0, points }],
    };
    let heads = ["first runs", "agreements", "share", "bounds (95 %)"];
    let mut table = Table::new("Agreements in the last round, as runs are added", &heads);
    table.rows = settling
        .iter()
        .map(|of| {
            vec![
                Cell::Count(of.of),
                Cell::Count(of.count),
                of.share().estimate().map_or(Cell::Empty, Cell::Share),
                Cell::Bounds(of.share().wilson(CONFIDENCE)),
            ]
        })
        .collect();
    let finding = whose(batches, batch).words("as runs are added, the share of agreements in the ");
    let finding = finding.words("last round settles");
    let key = key("settling", batches, at);
    Some(Figure { key, finding, chart: Some(Chart::Curves(chart)), table, notes: Vec::new() })
}

/// What it takes to have the same results again.
fn manifest(batches: &[Batch], at: usize, batch: &Batch) -> Figure {
    let mut table = Table::new("What it takes to have the same results again", &["what", "is"]);
    let plan = &batch.manifest["plan"];
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let words = batch.manifest["arguments"].as_array().into_iter().flatten();
    let words: Vec<String> =
        words.map(|word| demarche_record::shell::quoted(&text(word))).collect();
    let lines = [
        ("command", format!("demarche {}", words.join(" "))),
        ("program", text(&batch.manifest["program"])),
        ("model", text(&plan["model"])),
        ("first seed", text(&plan["seed"])),
        ("runs", text(&plan["runs"])),
        ("design", text(&plan["design"]["spread"])),
        ("uncertain numbers", batch.summary.numbers.clone()),
        ("digest of the scenario", text(&plan["scenario-digest"])),
        ("digest of the plan", text(&batch.manifest["plan-digest"])),
        ("state", text(&batch.manifest["state"])),
    ];
    let row = |(what, is): (&str, String)| vec![Cell::Words(what.to_owned()), Cell::Code(is)];
    table.rows = lines.into_iter().map(row).collect();
    let finding = whose(batches, batch).words("the same plan comes to the same bytes, anywhere: ");
    let finding = finding
        .command(&format!("demarche verify {}", demarche_record::shell::quoted(&batch.place)));
    let finding = finding.words(" plays a sample again");
    Figure { key: key("manifest", batches, at), finding, chart: None, table, notes: Vec::new() }
}

/// How a number is drawn whose range stands for what is not known of it.
const OVER_ITS_RANGE: &str = "over its range";

/// Every number with its range and source; of a later batch, those that are not as in the first.
fn assumptions(batches: &[Batch], at: usize, batch: &Batch) -> Figure {
    let heads = ["number", "value", "unit", "range", "drawn", "source"];
    let first = &batches[0];
    let caption = if at == 0 {
        "Every number of the scenario, its range and where it comes from".to_owned()
    } else {
        format!("Numbers that are not as in {}", first.label)
    };
    let mut table = Table::new(caption, &heads);
    let mut rows = numbers(batch);
    let mut notes = Vec::new();
    if at > 0 {
        let known = numbers(first);
        let gone = known.iter().filter(|of| rows.iter().all(|row| row[0] != of[0]));
        let gone: Vec<Vec<Cell>> = gone.map(|of| without(&of[0])).collect();
        rows.retain(|row| !known.contains(row));
        if rows.iter().any(|row| known.iter().any(|of| draw_alike(row, of))) {
            notes.push(Prose::of(
                "numbers drawn over the same range as there do the same here, whatever value \
                 stands beside the range: a batch holds one with `--set`",
            ));
        }
        rows.extend(gone);
    }
    let finding = whose(batches, batch);
    let finding = match (at, rows.is_empty()) {
        (0, _) => {
            finding.words("whoever grants these numbers and the model, has to grant the rest")
        }
        (_, true) => finding.words("every number is as in ").name(&first.label),
        (_, false) => finding.words("these numbers are not as in ").name(&first.label),
    };
    table.rows = rows;
    Figure { key: key("assumptions", batches, at), finding, chart: None, table, notes }
}

/// Whether two rows are of one number that both batches draw over the same range.
fn draw_alike(one: &[Cell], other: &[Cell]) -> bool {
    let is_same = |at: usize| one[at] == other[at];
    is_same(0) && is_same(3) && is_same(4) && one[4] == Cell::Words(OVER_ITS_RANGE.to_owned())
}

/// The row of a number that another batch has, and this one has not.
fn without(path: &Cell) -> Vec<Cell> {
    let there = [path.clone(), Cell::Empty, Cell::Empty, Cell::Empty];
    let gone = Cell::Words("not in this scenario".to_owned());
    there.into_iter().chain([gone, Cell::Empty]).collect()
}

fn numbers(batch: &Batch) -> Vec<Vec<Cell>> {
    let (levers, over) = (&batch.work.plan.design.levers, batch.work.plan.over_ranges);
    let row = |used: &NumberUse| {
        let number = &used.number;
        let range = number.shape.map(|shape| {
            let (low, high) = shape.ends();
            format!("{} to {}", digits::exact(low), digits::exact(high))
        });
        let drawn = match number.shape {
            None => "",
            Some(_) if levers.iter().any(|lever| lever.path == used.path) => "by design",
            Some(_) if number.drawn_every_run => "in every run",
            Some(_) if over => OVER_ITS_RANGE,
            Some(_) => "",
        };
        vec![
            Cell::Code(used.path.clone()),
            Cell::Code(digits::exact(number.value)),
            Cell::Words(used.quantity.unit.to_owned()),
            range.map_or(Cell::Empty, Cell::Code),
            Cell::Words(drawn.to_owned()),
            Cell::Name(number.source.clone()),
        ]
    };
    batch.work.plan.numbers.iter().map(row).collect()
}
