//! Means: what something comes to on average, and between what bounds that may lie.
//!
//! Sums are kept as whole numbers of a unit, so that a batch worked on in any parts comes to the
//! same sum to the last bit, and the variance has not lost its digits where values are large and
//! alike. The interval is Student's \[student1908\]; with hundreds of runs it no longer asks for
//! values that are normal, and with millions it is the normal one to six digits.

use crate::halving::halve;
use crate::incomplete_beta::incomplete_beta;
use crate::interval::{Confidence, Interval, real};

/// Sums of whole numbers: turns, or what else has been counted in a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExactSums {
    /// How many values. [runs]
    pub n: u64,
    /// Their sum. [unit]
    pub sum: i128,
    /// The sum of their squares. [unit²]
    pub sum_of_squares: u128,
}

impl ExactSums {
    /// Adds a value, in whole units. Of values below 2^48 units, 10^8 fit.
    ///
    /// # Panics
    /// When the sum of squares passes 2^124: no sum that is too large is told.
    pub fn add(&mut self, units: i64) {
        let square = u128::from(units.unsigned_abs()).pow(2);
        self.merge(&Self { n: 1, sum: i128::from(units), sum_of_squares: square });
    }

    /// Adds what another part of the batch has come to.
    ///
    /// # Panics
    /// When the sum of squares passes 2^124.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum += other.sum;
        let sum = self.sum_of_squares.checked_add(other.sum_of_squares);
        let sum = sum.filter(|sum| *sum <= 1 << 124);
        self.sum_of_squares = sum.expect("squares of units sum to 2^124 at most");
    }

    /// Mean and variance, where a unit is worth this much; nothing of no values.
    #[must_use]
    pub fn moments(&self, unit: f64) -> Option<Moments> {
        if self.n == 0 {
            return None;
        }
        // About the whole number below the mean, squares are small, and everything before the
        // division is exact.
        let n = i128::from(self.n);
        let (about, rest) = (self.sum.div_euclid(n), self.sum.rem_euclid(n));
        // The whole number is less than 1 from the mean, whose square is no more than the mean of
        // squares. So its square is no more than four of those, or than 1, and no product
        // overflows.
        let missing = about.unsigned_abs() * (about.unsigned_abs() * n.unsigned_abs());
        let twice_rest = 2 * about * rest;
        let centred = self.sum_of_squares.cast_signed() - missing.cast_signed() - twice_rest;
        let (n, rest) = (real(self.n), integer(rest));
        let squares = (integer(centred) - rest * rest / n).max(0.0);
        let variance = if self.n > 1 { squares / (n - 1.0) * unit * unit } else { 0.0 };
        Some(Moments { n: self.n, mean: (integer(about) + rest / n) * unit, variance })
    }
}

fn integer(number: i128) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sixteen digits are enough for statistics")]
    let number = number as f64;
    number
}

/// What is needed of a sample to tell its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// How many values. [runs, at least 1]
    pub n: u64,
    /// Their mean. [its unit]
    pub mean: f64,
    /// Their variance, the sum of squares about the mean over n − 1; 0 for one. [its unit², at
    /// least 0]
    pub variance: f64,
}

impl Moments {
    /// Mean and variance of values; nothing of none. For values that are no whole numbers of a
    /// unit, in an order that does not change.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = u64::try_from(values.len()).expect("a list is shorter than 2^64");
        if n == 0 {
            return None;
        }
        let mean = values.iter().sum::<f64>() / real(n);
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        let variance = if n > 1 { squares / real(n - 1) } else { 0.0 };
        Some(Self { n, mean, variance })
    }

    /// The standard error of the mean; nothing of fewer than two. [its unit]
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        (self.n > 1).then(|| (self.variance / real(self.n)).sqrt())
    }

    /// Student's interval for the mean; nothing of fewer than two values, which do not tell how far
    /// they vary. Values that are all alike give an interval of no width. \[student1908\]
    /// [its unit]
    #[must_use]
    pub fn interval(&self, confidence: Confidence) -> Option<Interval> {
        let error = self.standard_error()?;
        let half = error * student_quantile(real(self.n - 1), confidence);
        Some(Interval { low: self.mean - half, high: self.mean + half })
    }
}

/// How many standard errors reach to the bound with so many degrees of freedom. Beyond 10^9 of them
/// it is the normal one, from which it differs in the tenth digit. [1, above 0]
pub(crate) fn student_quantile(freedom: f64, confidence: Confidence) -> f64 {
    if freedom > 1e9 {
        return confidence.normal_quantile();
    }
    // T² = ν y/x, where x is beta with shapes ν/2 and 1/2; its tails are twice those of T. Roots of
    // y keep their digits where T is small, those of x where it is large.
    let (a, b, tails) = (freedom / 2.0, 0.5, 2.0 * confidence.tail());
    let half = incomplete_beta(a, b, 0.5, 0.5);
    let (x, y) = if half > tails {
        let x = halve(0.0, 0.5, |x| incomplete_beta(a, b, x, 1.0 - x) < tails);
        (x, 1.0 - x)
    } else {
        let y = halve(0.0, 0.5, |y| incomplete_beta(b, a, y, 1.0 - y) < 1.0 - tails);
        (1.0 - y, y)
    };
    (freedom * y / x).sqrt()
}

#[cfg(test)]
mod tests {
    use demarche_random::purpose::Purpose;
    use demarche_random::sample;
    use demarche_random::seed::MasterSeed;
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{near, near_bounds, numbers, reference};

    const INTERVALS: &str =
        include_str!("../../../tests/reference/statistics/confidence_intervals.json");
    const PAIRED: &str = include_str!("../../../tests/reference/statistics/paired_crn.json");

    #[test]
    fn quantiles_are_the_tabled_ones() {
        let tabled = [
            (1.0, 0.95, 12.706_204_736_174_705),
            (2.0, 0.95, 4.302_652_729_749_464),
            (10.0, 0.99, 3.169_272_672_616_951),
            (30.0, 0.5, 0.682_755_693_321_292_2),
            (1.0, 0.5, 1.0),
        ];
        for (freedom, level, t) in tabled {
            near(student_quantile(freedom, Confidence::new(level).unwrap()), t, 1e-12);
        }
    }

    #[test]
    fn with_many_runs_it_becomes_the_normal_one() {
        let z = Confidence::NINETY_FIVE.normal_quantile();
        for freedom in [1e4, 1e6, 1e7, 1e9] {
            // The first terms of the expansion of t in 1/ν.
            let next = (5.0 * z * z * z * z * z + 16.0 * z * z * z + 3.0 * z) / 96.0;
            let paper = z + (z * z * z + z) / (4.0 * freedom) + next / (freedom * freedom);
            near(student_quantile(freedom, Confidence::NINETY_FIVE), paper, 1e-11);
        }
        assert_eq!(student_quantile(1e10, Confidence::NINETY_FIVE), z);
    }

    #[test]
    fn intervals_are_those_that_others_found() {
        let file = reference(INTERVALS);
        let moments = Moments::of(&numbers(&file["bootstrap_mc"]["x"])).unwrap();
        let interval = moments.interval(Confidence::NINETY_FIVE).unwrap();
        near_bounds(interval, &file["t_interval_95"], 1e-13);

        let example = &reference(PAIRED)["crn_example"];
        let pairs = numbers(&example["A"]).into_iter().zip(numbers(&example["B"]));
        let differences: Vec<f64> = pairs.map(|(a, b)| b - a).collect();
        let moments = Moments::of(&differences).unwrap();
        near(moments.mean, example["mean_diff"].as_f64().unwrap(), 1e-13);
        let interval = moments.interval(Confidence::NINETY_FIVE).unwrap();
        near_bounds(interval, &example["paired_ci95"], 1e-13);
    }

    #[test]
    fn sums_in_units_lose_nothing() {
        // Hundred-thousandths, as they stand in the file.
        let example = &reference(PAIRED)["crn_example"];
        let mut sums = ExactSums::default();
        for (a, b) in numbers(&example["A"]).into_iter().zip(numbers(&example["B"])) {
            sums.add(((b - a) * 1e5).round() as i64);
        }
        let interval = sums.moments(1e-5).unwrap().interval(Confidence::NINETY_FIVE).unwrap();
        near_bounds(interval, &example["paired_ci95"], 1e-13);
    }

    #[test]
    fn large_values_that_are_alike_keep_their_variance() {
        let mut sums = ExactSums::default();
        for _ in 0..1000 {
            for step in [-1, 0, 1] {
                sums.add((1 << 50) + step);
            }
        }
        let moments = sums.moments(1.0).unwrap();
        near(moments.variance, 2000.0 / 2999.0, 1e-15);
        let ten_millions = ExactSums {
            n: 10_000_000,
            sum: 10_000_000 << 50,
            sum_of_squares: (10_000_000 << 100) + 10_000_000,
        };
        near(ten_millions.moments(1.0).unwrap().variance, 1e7 / (1e7 - 1.0), 1e-15);
    }

    #[test]
    fn of_too_few_nothing_is_said() {
        assert_eq!(ExactSums::default().moments(1.0), None);
        let one = Moments::of(&[3.0]).unwrap();
        assert_eq!((one.mean, one.interval(Confidence::NINETY_FIVE)), (3.0, None));
        let alike = Moments::of(&[3.0, 3.0]).unwrap();
        let point = Some(Interval { low: 3.0, high: 3.0 });
        assert_eq!(alike.interval(Confidence::NINETY_FIVE), point);
    }

    #[test]
    fn intervals_hold_the_truth_as_often_as_they_say() {
        let n_batches = 2000;
        let held = (0..n_batches).filter(|batch| {
            let value = |run| {
                let u = MasterSeed(*batch).run(run).draws(Purpose::Temper, 0, 0).uniform();
                3.0 + sample::normal(u)
            };
            let moments = Moments::of(&(0..8).map(value).collect::<Vec<f64>>()).unwrap();
            moments.interval(Confidence::NINETY_FIVE).unwrap().contains(3.0)
        });
        near(f64::from(u32::try_from(held.count()).unwrap()) / 2000.0, 0.95, 0.02);
    }

    proptest! {
        #[test]
        fn parts_come_to_the_same(values in prop::collection::vec(-1_000_000_i64..1_000_000, 2..40)) {
            let sums = |values: &[i64]| {
                let mut sums = ExactSums::default();
                values.iter().for_each(|value| sums.add(*value));
                sums
            };
            let (first, second) = values.split_at(values.len() / 2);
            let mut parts = sums(second);
            parts.merge(&sums(first));
            prop_assert_eq!(parts, sums(&values));

            let exact = parts.moments(0.5).unwrap();
            let floats: Vec<f64> = values.iter().map(|value| 0.5 * *value as f64).collect();
            let direct = Moments::of(&floats).unwrap();
            prop_assert!((exact.mean - direct.mean).abs() < 1e-9);
            prop_assert!((exact.variance - direct.variance).abs() <= 1e-12 * direct.variance);
        }

        #[test]
        fn surer_is_wider(freedom in 1.0..1e6, level in 0.01..0.99) {
            let at = |level| student_quantile(freedom, Confidence::new(level).unwrap());
            prop_assert!(at(level) < at(level + 0.005));
        }
    }
}
