//! What is held to be true of shares: results of others, results on paper, and coverage.

use demarche_random::purpose::Purpose;
use demarche_random::seed::MasterSeed;
use proptest::prelude::*;

use super::*;
use crate::testing::{list, near, near_bounds, number, reference, whole};

const REFERENCE: &str =
    include_str!("../../../../tests/reference/statistics/confidence_intervals.json");

fn share(count: u64, of: u64) -> Share {
    Share::new(count, of).unwrap()
}

#[test]
fn more_than_there_are_is_no_share() {
    assert_eq!(Share::new(3, 2), Err(Fault::NoShare { count: 3, of: 2 }));
}

#[test]
fn bounds_are_those_that_others_found() {
    let reference = reference(REFERENCE);
    for case in list(&reference["binomial"]) {
        let share = share(whole(&case["k"]), whole(&case["n"]));
        let confidence = Confidence::new(1.0 - number(&case["alpha"])).unwrap();
        near_bounds(share.wilson(confidence), &case["wilson"], 1e-12);
        let exact = share.clopper_pearson(confidence);
        // Relative, for some bounds are of the order of 10^-8.
        for (found, place) in [(exact.low, 0), (exact.high, 1)] {
            let expected = number(&case["clopper_pearson"][place]);
            let apart = (found - expected).abs();
            // Theirs differ from sums in forty digits by as much.
            assert!(apart <= 1e-10 * expected, "{share:?}: {found} is not {expected}");
        }
    }
}

#[test]
fn exact_bounds_are_those_on_paper() {
    // The rule of three, exactly: (1 − p)^n is the tail.
    let none = share(0, 10_000_000).clopper_pearson(Confidence::NINETY_FIVE);
    near(none.high * 1e7, 3.688_878_773_722_438_6, 1e-14);
    // One of n: 1 − (1 − p)^n is the tail.
    let one = share(1, 1_000_000).clopper_pearson(Confidence::NINETY_FIVE);
    near(one.low * 1e8, 2.531_780_766_379_417_8, 1e-14);
    // Sums of thirteen terms in forty digits.
    let few = share(12, 10_000_000).clopper_pearson(Confidence::NINETY_FIVE);
    near(few.low * 1e7, 6.200_576_596_682_646, 1e-14);
    near(few.high * 1e7, 20.961_575_655_725_796, 1e-13);
}

#[test]
fn of_nothing_all_is_possible() {
    let nothing = share(0, 0);
    assert_eq!(nothing.estimate(), None);
    for interval in [Share::wilson, Share::clopper_pearson] {
        assert_eq!(interval(nothing, Confidence::NINETY_FIVE), EVERYTHING);
    }
}

#[test]
fn ten_millions_are_told_as_surely_as_ten() {
    for count in [0, 1, 2, 4_999_999, 5_000_000, 9_999_999, 10_000_000] {
        let share = share(count, 10_000_000);
        let (exact, score) =
            (share.clopper_pearson(Confidence::NINETY_FIVE), share.wilson(Confidence::NINETY_FIVE));
        let estimate = share.estimate().unwrap();
        assert!(exact.contains(estimate) && score.contains(estimate), "{share:?}");
        assert!(exact.half_width() < 3.2e-4 && score.half_width() < 3.2e-4, "{share:?}");
    }
}

/// How often an interval holds the truth, over all counts that may come of it.
fn coverage(interval: fn(Share, Confidence) -> Interval, of: u64, truth: f64) -> f64 {
    let mut weight = math::pow(1.0 - truth, real(of));
    let mut held = 0.0;
    for count in 0..=of {
        if interval(share(count, of), Confidence::NINETY_FIVE).contains(truth) {
            held += weight;
        }
        weight *= real(of - count) / real(count + 1) * truth / (1.0 - truth);
    }
    held
}

#[test]
fn exact_bounds_hold_the_truth_at_least_as_often_as_they_say() {
    for truth in [0.001, 0.02, 0.1, 0.37, 0.5, 0.93] {
        for of in [5, 20, 100] {
            let held = coverage(Share::clopper_pearson, of, truth);
            assert!(held >= 0.95 - 1e-12, "{truth} of {of}: {held}");
        }
    }
}

#[test]
fn wilsons_hold_it_as_often_as_they_say_on_average() {
    let truths: Vec<f64> = (1..100).map(|percent| f64::from(percent) / 100.0).collect();
    let held: Vec<f64> = truths.iter().map(|truth| coverage(Share::wilson, 50, *truth)).collect();
    near(held.iter().sum::<f64>() / 99.0, 0.95, 0.005);
    assert!(held.iter().all(|held| *held > 0.88));
}

#[test]
fn wilsons_hold_the_truth_of_runs_that_are_drawn() {
    let (n_batches, of, truth) = (2000, 200, 0.12);
    let held = (0..n_batches).filter(|batch| {
        let yes = |run| MasterSeed(*batch).run(run).draws(Purpose::Consent, 0, 0).chance(truth);
        let count = real((0..of).filter(|run| yes(*run)).count().try_into().unwrap());
        share(count as u64, of).wilson(Confidence::NINETY_FIVE).contains(truth)
    });
    let held = real(held.count().try_into().unwrap()) / 2000.0;
    // Four standard errors of a share of 0.95.
    near(held, 0.95, 0.02);
}

proptest! {
    #[test]
    fn intervals_hold_the_share_and_turn_with_it((count, of) in cells(), level in 0.01..0.999) {
        let (share, confidence) = (share(count, of), Confidence::new(level).unwrap());
        for interval in [Share::wilson, Share::clopper_pearson] {
            let (bounds, others) = (interval(share, confidence), interval(share.others(), confidence));
            prop_assert!(bounds.low >= 0.0 && bounds.high <= 1.0);
            prop_assert!(bounds.low - 1e-15 <= share.estimate().unwrap());
            prop_assert!(bounds.high + 1e-15 >= share.estimate().unwrap());
            prop_assert!((bounds.low - (1.0 - others.high)).abs() < 1e-13);
            prop_assert!((bounds.high - (1.0 - others.low)).abs() < 1e-13);
        }
    }

    #[test]
    fn surer_is_wider((count, of) in cells(), level in 0.01..0.99) {
        let (less, more) = (Confidence::new(level).unwrap(), Confidence::new(level + 0.005).unwrap());
        for interval in [Share::wilson, Share::clopper_pearson] {
            let (inner, outer) = (interval(share(count, of), less), interval(share(count, of), more));
            prop_assert!(outer.low <= inner.low && inner.high <= outer.high);
        }
    }
}

fn cells() -> impl Strategy<Value = (u64, u64)> {
    (1..100_000_u64).prop_flat_map(|of| (0..=of, Just(of)))
}
