//! Plays the flagship's first N seeds without chronicle, and says how many turns these were: for
//! `.ci/instructions`, which counts what a turn takes.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool for the terminal")]

use demarche_engine::session::Session;
use demarche_engine::table::Status;
use support::runs::{FLAGSHIP, lineage, scenario};

const TABLES: u64 = 16;

fn main() {
    let asked = std::env::args().nth(1).expect("how many seeds");
    let n: u64 = asked.parse().expect("a number of seeds");
    let mut session = Session::new(scenario(FLAGSHIP), usize::try_from(TABLES).expect("few"));
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
    println!("{turns}");
}
