//! Negotiations a second on the six-by-five domain, cold and with rankings prepared, and what they
//! end in, as JSON: `tests/benches/negmas/compare.py` holds them against NegMAS.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]
#![allow(clippy::disallowed_methods, reason = "it times")]

use std::sync::Arc;
use std::time::Instant;

use demarche_engine::session::Session;
use demarche_record::event::Event;
use support::engines::play_many;
use support::runs::{lineage, play, read_scenario};

const FILE: &str = "tests/benches/negmas/six-by-five.toml";
const TABLES: usize = 64;

/// Times a second, over at least two seconds.
fn rate(mut times: impl FnMut() -> u32) -> f64 {
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed().as_secs_f64() < 2.0 {
        count += times();
    }
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn main() {
    let text = support::read(FILE);
    let scenario = Arc::new(read_scenario(FILE, &text, &[]).scenario);
    let chronicle = play(&scenario, lineage(1)).chronicle;
    let agreed = chronicle.entries.iter().find_map(|entry| match &entry.event {
        Event::AgreementReached { text, .. } => Some((entry.turn + 1, *text)),
        _ => None,
    });
    let (steps, agreement) = agreed.expect("there is a zone of agreement");
    let options: Vec<&str> = scenario
        .space
        .issues()
        .map(|k| scenario.cast.issues[k.ix()].rungs[usize::from(agreement.rung(k))].key.as_str())
        .collect();

    let mut session = Session::new(scenario.clone(), TABLES);
    play_many(&mut session, TABLES, 1..65, false);
    let prepared = rate(|| {
        play_many(&mut session, TABLES, 1..257, false);
        256
    });
    let cold = rate(|| {
        play_many(&mut Session::new(scenario.clone(), 1), 1, 1..2, false);
        1
    });
    println!(
        "{{\"agreement\": {options:?}, \"steps\": {steps}, \"prepared_per_second\": {prepared:.1}, \
         \"cold_per_second\": {cold:.1}}}"
    );
}
