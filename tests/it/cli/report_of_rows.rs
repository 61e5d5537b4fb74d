//! What reports glean from rows, reckoned anew from the same rows as CSV: levers, single steps, how
//! shares settle, and the runs that stand for others.

use std::path::Path;

use serde_json::Value;

use super::report::{batch, reported, section};
use super::{Folder, ran};

/// The rows of a batch, each a cell by the name of its column.
struct Rows {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn of(folder: &str) -> Self {
        let text = std::fs::read_to_string(Path::new(folder).join("runs.csv")).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines();
        let heads = cells(lines.next().unwrap());
        Self { heads, rows: lines.map(cells).collect() }
    }

    fn text(&self, row: usize, head: &str) -> &str {
        let at = self.heads.iter().position(|of| of == head);
        &self.rows[row][at.unwrap_or_else(|| panic!("no column `{head}`"))]
    }

    fn number(&self, row: usize, head: &str) -> f64 {
        self.text(row, head).parse().unwrap()
    }

    fn agreed(&self, row: usize) -> bool {
        self.text(row, "agreement") == "true"
    }
}

fn figure<'a>(report: &'a Value, of: &str, key: &str) -> &'a Value {
    let figures = section(report, of).unwrap()["figures"].as_array().unwrap();
    figures.iter().find(|figure| figure["key"] == key).unwrap()
}

fn rows_of<'a>(report: &'a Value, of: &str, key: &str) -> &'a [Value] {
    figure(report, of, key)["table"]["rows"].as_array().unwrap()
}

#[track_caller]
fn is_near(told: &Value, reckoned: f64) {
    let told = told.as_f64().unwrap();
    assert!((told - reckoned).abs() < 1e-9, "{told} is told, {reckoned} is reckoned");
}

/// What West has without an agreement, which decides whether there is one; and how slowly East
/// concedes.
const LEVERS: [&str; 2] =
    ["parties.west.outside-option", "parties.east.bargaining.concession-exponent"];
const VARIED: [&str; 7] = [
    "textbook/symmetric-dispute",
    "--vary",
    "parties.west.outside-option=-0.1..0.6",
    "--vary",
    "parties.east.bargaining.concession-exponent=0.3..4",
    "--csv",
    "--design",
];

/// A number as a table shows it.
fn shown(cell: &Value) -> f64 {
    cell.as_str().unwrap().replace('−', "-").parse().unwrap()
}

#[test]
fn levers_are_those_of_the_rows() {
    let folder = Folder::new("report-levers");
    let one = folder.file("one");
    batch(&[VARIED.as_slice(), &["sobol", "-n", "256"]].concat(), &one);
    let (report, _) = reported(&[&one]);
    let rows = Rows::of(&one);
    let levers = rows_of(&report, "levers", "levers");
    assert_eq!(levers.len(), LEVERS.len());
    for lever in levers {
        let path = lever[0].as_str().unwrap();
        let end = |at: usize| shown(&lever[at]);
        let (low, quarter) = (end(2), (end(3) - end(2)) / 4.0);
        let share = |holds: &dyn Fn(f64) -> bool| {
            let near: Vec<usize> =
                (0..rows.rows.len()).filter(|row| holds(rows.number(*row, path))).collect();
            let agreed = near.iter().filter(|row| rows.agreed(**row)).count();
            (agreed as f64 / near.len() as f64, near.len())
        };
        let (near_low, n_low) = share(&|value| value <= low + quarter + 1e-9);
        let (near_high, n_high) = share(&|value| value >= low + 3.0 * quarter - 1e-9);
        is_near(&lever[4], near_low);
        is_near(&lever[6], near_high);
        assert_eq!([&lever[5], &lever[7]], [n_low, n_high]);
        is_near(&lever[8], near_high - near_low);
    }
    let size = |lever: &Value| lever[8].as_f64().unwrap().abs();
    assert!(size(&levers[0]) >= size(&levers[1]), "the widest swing stands on top");
    assert!(size(&levers[0]) > 0.0, "a test of swings has one");
}

#[test]
fn steps_are_those_of_the_rows() {
    let folder = Folder::new("report-steps");
    let one = folder.file("one");
    batch(&[VARIED.as_slice(), &["morris", "-n", "600"]].concat(), &one);
    let (report, _) = reported(&[&one]);
    let rows = Rows::of(&one);
    // Points in their order: the numbers there, and the share of agreements.
    let mut points: Vec<([f64; 2], u32, u32)> = Vec::new();
    for row in 0..rows.rows.len() {
        let point = rows.text(row, "point").parse::<usize>().unwrap();
        let place = LEVERS.map(|path| rows.number(row, path));
        points.resize(points.len().max(point + 1), (place, 0, 0));
        points[point] = (place, points[point].1 + u32::from(rows.agreed(row)), points[point].2 + 1);
    }
    let share = |(_, agreed, all): &([f64; 2], u32, u32)| f64::from(*agreed) / f64::from(*all);
    for told in rows_of(&report, "levers", "levers-steps") {
        let lever = LEVERS.iter().position(|path| *path == told[0]).unwrap();
        let ends = rows_of(&report, "levers", "levers").iter().find(|row| row[0] == told[0]);
        let end = |at: usize| shown(&ends.unwrap()[at]);
        // A trajectory through two numbers has three points.
        let steps = points.chunks(LEVERS.len() + 1).map(|points| {
            let moved = |pair: &&[([f64; 2], u32, u32)]| pair[0].0[lever] != pair[1].0[lever];
            let pair = points.windows(2).find(moved).unwrap();
            let way = (pair[1].0[lever] - pair[0].0[lever]) / (end(3) - end(2));
            (share(&pair[1]) - share(&pair[0])) / way * 100.0
        });
        let steps: Vec<f64> = steps.collect();
        let mean = |of: &mut dyn Iterator<Item = f64>| of.sum::<f64>() / steps.len() as f64;
        assert!(lever != 0 || steps.iter().any(|step| *step != 0.0), "West's lever moves nothing");
        is_near(&told[1], mean(&mut steps.iter().map(|step| step.abs())));
        is_near(&told[2], mean(&mut steps.iter().copied()));
    }
}

#[test]
fn shares_settle_at_that_of_all_runs() {
    let folder = Folder::new("report-settling");
    let one = folder.file("one");
    batch(&["textbook/symmetric-dispute", "-n", "300", "--csv"], &one);
    let (report, _) = reported(&[&one]);
    let rows = Rows::of(&one);
    let settling = rows_of(&report, "trust", "settling");
    for told in settling {
        let first = usize::try_from(told[0].as_u64().unwrap()).unwrap();
        let agreed = (0..first).filter(|row| rows.agreed(*row)).count();
        assert_eq!(told[1], agreed, "of the first {first} runs");
    }
    assert_eq!(settling.last().unwrap()[0], 300);
}

#[test]
fn the_runs_that_stand_for_others_are_those_that_replay_tells() {
    let folder = Folder::new("report-runs");
    let one = folder.file("one");
    batch(&["historical/doha-istanbul", "-n", "150", "--csv"], &one);
    let (report, _) = reported(&[&one]);
    let rows = Rows::of(&one);
    let mut worst = None;
    for which in ["runs-typical", "runs-best", "runs-worst"] {
        let told = figure(&report, "runs", which);
        let finding = told["finding"].as_str().unwrap();
        let (_, rest) = finding.split_once(", seed ").unwrap();
        let (seed, outcome) = rest.split_once(": ").unwrap();
        let outcome = outcome.trim_end_matches('.');
        let row = (0..rows.rows.len()).find(|row| rows.text(*row, "seed") == seed).unwrap();
        worst = Some(row);
        // The command that the report shows, as a reader would type it.
        let note = told["notes"][1].as_str().unwrap();
        let (_, command) = note.split_once("demarche ").unwrap();
        let words: Vec<&str> = command.trim_end_matches('.').split(' ').collect();
        let replayed = ran(&words).ends_with(0).out;
        assert!(replayed.to_lowercase().contains(outcome), "{outcome} is nowhere in {replayed}");
    }
    // The worst run lost most trade of all that ended as it did.
    let worst = worst.unwrap();
    let [outcome, trade] = ["outcome", "trade-days-lost"];
    let alike = |row: &usize| rows.text(*row, outcome) == rows.text(worst, outcome);
    let alike: Vec<usize> = (0..rows.rows.len()).filter(alike).collect();
    assert!(alike.len() > 1, "no run ended as the worst did");
    assert!(alike.iter().all(|row| rows.number(*row, trade) <= rows.number(worst, trade)));
}
