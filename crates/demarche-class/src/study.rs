//! The study: what the debrief shows that takes a while to work out.
//!
//! Where the end of a table lies among futures that the policy plays alone, and why a table ended
//! as it did, with the least change that would have turned its own record.

use std::sync::Arc;

use demarche_domain::index::{IssueIx, OutcomeIx};
use demarche_engine::scenario::Scenario;
use demarche_engine::session::run;
use demarche_explain::{Search, explain, words};
use demarche_record::event::Event;
use demarche_record::format::{Lineage, RunRecord};
use demarche_scenario::NumberUse;

/// How many futures the policy plays.
pub const N_FUTURES: u32 = 1000;

/// What is studied: the scenario, where draws come from, and the records of the tables.
#[derive(Clone)]
pub struct Matter {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// Its numbers.
    pub numbers: Arc<Vec<NumberUse>>,
    /// Where the draws of the class come from.
    pub lineage: Lineage,
    /// The record of each table that was played to its end.
    pub records: Vec<Option<RunRecord>>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Study {
    /// What the policy comes to by itself.
    pub futures: Futures,
    /// Why each table ended as it did, where it was played to its end.
    pub reasons: Vec<Option<String>>,
}

/// Futures of the same scenario by the policy alone, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Futures {
    /// How many end in each class.
    pub outcomes: Vec<u32>,
    /// How many have each rung of each issue in force at the end.
    pub rungs: Vec<Vec<u32>>,
}

impl Futures {
    /// How many there are.
    #[must_use]
    pub fn n(&self) -> u32 {
        self.outcomes.iter().sum()
    }

    /// The class that most end in, and how many do.
    #[must_use]
    pub fn usual(&self) -> Option<(OutcomeIx, u32)> {
        most(&self.outcomes).map(|(place, n)| (OutcomeIx::at(place), n))
    }

    /// The rung of an issue that is most often in force, and in how many.
    #[must_use]
    pub fn usual_rung(&self, issue: IssueIx) -> Option<(u8, u32)> {
        let (place, n) = most(&self.rungs[issue.ix()])?;
        Some((u8::try_from(place).ok()?, n))
    }

    fn of(scenario: &Arc<Scenario>, lineages: &[Lineage]) -> Self {
        let space = &scenario.space;
        let rungs = space.issues().map(|issue| vec![0; space.n_rungs(issue)]).collect();
        let mut futures = Self { outcomes: vec![0; scenario.cast.outcomes.len()], rungs };
        for lineage in lineages {
            let record = run(scenario, *lineage, Vec::new()).expect("no input is given");
            let ended = record.chronicle.entries.iter().find_map(|entry| match &entry.event {
                Event::RunEnded { outcome, in_force, .. } => Some((*outcome, *in_force)),
                _ => None,
            });
            let Some((outcome, in_force)) = ended else { continue };
            futures.outcomes[outcome.ix()] += 1;
            for issue in space.issues() {
                futures.rungs[issue.ix()][usize::from(in_force.rung(issue))] += 1;
            }
        }
        futures
    }

    fn add(&mut self, other: &Self) {
        let add = |one: &mut Vec<u32>, other: &Vec<u32>| {
            one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
        };
        add(&mut self.outcomes, &other.outcomes);
        self.rungs.iter_mut().zip(&other.rungs).for_each(|(one, other)| add(one, other));
    }
}

fn most(counts: &[u32]) -> Option<(usize, u32)> {
    let most = *counts.iter().max().filter(|most| **most > 0)?;
    counts.iter().position(|n| *n == most).map(|place| (place, most))
}

/// Futures by the policy alone, on all threads of the machine; their order makes no difference.
///
/// # Panics
/// Never: a run by the policy alone has no input that could be refused.
#[must_use]
pub fn futures(scenario: &Arc<Scenario>, of: Lineage, n: u32) -> Futures {
    let lineage = |seed: u32| {
        let seed = u64::from(seed);
        Lineage { seed, branch: None, over_ranges: of.over_ranges.map(|_| seed) }
    };
    let lineages: Vec<Lineage> = (1..=n).map(lineage).collect();
    let n_threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let part = lineages.len().div_ceil(n_threads).max(1);
    std::thread::scope(|threads| {
        let work = |part| threads.spawn(move || Futures::of(scenario, part));
        let parts: Vec<_> = lineages.chunks(part).map(work).collect();
        let parts = parts.into_iter().map(|part| part.join().expect("no run can fail"));
        parts.reduce(|mut all, part| {
            all.add(&part);
            all
        })
    })
    .unwrap_or_default()
}

/// Studies a class.
#[must_use]
pub fn study(matter: &Matter) -> Study {
    let cast = &matter.scenario.cast;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let reason = |(at, record): (usize, &Option<RunRecord>)| {
        let record = record.as_ref()?;
        let search = Search { threads, watch: &|_, _, _| {} };
        let why = explain(record, &matter.scenario, &matter.numbers, Some(search));
        let replay = format!("demarche replay CLASS.sqlite --table {}", at + 1);
        Some(words::tell(&why, record, cast, &replay, 0))
    };
    let reasons = matter.records.iter().enumerate().map(reason).collect();
    Study { futures: futures(&matter.scenario, matter.lineage, N_FUTURES), reasons }
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn the_usual_is_the_most_frequent_and_the_first_of_equals() {
        assert_eq!(most(&[1, 3, 3]), Some((1, 3)));
        assert_eq!((most(&[0, 0]), most(&[])), (None, None));
    }
}
