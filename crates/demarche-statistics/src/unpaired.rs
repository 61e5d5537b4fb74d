//! Unpaired comparisons: two batches that have no chance in common, and what differs between them.
//!
//! Runs with the same seeds have pairs, and [`crate::paired`] tells more of them from far fewer
//! runs. These are for what comes without a twin: another model, other data, other seeds.

use crate::interval::{Confidence, Interval, real};
use crate::mean::{Moments, student_quantile};
use crate::proportion::Share;

/// Newcombe's interval for the share of one batch less that of another, put together of Wilson's
/// for each (method 10, without correction for continuity). Of no runs all of −1 to 1.
/// \[newcombe1998\] [1, [−1, 1]]
#[must_use]
pub fn difference_of_shares(changed: Share, base: Share, confidence: Confidence) -> Interval {
    let (Some(of_changed), Some(of_base)) = (changed.estimate(), base.estimate()) else {
        return Interval { low: -1.0, high: 1.0 };
    };
    let (around_changed, around_base) = (changed.wilson(confidence), base.wilson(confidence));
    let difference = of_changed - of_base;
    let below = length(of_changed - around_changed.low, around_base.high - of_base);
    let above = length(around_changed.high - of_changed, of_base - around_base.low);
    Interval { low: (difference - below).max(-1.0), high: (difference + above).min(1.0) }
}

/// Welch's interval for the mean of one batch less that of another, which need not vary alike;
/// nothing where one of them has fewer than two values. \[welch1947\] [its unit]
#[must_use]
pub fn difference_of_means(
    changed: &Moments,
    base: &Moments,
    confidence: Confidence,
) -> Option<Interval> {
    let (first, second) = (changed.standard_error()?, base.standard_error()?);
    let (difference, error) = (changed.mean - base.mean, length(first, second));
    if error == 0.0 {
        return Some(Interval { low: difference, high: difference });
    }
    // Shares of the variance, so that no fourth power is too small to be divided by.
    let (first, second) = (first / error * (first / error), second / error * (second / error));
    let freedom = 1.0 / (first * first / real(changed.n - 1) + second * second / real(base.n - 1));
    let half = error * student_quantile(freedom, confidence);
    Some(Interval { low: difference - half, high: difference + half })
}

fn length(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{list, near_bounds, numbers, reference, whole};

    const INTERVALS: &str =
        include_str!("../../../tests/reference/statistics/confidence_intervals.json");
    const PAIRED: &str = include_str!("../../../tests/reference/statistics/paired_crn.json");

    #[test]
    fn differences_of_shares_are_those_that_others_found() {
        let file = reference(INTERVALS);
        for case in list(&file["two_independent"]) {
            let share = |k: &str, n: &str| Share::new(whole(&case[k]), whole(&case[n])).unwrap();
            let (first, second) = (share("k1", "n1"), share("k2", "n2"));
            let interval = difference_of_shares(first, second, Confidence::NINETY_FIVE);
            near_bounds(interval, &case["diff_newcomb"], 1e-13);
            let turned = difference_of_shares(second, first, Confidence::NINETY_FIVE);
            assert_eq!(turned, interval.negated());
        }
    }

    #[test]
    fn differences_of_means_are_those_that_others_found() {
        let example = &reference(PAIRED)["crn_example"];
        let moments = |key: &str| Moments::of(&numbers(&example[key])).unwrap();
        let (base, changed) = (moments("A"), moments("B"));
        let interval = difference_of_means(&changed, &base, Confidence::NINETY_FIVE).unwrap();
        near_bounds(interval, &example["welch_ci95"], 1e-12);
    }

    #[test]
    fn of_nothing_all_is_possible() {
        let (nothing, some) = (Share::new(0, 0).unwrap(), Share::new(1, 3).unwrap());
        let all = Interval { low: -1.0, high: 1.0 };
        assert_eq!(difference_of_shares(nothing, some, Confidence::NINETY_FIVE), all);
        let (one, two) = (Moments::of(&[1.0]).unwrap(), Moments::of(&[1.0, 2.0]).unwrap());
        assert_eq!(difference_of_means(&one, &two, Confidence::NINETY_FIVE), None);
        let (alike, other) = (Moments::of(&[1.0; 3]).unwrap(), Moments::of(&[4.0; 9]).unwrap());
        let point = Some(Interval { low: 3.0, high: 3.0 });
        assert_eq!(difference_of_means(&other, &alike, Confidence::NINETY_FIVE), point);
    }
}
