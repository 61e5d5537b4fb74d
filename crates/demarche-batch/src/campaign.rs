//! A campaign: the ranges of a plan that are still to be done, worked on by several threads.
//!
//! Threads take ranges one after the other. The first runs of the next fill the tables that the
//! last runs of one leave, and each is kept as soon as it is whole, so that memory does not grow
//! with the batch and an interrupt loses the ranges under way and no more. Which thread did which
//! range shows nowhere.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::aggregate::Aggregate;
use crate::error::BatchError;
use crate::folder::{Done, Folder};
use crate::plan::Known;
use crate::range::{KeptRange, OpenRange, PlayedRange, Work};
use crate::runs::{Played, Player, on_threads};
use crate::stopping::Stopping;

/// How a campaign is conducted.
pub struct Campaign<'a> {
    /// The plan.
    pub work: &'a Work,
    /// Where results are kept.
    pub folder: &'a Folder,
    /// On how many threads.
    pub threads: usize,
    /// When it is enough; nothing where all is to be done.
    pub stopping: Option<Stopping>,
    /// Told how far it has come, from time to time.
    pub watch: &'a (dyn Fn(&Tallies) + Sync),
}

/// How far a campaign has come.
#[derive(Debug, Default)]
pub struct Tallies {
    /// Runs to be played now: those of ranges that were done before do not count.
    pub n_asked: u64,
    /// Runs played.
    pub n_played: AtomicU64,
    /// Runs that failed.
    pub n_failed: AtomicU64,
    /// Runs by class of outcome.
    pub outcomes: Vec<AtomicU64>,
}

/// How a campaign ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Ranges that were done now.
    pub n_done: u64,
    /// Damaged ranges that were found and made again.
    pub damaged: Vec<std::path::PathBuf>,
    /// Where it was precise enough: runs from here on do not count.
    pub enough_at: Option<u64>,
}

/// What threads share.
struct Shared<'a> {
    todo: Mutex<std::vec::IntoIter<Range<u64>>>,
    fault: Mutex<Option<BatchError>>,
    prefix: Mutex<Prefix>,
    tallies: Tallies,
    campaign: &'a Campaign<'a>,
    halt: AtomicBool,
    n_done: AtomicU64,
}

/// The runs from the first on without a gap, for a rule that stops.
struct Prefix {
    all: Aggregate,
    next: u64,
    waiting: BTreeMap<u64, (Range<u64>, Aggregate)>,
    enough_at: Option<u64>,
}

impl Campaign<'_> {
    /// Works on these ranges; those that are done already are left as they are.
    ///
    /// # Errors
    /// When a file cannot be read or written, or a range came to two results.
    pub fn run(&self, ranges: &[Range<u64>]) -> Result<Ended, BatchError> {
        let mut done = self.folder.done()?;
        let mut damaged = Vec::new();
        let plan = &self.work.plan;
        let mut prefix = Prefix {
            all: Aggregate::empty(&plan.scenario, &self.work.tables.runs),
            next: 0,
            waiting: BTreeMap::new(),
            enough_at: None,
        };
        self.check_done(&mut done, &mut prefix, &mut damaged)?;
        let is_done =
            |range: &&Range<u64>| done.get(&range.start).is_some_and(|d| d.runs == **range);
        let todo: Vec<Range<u64>> =
            ranges.iter().filter(|range| !is_done(range)).cloned().collect();
        let n_asked = todo.iter().map(|range| range.end - range.start).sum();
        let outcomes = plan.scenario.outcomes.iter().map(|_| AtomicU64::new(0)).collect();
        let halt = AtomicBool::new(prefix.enough_at.is_some());
        let shared = Shared {
            todo: Mutex::new(todo.into_iter()),
            fault: Mutex::new(None),
            prefix: Mutex::new(prefix),
            tallies: Tallies { n_asked, outcomes, ..Tallies::default() },
            campaign: self,
            halt,
            n_done: AtomicU64::new(0),
        };
        on_threads(self.threads, || shared.work());
        (self.watch)(&shared.tallies);
        let fault = shared.fault.into_inner().unwrap_or_else(PoisonError::into_inner);
        fault.map_or(Ok(()), Err)?;
        let prefix = shared.prefix.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Ended { n_done: shared.n_done.into_inner(), damaged, enough_at: prefix.enough_at })
    }

    /// Looks whether what is done is whole. What is damaged is put away, to be made again.
    fn check_done(
        &self,
        done: &mut BTreeMap<u64, Done>,
        prefix: &mut Prefix,
        damaged: &mut Vec<std::path::PathBuf>,
    ) -> Result<(), BatchError> {
        for (start, known) in done.clone() {
            match KeptRange::read(self.folder, &known, self.work) {
                Ok(kept) => prefix.add(&known.runs, kept.aggregate, self.stopping.as_ref()),
                Err(BatchError::Damaged { path }) => {
                    self.folder.put_away(&path)?;
                    damaged.push(path);
                    done.remove(&start);
                }
                Err(BatchError::File { cause, .. })
                    if cause.kind() == std::io::ErrorKind::NotFound =>
                {
                    // Its turns are gone: the range is not whole.
                    done.remove(&start);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
}

impl Shared<'_> {
    fn work(&self) {
        let Work { plan, tables, .. } = self.campaign.work;
        let mut player = Player::new(&plan.scenario);
        // Those under way: hardly ever more than two.
        let open: RefCell<Vec<OpenRange>> = RefCell::default();
        let (mut numbers, mut known) = (0..0, Known::default());
        let orders = std::iter::from_fn(|| {
            if numbers.is_empty() {
                numbers = self.next_range()?;
                open.borrow_mut().push(OpenRange::begin(plan, tables, numbers.clone()));
            }
            numbers.next().map(|number| (number, plan.run(number, &mut known).0))
        });
        player.play(
            orders.fuse(),
            || !self.is_stopped(),
            |number, played| {
                self.tallies.count(&played);
                (self.campaign.watch)(&self.tallies);
                let mut open = open.borrow_mut();
                let at = open.iter().position(|range| range.runs().contains(&number));
                let at = at.expect("it belongs to a range under way");
                open[at].take(plan, tables, number, played);
                if open[at].is_done()
                    && let Err(fault) = self.keep(open.swap_remove(at).into_played())
                {
                    lock(&self.fault).get_or_insert(fault);
                    self.halt.store(true, Ordering::Relaxed);
                }
            },
        );
    }

    fn next_range(&self) -> Option<Range<u64>> {
        if self.is_stopped() { None } else { lock(&self.todo).next() }
    }

    fn is_stopped(&self) -> bool {
        self.halt.load(Ordering::Relaxed)
    }

    fn keep(&self, played: PlayedRange) -> Result<(), BatchError> {
        played.keep(self.campaign.folder, &self.campaign.work.digest)?;
        self.n_done.fetch_add(1, Ordering::Relaxed);
        if self.campaign.stopping.is_some() {
            let mut prefix = lock(&self.prefix);
            prefix.add(&played.runs, played.aggregate, self.campaign.stopping.as_ref());
            if prefix.enough_at.is_some() {
                self.halt.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

impl Tallies {
    fn count(&self, played: &Played) {
        match played {
            Played::Ended(measures, _) => {
                self.outcomes[measures.outcome.ix()].fetch_add(1, Ordering::Relaxed);
            }
            Played::Failed(_) => {
                self.n_failed.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.n_played.fetch_add(1, Ordering::Relaxed);
    }
}

impl Prefix {
    /// Adds a range, and asks the rule wherever the runs from the first on have grown: so where it
    /// stops hangs on the runs alone, and not on who was quicker.
    fn add(&mut self, range: &Range<u64>, aggregate: Aggregate, stopping: Option<&Stopping>) {
        let Some(stopping) = stopping else { return };
        self.waiting.insert(range.start, (range.clone(), aggregate));
        while self.enough_at.is_none() {
            let Some((range, aggregate)) = self.waiting.remove(&self.next) else { return };
            self.all.merge(&aggregate);
            self.next = range.end;
            if stopping.is_met(&self.all) {
                self.enough_at = Some(range.end);
            }
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
