//! Durations: how long talks last, when they can end in more than one way and some are still going
//! when the run stops.
//!
//! What has not ended by then is *censored*: it lasted at least so long. The Kaplan–Meier estimate
//! is the share that goes on past a turn \[kaplan1958\], the Aalen–Johansen estimate the share that
//! has ended by it in each way \[aalen1978\]; together they make 1. It is tempting to ask how soon
//! talks would agree by counting walk-outs as censored. That answers for a world in which nobody
//! could walk out and all else were the same, and always tells more agreements than there are.
//!
//! # Conventions
//! Turns are whole; within one, ends come before censoring. Where nothing is censored before a
//! turn, every estimate there is a plain share of the runs, to the last bit.

use demarche_random::math;

use crate::fault::Fault;
use crate::interval::{Confidence, Interval, real};

/// What happened in one turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TurnRow {
    /// How many ended, cause by cause. [runs]
    pub ended: Vec<u64>,
    /// How many were still going and are not seen again. [runs]
    pub censored: u64,
}

impl TurnRow {
    /// The same turn with every end of another cause as censored: for comparison only, as the
    /// module says.
    #[must_use]
    pub fn only(&self, cause: usize) -> Self {
        let others: u64 = self.ended.iter().sum::<u64>() - self.ended[cause];
        Self { ended: vec![self.ended[cause]], censored: self.censored + others }
    }
}

/// The turns between which a duration lies; no turn where it is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnInterval {
    /// The lower bound. [turns]
    pub low: Option<usize>,
    /// The upper bound. [turns]
    pub high: Option<usize>,
}

/// Estimates turn by turn, all from the same rows. Turns count from that of the first row, and all
/// runs are at risk before it.
#[derive(Clone, Debug, PartialEq)]
pub struct LifeTable {
    n: u64,
    at_risk: Vec<u64>,
    survival: Vec<f64>,
    greenwood: Vec<f64>,
    causes: Vec<Incidence>,
}

/// How ends of one cause add up.
#[derive(Clone, Debug, Default, PartialEq)]
struct Incidence {
    by_turn: Vec<f64>,
    variance: Vec<f64>,
}

impl LifeTable {
    /// The table of a batch.
    ///
    /// # Errors
    /// When rows differ in how many causes they know.
    pub fn new(rows: &[TurnRow]) -> Result<Self, Fault> {
        let expected = rows.first().map_or(0, |row| row.ended.len());
        let unequal = rows.iter().position(|row| row.ended.len() != expected);
        if let Some(turn) = unequal {
            return Err(Fault::UnequalCauses { turn, found: rows[turn].ended.len(), expected });
        }
        let leave = |row: &TurnRow| row.ended.iter().sum::<u64>() + row.censored;
        let n = rows.iter().map(leave).sum();
        let mut left = n;
        let at_risk: Vec<u64> = rows
            .iter()
            .map(|row| {
                let before = left;
                left -= leave(row);
                before
            })
            .collect();
        let mut table = Self { n, at_risk, survival: vec![], greenwood: vec![], causes: vec![] };
        table.survive(rows);
        table.causes = (0..expected).map(|cause| table.incidence_of(rows, cause)).collect();
        Ok(table)
    }

    /// Kaplan–Meier and Greenwood's sum.
    fn survive(&mut self, rows: &[TurnRow]) {
        // The share of all runs that one run at risk stands for. It grows by censoring only, so
        // that without censoring no product is rounded.
        let (mut base_share, mut base_runs) = (1.0, self.n);
        let mut sum = 0.0;
        for (row, at_risk) in rows.iter().zip(&self.at_risk) {
            let ended: u64 = row.ended.iter().sum();
            let left = at_risk - ended;
            // Who is not there cannot end: the last share stands.
            let share = match at_risk {
                0 => self.survival.last().copied().unwrap_or(1.0),
                _ => base_share * real(left) / real(base_runs),
            };
            if ended > 0 && left > 0 {
                sum += real(ended) / (real(*at_risk) * real(left));
            }
            self.survival.push(share);
            self.greenwood.push(sum);
            if row.censored > 0 && left > row.censored {
                (base_share, base_runs) = (share, left - row.censored);
            }
        }
    }

    /// Aalen–Johansen, and its variance by the delta method.
    fn incidence_of(&self, rows: &[TurnRow], cause: usize) -> Incidence {
        let mut incidence = Incidence::default();
        let (mut base_incidence, mut base_share, mut base_runs) = (0.0, 1.0, self.n);
        let (mut counted, mut sums) = (0, DeltaSums::default());
        for ((row, at_risk), survival) in rows.iter().zip(&self.at_risk).zip(&self.survival) {
            let ended: u64 = row.ended.iter().sum();
            counted += row.ended[cause];
            let so_far = if counted == 0 {
                base_incidence
            } else {
                base_incidence + base_share * real(counted) / real(base_runs)
            };
            if *at_risk > 0 {
                let runs = real(*at_risk);
                let per_run = base_share / real(base_runs);
                sums.add(so_far, per_run, runs, real(ended), real(row.ended[cause]));
            }
            incidence.by_turn.push(so_far);
            incidence.variance.push(sums.variance(so_far));
            let left = at_risk - ended;
            if row.censored > 0 && left > row.censored {
                (base_incidence, base_share, base_runs) = (so_far, *survival, left - row.censored);
                counted = 0;
            }
        }
        incidence
    }

    /// How many runs there are. [runs]
    #[must_use]
    pub const fn n(&self) -> u64 {
        self.n
    }

    /// How many are still going before each turn. [runs]
    #[must_use]
    pub fn at_risk(&self) -> &[u64] {
        &self.at_risk
    }

    /// The share that goes on past each turn. \[kaplan1958\] [1, [0, 1]]
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        &self.survival
    }

    /// Greenwood's variance of the share that goes on past a turn; 0 where none does.
    /// \[greenwood1926\] [1, at least 0]
    ///
    /// # Panics
    /// When there is no such turn.
    #[must_use]
    pub fn survival_variance(&self, turn: usize) -> f64 {
        self.survival[turn] * self.survival[turn] * self.greenwood[turn]
    }

    /// An interval for the share that goes on past a turn, normal in ln(−ln S), so that it stays
    /// between 0 and 1. Where all or none go on it has no width: where nothing is censored, ask
    /// [`crate::proportion::Share::wilson`] instead. \[kalbfleisch1980\] [1, [0, 1]]
    ///
    /// # Panics
    /// When there is no such turn.
    #[must_use]
    pub fn survival_interval(&self, turn: usize, confidence: Confidence) -> Interval {
        log_log(self.survival[turn], self.greenwood[turn].sqrt(), confidence)
    }

    /// The first turn past which no more than this share goes on; nothing where more still do at
    /// the end. Half of them for the median. [turns]
    #[must_use]
    pub fn quantile(&self, share: f64) -> Option<usize> {
        first_at_most(self.survival.iter().copied(), share)
    }

    /// The first turn past which no more than half go on. [turns]
    #[must_use]
    pub fn median(&self) -> Option<usize> {
        self.quantile(0.5)
    }

    /// An interval for the median: where the bounds of survival come down to a half.
    /// \[brookmeyer1982\] [turns]
    #[must_use]
    pub fn median_interval(&self, confidence: Confidence) -> TurnInterval {
        let bounds = (0..self.survival.len()).map(|turn| self.survival_interval(turn, confidence));
        TurnInterval {
            low: first_at_most(bounds.clone().map(|bounds| bounds.low), 0.5),
            high: first_at_most(bounds.map(|bounds| bounds.high), 0.5),
        }
    }

    /// How many causes the rows know.
    #[must_use]
    pub const fn n_causes(&self) -> usize {
        self.causes.len()
    }

    /// The share that has ended by each turn by this cause, the others competing. \[aalen1978\]
    /// [1, [0, 1]]
    ///
    /// # Panics
    /// When there is no such cause.
    #[must_use]
    pub fn incidence(&self, cause: usize) -> &[f64] {
        &self.causes[cause].by_turn
    }

    /// The variance of that share, by the delta method. \[dinse1986\] [1, at least 0]
    ///
    /// # Panics
    /// When there is no such cause.
    #[must_use]
    pub fn incidence_variance(&self, cause: usize) -> &[f64] {
        &self.causes[cause].variance
    }

    /// An interval for that share, normal in ln(−ln F), so that it stays between 0 and 1. Of no
    /// ends it has no width. \[choudhury2002\] [1, [0, 1]]
    ///
    /// # Panics
    /// When there is no such cause or turn.
    #[must_use]
    pub fn incidence_interval(
        &self,
        cause: usize,
        turn: usize,
        confidence: Confidence,
    ) -> Interval {
        let Incidence { by_turn, variance } = &self.causes[cause];
        let relative =
            if by_turn[turn] > 0.0 { variance[turn].sqrt() / by_turn[turn] } else { 0.0 };
        log_log(by_turn[turn], relative, confidence)
    }
}

/// The interval of a share that is normal in ln(−ln share), from the relative standard error.
fn log_log(share: f64, relative_error: f64, confidence: Confidence) -> Interval {
    if share <= 0.0 || share >= 1.0 {
        return Interval { low: share, high: share };
    }
    let reach = confidence.normal_quantile() * relative_error / math::ln(share);
    let bound = |reach| math::pow(share, math::exp(reach));
    Interval { low: bound(-reach), high: bound(reach) }
}

/// The first turn with at most this share, where sums taken in another order count as equal.
fn first_at_most(mut shares: impl Iterator<Item = f64>, most: f64) -> Option<usize> {
    shares.position(|share| share <= most + 1e-12)
}

/// The sums of the delta method for a cumulative incidence F at turn t, over turns i up to it:
/// Σ (F(t) − Fᵢ)² dᵢ/(nᵢ(nᵢ − dᵢ)) + Σ S² (nᵢ − kᵢ) kᵢ/nᵢ³ − 2 Σ (F(t) − Fᵢ) S kᵢ/nᵢ², where of nᵢ
/// at risk dᵢ end, kᵢ of them by the cause, and S is the share that goes on before. \[dinse1986\]
#[derive(Default)]
struct DeltaSums {
    hazard: f64,
    hazard_incidence: f64,
    hazard_square: f64,
    own: f64,
    cross: f64,
    cross_incidence: f64,
}

impl DeltaSums {
    /// Adds a turn; `per_run` is S over the number at risk.
    fn add(&mut self, incidence: f64, per_run: f64, at_risk: f64, ended: f64, of_cause: f64) {
        // Where all end, F does not change any more, and the first sum has nothing to add.
        if ended < at_risk {
            let hazard = ended / (at_risk * (at_risk - ended));
            self.hazard += hazard;
            self.hazard_incidence += incidence * hazard;
            self.hazard_square += incidence * incidence * hazard;
        }
        self.own += per_run * per_run * (at_risk - of_cause) * of_cause / at_risk;
        self.cross += per_run * of_cause / at_risk;
        self.cross_incidence += incidence * per_run * of_cause / at_risk;
    }

    fn variance(&self, incidence: f64) -> f64 {
        let apart = incidence * (incidence * self.hazard - 2.0 * self.hazard_incidence);
        let cross = 2.0 * (incidence * self.cross - self.cross_incidence);
        (apart + self.hazard_square + self.own - cross).max(0.0)
    }
}

#[cfg(test)]
mod tests;
