//! When do talks converge, and when do they break?
//!
//! How far sides are apart is split by how runs end: one band for all would hide that there are two
//! kinds of runs. How rounds end is counted as ends that compete with each other.

use demarche_statistics::interval::Interval;

use super::{key, whose};
use crate::batch::Batch;
use crate::charts::Chart;
use crate::charts::curves::{Curve, Curves, Point};
use crate::digits;
use crate::prose::Prose;
use crate::report::{Cell, Figure, Section, Table};
use crate::summary::{ClassGaps, Gaps, Mean, Round};

/// Runs below which a mean is not drawn: it would jump about.
const FEWEST: u64 = 5;

/// Answers it, where a round was held.
#[must_use]
pub fn section(batches: &[Batch]) -> Option<Section> {
    let (mut answer, mut figures) = (Vec::new(), Vec::new());
    for (at, batch) in batches.iter().enumerate() {
        for (nth, round) in batch.summary.rounds.iter().enumerate().filter(|(_, of)| of.held > 0) {
            answer.push(whose(batches, batch).and(told(round)));
            let key = |of: &str| format!("{}-{}", key(of, batches, at), nth + 1);
            figures.push(incidence(whose(batches, batch), key("ends"), round));
            let gaps = batch.summary.gaps.iter().find(|gaps| gaps.round == round.key);
            figures.extend(gaps.and_then(|gaps| gap(batches, batch, key("gap"), round, gaps)));
        }
    }
    let question = "When do talks converge, and when do they break?";
    (!figures.is_empty()).then_some(Section { key: "timing", question, answer, figures })
}

/// Days from the opening of a round to the end of a turn of it.
fn days(round: &Round, turn: usize) -> f64 {
    let turns = f64::from(u32::try_from(turn + 1).unwrap_or(u32::MAX));
    turns * round.turn_hours / 24.0
}

fn span(days: f64) -> String {
    format!("{} days", digits::number(days, 1))
}

fn told(round: &Round) -> Prose {
    let told = Prose::of("of the rounds in ").name(&round.name).words(", ");
    let last = |incidence: &Vec<f64>| incidence.last().copied().unwrap_or_default();
    let ways = round.endings.iter().map(|ending| {
        let figure = digits::percent(last(&ending.incidence));
        Prose::default().figure(figure).words(" end ").words(how(&ending.ending))
    });
    let told = told.list(ways.collect(), " and ");
    match round.median_turn.and_then(|turn| usize::try_from(turn).ok()) {
        Some(turn) => told.words("; half are over within ").figure(span(days(round, turn))),
        None => told,
    }
}

fn how(ending: &str) -> &str {
    match ending {
        "agreement" => "with an agreement",
        "walk-out" => "as one side walks out",
        "deadline" => "at the deadline",
        _ => "in another way",
    }
}

/// The share of rounds that had ended in each way after so long.
fn incidence(finding: Prose, key: String, round: &Round) -> Figure {
    let curves = round.endings.iter().enumerate().filter(|(_, ending)| ending.count > 0);
    let curves = curves.map(|(series, ending)| {
        let bounds = ending.intervals.as_ref();
        let point = |(turn, share): (usize, &f64)| Point {
            x: days(round, turn),
            y: share * 100.0,
            bounds: bounds
                .and_then(|all| all.get(turn))
                .map(|(low, high)| (low * 100.0, high * 100.0)),
        };
        let begin = Point { x: 0.0, y: 0.0, bounds: None };
        let points = ending.incidence.iter().enumerate().map(point);
        let points = std::iter::once(begin).chain(points).collect();
        Curve { name: format!("ended {}", how(&ending.ending)), series, points }
    });
    let chart = Curves {
        x: "days since the round opened".to_owned(),
        y: "of a hundred rounds".to_owned(),
        is_log_x: false,
        curves: curves.collect(),
    };
    let mut table =
        Table::new(format!("How rounds in {} end, after so long", round.name), &["days"]);
    table.heads.extend(round.endings.iter().map(|of| format!("ended {}", how(&of.ending))));
    table.heads.push("still under way".to_owned());
    table.rows = (0..round.still_under_way.len())
        .map(|turn| {
            let ended = round.endings.iter().map(|of| of.incidence.get(turn).copied());
            let ended = ended.map(|share| share.map_or(Cell::Empty, Cell::Share));
            let under_way = Cell::Share(round.still_under_way[turn]);
            let row = std::iter::once(Cell::Number(days(round, turn), 2)).chain(ended);
            row.chain([under_way]).collect()
        })
        .collect();
    let finding = finding.words("how rounds in ").name(&round.name).words(" have ended after so ");
    let finding = finding.words("long, each way counted beside the others");
    Figure { key, finding, chart: Some(Chart::Curves(chart)), table, notes: Vec::new() }
}

/// How far sides are apart, by how the run ends; nothing where too few runs were followed.
fn gap(
    batches: &[Batch],
    batch: &Batch,
    key: String,
    round: &Round,
    gaps: &Gaps,
) -> Option<Figure> {
    let name = |class| class_name(batch, class);
    let drawn: Vec<(usize, &ClassGaps)> = gaps
        .by_outcome
        .iter()
        .enumerate()
        .filter(|(_, class)| class.turns.iter().filter(|turn| turn.n >= FEWEST).count() > 1)
        .collect();
    let curves: Vec<Curve> = drawn
        .iter()
        .map(|(series, class)| {
            let enough = class.turns.iter().enumerate().filter(|(_, turn)| turn.n >= FEWEST);
            let points = enough.filter_map(|(turn, mean)| point(days(round, turn), mean));
            Curve { name: name(class).to_owned(), series: *series, points: points.collect() }
        })
        .collect();
    if curves.is_empty() {
        return None;
    }
    let n_turns = drawn.iter().map(|(_, class)| class.turns.len()).max().unwrap_or_default();
    let caption =
        format!("Gap in {}: what sides together hold out for beyond the text", round.name);
    let mut table = Table::new(caption, &["days"]);
    for (_, class) in &drawn {
        table.heads.extend([
            format!("{} (points)", name(class)),
            "bounds (95 %)".to_owned(),
            "runs".to_owned(),
        ]);
    }
    table.rows = (0..n_turns)
        .map(|turn| {
            let cells = drawn.iter().flat_map(|(_, class)| mean_cells(class.turns.get(turn)));
            std::iter::once(Cell::Number(days(round, turn), 2)).chain(cells).collect()
        })
        .collect();
    // A sentence holds two classes; the chart has all of them.
    let mut usual: Vec<&ClassGaps> = drawn.iter().map(|(_, class)| *class).collect();
    usual.sort_by_key(|class| std::cmp::Reverse(class.turns.first().map_or(0, |turn| turn.n)));
    let ways = usual.into_iter().take(2).filter_map(|class| closing(name(class), class));
    let finding = whose(batches, batch).words("while a text lies on the table in ");
    let finding = finding.name(&round.name).words(", the gap goes ").list(ways.collect(), ", and ");
    let chart = Curves {
        x: "days since the round opened".to_owned(),
        y: "gap, points".to_owned(),
        is_log_x: false,
        curves,
    };
    let note = Prose::of(
        "mean of the runs that were followed turn by turn and are still in the \
                          round with a text on the table; turns with fewer than ",
    );
    let note = note.figure(FEWEST.to_string()).words(" of them are not drawn");
    Some(Figure { key, finding, chart: Some(Chart::Curves(chart)), table, notes: vec![note] })
}

fn class_name<'a>(batch: &'a Batch, class: &'a ClassGaps) -> &'a str {
    let known = batch.summary.outcomes.iter().find(|of| of.key == class.outcome);
    known.map_or(class.outcome.as_str(), |of| of.name.as_str())
}

/// A mean in points.
fn point(x: f64, of: &Mean) -> Option<Point> {
    let bounds = of.interval.map(|(low, high)| (low * 100.0, high * 100.0));
    Some(Point { x, y: of.mean? * 100.0, bounds })
}

fn mean_cells(of: Option<&Mean>) -> [Cell; 3] {
    let Some(of) = of else { return [Cell::Empty, Cell::Empty, Cell::Count(0)] };
    let bounds = of.interval.map(|(low, high)| Cell::GainBounds(Interval { low, high }));
    let mean = of.mean.map(|mean| Cell::Number(mean * 100.0, 1));
    [mean.unwrap_or(Cell::Empty), bounds.unwrap_or(Cell::Empty), Cell::Count(of.n)]
}

/// From where to where the gap goes in runs that end in a class.
fn closing(name: &str, class: &ClassGaps) -> Option<Prose> {
    let mut told = class.turns.iter().filter(|turn| turn.n >= FEWEST).filter_map(|turn| turn.mean);
    let (first, last) = (told.next()?, told.next_back()?);
    let figures = [first, last].map(|gap| digits::number(gap * 100.0, 1));
    let [first, last] = figures;
    let prose = Prose::of("from ").figure(first).words(" to ").figure(last);
    Some(prose.words(" points where runs end as ").name(name))
}
