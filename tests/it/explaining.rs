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
    Lineage { seed, branch: None, over_ranges: None }
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

/// Two sides that never concede, each of whom could: every single change is tried by hand, as a
/// setting of the scenario, and what the search tells is what comes out.
#[test]
fn a_least_change_is_the_one_that_trying_all_finds() {
    const TRADE_OFF: &str = "textbook/two-issue-trade-off";
    let path = |party: &str| format!("parties.{party}.bargaining.concession-exponent");
    let (hill, valley) = (path("hill"), path("valley"));
    let sets = [
        (hill.as_str(), "{ value = 0.1, range = [0.1, 2.1] }"),
        (valley.as_str(), "{ value = 0.06, range = [0.01, 1.01] }"),
        ("rounds.talks.lasts-hours", "6"),
    ];
    let loaded = loaded(TRADE_OFF, &sets);
    let record = played(&loaded, 1);
    let round = demarche_domain::index::RoundIx(0);
    assert_ne!(ending(&record, round), Some(Ending::Agreement));
    let search = Some(Search { threads: 2, watch: SILENT });
    let scenario = Arc::new(loaded.scenario);
    let explanation = explain(&record, &scenario, &loaded.numbers, search);
    let least = &explanation.least_change.as_ref().unwrap().1;

    let turns = |path: &str, value: f64| {
        let value = format!("{value:.9}");
        let sets: Vec<_> = { sets.iter() }.filter(|(of, _)| *of != path).copied().collect();
        let changed = self::loaded(TRADE_OFF, &[sets, vec![(path, value.as_str())]].concat());
        ending(&played(&changed, 1), round) == Some(Ending::Agreement)
    };
    let ranges = [(hill.as_str(), 0.1, 0.1, 2.1), (valley.as_str(), 0.06, 0.01, 1.01)];
    let at = |steps: u8| -> Vec<(&str, f64)> {
        let mut found = Vec::new();
        for (path, now, low, high) in ranges {
            for sign in [-1.0, 1.0] {
                let way = (high - low) / 20.0 * f64::from(steps) * sign;
                let before = now + way - (high - low) / 20.0 * sign;
                let is_over = if sign < 0.0 { before <= low } else { before >= high };
                let value = (now + way).clamp(low, high);
                if !is_over && turns(path, value) {
                    found.push((path, value));
                }
            }
        }
        found
    };
    let (steps, by_hand) = (1..=20).map(|k| (k, at(k))).find(|(_, of)| !of.is_empty()).unwrap();
    let told = least.found.iter().map(|change| {
        let [step] = change.steps.as_slice() else { panic!("one lever is enough") };
        (explanation.levers[step.lever].path.as_str(), step.value)
    });
    let mut told: Vec<(&str, f64)> = told.collect();
    told.sort_by(|a, b| a.0.cmp(b.0).then(a.1.total_cmp(&b.1)));
    assert_eq!(least.at_steps, steps);
    assert_eq!(told.len(), by_hand.len(), "{told:?} {by_hand:?}");
    for ((path, value), (by_hand, tried)) in told.iter().zip(&by_hand) {
        assert!(path == by_hand && (value - tried).abs() < 1e-6, "{told:?} {by_hand:?}");
    }
    assert!(steps > 1, "the first step turns nothing");
}

#[test]
fn the_search_hangs_on_no_number_of_threads() {
    let least = |threads| explained(FLAGSHIP, 5, threads).0.least_change;
    assert_eq!(least(1), least(3));
}
