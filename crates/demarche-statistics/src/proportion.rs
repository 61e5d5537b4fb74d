//! Shares: how often something came of so many runs, and between what bounds that may lie.
//!
//! Runs of a batch are independent, so that their count is binomial. Two intervals for it: Wilson's
//! holds the truth about as often as it says, and is the one to show \[wilson1927\]; Clopper and
//! Pearson's holds it at least as often, whatever the truth, and is wider for it \[clopper1934\].
//! Both stay inside of 0 and 1 and say something at none and at all, where the textbook's ± says
//! nothing.

use demarche_random::math;

use crate::fault::Fault;
use crate::halving::halve;
use crate::incomplete_beta::incomplete_beta;
use crate::interval::{Confidence, Interval, real};

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    count: u64,
    of: u64,
}

impl Share {
    /// A share of runs.
    ///
    /// # Errors
    /// When there are more than there are.
    pub const fn new(count: u64, of: u64) -> Result<Self, Fault> {
        if count <= of { Ok(Self { count, of }) } else { Err(Fault::NoShare { count, of }) }
    }

    /// How many it came of. [runs]
    #[must_use]
    pub const fn count(self) -> u64 {
        self.count
    }

    /// Of how many. [runs]
    #[must_use]
    pub const fn of(self) -> u64 {
        self.of
    }

    /// The share of the runs in which it did not come.
    #[must_use]
    pub const fn others(self) -> Self {
        Self { count: self.of - self.count, of: self.of }
    }

    /// The share itself, which is also the likeliest truth; nothing of no runs. [1, [0, 1]]
    #[must_use]
    pub fn estimate(self) -> Option<f64> {
        (self.of > 0).then(|| real(self.count) / real(self.of))
    }

    /// Wilson's interval, without a correction for continuity: the truths that a normal test of the
    /// count would not reject. All of 0 to 1 of no runs. \[wilson1927\] [1, [0, 1]]
    #[must_use]
    pub fn wilson(self, confidence: Confidence) -> Interval {
        let Some(share) = self.estimate() else { return EVERYTHING };
        let (n, z) = (real(self.of), confidence.normal_quantile());
        let shrink = 1.0 + z * z / n;
        let centre = (share + z * z / (2.0 * n)) / shrink;
        let half = z / shrink * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        Interval {
            low: if self.count == 0 { 0.0 } else { (centre - half).max(0.0) },
            high: if self.count == self.of { 1.0 } else { (centre + half).min(1.0) },
        }
    }

    /// Clopper and Pearson's interval: the truths under which neither so many nor so few would be
    /// rarer than the tail. All of 0 to 1 of no runs. \[clopper1934\] [1, [0, 1]]
    #[must_use]
    pub fn clopper_pearson(self, confidence: Confidence) -> Interval {
        let (Some(share), tail) = (self.estimate(), confidence.tail()) else { return EVERYTHING };
        let (yes, no) = (real(self.count), real(self.of - self.count));
        // The chance of all, or of none, has a root that can be written down.
        let edge = math::ln(tail) / real(self.of);
        let low = match self.count {
            0 => 0.0,
            count if count == self.of => math::exp(edge),
            _ => halve(0.0, share, |p| incomplete_beta(yes, no + 1.0, p, 1.0 - p) < tail),
        };
        let high = match self.count {
            count if count == self.of => 1.0,
            0 => -math::exp_less_one(edge),
            _ => halve(share, 1.0, |p| incomplete_beta(no, yes + 1.0, 1.0 - p, p) > tail),
        };
        Interval { low, high }
    }
}

/// Where nothing has been seen, every share is possible.
const EVERYTHING: Interval = Interval { low: 0.0, high: 1.0 };

#[cfg(test)]
mod tests;
