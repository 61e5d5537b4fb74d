//! What is held to be true of pairs: results of others, results on paper, and coverage.

use demarche_random::math;
use demarche_random::purpose::Purpose;
use demarche_random::seed::MasterSeed;
use proptest::prelude::*;

use super::*;
use crate::testing::{list, near, near_bounds, number, reference, whole};

const REFERENCE: &str = include_str!("../../../../tests/reference/statistics/paired_crn.json");

/// The change as the file has it: what only the rows had, less what only the columns had.
fn cells(case: &serde_json::Value) -> FourCells {
    let cell = |row: usize, column: usize| whole(&case["table"][row][column]);
    FourCells {
        both: cell(0, 0),
        only_changed: cell(0, 1),
        only_base: cell(1, 0),
        neither: cell(1, 1),
    }
}

fn parted(only_base: u64, only_changed: u64, n: u64) -> FourCells {
    FourCells { both: 0, only_base, only_changed, neither: n - only_base - only_changed }
}

fn turned(cells: &FourCells) -> FourCells {
    FourCells { only_base: cells.only_changed, only_changed: cells.only_base, ..*cells }
}

#[test]
fn results_are_those_that_others_found() {
    let file = reference(REFERENCE);
    for case in list(&file["mcnemar"]) {
        let cells = cells(case);
        assert_eq!(cells.n(), whole(&case["n"]));
        near(cells.difference().unwrap(), number(&case["diff"]), 1e-15);
        near_bounds(cells.tango(Confidence::NINETY_FIVE), &case["tango_score_ci95"], 1e-11);
        let exact = cells.mcnemar_exact();
        // The file tests no table of which no pair parts.
        let expected = case["exact_p"].as_f64().unwrap_or(1.0);
        assert!((exact - expected).abs() < 1e-12 * expected, "{exact} is not {expected}");
    }
}

#[test]
fn the_mid_p_is_that_of_its_authors() {
    // Bentur et al. in Fagerland et al. (2013), table 1: airways before and after; p = 0.0391.
    let airways = FourCells { both: 1, only_base: 1, only_changed: 7, neither: 12 };
    near(airways.mcnemar_exact(), 18.0 / 256.0, 1e-14);
    near(airways.mcnemar_mid_p(), 10.0 / 256.0, 1e-14);
    // Where pairs part evenly, half of what was seen is left out.
    near(parted(2, 2, 4).mcnemar_mid_p(), 1.0 - 3.0 / 16.0, 1e-14);
    near(parted(0, 6, 6).mcnemar_mid_p(), 1.0 / 64.0, 1e-14);
}

#[test]
fn where_no_pair_parts_the_interval_still_has_a_width() {
    for n in [1, 21, 10_000_000] {
        let alike = parted(0, 0, n);
        let z = Confidence::NINETY_FIVE.normal_quantile();
        let interval = alike.tango(Confidence::NINETY_FIVE);
        // On paper, z²/(n + z²).
        near(interval.high * (real(n) + z * z) / (z * z), 1.0, 1e-9);
        assert_eq!(interval.low, -interval.high);
        assert_eq!((alike.mcnemar_exact(), alike.mcnemar_mid_p()), (1.0, 1.0));
    }
}

#[test]
fn pairs_that_part_evenly_but_for_one_are_all_there_is() {
    for fewer in 1..2000 {
        assert_eq!(parted(fewer, fewer, 5000).mcnemar_exact(), 1.0);
        let exact = parted(fewer, fewer + 1, 5000).mcnemar_exact();
        assert!(exact <= 1.0, "{fewer}: {exact}");
        near(exact, 1.0, 1e-11);
    }
}

#[test]
fn of_nothing_all_is_possible() {
    let nothing = FourCells::default();
    assert_eq!(nothing.difference(), None);
    let all = Interval { low: -1.0, high: 1.0 };
    assert_eq!(nothing.tango(Confidence::NINETY_FIVE), all);
}

#[test]
fn where_all_pairs_part_one_way_the_bound_is_the_end() {
    let all = parted(0, 6, 6).tango(Confidence::NINETY_FIVE);
    near(all.high, 1.0, 1e-15);
    assert!(all.low > 0.0 && all.low < 1.0);
}

#[test]
fn ten_millions_are_told_as_surely_as_ten() {
    let n = 10_000_000;
    for (base, changed) in [(0, 1), (0, n), (5, 3), (1_000_000, 1_010_000), (n / 2, n / 2)] {
        let cells = parted(base, changed, n);
        let interval = cells.tango(Confidence::NINETY_FIVE);
        assert!(interval.contains(cells.difference().unwrap()), "{cells:?}: {interval:?}");
        assert!(interval.half_width() < 7e-4);
        assert!((0.0..=1.0).contains(&cells.mcnemar_exact()));
    }
    // With many pairs, the exact test is the normal one with a correction for continuity.
    let cells = parted(1_000_000, 1_002_000, n);
    let z = 1999.0 / 2_002_000.0_f64.sqrt();
    let normal = 2.0 * (1.0 - normal_below(z));
    assert!((cells.mcnemar_exact() / normal - 1.0).abs() < 1e-5);
}

/// The normal distribution function, by Simpson's rule.
fn normal_below(z: f64) -> f64 {
    let height = |x: f64| math::exp(-x * x / 2.0) / std::f64::consts::TAU.sqrt();
    let step = z / 1000.0;
    let sum: f64 = (0..1000)
        .map(|k| f64::from(k) * step)
        .map(|x| height(x) + 4.0 * height(x + step / 2.0) + height(x + step))
        .sum();
    0.5 + sum * step / 6.0
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    // A base that comes to it in 0.3 of the pairs, and a change that makes a few and undoes fewer.
    let (n_batches, n, makes, undoes) = (2000, 120, 0.08, 0.03);
    let held = (0..n_batches).filter(|batch| {
        let mut cells = FourCells::default();
        for run in 0..n {
            let mut draws = MasterSeed(*batch).run(run).draws(Purpose::Consent, 0, 0);
            let (base, u) = (draws.chance(0.3), draws.uniform());
            cells.add(base, if base { u >= undoes } else { u < makes });
        }
        let truth = 0.7 * makes - 0.3 * undoes;
        cells.tango(Confidence::NINETY_FIVE).contains(truth)
    });
    near(real(held.count().try_into().unwrap()) / 2000.0, 0.95, 0.02);
}

proptest! {
    #[test]
    fn intervals_hold_the_difference_and_turn_with_it(cells in any_cells(), level in 0.05..0.999) {
        let confidence = Confidence::new(level).unwrap();
        let (interval, difference) = (cells.tango(confidence), cells.difference().unwrap());
        prop_assert!(interval.contains(difference));
        prop_assert!(interval.low >= -1.0 && interval.high <= 1.0);
        prop_assert_eq!(turned(&cells).tango(confidence), interval.negated());
        let surer = cells.tango(Confidence::new(level + 0.0005).unwrap());
        prop_assert!(surer.low <= interval.low && interval.high <= surer.high);
    }

    #[test]
    fn tests_do_not_care_which_way(cells in any_cells()) {
        let other = turned(&cells);
        prop_assert_eq!(cells.mcnemar_exact(), other.mcnemar_exact());
        prop_assert_eq!(cells.mcnemar_mid_p(), other.mcnemar_mid_p());
        prop_assert!(cells.mcnemar_mid_p() <= cells.mcnemar_exact());
        prop_assert!(cells.mcnemar_mid_p() >= 0.0 && cells.mcnemar_exact() <= 1.0);
    }

    #[test]
    fn parts_come_to_the_same(pairs in prop::collection::vec(any::<(bool, bool)>(), 0..40)) {
        let count = |pairs: &[(bool, bool)]| {
            let mut cells = FourCells::default();
            pairs.iter().for_each(|(base, changed)| cells.add(*base, *changed));
            cells
        };
        let (first, second) = pairs.split_at(pairs.len() / 3);
        let mut parts = count(second);
        parts.merge(&count(first));
        prop_assert_eq!(parts, count(&pairs));
    }
}

fn any_cells() -> impl Strategy<Value = FourCells> {
    let few = prop_oneof![0..3_u64, 0..100_u64, 0..100_000_u64];
    (few.clone(), few.clone(), few.clone(), few)
        .prop_map(|(both, only_base, only_changed, neither)| FourCells {
            both,
            only_base,
            only_changed,
            neither,
        })
        .prop_filter("pairs", |cells| cells.n() > 0)
}
