//! Situations: what should come of what, as sentences that a political scientist can review.
//!
//! A file of `tests/situations` has cases. Each names a scenario, what is given, and what is
//! expected over some seeds; either of the runs by themselves, or of the runs with what is given
//! against the same seeds without it. `situations/measures.rs` lists what can be counted.

pub(crate) mod measures;
pub(crate) mod reading;

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::chronicle::Chronicle;
use demarche_record::decision::Input;
use demarche_record::format::Lineage;
use demarche_record::inputs::read_inputs;
use demarche_scenario::{catalogue, known_sources, load};
use support::runs::{SideBySide, lineage};
use support::{check_none, files_ending, read};

use measures::{Watched, first_turn, measure};
use reading::{Changes, Claim, Situation, situations};

const FOLDER: &str = "tests/situations";

/// The scenario of a case with some changes, and what enters in every run.
pub(crate) fn laid(case: &Situation, changes: &[&Changes]) -> (Arc<Scenario>, Vec<Input>) {
    let entry = catalogue::find(&case.scenario).unwrap_or_else(|cause| panic!("{cause}"));
    let all = |of: fn(&Changes) -> &Vec<String>| changes.iter().flat_map(move |one| of(one).iter());
    let overlay = |key: &String| {
        let entry = catalogue::find(key).unwrap_or_else(|cause| panic!("{cause}"));
        (entry.file(), entry.text.to_owned())
    };
    let set = |set: &String| {
        let (path, value) = set.split_once('=').expect("a path, `=` and a value");
        (path.trim().to_owned(), value.trim().to_owned())
    };
    let overlays: Vec<_> = all(|changes| &changes.with).map(overlay).collect();
    let sets: Vec<_> = all(|changes| &changes.set).map(set).collect();
    let (base, known) = (&mut catalogue::base, known_sources());
    let loaded = load(&entry.file(), entry.text, &sets, &overlays, base, &known);
    let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(100, false, true)));
    let scenario = Arc::new(loaded.scenario);
    let lines: String = all(|changes| &changes.decisions).map(|line| format!("{line}\n")).collect();
    let inputs = read_inputs(&lines, &scenario.cast).unwrap_or_else(|faults| panic!("{faults}"));
    let inputs = inputs.into_iter().map(|read| read.input).collect();
    (scenario, inputs)
}

/// The runs of a scenario with some changes, seed by seed.
pub(crate) fn runs(case: &Situation, changes: &[&Changes]) -> (Arc<Scenario>, Vec<Chronicle>) {
    let (scenario, inputs) = laid(case, changes);
    let over = |seed: u64| case.over_ranges.then_some(seed);
    let of = |seed: u64| Lineage { over_ranges: over(seed), ..lineage(seed) };
    let lineages: Vec<Lineage> = (1..=case.seeds).map(of).collect();
    let told = SideBySide::new(&scenario).chronicles(&lineages, &inputs);
    let chronicles = told.unwrap_or_else(|refused| panic!("{}: {refused}", case.name));
    (scenario, chronicles)
}

/// What is wrong with a situation; nothing if it is as expected.
fn judge(case: &Situation) -> Option<String> {
    let of_signs = [&case.sign, &case.public, &case.fails, &case.expect.among];
    assert!(of_signs.iter().all(|said| said.is_none()), "{}: this is said of signs", case.name);
    let (scenario, given) = runs(case, &[&case.setting, &case.given]);
    let watched = Watched::new(&scenario, &case.expect);
    let count = |chronicles: &[Chronicle]| -> Vec<f64> {
        chronicles.iter().map(|chronicle| measure(&watched, chronicle)).collect()
    };
    let with = count(&given);
    let without = || runs(case, &[&case.setting]).1;
    let (found, holds) = match case.expect.claim {
        Claim::Share { at_least, at_most } => {
            let share = share(&with);
            (format!("it happens in {share:.3} of the runs"), (at_least..=at_most).contains(&share))
        }
        Claim::Mean { at_least, at_most } => {
            let mean = mean(&with);
            (format!("on average it is {mean:.3}"), (at_least..=at_most).contains(&mean))
        }
        Claim::Never => {
            (format!("it happens in {:.3} of the runs", share(&with)), share(&with) == 0.0)
        }
        Claim::Always => {
            (format!("it happens in {:.3} of the runs", share(&with)), share(&with) == 1.0)
        }
        Claim::More { .. } | Claim::Fewer { .. } | Claim::AsMany | Claim::AboutAsMany { .. } => {
            compare(&case.expect.claim, &with, &count(&without()))
        }
        Claim::Later | Claim::Sooner => {
            let first = |chronicles: &[Chronicle]| -> Vec<Option<u32>> {
                chronicles.iter().map(|chronicle| first_turn(&watched, chronicle)).collect()
            };
            compare_turns(&case.expect.claim, &first(&given), &first(&without()))
        }
        Claim::Even | Claim::Dispersed => {
            panic!("{}: this is said of signs only", case.name)
        }
    };
    (!holds).then(|| format!("{}: {found}", case.name))
}

/// The share of runs in which something happens at all. [1, [0, 1]]
fn share(counts: &[f64]) -> f64 {
    mean(&counts.iter().map(|count| f64::from(u8::from(*count > 0.0))).collect::<Vec<_>>())
}

fn mean(counts: &[f64]) -> f64 {
    counts.iter().sum::<f64>() / f64::from(u32::try_from(counts.len()).unwrap()).max(1.0)
}

fn compare(claim: &Claim, with: &[f64], without: &[f64]) -> (String, bool) {
    let (given, plain) = (mean(with), mean(without));
    let found = format!("on average it is {given:.4} with what is given and {plain:.4} without");
    let holds = match *claim {
        Claim::More { by } => given > plain + by,
        Claim::Fewer { by } => given < plain - by,
        Claim::AboutAsMany { by } => (given - plain).abs() < by,
        _ => with == without,
    };
    (found, holds)
}

/// Compares the turns of runs in which it happens both with and without.
fn compare_turns(claim: &Claim, with: &[Option<u32>], without: &[Option<u32>]) -> (String, bool) {
    let pairs: Vec<(f64, f64)> = with
        .iter()
        .zip(without)
        .filter_map(|(one, other)| Some((f64::from((*one)?), f64::from((*other)?))))
        .collect();
    let given = mean(&pairs.iter().map(|(one, _)| *one).collect::<Vec<_>>());
    let plain = mean(&pairs.iter().map(|(_, other)| *other).collect::<Vec<_>>());
    let found = format!(
        "in the {} pairs of runs in which it happens, it is turn {given:.2} with what is given and \
         {plain:.2} without",
        pairs.len()
    );
    let holds = if *claim == Claim::Later { given > plain } else { given < plain };
    (found, holds && !pairs.is_empty())
}

fn check(file: &str) {
    let path = format!("{FOLDER}/{file}.toml");
    let faults: Vec<String> = situations(&path, &read(&path)).iter().filter_map(judge).collect();
    check_none(&faults);
}

#[test]
fn instructions() {
    check("instructions");
}

#[test]
fn home() {
    check("home");
}

#[test]
fn mediation() {
    check("mediation");
}

#[test]
fn violence() {
    check("violence");
}

#[test]
fn time() {
    check("time");
}

#[test]
fn textbook() {
    check("textbook");
}

#[test]
fn every_file_of_situations_is_tried() {
    let own = include_str!("situations.rs");
    let files = files_ending(FOLDER, ".toml");
    let stem = |path: &str| path.rsplit('/').next().unwrap().replace(".toml", "");
    let untried = files.iter().filter(|path| !own.contains(&format!("check(\"{}\")", stem(path))));
    check_none(&untried.cloned().collect::<Vec<_>>());
    let count: usize = files.iter().map(|path| situations(path, &read(path)).len()).sum();
    assert!(count >= 20, "only {count} situations");
}
