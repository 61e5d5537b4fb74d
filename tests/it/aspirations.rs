//! Aspirations computed by others, against those that delegations record turn by turn.
//!
//! The references are of NegMAS 0.16 and, in closed form, of Faratin et al.;
//! `tests/reference/bargaining/README.md` says what they are. What differs is translated:
//!
//! - an exponent of NegMAS is the inverse of ours, one of GENIUS and of Faratin et al. is ours;
//! - they tell what is left of the way from the best to the reservation, we a gain over no deal;
//! - a k of theirs, by which a side opens short of the best, is here a mandate that withholds k of
//!   the gain: A⁰ is the best that may be signed;
//! - time is counted in the turn k of n as k/n and as (k + 1)/n, which between them have every row,
//!   and as (k + 1)/(n + 1).
//!
//! The exponential families have no counterpart: the engine's curve is the polynomial one.

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::event::Event;
use serde_json::Value;
use support::references::{list, numbers, reference};
use support::runs::{lineage, pick, play, read_scenario};

/// Powers by another library differ in the last digits. [gain]
const ROUNDING: f64 = 1e-14;

/// What was told in twelve digits. [gain]
const TWELVE_DIGITS: f64 = 1e-12;

/// A side that may sign what is worth 1 − k of all to it, and one that would give it nothing.
fn talks(e: f64, k: f64, n_turns: usize, clock: &str) -> Arc<Scenario> {
    let text = format!(
        "format = 1\ntitle = \"A curve\"\nsummary = \"Two sides that want all.\"\n\
         grade = \"reproduces\"\nsource = \"assumed\"\n\n\
         [clock]\nstarts = 2000-01-03T00:00:00\nturn-hours = 1\nhorizon-days = 6\n\n\
         [protocol]\nvariant = \"mediated-single-text\"\noffering = \"lowest-above-target\"\n\
         acceptance = \"threshold\"\nties = \"first-package\"\nclock = \"{clock}\"\n\
         first-mover = \"as-listed\"\ndisagreement = \"reservation\"\n\n\
         [issues.sum]\nname = \"the sum\"\nrungs = [\n\
         {{ key = \"none\", words = \"none\", level = 0 }},\n\
         {{ key = \"most\", words = \"most\", level = 0.5 }},\n\
         {{ key = \"all\", words = \"all\", level = 1 }},\n]\n\n\
         [parties.one]\nname = \"One\"\nvalues = {{ sum = [0.0, {most:?}, 1.0] }}\n\
         weights = {{ sum = 1.0 }}\nreservation = {RESERVATION:?}\n\
         bargaining = {{ concession-exponent = {e:?} }}\n\n\
         [parties.other]\nname = \"Other\"\nvalues = {{ sum = [1.0, 0.0, 0.0] }}\n\
         weights = {{ sum = 1.0 }}\nreservation = 0.5\n\
         bargaining = {{ concession-exponent = 0.0 }}\n\n\
         [rounds.talks]\nname = \"talks\"\nlasts-hours = {n_turns}\nagenda = [\"sum\"]\n\
         mandates.one = {{ sum = {{ to = \"{to}\" }} }}\n",
        most = RESERVATION + (1.0 - k) * (1.0 - RESERVATION),
        to = if k > 0.0 { "most" } else { "all" },
    );
    Arc::new(read_scenario("curve.toml", &text, &[]).scenario)
}

/// What no deal is worth to the side that concedes. [utility]
const RESERVATION: f64 = 0.25;

/// What the side still holds out for, turn by turn, as a share of all it could gain.
fn aspirations(e: f64, k: f64, n_turns: usize, clock: &str) -> Vec<f64> {
    let scenario = talks(e, k, n_turns, clock);
    let chronicle = play(&scenario, lineage(1)).chronicle;
    let recorded = pick(&chronicle, |event| match event {
        Event::TurnRecorded { aspirations, .. } => Some(aspirations[0] / (1.0 - RESERVATION)),
        _ => None,
    });
    recorded.take(n_turns).collect()
}

/// Holds the curve of an exponent of ours against a reference at the times i/n, i from 0 to n, in
/// steps of so many turns.
#[track_caller]
fn check(told: &str, (e, k): (f64, f64), reference: &[f64], every: usize, precision: f64) {
    let n_turns = (reference.len() - 1) * every;
    let start = aspirations(e, k, n_turns, "start-of-turn");
    let end = aspirations(e, k, n_turns, "end-of-turn");
    assert_eq!((start.len(), end.len()), (n_turns, n_turns), "{told}");
    for (i, expected) in reference.iter().enumerate() {
        let at = i * every;
        let found = [start.get(at), at.checked_sub(1).and_then(|before| end.get(before))];
        for found in found.into_iter().flatten() {
            assert!((found - expected).abs() < precision, "{told}, {i}: {found}, not {expected}");
        }
    }
}

#[test]
fn every_row_of_the_polynomial_curves_is_ours() {
    let file = reference("curves_time_based");
    let named = [("boulware", 4.0), ("linear", 1.0), ("conceder", 0.25)];
    for (name, theirs) in named {
        check(name, (1.0 / theirs, 0.0), &numbers(&file["poly"][name]), 1, ROUNDING);
    }
    let custom = file["poly_custom"].as_object().unwrap();
    assert_eq!((file["poly"].as_object().unwrap().len(), custom.len()), (named.len(), 4));
    for (theirs, curve) in custom {
        check(theirs, (1.0 / theirs.parse::<f64>().unwrap(), 0.0), &numbers(curve), 1, ROUNDING);
    }
}

#[test]
fn every_row_of_the_faratin_curves_is_ours() {
    let file = reference("curves_time_based");
    let curves = file["faratin"].as_object().unwrap();
    assert_eq!(curves.len(), 6);
    for (name, curve) in curves {
        let (e, k) = name.split_once(',').unwrap();
        let of = |text: &str| text.split_once('=').unwrap().1.parse::<f64>().unwrap();
        check(name, (of(e), of(k)), &numbers(curve), 1, ROUNDING);
    }
}

#[test]
fn steps_of_time_are_those_of_the_reference() {
    let file = reference("curves_time_based");
    // On a straight line what was conceded is the time that has run.
    let found = aspirations(1.0, 0.0, 100, "inside");
    let told = numbers(&file["step_times_n100"]);
    assert_eq!((found.len(), told.len()), (100, 100));
    for (aspiration, time) in found.iter().zip(&told) {
        assert!((1.0 - aspiration - time).abs() < ROUNDING, "{aspiration} at {time}");
    }
}

#[test]
fn concessions_on_paper_are_ours() {
    let file = reference("closed_form_checks");
    let rows = list(&file["faratin_time_dependent"], "rows");
    let polynomial = rows.iter().filter(|row| row["family"] == "poly");
    assert_eq!(polynomial.clone().count(), 10);
    let number = |value: &Value| value.as_f64().unwrap();
    for row in polynomial {
        assert_eq!(numbers(&row["t"]), [0.0, 4.0, 8.0, 12.0, 16.0, 20.0]);
        assert_eq!(number(&row["T"]), 20.0);
        // There a side offers the share alpha of its range; here it asks for what is left.
        let left: Vec<f64> = numbers(&row["alpha"]).iter().map(|alpha| 1.0 - alpha).collect();
        let (e, k) = (number(&row["beta"]), number(&row["k"]));
        check(&format!("beta {e}, k {k}"), (e, k), &left, 4, TWELVE_DIGITS);
    }
}
