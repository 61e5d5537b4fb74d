//! Engines: the engine, and its sources over plain columns, played the same way.

use std::sync::Arc;

use demarche_engine::scenario::Scenario;
use demarche_record::chronicle::Chronicle;

use crate::runs::lineage;

/// The engine: a `bevy_ecs` World and its schedules.
pub type Entities = demarche_engine::session::Session;
/// The same sources over plain columns and lists of functions.
pub type Plain = demarche_plain_engine::session::Session;

/// Tables at which runs are played by the policy alone.
pub trait Engine {
    /// So many tables, nobody seated.
    fn of(scenario: &Arc<Scenario>, n_tables: usize) -> Self;
    /// Seats a run at a table, in place of whatever was there.
    fn begin(&mut self, at: usize, seed: u64, narrate: bool);
    /// Clears a table.
    fn end(&mut self, at: usize);
    /// A turn of every running table.
    fn turn_all(&mut self);
    /// Whether the run at a table has ended.
    fn is_over(&self, at: usize) -> bool;
    /// How many turns it has had.
    fn n_turns(&self, at: usize) -> u32;
    /// What was told of it.
    fn told(&self, at: usize) -> &Chronicle;
}

macro_rules! engine {
    ($session:ty, $ended:path) => {
        impl Engine for $session {
            fn of(scenario: &Arc<Scenario>, n_tables: usize) -> Self {
                Self::new(scenario.clone(), n_tables)
            }
            fn begin(&mut self, at: usize, seed: u64, narrate: bool) {
                self.seat(at, lineage(seed), Vec::new(), narrate);
            }
            fn end(&mut self, at: usize) {
                self.vacate(at);
            }
            fn turn_all(&mut self) {
                self.advance().expect("nothing is planned");
            }
            fn is_over(&self, at: usize) -> bool {
                self.status(at) == $ended
            }
            fn n_turns(&self, at: usize) -> u32 {
                self.turn(at) + 1
            }
            fn told(&self, at: usize) -> &Chronicle {
                self.chronicle(at)
            }
        }
    };
}

engine!(Entities, demarche_engine::table::Status::Ended);
engine!(Plain, demarche_plain_engine::table::Status::Ended);

/// Runs of these seeds, as many at a time as there are tables; a table that ends is laid again for
/// the next seed.
pub fn play_many<E: Engine>(
    engine: &mut E,
    n_tables: usize,
    seeds: std::ops::Range<u64>,
    narrate: bool,
) {
    play_each(engine, n_tables, seeds, narrate, |_, _, _| {});
}

/// The same; each run is shown when it is over, with its table and its seed.
pub fn play_each<E: Engine>(
    engine: &mut E,
    n_tables: usize,
    seeds: std::ops::Range<u64>,
    narrate: bool,
    mut over: impl FnMut(&E, usize, u64),
) {
    let mut seeds = seeds;
    let mut seated = vec![None; n_tables];
    for (at, seat) in seated.iter_mut().enumerate() {
        *seat = seeds.next().inspect(|seed| engine.begin(at, *seed, narrate));
    }
    while seated.iter().any(Option::is_some) {
        engine.turn_all();
        for (at, seat) in seated.iter_mut().enumerate() {
            let Some(seed) = seat.take_if(|_| engine.is_over(at)) else { continue };
            over(engine, at, seed);
            match seeds.next() {
                Some(next) => {
                    engine.begin(at, next, narrate);
                    *seat = Some(next);
                }
                None => engine.end(at),
            }
        }
    }
}
