//! Plays the first N seeds of a scenario without chronicle, and says how many turns these were: for
//! `.ci/instructions`, which counts what a turn takes. With `by-hand` the loop of
//! `tests/support/by_hand.rs` bargains in place of the engine.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use support::by_hand::ByHand;
use support::runs::{FLAGSHIP, lineage, read_scenario, scenario};

const TABLES: u64 = 16;

fn main() {
    let mut args = std::env::args().skip(1);
    let asked = args.next().expect("how many seeds");
    let n: u64 = asked.parse().expect("a number of seeds");
    let named = args.next().unwrap_or_else(|| FLAGSHIP.to_owned());
    let scenario = if std::path::Path::new(&named).extension().is_some() {
        Arc::new(read_scenario(&named, &support::read(&named), &[]).scenario)
    } else {
        scenario(&named)
    };
    let by_hand = args.next().is_some_and(|how| how == "by-hand");
    println!("{}", if by_hand { bargained(&scenario, n) } else { played(&scenario, n) });
}

fn played(scenario: &Arc<Scenario>, n: u64) -> u32 {
    let mut session = Session::new(scenario.clone(), usize::try_from(TABLES).expect("few"));
    let mut turns = 0;
    for first in (1..=n).step_by(usize::try_from(TABLES).expect("few")) {
        let seats = (0..).zip(first..(first + TABLES).min(n + 1));
        let seats: Vec<(usize, u64)> = seats.collect();
        for (at, seed) in &seats {
            session.seat(*at, lineage(*seed), Vec::new(), false);
        }
        while seats.iter().any(|(at, _)| session.status(*at) != Status::Ended) {
            session.advance().expect("nothing is planned");
        }
        turns += seats.iter().map(|(at, _)| session.turn(*at) + 1).sum::<u32>();
    }
    turns
}

fn bargained(scenario: &Scenario, n: u64) -> u32 {
    let mut by_hand = ByHand::new(scenario);
    let turns = (1..=n).map(|_| by_hand.bargain().expect("there is an agreement").0 + 1);
    turns.sum()
}
