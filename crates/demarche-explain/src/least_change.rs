//! The least change: which lever, moved how little, would have turned this very run.
//!
//! Every trial is the run itself again, same draws, same decisions from outside, with one number or
//! two set otherwise within their ranges. First every lever by one step either way, then by two,
//! and so on to the ends; the search stops at the first step at which anything turns the run, and
//! tells all that did. Where no single lever does, all pairs are tried, both moved by a quarter of
//! their ranges, by half, and as far as they go. Nothing is looked up and nothing guessed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use demarche_domain::index::RoundIx;
use demarche_engine::scenario::Scenario;
use demarche_engine::seating::Settings;
use demarche_engine::session::{Session, hand_back};
use demarche_engine::table::Status;
use demarche_record::decision::Input;
use demarche_record::event::Ending;
use demarche_record::format::Lineage;

use crate::levers::{Lever, STEPS, Way};

/// What would have to come out otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// That a round that ended without one ends with an agreement.
    Agreement(RoundIx),
    /// That a round that ended with an agreement ends without one, or is not held.
    NoAgreement(RoundIx),
}

/// The run that is to be turned.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its scenario.
    pub scenario: Arc<Scenario>,
    /// Its seed.
    pub lineage: Lineage,
    /// What entered it from outside.
    pub inputs: Vec<Input>,
    /// What would have to come out otherwise.
    pub goal: Goal,
}

/// A lever and what it is set to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The place of the lever in the list.
    pub lever: usize,
    /// Which way it goes.
    pub way: Way,
    /// By how many twentieths of its range, the last one possibly cut short.
    pub steps: u8,
    /// The value that it is set to, in its unit.
    pub value: f64,
}

/// A change that turns the run: one lever, or two.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The levers moved.
    pub steps: Vec<Step>,
    /// How far in all, as shares of their ranges. [1, > 0]
    pub share: f64,
}

/// What the search found, and how far it looked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LeastChange {
    /// All changes at the least step that turn the run, the smallest first; empty where none does.
    pub found: Vec<Change>,
    /// The step at which they were found; the last that was tried where none was. [steps]
    pub at_steps: u8,
    /// Runs that were played with one lever moved.
    pub n_singles: usize,
    /// Runs that were played with two.
    pub n_pairs: usize,
    /// Runs that could not be played to where the goal is decided, as a decision taken from outside
    /// was no longer offered.
    pub n_refused: usize,
}

/// How far a search has come: runs played and runs to play at this step.
pub type Watch<'a> = &'a (dyn Fn(&str, usize, usize) + Sync);

/// The steps by which pairs are moved: a quarter, half, and all of a range.
const PAIR_STEPS: [u8; 3] = [5, 10, STEPS];
/// Of the pairs that turn the run at a coarse step, how many are made as small as they go.
const REFINED: usize = 12;

/// Searches for the least change, on as many threads.
#[must_use]
pub fn least_change(run: &Run, levers: &[Lever], threads: usize, watch: Watch<'_>) -> LeastChange {
    let bench = Bench { run, levers, threads, watch };
    let mut least = LeastChange::default();
    for steps in 1..=STEPS {
        let singles = bench.singles(steps);
        let hits = bench.hits("one lever at a time", &singles, &mut least.n_refused);
        least.n_singles += singles.len();
        least.at_steps = steps;
        if !hits.is_empty() {
            least.found = bench.changes(hits);
            return least;
        }
    }
    for steps in PAIR_STEPS {
        let pairs = bench.pairs(steps);
        let hits = bench.hits("two levers at a time", &pairs, &mut least.n_refused);
        least.n_pairs += pairs.len();
        least.at_steps = steps;
        if !hits.is_empty() {
            least.found = bench.refined(hits, &mut least.n_pairs);
            return least;
        }
    }
    least
}

/// Levers moved in one trial.
type Trial = Vec<Step>;

struct Bench<'a> {
    run: &'a Run,
    levers: &'a [Lever],
    threads: usize,
    watch: Watch<'a>,
}

/// What became of a trial.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turned {
    Yes,
    No,
    Refused,
}

impl Bench<'_> {
    fn step(&self, lever: usize, way: Way, steps: u8) -> Option<Step> {
        let value = self.levers[lever].moved(way, steps)?;
        Some(Step { lever, way, steps, value })
    }

    /// As far as this many steps, or to the end of the range where that is nearer.
    fn step_or_end(&self, lever: usize, way: Way, steps: u8) -> Option<Step> {
        (1..=steps).rev().find_map(|steps| self.step(lever, way, steps))
    }

    fn singles(&self, steps: u8) -> Vec<Trial> {
        let ways = |lever| [Way::Down, Way::Up].map(|way| self.step(lever, way, steps));
        (0..self.levers.len()).flat_map(ways).flatten().map(|step| vec![step]).collect()
    }

    fn pairs(&self, steps: u8) -> Vec<Trial> {
        let ways = |lever| [Way::Down, Way::Up].map(|way| self.step_or_end(lever, way, steps));
        let ends: Vec<[Option<Step>; 2]> = (0..self.levers.len()).map(ways).collect();
        let mut trials = Vec::new();
        for (first, firsts) in ends.iter().enumerate() {
            for seconds in &ends[first + 1..] {
                for a in firsts.iter().flatten() {
                    trials.extend(seconds.iter().flatten().map(|b| vec![*a, *b]));
                }
            }
        }
        trials
    }

    /// The trials that turn the run, in their order, on however many threads they were played.
    fn hits(&self, what: &str, trials: &[Trial], n_refused: &mut usize) -> Vec<Trial> {
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let play = || {
            let mut session = Session::new(self.run.scenario.clone(), 1);
            let mut found = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(trial) = trials.get(at) else { return found };
                found.push((at, self.turned(&mut session, trial)));
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                (self.watch)(what, done, trials.len());
            }
        };
        let mut all: Vec<(usize, Turned)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.threads.max(1)).map(|_| scope.spawn(play)).collect();
            let join = |worker: std::thread::ScopedJoinHandle<'_, _>| {
                worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            workers.into_iter().flat_map(join).collect()
        });
        all.sort_by_key(|(at, _)| *at);
        *n_refused += all.iter().filter(|(_, turned)| *turned == Turned::Refused).count();
        let hits = all.into_iter().filter(|(_, turned)| *turned == Turned::Yes);
        hits.map(|(at, _)| trials[at].clone()).collect()
    }

    /// Plays the run with some levers moved, until the goal is decided.
    fn turned(&self, session: &mut Session, trial: &Trial) -> Turned {
        let numbers = trial.iter().map(|step| self.levers[step.lever].setting(step.value));
        let set = Settings { numbers: numbers.collect() };
        session.seat_with(0, self.run.lineage, self.run.inputs.clone(), false, &set);
        while session.status(0) != Status::Ended {
            if session.advance().is_err() {
                return Turned::Refused;
            }
            hand_back(session, 0);
            if let Some(is_agreed) = self.decided(session) {
                return if is_agreed == matches!(self.run.goal, Goal::Agreement(_)) {
                    Turned::Yes
                } else {
                    Turned::No
                };
            }
        }
        match self.run.goal {
            Goal::Agreement(_) => Turned::No,
            Goal::NoAgreement(_) => Turned::Yes,
        }
    }

    /// Whether the round has ended, and with an agreement.
    fn decided(&self, session: &Session) -> Option<bool> {
        let (Goal::Agreement(round) | Goal::NoAgreement(round)) = self.run.goal;
        let endings = &session.tally(0).endings;
        let closed = endings.iter().find(|closed| closed.round == round);
        closed.map(|closed| closed.ending == Ending::Agreement)
    }

    fn changes(&self, hits: Vec<Trial>) -> Vec<Change> {
        let share = |trial: &Trial| {
            trial.iter().map(|step| self.levers[step.lever].share(step.value)).sum()
        };
        let mut changes: Vec<Change> =
            hits.into_iter().map(|steps| Change { share: share(&steps), steps }).collect();
        changes.sort_by(|a, b| a.share.total_cmp(&b.share));
        changes
    }

    /// The first pairs that turn the run, each made as small as it goes.
    fn refined(&self, hits: Vec<Trial>, n_pairs: &mut usize) -> Vec<Change> {
        let mut session = Session::new(self.run.scenario.clone(), 1);
        let mut smallest = Vec::new();
        for hit in hits.into_iter().take(REFINED) {
            let [a, b] = [hit[0], hit[1]];
            let mut sizes: Vec<(u8, u8)> =
                (1..=a.steps).flat_map(|k| (1..=b.steps).map(move |l| (k, l))).collect();
            sizes.sort_by_key(|(k, l)| (k + l, *k));
            let smaller = sizes.into_iter().find_map(|(k, l)| {
                let trial = vec![self.step(a.lever, a.way, k)?, self.step(b.lever, b.way, l)?];
                *n_pairs += 1;
                (self.turned(&mut session, &trial) == Turned::Yes).then_some(trial)
            });
            smallest.push(smaller.unwrap_or(hit));
        }
        self.changes(smallest)
    }
}
