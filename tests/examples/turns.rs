//! Plays the first N seeds of a scenario without chronicle, and says how many turns these were: for
//! `.ci/instructions`, which counts what a turn takes. In place of the engine, with `plain` its
//! sources play over plain columns, with `by-hand` the loop of `tests/support/by_hand.rs` bargains;
//! the last argument is the number of tables in one World.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use support::by_hand::ByHand;
use support::engines::{Engine, Entities, Plain, play_each};
use support::runs::{FLAGSHIP, read_scenario, scenario};

/// How many tables there are in one World, where nothing else is asked.
const TABLES: usize = 16;

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
    let how = args.next();
    let n_tables = args.next().map_or(TABLES, |asked| asked.parse().expect("a number of tables"));
    let n_turns = match how.as_deref() {
        None | Some("engine") => played::<Entities>(&scenario, n, n_tables),
        Some("plain") => played::<Plain>(&scenario, n, n_tables),
        Some("by-hand") => bargained(&scenario, n),
        Some(other) => panic!("{other} is none of engine, plain, by-hand"),
    };
    println!("{n_turns}");
}

fn played<E: Engine>(scenario: &Arc<Scenario>, n: u64, n_tables: usize) -> u32 {
    let mut n_turns = 0;
    let over = |engine: &E, at: usize, _: u64| n_turns += engine.n_turns(at);
    play_each(&mut E::of(scenario, n_tables), n_tables, 1..n + 1, false, over);
    n_turns
}

fn bargained(scenario: &Scenario, n: u64) -> u32 {
    let mut by_hand = ByHand::new(scenario);
    let turns = (1..=n).map(|_| by_hand.bargain().expect("there is an agreement").0 + 1);
    turns.sum()
}
