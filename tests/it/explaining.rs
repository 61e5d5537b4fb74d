//! Explanations: what they say of a run is true of that run, and a least change turns it when it is
//! really made.

use std::sync::Arc;

use demarche_domain::package::Package;
use demarche_engine::insight::{Account, IssueAccount};
use demarche_engine::seating::Settings;
use demarche_engine::session::{Session, run};
use demarche_engine::table::Status;
use demarche_explain::least_change::Goal;
use demarche_explain::{Explanation, Search, explain};
use demarche_record::event::{Ending, Event};
use demarche_record::format::{Lineage, RunRecord};
use demarche_scenario::Loaded;
use support::runs::{FLAGSHIP, loaded};

const SILENT: &(dyn Fn(&str, usize, usize) + Sync) = &|_, _, _| {};

fn lineage(seed: u64) -> Lineage {
    Lineage { seed, branch: None, over_ranges: false }
}

fn played(loaded: &Loaded, seed: u64) -> RunRecord {
    run(&Arc::new(loaded.scenario.clone()), lineage(seed), Vec::new()).unwrap()
}

fn explained(key: &str, seed: u64, threads: usize) -> (Explanation, RunRecord) {
    let loaded = loaded(key, &[]);
    let record = played(&loaded, seed);
    let search = Some(Search { threads, watch: SILENT });
    let scenario = Arc::new(loaded.scenario);
    (explain(&record, &scenario, &loaded.numbers, search), record)
}

#[test]
fn an_account_adds_up_to_the_gain() {
    let scenario = Arc::new(loaded(FLAGSHIP, &[]).scenario);
    let mut session = Session::new(scenario.clone(), 1);
    session.seat(0, lineage(3), Vec::new(), false);
    let mut n_checked = 0;
    while session.status(0) != Status::Ended {
        session.advance().unwrap();
        let mut insight = session.insight(0);
        // Between rounds nothing is weighed.
        if insight.signable().is_none_or(|region| region.floor == region.ceiling) {
            continue;
        }
        let texts = [[3, 2, 2, 1, 2, 1, 2], [3, 3, 3, 3, 3, 3, 3], [3, 1, 1, 0, 0, 2, 3]];
        for text in texts.map(|rungs| Package::new(&rungs)) {
            for account in insight.accounts(&text) {
                let gain = insight.gains(account.party).of(&text);
                assert!((account.gain - gain).abs() < 1e-9, "{gain} {account:?}");
                let parts: f64 = account.issues.iter().map(IssueAccount::gain).sum();
                let Account { linkages, inducement, temper, outside, .. } = account;
                let sum = parts + linkages + inducement + temper + outside;
                assert!((sum - account.gain).abs() < 1e-12, "{sum} {account:?}");
                n_checked += 1;
            }
        }
    }
    assert!(n_checked > 100, "{n_checked}");
}

#[test]
fn every_lever_moves_what_the_same_setting_moves() {
    let before = loaded(FLAGSHIP, &[]);
    let levers = demarche_explain::levers::levers(&before.numbers, lineage(1));
    let scenario = Arc::new(before.scenario);
    assert!(levers.len() > 100, "{}", levers.len());
    // A few runs of each: all would take long, and what could go wrong is the unit.
    for lever in levers.iter().step_by(3) {
        let value = if lever.now == lever.high { lever.low } else { lever.high };
        let set = [(lever.path.as_str(), value.to_string())];
        let set = set.each_ref().map(|(path, value)| (*path, value.as_str()));
        let said = played(&loaded(FLAGSHIP, &set), 1);
        let mut session = Session::new(scenario.clone(), 1);
        let settings = Settings { numbers: vec![lever.setting(value)] };
        session.seat_with(0, lineage(1), Vec::new(), true, &settings);
        while session.status(0) != Status::Ended {
            session.advance().unwrap();
        }
        assert!(session.chronicle(0) == &said.chronicle, "{} at {value}", lever.path);
    }
}

/// How a round ended in a run.
fn ending(record: &RunRecord, of: demarche_domain::index::RoundIx) -> Option<Ending> {
    record.chronicle.events().find_map(|event| match event {
        Event::RoundClosed { round, ending, .. } if *round == of => Some(*ending),
        _ => None,
    })
}

#[track_caller]
fn check_turns(key: &str, seed: u64) {
    let (explanation, record) = explained(key, seed, 2);
    let (goal, least) = explanation.least_change.as_ref().unwrap();
    assert!(!least.found.is_empty(), "{key} {seed}: nothing found");
    for change in &least.found {
        let values: Vec<String> = change.steps.iter().map(|step| step.value.to_string()).collect();
        let paths = change.steps.iter().map(|step| explanation.levers[step.lever].path.as_str());
        let sets: Vec<(&str, &str)> = paths.zip(values.iter().map(String::as_str)).collect();
        let turned = played(&loaded(key, &sets), seed);
        match goal {
            Goal::Agreement(round) => {
                assert_ne!(ending(&record, *round), Some(Ending::Agreement));
                assert_eq!(ending(&turned, *round), Some(Ending::Agreement), "{sets:?}");
            }
            Goal::NoAgreement(round) => {
                assert_eq!(ending(&record, *round), Some(Ending::Agreement));
                assert_ne!(ending(&turned, *round), Some(Ending::Agreement), "{sets:?}");
            }
        }
    }
}

#[test]
fn a_least_change_turns_the_run_when_it_is_made() {
    for seed in 1..=4 {
        check_turns(FLAGSHIP, seed);
    }
}

#[test]
fn the_search_hangs_on_no_number_of_threads() {
    let least = |threads| explained(FLAGSHIP, 5, threads).0.least_change;
    assert_eq!(least(1), least(3));
}
