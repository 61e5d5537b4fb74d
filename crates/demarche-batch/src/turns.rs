//! Turns: the trajectories of those runs that are followed, whose chronicle is kept while they are
//! played; a row for each turn.

use std::sync::Arc;

use demarche_columns::{Cell, Column, Kind, Range, Rows, Schema};
use demarche_domain::index::RoundIx;
use demarche_engine::scenario::Scenario;
use demarche_record::cast::Cast;
use demarche_record::chronicle::Chronicle;
use demarche_record::event::Event;

/// How one run went, turn by turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// One step a turn.
    pub steps: Vec<Step>,
}

/// Where things stood at the end of a turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The turn of the run, from 0.
    pub turn: u32,
    /// The round under way, and the turn of it, from 0.
    pub in_round: Option<(RoundIx, usize)>,
    /// How much the sides together held out for beyond the text; nothing where none lay on the
    /// table. [gain, ≥ 0]
    pub gap: Option<f64>,
    /// Numbers in the order of the columns: the world, then side by side.
    numbers: Vec<Option<f64>>,
}

impl Trajectory {
    /// Reads it off a chronicle.
    #[must_use]
    pub fn of(chronicle: &Chronicle) -> Self {
        let (mut steps, mut round, mut is_closing) = (Vec::new(), None, false);
        for entry in &chronicle.entries {
            match &entry.event {
                Event::RoundOpened { round: opened, .. } => round = Some((*opened, entry.turn)),
                Event::RoundClosed { .. } => is_closing = true,
                Event::TurnRecorded { .. } => {
                    let place =
                        |(round, opened): (RoundIx, u32)| (round, (entry.turn - opened) as usize);
                    steps.push(step(entry.turn, round.map(place), &entry.event));
                    // The turn in which a round closes still belongs to it.
                    if std::mem::take(&mut is_closing) {
                        round = None;
                    }
                }
                _ => {}
            }
        }
        Self { steps }
    }
}

fn step(turn: u32, in_round: Option<(RoundIx, usize)>, event: &Event) -> Step {
    let Event::TurnRecorded {
        fighting,
        open_share,
        pain,
        trust,
        impatience,
        gains,
        aspirations,
        ..
    } = event
    else {
        unreachable!("it is asked of turns only")
    };
    let beyond = |(gain, aspiration): (&f64, &f64)| (aspiration - gain).max(0.0);
    let gap = (!gains.is_empty()).then(|| gains.iter().zip(aspirations).map(beyond).sum());
    let n = pain.len();
    let given = |values: &[f64]| values.iter().map(|value| Some(*value)).collect::<Vec<_>>();
    let gains = if gains.is_empty() { vec![None; n] } else { given(gains) };
    let parts = [
        vec![Some(*fighting), Some(*open_share), gap],
        given(pain),
        given(trust),
        given(impatience),
        gains,
        given(aspirations),
    ];
    Step { turn, in_round, gap, numbers: parts.concat() }
}

/// The table of turns of one batch.
pub struct TurnsTable {
    schema: Arc<Schema>,
    cast: Cast,
}

impl TurnsTable {
    /// The table of a scenario.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let cast = scenario.cast.clone();
        let whole =
            |key: &str, meaning: &str| column(key, Kind::Whole, "1", (0.0, f64::INFINITY), meaning);
        let mut columns = vec![
            whole("run", "The number of the run, from 0."),
            whole("turn", "The turn, from 0."),
            Column {
                range: Range::Said("the key of a round".to_owned()),
                may_be_empty: true,
                ..column("round", Kind::Word, "1", (0.0, 0.0), "The round under way, if one is.")
            },
        ];
        let keys: Vec<&str> = cast.parties.iter().map(|party| party.named.key.as_str()).collect();
        let (share, positive) = ((0.0, 1.0), (0.0, f64::INFINITY));
        let anything = (f64::NEG_INFINITY, f64::INFINITY);
        let mut add = |key: String, unit: &str, range, meaning: &str, may_be_empty| {
            let column = column(&key, Kind::Number, unit, range, meaning);
            columns.push(Column { may_be_empty, ..column });
        };
        add("fighting".to_owned(), "1", share, "Fighting.", false);
        add("open-share".to_owned(), "1", share, "Share of the daily trade that can pass.", false);
        let meaning = "What the sides together hold out for beyond the text on the table.";
        add("gap".to_owned(), "gain", positive, meaning, true);
        for key in &keys {
            add(format!("pain.{key}"), "gain", positive, "What hurts.", false);
        }
        for of in &keys {
            for toward in keys.iter().filter(|toward| *toward != of) {
                let meaning = "Trust of the first in the second, that it is willing.";
                add(format!("trust.{of}.{toward}"), "1", share, meaning, false);
            }
        }
        for key in &keys {
            let meaning = "Impatience of its delegation.";
            add(format!("impatience.{key}"), "1", positive, meaning, false);
        }
        for key in &keys {
            let meaning = "What the text on the table would gain it; empty without a text.";
            add(format!("gain.{key}"), "gain", anything, meaning, true);
        }
        for key in &keys {
            let meaning = "What its delegation holds out for.";
            add(format!("aspiration.{key}"), "gain", anything, meaning, false);
        }
        let meaning = "One row a turn of those runs of a batch that were followed.";
        Self { schema: Arc::new(Schema::new("turns", meaning, columns)), cast }
    }

    /// What its columns are.
    #[must_use]
    pub const fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Adds the rows of a run.
    pub fn push(&self, rows: &mut Rows, run: u64, trajectory: &Trajectory) {
        for step in &trajectory.steps {
            let round = step.in_round.map(|(round, _)| &self.cast.rounds[round.ix()].named.key);
            #[expect(clippy::cast_possible_wrap, reason = "runs are fewer than 2^63")]
            let mut cells = vec![
                Cell::Whole(run as i64),
                Cell::Whole(step.turn.into()),
                round.map_or(Cell::Empty, |key| Cell::Word(key)),
            ];
            cells.extend(step.numbers.iter().map(|n| n.map_or(Cell::Empty, Cell::Number)));
            rows.push(cells);
        }
    }
}

fn column(key: &str, kind: Kind, unit: &str, (low, high): (f64, f64), meaning: &str) -> Column {
    Column {
        key: key.to_owned(),
        kind,
        unit: unit.to_owned(),
        range: Range::Between { low, high },
        meaning: meaning.to_owned(),
        may_be_empty: false,
    }
}
