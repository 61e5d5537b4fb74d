//! What is counted of pairs of runs, each in the same future as it was and changed.
//!
//! All of it is counts and sums of whole units, or the first of something by number, so that it
//! does not matter in which order pairs come or how they were divided over threads.

use std::collections::BTreeMap;

use demarche_domain::index::{IssueIx, OutcomeIx, PartyIx};
use demarche_engine::measures::Measures;
use demarche_engine::scenario::Scenario;
use demarche_statistics::clustered::Cluster;
use demarche_statistics::mean::ExactSums;
use demarche_statistics::paired::FourCells;

use crate::aggregate::{UNIT, units};

/// How many turned futures of each kind are kept, to be looked at.
const LOOKED_AT: usize = 3;

/// A number that is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Its key.
    pub key: String,
    /// What it is, within a sentence.
    pub meaning: String,
    /// Its unit; `1` if it has none.
    pub unit: &'static str,
    /// The key of its column in the table of runs.
    pub column: String,
    of: Reading,
}

/// How a number is read off a run; nothing where the run has none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    Gain(PartyIx),
    Attacks,
    Strikes,
    TradeDaysLost,
    HoldsThirtyDays,
    HoldsNinetyDays,
}

impl Reading {
    fn of(self, measures: &Measures) -> Option<f64> {
        let lasting = |part: fn(&_) -> f64| measures.durability.as_ref().map(part);
        match self {
            Self::Gain(party) => measures.sides[party.ix()].gain,
            Self::Attacks => Some(measures.n_attacks.into()),
            Self::Strikes => Some(measures.n_strikes.into()),
            Self::TradeDaysLost => Some(measures.trade_days_lost),
            Self::HoldsThirtyDays => lasting(|of| of.holds_30_days),
            Self::HoldsNinetyDays => lasting(|of| of.holds_90_days),
        }
    }
}

/// By what runs of a scenario are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Scales {
    /// The numbers.
    pub numbers: Vec<Scale>,
    /// How much each class of outcome settles; nothing where the scenario does not say.
    pub settles: Option<Vec<u32>>,
    n_outcomes: usize,
    n_issues: usize,
    n_parties: usize,
}

impl Scales {
    /// Those of a scenario.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        let number = |key: &str, meaning: &str, unit, of| Scale {
            column: key.strip_prefix("gain.").map_or(key.to_owned(), |p| format!("side.{p}.gain")),
            key: key.to_owned(),
            meaning: meaning.to_owned(),
            unit,
            of,
        };
        let gains = scenario.cast.parties.iter().enumerate().map(|(at, party)| {
            let name = demarche_record::prose::inside(&party.named.name);
            let meaning = format!("what the last text gains {name}");
            let party_ix = PartyIx::at(at);
            number(&format!("gain.{}", party.named.key), &meaning, "gain", Reading::Gain(party_ix))
        });
        let rest = [
            number("attacks", "attacks", "1", Reading::Attacks),
            number("strikes", "strikes", "1", Reading::Strikes),
            number("trade-days-lost", "days of trade lost", "d", Reading::TradeDaysLost),
            number(
                "holds-30-days",
                "chance that a truce holds 30 days",
                "1",
                Reading::HoldsThirtyDays,
            ),
            number(
                "holds-90-days",
                "chance that a truce holds 90 days",
                "1",
                Reading::HoldsNinetyDays,
            ),
        ];
        Self {
            numbers: gains.chain(rest).collect(),
            settles: scenario.outcomes.iter().map(|outcome| outcome.settles).collect(),
            n_outcomes: scenario.outcomes.len(),
            n_issues: scenario.space.n_issues(),
            n_parties: scenario.parties.len(),
        }
    }

    /// How good an end is: how much it settles, or whether it is an agreement.
    #[must_use]
    pub fn rank(&self, ended: &Ended) -> u32 {
        let by_class = |settles: &Vec<u32>| settles[ended.outcome.ix()];
        self.settles.as_ref().map_or(u32::from(ended.is_agreed), by_class)
    }
}

/// How a run ended, as far as runs are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    /// The class of outcome.
    pub outcome: OutcomeIx,
    /// Whether the last round that was held ended in an agreement.
    pub is_agreed: bool,
    /// Whether a truce is in force at the end.
    pub truce: bool,
    /// The issue that blocked, and the side, if there was no agreement in the last round.
    pub blocked: Option<(IssueIx, Option<PartyIx>)>,
    /// The numbers of the scales, in their order; nothing where the run has none.
    pub numbers: Vec<Option<f64>>,
}

impl Ended {
    /// How a run ended that was measured.
    #[must_use]
    pub fn of(measures: &Measures, scales: &Scales) -> Self {
        Self {
            outcome: measures.outcome,
            is_agreed: measures.is_agreed(),
            truce: measures.truce,
            blocked: measures.blocked,
            numbers: scales.numbers.iter().map(|scale| scale.of.of(measures)).collect(),
        }
    }
}

/// A future as it was and changed.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'a> {
    /// The number of the future.
    pub future: u64,
    /// The draw of uncertain numbers that it is of.
    pub draw: u64,
    /// As it was.
    pub base: &'a Ended,
    /// Changed.
    pub changed: &'a Ended,
    /// Whether nothing that is measured differs.
    pub is_alike: bool,
}

/// What is counted of the pairs of one arm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Pairs of which both ran to their end. [pairs]
    pub n: u64,
    /// Those in which nothing that is measured differs. [pairs]
    pub n_alike: u64,
    /// Pairs by class of outcome as it was, then changed. [pairs]
    pub moves: Vec<Vec<u64>>,
    /// An agreement in the last round that was held.
    pub agreement: FourCells,
    /// A truce in force at the end.
    pub truce: FourCells,
    /// Who ended better: only the changed run counts as better, only the base as worse.
    pub better: FourCells,
    /// What blocked, by issue, then by the side it blocked on, the last for none.
    pub blocked: Vec<Vec<FourCells>>,
    /// Numbers, over pairs of which both have them.
    pub numbers: Vec<PairedSums>,
    /// Futures to be looked at, by what became of them, in the order of [`Turn`].
    pub turned: [Vec<Turned>; 3],
    /// By draw, what the change did to its futures; nothing where nothing is drawn.
    pub draws: Option<BTreeMap<u64, Draw>>,
}

/// A number as it was, changed, and the difference of each pair. In steps of [`UNIT`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairedSums {
    /// As it was.
    pub base: ExactSums,
    /// Changed.
    pub changed: ExactSums,
    /// Changed less as it was.
    pub difference: ExactSums,
}

/// What became of a future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Its last round now ends in an agreement.
    Gained,
    /// Its last round no longer does.
    Lost,
    /// It ends in another class, and has an agreement or none as before.
    Moved,
}

impl Turn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Gained, Self::Lost, Self::Moved];

    fn of(pair: &Pair<'_>) -> Option<Self> {
        match (pair.base.is_agreed, pair.changed.is_agreed) {
            (false, true) => Some(Self::Gained),
            (true, false) => Some(Self::Lost),
            _ => (pair.base.outcome != pair.changed.outcome).then_some(Self::Moved),
        }
    }
}

/// A future that the change turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Its number.
    pub future: u64,
    /// How it ended.
    pub base: OutcomeIx,
    /// How it ends now.
    pub changed: OutcomeIx,
}

/// What the change did to the futures of one draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draw {
    /// Its pairs.
    pub n: u64,
    /// For each share, how many futures more have it now.
    pub shares: Vec<i64>,
    /// For each number, how many pairs have it, and the sum of differences in steps of [`UNIT`].
    pub numbers: Vec<(u64, i64)>,
}

/// Which share of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShareOf {
    /// An agreement in the last round.
    Agreement,
    /// A truce at the end.
    Truce,
    /// Better ends less worse ones.
    Better,
    /// A class of outcome.
    Outcome(usize),
}

impl ShareOf {
    const fn place(self) -> usize {
        match self {
            Self::Agreement => 0,
            Self::Truce => 1,
            Self::Better => 2,
            Self::Outcome(at) => 3 + at,
        }
    }
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn empty(scales: &Scales, is_drawn: bool) -> Self {
        let sides = vec![FourCells::default(); scales.n_parties + 1];
        Self {
            moves: vec![vec![0; scales.n_outcomes]; scales.n_outcomes],
            blocked: vec![sides; scales.n_issues],
            numbers: vec![PairedSums::default(); scales.numbers.len()],
            draws: is_drawn.then(BTreeMap::new),
            ..Self::default()
        }
    }

    /// Adds a pair.
    pub fn add(&mut self, pair: &Pair<'_>, scales: &Scales) {
        let Pair { base, changed, .. } = *pair;
        self.n += 1;
        self.n_alike += u64::from(pair.is_alike);
        self.moves[base.outcome.ix()][changed.outcome.ix()] += 1;
        self.agreement.add(base.is_agreed, changed.is_agreed);
        self.truce.add(base.truce, changed.truce);
        let (was, is) = (scales.rank(base), scales.rank(changed));
        self.better.add(was > is, is > was);
        for (issue, sides) in self.blocked.iter_mut().enumerate() {
            let last = sides.len() - 1;
            for (place, cells) in sides.iter_mut().enumerate() {
                let blocks = |of: &Ended| {
                    of.blocked.is_some_and(|(on, side)| {
                        on.ix() == issue && side.map_or(last, PartyIx::ix) == place
                    })
                };
                cells.add(blocks(base), blocks(changed));
            }
        }
        let numbers = base.numbers.iter().zip(&changed.numbers).zip(&mut self.numbers);
        let differences: Vec<Option<i64>> =
            numbers.map(|((base, changed), sums)| sums.add(*base, *changed)).collect();
        if let Some(turn) = Turn::of(pair) {
            let (future, base, changed) = (pair.future, base.outcome, changed.outcome);
            let kept = &mut self.turned[turn as usize];
            kept.push(Turned { future, base, changed });
            keep_first(kept);
        }
        if let Some(draws) = &mut self.draws {
            let own = draws.entry(pair.draw).or_default();
            own.add(pair, i64::from(is > was) - i64::from(was > is), &differences, scales);
        }
    }

    /// Adds what was counted of other pairs.
    pub fn merge(&mut self, other: Self) {
        self.n += other.n;
        self.n_alike += other.n_alike;
        for (own, other) in self.moves.iter_mut().zip(&other.moves) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
        self.agreement.merge(&other.agreement);
        self.truce.merge(&other.truce);
        self.better.merge(&other.better);
        for (own, other) in self.blocked.iter_mut().flatten().zip(other.blocked.iter().flatten()) {
            own.merge(other);
        }
        self.numbers.iter_mut().zip(&other.numbers).for_each(|(own, other)| own.merge(other));
        for (own, other) in self.turned.iter_mut().zip(other.turned) {
            own.extend(other);
            keep_first(own);
        }
        if let (Some(own), Some(other)) = (&mut self.draws, other.draws) {
            for (draw, other) in other {
                own.entry(draw).or_default().merge(&other);
            }
        }
    }

    /// The pairs by whether they ended in a class of outcome.
    #[must_use]
    pub fn outcome(&self, at: usize) -> FourCells {
        let row: u64 = self.moves[at].iter().sum();
        let column: u64 = self.moves.iter().map(|row| row[at]).sum();
        let both = self.moves[at][at];
        let (only_base, only_changed) = (row - both, column - both);
        FourCells { both, only_base, only_changed, neither: self.n - row - only_changed }
    }

    /// What the change did to a share, by draw; nothing where nothing is drawn.
    #[must_use]
    pub fn share_by_draw(&self, of: ShareOf) -> Option<Vec<Cluster>> {
        let cluster = |draw: &Draw| Cluster { n: draw.n, sum: real(draw.shares[of.place()]) };
        Some(self.draws.as_ref()?.values().map(cluster).collect())
    }

    /// What the change did to a number, by draw; nothing where nothing is drawn.
    #[must_use]
    pub fn number_by_draw(&self, at: usize) -> Option<Vec<Cluster>> {
        let cluster = |draw: &Draw| {
            let (n, units) = draw.numbers[at];
            Cluster { n, sum: real(units) * UNIT }
        };
        Some(self.draws.as_ref()?.values().map(cluster).collect())
    }
}

impl PairedSums {
    /// Adds a pair if both runs have the number, and returns the difference.
    fn add(&mut self, base: Option<f64>, changed: Option<f64>) -> Option<i64> {
        let (base, changed) = (units(base?), units(changed?));
        self.base.add(base);
        self.changed.add(changed);
        self.difference.add(changed - base);
        Some(changed - base)
    }

    fn merge(&mut self, other: &Self) {
        self.base.merge(&other.base);
        self.changed.merge(&other.changed);
        self.difference.merge(&other.difference);
    }
}

impl Draw {
    fn add(&mut self, pair: &Pair<'_>, better: i64, by: &[Option<i64>], scales: &Scales) {
        let Pair { base, changed, .. } = *pair;
        self.n += 1;
        self.shares.resize(ShareOf::Outcome(scales.n_outcomes).place(), 0);
        let more = |base: bool, changed: bool| i64::from(changed) - i64::from(base);
        self.shares[ShareOf::Agreement.place()] += more(base.is_agreed, changed.is_agreed);
        self.shares[ShareOf::Truce.place()] += more(base.truce, changed.truce);
        self.shares[ShareOf::Better.place()] += better;
        self.shares[ShareOf::Outcome(base.outcome.ix()).place()] -= 1;
        self.shares[ShareOf::Outcome(changed.outcome.ix()).place()] += 1;
        self.numbers.resize(by.len(), (0, 0));
        for ((n, sum), difference) in self.numbers.iter_mut().zip(by) {
            *n += u64::from(difference.is_some());
            *sum += difference.unwrap_or(0);
        }
    }

    /// Draws are not divided over threads but where a block ends within one.
    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.shares.resize(other.shares.len(), 0);
        self.shares.iter_mut().zip(&other.shares).for_each(|(own, other)| *own += other);
        self.numbers.resize(other.numbers.len(), (0, 0));
        for (own, other) in self.numbers.iter_mut().zip(&other.numbers) {
            *own = (own.0 + other.0, own.1 + other.1);
        }
    }
}

fn keep_first(kept: &mut Vec<Turned>) {
    kept.sort_by_key(|turned| turned.future);
    kept.truncate(LOOKED_AT);
}

fn real(units: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sixteen digits are enough for statistics")]
    let number = units as f64;
    number
}
