//! What can be said of pairs that were counted: differences, how far off they may be, and whether
//! that is enough to tell.
//!
//! Over ranges, draws are what is independent, so an interval is Student's over draws; at the
//! reference point futures are, and the interval of a share is Tango's on the four cells. Where
//! nothing at all differs in any future, a difference is none, and certainly so.

use demarche_statistics::clustered::Cluster;
use demarche_statistics::interval::{Confidence, Interval};
use demarche_statistics::mean::Moments;
use demarche_statistics::paired::FourCells;
use demarche_statistics::proportion::Share;

use super::tally::{ShareOf, Tally};
use crate::aggregate::UNIT;

/// How surely, everywhere.
pub const CONFIDENCE: Confidence = Confidence::NINETY_FIVE;

/// Pairs that are asked for to tell a difference are so many that four tries of five would tell it:
/// the half-width must not just reach the difference but leave room for chance. (1.960 + 0.842)² /
/// 1.960². [1]
const FOUR_OF_FIVE: f64 = 2.043;

/// What the change did to a share or a mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Pairs that it is taken over.
    pub n: u64,
    /// As it was. In its unit.
    pub base: Option<f64>,
    /// Changed. In its unit.
    pub changed: Option<f64>,
    /// Changed less as it was. In its unit.
    pub difference: Option<f64>,
    /// Between what bounds the difference may lie; nothing where that cannot be told.
    pub interval: Option<Interval>,
    /// How these bounds came about; nothing where there are none.
    pub method: Option<Method>,
    /// Which way it went in how many draws; nothing where nothing is drawn.
    pub ways: Option<Ways>,
}

/// How the bounds of a difference came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// In no pair anything that is measured differs.
    Untouched,
    /// By the four cells (Tango 1998).
    Tango,
    /// By the differences of pairs.
    Student,
    /// By the mean differences of draws, as clusters.
    StudentOverDraws,
    /// All draws are alike: by how many of another kind could have been missed.
    ClopperPearsonOverDraws,
    /// Two shares that share no futures (Newcombe 1998).
    Newcombe,
}

impl Method {
    /// Its word in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Tango => "tango",
            Self::Student => "student",
            Self::StudentOverDraws => "student-over-draws",
            Self::ClopperPearsonOverDraws => "clopper-pearson-over-draws",
            Self::Newcombe => "newcombe",
        }
    }
}

/// Which way an effect went in how many draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// More of it.
    pub up: u64,
    /// Less of it.
    pub down: u64,
    /// As much of it.
    pub level: u64,
}

/// What an effect amounts to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// No future shows any difference.
    None,
    /// More of it.
    More,
    /// Less of it.
    Less,
    /// The interval holds both; about so many pairs, as many of each draw as there are, would be
    /// needed to tell a difference of the size that was seen, where one was seen.
    CannotTell {
        /// How many.
        needed: Option<f64>,
    },
}

impl Effect {
    /// What it amounts to, in a comparison of which this many pairs differ in it.
    #[must_use]
    pub fn verdict(&self, n_parted: u64) -> Verdict {
        let (Some(difference), Some(interval)) = (self.difference, self.interval) else {
            return Verdict::CannotTell { needed: None };
        };
        if n_parted == 0 {
            return Verdict::None;
        }
        if !interval.contains(0.0) {
            return if difference > 0.0 { Verdict::More } else { Verdict::Less };
        }
        let times = interval.half_width() / difference.abs();
        let needed = real(self.n) * times * times * FOUR_OF_FIVE;
        Verdict::CannotTell { needed: needed.is_finite().then_some(needed) }
    }
}

/// Everything that can be said of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// An agreement in the last round. [1]
    pub agreement: Effect,
    /// A truce at the end. [1]
    pub truce: Effect,
    /// Better ends less worse ones. [1]
    pub better: Effect,
    /// Classes of outcome. [1]
    pub outcomes: Vec<Effect>,
    /// Numbers. In the unit of each.
    pub numbers: Vec<Effect>,
}

impl Findings {
    /// Those of a tally.
    #[must_use]
    pub fn of(tally: &Tally) -> Self {
        let outcome = |at| share(tally, &tally.outcome(at), ShareOf::Outcome(at));
        Self {
            agreement: share(tally, &tally.agreement, ShareOf::Agreement),
            truce: share(tally, &tally.truce, ShareOf::Truce),
            better: share(tally, &tally.better, ShareOf::Better),
            outcomes: (0..tally.moves.len()).map(outcome).collect(),
            numbers: (0..tally.numbers.len()).map(|at| number(tally, at)).collect(),
        }
    }
}

fn share(tally: &Tally, cells: &FourCells, of: ShareOf) -> Effect {
    let n = cells.n();
    let part = |count: u64| (n > 0).then(|| real(count) / real(n));
    let draws = tally.share_by_draw(of);
    let missed = |interval| (interval, Method::ClopperPearsonOverDraws);
    let bounds = match &draws {
        _ if is_untouched(tally) => Some(NOTHING),
        Some(draws) if cells.only_base + cells.only_changed == 0 => {
            could_be_missed(draws).map(missed)
        }
        Some(draws) => certain(draws)
            .map(missed)
            .or_else(|| over_draws(draws).map(|(interval, method)| (of_shares(interval), method))),
        None => (n > 0).then(|| (cells.tango(CONFIDENCE), Method::Tango)),
    };
    let (interval, method) = bounds.unzip();
    Effect {
        n,
        base: part(cells.both + cells.only_base),
        changed: part(cells.both + cells.only_changed),
        difference: cells.difference(),
        interval,
        method,
        ways: draws.as_deref().map(ways),
    }
}

fn number(tally: &Tally, at: usize) -> Effect {
    let sums = &tally.numbers[at];
    let mean = |of: Option<Moments>| of.map(|of| of.mean);
    let difference = sums.difference.moments(UNIT);
    let draws = tally.number_by_draw(at);
    let bounds = match &draws {
        _ if is_untouched(tally) && sums.difference.n > 0 => Some(NOTHING),
        // That no pair differed bounds how often one would, and not by how much.
        _ if sums.difference.sum_of_squares == 0 => None,
        Some(draws) => over_draws(draws),
        None => difference.and_then(|of| Some((of.interval(CONFIDENCE)?, Method::Student))),
    };
    let (interval, method) = bounds.unzip();
    Effect {
        n: sums.difference.n,
        base: mean(sums.base.moments(UNIT)),
        changed: mean(sums.changed.moments(UNIT)),
        difference: mean(difference),
        interval,
        method,
        ways: draws.as_deref().map(ways),
    }
}

const NOTHING: (Interval, Method) = (Interval { low: 0.0, high: 0.0 }, Method::Untouched);

/// Whether nothing that is measured differs in any pair, of which there are some.
const fn is_untouched(tally: &Tally) -> bool {
    tally.n > 0 && tally.n_alike == tally.n
}

fn over_draws(draws: &[Cluster]) -> Option<(Interval, Method)> {
    let interval = Moments::of_clusters(draws)?.interval(CONFIDENCE)?;
    Some((interval, Method::StudentOverDraws))
}

/// Where no future of any draw parts: in how many draws the change could do something and still not
/// have been seen (Clopper and Pearson), and it can do no more in one than turn all of it.
fn could_be_missed(draws: &[Cluster]) -> Option<Interval> {
    let n = draws.iter().filter(|draw| draw.n > 0).count();
    let none = Share::new(0, n as u64).expect("none of them is not more than there are");
    let most = none.clopper_pearson(CONFIDENCE).high;
    (n > 1).then_some(Interval { low: -most, high: most })
}

/// Where every future of every draw turns the same way: in how many draws the change could do
/// nothing and still not have been seen.
fn certain(draws: &[Cluster]) -> Option<Interval> {
    let turned = |way: f64| draws.iter().all(|draw| draw.sum == way * real(draw.n));
    match could_be_missed(draws) {
        Some(missed) if turned(1.0) => Some(Interval { low: 1.0 - missed.high, high: 1.0 }),
        Some(missed) if turned(-1.0) => Some(Interval { low: -1.0, high: missed.high - 1.0 }),
        _ => None,
    }
}

/// A difference of shares, which cannot be more than all.
fn of_shares(difference: Interval) -> Interval {
    let Interval { low, high } = difference;
    Interval { low: low.max(-1.0), high: high.min(1.0) }
}

fn ways(draws: &[Cluster]) -> Ways {
    let mut ways = Ways::default();
    for draw in draws.iter().filter(|draw| draw.n > 0) {
        match draw.sum {
            sum if sum > 0.0 => ways.up += 1,
            sum if sum < 0.0 => ways.down += 1,
            _ => ways.level += 1,
        }
    }
    ways
}

fn real(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "sixteen digits are enough for statistics")]
    let number = count as f64;
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draws(sums: &[f64]) -> Vec<Cluster> {
        sums.iter().map(|sum| Cluster { n: 2, sum: *sum }).collect()
    }

    /// With no draw of two that goes another way, up to 1 − √0.025 of all could (Clopper–Pearson).
    #[test]
    fn what_every_draw_shows_alike_is_not_sure() {
        let missed = 1.0 - 0.025_f64.sqrt();
        let all = certain(&draws(&[2.0, 2.0])).unwrap();
        assert!((all.low - (1.0 - missed)).abs() < 1e-9 && all.high == 1.0, "{all:?}");
        let none = certain(&draws(&[-2.0, -2.0])).unwrap();
        assert!((none.high + all.low).abs() < 1e-12 && none.low == -1.0, "{none:?}");
        assert_eq!(certain(&draws(&[2.0, 1.0])), None);
        assert_eq!(certain(&draws(&[2.0])), None, "one draw tells nothing of others");
    }

    #[test]
    fn shares_differ_by_no_more_than_all() {
        let bounds = of_shares(Interval { low: -1.12, high: 1.42 });
        assert_eq!((bounds.low, bounds.high), (-1.0, 1.0));
    }
}
