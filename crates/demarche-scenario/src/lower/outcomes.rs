//! Classes of outcome: the first that fits is taken.
use demarche_domain::index::RoundIx;
use demarche_engine::scenario::{Outcome, Round};
use demarche_record::cast::Named;
use demarche_record::event::Ending;

use super::frame::{Faults, advice, rungs};
use super::numbers::plain;
use crate::check::is_kebab;
use crate::problem::Code;
use crate::reading::Reader;

/// Fits always.
const ANY: Outcome = Outcome {
    ending: None,
    truce: None,
    at_least: Vec::new(),
    fighting_above: None,
    agreed_in: None,
    settles: None,
};

pub(super) fn read(
    root: &Reader<'_>,
    rounds: &[Round],
    faults: &mut Faults,
) -> (Vec<Outcome>, Vec<Named>) {
    if !root.has("outcomes") {
        return agreement_or_not();
    }
    let items = root.items("outcomes");
    let outcomes: Vec<Outcome> = items.iter().map(|item| outcome(item, rounds, faults)).collect();
    let named: Vec<Named> = items.iter().map(named).collect();
    check_keys(&items, &named, faults);
    check_order(root, &items, &outcomes, faults);
    check_settles(&items, faults);
    (outcomes, named)
}

fn agreement_or_not() -> (Vec<Outcome>, Vec<Named>) {
    let named = |key: &str, name: &str| Named { key: key.to_owned(), name: name.to_owned() };
    let names = vec![named("agreement", "agreement"), named("no-agreement", "no agreement")];
    (vec![Outcome { ending: Some(Ending::Agreement), ..ANY }, ANY], names)
}

fn named(item: &Reader<'_>) -> Named {
    Named { key: item.text("key").to_owned(), name: item.text("name").to_owned() }
}

fn outcome(item: &Reader<'_>, rounds: &[Round], faults: &mut Faults) -> Outcome {
    let at_least = rungs(item, "at-least");
    for (issue, rung) in &at_least {
        let on_an_agenda = rounds.iter().any(|round| round.agenda.contains(issue));
        if *rung > 0 && !on_an_agenda {
            let message = format!("{}.at-least names an issue that is on no agenda", item.path());
            let help = "this outcome can never be reached";
            faults.add_resting_on("rounds".to_owned(), advice(item, "at-least", &message, help));
        }
    }
    Outcome {
        ending: item.choice_opt("ending").map(|word| match word {
            "agreement" => Ending::Agreement,
            "walk-out" => Ending::WalkOut,
            _ => Ending::Deadline,
        }),
        truce: item.flag_opt("truce"),
        at_least,
        fighting_above: item.has("fighting-above").then(|| plain(item, "fighting-above", faults)),
        agreed_in: item.name_opt("agreed-in").map(RoundIx::at),
        settles: item.whole_opt("settles").and_then(|settles| u32::try_from(settles).ok()),
    }
}

fn check_keys(items: &[Reader<'_>], named: &[Named], faults: &mut Faults) {
    for (place, (item, Named { key, .. })) in items.iter().zip(named).enumerate() {
        if named[..place].iter().any(|before| before.key == *key) {
            let message = format!("{}: there is an outcome `{key}` already", item.path());
            faults.add(item.problem(Code::Duplicate, "key", message, "give each its own key"));
        }
        if !is_kebab(key) {
            let message = format!("{}.key is not a name in kebab-case: `{key}`", item.path());
            let help = "keys are of small letters, digits and single hyphens: limited-agreement";
            faults.add(item.problem(Code::BadName, "key", message, help));
        }
    }
}

fn check_order(root: &Reader<'_>, items: &[Reader<'_>], outcomes: &[Outcome], faults: &mut Faults) {
    let last = outcomes.len().saturating_sub(1);
    for (place, (item, outcome)) in items.iter().zip(outcomes).enumerate() {
        let fits_always = Outcome { settles: None, ..outcome.clone() } == ANY;
        if place == last && !fits_always {
            let message = format!("{} is the last outcome, but has a condition", item.path());
            let help = "some outcome must fit whatever happens: add one with `key` and `name` only";
            faults.add(item.problem(Code::Contradiction, "", message, help));
        }
        if place < last && fits_always {
            let message = format!("{} fits always, so none after it is ever taken", item.path());
            let help = "give it a condition, or move it to the end";
            faults.add(item.problem(Code::Contradiction, "", message, help));
        }
    }
    if items.is_empty() {
        let message = "outcomes must hold an outcome";
        faults.add(root.problem(Code::WrongCount, "outcomes", message, "or leave it out"));
    }
}

/// A class that is not placed among the others would be neither better nor worse than any.
fn check_settles(items: &[Reader<'_>], faults: &mut Faults) {
    let Some(placed) = items.iter().find(|item| item.has("settles")) else { return };
    for item in items.iter().filter(|item| !item.has("settles")) {
        let message = format!("{} has no `settles`, but {} has", item.path(), placed.path());
        let help = "say of every class how much it settles, as a whole number, or of none";
        faults.add(item.problem(Code::MissingKey, "", message, help));
    }
}
