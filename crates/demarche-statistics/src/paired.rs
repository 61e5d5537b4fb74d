//! Paired comparisons: each run beside its twin with the same chance, and what the change did.
//!
//! Two variants of a scenario that are run with the same seeds meet the same attacks and delays.
//! Runs in which both did alike say nothing about the change, so what counts are the pairs that
//! part: where only the one, or only the other, came to it. The share of all pairs in which the
//! change made it, less that in which it undid it, is the difference, and Tango's interval goes
//! with it \[tango1998\]. Whether there is a difference at all is McNemar's question
//! \[mcnemar1947\].
//!
//! For numbers rather than yes and no, put the difference of each pair into
//! [`crate::mean::ExactSums`] or [`crate::mean::Moments`]: the paired interval is that of their
//! mean.

use crate::halving::halve;
use crate::incomplete_beta::{binomial_weight, incomplete_beta};
use crate::interval::{Confidence, Interval, real};

/// Pairs of runs, by who of the two came to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FourCells {
    /// Both did. [pairs]
    pub both: u64,
    /// Only the run without the change. [pairs]
    pub only_base: u64,
    /// Only the run with the change. [pairs]
    pub only_changed: u64,
    /// Neither did. [pairs]
    pub neither: u64,
}

impl FourCells {
    /// Adds a pair.
    pub const fn add(&mut self, base: bool, changed: bool) {
        match (base, changed) {
            (true, true) => self.both += 1,
            (true, false) => self.only_base += 1,
            (false, true) => self.only_changed += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Adds the pairs of another part of the batch.
    pub const fn merge(&mut self, other: &Self) {
        self.both += other.both;
        self.only_base += other.only_base;
        self.only_changed += other.only_changed;
        self.neither += other.neither;
    }

    /// How many pairs there are.
    #[must_use]
    pub const fn n(&self) -> u64 {
        self.both + self.only_base + self.only_changed + self.neither
    }

    /// The share with the change less the share without; nothing of no pairs. [1, [−1, 1]]
    #[must_use]
    pub fn difference(&self) -> Option<f64> {
        let parted = real(self.only_changed) - real(self.only_base);
        (self.n() > 0).then(|| parted / real(self.n()))
    }

    /// McNemar's exact test, two-sided: how likely it is that pairs part at least as unevenly, if
    /// it were even which way they part. 1 where none parts. \[mcnemar1947\] [1, (0, 1]]
    #[must_use]
    pub fn mcnemar_exact(&self) -> f64 {
        let (fewer, parted) = self.parted();
        if 2 * fewer == parted {
            return 1.0;
        }
        // At most `fewer` of them is at least `parted - fewer` of the others. Where they differ by
        // one, that is all there is, and the last digit of twice a half may be too much.
        (2.0 * incomplete_beta(real(parted - fewer), real(fewer + 1), 0.5, 0.5)).min(1.0)
    }

    /// The same with half of the probability of what was seen, which makes up for what the exact
    /// test lacks in power; the one to tell. 1 where none parts, where the formula would say ½.
    /// \[fagerland2013\] [1, (0, 1]]
    #[must_use]
    pub fn mcnemar_mid_p(&self) -> f64 {
        let (fewer, parted) = self.parted();
        let weight = match (fewer, parted) {
            (0, 0) => return 1.0,
            (0, _) => incomplete_beta(real(parted), 1.0, 0.5, 0.5),
            _ => binomial_weight(real(fewer), real(parted - fewer), 0.5, 0.5),
        };
        if 2 * fewer == parted { 1.0 - weight / 2.0 } else { self.mcnemar_exact() - weight }
    }

    /// How many pairs part the rarer way, and how many in all.
    fn parted(&self) -> (u64, u64) {
        (self.only_base.min(self.only_changed), self.only_base + self.only_changed)
    }

    /// Tango's score interval for the difference: the differences that a score test would not
    /// reject. It has a width where no pair parts, and stays inside of −1 and 1. Of no pairs it is
    /// all of that. \[tango1998\] [1, [−1, 1]]
    #[must_use]
    pub fn tango(&self, confidence: Confidence) -> Interval {
        let (Some(difference), z) = (self.difference(), confidence.normal_quantile()) else {
            return Interval { low: -1.0, high: 1.0 };
        };
        let high = halve(difference, 1.0, |delta| !self.is_rejected(delta, z));
        let low = -halve(-difference, 1.0, |delta| !self.turned().is_rejected(delta, z));
        Interval { low, high }
    }

    /// The same pairs with the change for the base.
    const fn turned(&self) -> Self {
        Self { only_base: self.only_changed, only_changed: self.only_base, ..*self }
    }

    /// Whether the score test finds this difference too large for these pairs.
    fn is_rejected(&self, delta: f64, z: f64) -> bool {
        let variance = if delta < 0.0 {
            self.turned().restricted_variance(-delta)
        } else {
            self.restricted_variance(delta)
        };
        let above = real(self.n()) * delta - (real(self.only_changed) - real(self.only_base));
        above > z * variance.max(0.0).sqrt()
    }

    /// The variance of n times the difference, where the difference is given, is at least 0, and
    /// the rest is as likely as can be. [pairs²]
    fn restricted_variance(&self, delta: f64) -> f64 {
        let (n, base, changed) = (real(self.n()), real(self.only_base), real(self.only_changed));
        // 2n q² + linear q − base δ(1 − δ) = 0, of which the share q of only the base is the root
        // that is not negative.
        let linear = (2.0 * n - changed + base) * delta - base - changed;
        let product = base * delta * (1.0 - delta);
        let root = (linear * linear + 8.0 * n * product).sqrt();
        let only_base = if linear > 0.0 {
            2.0 * product / (linear + root)
        } else {
            (root - linear) / (4.0 * n)
        };
        n * (2.0 * only_base + delta * (1.0 - delta))
    }
}

#[cfg(test)]
mod tests;
