//! Intervals: two bounds, and how often bounds so made hold what they are about.

use demarche_random::sample;

use crate::fault::Fault;

/// Two bounds, in the unit of what lies between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound, at least the lower.
    pub high: f64,
}

impl Interval {
    /// Half of the width: the ± of a report, exact where the interval is symmetric. [its unit, at
    /// least 0]
    #[must_use]
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether a value lies between the bounds, or on one.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The interval of what has the other sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { low: -self.high, high: -self.low }
    }
}

/// How often intervals so made hold the truth, at least nominally. [1, (0, 1)]
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f64);

impl Confidence {
    /// Nineteen times of twenty: the custom of the field, and nothing more. -- parameter, by custom
    pub const NINETY_FIVE: Self = Self(0.95);

    /// A confidence of this level.
    ///
    /// # Errors
    /// When the level is not above 0 and below 1.
    pub fn new(level: f64) -> Result<Self, Fault> {
        if level > 0.0 && level < 1.0 {
            Ok(Self(level))
        } else {
            Err(Fault::NoConfidence { level })
        }
    }

    /// The level. [1, (0, 1)]
    #[must_use]
    pub const fn level(self) -> f64 {
        self.0
    }

    /// What is left out at each end: half of what the level lacks. [1, (0, 1/2)]
    #[must_use]
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// How many standard deviations of a normal distribution reach to the bound. [1, above 0]
    #[must_use]
    pub fn normal_quantile(self) -> f64 {
        // At the lower tail, where the distribution function keeps its digits.
        -sample::normal(self.tail())
    }
}

/// A count as a number: exact up to 2^53, and to sixteen digits beyond.
pub(crate) const fn real(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sixteen digits are enough for statistics")]
    let number = count as f64;
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_confidence_is_neither_nothing_nor_certainty() {
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            assert!(Confidence::new(level).is_err(), "{level}");
        }
        assert_eq!(Confidence::new(0.95), Ok(Confidence::NINETY_FIVE));
    }

    #[test]
    fn quantiles_are_the_tabled_ones() {
        let tabled = [
            (0.5, 0.674_489_750_196_081_7),
            (0.9, 1.644_853_626_951_472_7),
            (0.95, 1.959_963_984_540_054),
            (0.99, 2.575_829_303_548_900_4),
            (0.999_999, 4.891_638_475_698_996),
        ];
        for (level, z) in tabled {
            let found = Confidence::new(level).unwrap().normal_quantile();
            assert!((found - z).abs() < 1e-9, "{level}: {found}");
        }
    }

    #[test]
    fn an_interval_is_turned_by_its_sign() {
        let interval = Interval { low: -1.0, high: 3.0 };
        assert_eq!(interval.negated(), Interval { low: -3.0, high: 1.0 });
        assert_eq!(interval.half_width(), 2.0);
        assert!(interval.contains(3.0) && !interval.contains(3.1));
    }
}
