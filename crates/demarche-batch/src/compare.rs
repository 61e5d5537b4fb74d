//! What a change does: the same futures as they were and changed, pair by pair.
//!
//! A future is a seed. Base and arms are played in the same ones, and since draws have addresses,
//! whatever the change does not touch comes about in both: the same attacks, the same delays. What
//! then differs is the work of the change. Uncertain numbers are drawn over their ranges a number
//! of times, each draw with futures of its own, so that it can be told in how many draws the effect
//! goes the same way, and so that draws, not futures, are what an interval counts.
//!
//! [`tally`] holds what is counted, [`findings`] what can be said of it; [`words`] and [`json`]
//! tell it. Two batches of the same futures, each in a folder, are compared row by row: [`kept`].

pub mod fault;
pub mod tally;
pub mod findings;
pub mod words;
pub mod json;
pub mod kept;

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use demarche_engine::measures::Measures;
use demarche_engine::scenario::Scenario;
use demarche_record::cast::Named;
use demarche_record::format::Lineage;

use crate::plan::MOST_RUNS;
use crate::runs::{Played, Player, Run, on_threads};
use fault::CompareFault;
use tally::{Ended, Pair, Scales, Tally};

/// The fewest futures that a thread takes at a time.
const SMALLEST_BLOCK: u64 = 64;
/// The most: what two Worlds play without the last tables standing empty for long.
const LARGEST_BLOCK: u64 = 512;
/// Into how many blocks futures are cut, if that makes them neither too large nor too small.
const BLOCKS: u64 = 16;
/// Failed runs that are named.
const NAMED: usize = 20;

/// What is changed, all at once.
#[derive(Clone, Debug)]
pub struct Arm {
    /// What it is called.
    pub name: String,
    /// What is changed, as it was written.
    pub changes: Vec<String>,
    /// The scenario with the change.
    pub scenario: Arc<Scenario>,
}

/// Which futures are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Futures {
    /// The seed of the first future and of the first draw; the next has one more.
    pub seed: u64,
    /// How often uncertain numbers are drawn over their ranges; nothing where all are taken at the
    /// reference point. [draws]
    pub draws: Option<u64>,
    /// Futures of each draw; where nothing is drawn, futures in all. [runs, ≥ 1]
    pub per_draw: u64,
}

impl Futures {
    /// The most futures of a draw where nothing else is said: few futures of many draws tell more
    /// of the mean than many of few, but fewer would not show which way a draw goes.
    const PER_DRAW: u64 = 20;
    /// Draws that there should be before a draw has several futures.
    const DRAWS: u64 = 50;

    /// At least so many futures, over ranges: whole draws.
    ///
    /// # Errors
    /// When there are none, or the last seed would not fit.
    pub fn over_ranges(n: u64, seed: u64, per_draw: Option<u64>) -> Result<Self, CompareFault> {
        let per_draw = per_draw.unwrap_or(Self::usual_per_draw(n));
        let draws = if per_draw == 0 { 0 } else { n.div_ceil(per_draw) };
        Self { seed, draws: Some(draws), per_draw }.checked()
    }

    /// How many futures of each draw there are where nothing else is said. [runs, ≥ 1]
    #[must_use]
    pub fn usual_per_draw(n: u64) -> u64 {
        (n / Self::DRAWS).clamp(1, Self::PER_DRAW)
    }

    /// So many futures, at the reference point.
    ///
    /// # Errors
    /// When there are none, or the last seed would not fit.
    pub const fn at_the_point(n: u64, seed: u64) -> Result<Self, CompareFault> {
        Self { seed, draws: None, per_draw: n }.checked()
    }

    const fn checked(self) -> Result<Self, CompareFault> {
        let draws = match self.draws {
            Some(draws) => draws,
            None => 1,
        };
        match draws.checked_mul(self.per_draw) {
            Some(0) => Err(CompareFault::NoFutures),
            Some(n) if n <= MOST_RUNS && self.seed.checked_add(n).is_some() => Ok(self),
            _ => Err(CompareFault::TooManyFutures { seed: self.seed }),
        }
    }

    /// Futures in all. [runs, ≥ 1]
    #[must_use]
    pub fn n(&self) -> u64 {
        self.draws.unwrap_or(1) * self.per_draw
    }

    /// The draw that a future is of, by its number from 0.
    #[must_use]
    pub const fn draw(&self, future: u64) -> u64 {
        future / self.per_draw
    }

    /// The seeds of a future, by its number from 0.
    #[must_use]
    pub fn lineage(&self, future: u64) -> Lineage {
        let over_ranges = self.draws.map(|_| self.seed + self.draw(future));
        Lineage { seed: self.seed + future, branch: None, over_ranges }
    }

    /// Futures that are played by one thread in one go.
    fn block(&self) -> u64 {
        (self.n() / BLOCKS).clamp(SMALLEST_BLOCK, LARGEST_BLOCK)
    }
}

/// A comparison of arms with a base.
pub struct Comparison<'a> {
    /// The scenario without a change.
    pub base: &'a Arc<Scenario>,
    /// The changes.
    pub arms: &'a [Arm],
    /// The futures.
    pub futures: Futures,
    /// On how many threads. It changes no result.
    pub threads: usize,
    /// Told from time to time how many runs are played, of how many.
    pub watch: &'a (dyn Fn(u64, u64) + Sync),
}

/// A run that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The arm; nothing for the base.
    pub arm: Option<usize>,
    /// The number of the future.
    pub future: u64,
    /// What the program said.
    pub words: String,
}

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The futures that were played.
    pub futures: Futures,
    /// What was counted, by arm.
    pub arms: Vec<Tally>,
    /// Runs that failed, which is a bug. A pair of which either did is left out.
    pub n_failed: u64,
    /// The first of them.
    pub failures: Vec<Failure>,
}

impl Compared {
    fn empty(comparison: &Comparison<'_>, scales: &Scales) -> Self {
        let is_drawn = comparison.futures.draws.is_some();
        let arms = comparison.arms.iter().map(|_| Tally::empty(scales, is_drawn)).collect();
        Self { futures: comparison.futures, arms, n_failed: 0, failures: Vec::new() }
    }

    fn merge(&mut self, other: Self) {
        self.arms.iter_mut().zip(other.arms).for_each(|(own, other)| own.merge(other));
        self.n_failed += other.n_failed;
        self.failures.extend(other.failures);
        self.failures.sort_by_key(|failure| (failure.future, failure.arm));
        self.failures.truncate(NAMED);
    }
}

impl Comparison<'_> {
    /// Plays all futures, as they were and changed.
    ///
    /// # Errors
    /// When an arm cannot be compared with the base.
    pub fn run(&self) -> Result<Compared, CompareFault> {
        self.arms.iter().try_for_each(|arm| comparable(self.base, &arm.scenario, &arm.name))?;
        let scales = Scales::of(self.base);
        let all = Mutex::new(Compared::empty(self, &scales));
        let (next, n_played) = (AtomicU64::new(0), AtomicU64::new(0));
        let work = || {
            let mut players = self.players();
            let mut own = Compared::empty(self, &scales);
            let block = self.futures.block();
            loop {
                let start = next.fetch_add(block, Ordering::Relaxed);
                if start >= self.futures.n() {
                    break;
                }
                let futures = start..(start + block).min(self.futures.n());
                self.play(&mut players, futures, &scales, &mut own, &n_played);
            }
            all.lock().unwrap_or_else(PoisonError::into_inner).merge(own);
        };
        on_threads(self.threads, work);
        Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// One for the base, then one for each arm.
    fn players(&self) -> Vec<Player> {
        let scenarios = [self.base].into_iter().chain(self.arms.iter().map(|arm| &arm.scenario));
        scenarios.map(Player::new).collect()
    }

    /// Plays some futures as they were, then with each change, and counts each pair. Pairs are told
    /// in the order in which they end, which shows nowhere: all that is kept is a count, a sum of
    /// whole units, or a first by number.
    fn play(
        &self,
        players: &mut [Player],
        futures: Range<u64>,
        scales: &Scales,
        own: &mut Compared,
        n_played: &AtomicU64,
    ) {
        let runs = || futures.clone().map(|future| (future, self.run_of(future)));
        let n_runs = self.futures.n() * (1 + self.arms.len() as u64);
        let watch = || {
            let played = n_played.fetch_add(1, Ordering::Relaxed) + 1;
            (self.watch)(played, n_runs);
        };
        let mut bases: Vec<Option<Box<Measures>>> = vec![None; futures.clone().count()];
        let at = |future: u64| usize::try_from(future - futures.start).expect("blocks are small");
        let Compared { arms, n_failed, failures, .. } = own;
        let mut failed = |arm: Option<usize>, future: u64, words: String| {
            *n_failed += 1;
            failures.push(Failure { arm, future, words });
            failures.sort_by_key(|failure| (failure.future, failure.arm));
            failures.truncate(NAMED);
        };
        let Some((base, changed)) = players.split_first_mut() else { return };
        base.play(
            runs(),
            || true,
            |future, played| {
                watch();
                match played {
                    Played::Ended(measures, _) => bases[at(future)] = Some(measures),
                    Played::Failed(words) => failed(None, future, words),
                }
            },
        );
        for (arm, (player, tally)) in changed.iter_mut().zip(arms).enumerate() {
            player.play(
                runs(),
                || true,
                |future, played| {
                    watch();
                    match (&bases[at(future)], played) {
                        (Some(base), Played::Ended(changed, _)) => {
                            let draw = self.futures.draw(future);
                            let is_alike = **base == *changed;
                            let [base, changed] = [base, &changed].map(|of| Ended::of(of, scales));
                            let (base, changed) = (&base, &changed);
                            tally.add(&Pair { future, draw, base, changed, is_alike }, scales);
                        }
                        (None, Played::Ended(..)) => {}
                        (_, Played::Failed(words)) => failed(Some(arm), future, words),
                    }
                },
            );
        }
    }

    fn run_of(&self, future: u64) -> Run {
        let lineage = self.futures.lineage(future);
        Run { lineage, settings: Arc::default(), past: None, is_followed: false }
    }
}

/// Outcomes, sides and issues are compared one by one, so an arm must have those of the base.
fn comparable(base: &Scenario, changed: &Scenario, arm: &str) -> Result<(), CompareFault> {
    let keys = |named: &mut dyn Iterator<Item = &Named>| -> Vec<String> {
        named.map(|named| named.key.clone()).collect()
    };
    let kinds = |of: &Scenario| {
        let cast = &of.cast;
        [
            ("classes of outcome", keys(&mut cast.outcomes.iter())),
            ("parties", keys(&mut cast.parties.iter().map(|party| &party.named))),
            ("issues", keys(&mut cast.issues.iter().map(|issue| &issue.named))),
        ]
    };
    for ((what, own), (_, its)) in kinds(base).into_iter().zip(kinds(changed)) {
        if own != its {
            let (base, changed) = (own.join(", "), its.join(", "));
            return Err(CompareFault::Others { arm: arm.to_owned(), what, base, changed });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
