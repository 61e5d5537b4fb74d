//! What can be said of many runs: how far off a share or a mean may be, what a change did to pairs
//! of runs, how long talks last when they can end in several ways, and at which points of a range
//! to run at all.
//!
//! | file | answers |
//! |---|---|
//! | [`interval`] | between what bounds, and how surely |
//! | [`proportion`] | how often, of so many runs |
//! | [`mean`] | how much on average |
//! | [`clustered`] | the same of runs that share what was drawn for them |
//! | [`paired`] | what a change did, each run beside its twin with the same chance |
//! | [`unpaired`] | the same of two batches that have nothing in common |
//! | [`duration`] | how long, and which end came first |
//! | [`plan`] | which points: [`grid`], [`latin_hypercube`], [`sobol_sequence`] |
//! | [`morris`] | which inputs matter at all, from few runs |
//! | [`sensitivity`] | how much of the variance is whose, from many |
//!
//! # Conventions
//! - Functions of counts and sums, without files, clocks or threads. Counts merge, so a batch can
//!   be worked on in parts and told as a whole.
//! - The same bits everywhere: powers and logarithms come from `demarche_random::math`, roots are
//!   found by a fixed number of halvings.
//! - Of no runs nothing is known: the interval is all that is possible, and an estimate is `None`.
//!   Means have no bounds to fall back on, so of fewer than two their interval is `None`.
//! - Nothing here says that a difference is important. It says how large it is.
//!
//! # Example
//! Two hundred pairs of runs, with a mediator and without. In 31 only the run with her came to an
//! agreement, in 12 only the run without. How much does she do?
//! ```
//! use demarche_statistics::{interval::Confidence, paired::FourCells};
//!
//! let pairs = FourCells { both: 50, only_base: 12, only_changed: 31, neither: 107 };
//! let interval = pairs.tango(Confidence::NINETY_FIVE);
//!
//! assert_eq!(pairs.difference(), Some(0.095));
//! assert!(0.03 < interval.low && interval.high < 0.17);
//! assert!(pairs.mcnemar_mid_p() < 0.005);
//! ```

pub mod fault;
pub mod interval;
pub mod proportion;
pub mod mean;
pub mod clustered;
pub mod paired;
pub mod unpaired;
pub mod duration;
pub mod plan;
pub mod grid;
pub mod latin_hypercube;
pub mod sobol_sequence;
pub mod morris;
pub mod sensitivity;
mod incomplete_beta;
mod halving;
#[cfg(test)]
mod testing;
