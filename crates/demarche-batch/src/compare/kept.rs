//! Two batches of the same futures, each kept in a folder, compared row by row.
//!
//! A run of the one and the run of the same number of the other have the same seed, and draw the
//! same numbers where ranges are drawn. Each pair is then a future of its own, so that futures are
//! what an interval counts, also over ranges.

use super::comparable;
use super::tally::{Pair, Scales, Tally};
use crate::design::Spread;
use crate::error::BatchError;
use crate::folder::Folder;
use crate::kept::{KeptRun, KeptRuns};
use crate::plan::Plan;
use crate::range::Work;

/// A batch that was kept.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// Where it is.
    pub folder: &'a Folder,
    /// Its plan.
    pub work: &'a Work,
}

/// Why two batches cannot be compared pair by pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Their runs are not of the same futures, but end in the same classes.
    OtherFutures(&'static str),
    /// Their runs do not end in the same classes, or are of other parties or issues.
    OtherScenario(String),
}

/// What was counted of the pairs of two batches, or why there are none.
pub type PairedBatches = Result<Tally, Apart>;

/// Compares two batches pair by pair, over the runs that both have.
///
/// # Errors
/// When a table cannot be read.
pub fn compare(base: Kept<'_>, changed: Kept<'_>) -> Result<PairedBatches, BatchError> {
    let [own, its] = [base, changed].map(|kept| &kept.work.plan);
    if let Err(fault) = comparable(&own.scenario, &its.scenario, "the other") {
        return Ok(Err(Apart::OtherScenario(fault.to_string())));
    }
    if let Some(why) = apart(own, its) {
        return Ok(Err(Apart::OtherFutures(why)));
    }
    let scales = Scales::of(&own.scenario);
    let mut tally = Tally::empty(&scales, false);
    let mut bases = KeptRuns::open(base.folder, base.work, &scales)?;
    let mut changes = KeptRuns::open(changed.folder, changed.work, &scales)?;
    let (mut one, mut other) = (bases.advance()?, changes.advance()?);
    while let (Some(base), Some(changed)) = (&one, &other) {
        // Where ranges are missing, numbers are left out.
        match base.run.cmp(&changed.run) {
            std::cmp::Ordering::Less => one = bases.advance()?,
            std::cmp::Ordering::Greater => other = changes.advance()?,
            std::cmp::Ordering::Equal => {
                if base.seed != changed.seed {
                    return Ok(Err(Apart::OtherFutures("runs of a number have other seeds")));
                }
                add(&mut tally, &scales, (base, changed), is_alike(&bases, &changes));
                (one, other) = (bases.advance()?, changes.advance()?);
            }
        }
    }
    Ok(Ok(tally))
}

fn add(tally: &mut Tally, scales: &Scales, pair: (&KeptRun, &KeptRun), is_alike: bool) {
    let (base, changed) = pair;
    if let (Some(ended), Some(now)) = (&base.ended, &changed.ended) {
        let (future, draw) = (base.run, base.run);
        tally.add(&Pair { future, draw, base: ended, changed: now, is_alike }, scales);
    }
}

/// Whether all that both measured is the same.
fn is_alike(bases: &KeptRuns<'_>, changes: &KeptRuns<'_>) -> bool {
    bases.measured().eq(changes.measured())
}

/// Why runs of the same number are not of the same future.
fn apart(base: &Plan, changed: &Plan) -> Option<&'static str> {
    let is_plain = |plan: &Plan| plan.design.spread == Spread::Nothing;
    if !(is_plain(base) && is_plain(changed)) {
        return Some("their numbers vary by design");
    }
    if base.seed != changed.seed {
        return Some("their seeds are others");
    }
    let is_drawn = base.over_ranges != changed.over_ranges;
    is_drawn.then_some("one draws uncertain numbers over their ranges, the other does not")
}
