//! The whole turn: a turn without the mechanisms that a scenario does not use says the same as one
//! with all of them, whoever decides what.

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_engine::turn::{all_schedules, schedules};
use demarche_record::decision::Input;
use demarche_record::format::{Lineage, RunRecord};
use demarche_scenario::catalogue;
use proptest::test_runner::{RngAlgorithm, TestRng};
use support::runs::{FLAGSHIP, keys_in, read_scenario, scenario};
use support::{files_ending, read};

use crate::branching::anything::Whim;
use crate::situations::laid;
use crate::situations::reading::situations;

/// The whole chronicle of a run, and all that was counted, by a turn with every mechanism or with
/// those that are used.
fn told(
    scenario: &Arc<Scenario>,
    lineage: Lineage,
    inputs: &[Input],
    all: bool,
) -> (RunRecord, String) {
    let session = Session::new(scenario.clone(), 1);
    let mut session = if all { session.with_schedules(all_schedules()) } else { session };
    session.seat(0, lineage, inputs.to_vec(), true);
    while session.status(0) != Status::Ended {
        session.advance().unwrap();
        demarche_engine::session::hand_back(&mut session, 0);
    }
    (session.record(0), format!("{:?}", session.tally(0)))
}

#[track_caller]
fn check(name: &str, scenario: &Arc<Scenario>, lineage: Lineage, inputs: &[Input]) {
    let [lean, whole] = [false, true].map(|all| told(scenario, lineage, inputs, all));
    let digest = |record: &RunRecord| record.chronicle.digest(&scenario.cast);
    assert_eq!(digest(&lean.0), digest(&whole.0), "{name}: {lineage:?}");
    assert!(lean == whole, "{name}: {lineage:?}");
}

/// Every other seed draws its uncertain numbers from their ranges.
fn lineage(seed: u64) -> Lineage {
    Lineage { seed, branch: None, over_ranges: (seed % 2 == 1).then_some(seed) }
}

/// All that come with the program, and those of the tests that say most and least.
fn scenarios() -> Vec<(String, Arc<Scenario>)> {
    let built_in = catalogue().iter().map(|entry| (entry.key.to_owned(), scenario(entry.key)));
    let of_tests =
        ["crates/demarche-scenario/tests/everything.toml", "tests/benches/negmas/six-by-five.toml"];
    let of_tests = of_tests
        .map(|path| (path.to_owned(), Arc::new(read_scenario(path, &read(path), &[]).scenario)));
    built_in.chain(of_tests).collect()
}

#[test]
fn what_is_left_out_does_nothing() {
    for (name, scenario) in scenarios() {
        for seed in 0..4 {
            check(&name, &scenario, lineage(seed), &[]);
        }
    }
}

#[test]
fn what_is_left_out_does_nothing_in_any_situation() {
    let files = ["tests/situations", "tests/signs"].map(|folder| files_ending(folder, ".toml"));
    for path in files.iter().flatten() {
        for case in situations(path, &read(path)) {
            for changes in [&[&case.setting] as &[_], &[&case.setting, &case.given]] {
                let (scenario, inputs) = laid(&case, changes);
                check(&case.name, &scenario, lineage(1), &inputs);
            }
        }
    }
}

#[test]
fn what_is_left_out_does_nothing_whoever_decides_what() {
    let mut decided = 0;
    for (place, (name, scenario)) in (0_u8..).zip(scenarios()) {
        for seed in 0..6 {
            let mut state = [place; 32];
            state[0] = u8::try_from(seed).unwrap();
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &state);
            let mut whim = Whim { rng, decided: 0 };
            let record = whim.play(&scenario, lineage(seed));
            decided += whim.decided;
            check(&name, &scenario, lineage(seed), &record.inputs);
        }
    }
    assert!(decided > 1000, "only {decided} decisions");
}

#[test]
fn the_textbook_leaves_much_out_and_the_flagship_little() {
    let n_systems = |scenario: &Arc<Scenario>, all: bool| -> usize {
        let list = if all { all_schedules() } else { schedules(scenario) };
        list.iter().map(|(_, schedule)| schedule.graph().systems.len()).sum()
    };
    for key in std::iter::once(FLAGSHIP).chain(keys_in("textbook")) {
        let scenario = scenario(key);
        let (lean, whole) = (n_systems(&scenario, false), n_systems(&scenario, true));
        let enough = if key == FLAGSHIP { lean + 4 >= whole } else { 3 * lean < 2 * whole };
        assert!(enough, "{key}: {lean} systems of {whole}");
    }
}
