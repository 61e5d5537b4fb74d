//! Runs: many of them, one after another at the tables of one World.
//!
//! A [`Player`] belongs to one thread. A table that ends is laid again for the next run, and no run
//! knows at which table it was played or in whose company. A run that panics takes the whole World
//! with it; then those that were under way are played again, each alone, and the one that panics
//! alone too is told so. The others go on.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use demarche_engine::measures::{Gauge, Measures};
use demarche_engine::past::Past;
use demarche_engine::scenario::Scenario;
use demarche_engine::seating::Settings;
use demarche_engine::session::Session;
use demarche_engine::table::Status;
use demarche_record::chronicle::Chronicle;
use demarche_record::format::Lineage;

/// The tables of one World: more gain nothing.
const TABLES: usize = 64;

thread_local! {
    static PLAYING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is within a run, where a panic is caught, counted and told.
#[must_use]
pub fn is_playing() -> bool {
    PLAYING.get()
}

/// Plays something of which a panic is caught.
fn caught<T>(play: impl FnOnce() -> T) -> std::thread::Result<T> {
    PLAYING.set(true);
    let played = catch_unwind(AssertUnwindSafe(play));
    PLAYING.set(false);
    played
}

/// Works on so many threads, at least one, until all have done. Where the system gives no more of
/// them, those that there are do it all.
pub(crate) fn on_threads(n: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        let spawned = |_: &usize| std::thread::Builder::new().spawn_scoped(scope, &work).is_ok();
        if (0..n.max(1)).take_while(spawned).count() == 0 {
            work();
        }
    });
}

/// A run to be played.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Where its draws come from.
    pub lineage: Lineage,
    /// What is set to something else than the scenario says.
    pub settings: Arc<Settings>,
    /// What has happened before it parts from others; nothing where it has its own beginning.
    pub past: Option<Arc<Past>>,
    /// Whether it is followed: its chronicle is kept.
    pub is_followed: bool,
}

impl Run {
    /// Seats it at a table.
    fn take_seat(&self, session: &mut Session, at: usize) {
        let past = self.past.as_ref();
        let inputs = past.map_or_else(Vec::new, |past| past.record.inputs.clone());
        session.seat_with(at, self.lineage, inputs, self.is_followed, &self.settings);
    }
}

/// What became of a run.
#[derive(Clone, Debug)]
pub enum Played {
    /// It ended.
    Ended(Box<Measures>, Option<Chronicle>),
    /// It panicked, which is a bug, with these words.
    Failed(String),
}

/// Plays runs, on one thread.
pub struct Player {
    scenario: Arc<Scenario>,
    session: Session,
    gauge: Gauge,
    /// For tests: told before a run is seated, and may panic in its stead.
    #[cfg(test)]
    pub(crate) mine: Option<fn(u64)>,
}

impl Player {
    /// A World with tables, nobody seated.
    #[must_use]
    pub fn new(scenario: &Arc<Scenario>) -> Self {
        Self {
            scenario: scenario.clone(),
            session: Session::new(scenario.clone(), TABLES),
            gauge: Gauge::default(),
            #[cfg(test)]
            mine: None,
        }
    }

    /// Plays runs, and tells what became of each by its number, in no particular order. Goes no
    /// further when `go_on` says so.
    pub fn play(
        &mut self,
        runs: impl IntoIterator<Item = (u64, Run)>,
        mut go_on: impl FnMut() -> bool,
        mut tell: impl FnMut(u64, Played),
    ) {
        let mut runs = runs.into_iter();
        let mut seated: Vec<Option<(u64, Run)>> = vec![None; TABLES];
        let mut ended = Vec::new();
        loop {
            for place in seated.iter_mut().filter(|place| place.is_none()) {
                *place = runs.next();
            }
            if seated.iter().all(Option::is_none) {
                return;
            }
            if caught(|| self.turn(&mut seated, &mut ended)).is_err() {
                self.session = Session::new(self.scenario.clone(), TABLES);
                for (number, run) in seated.iter_mut().filter_map(Option::take) {
                    ended.push((number, self.alone(number, &run)));
                }
            }
            // What is made of runs is not theirs: where that panics, it is not caught.
            ended.drain(..).for_each(|(number, played)| tell(number, played));
            if !go_on() {
                // Whoever sits at a table is forgotten: the World is used again.
                self.session = Session::new(self.scenario.clone(), TABLES);
                return;
            }
        }
    }

    /// Seats those who have no table yet, lets all go on by a turn and reads off runs that have
    /// ended.
    fn turn(&mut self, seated: &mut [Option<(u64, Run)>], ended: &mut Vec<(u64, Played)>) {
        for (at, place) in seated.iter().enumerate() {
            if let Some((_, run)) = place
                && self.session.status(at) == Status::Empty
            {
                run.take_seat(&mut self.session, at);
            }
        }
        #[cfg(test)]
        seated.iter().flatten().for_each(|(number, _)| self.mine.iter().for_each(|m| m(*number)));
        self.session.advance().expect("what has entered once enters again");
        for (at, place) in seated.iter_mut().enumerate() {
            if self.session.status(at) != Status::Ended {
                continue;
            }
            // It leaves its table once it was read: what panics before is played again alone.
            let Some((number, run)) = place else { continue };
            let (number, played) = (*number, read(&self.session, at, run, &mut self.gauge));
            *place = None;
            self.session.vacate(at);
            ended.push((number, played));
        }
    }

    /// Plays one run in a World of its own.
    fn alone(&mut self, _number: u64, run: &Run) -> Played {
        let played = caught(|| {
            let mut session = Session::new(self.scenario.clone(), 1);
            run.take_seat(&mut session, 0);
            while session.status(0) != Status::Ended {
                #[cfg(test)]
                self.mine.iter().for_each(|mine| mine(_number));
                session.advance().expect("what has entered once enters again");
            }
            read(&session, 0, run, &mut self.gauge)
        });
        played.unwrap_or_else(|panic| Played::Failed(words(panic.as_ref())))
    }
}

fn read(session: &Session, at: usize, run: &Run, gauge: &mut Gauge) -> Played {
    let chronicle = run.is_followed.then(|| session.chronicle(at).clone());
    Played::Ended(Box::new(session.measure(at, gauge)), chronicle)
}

/// What a panic says.
fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{dispute, runs_of};

    fn played(player: &mut Player, n: u64) -> Vec<(u64, Option<Measures>)> {
        let mut all = Vec::new();
        player.play(
            runs_of(0..n),
            || true,
            |number, played| {
                all.push((
                    number,
                    match played {
                        Played::Ended(measures, _) => Some(*measures),
                        Played::Failed(words) => {
                            assert!(words.contains("trodden"), "{words}");
                            None
                        }
                    },
                ));
            },
        );
        all.sort_by_key(|(number, _)| *number);
        all
    }

    #[test]
    fn a_run_that_panics_is_followed_and_the_rest_go_on() {
        let whole = played(&mut Player::new(&dispute()), 150);
        let mut player = Player::new(&dispute());
        player.mine = Some(|number| assert!(![7, 100].contains(&number), "trodden on {number}"));
        let mined = played(&mut player, 150);
        assert_eq!(mined.len(), 150);
        for ((number, measured), (_, expected)) in mined.iter().zip(&whole) {
            let expected = if [7, 100].contains(number) { &None } else { expected };
            assert_eq!(measured, expected, "run {number}");
        }
    }

    #[test]
    #[should_panic(expected = "there is no room")]
    fn what_panics_outside_a_run_is_no_fault_of_it() {
        let mut player = Player::new(&dispute());
        player.play(runs_of(0..3), || true, |_, _| panic!("there is no room"));
    }

    #[test]
    fn a_player_that_was_stopped_plays_on_as_a_new_one() {
        let whole = played(&mut Player::new(&dispute()), 20);
        let mut player = Player::new(&dispute());
        let (mut turns, mut n_told) = (0, 0);
        player.play(
            runs_of(0..500),
            || {
                turns += 1;
                turns < 5
            },
            |_, _| n_told += 1,
        );
        assert!(n_told < 500);
        assert_eq!(played(&mut player, 20), whole);
    }
}
