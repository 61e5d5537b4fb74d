//! Aggregates: what is kept of many runs, merged exactly.
//!
//! Everything is a count or a sum of whole units, so that it does not matter how runs were divided
//! into ranges, on how many threads they were played or in which order parts are merged: addition
//! of whole numbers knows no order. Histograms have bins that are fixed beforehand.

use std::collections::BTreeMap;

use demarche_columns::{Cell, Rows};
use demarche_domain::index::{IssueIx, OutcomeIx, PartyIx};
use demarche_engine::measures::Measures;
use demarche_engine::scenario::Scenario;
use demarche_record::event::Ending;
use demarche_statistics::duration::TurnRow;
use demarche_statistics::mean::ExactSums;

use crate::runs::Played;
use crate::table::{RunsTable, Summed};
use crate::turns::Trajectory;

/// What a unit of the sums is worth: numbers are summed in steps of 2^-24. In the unit of each.
pub const UNIT: f64 = 1.0 / 16_777_216.0;
/// The largest number that is summed; what is larger counts as this much.
const LARGEST: f64 = 4_194_304.0;

/// A number in whole units.
pub(crate) fn units(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 2^46 in size")]
    let units = (value.clamp(-LARGEST, LARGEST) / UNIT).round() as i64;
    units
}

/// Bins of a histogram.
pub const BINS: usize = 50;
/// Failed runs that are named.
const NAMED: usize = 20;
/// Endings of a round, in the order of their counts.
pub const ENDINGS: [Ending; 3] = [Ending::Agreement, Ending::WalkOut, Ending::Deadline];

/// What is kept of many runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aggregate {
    /// Runs, those that failed among them.
    pub n: u64,
    /// Runs that failed.
    pub n_failed: u64,
    /// The first of them.
    pub failures: Vec<Failure>,
    /// Runs by class of outcome.
    pub outcomes: Vec<u64>,
    /// Runs whose last round ended in an agreement.
    pub n_agreed: u64,
    /// Runs that an issue blocked, by issue, then by the side it blocked on, the last for none.
    pub blocked: Vec<Vec<u64>>,
    /// By round: after so many turns of it, how many ended in each way, or were cut off.
    pub ends: Vec<Vec<TurnRow>>,
    /// The numbers of the table, summed up.
    pub sums: Vec<Sums>,
    /// Outcomes by point of the design, where there are not too many.
    pub points: BTreeMap<u64, Vec<u64>>,
    /// What was told turn by turn, by round, class of outcome and turn of the round: how far the
    /// text was from what the sides held out for. [gain]
    pub gaps: Vec<Vec<Vec<ExactSums>>>,
}

/// A run that is added.
pub struct Entry<'a> {
    /// Its number.
    pub run: u64,
    /// Its seed.
    pub seed: u64,
    /// The point of the design, where outcomes are counted point by point.
    pub point: Option<u64>,
    /// What became of it.
    pub played: &'a Played,
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its number.
    pub run: u64,
    /// Its seed.
    pub seed: u64,
    /// What the program said.
    pub words: String,
}

/// A number of the table, summed up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sums {
    /// Count, sum and sum of squares. In steps of [`UNIT`].
    pub exact: ExactSums,
    /// The least and the greatest, where there is one.
    pub ends: Option<(f64, f64)>,
    /// How many lie below the bins, in each of them, and above.
    pub bins: Vec<u64>,
}

impl Sums {
    /// Adds a value.
    fn add(&mut self, value: f64, of: &Summed) {
        self.exact.add(units(value));
        let (least, greatest) = self.ends.unwrap_or((value, value));
        self.ends = Some((least.min(value), greatest.max(value)));
        self.bins.resize(BINS + 2, 0);
        self.bins[bin(value, of)] += 1;
    }

    fn merge(&mut self, other: &Self) {
        self.exact.merge(&other.exact);
        self.ends = match (self.ends, other.ends) {
            (Some(own), Some(its)) => Some((own.0.min(its.0), own.1.max(its.1))),
            (own, its) => own.or(its),
        };
        add_all(&mut self.bins, &other.bins);
    }
}

/// The bin of a value: 0 below all, then [`BINS`] of equal width, the last closed above, then one
/// for what is beyond.
fn bin(value: f64, of: &Summed) -> usize {
    if value < of.low {
        return 0;
    }
    if value > of.high {
        return BINS + 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "fifty")]
    let place = (value - of.low) / (of.high - of.low) * BINS as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to fifty")]
    let place = place as usize;
    1 + place.min(BINS - 1)
}

/// Adds counts to counts, place by place.
fn add_all(own: &mut Vec<u64>, other: &[u64]) {
    own.resize(own.len().max(other.len()), 0);
    own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
}

impl Aggregate {
    /// Nothing, of a scenario and its table.
    #[must_use]
    pub fn empty(scenario: &Scenario, table: &RunsTable) -> Self {
        let (n_rounds, n_outcomes) = (scenario.rounds.len(), scenario.outcomes.len());
        Self {
            outcomes: vec![0; n_outcomes],
            blocked: vec![vec![0; scenario.parties.len() + 1]; scenario.space.n_issues()],
            ends: vec![Vec::new(); n_rounds],
            sums: vec![Sums::default(); table.summed().len()],
            gaps: vec![vec![Vec::new(); n_outcomes]; n_rounds],
            ..Self::default()
        }
    }

    /// Adds a run: the last row of the table.
    pub fn add(&mut self, entry: &Entry<'_>, rows: &Rows, table: &RunsTable) {
        self.n += 1;
        let measures = match entry.played {
            Played::Failed(words) => {
                self.n_failed += 1;
                let Entry { run, seed, .. } = *entry;
                self.failures.push(Failure { run, seed, words: words.clone() });
                return self.name_first();
            }
            Played::Ended(measures, _) => measures,
        };
        self.outcomes[measures.outcome.ix()] += 1;
        if let Some(point) = entry.point {
            let n_outcomes = self.outcomes.len();
            let counts = self.points.entry(point).or_insert_with(|| vec![0; n_outcomes]);
            counts[measures.outcome.ix()] += 1;
        }
        self.n_agreed += u64::from(measures.is_agreed());
        if let Some((issue, side)) = measures.blocked {
            let sides = &mut self.blocked[issue.ix()];
            let place = side.map_or(sides.len() - 1, PartyIx::ix);
            sides[place] += 1;
        }
        self.add_ends(measures);
        let row = rows.n_rows() - 1;
        for (sums, of) in self.sums.iter_mut().zip(table.summed()) {
            match rows.cell(row, of.column) {
                Cell::Number(value) => sums.add(value, of),
                #[expect(clippy::cast_precision_loss, reason = "counts are small")]
                Cell::Whole(count) => sums.add(count as f64, of),
                _ => {}
            }
        }
    }

    /// Adds what was told of a run turn by turn.
    pub fn add_trajectory(&mut self, outcome: OutcomeIx, trajectory: &Trajectory) {
        for step in &trajectory.steps {
            let (Some((round, turn)), Some(gap)) = (step.in_round, step.gap) else { continue };
            let turns = &mut self.gaps[round.ix()][outcome.ix()];
            turns.resize(turns.len().max(turn + 1), ExactSums::default());
            turns[turn].add(units(gap));
        }
    }

    fn add_ends(&mut self, measures: &Measures) {
        for closed in &measures.rounds {
            let cause = ENDINGS.iter().position(|ending| *ending == closed.ending);
            let row = self.row_of(closed.round.ix(), closed.closed - closed.opened);
            row.ended[cause.expect("all endings are listed")] += 1;
        }
        if let Some((round, opened)) = measures.under_way {
            self.row_of(round.ix(), measures.last_turn - opened).censored += 1;
        }
    }

    fn row_of(&mut self, round: usize, turn: u32) -> &mut TurnRow {
        let (rows, turn) = (&mut self.ends[round], turn as usize);
        rows.resize(rows.len().max(turn + 1), nobody());
        &mut rows[turn]
    }

    fn name_first(&mut self) {
        self.failures.sort_by_key(|failure| failure.run);
        self.failures.truncate(NAMED);
    }

    /// Adds what was kept of other runs.
    ///
    /// # Panics
    /// When the other is of another scenario or table.
    pub fn merge(&mut self, other: &Self) {
        let shape = |of: &Self| (of.outcomes.len(), of.blocked.len(), of.ends.len(), of.sums.len());
        assert_eq!(shape(self), shape(other), "aggregates of different plans");
        self.n += other.n;
        self.n_failed += other.n_failed;
        self.failures.extend(other.failures.iter().cloned());
        self.name_first();
        add_all(&mut self.outcomes, &other.outcomes);
        self.n_agreed += other.n_agreed;
        for (own, other) in self.blocked.iter_mut().zip(&other.blocked) {
            add_all(own, other);
        }
        for (own, other) in self.ends.iter_mut().zip(&other.ends) {
            own.resize(own.len().max(other.len()), nobody());
            for (own, other) in own.iter_mut().zip(other) {
                add_all(&mut own.ended, &other.ended);
                own.censored += other.censored;
            }
        }
        self.sums.iter_mut().zip(&other.sums).for_each(|(own, other)| own.merge(other));
        for (point, counts) in &other.points {
            add_all(self.points.entry(*point).or_default(), counts);
        }
        let own = self.gaps.iter_mut().flatten();
        for (own, other) in own.zip(other.gaps.iter().flatten()) {
            own.resize(own.len().max(other.len()), ExactSums::default());
            own.iter_mut().zip(other).for_each(|(own, other)| own.merge(other));
        }
    }

    /// Runs that ended, rather than failed.
    #[must_use]
    pub const fn n_ended(&self) -> u64 {
        self.n - self.n_failed
    }

    /// Runs that an issue blocked, whoever kept it.
    #[must_use]
    pub fn n_blocked(&self, issue: IssueIx) -> u64 {
        self.blocked[issue.ix()].iter().sum()
    }
}

fn nobody() -> TurnRow {
    TurnRow { ended: vec![0; ENDINGS.len()], censored: 0 }
}

#[cfg(test)]
mod tests;
