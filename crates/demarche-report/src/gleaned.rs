//! What is gleaned from the rows of a batch, in one walk over them: how shares settle as runs are
//! added, what levers do from end to end, and which runs to look at.

use std::collections::BTreeMap;

use demarche_batch::compare::tally::{Ended, Scales};
use demarche_batch::design::Lever;
use demarche_batch::error::BatchError;
use demarche_batch::folder::Folder;
use demarche_batch::kept::{KeptRun, KeptRuns};
use demarche_batch::plan::MOST_POINTS;
use demarche_batch::range::Work;
use demarche_domain::index::OutcomeIx;
use demarche_statistics::proportion::Share;

/// Runs among which the typical one is looked for: more would not find one nearer the middle.
const LOOKED_THROUGH: usize = 20_000;
/// The part of a range that counts as its end. Points of a sequence lie on its very border, and
/// rounding must not decide about them.
const END: f64 = 0.25 + 1e-9;

/// What is gleaned.
#[derive(Clone, Debug)]
pub struct Gleaned {
    /// Agreements among the first runs, for more and more of them.
    pub settling: Vec<Agreed>,
    /// What each lever does, in the order of the design.
    pub swings: Vec<Swing>,
    /// By point of the design: runs that ended, and agreements among them; nothing where there are
    /// too many points.
    pub points: Option<BTreeMap<u64, Agreed>>,
    /// Runs to look at.
    pub chosen: Vec<Chosen>,
}

/// Agreements among some runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// How many. [runs]
    pub count: u64,
    /// Of how many. [runs]
    pub of: u64,
}

impl Agreed {
    /// Their share.
    ///
    /// # Panics
    /// Never: a part is counted with the whole.
    #[must_use]
    pub fn share(self) -> Share {
        Share::new(self.count, self.of).expect("a part is not greater than the whole")
    }

    fn add(&mut self, is_agreed: bool) {
        self.of += 1;
        self.count += u64::from(is_agreed);
    }
}

/// Agreements where a lever is near its ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swing {
    /// In the lowest quarter of its range.
    pub low: Agreed,
    /// In the highest.
    pub high: Agreed,
}

/// A run to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// As what.
    pub rule: Rule,
    /// Its number, from 0.
    pub run: u64,
    /// Its class of outcome.
    pub outcome: OutcomeIx,
}

/// By which rule a run was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Nearest the middle of its class, which is the most frequent one.
    Typical,
    /// What settles most; of these the one in which the side with less gains most.
    Best,
    /// What settles least; of these the one in which most trade is lost.
    Worst,
}

/// Walks over the rows of a batch.
///
/// # Errors
/// When they cannot be read.
pub fn glean(folder: &Folder, work: &Work) -> Result<Gleaned, BatchError> {
    let scales = Scales::of(&work.plan.scenario);
    let mut gleaner = Gleaner::new(work, &scales);
    let mut runs = KeptRuns::open(folder, work, &scales)?;
    while let Some(run) = runs.advance()? {
        if let Some(ended) = &run.ended {
            gleaner.hear(&run, ended);
        }
    }
    Ok(gleaner.gleaned())
}

struct Gleaner<'a> {
    work: &'a Work,
    scales: &'a Scales,
    all: Agreed,
    settling: Vec<Agreed>,
    swings: Vec<Swing>,
    points: BTreeMap<u64, Agreed>,
    values: Option<(u64, Vec<f64>)>,
    by_outcome: Vec<u64>,
    looked_through: Vec<Candidate>,
    best: Option<Candidate>,
    worst: Option<Candidate>,
}

/// A run that may be chosen.
#[derive(Clone, Debug)]
struct Candidate {
    run: u64,
    outcome: OutcomeIx,
    rank: u32,
    least_gain: f64,
    trade_lost: f64,
    last_turn: f64,
    attacks: f64,
}

impl<'a> Gleaner<'a> {
    fn new(work: &'a Work, scales: &'a Scales) -> Self {
        let n_levers = work.plan.design.levers.len();
        Self {
            work,
            scales,
            all: Agreed::default(),
            settling: Vec::new(),
            swings: vec![Swing::default(); n_levers],
            points: BTreeMap::new(),
            values: None,
            by_outcome: vec![0; work.plan.scenario.cast.outcomes.len()],
            looked_through: Vec::new(),
            best: None,
            worst: None,
        }
    }

    fn hear(&mut self, run: &KeptRun, ended: &Ended) {
        self.all.add(ended.is_agreed);
        if is_told(self.all.of) {
            self.settling.push(self.all);
        }
        self.by_outcome[ended.outcome.ix()] += 1;
        self.vary(run.point, ended.is_agreed);
        let candidate = self.candidate(run, ended);
        let is_better = |best: &Candidate| candidate.is_better(best);
        if self.best.as_ref().is_none_or(is_better) {
            self.best = Some(candidate.clone());
        }
        if self.worst.as_ref().is_none_or(|worst| candidate.is_worse(worst)) {
            self.worst = Some(candidate.clone());
        }
        if self.looked_through.len() < LOOKED_THROUGH {
            self.looked_through.push(candidate);
        }
    }

    /// Counts a run for the levers that are near an end where it is.
    fn vary(&mut self, point: u64, is_agreed: bool) {
        let design = &self.work.plan.design;
        if design.levers.is_empty() {
            return;
        }
        if design.n_points() <= MOST_POINTS {
            self.points.entry(point).or_default().add(is_agreed);
        }
        if self.values.as_ref().is_none_or(|(known, _)| *known != point) {
            self.values = Some((point, design.values(point)));
        }
        let Some((_, values)) = &self.values else { return };
        for ((lever, value), swing) in design.levers.iter().zip(values).zip(&mut self.swings) {
            match place(lever, *value) {
                ..=END => swing.low.add(is_agreed),
                at if at >= 1.0 - END => swing.high.add(is_agreed),
                _ => {}
            }
        }
    }

    fn candidate(&self, run: &KeptRun, ended: &Ended) -> Candidate {
        let number = |key: &str| {
            let at = self.scales.numbers.iter().position(|scale| scale.key == key);
            at.and_then(|at| ended.numbers[at]).unwrap_or_default()
        };
        let gains = self.scales.numbers.iter().zip(&ended.numbers);
        let gains = gains.filter(|(scale, _)| scale.unit == "gain").filter_map(|(_, gain)| *gain);
        Candidate {
            run: run.run,
            outcome: ended.outcome,
            rank: self.scales.rank(ended),
            least_gain: gains.fold(f64::INFINITY, f64::min),
            trade_lost: number("trade-days-lost"),
            last_turn: run.last_turn.unwrap_or_default().into(),
            attacks: number("attacks"),
        }
    }

    fn gleaned(mut self) -> Gleaned {
        if self.all.of > 0 && self.settling.last() != Some(&self.all) {
            self.settling.push(self.all);
        }
        let swings = std::mem::take(&mut self.swings);
        let chosen = [
            (Rule::Typical, self.typical()),
            (Rule::Best, self.best.as_ref()),
            (Rule::Worst, self.worst.as_ref()),
        ];
        let chosen = chosen.into_iter().filter_map(|(rule, candidate)| {
            candidate.map(|of| Chosen { rule, run: of.run, outcome: of.outcome })
        });
        let has_points = !self.points.is_empty();
        Gleaned {
            swings,
            chosen: chosen.collect(),
            settling: self.settling,
            points: has_points.then_some(self.points),
        }
    }

    /// The run of the most frequent class whose length, attacks and lost trade are nearest to the
    /// medians of that class, each in units of its spread; the first, where several are as near.
    fn typical(&self) -> Option<&Candidate> {
        let most = self.by_outcome.iter().max()?;
        let outcome = self.by_outcome.iter().position(|n| n == most)?;
        let of_class: Vec<&Candidate> =
            self.looked_through.iter().filter(|of| of.outcome.ix() == outcome).collect();
        let reads: [fn(&Candidate) -> f64; 3] =
            [|of| of.last_turn, |of| of.attacks, |of| of.trade_lost];
        let middles = reads.map(|read| {
            let mut values: Vec<f64> = of_class.iter().map(|of| read(of)).collect();
            values.sort_by(f64::total_cmp);
            let at = |part: usize| values.get(values.len() * part / 4).copied().unwrap_or_default();
            (at(2), (at(3) - at(1)).max(f64::MIN_POSITIVE))
        });
        let off = |of: &Candidate| -> f64 {
            let parts = reads.iter().zip(&middles);
            parts.map(|(read, (middle, spread))| ((read(of) - middle) / spread).abs()).sum()
        };
        of_class.into_iter().min_by(|a, b| off(a).total_cmp(&off(b)).then(a.run.cmp(&b.run)))
    }
}

impl Candidate {
    fn is_better(&self, than: &Self) -> bool {
        let by_gain = self.least_gain.total_cmp(&than.least_gain);
        self.rank.cmp(&than.rank).then(by_gain).is_gt()
    }

    fn is_worse(&self, than: &Self) -> bool {
        let by_trade = than.trade_lost.total_cmp(&self.trade_lost);
        self.rank.cmp(&than.rank).then(by_trade).is_lt()
    }
}

/// Where a value is in the range of its lever. [1, [0, 1]]
fn place(lever: &Lever, value: f64) -> f64 {
    (value - lever.low) / (lever.high - lever.low)
}

/// Whether a share is told after so many runs: 10, 20, 50, 100 and so on.
fn is_told(n: u64) -> bool {
    let tens = 10_u64.pow(n.max(1).ilog10());
    n >= 10 && n.is_multiple_of(tens) && [1, 2, 5].contains(&(n / tens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_for_round_numbers_of_runs() {
        let told: Vec<u64> = (0..2500).filter(|n| is_told(*n)).collect();
        assert_eq!(told, [10, 20, 50, 100, 200, 500, 1000, 2000]);
    }
}
