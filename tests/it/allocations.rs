//! A turn takes no memory. What may grow are the short lists of a run, each a time or two: orders,
//! strikes, impressions, the texts that were seen.

use allocation_counter::measure;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use support::runs::{FLAGSHIP, lineage, scenario};

const TABLES: u64 = 4;

/// How often memory was taken in each turn of some runs side by side.
fn taken(session: &mut Session, first_seed: u64) -> Vec<u64> {
    for at in 0..TABLES {
        let seat = usize::try_from(at).unwrap();
        session.seat(seat, lineage(first_seed + at), Vec::new(), false);
    }
    let mut taken = Vec::new();
    while (0..TABLES as usize).any(|at| session.status(at) != Status::Ended) {
        taken.push(measure(|| session.advance().unwrap()).count_total);
    }
    taken
}

#[test]
fn no_turn_takes_memory() {
    for key in [FLAGSHIP, "textbook/symmetric-dispute", "textbook/two-issue-trade-off"] {
        let mut session = Session::new(scenario(key), TABLES as usize);
        // The first runs leave what later ones use again: the memory of a search, of a reading.
        for first_seed in [1, 5, 9] {
            taken(&mut session, first_seed);
        }
        let taken = taken(&mut session, 13);
        let (sum, n_turns) = (taken.iter().sum::<u64>(), taken.len());
        let n_quiet = taken.iter().filter(|count| **count == 0).count();
        assert!(sum <= 50 * TABLES, "{key}: {sum} times in {TABLES} runs: {taken:?}");
        assert!(2 * n_quiet > n_turns, "{key}: {n_quiet} of {n_turns} turns take none");
    }
}
